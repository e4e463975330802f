"""When units may object: from the day the provisional results are sent to the petition deadline."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.calendar import next_working_day
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.tables import AuditRecord


class NoDaysLeft(Refused):
    """The results would reach the units when their time to object is over. Nothing was sent."""


SENT = "provisional_sent"
"""The audit event that says on which day the units were sent their provisional results."""


def takes_petitions(context: RoundContext) -> bool:
    """Whether units may object at all: the round names a last day, or the policy some days."""
    days = context.program.policies.petition_days
    return context.round.petition_by is not None or (days is not None and days.value > 0)


def announce(session: Session, context: RoundContext, day: date, actor: str) -> bool:
    """Record that the provisional results were sent to the units; returns whether that is new.

    The period of petitions runs from the first sending: a later one changes nothing, unless the
    round was opened again in between. Whether for all or for one provider: new figures of one can
    change the rank of every unit, so that what had been announced no longer holds for anybody.
    Everybody is told anew and has the whole period again.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    if announced_on(session, context.id) is not None:
        return False
    audit.append(session, context.id, SENT, context.id, {"day": day.isoformat()}, actor)
    return True


def announced_on(session: Session, round_id: str) -> date | None:
    """The day on which the provisional results were sent; None where they were not, or where the
    round was opened again since."""
    day: date | None = None
    for event in session.exec(
        select(AuditRecord)
        .where(
            AuditRecord.round_id == round_id,
            col(AuditRecord.action).in_([SENT, "round_reopened"]),
        )
        .order_by(col(AuditRecord.seq))
    ):
        sent = event.action == SENT
        day = (day or date.fromisoformat(event.detail["day"])) if sent else None
    return day


def sendings(session: Session, round_id: str) -> list[date]:
    """The days of all sendings, those before a reopening too, in the order of their records."""
    found = session.exec(
        select(AuditRecord)
        .where(AuditRecord.round_id == round_id, AuditRecord.action == SENT)
        .order_by(col(AuditRecord.seq))
    )
    return [date.fromisoformat(event.detail["day"]) for event in found]


def deadline_of(session: Session, context: RoundContext) -> date | None:
    """The last day for petitions: the round's; the policy's days after the sending where the round
    names none, or where the results were sent so late that less than those days would be left.

    Moved to a working day where the policy on days off says so. None where units may not object,
    or nothing was sent from which days could be counted. Raises UnknownYear, UnsettledDay.
    """
    policies, by = context.program.policies, context.round.petition_by
    days, sent = policies.petition_days, announced_on(session, context.id)
    known = [by.on] if by is not None else []
    if sent is not None and days is not None and takes_petitions(context):
        known.append(sent + timedelta(days=days.value))
    if not known:
        return None
    day = max(known)
    moved = policies.deadline_on_day_off
    return next_working_day(day) if moved and moved.value == "next_working_day" else day


def require_days_left(session: Session, context: RoundContext, day: date) -> None:
    """Refuse to tell the units their results on a day that leaves them none to object.

    Asked before they are told: what a policy gives afterwards, no letter says. Raises NoDaysLeft.
    """
    if announced_on(session, context.id) is not None:
        return
    until = deadline_of(session, context)
    if context.program.policies.petition_days is None and until is not None and day >= until:
        raise NoDaysLeft(
            f"Chưa gửi kết quả dự kiến đợt {context.id}: hạn kiến nghị của đợt là ngày"
            f" {until:%d/%m/%Y}, gửi hôm nay thì đơn vị không còn ngày nào để kiến nghị. Hãy đặt"
            " chính sách petition_days (số ngày kể từ khi gửi; 0 nếu quyết định không nhận kiến"
            " nghị sau hạn) rồi chạy lại."
        )


def is_over(session: Session, context: RoundContext, day: date) -> bool:
    """Whether units had their time to object, seen from a day. True where they may not at all."""
    if not takes_petitions(context):
        return True
    if announced_on(session, context.id) is None:
        return False
    deadline = deadline_of(session, context)
    return deadline is not None and day > deadline
