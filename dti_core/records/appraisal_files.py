"""Which of the appraisers' files have been taken."""

from sqlmodel import Session, select

from dti_core.records import audit
from dti_core.records.rights import Right, need
from dti_core.records.tables import AuditRecord, QuarantineRecord

READ = "appraisal_read"


def is_read(session: Session, round_id: str, verifier: str, sha256: str) -> bool:
    """Whether this very file of a verifier has been taken before."""
    found = select(AuditRecord.id).where(
        AuditRecord.round_id == round_id,
        AuditRecord.action == READ,
        AuditRecord.subject == f"{verifier}:{sha256}",
    )
    return session.exec(found).first() is not None


def record_read(
    session: Session, round_id: str, verifier: str, name: str, sha256: str, rows: int, actor: str
) -> None:
    """Record that a file has been taken; where it lay aside before, it does not any more."""
    actor = need(session, round_id, Right.FILE, actor)
    for record in session.exec(
        select(QuarantineRecord).where(
            QuarantineRecord.round_id == round_id, QuarantineRecord.sha256 == sha256
        )
    ):
        session.delete(record)
    detail = {"file": name, "rows": rows}
    audit.append(session, round_id, READ, f"{verifier}:{sha256}", detail, actor)
