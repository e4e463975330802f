"""Keep documents of a round: the files and their records together."""

import hashlib
from collections.abc import Iterable

from sqlmodel import Session

from dti_core.records.files import round_folder, write_whole
from dti_core.records.rounds import record_documents

Paper = tuple[str, str, bytes]
"""Kind, path under the round's folder, content."""


def write_papers(records: Session, round_id: str, papers: Iterable[Paper], actor: str) -> None:
    """Write files under the round's folder and record them, all at once."""
    made: dict[str, tuple[str, str]] = {}
    for kind, name, content in papers:
        write_whole(round_folder(round_id) / name, content)
        made[name] = kind, hashlib.sha256(content).hexdigest()
    record_documents(records, round_id, made, actor)


def write_paper(
    records: Session, round_id: str, kind: str, name: str, content: bytes, actor: str
) -> None:
    """Write one file under the round's folder and record it."""
    write_papers(records, round_id, [(kind, name, content)], actor)
