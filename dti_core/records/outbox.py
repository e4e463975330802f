"""The outbox: what is to be sent is recorded first, sent after, and never queued twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from dti_core.records import audit
from dti_core.records.tables import NotificationRecord

PENDING, SENT, FAILED, DROPPED = "pending", "sent", "failed", "dropped"


@dataclass(frozen=True)
class Message:
    """One message. `key` is what it is for: a second message with the same key is not queued."""

    key: str
    recipient: str
    title: str
    body: str
    attachments: tuple[str, ...] = ()


def enqueue(session: Session, round_id: str, messages: Sequence[Message], actor: str) -> int:
    """Queue messages that are not queued or sent yet; returns how many are new."""
    known = set(
        session.exec(
            select(NotificationRecord.key).where(NotificationRecord.round_id == round_id)
        ).all()
    )
    new = [message for message in messages if message.key not in known]
    for message in new:
        session.add(
            NotificationRecord(
                round_id=round_id,
                key=message.key,
                recipient=message.recipient,
                title=message.title,
                body=message.body,
                attachments=list(message.attachments),
                status=PENDING,
            )
        )
    if new:
        keys = [message.key for message in new]
        audit.append(session, round_id, "messages_queued", round_id, {"keys": keys}, actor)
    return len(new)


def pending(session: Session, round_id: str) -> list[NotificationRecord]:
    """What has still to be sent, failed ones again, in the order in which it was queued."""
    return list(
        session.exec(
            select(NotificationRecord)
            .where(
                NotificationRecord.round_id == round_id,
                col(NotificationRecord.status).in_([PENDING, FAILED]),
            )
            .order_by(col(NotificationRecord.id))
        )
    )


def settle(
    session: Session, record: NotificationRecord, status: str, actor: str, error: str | None = None
) -> None:
    """Record what became of a message."""
    record.status = status
    record.attempts += status in (SENT, FAILED)
    record.sent_at = audit.now() if status == SENT else None
    record.error = error
    session.add(record)
    detail = {"recipient": record.recipient, "status": status}
    audit.append(session, record.round_id, "message_settled", record.key, detail, actor)


def notifications(session: Session, round_id: str) -> list[NotificationRecord]:
    return list(
        session.exec(
            select(NotificationRecord)
            .where(NotificationRecord.round_id == round_id)
            .order_by(col(NotificationRecord.id))
        )
    )
