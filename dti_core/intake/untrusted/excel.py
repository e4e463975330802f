"""The parts of an .xlsx or .xlsm: which are read, what must not be in them, and the formulas."""

import io
import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from dti_core.intake import limits
from dti_core.intake.untrusted import macros
from dti_core.intake.untrusted.archive import Archive
from dti_core.intake.untrusted.fault import (
    ORIGINAL,
    PAGE_TOO_LARGE,
    RESAVE,
    TOO_LARGE,
    Fault,
)

BOOK = "xl/workbook.xml"
_SKIPPED = (
    "docprops/",
    "customxml/",
    "xl/activex/",
    "xl/charts/",
    "xl/comments",
    "xl/ctrlprops/",
    "xl/diagrams/",
    "xl/drawings/",
    "xl/embeddings/",
    "xl/externallinks/",
    "xl/media/",
    "xl/persons/",
    "xl/pivotcache/",
    "xl/pivottables/",
    "xl/printersettings/",
    "xl/querytables/",
    "xl/tables/",
    "xl/theme/",
    "xl/threadedcomments/",
    "xl/worksheets/_rels/",
)
"""Looks, drawings and links: nothing in them is an answer, so nothing in them is unpacked."""

_PAGE = re.compile(rb"<(?:\w+:)?sheet\s")
# patterns that begin with plain letters are searched for as fast as memory is read
_FORMULA = re.compile(rb"<f[\s>/]")
_ERROR = b't="e"'
_CELL = 400
"""Bytes between the beginning of a cell and its formula."""
_CONTENT = 70_000
"""Bytes from there to the end of the cell: Excel takes 8192 characters in a formula, and an escaped
one takes 6 bytes."""
_CELL_WITH_FORMULA = re.compile(
    rb'<c [^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*(?:<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>))?'
    rb"\s*(?:<v>([^<]*)</v>)?"
)
_SEEMS_FAR = re.compile(rb'r="(?:[A-Z]{3}\d|[A-Z]{1,2}\d{6})')
_FAR = re.compile(
    rb'<(?:\w+:)?c\s[^>]{0,200}?\br="([A-Z]{3}\d+|[A-Z]{1,2}\d{6,})"[^>]{0,200}(?<!/)>'
)
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class Formula(NamedTuple):
    """A formula, or an error that one left, with its place from 0.

    text   as the file writes it ("&lt;" for "<"); empty where the file does not spell it out
    kept   whether the file keeps a result
    error  the result, where it is an error ("#REF!")
    """

    row: int
    column: int
    text: str
    kept: bool
    error: str = ""


def parts_of(archive: Archive, notices: list[str]) -> dict[str, bytes]:
    """The parts that are read, unpacked and checked. Raises Fault."""
    folded = {name.casefold(): name for name in archive.entries}
    if "xl/workbook.bin" in folded:
        raise Fault(f"là bảng tính nhị phân (.xlsb). {RESAVE}")
    parts: dict[str, bytes] = {}
    size = 0
    for small, name in folded.items():
        if small.endswith("vbaproject.bin"):
            _judge(archive, name)
            notices.append("có macro; phần mềm không chạy macro, chỉ đọc các ô")
        elif small.startswith("xl/macrosheets/"):
            raise Fault(
                "có trang macro kiểu cũ (Excel 4.0). Hãy xóa trang ấy, lưu thành .xlsx rồi gửi lại."
            )
        elif small.startswith("xl/externallinks/") and small.endswith(".xml"):
            if b"ddeLink" in archive.read(name):
                raise Fault(f"có liên kết gọi chương trình khác trên máy (DDE). {RESAVE}")
        elif small.endswith((".xml", ".rels")) and not small.startswith(_SKIPPED):
            size += archive.entries[name].file_size
            if archive.entries[name].file_size > limits.PART or size > limits.PARTS:
                raise Fault(PAGE_TOO_LARGE)
            part = parts[name] = _checked(archive.read(name))
            if "worksheets/" in small:
                _near(part)
    if len(_PAGE.findall(parts.get(BOOK, b""))) > limits.SHEETS:
        raise Fault(f"có quá {limits.SHEETS} trang tính. {ORIGINAL}")
    return parts


