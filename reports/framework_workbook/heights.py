"""How high a row must be to show its words; no spreadsheet reckons that when it opens a file."""

import math
import textwrap

LINE = 15.0
"""Points that a line of text takes."""

_LETTERS = 1.12  # letters of Times New Roman in the width of one digit, which columns count in
_BOLD = 1.12  # how much wider bold letters run
_EDGE = 2.5  # digits of a column's width that its edges and the indent take
_HIGHEST = 409.0  # points; the highest row that Excel draws


def height(words: str, width: float, *, bold: bool = False) -> float:
    """Points for words in a column of this width, in characters."""
    letters = (width - _EDGE) * _LETTERS / (_BOLD if bold else 1)
    lines = sum(
        max(1, len(textwrap.wrap(line, max(4, int(letters))))) for line in words.split("\n")
    )
    return min(math.ceil(lines * LINE) + 3, _HIGHEST)
