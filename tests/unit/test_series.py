"""A paper of a series is the paper that filling its template alone gives."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from docx import Document
from lxml.etree import canonicalize

from dti_core.program.load import load_round
from reports.docx import fill
from reports.letters import explanation, reminder, request
from reports.series import fill_again
from tests.unit.official_papers import text_of
from tests.unit.papers_of_the_round import reminder_letter
from tests.unit.test_letters import explanation_letter, request_letter

ROUND = "vinh-phuc/2023-so"
_EMPTY = re.compile(rb"<(dc|cp):\w+(/>|></(dc|cp):\w+>)")


def parts(content: bytes) -> dict[str, str]:
    """Every part of a document; XML without what two writers may write differently: order, and
    properties that say nothing."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: canonicalize(_EMPTY.sub(b"", archive.read(name)).decode())
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }


@pytest.mark.parametrize(
    ("module", "made"),
    [
        (request, request_letter),
        (explanation, explanation_letter),
        (reminder, reminder_letter),
    ],
)
def test_each_paper_is_what_filling_the_template_alone_gives(
    module: ModuleType, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[Path, Mapping[str, Any]]] = []

    def heard(path: Path, values: Mapping[str, Any]) -> bytes:
        given.append((path, values))
        return b""

    monkeypatch.setattr(module, "fill_again", heard)
    module.render(made(load_round(ROUND)))
    ((path, values),) = given
    for recipient in ("Sở Nội vụ", "Sở <Tài chính> & Kho bạc"):
        own = {**values, "recipient": recipient}
        assert parts(fill_again(path, own)) == parts(fill(path, own))


def test_an_office_may_name_the_recipient_in_the_files_title(tmp_path: Path) -> None:
    file = tmp_path / "cong-van.docx"
    document = Document()
    document.add_paragraph("Kính gửi: {{ recipient }}")
    document.core_properties.title = "Gửi {{ recipient }}"
    document.save(str(file))
    for recipient in ("Sở Y tế", "Sở Nội vụ"):
        made = fill_again(file, {"recipient": recipient})
        assert text_of(made).strip() == f"Kính gửi: {recipient}"
        assert Document(io.BytesIO(made)).core_properties.title == f"Gửi {recipient}"
