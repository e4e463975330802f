"""A unit's receipt: its own workbook back with errors marked in the cells, where there are any.

Where no cell is to be marked, the receipt comes without the workbook: offices have little
bandwidth, and marking takes ten times as long as the receipt itself.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Sequence
from functools import partial

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from reports.docx import steady
from reports.receipt.data import FIGURES, Problem, Receipt
from reports.receipt.quick import quick_merges, styled

RECEIPT, WRONG = "Phiếu tiếp nhận", "Cần sửa"
GRAVE, DOUBT = "FFC9C9", "FFE8B3"  # fills of a cell that is wrong, and of one to look at again

FORM = 3
"""Raised whenever a receipt comes to look otherwise, so that those made before are made again."""

_FONT = "Times New Roman"
_IDENTIFIER = re.compile(rb":identifier[^>]*>([0-9a-f]{64})<")
_LINE = Side(style="thin", color="9CA3AF")
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_COMMENT_WIDTH, _COMMENT_HEIGHT = 360, 140


def receipt_workbook(receipt: Receipt, received: bytes | None) -> bytes:
    """The receipt in front of the unit's own pages, wrong cells coloured and with a note each.

    received  the .xlsx that came; None where it was of another format. Then, and where nothing is
              to be marked, the receipt and the list stand alone, and the list names the cells
    """
    with quick_merges():
        return _made(receipt, received if receipt.marks else None)


def _made(receipt: Receipt, received: bytes | None) -> bytes:
    book = load_workbook(io.BytesIO(received), rich_text=True) if received else Workbook()
    if not received:
        book.remove(book.worksheets[0])
    for sheet in list(book.worksheets):
        if sheet.title in (RECEIPT, WRONG):  # of an earlier receipt that was sent back to us
            book.remove(sheet)
    for problem in receipt.problems:
        _mark(book, problem)
    if receipt.problems:
        _list(book.create_sheet(WRONG, 0), book, receipt.problems)
    _receipt(book.create_sheet(RECEIPT, 0), receipt, enclosed=received is not None)
    book.active = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == RECEIPT
    target = io.BytesIO()
    book.properties.creator = receipt.issuer
    book.properties.identifier = fingerprint(receipt)
    book.save(target)
    return steady(target.getvalue(), receipt.received_at)


def fingerprint(receipt: Receipt) -> str:
    """What a receipt is made from; another one where the records say something else."""
    return hashlib.sha256(repr((FORM, receipt)).encode()).hexdigest()


def made_from(content: bytes) -> str | None:
    """The fingerprint that a receipt carries; None in what is no receipt of ours."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        found = _IDENTIFIER.search(book.read("docProps/core.xml"))
    return found[1].decode() if found else None


def _mark(book: Workbook, problem: Problem) -> None:
    if not problem.sheet or not problem.cell or problem.sheet not in book.sheetnames:
        return
    if not _ADDRESS.fullmatch(problem.cell):
        return
    cell: Cell | MergedCell = book[problem.sheet][problem.cell]
    cell.fill = PatternFill("solid", fgColor=GRAVE if problem.grave else DOUBT)
    if isinstance(cell, MergedCell):
        return
    before = f"{cell.comment.text}\n" if cell.comment else ""
    note = Comment(f"{before}{problem.text}", "Tiếp nhận")
    note.width, note.height = _COMMENT_WIDTH, _COMMENT_HEIGHT
    cell.comment = note


def _list(page: Worksheet, book: Workbook, problems: Sequence[Problem]) -> None:
    _widths(page, {"A": 5, "B": 24, "C": 9, "D": 100})
    _row(page, 1, ["TT", "Trang", "Ô", "Phải sửa thế nào"], bold=True, fill="DCE6F1")
    for number, problem in enumerate(problems, 1):
        _row(page, number + 1, [number, problem.sheet or "", problem.cell or "", problem.text])
        place = page.cell(number + 1, 3)
        if problem.sheet in book.sheetnames and problem.cell:
            name = problem.sheet.replace("'", "''")
            place.hyperlink = f"#'{name}'!{problem.cell}"
            styled(place, "link", _link)
        colour = GRAVE if problem.grave else DOUBT
        styled(page.cell(number + 1, 1), ("first", colour), partial(_first, colour))
    page.freeze_panes = "A2"
    _paper(page, landscape=True)


def _link(cell: Cell | MergedCell) -> None:
    cell.font = Font(name=_FONT, size=11, color="1F5F99", underline="single")


def _first(colour: str, cell: Cell | MergedCell) -> None:
    cell.fill = PatternFill("solid", fgColor=colour)


