"""Programs: what binds a province's decree, units, rounds and policies. Data, not code."""
