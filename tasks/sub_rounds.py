"""Sub-rounds, from the side of the round that they are a part of: ask, remind, take over."""

from collections.abc import Iterator
from datetime import date

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.program.reminders import owed
from dti_core.records.database import session
from dti_core.records.outbox import Message, enqueue, queued_keys
from dti_core.records.rounds import require_round
from dti_core.records.sub_rounds import (
    STATE_TEXT,
    SubRound,
    open_sub_rounds,
    sub_rounds,
    take_over,
)
from dti_core.records.tables import NotificationRecord
from tasks.busy import until_free
from tasks.look_again import Dropped
from tasks.retrying import RETRY

ASKED, REMINDED = "sub_round", "sub_round_remind"
"""First word of a message's key: sub_round:UNIT, sub_round_remind:UNIT:DAY."""


@task(name="mo-dot-thanh-phan", **RETRY)
def open_sub_rounds_task(round_id: str, actor: str) -> int:
    """Open the sub-rounds and ask those who run them; returns how many there are."""
    context = load_round(round_id)
    if not context.sub_rounds:
        return 0
    with session() as records:
        require_round(records, context)
        open_sub_rounds(records, context, actor)
        found = sub_rounds(records, context)
        enqueue(records, round_id, [_asked(context, each) for each in found], actor)
    return len(found)


@task(name="nhan-ket-qua-dot-thanh-phan", **RETRY)
def take_over_task(round_id: str, day: date, actor: str) -> list[str]:
    """Take in what was handed over, remind who is late; returns whose result is awaited."""
    context = load_round(round_id)
    if not context.sub_rounds:
        return []
    found = until_free(lambda: hand_overs(context, day, actor))
    create_table_artifact(
        key="dot-thanh-phan",
        description=f"Đợt thành phần của {round_id} ngày {day:%d/%m/%Y}",
        table=[
            {
                "đợt": each.id,
                "đơn vị chủ trì": context.program.unit[each.parent].name,
                "số đơn vị": each.units,
                "tình trạng": STATE_TEXT[each.state],
                "hạn": f"{each.due:%d/%m/%Y}",
            }
            for each in found
        ],
    )
    return [each.parent for each in found if each.state != "handed_over"]


def hand_overs(context: RoundContext, day: date, actor: str) -> tuple[SubRound, ...]:
    """Take over, queue the day's reminders; returns how every sub-round stands."""
    with session() as records:
        require_round(records, context)
        take_over(records, context, actor)
        found = sub_rounds(records, context)
        enqueue(records, context.id, list(_reminders(records, context, found, day)), actor)
    return found


def again(records: Session, context: RoundContext, message: NotificationRecord) -> Dropped | None:
    """Why a reminder that stands in the outbox is no longer needed; None where it is."""
    parent = message.key.split(":")[1]
    for each in sub_rounds(records, context):
        if each.parent == parent and each.state == "handed_over":
            return Dropped("đơn vị đã nộp kết quả trước lúc thư được gửi đi")
    return None


def _asked(context: RoundContext, each: SubRound) -> Message:
    from reports.messages import letter

    text = letter(ASKED, context, each.parent, **_facts(context, each))
    return Message(f"{ASKED}:{each.parent}", each.parent, text.title, text.body)


def _reminders(
    records: Session, context: RoundContext, found: tuple[SubRound, ...], day: date
) -> Iterator[Message]:
    from reports.messages import letter

    policy = context.program.policies.reminders
    keys = queued_keys(records, context.id)
    for each in found:
        if each.state == "handed_over":
            continue
        mine = [key for key in keys if key.startswith(f"{REMINDED}:{each.parent}:")]
        last = max((date.fromisoformat(key.rpartition(":")[2]) for key in mine), default=None)
        if not owed(policy.value if policy else None, each.due, context.round.opens.on, day, last):
            continue
        facts = _facts(context, each)
        text = letter(
            REMINDED, context, each.parent, today=day, days=(day - each.due).days, **facts
        )
        yield Message(f"{REMINDED}:{each.parent}:{day}", each.parent, text.title, text.body)


def _facts(context: RoundContext, each: SubRound) -> dict[str, object]:
    level = load_round(each.id).round.levels[0]
    return {
        "units": each.units,
        "hand_over_by": each.due,
        "sub_round": each.id,
        "basis": context.round.through[level].basis,
    }
