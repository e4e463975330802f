"""Validation with Great Expectations. Importing `expectations.run` imports Great Expectations,
which takes seconds: only the task that validates does."""
