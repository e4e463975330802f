"""Rounds in the records: opened once, with the hashes of the law that they run on."""

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.tables import DocumentRecord, RoundRecord


class RoundNotOpen(Refused):
    """The round has not been opened. The text says how to."""


class LawChanged(Refused):
    """A framework or the program was edited after the round was opened."""


def open_round(session: Session, context: RoundContext, actor: str) -> bool:
    """Open a round. Returns whether it was new; opening an open one changes nothing.

    Raises LawChanged where the framework or the program is no longer the one it was opened with.
    """
    if session.get(RoundRecord, context.id) is not None:
        require_round(session, context)
        return False
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
    if record is None:
        raise RoundNotOpen(f"Đợt {context.id} chưa mở. Hãy chạy: dti rounds open {context.id}")
    changed = sorted(key for key, pin in context.pins.items() if record.pins.get(key) != pin)
    if changed:
        raise LawChanged(
            f"Sau khi mở đợt {context.id}, nội dung sau đã bị sửa: {', '.join(changed)}. Điểm không"
            " được tính trên căn cứ đã thay đổi: hãy khôi phục tệp cũ hoặc mở một đợt khác."
        )
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
