"""A nation of provinces evaluated at once, on one machine or on many."""
