"""Whole unit rounds killed at random moments, against one that nobody disturbed (`make kills`)."""
