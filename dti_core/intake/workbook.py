"""Read a workbook that came back: every keyed cell, wherever it stands now."""

import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, cast, get_args

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from dti_core.errors import Refused
from dti_core.intake.cells import CellValue, is_blank, raw_text
from dti_core.intake.layout import KEY, META_KEYS, META_SHEET, WorkbookKind

SUFFIXES = (".xlsx", ".ods")
DECORATION = "#"
"""A row whose key starts so is ours and takes no answer: a heading."""

_MOST_BYTES = 200 * 2**20  # unpacked; a workbook of ours unpacks to less than two million bytes


class UnreadableWorkbook(Refused):
    """A file that cannot be read as one of our workbooks. The text names the file and the fault."""


@dataclass(frozen=True)
class Cell:
    """One cell: the sheet and address at which it was found ("G14") and what stands in it."""

    sheet: str
    address: str
    value: CellValue

    @property
    def blank(self) -> bool:
        return is_blank(self.value)

    @property
    def raw(self) -> str:
        """The cell in words, as its author sees it."""
        return raw_text(self.value)


@dataclass(frozen=True)
class Workbook:
    """A workbook as it came back.

    framework, sha256  the frameworks that it was made of and their hashes, one a level, spaced
    cells              (row key, column key) → cell, blank ones too: a key that is not here is a
                       row or column that somebody deleted
    strays             what somebody typed under a keyed column in a row without a key
    """

    kind: WorkbookKind
    round_id: str
    provider: str
    framework: str
    sha256: str
    cells: dict[tuple[str, str], Cell]
    strays: tuple[Cell, ...] = ()


def read_workbook(path: Path) -> Workbook:
    """Read a workbook by its keys.

    Raises UnreadableWorkbook where the file is no .xlsx or .ods, damaged, locked, not one of our
    workbooks, or has a key twice; OSError where there is no such file.
    """
    name = path.name
    source = _open(path)
    meta = _meta(name, source)
    cells: dict[tuple[str, str], Cell] = {}
    strays: list[Cell] = []
    keyed = False
    for sheet in source.sheet_names:
        if sheet == META_SHEET:
            continue
        rows = _rows(name, source, sheet)
        columns = {
            _key(value): index for index, value in enumerate(rows[0] if rows else []) if _key(value)
        }
        if KEY not in columns:
            continue
        keyed = True
        _once(name, sheet, [_key(value) for value in rows[0]], "cột")
        _once(name, sheet, [_key(row[columns[KEY]]) for row in rows[1:]], "dòng")
        for row_key, column_key, cell in _cells(sheet, rows, columns):
            if not row_key:
                if not cell.blank:
                    strays.append(cell)
            elif (row_key, column_key) in cells:
                _refuse(
                    name,
                    f"trang “{sheet}” lặp lại ô của trang “{cells[row_key, column_key].sheet}”."
                    " Hãy xóa trang chép thêm rồi gửi lại.",
                )
            else:
                cells[row_key, column_key] = cell
    if not keyed:
        _refuse(
            name,
            "không còn dòng và cột ẩn mà phần mềm đặt để nhận ra các ô. Hãy điền vào biểu mẫu gốc,"
            " giữ nguyên các trang, rồi gửi lại.",
        )
    return Workbook(
        kind=cast(WorkbookKind, meta["kind"]),
        round_id=meta["round"],
        provider=meta["provider"],
        framework=meta["framework"],
        sha256=meta["sha256"],
        cells=cells,
        strays=tuple(strays),
    )


def address(row: int, column: int) -> str:
    """The address of a cell by its places, both from 0: (13, 6) is "G14"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _open(path: Path) -> CalamineWorkbook:
    name = path.name
    if path.suffix.lower() not in SUFFIXES:
        _refuse(name, "không phải tệp .xlsx hay .ods. Hãy lưu lại thành .xlsx rồi gửi lại.")
    content = path.read_bytes()
    if not content:
        _refuse(name, "rỗng. Hãy kiểm tra tệp trên máy rồi gửi lại.")
    try:
        if content[:2] == b"PK":
            with zipfile.ZipFile(path) as archive:
                if sum(item.file_size for item in archive.infolist()) > _MOST_BYTES:
                    _refuse(name, "quá lớn so với biểu mẫu. Hãy điền vào biểu mẫu gốc rồi gửi lại.")
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise UnreadableWorkbook(
            f"Tệp {name} có mật khẩu mở tệp. Hãy bỏ mật khẩu rồi gửi lại."
        ) from error
    except (CalamineError, zipfile.BadZipFile) as error:
        whole = content[:2] == b"PK"
        what = (
            "bị hỏng hoặc chưa tải hết"
            if whole
            else "không phải bảng tính .xlsx hay .ods, dù tên tệp nói thế"
        )
        raise UnreadableWorkbook(
            f"Tệp {name} {what}. Hãy mở tệp trên máy, lưu lại thành .xlsx rồi gửi lại."
        ) from error


def _meta(name: str, source: CalamineWorkbook) -> dict[str, str]:
    if META_SHEET not in source.sheet_names:
        _refuse(
            name,
            "không phải biểu mẫu của đợt đánh giá (thiếu phần nhận dạng ẩn). Hãy điền vào tệp biểu"
            " mẫu đã nhận, không chép sang tệp khác, rồi gửi lại.",
        )
    rows = _rows(name, source, META_SHEET)
    meta = {_key(row[0]): raw_text(row[1]) for row in rows if len(row) > 1}
    missing = [key for key in META_KEYS if not meta.get(key)]
    if missing or meta["kind"] not in get_args(WorkbookKind):
        _refuse(
            name,
            "có phần nhận dạng ẩn bị hỏng. Hãy điền vào tệp biểu mẫu đã nhận rồi gửi lại.",
        )
    return meta


def _rows(name: str, source: CalamineWorkbook, sheet: str) -> Sequence[Sequence[CellValue]]:
    try:
        return source.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise UnreadableWorkbook(
            f"Tệp {name}, trang “{sheet}” bị hỏng hoặc chưa tải hết. Hãy mở tệp trên máy, lưu lại"
            " thành .xlsx rồi gửi lại."
        ) from error


def _cells(
    sheet: str, rows: Sequence[Sequence[CellValue]], columns: dict[str, int]
) -> Iterator[tuple[str, str, Cell]]:
    """(row key, column key, cell) of a sheet; the row key is empty in a row without one."""
    for place, row in enumerate(rows[1:], 1):
        row_key = _key(row[columns[KEY]])
        if row_key.startswith(DECORATION):
            continue
        for column_key, column in columns.items():
            if column_key != KEY:
                value = row[column]
                cell = Cell(sheet, address(place, column), None if is_blank(value) else value)
                yield row_key, column_key, cell


def _once(name: str, sheet: str, keys: Sequence[str], what: str) -> None:
    doubled = {key for key in keys if key and keys.count(key) > 1}
    if doubled:
        offset = 1 if what == "cột" else 2
        places = [index + offset for index, key in enumerate(keys) if key in doubled]
        shown = [address(0, place - 1)[:-1] for place in places] if what == "cột" else places
        _refuse(
            name,
            f"trang “{sheet}” có {what} bị chép thành hai ({what} {', '.join(map(str, shown))}):"
            f" không biết lấy {what} nào. Hãy xóa {what} chép thêm rồi gửi lại.",
        )


def _key(value: CellValue) -> str:
    """A key is text; anything else in its place is none."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""


def _refuse(name: str, reason: str) -> NoReturn:
    raise UnreadableWorkbook(f"Tệp {name} {reason}")
