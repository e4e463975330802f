"""What the audit trail tells, in the order in which it happened."""

from sqlmodel import Session, col, select

from dti_core.records.tables import AuditRecord


def events_of(records: Session, action: str) -> list[AuditRecord]:
    """The events of one kind, of every round."""
    wanted = select(AuditRecord).where(AuditRecord.action == action)
    return list(records.exec(wanted.order_by(col(AuditRecord.round_id), col(AuditRecord.seq))))
