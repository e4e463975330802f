"""Send what stands in the outbox: claim, look again, hand to the channel, settle.

A plain function, so that it runs in any process. Between the channel's acceptance and our commit
a worker may die; then, and only then, the message goes out twice. Nothing is ever left out.
"""

from dataclasses import dataclass, replace

from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.outbox import (
    DROPPED,
    FAILED,
    GIVEN_UP,
    LEASE,
    SENT,
    Outcome,
    claim,
    claimants,
    enqueue,
    release,
    rests_until,
    settle,
    unsent,
)
from dti_core.records.tables import NotificationRecord
from dti_core.records.workers import bury, working
from reports.messages import check_texts
from tasks.busy import AWAY, until_free
from tasks.channels import DEFAULT, Route, UrlOf, deliver, from_environment, routes
from tasks.ladder import is_note, is_to_head, undelivered
from tasks.look_again import Dropped, Fresh, again
from tasks.recipients import addresses

WAITING = "waiting"
"""What a message counts as for which no channel is set up."""


@dataclass(frozen=True)
class Delivery:
    """What became of the outbox.

    sent, failed, dropped, given_up  settled now: `failed` will be tried again, `given_up` not
    waiting                          no channel is set up for them
    resting                          failed before and not yet due again
    busy                             another worker has them
    """

    sent: int = 0
    failed: int = 0
    dropped: int = 0
    waiting: int = 0
    given_up: int = 0
    resting: int = 0
    busy: int = 0


def send_pending(round_id: str, actor: str, url_of: UrlOf = from_environment) -> Delivery:
    """Send every message that is due, one at a time. Without a channel they wait; nothing fails.

    Raises BrokenText, before anything is sent, where a text is broken.
    """
    context = load_round(round_id)
    check_texts()
    done, seen = Delivery(), set[int]()
    bury(_claimants, LEASE)
    with working() as worker:
        while True:
            with session() as records:
                found = unsent(records, round_id)
            batch = [each for each in found if each.id not in seen]
            if not batch:
                return done
            for message in batch:
                assert message.id is not None
                seen.add(message.id)
                ways = _ways(context, message, url_of)
                what = WAITING
                if ways is not None:
                    what = _send(context, message.id, ways, worker, actor)
                done = replace(done, **{what: getattr(done, what) + 1})


def _claimants() -> set[str]:
    with session() as records:
        return claimants(records)


def _ways(context: RoundContext, message: NotificationRecord, url_of: UrlOf) -> list[Route] | None:
    """The channels to its recipient, none where it has no address; None without a channel set up.

    Asks nothing of the records: in an office without a channel every message waits in every run.
    """
    known = addresses(context, message.recipient, head=is_to_head(message.key))
    ways = routes(known, url_of)
    return None if not ways and (known or url_of(DEFAULT) is None) else ways


def _send(
    context: RoundContext, message_id: int, ways: list[Route], worker: str, actor: str
) -> str:
    """Take one message through; returns the field of Delivery that it counts in."""
    with session() as records:
        message = records.get_one(NotificationRecord, message_id)
        if not claim(records, message, worker):
            return "resting" if message.claimed_by is None and rests_until(message) else "busy"
    outcome: Outcome | None = None
    try:
        with session() as records:
            fresh = again(records, context, message)
        outcome = _attempt(context, message, fresh, ways)
    finally:
        if outcome is None:
            with session() as records:
                release(records, message_id, worker)
    status = _settle(context, message_id, worker, outcome, actor)
    return status if status in (SENT, FAILED, DROPPED, GIVEN_UP) else "busy"


def _attempt(
    context: RoundContext,
    message: NotificationRecord,
    fresh: Fresh,
    ways: list[Route],
) -> Outcome:
    if isinstance(fresh, Dropped):
        return Outcome(DROPPED, error=fresh.why)
    if not ways:
        whose = "lãnh đạo" if is_to_head(message.key) else "đầu mối"
        return Outcome(GIVEN_UP, error=f"đơn vị chưa có địa chỉ của {whose}")
    # a channel that fails is not insisted on: the next attempt takes the next one
    way = ways[message.attempts % len(ways)]
    title, body = (fresh.title, fresh.body) if fresh else (message.title, message.body)
    folder = round_folder(context.id)
    error = deliver(way, title, body, [folder / name for name in message.attachments])
    return Outcome(FAILED if error else SENT, way.channel, error, title, body)


def _settle(
    context: RoundContext, message_id: int, worker: str, outcome: Outcome, actor: str
) -> str:
    """Record the outcome, whatever else writes to the database: what is not recorded goes out
    again."""

    def record() -> str:
        with session() as records:
            settled = settle(records, message_id, worker, outcome, actor)
            if settled.status == GIVEN_UP and not is_note(settled.key):
                note = undelivered(records, context, message_id)
                enqueue(records, context.id, [note] if note else [], actor)
            return settled.status

    return until_free(record, AWAY)
