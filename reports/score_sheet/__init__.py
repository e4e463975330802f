"""A unit's score sheet: everything behind every one of its points, on one page to print."""
