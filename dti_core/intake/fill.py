"""Type values into a workbook by its keys: the official's hand in the sample and the demo.

The cells are changed in the pages' own XML and nothing else is touched: to load and save a whole
workbook takes ten times as long, most of it on merged cells and formats.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape, unescape

from dti_core.intake.cells import NO, YES
from dti_core.intake.layout import KEY, META_SHEET

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_TEXT = re.compile(r"<t(?: [^>]*)?>(.*?)</t>", re.DOTALL)
_TYPE = re.compile(r' t="(\w+)"')

Place = tuple[str, str, int]
"""(page's file, column, row)"""


def fill(path: Path, values: Mapping[tuple[str, str], object]) -> None:
    """Type each value into the cell of its (row key, column key); None empties the cell.

    A flag's True is typed as Có, a Fraction as the nearest number that a cell can hold, a text
    that begins with "=" as a formula; anything else goes in as it is. The same values give the same
    file, byte by byte. Raises KeyError, and changes nothing, for a key that the workbook does not
    have.
    """
    with zipfile.ZipFile(path) as archive:
        parts = {item.filename: archive.read(item) for item in archive.infolist()}
    pages = {name: parts[name].decode() for name in _pages(parts)}
    texts = _shared_texts(parts)
    places = {
        key: (name, *cell) for name, page in pages.items() for key, cell in _places(page, texts)
    }
    typed: dict[str, dict[tuple[str, int], object]] = {}
    for key, value in values.items():
        name, column, row = places[key]
        typed.setdefault(name, {})[column, row] = value
    for name, cells in typed.items():
        parts[name] = _with(pages[name], cells).encode()
    _write(path, parts)


def _pages(parts: Mapping[str, bytes]) -> Iterator[str]:
    """The files of the pages that may be typed into, in the order of the workbook."""
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    }
    for sheet in ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{_MAIN}sheet"):
        if sheet.get("name") != META_SHEET:
            target = targets[sheet.get(_REFERENCE)]
            yield target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared_texts(parts: Mapping[str, bytes]) -> list[str]:
    shared = parts.get("xl/sharedStrings.xml", b"").decode()
    entries = re.findall(r"<si>(.*?)</si>|<si/>", shared, re.DOTALL)
    return [_plain(entry) for entry in entries]


def _plain(xml: str) -> str:
    return unescape("".join(_TEXT.findall(xml)), {"&quot;": '"', "&apos;": "'"})


def _places(page: str, texts: list[str]) -> Iterator[tuple[tuple[str, str], tuple[str, int]]]:
    """(row key, column key) → (column, row), from the hidden first row and the hidden column."""
    read: dict[tuple[str, int], str] = {}
    for column, row, attributes, content in _CELL.findall(page):
        kind = _TYPE.search(attributes)
        if kind and kind[1] == "s":
            read[column, int(row)] = texts[int(content[3:-4])]
        elif kind and kind[1] == "inlineStr":
            read[column, int(row)] = _plain(content)
    columns = {text: column for (column, row), text in read.items() if row == 1 and text}
    if KEY not in columns:
        return
    for (column, row), row_key in read.items():
        if column == columns[KEY] and row > 1 and row_key:
            for column_key, where in columns.items():
                if column_key != KEY:
                    yield (row_key, column_key), (where, row)


def _with(page: str, cells: Mapping[tuple[str, int], object]) -> str:
    """The page with these cells; each keeps its format."""
    left = dict(cells)

    def changed(found: re.Match[str]) -> str:
        place = found[1], int(found[2])
        if place not in left:
            return found[0]
        return _cell(*place, _TYPE.sub("", found[3]).rstrip(), left.pop(place))

    page = _CELL.sub(changed, page)
    for (column, row), value in left.items():
        page = _inserted(page, column, row, _cell(column, row, "", value))
    return page


def _cell(column: str, row: int, attributes: str, value: object) -> str:
    start = f'<c r="{column}{row}"{attributes}'
    match value:
        case None | "":
            return f"{start}/>"
        case bool():
            return f"{start}{_inline(YES if value else NO)}"
        case Fraction():
            number = value.numerator if value.denominator == 1 else float(value)
            return f"{start}><v>{number}</v></c>"
        case str() if value.startswith("=") and len(value) > 1:
            return f"{start}><f>{escape(value[1:])}</f></c>"
        case str():
            return f"{start}{_inline(value)}"
        case _:
            return f"{start}><v>{value}</v></c>"


def _inline(text: str) -> str:
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _inserted(page: str, column: str, row: int, cell: str) -> str:
    """The page with a cell that its row did not have, before the first one further right."""
    found = re.search(rf'<row r="{row}"[^>]*>(.*?)</row>', page, re.DOTALL)
    assert found is not None, "a row with a key has a cell"
    at = found.end(1)
    for other in _CELL.finditer(page, found.start(1), found.end(1)):
        if (len(other[1]), other[1]) > (len(column), column):
            at = other.start()
            break
    return page[:at] + cell + page[at:]


def _write(path: Path, parts: Mapping[str, bytes]) -> None:
    """Write the archive without the time of writing."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
