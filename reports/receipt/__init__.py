"""The receipt of a workbook: what came, what it says, what is wrong, marked in its own cells."""
