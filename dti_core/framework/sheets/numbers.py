"""Numbers as they stand in cells: a number where a spreadsheet keeps it exactly, else words."""

import re
from fractions import Fraction

_DIGITS = 15  # significant digits that a spreadsheet keeps
_TWO_READINGS = re.compile(r"-?[1-9]\d{0,2},\d{3}%?")  # "1,250": a decimal, or grouped thousands

CellContent = str | Fraction | None
"""What stands in a cell: words, a number that a spreadsheet keeps exactly, or nothing."""


def as_number(value: Fraction | int | None) -> CellContent:
    """Points and counts: a number, or the fraction in words where it would be rounded."""
    if value is None:
        return None
    exact = Fraction(value)
    return exact if Fraction(f"{float(exact):.{_DIGITS}g}") == exact else str(exact)


def as_words(value: Fraction, spelling: str) -> str:
    """The number in the spelling of `dti_core.framework.spelling`, with a decimal comma."""
    words = spelling.replace(".", ",")
    return str(value) if _TWO_READINGS.fullmatch(words) else words
