"""The outbox: what is to be sent is recorded first, claimed by one worker, sent, and settled.

A message is queued once (its key), and sent by one worker at a time (its claim). Between the
channel's acceptance and our record of it a worker may die: that message alone goes out twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from dti_core import clock
from dti_core.records import audit
from dti_core.records.bookkeeping import apart, queued
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need, recorded_as
from dti_core.records.seals import rewritten
from dti_core.records.tables import NotificationRecord
from dti_core.records.workers import has_died

PENDING, SENT, FAILED, DROPPED, GIVEN_UP = "pending", "sent", "failed", "dropped", "given_up"

LEASE = timedelta(minutes=10)
"""After so long a claim is another worker's to take: several times what the slowest channel needs
for one message with its attachments."""

DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""How long a message rests after its first failure, its second …; after one more it is given up."""


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
    actor = need(session, round_id, Right.OPERATE, actor)
    if not messages:
        return 0
    one_writer(session, round_id)
    with apart():
        known = set(
            session.exec(
                select(NotificationRecord.key).where(NotificationRecord.round_id == round_id)
            ).all()
        )
    queued(message.key for message in messages)
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


def unsent(session: Session, round_id: str) -> list[NotificationRecord]:
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


def rests_until(record: NotificationRecord) -> datetime | None:
    """When a message that failed may be tried again; None for one that may go at once."""
    if record.status != FAILED or not record.attempts or record.claimed_at is None:
        return None
    delay = DELAYS[min(record.attempts, len(DELAYS)) - 1]
    return datetime.fromisoformat(record.claimed_at) + delay


def claim(
    session: Session, record: NotificationRecord, worker: str, moment: datetime | None = None
) -> bool:
    """Make an unsent message this worker's alone, for as long as LEASE; returns whether it is.

    One UPDATE decides, so that of two workers one gets it. A claim whose worker died on this
    machine is taken over at once, any other when it has run out.
    """
    need(session, record.round_id, Right.OPERATE)
    now = moment or clock.now()
    rest = rests_until(record)
    if rest is not None and now < rest:
        return False
    free = [
        col(NotificationRecord.claimed_by).is_(None),
        col(NotificationRecord.claimed_at) < _text(now - LEASE),
    ]
    if record.claimed_by is not None and has_died(record.claimed_by):
        free.append(col(NotificationRecord.claimed_by) == record.claimed_by)
    table = NotificationRecord.__table__  # type: ignore[attr-defined]
    assert record.id is not None
    with rewritten(session, table, [record.id]):
        taken = session.execute(
            update(table)
            .where(
                col(NotificationRecord.id) == record.id,
                col(NotificationRecord.status).in_([PENDING, FAILED]),
                col(NotificationRecord.attempts) == record.attempts,
                or_(*free),
            )
            .values(claimed_by=worker, claimed_at=_text(now))
        )
    session.refresh(record)
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def claimants(session: Session) -> set[str]:
    """The workers that hold a message, of whatever round."""
    return {
        worker
        for worker in session.exec(
            select(NotificationRecord.claimed_by).where(
                col(NotificationRecord.claimed_by).is_not(None)
            )
        )
        if worker
    }


def release(session: Session, message_id: int, worker: str) -> None:
    """Give a claim back without having tried."""
    table = NotificationRecord.__table__  # type: ignore[attr-defined]
    with rewritten(session, table, [message_id]):
        session.execute(
            update(table)
            .where(
                col(NotificationRecord.id) == message_id,
                col(NotificationRecord.claimed_by) == worker,
            )
            .values(claimed_by=None)
        )


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt.

    status    SENT, FAILED, DROPPED, or GIVEN_UP where another attempt cannot help
    channel   the name of the channel that was used
    error     why not, in Vietnamese, without anybody's address
    title, body  as it was sent, where that differs from what was queued
    """

    status: str
    channel: str | None = None
    error: str | None = None
    title: str | None = None
    body: str | None = None


def settle(
    session: Session, message_id: int, worker: str, outcome: Outcome, actor: str
) -> NotificationRecord:
    """Record what became of a message that `worker` had claimed.

    What was sent is recorded as sent in any case. A failure of a worker that was so slow that
    another one has the message by now is left out.
    """
    record = session.get_one(NotificationRecord, message_id)
    if record.claimed_by == worker:
        # whoever claimed it had the right then; what was sent is recorded although it ended since
        actor = recorded_as(session, actor)
    else:
        actor = need(session, record.round_id, Right.OPERATE, actor)
    one_writer(session, record.round_id)
    session.refresh(record)
    mine = record.claimed_by == worker
    if record.status == SENT or (outcome.status != SENT and not mine):
        return record
    tried = outcome.status in (SENT, FAILED)
    record.attempts += tried
    record.status = outcome.status
    if outcome.status == FAILED and record.attempts > len(DELAYS):
        record.status = GIVEN_UP
    record.sent_at = audit.now() if outcome.status == SENT else None
    record.channel, record.error = outcome.channel or record.channel, outcome.error
    record.title = outcome.title or record.title
    record.body = outcome.body or record.body
    if mine:
        record.claimed_by = None
    session.add(record)
    detail = {
        "recipient": record.recipient,
        "status": record.status,
        "attempts": record.attempts,
        "channel": record.channel,
        "error": record.error,
    }
    audit.append(session, record.round_id, "message_settled", record.key, detail, actor)
    return record


def retry(session: Session, round_id: str, actor: str) -> int:
    """Let everything that failed or was given up be tried again at once; returns how many."""
    actor = need(session, round_id, Right.OPERATE, actor)
    one_writer(session, round_id)
    again = [
        record
        for record in notifications(session, round_id)
        if record.status in (FAILED, GIVEN_UP) and record.claimed_by is None
    ]
    for record in again:
        record.status, record.attempts, record.claimed_at = PENDING, 0, None
        session.add(record)
    if again:
        detail = {"keys": [record.key for record in again]}
        audit.append(session, round_id, "messages_retried", round_id, detail, actor)
    return len(again)


def notifications(session: Session, round_id: str) -> list[NotificationRecord]:
    return list(
        session.exec(
            select(NotificationRecord)
            .where(NotificationRecord.round_id == round_id)
            .order_by(col(NotificationRecord.id))
        )
    )


def queued_keys(session: Session, round_id: str) -> set[str]:
    """Keys of the messages that were sent or still will be."""
    return set(
        session.exec(
            select(NotificationRecord.key).where(
                NotificationRecord.round_id == round_id,
                col(NotificationRecord.status) != DROPPED,
            )
        )
    )


def _text(moment: datetime) -> str:
    """A moment as records keep it: texts of one form compare as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
