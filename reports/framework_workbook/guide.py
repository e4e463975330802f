"""The first page of the workbook: how to edit it."""

from collections.abc import Sequence
from typing import Any

from dti_core.framework.model import Framework
from dti_core.framework.sheets.layout import GUIDE, TABLES
from dti_core.framework.sheets.words import BELOW, RULES
from reports.framework_workbook.book import Book
from reports.framework_workbook.guide_words import (
    BELOW_THRESHOLD,
    DONE,
    NUMBERS,
    RULE_HEADINGS,
    RULE_TYPES,
    STEPS,
)
from reports.heights import LINE, height
from reports.workbooks.book import HEAD, RULE, SIZE

_WIDTHS = (24.0, 46.0, 50.0, 50.0)


class _Page:
    """Lines across the page and rows of a table, from the top."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._page = book.add(GUIDE)
        self._row = 0
        for place, width in enumerate(_WIDTHS):
            self._page.set_column(place, place, width)
        self._page.fit_to_pages(1, 0)
        self._page.activate()

    def line(self, words: str, size: int = SIZE, **looks: Any) -> None:
        shown = self._book.format(font_size=size, **looks)
        self._page.merge_range(self._row, 0, self._row, len(_WIDTHS) - 1, "", shown)
        self._page.write_string(self._row, 0, words, shown)
        self._page.set_row(self._row, height(words, sum(_WIDTHS)) * size / SIZE)
        self._row += 1

    def section(self, words: str) -> None:
        self._page.set_row(self._row, LINE / 2)
        self._row += 1
        self.line(words, 13, bold=True)

    def cells(self, words: Sequence[str], **looks: Any) -> None:
        """A row of a table; the last words run to the edge of the page."""
        framed = {"border": 1, "border_color": RULE, "align": "left", "indent": 1}
        shown = self._book.format(**{**framed, **looks})
        last = len(words) - 1
        if last < len(_WIDTHS) - 1:
            self._page.merge_range(self._row, last, self._row, len(_WIDTHS) - 1, "", shown)
        widths = [*_WIDTHS[:last], sum(_WIDTHS[last:])]
        for place, each in enumerate(words):
            self._page.write_string(self._row, place, each, shown)
        needs = (height(each, width) for each, width in zip(words, widths, strict=True))
        self._page.set_row(self._row, max(needs))
        self._row += 1


def guide(book: Book, framework: Framework) -> None:
    """Write the page."""
    page = _Page(book)
    page.line(f"Bảng tính của bộ chỉ số {framework.id}", 16, bold=True)
    page.line(f"{framework.title}, {framework.decree.number}")
    page.section("Cách sửa")
    for number, words in enumerate(STEPS, 1):
        page.line(f"{number}. {words}")
    page.section("Sửa xong")
    for words in DONE:
        page.line(words)
    page.section("Cách ghi số")
    for pair in NUMBERS:
        page.cells(pair)
    page.section("Các trang")
    for sheet in TABLES:
        page.cells((sheet.name, sheet.hint))
    page.section("Các loại quy tắc")
    page.cells(RULE_HEADINGS, bold=True, bg_color=HEAD, align="center", indent=0)
    for key, *told in RULE_TYPES:
        page.cells((RULES[key], *told))
    page.section("Dưới ngưỡng của quy tắc “Tỷ lệ”")
    for key, meaning in BELOW_THRESHOLD:
        page.cells((BELOW[key], meaning))
