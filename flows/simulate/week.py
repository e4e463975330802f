"""What the organiser would have seen of each round on a Monday morning, from the records alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from dti_core.program.load import RoundContext
from dti_core.records.awards import LACKING, findings
from dti_core.records.collecting import standings
from dti_core.records.database import session
from dti_core.records.flags import ANSWERED, OPEN, all_flags
from dti_core.records.outbox import SENT, notifications
from dti_core.records.rounds import documents
from dti_core.records.tables import AuditRecord, RoundRecord
from flows.simulate.year import Year

REMINDERS = ("before", "remind", "escalate", "remind-appraise", "sub_round_remind")
"""First words of the keys of messages that remind."""


@dataclass(frozen=True)
class Seen:
    """One round at the end of a week.

    until     the Monday after the week, or the moment of the year's last event
    in_time, late, missing  requests: answered in time, answered late, not answered
    reminded  reminders that went out in the week; `sent` all messages that did
    fatal, warnings  findings that stand, without figures and evidence that are merely lacking
    asked, answered  doubts that wait for the unit, for the officer
    approved  steps approved in the week; `papers` documents that there are by now
    """

    round_id: str
    until: datetime
    in_time: int
    late: int
    missing: int
    reminded: int
    sent: int
    fatal: int
    warnings: int
    asked: int
    answered: int
    waits: str
    approved: tuple[str, ...]
    papers: int


def seen(year: Year, until: datetime) -> list[Seen]:
    """Every round that is open by then."""
    with session() as records:
        opened = set(records.exec(select(RoundRecord.id)))
        return [
            _seen(records, year, state.context, until)
            for state in year.rounds.values()
            if state.context.id in opened
        ]


def _seen(records: Session, year: Year, context: RoundContext, until: datetime) -> Seen:
    stands = standings(records, context.id)
    start = until - timedelta(days=7)
    went = [
        each.key
        for each in notifications(records, context.id)
        if each.status == SENT and each.sent_at and _within(each.sent_at, start, until)
    ]
    found = [each for each in findings(records, context.id) if each.rule not in LACKING]
    flags = [each.status for each in all_flags(records, context.id)]
    approved = records.exec(
        select(AuditRecord).where(
            AuditRecord.round_id == context.id, AuditRecord.action == "step_approved"
        )
    )
    state = year.rounds[context.id]
    return Seen(
        round_id=context.id,
        until=until,
        in_time=sum(s.received_on is not None and not s.came_late for s in stands),
        late=sum(s.came_late for s in stands),
        missing=sum(s.received_on is None for s in stands),
        reminded=sum(key.partition(":")[0] in REMINDERS for key in went),
        sent=len(went),
        fatal=sum(each.severity == "fatal" for each in found),
        warnings=sum(each.severity == "warning" for each in found),
        asked=flags.count(OPEN),
        answered=flags.count(ANSWERED),
        waits=state.waits[0] if state.waits else ("xong" if state.done else ""),
        approved=tuple(each.subject for each in approved if _within(each.at, start, until)),
        papers=len(documents(records, context.id)),
    )


def _within(stamp: str, start: datetime, until: datetime) -> bool:
    return start <= datetime.fromisoformat(stamp) < until


def monday_of(moment: datetime) -> date:
    """The first day of the week that ends at a moment."""
    return (moment - timedelta(seconds=1)).date() - timedelta(
        days=(moment - timedelta(seconds=1)).weekday()
    )
