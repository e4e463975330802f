"""Fill a .docx template and write it so that the same content is the same file, byte by byte."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateError

from dti_core.errors import Refused

TEMPLATES = Path(__file__).parent / "templates"
EPOCH = (1980, 1, 1, 0, 0, 0)


class BrokenTemplate(Refused):
    """A template that cannot be filled. The text names the template and the fault."""


def fill(template: Path, values: Mapping[str, Any]) -> bytes:
    """The filled document. Raises BrokenTemplate, naming what the template asks for in vain."""
    document = DocxTemplate(template)
    try:
        document.render(dict(values), Environment(undefined=StrictUndefined), autoescape=True)
    except TemplateError as error:
        raise BrokenTemplate(
            f"Mẫu {template.name} không điền được: {error}. Hãy sửa chỗ đó trong Word hoặc dùng lại"
            " mẫu gốc."
        ) from error
    buffer = io.BytesIO()
    document.save(buffer)
    return steady(buffer.getvalue())


def steady(content: bytes) -> bytes:
    """The same archive without the moment at which it was written."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(item))
    return out.getvalue()
