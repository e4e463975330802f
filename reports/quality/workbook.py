"""The data-quality report as a workbook: the tables of the pages, to sort, filter and reckon with.

The same report is the same bytes: XlsxWriter stamps its archive with one fixed moment, and the
workbook's own date is the round's evaluation year.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.heights import height
from reports.quality.data import QualityReport
from reports.quality.sheets import NUMBER, SHARE, WIDE, Cell, Column, tables

FONT, INK, HEAD, RULE = "Times New Roman", "#1F2937", "#DCE6F1", "#9CA3AF"
_A4, _MOST = 9, 32000  # paper size; letters that a cell takes, with room to spare


def render_workbook(report: QualityReport) -> bytes:
    """The .xlsx file."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_format_properties": {"font_name": FONT, "font_size": 11},
        },
    )
    book.set_properties(
        {
            "title": f"Chất lượng số liệu: {report.title}",
            "author": report.issuer,
            "created": datetime(report.year_before + 1, 12, 31),
        }
    )
    paper = _Paper(book, report)
    for name, columns, rows in tables(report):
        paper.table(name, columns, rows)
    book.close()
    return buffer.getvalue()


class _Paper:
    """The workbook while it is made."""

    def __init__(self, book: xlsxwriter.Workbook, report: QualityReport) -> None:
        self._book, self._report = book, report
        base = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "top"}
        rule = {"border": 1, "border_color": RULE}
        self._title = book.add_format({**base, "bold": True, "font_size": 13})
        self._line = book.add_format({**base, "italic": True, "text_wrap": True})
        head = {**base, **rule, "bold": True, "text_wrap": True, "bg_color": HEAD}
        self._head = book.add_format({**head, "valign": "vcenter", "align": "center"})
        self._cells: dict[str, Format] = {
            NUMBER: book.add_format({**base, **rule, "num_format": "#,##0.##;-#,##0.##;0"}),
            SHARE: book.add_format({**base, **rule, "num_format": "0.0%"}),
            WIDE: book.add_format({**base, **rule, "text_wrap": True}),
        }
        # whole numbers without the lone decimal sign that the general pattern leaves behind
        self._whole = book.add_format({**base, **rule, "num_format": "#,##0"})

    def table(
        self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
    ) -> Worksheet:
        """A page with one table: its head frozen, repeated on paper, and filtered by."""
        report, page = self._report, self._book.add_worksheet(name)
        width, right = sum(column.width for column in columns), len(columns) - 1
        page.write_string(0, 0, f"{name}: {report.title}", self._title)
        about = [f"Tình trạng: {report.as_of}. Hạn nộp: {report.deadline}.", *report.notes]
        if report.illustration:
            about.insert(0, report.illustration)
        for place, line in enumerate(about, 1):
            page.merge_range(place, 0, place, right, line, self._line)
            page.set_row(place, height(line, width))
        top = len(about) + 2
        for place, column in enumerate(columns):
            page.set_column(place, place, column.width)
            page.write_string(top, place, column.name, self._head)
        page.set_row(top, max(height(each.name, each.width, bold=True) for each in columns))
        last = top
        for last, row in enumerate(rows, top + 1):
            words = [
                (value, column.width)
                for column, value in zip(columns, row, strict=True)
                if isinstance(value, str)
            ]
            page.set_row(last, max(height(text, width) for text, width in words))
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._write(page, last, place, column.kind, value)
        if last == top:
            last += 1
            page.merge_range(last, 0, last, right, "Chưa có dòng nào.", self._cells[WIDE])
        else:
            page.autofilter(top, 0, last, right)
        page.freeze_panes(top + 1, 1)
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)
        page.print_area(0, 0, last, right)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        page.set_footer("&L&A&RTrang &P/&N")
        return page

    def _write(self, page: Worksheet, row: int, place: int, kind: str, value: Cell) -> None:
        if value is None:
            page.write_blank(row, place, None, self._cells[kind])
        elif isinstance(value, str):
            page.write_string(row, place, value[:_MOST], self._cells[WIDE])
        else:
            whole = kind == NUMBER and float(value).is_integer()
            page.write_number(row, place, value, self._whole if whole else self._cells[kind])
