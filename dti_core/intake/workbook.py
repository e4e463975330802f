"""Read a workbook that came back: every keyed cell, wherever it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast, get_args

from dti_core.errors import Refused
from dti_core.intake import limits
from dti_core.intake.guard import read_guarded
from dti_core.intake.layout import DECORATION, META_KEYS, SIGNATURE, WorkbookKind
from dti_core.intake.pages import Cell, Page, address, read_page
from dti_core.intake.untrusted.fault import TOO_LARGE, Fault

__all__ = [
    "DECORATION",
    "SUFFIXES",
    "Cell",
    "NotOurWorkbook",
    "UnreadableWorkbook",
    "Workbook",
    "address",
    "assembled",
    "read_content",
    "read_workbook",
]

SUFFIXES = (".xlsx", ".ods", ".xls", ".xlsm")


class UnreadableWorkbook(Refused):
    """A file that cannot be read as one of our workbooks. The text names the file and the fault."""


class NotOurWorkbook(UnreadableWorkbook):
    """A spreadsheet without our identity: somebody's own, or a copy of what is seen of ours."""


@dataclass(frozen=True)
class Workbook:
    """A workbook as it came back.

    framework, sha256  the frameworks that it was made of and their hashes, one a level, spaced
    signature          what stands for the signature of these, unchecked; None for a CSV, which
                       cannot carry one
    cells              (row key, column key) → cell, blank ones too: a key that is not here is a
                       row or column that somebody deleted
    strays             what somebody typed under a keyed column in a row without a key
    pages              the keyed pages, with the words that stand beside and above their cells
    notices            what the sender should know, in Vietnamese; nothing has to be answered
    """

    kind: WorkbookKind
    round_id: str
    provider: str
    framework: str
    sha256: str
    signature: str | None
    cells: dict[tuple[str, str], Cell]
    strays: tuple[Cell, ...] = ()
    pages: tuple[Page, ...] = ()
    notices: tuple[str, ...] = ()


def read_workbook(path: Path) -> Workbook:
    """Read a workbook by its keys: .xlsx, .xlsm (its macros are not run), .xls or .ods.

    Raises UnreadableWorkbook where the file is none of these, damaged, locked, not one of our
    workbooks, unsafe to read, or has a key twice; OSError where there is no such file.
    """
    name = path.name
    if path.suffix.lower() not in SUFFIXES:
        _refuse(name, "không phải tệp .xlsx hay .ods. Hãy lưu lại thành .xlsx rồi gửi lại.")
    if path.stat().st_size > limits.FILE:
        _refuse(name, TOO_LARGE)
    return read_content(path.read_bytes(), name)


def read_content(content: bytes, name: str) -> Workbook:
    """`read_workbook` of a file that is in memory; `name` is for messages."""
    if not content:
        _refuse(name, "rỗng. Hãy kiểm tra tệp trên máy rồi gửi lại.")
    if len(content) > limits.FILE:
        _refuse(name, TOO_LARGE)
    try:
        found = read_guarded(content)
    except Fault as fault:
        raise UnreadableWorkbook(f"Tệp {name} {fault}") from fault
    return assembled(found, name, signed=True)


def assembled(found: dict[str, Any], name: str, *, signed: bool) -> Workbook:
    """The workbook of the pages that were found; `signed` says that a file of this kind carries a
    signature. Raises UnreadableWorkbook.
    """
    meta = _meta(name, found["meta"])
    kind = cast(WorkbookKind, meta["kind"])
    cells: dict[tuple[str, str], Cell] = {}
    strays: list[Cell] = []
    pages: list[Page] = []
    for each in found["pages"]:
        page = read_page(each, own=kind == "own", about=kind in ("about_units", "earlier"))
        pages.append(page)
        _once(name, page.name, page.columns, "cột")
        _once(name, page.name, page.rows, "dòng")
        for row_key, column_key, cell in page.cells:
            if not row_key:
                if not cell.blank:
                    strays.append(cell)
            elif (row_key, column_key) in cells:
                _refuse(
                    name,
                    f"trang “{page.name}” lặp lại ô của trang “{cells[row_key, column_key].sheet}”."
                    " Hãy xóa trang chép thêm rồi gửi lại.",
                )
            else:
                cells[row_key, column_key] = cell
    if not pages:
        _refuse(
            name,
            "không còn dòng và cột ẩn mà phần mềm đặt để nhận ra các ô. Hãy điền vào biểu mẫu gốc,"
            " giữ nguyên các trang, rồi gửi lại.",
        )
    return Workbook(
        kind=kind,
        round_id=meta["round"],
        provider=meta["provider"],
        framework=meta["framework"],
        sha256=meta["sha256"],
        signature=meta.get(SIGNATURE, "") if signed else None,
        cells=cells,
        strays=tuple(strays),
        pages=tuple(pages),
        notices=tuple(f"Tệp {name} {notice}." for notice in dict.fromkeys(found["notices"])),
    )


def _meta(name: str, found: dict[str, str]) -> dict[str, str]:
    if not found:
        raise NotOurWorkbook(
            f"Tệp {name} không phải biểu mẫu của đợt đánh giá (thiếu phần nhận dạng ẩn). Hãy điền"
            " vào tệp biểu mẫu đã nhận, không chép sang tệp khác, rồi gửi lại."
        )
    meta = {key.strip(): value.strip() for key, value in found.items()}
    missing = [key for key in META_KEYS if not meta.get(key)]
    if missing or meta["kind"] not in get_args(WorkbookKind):
        _refuse(
            name,
            "có phần nhận dạng ẩn bị hỏng. Hãy điền vào tệp biểu mẫu đã nhận rồi gửi lại.",
        )
    return meta


def _once(name: str, sheet: str, keys: Sequence[tuple[str, int]], what: str) -> None:
    if len({key for key, _ in keys}) == len(keys):
        return
    known = [key for key, _ in keys]
    places = [place for key, place in keys if known.count(key) > 1]
    shown = [address(0, place)[:-1] if what == "cột" else str(place + 1) for place in places]
    _refuse(
        name,
        f"trang “{sheet}” có {what} bị chép thành hai ({what} {', '.join(shown[:10])}): không biết"
        f" lấy {what} nào. Hãy xóa {what} chép thêm rồi gửi lại.",
    )


def _refuse(name: str, reason: str) -> NoReturn:
    raise UnreadableWorkbook(f"Tệp {name} {reason}")
