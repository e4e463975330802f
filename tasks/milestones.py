"""Tell the organiser that a deadline has passed: who has sent, what is open, what comes next."""

from collections.abc import Iterator
from datetime import date, timedelta

from prefect import task
from sqlmodel import Session

from dti_core.clock import CIVIL_TIME
from dti_core.errors import Refused
from dti_core.program.load import RoundContext, load_round
from dti_core.program.recurring import Missing
from dti_core.program.timetable import Event, Kind, events_of_round
from dti_core.records.assignments import assignments, progress
from dti_core.records.collecting import standings
from dti_core.records.database import session
from dti_core.records.flags import ANSWERED, OPEN, all_flags
from dti_core.records.outbox import Message, enqueue
from dti_core.records.petitions import undecided
from dti_core.records.rounds import require_round
from dti_core.records.sub_rounds import sub_rounds
from reports.messages import check_texts, letter
from tasks.busy import until_free
from tasks.ladder import WHAT
from tasks.retrying import RETRY

MILESTONE, NEXT_ROUND = "milestone", "next_round"
"""First word of a message's key: milestone:KIND:DEADLINE, next_round:ROUND:DAYS_LEFT."""

DEADLINES: dict[Kind, str] = {
    "close": "Hạn gửi số liệu",
    "explanation": "Hạn giải trình",
    "hand_over": "Hạn nộp kết quả đợt thành phần",
    "appraisal": "Hạn thẩm định",
    "petitions": "Hạn kiến nghị",
    "publication": "Hạn công bố",
}
"""The events that are deadlines, as the organiser reads of them."""


class NoDeadline(Refused):
    """The round's calendar has no such deadline."""


@task(name="bao-moc-thoi-gian", **RETRY)
def milestone_task(round_id: str, kind: Kind, day: date, next_step: str, actor: str) -> bool:
    """See `tell_milestone`."""
    return tell_milestone(load_round(round_id), kind, day, next_step, actor)


def tell_milestone(
    context: RoundContext, kind: Kind, day: date, next_step: str, actor: str
) -> bool:
    """Queue one message to the organiser about a deadline; returns whether it is new.

    Once a deadline: a day that was moved is told again when it has passed. False too where the
    organiser is no unit of the program, so that nobody can be written to.

    next_step  what to do next, with its command

    Raises NoDeadline, BrokenText.
    """
    check_texts((MILESTONE,))
    event = next(
        (
            each
            for each in events_of_round(context)
            if each.round_id == context.id and each.kind == kind and kind in DEADLINES
        ),
        None,
    )
    if event is None:
        raise NoDeadline(
            f"Lịch của đợt {context.id} không có hạn {kind!r}. Nếu lịch đã đổi, hãy chạy: dti"
            " deploy"
        )
    if context.program.organiser not in context.program.unit:
        return False

    def queue() -> bool:
        with session() as records:
            require_round(records, context)
            message = _message(records, context, event, day, next_step)
            return bool(enqueue(records, context.id, [message], actor))

    return until_free(queue)


def tell_missing(context: RoundContext, found: Missing, day: date, actor: str) -> bool:
    """Queue one message to the organiser that the round of a coming window is not entered; returns
    whether it is new. It goes with an earlier round of the program, `context`.

    Raises BrokenText.
    """
    program = context.program
    if program.organiser not in program.unit:
        return False
    text = letter(
        NEXT_ROUND,
        context,
        program.organiser,
        today=day,
        program=program.name,
        window=found.recurring.title,
        opens=found.opens,
        closes=found.closes,
        basis=found.recurring.basis,
        new_round=found.round_id,
        file=str(program.folder / "program.yaml"),
    )
    left = (found.opens - day).days
    key = f"{NEXT_ROUND}:{found.round_id}:{left}"

    def queue() -> bool:
        with session() as records:
            message = Message(key, program.organiser, text.title, text.body)
            return bool(enqueue(records, context.id, [message], actor))

    return until_free(queue)


def _message(
    records: Session, context: RoundContext, event: Event, day: date, next_step: str
) -> Message:
    # an event about a deadline comes on the morning after it, publication on its day
    passed = event.kind != "publication"
    on = event.starts.astimezone(CIVIL_TIME).date()
    deadline = on - timedelta(days=1) if passed else on
    stands = standings(records, context.id)
    text = letter(
        MILESTONE,
        context,
        context.program.organiser,
        today=day,
        what=DEADLINES[event.kind],
        deadline=deadline,
        basis=event.basis,
        passed=passed,
        asked=len(stands),
        received=sum(each.received_on is not None for each in stands),
        came_late=sum(each.came_late for each in stands),
        missing=[
            {
                "unit": context.program.unit[each.provider].name,
                "what": WHAT.get(each.kind, each.kind),
            }
            for each in stands
            if each.received_on is None
        ],
        open_work=list(_open_work(records, context)),
        next_step=next_step,
    )
    key = f"{MILESTONE}:{event.kind}:{deadline}"
    return Message(key, context.program.organiser, text.title, text.body)


def _open_work(records: Session, context: RoundContext) -> Iterator[str]:
    """What people still have to do, a line each."""
    flags = all_flags(records, context.id)
    for status, words in (
        (OPEN, "nghi vấn chưa có giải trình"),
        (ANSWERED, "giải trình đang chờ cán bộ xem"),
    ):
        units = [each.unit for each in flags if each.status == status]
        if units:
            yield f"{len(units)} {words}, của {len(set(units))} đơn vị"
    if context.sub_rounds:
        waiting = [each for each in sub_rounds(records, context) if each.state != "handed_over"]
        for each in waiting:
            yield f"{context.program.unit[each.parent].name} chưa nộp kết quả đợt thành phần"
    if assignments(records, context.id):
        for part in progress(records, context):
            if not part.done:
                left = part.items - part.judged
                yield f"{part.name} còn {left} trên {part.items} dòng chưa cho điểm"
    if petitions := undecided(records, context.id):
        yield f"{len(petitions)} kiến nghị chưa có quyết định"
