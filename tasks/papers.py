"""Keep documents of a round: the files and their records together."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from sqlmodel import Session

from dti_core.records.files import holds, round_folder, write_whole
from dti_core.records.rounds import record_documents

Paper = tuple[str, str, bytes]
"""Kind, path under the round's folder, content."""

DOCUMENTS = "documents"
"""The folder, under the round's, whose documents have PDFs of ours beside them."""


def write_papers(records: Session, round_id: str, papers: Iterable[Paper], actor: str) -> None:
    """Write files under the round's folder and record them, all at once.

    The PDF beside a document that gets another content goes: it would show the old one.
    """
    folder = round_folder(round_id)
    made: dict[str, tuple[str, str]] = {}
    for kind, name, content in papers:
        sha256 = hashlib.sha256(content).hexdigest()
        path = folder / name
        if path.parent == folder / DOCUMENTS:
            _drop_pdf(path, sha256)
        write_whole(path, content)
        made[name] = kind, sha256
    record_documents(records, round_id, made, actor)


def write_paper(
    records: Session, round_id: str, kind: str, name: str, content: bytes, actor: str
) -> None:
    """Write one file under the round's folder and record it."""
    write_papers(records, round_id, [(kind, name, content)], actor)


def _drop_pdf(document: Path, sha256: str) -> None:
    """Before the document is written: whoever is killed in between leaves one without a PDF."""
    if document.suffix == ".docx" and not holds(document, sha256):
        document.with_suffix(".pdf").unlink(missing_ok=True)
