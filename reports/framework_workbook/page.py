"""A page with a heading row and a row a thing, open for new rows below."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from dti_core.framework.sheets.column import Column, Field, Sheet
from dti_core.framework.sheets.layout import TABLES
from dti_core.framework.sheets.numbers import CellContent
from dti_core.framework.sheets.rows import Row
from reports.framework_workbook.book import Book
from reports.heights import height
from reports.workbooks.book import BAND, HEAD, RULE

_TITLE, _HINT, _HEADINGS = 0, 1, 2  # rows above the data
_FIRST = _HEADINGS + 1
_OPEN_ROWS = 2000  # rows that take lists and formats, filled or not
_SCALE = 76  # per cent; prints the widest part between two breaks on A4 landscape
_NUMBERS = ("points", "whole")
_LIST_TITLE = "Không có trong danh sách"


class _Page:
    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self._page: Worksheet = book.add(sheet.name)
        for place, column in enumerate(sheet.columns):
            self._page.set_column(place, place, column.width, self._cell(column))
        title = f"{sheet.title}: {book.framework.title} ({book.framework.decree.number})"
        plain: dict[str, Any] = {"text_wrap": False, "valign": "vcenter"}
        self._page.write_string(_TITLE, 0, title, book.format(bold=True, font_size=13, **plain))
        self._page.write_string(_HINT, 0, sheet.hint, book.format(italic=True, **plain))
        self._page.set_row(_TITLE, 22)
        for key in sheet.breaks:  # a cell in the way keeps the long lines off the next page
            place = sheet.columns.index(sheet.column(key))
            self._page.write_string(_TITLE, place, " ")
            self._page.write_string(_HINT, place, " ")
        for place, column in enumerate(sheet.columns):
            looks: dict[str, Any] = {"bold": True, "align": "center", "valign": "vcenter"}
            shade = BAND if column.kind == "shown" else HEAD
            self._page.write_string(
                _HEADINGS, place, column.heading, book.format(bg_color=shade, border=1, **looks)
            )
        self._page.set_row(
            _HEADINGS, max(height(each.heading, each.width, bold=True) for each in sheet.columns)
        )
        self._page.freeze_panes(_FIRST, sheet.frozen)
        self._page.repeat_rows(_HEADINGS)

    def _cell(self, column: Column, *, framed: bool = False) -> Format:
        """How a cell of the column looks; `framed` where the row is written."""
        looks: dict[str, Any] = {"num_format": "General" if column.kind in _NUMBERS else "@"}
        looks["align"] = "right" if column.kind in ("points", "whole", "exact") else "left"
        looks["indent"] = 1
        if framed:
            looks |= {"border": 1, "border_color": RULE}
            if column.kind == "shown":
                looks |= {"bg_color": BAND, "italic": True}
        return self._book.format(**looks)

    def _put(self, row: int, place: int, content: CellContent, looks: Format) -> None:
        if content is None:
            self._page.write_blank(row, place, None, looks)
        elif isinstance(content, Fraction):
            self._page.write_number(row, place, float(content), looks)
        else:
            self._page.write_string(row, place, content, looks)

    def _words(self, top: int, bottom: int, place: int, words: Sequence[str]) -> None:
        """Offer the words as a list."""
        self._page.data_validation(
            top,
            place,
            bottom,
            place,
            {
                "validate": "list",
                "source": self._book.list_range(tuple(words)),
                "error_title": _LIST_TITLE,
                "error_message": "Hãy chọn một mục trong danh sách của ô.",
            },
        )


class TablePage(_Page):
    """A row a thing."""

    def write(self, rows: Sequence[Row]) -> None:
        for number, cells in enumerate(rows, _FIRST):
            for place, column in enumerate(self._sheet.columns):
                self._put(number, place, cells.get(column.key), self._cell(column, framed=True))
            self._page.set_row(
                number, max(_needs(cells.get(c.key), c) for c in self._sheet.columns)
            )
        for place, column in enumerate(self._sheet.columns):
            if column.words:
                self._words(_FIRST, _OPEN_ROWS, place, [*column.words.values()])
            elif column.source:
                self._codes(place, column.source)
        self._print(rows)

    def _codes(self, place: int, source: str) -> None:
        """Offer the codes of another sheet; a code that is to be added there later may stand."""
        sheet = next(each for each in TABLES if each.key == source)
        self._page.data_validation(
            _FIRST,
            place,
            _OPEN_ROWS,
            place,
            {
                "validate": "list",
                "source": f"='{sheet.name}'!$A${_FIRST + 1}:$A${_OPEN_ROWS + 1}",
                "error_type": "warning",
                "error_title": _LIST_TITLE,
                "error_message": f"Trang “{sheet.name}” chưa có mã này. Vẫn giữ mã đã gõ?",
            },
        )

    def _print(self, rows: Sequence[Row]) -> None:
        """Print the columns up to the last that is used, a part of them a page."""
        used = [
            place
            for place, column in enumerate(self._sheet.columns)
            if any(cells.get(column.key) is not None for cells in rows)
        ]
        last = used[-1] if used else len(self._sheet.columns) - 1
        self._page.print_area(0, 0, _HEADINGS + len(rows), last)
        keys = [column.key for column in self._sheet.columns]
        breaks = [place for key in self._sheet.breaks if (place := keys.index(key)) <= last]
        if not breaks:
            self._page.fit_to_pages(1, 0)
            return
        self._page.set_v_pagebreaks(breaks)
        self._page.set_print_scale(_SCALE)
        self._page.repeat_columns(f"A:{xl_col_to_name(self._sheet.frozen - 1)}")


class FieldPage(_Page):
    """A value a row, beside its label."""

    def write(self, fields: Sequence[Field], values: Row) -> None:
        label, value, hint = self._sheet.columns
        for number, each in enumerate(fields, _FIRST):
            bold = self._book.format(bold=True, align="left", indent=1, border=1, border_color=RULE)
            self._page.write_string(number, 0, each.label, bold)
            column = Column("value", value.heading, each.kind, value.width)
            looks = self._book.format(
                num_format="General" if column.kind in _NUMBERS else "@",
                align="left",
                indent=1,
                border=1,
                border_color=RULE,
            )
            self._put(number, 1, values.get(each.key), looks)
            self._put(number, 2, each.hint or None, self._cell(hint, framed=True))
            told = ((each.label, label), (values.get(each.key), value), (each.hint, hint))
            self._page.set_row(number, max(_needs(*pair) for pair in told))
            if each.words:
                self._words(number, number, 1, [*each.words.values()])
        self._page.fit_to_pages(1, 0)


def _needs(content: CellContent, column: Column) -> float:
    """The height that a cell asks for."""
    return height(content if isinstance(content, str) else "", column.width)
