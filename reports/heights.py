"""How high a row must be to show its words; no spreadsheet reckons that when it opens a file."""

import math
import textwrap
from functools import lru_cache

LINE = 15.0
"""Points that a line of text takes."""

LETTERS = 1.12  # letters of Times New Roman in the width of one digit, which columns count in
BOLD = 1.12  # how much wider bold letters run
_EDGE = 2.5  # digits of a column's width that its edges and the indent take
HIGHEST = 409.0  # points; the highest row that Excel draws


def height(words: str, width: float, *, bold: bool = False) -> float:
    """Points for words in a column of this width, in characters."""
    letters = (width - _EDGE) * LETTERS / (BOLD if bold else 1)
    return min(math.ceil(lines(words, max(4, int(letters))) * LINE) + 3, HIGHEST)


@lru_cache(maxsize=8192)
def lines(words: str, letters: int) -> int:
    """How many lines of so many letters words take. The same ones stand in many workbooks."""
    return sum(max(1, len(textwrap.wrap(part, letters))) for part in words.split("\n"))
