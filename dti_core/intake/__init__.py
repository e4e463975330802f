"""What comes in: files and published texts, read into figures with their source."""
