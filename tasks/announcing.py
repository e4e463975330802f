"""Tell every unit its provisional result, before anything is published."""

from datetime import date

from prefect import task
from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.outbox import Message, enqueue
from dti_core.records.petition_period import (
    announce,
    announced_on,
    deadline_of,
    require_days_left,
    sendings,
    takes_petitions,
)
from dti_core.records.rounds import require_round
from dti_core.records.tables import NotificationRecord
from tasks.busy import until_free
from tasks.look_again import Dropped
from tasks.papers import write_papers
from tasks.retrying import RETRY
from tasks.unchanged import unless_done

NOTICE = "out/{unit}/thong-bao-ket-qua-du-kien.docx"

PROVISIONAL = "provisional"
"""First word of a message's key, PROVISIONAL:UNIT:SENDING (see `_sending`)."""


@task(name="ket-qua-du-kien", **RETRY)
def announce_task(round_id: str, day: date, actor: str) -> int:
    """Send the provisional results; see `tell_provisional`. Returns how many letters are new."""
    context = load_round(round_id)

    def tell() -> int:
        return until_free(lambda: tell_provisional(context, day, actor))

    return unless_done("ket-qua-du-kien", context, (actor, day), tell, lambda _new: 0)


def tell_provisional(context: RoundContext, day: date, actor: str) -> int:
    """Write each unit's letter with its score sheet and queue it; the period of petitions runs
    from `day`. Once: what petitions change later is told with the final result. Once more after
    the round was opened again, for all or for one: see `petition_period.announce`.

    Returns how many letters were written: none where units may not object, or were told already.
    Raises NoDaysLeft.
    """
    if not takes_petitions(context):
        return 0
    with session() as records:
        require_round(records, context)
        require_days_left(records, context, day)
        if not announce(records, context, day, actor):
            return 0
        return _tell(records, context, actor)


def _tell(records: Session, context: RoundContext, actor: str) -> int:
    from reports.letters.notice import render_all
    from reports.messages import letter
    from reports.unit_round.notices import notice_values

    values = notice_values(records, context)
    names = {unit: NOTICE.format(unit=unit) for unit in values}
    letters = zip(names.values(), render_all(values.values()), strict=True)
    write_papers(
        records, context.id, [("provisional_notice", name, each) for name, each in letters], actor
    )
    until, sending = deadline_of(records, context), _sending(records, context)
    messages = []
    for unit, name in names.items():
        text = letter("provisional", context, unit, petition_by=until)
        key = f"{PROVISIONAL}:{unit}:{sending}"
        messages.append(Message(key, unit, text.title, text.body, (name,)))
    enqueue(records, context.id, messages, actor)
    return len(messages)


def outdated(
    records: Session, context: RoundContext, message: NotificationRecord
) -> Dropped | None:
    """Why a provisional result that still stands in the outbox must not go: the round was opened
    again since, so that it may be others' result by now and names another last day."""
    if announced_on(records, context.id) is None:
        return Dropped("đợt đã mở lại, kết quả dự kiến sẽ được thông báo lại")
    if message.key != f"{PROVISIONAL}:{message.recipient}:{_sending(records, context)}":
        return Dropped("kết quả dự kiến đã được thông báo lại")
    return None


def _sending(records: Session, context: RoundContext) -> str:
    """The day of the sending that holds now; a second sending of that day, after the round was
    opened again in between, with :2."""
    day = announced_on(records, context.id)
    place = sendings(records, context.id).count(day)
    return f"{day}" + (f":{place}" if place > 1 else "")
