"""The result pages of a unit round: the ranking, and a page for each unit."""
