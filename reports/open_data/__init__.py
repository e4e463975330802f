"""The result of a round as open data: tables, one JSON file, its schema, a data dictionary."""
