"""One template filled for many: what all papers of a series share is read once.

`reports.docx.fill` opens, reads and writes the whole Word file each time; where a round sends a
letter to every unit that is most of the work.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, Template
from lxml.etree import fromstring, tostring

from reports.built_tables import insert
from reports.docx import EPOCH, NO_XML, UNFILLED, fill, steady

_DOCUMENT = "word/document.xml"
_TAGGED = re.compile(rb"\{[{%#]")
_FILLED_PARTS = re.compile(r"(word/(document|header\d*|footer\d*|footnotes)|docProps/core)\.xml")
_COLUMNS = re.compile(r"\{%\s*(tc|hm|colspan)\b")
"""Tags that make the columns of a table more or fewer: its grid has to follow."""
_BREAKS = re.compile(r"[\t\a\n\f]")


class Series:
    """A template, ready to be filled again and again. Raises BrokenTemplate as `fill` does.

    path   the template
    trial  the values of one paper: `fill` tries the template with them, so that a broken one is
           refused, with the place of the fault, before the first paper is made
    """

    def __init__(self, path: Path, trial: Mapping[str, Any]) -> None:
        self._path = path
        fill(path, trial)
        self._document = DocxTemplate(path)
        self._document.get_docx()
        jinja = Environment(undefined=StrictUndefined, autoescape=True)
        self._widens = False
        self._parts: list[tuple[str, bytes | Template]] = []
        for name, data in _parts_of(self._document):
            made: bytes | Template = data
            if name == _DOCUMENT or (_FILLED_PARTS.fullmatch(name) and _TAGGED.search(data)):
                text = data.decode()
                self._widens = self._widens or bool(_COLUMNS.search(text))
                made = jinja.from_string(self._document.patch_xml(text))
            self._parts.append((name, made))

    def fill(self, values: Mapping[str, Any], tables: Mapping[str, str] | None = None) -> bytes:
        """The filled document, its marked paragraphs replaced by `tables`. Same values, same bytes.

        Raises BrokenTemplate, naming what the template asks for in vain and where.
        """
        out = io.BytesIO()
        tables = tables or {}
        try:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
                for name, part in self._parts:
                    entry = zipfile.ZipInfo(name, EPOCH)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    data = part if isinstance(part, bytes) else self._part(part, values, tables)
                    target.writestr(entry, data)
        except UNFILLED:
            fill(self._path, values)  # it knows the place of a fault
            raise
        return out.getvalue()

    def _part(self, part: Template, values: Mapping[str, Any], tables: Mapping[str, str]) -> bytes:
        filled = part.render(values)
        if _BREAKS.search(filled):
            filled = self._document.resolve_listing(filled)
        filled = insert(NO_XML.sub("", filled), tables, self._path)
        data = filled.encode()
        fromstring(data)  # torn XML is refused, never mended
        if not self._widens:
            return data
        tree = self._document.fix_tables(data)
        widened: bytes = tostring(tree, encoding="UTF-8", standalone=True)
        return widened


def fill_again(path: Path, values: Mapping[str, Any]) -> bytes:
    """What `reports.docx.fill` gives, for a paper that is written again and again: the template is
    read once, and once more where the office changes it. Raises BrokenTemplate."""
    found = path.stat()
    stamp = found.st_mtime_ns, found.st_size, found.st_ino
    known = _ready.get(path)
    if known is None or known[0] != stamp:
        known = _ready[path] = stamp, Series(path, values)
    return known[1].fill(values)


_ready: dict[Path, tuple[tuple[int, ...], Series]] = {}
"""Template → how its file stood when it was read, and the series."""


def with_tables(content: bytes, tables: Mapping[str, str], template: Path) -> bytes:
    """A filled document, its marked paragraphs replaced by `tables`. Raises BrokenTemplate."""
    return _each_part(
        content,
        lambda name, data: (
            insert(data.decode(), tables, template).encode() if name == _DOCUMENT else data
        ),
    )


def _each_part(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, change(item.filename, source.read(item)))
    return out.getvalue()


def _parts_of(document: DocxTemplate) -> list[tuple[str, bytes]]:
    buffer = io.BytesIO()
    document.docx.save(buffer)
    with zipfile.ZipFile(io.BytesIO(steady(buffer.getvalue()))) as archive:
        return [(item.filename, archive.read(item)) for item in archive.infolist()]