def _receipt(page: Worksheet, receipt: Receipt, *, enclosed: bool) -> None:
    _widths(page, {"A": 30, "B": 14, "C": 14, "D": 14, "E": 22})
    row = 1

    def line(words: str, *, bold: bool = False, size: int = 12, colour: str = "1F2937") -> None:
        nonlocal row
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=5)
        cell = page.cell(row, 1, words)

        def style(cell: Cell | MergedCell) -> None:
            cell.font = Font(name=_FONT, size=size, bold=bold, color=colour)
            cell.alignment = Alignment(wrap_text=True, vertical="top")

        styled(cell, ("line", size, bold, colour), style)
        page.row_dimensions[row].height = 16.5 * max(1, -(-len(words) * size // (98 * 12)))
        row += 1

    line(receipt.issuer, bold=True)
    line("")
    line(f"Phiếu tiếp nhận {receipt.what}".upper(), bold=True, size=16)
    line(receipt.round_title, bold=True)
    if receipt.illustration:
        line(receipt.illustration, bold=True, colour="B91C1C")
    line("")
    lateness = f", quá hạn {receipt.late} ngày" if receipt.late else ""
    for label, words in (
        ("Đơn vị", receipt.unit),
        ("Tệp", f"{receipt.file} (lần gửi thứ {receipt.version})"),
        ("Nhận lúc", f"{receipt.received_at:%H:%M ngày %d/%m/%Y}; hạn {receipt.due}{lateness}"),
        ("Mã băm SHA-256 của tệp", receipt.sha256),
        ("Mã ghi trên bản ký", receipt.code),
        ("Xác nhận của người đứng đầu", receipt.confirmed or "chưa có"),
    ):
        page.merge_cells(start_row=row, start_column=2, end_row=row, end_column=5)
        _cell(page.cell(row, 1, label), bold=True)
        _cell(page.cell(row, 2, words))
        for column in range(3, 6):
            styled(page.cell(row, column), "framed", _framed)
        page.row_dimensions[row].height = 16.5 * max(1, -(-len(words) // 66))
        row += 1
    line("")
    line(
        _verdict(receipt, enclosed=enclosed),
        bold=True,
        colour="1D5C37" if receipt.complete else "8B2323",
    )
    line(
        f"Người đứng đầu đơn vị ký xác nhận trên bản in của {receipt.what}, ghi mã nêu trên; gửi"
        " tệp sửa thì mã đổi và phải xác nhận lại."
    )
    line("")
    asked = "Số liệu hỏi" if receipt.what == FIGURES else "Số mục hỏi"
    _row(
        page,
        row,
        ["Phần", asked, "Đã có", "Chưa rõ", "Còn thiếu"],
        bold=True,
        fill="DCE6F1",
    )
    for part in receipt.parts:
        row += 1
        _row(page, row, [part.name, part.asked, part.given, part.unclear, part.missing])
    row += 1
    for title, lines in (
        ("Còn thiếu", receipt.missing),
        ("Tài liệu kiểm chứng chưa thấy nêu (ô số liệu không sai)", receipt.evidence),
        ("Lưu ý, không phải trả lời", receipt.notices),
        ("Khác lần gửi trước", receipt.changes),
    ):
        if lines:
            line("")
            line(title, bold=True)
            for words in lines:
                line(f"• {words}")
    _paper(page, landscape=False)


def _verdict(receipt: Receipt, *, enclosed: bool) -> str:
    if receipt.complete:
        return f"Đã nhận đủ {receipt.what} được hỏi."
    grave = sum(problem.grave for problem in receipt.problems)
    parts = [
        f"{grave} chỗ phải sửa (trang “{WRONG}”{', ô tô đỏ' if enclosed else ''})" if grave else "",
        f"{receipt.missing_answers} {receipt.what} còn thiếu" if receipt.missing else "",
    ]
    if receipt.closed:
        then = "Việc thu thập đã khép: muốn sửa thì có văn bản đề nghị mở lại, nêu lý do."
    elif enclosed:
        then = "Hãy sửa rồi gửi lại tệp này."
    else:
        then = f"Hãy sửa, bổ sung trong tệp {receipt.file} của mình rồi gửi lại tệp ấy."
    return f"Chưa đủ: {'; '.join(part for part in parts if part)}. {then}"


def _row(
    page: Worksheet,
    row: int,
    values: Sequence[object],
    *,
    bold: bool = False,
    fill: str | None = None,
) -> None:
    longest = 1
    for column, value in enumerate(values, 1):
        cell = page.cell(row, column)
        if isinstance(value, str):
            set_text(cell, value)
        else:
            cell.value = value
        _cell(cell, bold=bold, fill=fill)
        width = page.column_dimensions[cell.column_letter].width or 10
        longest = max(longest, -(-len(str(value)) // max(1, int(width * 1.15))))
    page.row_dimensions[row].height = 16.5 * longest


def set_text(cell: Cell | MergedCell, text: str) -> None:
    """Put text into a cell as text: openpyxl takes "=…" for a formula."""
    cell.value = text
    cell.data_type = "s"


def _cell(cell: Cell | MergedCell, *, bold: bool = False, fill: str | None = None) -> None:
    def style(cell: Cell | MergedCell) -> None:
        cell.font = Font(name=_FONT, size=11, bold=bold)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        _framed(cell)
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)

    styled(cell, ("cell", bold, fill), style)


def _framed(cell: Cell | MergedCell) -> None:
    cell.border = Border(_LINE, _LINE, _LINE, _LINE)


def _widths(page: Worksheet, widths: dict[str, float]) -> None:
    for column, width in widths.items():
        page.column_dimensions[column].width = width


def _paper(page: Worksheet, *, landscape: bool) -> None:
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "landscape" if landscape else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
