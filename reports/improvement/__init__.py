"""Plans to improve after a round: the paper, the workbook to fill in, and what became of them."""
