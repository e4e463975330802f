"""Whether everything is as it was recorded: the chain of events, every record, every kept file."""

from collections.abc import Iterator
from pathlib import Path

from sqlmodel import Session, col, select

from dti_core.records import audit, evidence, petitions, seals
from dti_core.records.appraisal_files import READ
from dti_core.records.files import holds, round_folder
from dti_core.records.tables import (
    AuditRecord,
    DocumentRecord,
    QuarantineRecord,
    RoundRecord,
)

IMPORTED = "earlier_imported"
"""The event that says from which workbook an earlier year's figures were imported."""


def verify(session: Session, round_id: str | None = None) -> list[str]:
    """What is not as it was recorded, in Vietnamese; empty where all is. None: the whole database.

    Finds an event or a record that was altered, dropped, added or renumbered past the program, and
    a received file (set aside ones, appraisers' and imported ones too), a piece of evidence or a
    document that is gone or has other content.
    """
    rounds = [round_id] if round_id is not None else _rounds(session)
    found: list[str] = []
    for each in rounds:
        found += [f"Đợt {each}: {problem}" for problem in audit.verify(session, each)]
        found += [f"Đợt {each}: {problem}" for problem in _files(session, each)]
    return [*found, *seals.broken(session, round_id)]


def head(session: Session, round_id: str) -> str | None:
    """The digest of a round's newest event: who notes it down can prove later that nothing before
    it was rewritten. None before the first event."""
    return session.exec(
        select(AuditRecord.digest)
        .where(AuditRecord.round_id == round_id)
        .order_by(col(AuditRecord.seq).desc())
        .limit(1)
    ).first()


def _rounds(session: Session) -> list[str]:
    with_events = session.exec(select(AuditRecord.round_id).distinct()).all()
    return sorted({*with_events, *session.exec(select(RoundRecord.id))})


def _files(session: Session, round_id: str) -> Iterator[str]:
    folder = round_folder(round_id)
    for document in session.exec(select(DocumentRecord).where(DocumentRecord.round_id == round_id)):
        if not holds(folder / document.path, document.sha256):
            yield f"văn bản {document.path} mất hoặc đã bị sửa so với bản đã ghi."
    for path in petitions.altered(session, round_id):
        yield f"văn bản kiến nghị {path} mất hoặc đã bị sửa."
    for fault in evidence.verify(session, round_id):
        yield f"tệp {fault.path.name}: {fault.what}."
    for file, sha256 in _kept(session, round_id):
        if not holds(folder / file, sha256):
            yield f"tệp {file.name} mất hoặc đã bị sửa so với lúc nhận."


def _kept(session: Session, round_id: str) -> Iterator[tuple[Path, str]]:
    """Files that came and have no record of their own: where they lie under the round's folder,
    and their SHA-256."""
    aside = select(QuarantineRecord).where(QuarantineRecord.round_id == round_id)
    for record in session.exec(aside.order_by(col(QuarantineRecord.id))):
        yield Path("in", "set-aside", f"{record.sha256[:12]}-{record.name}"), record.sha256
    told = select(AuditRecord).where(
        AuditRecord.round_id == round_id, col(AuditRecord.action).in_([READ, IMPORTED])
    )
    for event in session.exec(told.order_by(col(AuditRecord.seq))):
        if event.action == READ:
            sha256 = event.subject.rpartition(":")[2]
            name = f"{sha256[:12]}-{event.detail['file']}"
        else:
            sha256, name = event.detail["sha256"], event.detail["stored_as"]
        yield Path("in", "received", name), sha256
