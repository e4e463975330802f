"""Flags in the records: raised, answered by the unit, taken or refused by the officer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.plausibility.flag import Flag
from dti_core.rational import exact_text
from dti_core.records import audit
from dti_core.records.tables import FlagRecord

OPEN, ANSWERED, ACCEPTED, REFUSED, WITHDRAWN = (
    "open",
    "answered",
    "accepted",
    "refused",
    "withdrawn",
)


STATUS_TEXT = {
    OPEN: "chờ giải trình",
    ANSWERED: "chờ cán bộ xem",
    ACCEPTED: "chấp nhận giải trình",
    REFUSED: "không chấp nhận giải trình",
    WITHDRAWN: "không còn nghi vấn",
}


class NoReason(Refused):
    """A decision about an explanation came without its reason."""


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
    impacts: Mapping[str, Fraction],
    actor: str,
) -> int:
    """Record the flags that stand now; returns how many came or went.

    One that has been answered keeps its answer; an open one that no longer stands is withdrawn.
    """
    stored = {record.flag_id: record for record in all_flags(session, round_id)}
    changed = 0
    for flag in flags:
        record = stored.pop(flag.id, None)
        if record is not None and record.status != WITHDRAWN:
            continue
        if record is None:
            record = FlagRecord(
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
                impact=exact_text(impacts[flag.id]) if flag.id in impacts else None,
                status=OPEN,
            )
        record.status = OPEN
        session.add(record)
        changed += 1
    for record in stored.values():
        if record.status == OPEN:
            record.status = WITHDRAWN
            session.add(record)
            changed += 1
    if changed:
        audit.append(session, round_id, "flags_raised", round_id, {"changed": changed}, actor)
    return changed


def answer(session: Session, round_id: str, answers: Iterable[Answer], actor: str) -> int:
    """Record units' answers; an answer to a flag that is already decided changes nothing."""
    stored = {record.flag_id: record for record in all_flags(session, round_id)}
    taken = 0
    for one in answers:
        record = stored.get(one.flag_id)
        if record is None or record.status != OPEN:
            continue
        record.status, record.decision = ANSWERED, one.decision
        record.corrected, record.explanation = one.corrected, one.reason
        session.add(record)
        detail = {"decision": one.decision, "corrected": one.corrected, "reason": one.reason}
        audit.append(session, round_id, "flag_answered", one.flag_id, detail, actor)
        taken += 1
    return taken


def decide(
    session: Session, round_id: str, flag_id: str, accepted: bool, reason: str, actor: str
) -> bool:
    """The officer accepts or refuses an answer; returns whether it was not decided before.

    Raises NoReason where no reason is given.
    """
    if not reason.strip():
        raise NoReason(f"Nghi vấn {flag_id}: chấp nhận hay không đều phải ghi lý do.")
    record = session.exec(
        select(FlagRecord).where(FlagRecord.round_id == round_id, FlagRecord.flag_id == flag_id)
    ).one()
    if record.status in (ACCEPTED, REFUSED):
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
