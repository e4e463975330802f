"""Rounds in the records: opened once, with the hashes of the law that they run on."""

from sqlmodel import Session, col, select

from dti_core.framework.check import require_openable
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.pins import LawChanged, RoundNotOpen, check_pins
from dti_core.records.tables import DocumentRecord, RoundRecord

__all__ = [
    "LawChanged",
    "RoundNotOpen",
    "documents",
    "open_round",
    "opened_rounds",
    "record_document",
    "require_round",
]


def open_round(session: Session, context: RoundContext, actor: str) -> bool:
    """Open a round. Returns whether it was new; opening an open one changes nothing.

    Raises LawChanged where the framework or the program is no longer the one it was opened with,
    NotReady where a framework lacks its criteria or has an error that nobody has recorded.
    """
    if session.get(RoundRecord, context.id) is not None:
        require_round(session, context)
        return False
    for framework in context.frameworks.values():
        require_openable(framework)
    session.add(
        RoundRecord(
            id=context.id,
            title=context.round.title,
            evaluation_year=context.round.evaluation_year,
            opens=context.round.opens.on.isoformat(),
            closes=context.round.closes.on.isoformat(),
            pins=context.pins,
            state="open",
            opened_at=audit.now(),
        )
    )
    session.flush()
    audit.append(session, context.id, "round_opened", context.id, {"pins": context.pins}, actor)
    return True


def require_round(session: Session, context: RoundContext) -> RoundRecord:
    """The open round, on the law that it was opened with. Raises RoundNotOpen, LawChanged."""
    record = session.get(RoundRecord, context.id)
    check_pins(context, record.pins if record else None)
    assert record is not None
    return record


def opened_rounds(session: Session) -> list[RoundRecord]:
    return list(session.exec(select(RoundRecord).order_by(col(RoundRecord.id))))


def record_document(
    session: Session, round_id: str, kind: str, path: str, sha256: str, actor: str
) -> bool:
    """Record a produced document; returns whether its content is new."""
    record = session.exec(
        select(DocumentRecord).where(
            DocumentRecord.round_id == round_id, DocumentRecord.path == path
        )
    ).first()
    if record and record.sha256 == sha256:
        return False
    if record is None:
        record = DocumentRecord(round_id=round_id, kind=kind, path=path, sha256=sha256)
    record.sha256 = sha256
    session.add(record)
    audit.append(session, round_id, "document_made", path, {"kind": kind, "sha256": sha256}, actor)
    return True


def documents(session: Session, round_id: str) -> list[DocumentRecord]:
    return list(
        session.exec(
            select(DocumentRecord)
            .where(DocumentRecord.round_id == round_id)
            .order_by(col(DocumentRecord.path))
        )
    )
