"""Whether every message of a year had its cause, by what people did, not by what the product
thought: the truth of the simulation against the outbox."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session, select

from dti_core.program.calendar import closing_of
from dti_core.program.load import RoundContext
from dti_core.program.policies import Reminders
from dti_core.records.outbox import DROPPED, SENT, notifications
from dti_core.records.tables import AuditRecord, FlagRecord, NotificationRecord, SubmissionRecord
from flows.simulate.year import Year, local

Key = tuple[str, str]
"""(provider, kind)"""


@dataclass(frozen=True)
class Truth:
    """What people did about the requests of one round.

    first     when a provider's first good file lay in the inbox
    due       its last day, with the day from which that held
    closed    when collection was closed for the first time; None where it never was
    days      the days on which the round was looked after
    """

    first: Mapping[Key, datetime]
    stated: date
    granted: Mapping[str, tuple[date, datetime]]
    closed: datetime | None
    days: frozenset[date]

    def due(self, provider: str, at: datetime) -> date:
        """The deadline that held at a moment."""
        given = self.granted.get(provider)
        return given[0] if given and given[1] <= at else self.stated


def truth(year: Year, context: RoundContext) -> Truth:
    first: dict[Key, datetime] = {}
    for each in year.arrivals:
        if each.round_id == context.id and each.good and each.what in ("own", "about_units"):
            key = each.who, each.what
            first[key] = min(first.get(key, each.moment), each.moment)
    closings = [
        a.moment
        for a in year.approvals
        if (a.round_id, a.step) == (context.id, "thu-thap") and not a.refused
    ]
    return Truth(
        first=first,
        stated=closing_of(context.program, context.round).on,
        granted={who: (until, at) for r, who, until, at in year.extensions if r == context.id},
        closed=min(closings, default=None),
        days=frozenset(local(m).date() for m, r, _ in year.events if r == context.id),
    )


def unexplained(records: Session, year: Year, context: RoundContext) -> Iterator[str]:
    """Messages without a cause, and causes without their message, in words."""
    facts = truth(year, context)
    causes = _Causes(records, year, context, facts)
    for each in notifications(records, context.id):
        if each.status not in (SENT, DROPPED):
            yield f"thư {each.key} không đi được: {each.error or each.status}"
        elif each.status == SENT and (why := causes.none_for(each)):
            yield f"thư {each.key} gửi lúc {_shown(each)}: {why}"
    yield from _reminders_missed(records, context, facts)


class _Causes:
    """Looks a message's cause up."""

    def __init__(self, records: Session, year: Year, context: RoundContext, facts: Truth) -> None:
        self.context, self.facts, self.year = context, facts, year
        self.versions = {
            (each.source, each.version)
            for each in records.exec(
                select(SubmissionRecord).where(SubmissionRecord.round_id == context.id)
            )
        }
        self.doubted = set(
            records.exec(select(FlagRecord.unit).where(FlagRecord.round_id == context.id))
        )
        self.actions = {
            each.action
            for each in records.exec(select(AuditRecord).where(AuditRecord.round_id == context.id))
        }

    def none_for(self, message: NotificationRecord) -> str | None:
        """Why a message has no cause; None where it has one."""
        word, *rest = message.key.split(":")
        moment = datetime.fromisoformat(message.sent_at or "").astimezone(UTC)
        match word:
            case "before" | "remind" | "escalate":
                return self._reminder(word, rest[0], rest[1], moment)
            case "digest":
                return None if self._late(moment) else "không nơi nào quá hạn"
            case "receipt":
                known = (f"{rest[0]}:{rest[1]}", int(rest[2])) in self.versions
                return None if known else "không có lần gửi ấy"
            case "explain":
                return None if rest[0] in self.doubted else "đơn vị không có nghi vấn"
            case "extension":
                return None if rest[0] in self.facts.granted else "không có gia hạn"
            case "appraise" | "remind-appraise":
                return self._of_appraiser(word, rest[0])
            case "appraise-refused":
                return "mọi tệp thẩm định đã gửi đều điền đúng cách"
            case "request" | "sub_round" | "milestone":
                return None
            case "provisional":
                return None if "provisional_sent" in self.actions else "chưa thông báo kết quả"
            case "result":
                return None if "result_issued" in self.actions or self._issued() else "chưa ký"
            case "sub_round_remind":
                return self._handed_over(rest[0], moment)
            case _:
                return f"loại thư {word!r} không có trong các nguyên nhân đã biết"

    def _issued(self) -> bool:
        return any("issue" in action for action in self.actions)

    def _reminder(self, word: str, who: str, kind: str, moment: datetime) -> str | None:
        first, due = self.facts.first.get((who, kind)), self.facts.due(who, moment)
        day = local(moment).date()
        if first is not None and first <= moment:
            return f"đơn vị đã gửi từ {local(first):%H:%M %d/%m/%Y}"
        if self.facts.closed is not None and moment >= self.facts.closed:
            return "việc thu thập đã khép"
        if word == "before":
            return None if day <= due else f"thư nhắc trước hạn mà hạn {due:%d/%m/%Y} đã qua"
        return None if day > due else f"thư quá hạn mà hạn là {due:%d/%m/%Y}"

    def _late(self, moment: datetime) -> bool:
        day = local(moment).date()
        firsts = ((who, self.facts.first.get((who, kind))) for who, kind in _asked(self.context))
        return any(
            day > self.facts.due(who, moment) and (first is None or first > moment)
            for who, first in firsts
        )

    def _of_appraiser(self, word: str, who: str) -> str | None:
        from dti_core.program.appraisal import CHAIR
        from dti_core.program.routing import routes

        if who == CHAIR:
            return None
        if who not in routes(self.context):
            return "không được giao dòng nào"
        if word == "appraise":
            return None
        by = self.context.round.appraise_by
        return None if by is not None else "đợt không có hạn thẩm định"

    def _handed_over(self, parent: str, moment: datetime) -> str | None:
        sub = f"{self.context.id}@{parent}"
        handed = [
            a.moment
            for a in self.year.approvals
            if (a.round_id, a.step) == (sub, "du-thao") and not a.refused
        ]
        early = handed and min(handed) <= moment
        return "đợt thành phần đã nộp kết quả" if early else None


