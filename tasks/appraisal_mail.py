"""What is written to appraisers: their workbook, what was not taken, and that they are late."""

import hashlib
from datetime import date

from sqlmodel import Session

from dti_core.program.appraisal import CHAIR
from dti_core.program.load import RoundContext
from dti_core.program.reminders import owed
from dti_core.records.approvals import approved
from dti_core.records.assignments import (
    Progress,
    assignments,
    due_of,
    progress,
    rows_by_verifier,
)
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.outbox import Message, notifications, queued_keys
from dti_core.records.tables import NotificationRecord
from reports.messages import Text, letter
from tasks.look_again import Dropped
from tasks.recipients import addresses
from tasks.unread import senders

SENT, REFUSED, REMINDED = "appraise", "appraise-refused", "remind-appraise"
"""First word of a message's key: appraise:VERIFIER:DIGEST:PLACE (see `workbook_sent`),
appraise-refused:VERIFIER:DIGEST, remind-appraise:VERIFIER:DAY."""

DIGITS = 12
"""Hexadecimal digits of a digest in a key: it tells one file, or one share, from the next."""


def workbook_sent(
    context: RoundContext, verifier: str, items: int, path: str, sha256: str
) -> list[Message]:
    """The message that brings an appraiser his workbook, once as long as his rows are the same;
    none where he has no address.

    The key carries a digest of his (unit, row) pairs, the chair's one of the workbook (other
    opinions, another decision), and its place among the messages of this kind to him: rows that
    were taken from him and given back are told again.
    """
    if not addresses(context, verifier):
        return []
    with session() as records:
        digest = sha256[:DIGITS] if verifier == CHAIR else _share(records, context, verifier)
        told = _workbooks_told(records, context.id, verifier)
    if told and told[-1].split(":")[2] == digest:
        return []
    text = letter(
        "appraise",
        context,
        verifier,
        items=items,
        differing=verifier == CHAIR,
        appraise_by=due_of(context),
    )
    key = f"{SENT}:{verifier}:{digest}:{len(told) + 1}"
    return [Message(key, verifier, text.title, text.body, (path,))]


def outdated(
    records: Session, context: RoundContext, message: NotificationRecord
) -> Dropped | None:
    """Why a message with a workbook is no longer needed: a newer one brings the file as it is now,
    at the same path."""
    told = _workbooks_told(records, context.id, message.key.split(":")[1])
    if told and told[-1] != message.key:
        return Dropped("đã có thư gửi tệp mới hơn")
    return None


def not_taken(
    context: RoundContext, verifier: str, file: str, sha256: str, why: str
) -> list[Message]:
    """The message that a file of his was set aside, once a file."""
    if not addresses(context, verifier):
        return []
    text = letter("appraise_refused", context, verifier, file=file, why=why)
    return [Message(f"{REFUSED}:{verifier}:{sha256[:DIGITS]}", verifier, text.title, text.body)]


def reminders(
    records: Session, context: RoundContext, day: date, queued: set[str]
) -> list[Message]:
    """The reminders of a day to those who have a workbook and still rows to judge, and have sent
    nothing that waits to be read.

    The rungs are those of the policy `reminders`, around the appraisers' own deadline. `queued`:
    keys of the messages that were sent or still will be.
    """
    if not assignments(records, context.id) or _over(records, context):
        return []
    sent = {each.verifier for each in assignments(records, context.id)}
    policy = context.program.policies.reminders
    ladder = policy.value if policy else None
    opens = context.round.closes.on
    owing = [
        each
        for each in progress(records, context)
        if each.verifier in sent
        and not each.done
        and each.due is not None
        and owed(ladder, each.due, opens, day, _last(queued, each.verifier))
        and addresses(context, each.verifier)
    ]
    unread = senders(records, context) if owing else set()
    found = []
    for each in owing:
        if each.verifier not in unread:
            text = _text(context, each, day)
            key = f"{REMINDED}:{each.verifier}:{day}"
            found.append(Message(key, each.verifier, text.title, text.body))
    return found


def again(records: Session, context: RoundContext, message: NotificationRecord) -> Text | Dropped:
    """A reminder's text by the records as they are now; or why nobody needs it any more."""
    _, verifier, stamp = message.key.split(":")
    day = date.fromisoformat(stamp)
    if _over(records, context):
        return Dropped("việc thẩm định đã khép")
    mine = next((each for each in progress(records, context) if each.verifier == verifier), None)
    if mine is None or mine.done:
        return Dropped("người thẩm định đã cho đủ điểm hoặc đã khép phần của mình")
    last = _last(queued_keys(records, context.id), verifier)
    if last is not None and last > day:
        return Dropped("đã có thư nhắc mới hơn")
    if verifier in senders(records, context):
        return Dropped("tệp của người thẩm định đã đến hộp nhận trước lúc thư được gửi đi")
    return _text(context, mine, day)


def _text(context: RoundContext, each: Progress, day: date) -> Text:
    due = each.due or day
    return letter(
        "remind_appraise",
        context,
        each.verifier,
        today=day,
        due=due,
        late=day > due,
        days=abs((day - due).days),
        items=each.items,
        judged=each.judged,
    )


def _over(records: Session, context: RoundContext) -> bool:
    step = "tham-dinh"
    return approved(records, context.id, step, digest_of(records, context.id, step))


def _share(records: Session, context: RoundContext, verifier: str) -> str:
    """A digest of the rows that are his now."""
    rows = sorted(rows_by_verifier(records, context).get(verifier, ()))
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:DIGITS]


def _workbooks_told(records: Session, round_id: str, verifier: str) -> list[str]:
    """Keys of the messages that brought him a workbook, in the order in which they were queued."""
    start = f"{SENT}:{verifier}:"
    return [each.key for each in notifications(records, round_id) if each.key.startswith(start)]


def _last(queued: set[str], verifier: str) -> date | None:
    """The day of the newest reminder to a verifier."""
    start = f"{REMINDED}:{verifier}:"
    days = [date.fromisoformat(key.removeprefix(start)) for key in queued if key.startswith(start)]
    return max(days, default=None)
