"""The one page of the personnel extract: columns, formats, paper."""

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

from dti_core.program.load import RoundContext
from reports.heights import height

FONT, INK, HEAD, RULE = "Times New Roman", "#1F2937", "#DCE6F1", "#9CA3AF"
_A4 = 9  # the number of the paper in Excel
SHEET = "Trích kết quả"

Cell = str | int | float | None

_PLACES, _POINTS = "+0;-0;0", "+#,##0.00;-#,##0.00;0"
"""How changes are written: with their signs."""

COLUMNS: Sequence[tuple[str, float]] = (
    ("TT", 5),
    ("Cơ quan, đơn vị", 24),
    ("Chức vụ người đứng đầu", 13),
    ("Nhóm xếp hạng", 22),
    ("Điểm", 10),
    ("Điểm tối đa", 10),
    ("Tỷ lệ (%)", 8),
    ("Hạng", 6),
    ("Số đơn vị xếp hạng", 8),
    ("Xếp loại", 10),
    ("Hạng năm trước", 7),
    ("Tăng, giảm hạng", 7),
    ("Tăng, giảm điểm", 9),
    ("Tệp gửi muộn", 6),
    ("Tệp chưa gửi", 6),
    ("Nghi vấn không giải trình", 9),
    ("Ghi chú", 20),
)
_CHANGES = frozenset(place for place, (name, _) in enumerate(COLUMNS) if "Tăng" in name)


def extract_file(
    context: RoundContext, about: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> bytes:
    """The .xlsx: what it is about, then the rows under `COLUMNS`."""
    buffer = io.BytesIO()
    settings = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(buffer, settings)
    title = f"Trích kết quả: {context.round.title}"
    created = datetime(context.round.evaluation_year, 12, 31)
    author = context.program.letterhead.issuer
    book.set_properties({"title": title, "author": author, "created": created})
    base = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
    ruled = {**base, "border": 1, "border_color": RULE, "text_wrap": True}
    big = book.add_format({**base, "bold": True, "font_size": 13})
    italic = book.add_format({**base, "italic": True, "text_wrap": True})
    head = book.add_format({**ruled, "bold": True, "bg_color": HEAD, "align": "center"})
    words = book.add_format({**ruled, "indent": 1})
    number = book.add_format({**ruled, "num_format": "#,##0.00"})
    whole = book.add_format({**ruled, "num_format": "#,##0", "align": "center"})
    places = book.add_format({**ruled, "num_format": _PLACES, "align": "center"})
    points = book.add_format({**ruled, "num_format": _POINTS})
    page, last = book.add_worksheet(SHEET), len(COLUMNS) - 1
    wide = sum(width for _, width in COLUMNS)
    page.write_string(0, 0, title, big)
    for place, line in enumerate(about, 1):
        page.merge_range(place, 0, place, last, line, italic)
        page.set_row(place, height(line, wide))
    top = len(about) + 2
    for column, (name, width) in enumerate(COLUMNS):
        page.set_column(column, column, width)
        page.write_string(top, column, name, head)
    page.set_row(top, max(height(name, width, bold=True) for name, width in COLUMNS))
    for place, row in enumerate(rows, top + 1):
        texts = [
            (value, width)
            for value, (_, width) in zip(row, COLUMNS, strict=True)
            if isinstance(value, str)
        ]
        page.set_row(place, max(height(text, width) for text, width in texts))
        for column, value in enumerate(row):
            if value is None:
                page.write_blank(place, column, None, words)
            elif isinstance(value, str):
                page.write_string(place, column, value, words)
            else:
                exact, rough = (places, points) if column in _CHANGES else (whole, number)
                page.write_number(place, column, value, exact if type(value) is int else rough)
    page.freeze_panes(top + 1, 2)
    page.autofilter(top, 0, top + len(rows), last)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_footer("&L&A&RTrang &P/&N")
    book.close()
    return buffer.getvalue()
