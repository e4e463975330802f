"""The content of an .ods: what must not be in it, merged cells and formulas."""

import re
from typing import NamedTuple
from xml.parsers import expat

from dti_core.intake import limits
from dti_core.intake.untrusted.archive import Archive
from dti_core.intake.untrusted.excel import Formula
from dti_core.intake.untrusted.fault import PAGE_TOO_LARGE, RESAVE, TOO_MUCH_MEMORY, Fault

CONTENT, MANIFEST, KIND = "content.xml", "META-INF/manifest.xml", "mimetype"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_EXTENSION = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_SCRIPT = "urn:oasis:names:tc:opendocument:xmlns:script:1.0 "
_REFERENCE = re.compile(r"\[([^\[\]]*)\]")
_FARTHEST = 100_000  # rows; an answer never stands so low


class Page(NamedTuple):
    """A page: merged areas as (first row, first column, last row, last column), and formulas."""

    name: str
    merged: list[tuple[int, int, int, int]]
    formulas: list[Formula]


def parts_of(archive: Archive, notices: list[str]) -> dict[str, bytes]:
    """The parts that are read, unpacked. Raises Fault."""
    parts = {name: archive.read(name) for name in (KIND, MANIFEST) if name in archive.entries}
    if b"encryption-data" in parts.get(MANIFEST, b""):
        raise Fault("có mật khẩu mở tệp. Hãy bỏ mật khẩu rồi gửi lại.")
    if archive.entries[CONTENT].file_size > limits.PART:
        raise Fault(PAGE_TOO_LARGE)
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.entries):
        notices.append("có macro; phần mềm không chạy macro, chỉ đọc các ô")
    parts[CONTENT] = archive.read(CONTENT)
    return parts


def pages_of(content: bytes) -> list[Page]:
    """Walk through the content without spreading anything out. Raises Fault."""
    walk = _Walk()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.EntityDeclHandler = walk.entity
    parser.StartDoctypeDeclHandler = walk.entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Fault(f"có trang bị hỏng. {RESAVE}") from error
    return walk.pages


class _Walk:
    """Keeps count of rows and columns while the parser goes through the content."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self._row = self._column = self._rows = self._columns = 0
        self._filled = self._row_filled = False
        self._spread = 0
        self._formula: Formula | None = None
        self._wrong = False
        self._shown: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.startswith(_SCRIPT) and tag.endswith("event-listener"):
            raise Fault(f"có macro tự chạy khi mở. Biểu mẫu không dùng macro. {RESAVE}")
        if not tag.startswith(_TABLE):
            return
        match tag.removeprefix(_TABLE):
            case "table":
                self.pages.append(Page(attributes.get(f"{_TABLE}name", ""), [], []))
                self._row = 0
                if len(self.pages) > limits.SHEETS:
                    raise Fault(f"có quá {limits.SHEETS} trang tính. {RESAVE}")
            case "table-row":
                self._rows = _number(attributes, "number-rows-repeated")
                self._column, self._row_filled = 0, False
            case "table-cell" | "covered-table-cell":
                self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        self._columns = _number(attributes, "number-columns-repeated")
        self._filled = f"{_OFFICE}value-type" in attributes
        across = _number(attributes, "number-columns-spanned")
        down = _number(attributes, "number-rows-spanned")
        if not self.pages:
            return
        if across > 1 or down > 1:
            area = (self._row, self._column, self._row + down - 1, self._column + across - 1)
            self.pages[-1].merged.append(area)
        if formula := attributes.get(f"{_TABLE}formula"):
            self._formula = Formula(self._row, self._column, _translated(formula), self._filled)
            self._wrong = attributes.get(f"{_EXTENSION}value-type") == "error"
            self._shown = []

    def text(self, data: str) -> None:
        self._filled = self._filled or bool(data.strip())
        if self._wrong:
            self._shown.append(data)

    def end(self, tag: str) -> None:
        if tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            if self._formula is not None and self.pages:
                error = "".join(self._shown).strip() if self._wrong else ""
                self.pages[-1].formulas.append(self._formula._replace(error=error))
            self._formula, self._wrong = None, False
            self._column += self._columns
            self._row_filled = self._row_filled or self._filled
            if self._filled:
                self._spread += self._columns * self._rows
                if self._column > limits.CELLS // 1000 or self._spread > limits.CELLS:
                    raise Fault(TOO_MUCH_MEMORY)
        elif tag == f"{_TABLE}table-row":
            self._row += self._rows
            if self._row_filled and self._row > _FARTHEST:
                raise Fault(TOO_MUCH_MEMORY)

    def entity(self, *_: object) -> None:
        raise Fault(
            "có định nghĩa thực thể XML (DOCTYPE, ENTITY), thứ mà bảng tính không dùng và kẻ xấu"
            f" dùng để làm tê liệt máy đọc hay lấy tệp. {RESAVE}"
        )


def _number(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(_TABLE + name, "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 1


def _translated(formula: str) -> str:
    """A formula as Excel writes it: "of:=[.B5]*2" is "B5*2"."""
    plain = formula.partition(":=")[2] or formula.removeprefix("=")
    return _REFERENCE.sub(_reference, plain).replace(";", ",")


def _reference(match: re.Match[str]) -> str:
    """ "['Trang 1'.B2:.B4]" is "'Trang 1'!B2:B4"."""
    first, colon, last = match[1].partition(":")
    page, _, cell = first.rpartition(".")
    last = last.rpartition(".")[2]
    page = page.removeprefix("$")
    return f"{page}!{cell}{colon}{last}" if page else f"{cell}{colon}{last}"
