"""Keep a document of a round: the file and its record together."""

import hashlib

from sqlmodel import Session

from dti_core.records.files import round_folder, write_whole
from dti_core.records.rounds import record_document


def write_paper(
    records: Session, round_id: str, kind: str, name: str, content: bytes, actor: str
) -> str:
    """Write a file under the round's folder and record it; returns its SHA-256."""
    write_whole(round_folder(round_id) / name, content)
    digest = hashlib.sha256(content).hexdigest()
    record_document(records, round_id, kind, name, digest, actor)
    return digest
