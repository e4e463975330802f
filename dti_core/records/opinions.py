"""Opinions: the points that each appraiser gives a unit on a row, and why.

An opinion is replaced, never taken back: a cell that is emptied later leaves it as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.appraisal import CHAIR, PETITION
from dti_core.program.load import RoundContext
from dti_core.program.routing import (
    Pair,
    assigned,
    decider_of,
    routes,
    verifier_name,
)
from dti_core.rational import exact_text
from dti_core.records import audit
from dti_core.records.bases import Bases, bases
from dti_core.records.exemptions import granted
from dti_core.records.one_writer import one_writer
from dti_core.records.opinion_checks import AppraisalRefused, Appraised, check
from dti_core.records.rights import Right, may, need
from dti_core.records.tables import AssignmentRecord, OpinionRecord

__all__ = [
    "AppraisalRefused",
    "Appraised",
    "Differing",
    "PartClosed",
    "by_row",
    "closed",
    "differing",
    "may_give",
    "opinions",
    "standing",
    "write_opinions",
]


class PartClosed(Refused):
    """An opinion of a verifier whose part is closed. The text says how to open it again."""


@dataclass(frozen=True)
class Differing:
    """A row whose verifiers gave different points. `decision` is the chair's, once there is one."""

    unit: str
    criterion: str
    opinions: tuple[OpinionRecord, ...]
    decision: OpinionRecord | None


def opinions(session: Session, round_id: str) -> list[OpinionRecord]:
    """Every opinion of a round, in the order in which it was first given."""
    return list(
        session.exec(
            select(OpinionRecord)
            .where(OpinionRecord.round_id == round_id)
            .order_by(col(OpinionRecord.id))
        )
    )


def by_row(session: Session, round_id: str) -> dict[Pair, dict[str, OpinionRecord]]:
    """(unit, row) → verifier → opinion."""
    found: dict[Pair, dict[str, OpinionRecord]] = {}
    for each in opinions(session, round_id):
        found.setdefault((each.unit, each.criterion), {})[each.verifier] = each
    return found


def write_opinions(
    session: Session,
    context: RoundContext,
    verifier: str,
    given: Iterable[Appraised],
    actor: str,
) -> int:
    """Record what a verifier gives; returns how many opinions are new or say something else.

    verifier  a unit or member to whom the rows are routed; CHAIR for rows on which verifiers
              differ; PETITION for rows on which a petition was upheld

    All or nothing. Raises AppraisalRefused for a row that is not his to judge, for points outside
    0 … maximum, and without a reason where one is due; PartClosed.
    """
    judged = list(given)
    if verifier == PETITION:
        actor = need(session, context.id, Right.DECIDE, actor)
    else:
        fields = _fields(context, verifier, judged)
        actor = need(session, context.id, Right.APPRAISE, actor, fields=fields)
    one_writer(session, context.id)
    known = bases(session, context)
    allowed = _allowed(session, context, verifier)
    for each in judged:
        check(context, known, verifier, allowed, each)
    before = {
        (each.unit, each.criterion): each
        for each in opinions(session, context.id)
        if each.verifier == verifier
    }
    changes = [each for each in judged if _says_more(before.get(each.pair), each)]
    if changes and _is_closed(session, context.id, verifier):
        name = verifier_name(context, verifier)
        raise PartClosed(
            f"{changes[0].where}Phần thẩm định của {name} đã khép nên điểm mới chưa được nhận. Cần"
            f" nhận: dti appraise {context.id} --reopen {verifier} --reason LÝ_DO, rồi chạy lại"
            f" dti appraise {context.id}."
        )
    told = [_write(session, context.id, verifier, before, each, actor) for each in changes]
    if told:
        detail = {"verifier": verifier, "changes": told}
        audit.append(session, context.id, "opinions_given", verifier, detail, actor)
    session.flush()
    return len(told)


def may_give(session: Session, context: RoundContext, verifier: str) -> bool:
    """Whether points in the name of a verifier are taken from whoever acts now."""
    if verifier != CHAIR:
        return may(session, context.id, Right.APPRAISE, fields=(verifier,))
    deciders = {decider_of(context, unit.id) for unit in context.units} - {None}
    return any(may(session, context.id, Right.APPRAISE, fields=(str(who),)) for who in deciders)


