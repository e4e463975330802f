"""CSV that a spreadsheet opens without running anything in it.

Excel and LibreOffice take a cell of a CSV that begins with =, +, - or @ for a formula, whoever
wrote it: "=HYPERLINK(…)" in a note would become a link, "=cmd|' /C calc'!A0" a program. Such text
gets an apostrophe in front, the mark by which a spreadsheet keeps text as text (CWE-1236).
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

_LEADING = "=+-@＝＋－＠\t\r\n|%"
_NUMBER = re.compile(r"[+-]?\d[\d .,]*%?")


def harmless(value: object) -> object:
    """A value as a cell of a CSV may carry it: text that would be run gets an apostrophe.

    Numbers stay what they are, also those written as text ("-5", "+3,2 %").
    """
    if not isinstance(value, str):
        return value
    start = value.lstrip(" \u00a0\u200b\ufeff")
    if not start.startswith(tuple(_LEADING)) or _NUMBER.fullmatch(value.strip()):
        return value
    return f"'{value}"


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A whole CSV: a line of headings, then the rows, every text harmless."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([harmless(each) for each in columns])
    writer.writerows([harmless(each) for each in row] for row in rows)
    return text.getvalue()


def set_text(cell: Any, text: str) -> None:
    """Put text into a cell of an openpyxl workbook as text: openpyxl takes "=…" for a formula.

    XlsxWriter needs no such care where the workbook is made with `strings_to_formulas` off.
    """
    cell.value = text
    cell.data_type = "s"
