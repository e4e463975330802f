"""What schedules do: start a round, wake it each day, tell of deadlines.

A round that waits for people is suspended; woken, it runs from its top: takes in what has come,
reminds who is late, sends what stands in the outbox, and waits again where it waited.
"""

from datetime import date

from prefect import flow, get_run_logger

from dti_core.clock import CIVIL_TIME, today
from dti_core.program.load import RoundContext, load_program, load_round
from dti_core.program.recurring import missing
from dti_core.program.timetable import events_of_round
from dti_core.records.approvals import approval_state, steps_of
from dti_core.records.database import session
from dti_core.records.issued import issues
from dti_core.records.rounds import DRAFT, documents, opened_rounds
from flows.schedules import kind_named
from flows.stages import OPERATOR
from flows.wake import TOLD, newer_is_due, own_schedule, require_deployed_home, wake
from tasks.collecting import collect_task
from tasks.milestones import milestone_task, tell_missing
from tasks.notify import send_task
from tasks.reporting import REPORT


@flow(name="bat-dau-dot")
def begin(round_id: str | None = None) -> str:
    """The day has come to ask the units: start the round; returns what was done, in words."""
    require_deployed_home()
    round_id = round_id or own_schedule().parameters["round_id"]
    asleep = sleeps(load_round(round_id), today())
    return _said(asleep or f"Đợt {round_id}: {TOLD[wake(round_id)]}.")


@flow(name="hang-ngay")
def daily(round_id: str | None = None, actor: str = OPERATOR) -> str:
    """Wake a round for the day; of one that is over only send what still stands in the outbox.
    Returns what was done, in words."""
    require_deployed_home()
    round_id = round_id or own_schedule().parameters["round_id"]
    if newer_is_due():
        return _said("Lượt của một ngày không có worker; lượt mới hơn sẽ làm thay.")
    asleep = sleeps(load_round(round_id), today())
    if asleep and is_open(round_id):
        send_task(round_id, actor)  # letters of the result that could not go at once
    return _said(asleep or f"Đợt {round_id}: {TOLD[wake(round_id)]}.")


@flow(name="moc-thoi-gian")
def milestone(round_id: str | None = None, kind: str | None = None, actor: str = OPERATOR) -> str:
    """A deadline has passed (or publication is due): tell the organiser how the round stands, by
    what has arrived until now, and let the round go on."""
    require_deployed_home()
    if round_id is None or kind is None:
        given = own_schedule().parameters
        round_id, kind = given["round_id"], given["kind"]
    context, which, day = load_round(round_id), kind_named(kind), today()
    asleep = sleeps(context, day)
    if asleep:
        return _said(asleep)
    told = is_open(round_id)
    if told:
        if not context.round.data:
            collect_task(round_id, actor)
        told = milestone_task(round_id, which, day, next_step(context, day), actor)
        send_task(round_id, actor)
    words = "đã báo cơ quan chủ trì" if told else "không có thư mới cho cơ quan chủ trì"
    return _said(f"Đợt {round_id}: {words}; {TOLD[wake(round_id)]}.")


@flow(name="nhac-khai-dot")
def next_round(
    program_id: str | None = None, window: str | None = None, actor: str = OPERATOR
) -> str:
    """Ahead of a yearly window: say so where its round is not in the program yet."""
    require_deployed_home()
    if program_id is None or window is None:
        given = own_schedule().parameters
        program_id, window = given["program_id"], given["window"]
    program, day = load_program(program_id), today()
    found = missing(program, window, day)
    if found is None:
        return _said(f"Chương trình {program_id} đã khai đợt của cửa sổ {window}.")
    mine = {f"{program_id}/{each.id}" for each in program.rounds}
    with session() as records:
        opened = [each.id for each in opened_rounds(records) if each.id in mine]
    if not opened:
        # a program that only ships with the software: nobody here runs it
        return _said(f"Chương trình {program_id} chưa từng mở đợt nào ở đây nên không nhắc.")
    latest = max((load_round(each) for each in opened), key=lambda c: c.round.opens.on)
    told = tell_missing(latest, found, day, actor)
    send_task(latest.id, actor)
    words = "đã nhắc" if told else "không có thư mới; nhắc"
    return _said(f"Chưa khai đợt {found.round_id}: {words} cơ quan chủ trì.")


def sleeps(context: RoundContext, day: date) -> str | None:
    """Why a round is to be left alone on a day; None where it is on."""
    moments = [each for each in events_of_round(context) if each.round_id == context.id]
    first = min(each.starts for each in moments).astimezone(CIVIL_TIME).date()
    if day < first:
        return f"Đợt {context.id} chưa đến ngày bắt đầu ({first:%d/%m/%Y})."
    if is_open(context.id) and _finished(context):
        return f"Đợt {context.id} đã xong: báo cáo đã viết, dự thảo đã duyệt hoặc đã ban hành."
    return None


def is_open(round_id: str) -> bool:
    """Whether the round is in the records."""
    with session() as records:
        return any(each.id == round_id for each in opened_rounds(records))


def next_step(context: RoundContext, day: date) -> str:
    """What the organiser does next, with its command."""
    if context.round.data:
        return f"dti cycle {context.id}"
    from flows.commands.next_steps import next_of

    with session() as records:
        return next_of(records, context, day)


def _finished(context: RoundContext) -> bool:
    with session() as records:
        if context.round.own_index:
            made = any(each.kind == REPORT for each in documents(records, context.id))
            last = steps_of(context)[-1]
            return made and approval_state(records, context, last).state == "valid"
        if issues(records, context.id):
            return True
        return approval_state(records, context, DRAFT).state == "valid"


def _said(text: str) -> str:
    get_run_logger().info(text)
    return text