def manual(parts: Mapping[str, bytes]) -> bool:
    """Whether the workbook reckons only when it is told to, so that results may be old."""
    return b'calcMode="manual"' in parts.get(BOOK, b"")


def formulas(parts: Mapping[str, bytes]) -> dict[str, list[Formula]]:
    """The formulas by the name of their page; pages without one are not here."""
    found = {
        name: _parsed(part) if b":worksheet" in part[:2000] else _formulas(part)
        for name, part in parts.items()
        if "worksheets/" in name
    }
    if not any(found.values()):
        return {}
    pages = _pages(parts)
    return {pages[name]: each for name, each in found.items() if each and name in pages}


def place(address: str) -> tuple[int, int] | None:
    """Row and column, from 0, of "G14"; None for anything else."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _judge(archive: Archive, name: str) -> None:
    if archive.entries[name].file_size > limits.PART:
        raise Fault(TOO_LARGE)
    macros.judge(archive.read(name))


def _checked(part: bytes) -> bytes:
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in part[:8]:
        raise Fault(f"có phần viết bằng bảng mã lạ. {RESAVE}")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Fault(
            "có định nghĩa thực thể XML (DOCTYPE, ENTITY), thứ mà bảng tính không dùng và kẻ xấu"
            f" dùng để làm tê liệt máy đọc hay lấy tệp. {ORIGINAL}"
        )
    return part


def _near(page: bytes) -> None:
    if _SEEMS_FAR.search(page) and (far := _FAR.search(page)):
        raise Fault(
            f"có nội dung ở ô {far[1].decode('ascii')}, rất xa bảng. Hãy xóa các dòng, cột ngoài"
            " bảng rồi gửi lại."
        )


def _pages(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Part of a page → its name."""
    try:
        book = ElementTree.fromstring(parts.get(BOOK, b""))
        rels = ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b""))
    except ElementTree.ParseError:
        return {}
    targets = {each.get("Id", ""): each.get("Target", "") for each in rels if each.get("Target")}
    pages: dict[str, str] = {}
    for element in book.iter():
        if _local(element.tag) == "sheet":
            key = next((value for name, value in element.items() if _local(name) == "id"), "")
            target = targets.get(key, "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            pages[path] = element.get("name", "")
    return pages


def _formulas(part: bytes) -> list[Formula]:
    """Every cell of a page that holds a formula or an error. Our own pages hold many formulas, so
    they are looked for, not parsed for."""
    found: dict[tuple[int, int], Formula] = {}
    marks = [match.start() for match in _FORMULA.finditer(part)]
    if _ERROR in part:
        marks += [match.start() for match in re.finditer(_ERROR, part)]
    for mark in marks:
        start = part.rfind(b"<c ", max(0, mark - _CELL), mark)
        end = part.find(b"</c>", mark, mark + _CONTENT)
        cell = _CELL_WITH_FORMULA.match(part, start, end) if start >= 0 else None
        if cell is not None and (where := place(cell[1].decode("ascii"))) is not None:
            text = (cell[2] or b"").decode("utf-8", "replace")
            kept = (cell[3] or b"").decode("utf-8", "replace")
            error = kept if _ERROR in part[start : cell.end()] else ""
            found[where] = Formula(*where, text, bool(kept), error)
    return list(found.values())


def _parsed(part: bytes) -> list[Formula]:
    """As `_formulas`, where elements carry a prefix."""
    found: list[Formula] = []
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(part)):
            if _local(element.tag) == "row":
                element.clear()
            if _local(element.tag) != "c":
                continue
            inside = {_local(child.tag): child for child in element}
            where = place(element.get("r", ""))
            wrong = element.get("t") == "e"
            if ("f" in inside or wrong) and where is not None:
                kept = (inside["v"].text or "") if "v" in inside else ""
                text = (inside["f"].text or "") if "f" in inside else ""
                found.append(Formula(*where, text, bool(kept), kept if wrong else ""))
    except ElementTree.ParseError as error:
        raise Fault(f"có trang bị hỏng. {RESAVE}") from error
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