def differing(session: Session, context: RoundContext) -> list[Differing]:
    """The rows whose verifiers all gave points, and not the same ones, by unit and row.

    Somebody whose part is closed gave the base where he gave nothing else; a row on which somebody
    is still to give points is waiting, not differing.
    """
    stored, known = by_row(session, context.id), bases(session, context)
    shut, exempt = closed(session, context.id), granted(session, context.id)
    found = []
    for pair, verifiers in assigned(context).items():
        if len(verifiers) < 2 or pair not in stored or pair in exempt:
            continue
        mine = {verifier: stored[pair].get(verifier) for verifier in verifiers}
        points = {
            standing(known, pair, opinion, is_closed=verifier in shut)
            for verifier, opinion in mine.items()
        }
        if None not in points and len(points) > 1:
            told = tuple(opinion for opinion in mine.values() if opinion is not None)
            found.append(Differing(*pair, told, stored[pair].get(CHAIR)))
    return found


def standing(
    known: Bases, pair: Pair, opinion: OpinionRecord | None, *, is_closed: bool
) -> Fraction | None:
    """The points of one verifier on a row as they count; None while he has given none that do.

    Points that lack the reason that they need by now (the figures were corrected meanwhile) do
    not count. Without an opinion a closed part means the base.
    """
    if opinion is None:
        return known.of(pair) if is_closed and pair not in known.to_decide else None
    points = Fraction(opinion.points)
    if opinion.reason is None and known.needs_reason(pair, points):
        return None
    return known.settled(pair, points)


def closed(session: Session, round_id: str) -> frozenset[str]:
    """The verifiers whose part is closed."""
    return frozenset(
        session.exec(
            select(AssignmentRecord.verifier).where(
                AssignmentRecord.round_id == round_id,
                col(AssignmentRecord.closed_at).is_not(None),
            )
        )
    )


def _is_closed(session: Session, round_id: str, verifier: str) -> bool:
    return verifier in closed(session, round_id)


def _allowed(session: Session, context: RoundContext, verifier: str) -> frozenset[Pair]:
    if verifier == PETITION:
        return frozenset(assigned(context))
    if verifier == CHAIR:
        differ = {(each.unit, each.criterion) for each in differing(session, context)}
        decided = {p for p, given in by_row(session, context.id).items() if CHAIR in given}
        return frozenset(p for p in differ | decided if decider_of(context, p[0]) is not None)
    return frozenset(routes(context).get(verifier, ()))


def _fields(context: RoundContext, verifier: str, judged: Iterable[Appraised]) -> set[str]:
    """In whose name points are given: of the chair's decisions, whoever decides on that unit."""
    if verifier != CHAIR:
        return {verifier}
    deciders = {
        decider_of(context, each.unit) for each in judged if each.unit in context.program.unit
    }
    return {who for who in deciders if who is not None} or {CHAIR}


def _says_more(before: OpinionRecord | None, each: Appraised) -> bool:
    told = (exact_text(each.points), each.why)
    return before is None or (before.points, before.reason) != told


def _write(
    session: Session,
    round_id: str,
    verifier: str,
    before: Mapping[Pair, OpinionRecord],
    each: Appraised,
    actor: str,
) -> dict[str, Any]:
    """Put one opinion into the records; what changed, for the audit trail."""
    record = before.get(each.pair)
    was = None if record is None else {"points": record.points, "reason": record.reason}
    now = {"points": exact_text(each.points), "reason": each.why}
    if record is None:
        record = OpinionRecord(
            round_id=round_id,
            verifier=verifier,
            unit=each.unit,
            criterion=each.criterion,
            points="",
            actor=actor,
            at="",
        )
    record.points, record.reason = exact_text(each.points), each.why
    record.file, record.sheet, record.cell = each.file, each.sheet, each.cell
    record.actor, record.at = actor, audit.now()
    session.add(record)
    return {"unit": each.unit, "criterion": each.criterion, "before": was, "after": now}
