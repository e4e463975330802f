"""Fill a .docx template and write it so that the same content is the same file, byte by byte."""

import io
import re
import traceback
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError
from lxml.etree import XMLSyntaxError, fromstring

from dti_core.errors import Refused

TEMPLATES = Path(__file__).parent / "templates"
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
EPOCH = (1980, 1, 1, 0, 0, 0)
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that may come with a value, and that no XML can hold."""

_LONGEST = 120
"""How many letters of a paragraph a refusal quotes."""


class BrokenTemplate(Refused):
    """A template that cannot be filled. The text names the template, the fault and its place."""


UNFILLED = (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, XMLSyntaxError)
"""What goes wrong where a template asks of its words what they are not, or tears a table apart."""

_UNREADABLE = (OpcError, BadZipFile, ValueError, LookupError, XMLSyntaxError)
"""What goes wrong where a file is no Word document."""


def fill(template: Path, values: Mapping[str, Any]) -> bytes:
    """The filled document. Raises BrokenTemplate, naming what the template asks for in vain."""
    document = _Template(template)
    try:
        document.get_docx()
    except _UNREADABLE as error:
        raise BrokenTemplate(
            f"Mẫu {template} không phải tệp Word (.docx) đọc được. {_undo(template)}"
        ) from error
    try:
        document.render(dict(values), _WORDS, autoescape=True)
    except UNFILLED as error:
        place = document.place(error)
        raise BrokenTemplate(
            f"Mẫu {template} không điền được{f', ở chỗ “{place}”' if place else ''}:"
            f" {_fault(error)}."
            f" Hãy sửa chỗ đó trong Word. {_undo(template)}"
        ) from error
    buffer = io.BytesIO()
    document.save(buffer)
    return steady(buffer.getvalue())


def _fault(error: Exception) -> str:
    if isinstance(error, XMLSyntaxError):
        return "có lệnh {% … %} mở ở một ô hoặc đoạn mà đóng ở chỗ khác (dùng {%p … %}, {%tr … %})"
    return str(error).rstrip(".")


def _undo(template: Path) -> str:
    if template.parent == TEMPLATES:
        return "Để tạo lại mẫu gốc: make templates"
    return f"Xóa tệp {template} thì mẫu kèm chương trình được dùng lại."


class _Compiled(Environment):
    """Jinja that compiles a text once: a round fills the same letter for every unit."""

    @lru_cache(maxsize=64)  # noqa: B019 - there is one such environment, as long as the program
    def compile(self, source: Any, *given: Any, **named: Any) -> Any:
        return super().compile(source, *given, **named)


_WORDS = _Compiled(undefined=StrictUndefined, autoescape=True)


@lru_cache(maxsize=64)
def _patched(text: str) -> str:
    """The text of a part as Jinja reads it; the same for every letter of a round."""
    return str(DocxTemplate.patch_xml(_NOBODY, text))


class _Template(DocxTemplate):
    """A template that knows its text line by line, a paragraph a line, to say where a fault is."""

    _lines: Sequence[str] = ()

    def render_xml_part(self, src_xml: str, *given: Any, **named: Any) -> str:
        self._lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml).split("\n")
        filled: str = super().render_xml_part(src_xml, *given, **named)
        filled = NO_XML.sub("", filled)
        # docxtpl mends torn XML by leaving out what does not fit; a paper must not lose a line so
        fromstring(filled.encode())
        return filled

    def patch_xml(self, src_xml: str) -> str:
        return _patched(src_xml)

    def place(self, error: BaseException) -> str:
        """The words of the paragraph at which filling in stopped; empty where nobody knows."""
        frames = traceback.extract_tb(error.__traceback__)
        numbers = [frame.lineno for frame in frames if frame.filename == "<template>"]
        number = (
            error.lineno
            if isinstance(error, TemplateSyntaxError)
            else next(reversed(numbers), None)
        )
        if not number or number > len(self._lines):
            return ""
        words = unescape(re.sub(r"<[^>]+>", "", self._lines[number - 1])).strip()
        return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


_NOBODY = _Template.__new__(_Template)  # patching looks at the text alone


def steady(content: bytes, modified: datetime | None = None) -> bytes:
    """The same archive without the moment at which it was written.

    modified  what a writer that cannot help stamping its own clock should have said
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = source.read(item)
            if modified is not None and item.filename == "docProps/core.xml":
                stamp = f"{modified:%Y-%m-%dT%H:%M:%SZ}".encode()
                data = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            target.writestr(entry, data)
    return out.getvalue()
