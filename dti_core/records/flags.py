"""Flags in the records: raised, answered by the unit, taken or refused by the officer.

open        the unit is asked and has not answered
listed      more than the unit is asked by policy: shown to the appraiser, not asked, not waited for
answered    by the unit; accepted, refused: by the officer, with a reason
unanswered  the deadline has passed without an answer: the appraiser decides, by policy
stands      the same, where by policy the reported figure is kept
withdrawn   the figure no longer raises it
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.framework.model import Framework
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.impact import Impact
from dti_core.plausibility.priority import weight
from dti_core.program.policies import Policy, Unanswered
from dti_core.rational import exact_text
from dti_core.records import audit
from dti_core.records.rights import Right, need
from dti_core.records.rounds import Gate
from dti_core.records.tables import FlagRecord

OPEN, LISTED, ANSWERED, ACCEPTED, REFUSED, UNANSWERED, STANDS, WITHDRAWN = (
    "open",
    "listed",
    "answered",
    "accepted",
    "refused",
    "unanswered",
    "stands",
    "withdrawn",
)

DECIDED = (ACCEPTED, REFUSED)

STATUS_TEXT = {
    OPEN: "chờ giải trình",
    ANSWERED: "chờ cán bộ xem",
    ACCEPTED: "chấp nhận giải trình",
    REFUSED: "không chấp nhận giải trình",
    UNANSWERED: "quá hạn không giải trình, người thẩm định quyết định",
    STANDS: "quá hạn không giải trình, giữ số đã báo cáo",
    LISTED: "chỉ liệt kê, không hỏi đơn vị",
    WITHDRAWN: "không còn nghi vấn",
}

LAPSED: Mapping[Unanswered, str] = {"to_appraiser": UNANSWERED, "keep": STANDS}
"""What an open flag becomes when its deadline passes, by policy."""


class NoReason(Refused):
    """A decision about an explanation came without its reason."""


class UnknownFlag(Refused):
    """There is no such flag in the round."""


@dataclass(frozen=True)
class Answer:
    """What a unit answers to a flag: kept or changed, the corrected figure as typed, why."""

    flag_id: str
    decision: str
    corrected: str | None
    reason: str


def write_flags(
    session: Session,
    round_id: str,
    flags: Sequence[Flag],
    impacts: Mapping[str, Impact | None],
    actor: str,
    listed: Collection[str] = (),
    due: date | None = None,
) -> int:
    """Record the flags that stand now; returns how many came, went or are worth something else.

    One that has been answered keeps its answer; one without that no longer stands is withdrawn.

    impacts  flag's id → what it is worth
    listed   ids of the flags that the unit is not asked about; one that it was asked about stays so
    due      the last day for answers to those that it is asked about now; None where none is set
    """
    actor = need(session, round_id, Right.OPERATE, actor)
    stored = {record.flag_id: record for record in all_flags(session, round_id)}
    changed = 0
    for flag in flags:
        record = stored.pop(flag.id, None)
        if record is not None and record.status not in (OPEN, LISTED, WITHDRAWN):
            continue
        if record is None:
            record = _record(round_id, flag)
        before = record.model_dump()
        _value(record, flag, impacts.get(flag.id))
        if record.status != OPEN:
            record.status = LISTED if flag.id in listed else OPEN
            record.due = due.isoformat() if due and record.status == OPEN else None
        if record.id is None or record.model_dump() != before:
            session.add(record)
            changed += 1
    for record in stored.values():
        if record.status in (OPEN, LISTED, UNANSWERED, STANDS):
            record.status = WITHDRAWN
            session.add(record)
            changed += 1
    if changed:
        audit.append(session, round_id, "flags_raised", round_id, {"changed": changed}, actor)
    return changed


def _record(round_id: str, flag: Flag) -> FlagRecord:
    return FlagRecord(
        round_id=round_id,
        flag_id=flag.id,
        unit=flag.unit,
        criterion=flag.criterion,
        criteria=list(flag.criteria or (flag.criterion,)),
        variable=flag.variable,
        detector=flag.detector,
        reported=None if flag.reported is None else exact_text(flag.reported),
        expected=None if flag.expected is None else exact_text(flag.expected),
        message=flag.message,
        status=WITHDRAWN,
    )


def _value(record: FlagRecord, flag: Flag, impact: Impact | None) -> None:
    points = None if impact is None else impact.points
    record.suspicion = flag.suspicion
    record.impact = None if points is None else exact_text(points)
    record.impact_total = None if impact is None else exact_text(impact.total)
    record.impact_rank = None if impact is None else impact.rank


def flag_of(record: FlagRecord) -> Flag:
    """The flag as it was raised."""
    return Flag(
        unit=record.unit,
        criterion=record.criterion,
        variable=record.variable,
        detector=record.detector,
        message=record.message,
        reported=None if record.reported is None else Fraction(record.reported),
        expected=None if record.expected is None else Fraction(record.expected),
        criteria=tuple(record.criteria),
        suspicion=1.0 if record.suspicion is None else record.suspicion,
    )


def weightiest(
    flags: Iterable[FlagRecord], frameworks: Mapping[str, Framework]
) -> list[FlagRecord]:
    """The flags as people read them, the weightiest first. `frameworks`: unit → its framework."""

    def heaviness(record: FlagRecord) -> tuple[float, float]:
        flag, impact = flag_of(record), None
        if record.impact is not None:
            impact = Impact(Fraction(record.impact), Fraction(record.impact_total or 0), None)
        return -weight(frameworks[record.unit], flag, impact), -flag.suspicion

    return sorted(flags, key=heaviness)


def asked_before(session: Session, round_id: str) -> dict[str, set[str]]:
    """Unit → ids of the flags that it has been asked about, answered or not; not withdrawn ones."""
    found: dict[str, set[str]] = {}
    for record in all_flags(session, round_id):
        if record.status not in (LISTED, WITHDRAWN):
            found.setdefault(record.unit, set()).add(record.flag_id)
    return found


def is_late(record: FlagRecord, policy: Policy[Unanswered] | None, gate: Gate, day: date) -> bool:
    """Whether an answer of that day comes too late, by the policy on unanswered flags.

    Never where none is set, nor for a unit for which the round was opened again.
    """
    if policy is None or record.due is None or gate.lets_in_late(record.unit):
        return False
    return day > date.fromisoformat(record.due)


def lapse(
    session: Session,
    round_id: str,
    policy: Policy[Unanswered] | None,
    gate: Gate,
    day: date,
    actor: str,
) -> int:
    """Let the policy decide on the flags that nobody answered in time; returns how many."""
    actor = need(session, round_id, Right.OPERATE, actor)
    lapsed = 0
    for record in all_flags(session, round_id):
        if policy is None or record.status != OPEN or not is_late(record, policy, gate, day):
            continue
        record.status = LAPSED[policy.value]
        session.add(record)
        detail = {"due": record.due, "policy": policy.value, "basis": policy.basis}
        audit.append(session, round_id, "flag_unanswered", record.flag_id, detail, actor)
        lapsed += 1
    return lapsed


def left_to_appraiser(session: Session, round_id: str) -> set[tuple[str, str]]:
    """(unit, criterion) on which the appraiser has to decide with a reason."""
    return {
        (record.unit, record.criterion)
        for record in all_flags(session, round_id)
        if record.status == UNANSWERED
    }


def answer(session: Session, round_id: str, answers: Iterable[Answer], actor: str) -> int:
    """Record units' answers, the newest one of each; returns how many say something new.

    An answer to a flag that is already decided changes nothing.
    """
    actor = need(session, round_id, Right.OPERATE, actor)
    stored = {record.flag_id: record for record in all_flags(session, round_id)}
    taken = 0
    for one in answers:
        record = stored.get(one.flag_id)
        if record is None or record.status in (*DECIDED, WITHDRAWN) or is_recorded(record, one):
            continue
        record.status, record.decision = ANSWERED, one.decision
        record.corrected, record.explanation = one.corrected, one.reason
        session.add(record)
        detail = {"decision": one.decision, "corrected": one.corrected, "reason": one.reason}
        audit.append(session, round_id, "flag_answered", one.flag_id, detail, actor)
        taken += 1
    return taken


def is_recorded(record: FlagRecord, one: Answer) -> bool:
    """Whether the flag has this very answer already."""
    told = record.decision, record.corrected, record.explanation
    return told == (one.decision, one.corrected, one.reason)


def decide(
    session: Session, round_id: str, flag_id: str, accepted: bool, reason: str, actor: str
) -> bool:
    """The officer accepts or refuses an answer; returns whether it was not decided before.

    Raises NoReason where no reason is given, UnknownFlag.
    """
    actor = need(session, round_id, Right.DECIDE, actor)
    if not reason.strip():
        raise NoReason(f"Nghi vấn {flag_id}: chấp nhận hay không đều phải ghi lý do.")
    record = session.exec(
        select(FlagRecord).where(FlagRecord.round_id == round_id, FlagRecord.flag_id == flag_id)
    ).first()
    if record is None:
        raise UnknownFlag(
            f"Đợt {round_id} không có nghi vấn {flag_id!r}. Xem mã: dti explain {round_id}"
        )
    if record.status in DECIDED:
        return False
    record.status = ACCEPTED if accepted else REFUSED
    record.officer_reason = reason
    session.add(record)
    detail = {"status": record.status, "reason": reason}
    audit.append(session, round_id, "flag_decided", flag_id, detail, actor)
    return True


def all_flags(session: Session, round_id: str) -> list[FlagRecord]:
    return list(
        session.exec(
            select(FlagRecord).where(FlagRecord.round_id == round_id).order_by(col(FlagRecord.id))
        )
    )
