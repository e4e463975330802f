"""The data-quality report of a unit round: what was asked, what came, what is still in doubt."""
