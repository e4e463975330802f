"""Offices that are asked to explain, and the officer who judges what they say."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

from dti_core.clock import now
from dti_core.intake.layout import CHANGED, CORRECTED, DECISION, KEPT, REASON
from dti_core.program.load import RoundContext
from dti_core.rational import vietnamese
from dti_core.records.database import session
from dti_core.records.flags import ANSWERED, OPEN, all_flags, decide, is_late
from dti_core.records.outbox import GIVEN_UP, SENT, notifications
from dti_core.records.rounds import gate_of
from dti_core.records.tables import FlagRecord
from flows.sample_values import Values
from flows.simulate.habits import day_between, dice, last_hour, office_hour
from flows.simulate.year import ROLE, Arrival, Year, local
from tasks.explaining import explain
from tasks.judging import UnreadAnswer, judge

SAID = "Mẫu: đơn vị đã rà soát hồ sơ, số liệu đúng như báo cáo; tài liệu kiểm chứng đã gửi kèm."
MENDED = "Mẫu: đơn vị rà soát lại, số liệu trước nhập nhầm."


def look(year: Year, context: RoundContext) -> None:
    """Let the units that were written to plan their answers, and the officer his judgement."""
    with session() as records:
        flags = all_flags(records, context.id)
        letters = [
            each.key
            for each in notifications(records, context.id)
            if each.key.startswith("explain:") and each.status == SENT
        ]
        written = {
            each.key.split(":")[1]
            for each in notifications(records, context.id)
            if each.key.startswith("explain:") and each.status in (SENT, GIVEN_UP)
        }
    for key in letters:
        if not year.agenda.knows((context.id, key)):
            _plan(year, context, key, flags)
    for flag in flags:
        if flag.status == ANSWERED:
            fall = dice(year.seed, context.id, flag.flag_id, flag.explanation, flag.corrected)
            day = local(now()).date() + timedelta(days=fall.randint(*year.habits.officer_days))
            name = ("judge", context.id, flag.flag_id, flag.explanation, flag.corrected)
            year.agenda.add(office_hour(day, fall), name, _judging(year, context, flag.flag_id))
        elif flag.status == OPEN:
            _give_up_later(year, context, flag, written)


def _plan(year: Year, context: RoundContext, key: str, flags: list[FlagRecord]) -> None:
    unit, fall, habits = key.split(":")[1], dice(year.seed, context.id, key), year.habits
    today = local(now()).date()
    dues = [date.fromisoformat(f.due) for f in flags if f.unit == unit and f.due]
    due = max(dues, default=None)
    way = habits.explaining.draw(fall)
    if due is None or due <= today:
        moment = office_hour(today + timedelta(days=fall.randint(*habits.explains_in_days)), fall)
    elif way == "early":
        moment = office_hour(day_between(today + timedelta(days=1), due, fall), fall)
    elif way == "last_day":
        moment = last_hour(due, fall)
    else:
        moment = office_hour(due + timedelta(days=fall.randint(1, 3)), fall)
    name = (context.id, key)
    if way == "never":
        year.agenda.add(moment, name, lambda: None)
    else:
        year.agenda.add(moment, name, lambda: _explain(year, context, unit, key))


def _explain(year: Year, context: RoundContext, unit: str, key: str) -> None:
    """The unit answers all that it is asked at this moment, in the workbook as it lies there."""
    with session() as records:
        mine = [f for f in all_flags(records, context.id) if f.unit == unit and f.status == OPEN]
        gate = gate_of(records, context.id)
    if not mine:
        return
    values: Values = {}
    for flag in mine:
        values |= _reply(year, context, flag)
    policy, day = context.program.policies.unanswered_flags, local(now()).date()
    late = policy is not None and any(is_late(flag, policy, gate, day) for flag in mine)
    aside = "giải trình quá hạn" if late else ""
    if not gate.takes_answers(unit):
        aside = "đến sau khi dự thảo được duyệt"
    digest = key.rpartition(":")[2]
    name = f"{unit}-giai-trinh-{digest}.xlsx"
    arrival = Arrival(
        context.id, unit, "explanation", name, now(), good=not aside, expected_aside=aside
    )
    year.send(arrival, f"out/{unit}/{unit}-giai-trinh.xlsx", values)


def _reply(year: Year, context: RoundContext, flag: FlagRecord) -> Values:
    fall = dice(year.seed, "reply", context.id, flag.flag_id)
    mends = fall.random() < year.habits.corrects and flag.variable and flag.expected
    corrected = _typed(flag) if mends else None
    if corrected is None:
        return {(flag.flag_id, DECISION): KEPT, (flag.flag_id, REASON): SAID}
    return {
        (flag.flag_id, DECISION): CHANGED,
        (flag.flag_id, CORRECTED): corrected,
        (flag.flag_id, REASON): MENDED,
    }


def _typed(flag: FlagRecord) -> str | None:
    """The figure that the doubt expects, as an official would type it, where it is a whole one."""
    value = Fraction(flag.expected or 0)
    return vietnamese(value, 0).replace(".", "") if value.denominator == 1 and value >= 0 else None


def _judging(year: Year, context: RoundContext, flag_id: str) -> Callable[[], None]:
    def judge() -> None:
        fall = dice(year.seed, "officer", context.id, flag_id)
        accepts = fall.random() < year.habits.officer_accepts
        reason = (
            "Mẫu: giải trình phù hợp với tài liệu kiểm chứng."
            if accepts
            else "Mẫu: tài liệu kiểm chứng chưa chứng minh được nội dung giải trình."
        )
        with session() as records:
            decide(records, context.id, flag_id, accepts, reason, ROLE)

    return judge


def _give_up_later(year: Year, context: RoundContext, flag: FlagRecord, written: set[str]) -> None:
    """Where no policy decides on what is left unanswered, the officer does, after some patience."""
    by_policy = context.program.policies.unanswered_flags is not None and flag.due
    if flag.unit not in written or by_policy:
        return
    today = local(now()).date()
    due = (
        date.fromisoformat(flag.due)
        if flag.due
        else today + timedelta(days=year.habits.explains_in_days[1])
    )
    fall = dice(year.seed, "patience", context.id, flag.flag_id)
    day = max(due, today) + timedelta(days=year.habits.officer_patience)

    def conclude() -> None:
        with session() as records:
            still = [f for f in all_flags(records, context.id) if f.flag_id == flag.flag_id]
        if not still or still[0].status != OPEN:
            return
        told = "Mẫu: quá hạn mà đơn vị không giải trình; cán bộ kết luận giữ nghi vấn."
        try:
            judge(context, flag.flag_id, False, told, ROLE)
        except UnreadAnswer:  # it came just now: he reads it, and judges what it says another day
            explain(context, ROLE)
            look(year, context)

    year.agenda.add(office_hour(day, fall), ("give up", context.id, flag.flag_id), conclude)