def _asked(context: RoundContext) -> list[Key]:
    from dti_core.program.requests import requests

    return [
        (each.provider, kind)
        for each in requests(context)
        for kind, there in (("own", each.about_itself), ("about_units", each.about_units))
        if there
    ]


def _reminders_missed(records: Session, context: RoundContext, facts: Truth) -> Iterator[str]:
    """Days on which the policy owed a reminder and none went out."""
    policy = context.program.policies.reminders
    sent: dict[Key, set[date]] = {}
    for each in notifications(records, context.id):
        word, *rest = each.key.split(":")
        if word in ("before", "remind") and each.status == SENT:
            sent.setdefault((rest[0], rest[1]), set()).add(date.fromisoformat(rest[-1]))
    for who, kind in _asked(context):
        wanted = set(_owed(policy.value if policy else None, context, facts, who, kind))
        got = sent.get((who, kind), set())
        for day in sorted(wanted - got):
            yield f"không nhắc {who} ({kind}) ngày {day:%d/%m/%Y} dù chính sách đòi"
        for day in sorted(got - wanted):
            yield f"nhắc {who} ({kind}) ngày {day:%d/%m/%Y} ngoài các mốc của chính sách"


def _owed(
    policy: Reminders | None, context: RoundContext, facts: Truth, who: str, kind: str
) -> Iterator[date]:
    """The days on which a provider is owed a reminder, reckoned day by day from what it did."""
    first = facts.first.get((who, kind))
    for day in sorted(facts.days):
        at = _morning(context, day)
        if (first is not None and first <= at) or (facts.closed and facts.closed <= at):
            return
        away = (day - facts.due(who, at)).days
        if policy is None:
            if away > 0:
                yield day
            continue
        last = max(policy.after, default=0)
        every = policy.then_every
        if (
            (-away in policy.before and day > context.round.opens.on)
            or away in policy.after
            or (every and away > last and (away - last) % every == 0)
        ):
            yield day


def _morning(context: RoundContext, day: date) -> datetime:
    from dti_core.clock import CIVIL_TIME

    return datetime.combine(day, context.program.timetable.at, CIVIL_TIME)


def _shown(message: NotificationRecord) -> str:
    return f"{local(datetime.fromisoformat(message.sent_at or '')):%H:%M %d/%m/%Y}"
