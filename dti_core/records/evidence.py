"""Evidence in the records: each file once by its content, linked to the figures it stands for."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sqlmodel import Session, col, select

from dti_core.intake.evidence import EvidenceFile, files_named
from dti_core.records import audit
from dti_core.records.files import round_folder, write_whole
from dti_core.records.rights import Right, need
from dti_core.records.tables import EvidenceLinkRecord, EvidenceRecord, SubmissionRecord

Key = tuple[str, str, str]
"""(unit, criterion, variable)"""


@dataclass(frozen=True)
class Fault:
    """A kept file that is no longer what was received: gone, or with other content."""

    path: Path
    what: str


def keep(session: Session, round_id: str, files: Iterable[EvidenceFile], actor: str) -> int:
    """Store files by their content; returns how many are new."""
    actor = need(session, round_id, Right.FILE, actor)
    known = set(
        session.exec(select(EvidenceRecord.sha256).where(EvidenceRecord.round_id == round_id))
    )
    new = 0
    for file in files:
        if file.sha256 in known:
            continue
        known.add(file.sha256)
        stored = f"{file.sha256[:2]}/{file.sha256}{PurePosixPath(file.name).suffix.lower()}"
        write_whole(_folder(round_id) / stored, file.content)
        session.add(
            EvidenceRecord(
                round_id=round_id,
                sha256=file.sha256,
                name=file.name,
                size=len(file.content),
                media_type=file.media_type,
                stored_as=stored,
                received_at=audit.now(),
            )
        )
        detail = {"sha256": file.sha256, "size": len(file.content)}
        audit.append(session, round_id, "evidence_received", file.name, detail, actor)
        new += 1
    return new


def link(
    session: Session,
    submission: SubmissionRecord,
    named: Mapping[Key, str],
    files: Sequence[EvidenceFile],
) -> None:
    """Replace what one submission's provider names as evidence by what it names now."""
    need(session, submission.round_id, Right.OPERATE)
    assert submission.id is not None
    earlier = session.exec(
        select(EvidenceLinkRecord)
        .join(SubmissionRecord)
        .where(
            EvidenceLinkRecord.round_id == submission.round_id,
            SubmissionRecord.round_id == submission.round_id,
            SubmissionRecord.source == submission.source,
        )
    ).all()
    for record in earlier:
        session.delete(record)
    session.flush()
    for (unit, criterion, variable), words in named.items():
        sent: list[str | None] = [file.sha256 for file in files_named(words, files)]
        for sha256 in sent or [None]:
            session.add(
                EvidenceLinkRecord(
                    round_id=submission.round_id,
                    submission_id=submission.id,
                    unit=unit,
                    criterion=criterion,
                    variable=variable,
                    words=words,
                    sha256=sha256,
                )
            )


def links(session: Session, round_id: str) -> list[EvidenceLinkRecord]:
    """Everything that units name as evidence, in the order in which it came."""
    return list(
        session.exec(
            select(EvidenceLinkRecord)
            .where(EvidenceLinkRecord.round_id == round_id)
            .order_by(col(EvidenceLinkRecord.id))
        )
    )


def kept(session: Session, round_id: str) -> dict[str, EvidenceRecord]:
    """SHA-256 → the kept file."""
    found = session.exec(select(EvidenceRecord).where(EvidenceRecord.round_id == round_id))
    return {record.sha256: record for record in found}


def verify(session: Session, round_id: str) -> list[Fault]:
    """Every kept file, of evidence and of submissions, that is gone or altered."""
    faults = []
    for record in kept(session, round_id).values():
        faults += _checked(_folder(round_id) / record.stored_as, record.sha256)
    received = round_folder(round_id) / "in" / "received"
    for submission in session.exec(
        select(SubmissionRecord).where(SubmissionRecord.round_id == round_id)
    ):
        path = received / submission.stored_as
        if submission.stored_as and (path.exists() or ":" in submission.source):
            faults += _checked(path, submission.sha256)
    return faults


def _checked(path: Path, sha256: str) -> list[Fault]:
    if not path.is_file():
        return [Fault(path, "mất tệp")]
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        return [Fault(path, "nội dung đã bị đổi so với lúc nhận")]
    return []


def _folder(round_id: str) -> Path:
    return round_folder(round_id) / "evidence"
