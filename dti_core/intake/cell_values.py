"""What stands in a cell, as a spreadsheet keeps it, and how it is shown in words."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from dti_core.intake import words
from dti_core.rational import vietnamese

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

YES, NO = "Có", "Không"
SHOWN_DIGITS = 15
"""Significant digits that Excel and LibreOffice keep of a number that is typed."""

_QUOTED = 80  # characters of a cell that a message repeats


def is_blank(value: CellValue) -> bool:
    """Nothing was typed: no value, or spaces only."""
    if value is None or value == "":  # as nearly every blank cell
        return True
    if not isinstance(value, str):
        return False
    stripped = value.strip()
    return not stripped or not (stripped.isprintable() or plain(stripped))


def raw_text(value: CellValue) -> str:
    """The cell in words, as it stands there; numbers with a decimal comma, nothing rounded."""
    match value:
        case None:
            return ""
        case str():
            return _storable(unicodedata.normalize("NFC", value)).strip()
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            shown = f"{value + 0.0:.{SHOWN_DIGITS}g}" if isinstance(value, float) else f"{value}"
            if "e" in shown:
                shown = vietnamese(exact(value), SHOWN_DIGITS).replace(".", "")
            return shown.replace(".", ",")
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)


def exact(value: int | float) -> Fraction:
    """The number that a spreadsheet shows for a float: its 15 significant digits, exactly."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 10**SHOWN_DIGITS):
        return Fraction(int(value))
    return Fraction(f"{value:.{SHOWN_DIGITS}g}")


def plain(text: str) -> str:
    """Text without what a hand may vary: spaces, letter case, the form of the accents."""
    return " ".join(words.visible(text).casefold().split())


def quoted(text: str) -> str:
    """A cell as messages repeat it: in quotes, not too long."""
    return f"“{text if len(text) <= _QUOTED else text[: _QUOTED - 1] + '…'}”"


_ESCAPED = re.compile(r"_x00[01][0-9A-Fa-f]_")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def _storable(text: str) -> str:
    """Text without what no database keeps and no page shows: control characters, and the escapes
    by which Excel writes them."""
    if text.isprintable() and "_x00" not in text:
        return text
    return _UNSTORABLE.sub("", _ESCAPED.sub("", text))
