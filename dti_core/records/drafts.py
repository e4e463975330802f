"""Which result a draft decision was written from: that of another one is nobody's to approve."""

from sqlmodel import Session, col, select

from dti_core.records import audit
from dti_core.records.digests import result_digest
from dti_core.records.rights import Right, need
from dti_core.records.tables import AuditRecord

WRITTEN = "draft_written"
"""The audit event that says from which result the draft decision was written."""


def note_draft(session: Session, round_id: str, actor: str) -> bool:
    """Record that the draft was written from the present result; returns whether that is new."""
    actor = need(session, round_id, Right.OPERATE, actor)
    digest = result_digest(session, round_id)
    if written_from(session, round_id) == digest:
        return False
    audit.append(session, round_id, WRITTEN, round_id, {"digest": digest}, actor)
    return True


def is_current(session: Session, round_id: str) -> bool:
    """Whether the draft was written from the result as it is now."""
    return written_from(session, round_id) == result_digest(session, round_id)


def written_from(session: Session, round_id: str) -> str | None:
    """The digest of the result that the draft was last written from; None before the first."""
    event = session.exec(
        select(AuditRecord)
        .where(AuditRecord.round_id == round_id, AuditRecord.action == WRITTEN)
        .order_by(col(AuditRecord.seq).desc())
        .limit(1)
    ).first()
    return None if event is None else str(event.detail["digest"])
