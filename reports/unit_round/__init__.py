"""What the papers and pages of a unit round say, gathered from its records."""
