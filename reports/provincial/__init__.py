"""The report of a round over a province's own index: HTML page and .docx."""
