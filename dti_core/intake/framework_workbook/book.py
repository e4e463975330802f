"""Open the workbook and find sheets, columns and rows by their names, wherever they stand."""

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]

from dti_core.errors import Refused
from dti_core.framework.sheets.column import Sheet
from dti_core.framework.sheets.layout import HEAD, TABLES
from dti_core.intake.cells import plain
from dti_core.intake.framework_workbook.cell import Cell
from dti_core.intake.framework_workbook.mistakes import Mistakes

_MOST_BYTES = 200 * 2**20  # unpacked; the largest framework unpacks to less than two million bytes
_SEARCHED = 40  # rows among which the headings are looked for


class UnreadableFile(Refused):
    """A file that is no workbook at all. The text names the file and what to do."""


@dataclass(frozen=True)
class Row:
    """A row that is not blank: column key → cell. A column that the sheet lacks has none."""

    sheet: Sheet
    number: int
    cells: Mapping[str, Cell]


def read_rows(path: Path, mistakes: Mistakes) -> dict[str, list[Row] | None]:
    """Sheet key → its rows, top down; None for a sheet that is not there or has no headings.

    Raises UnreadableFile. Mistakes of sheets and headings are added to `mistakes`.
    """
    pages = _pages(path)
    found: dict[str, list[Row] | None] = {}
    for sheet in (HEAD, *TABLES):
        named = [page for title, page in pages if plain(title) == plain(sheet.name)]
        if len(named) == 1:
            found[sheet.key] = _rows(sheet, named[0], mistakes)
            continue
        found[sheet.key] = None
        if named:
            mistakes.sheet(sheet.name, "có hai trang cùng tên. Hãy xóa hoặc đổi tên một trang.")
        else:
            mistakes.sheet(
                sheet.name,
                "không có trang này. Hãy đặt lại đúng tên trang; nếu trang đã bị xóa, hãy xuất lại"
                " bảng tính và chép sang, kể cả khi trang không có dòng nào.",
            )
    return found


def _pages(path: Path) -> list[tuple[str, Any]]:
    name = path.name
    if not path.is_file():
        raise UnreadableFile(f"Không có tệp {path}. Hãy kiểm tra lại tên và thư mục.")
    if path.suffix.lower() != ".xlsx":
        raise UnreadableFile(f"Tệp {name} không phải .xlsx. Hãy lưu lại thành .xlsx rồi nhập.")
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MOST_BYTES:
                raise UnreadableFile(f"Tệp {name} quá lớn so với một bộ chỉ số.")
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # what openpyxl cannot keep when it writes; we only read
            book = load_workbook(path, data_only=False)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, OSError) as error:
        raise UnreadableFile(
            f"Tệp {name} bị hỏng, có mật khẩu hoặc không phải bảng tính. Hãy mở tệp trên máy, lưu"
            " lại thành .xlsx không mật khẩu rồi nhập lại."
        ) from error
    return [(page.title, page) for page in book.worksheets]


def _rows(sheet: Sheet, page: Any, mistakes: Mistakes) -> list[Row] | None:
    # only the cells that the file holds: a page formatted to its end has a million rows
    lines: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sorted(page._cells.items()):
        if cell.value is not None:
            lines.setdefault(row, {})[column] = cell
    headings = {plain(column.heading): column.key for column in sheet.columns}
    best, top = 0, 0
    for row in list(lines)[:_SEARCHED]:
        hits = len({_heading(cell) for cell in lines[row].values()} & set(headings))
        if hits > best:
            best, top = hits, row
    if 2 * best < len(sheet.columns):
        mistakes.sheet(
            sheet.name,
            f"không thấy dòng tiêu đề ({sheet.columns[0].heading}, {sheet.columns[1].heading}, …)."
            " Hãy chép lại dòng tiêu đề từ bảng tính vừa xuất.",
        )
        return None
    places = _columns(sheet, lines[top], top, mistakes)
    return [*_filled(sheet, lines, top, places)]


def _columns(sheet: Sheet, line: Mapping[int, Any], top: int, mistakes: Mistakes) -> dict[str, int]:
    """Column key → its place. Columns that are not ours are left alone."""
    places: dict[str, int] = {}
    for column in sheet.columns:
        if column.kind == "shown":
            continue
        same = [place for place, cell in line.items() if _heading(cell) == plain(column.heading)]
        if len(same) == 1:
            places[column.key] = same[0]
        elif same:
            cell = Cell(sheet.name, column.heading, top, same[1])
            mistakes.at(
                cell, f"cột “{column.heading}” có hai lần. Hãy xóa hoặc đổi tên một trong hai cột."
            )
        else:
            mistakes.sheet(
                sheet.name,
                f"thiếu cột “{column.heading}”. Hãy chèn lại cột và ghi đúng tên ở dòng tiêu đề"
                f" (dòng {top}).",
            )
    return places


def _filled(
    sheet: Sheet, lines: Mapping[int, Mapping[int, Any]], top: int, places: Mapping[str, int]
) -> Iterator[Row]:
    for row, line in lines.items():
        if row <= top:
            continue
        cells = {}
        for key, place in places.items():
            heading = sheet.column(key).heading
            cells[key] = _cell(sheet.name, heading, row, place, line.get(place))
        if any(not cell.blank for cell in cells.values()):
            yield Row(sheet, row, cells)


def _cell(sheet: str, heading: str, row: int, column: int, cell: Any) -> Cell:
    if cell is None:
        return Cell(sheet, heading, row, column)
    if cell.data_type in ("f", "e"):
        return Cell(sheet, heading, row, column, None, True)
    return Cell(sheet, heading, row, column, cell.value, False, cell.number_format)


def _heading(cell: Any) -> str:
    return plain(cell.value) if isinstance(cell.value, str) else ""
