"""Official points before exemptions: what the recorded opinions come to, row by row
(2001/QĐ-UBND, II.1.3b; 2074/QĐ-UBND, III.2a)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from dti_core.program.appraisal import CHAIR, PETITION
from dti_core.program.load import RoundContext
from dti_core.program.routing import Pair, assigned, verifier_name
from dti_core.rational import exact_text, round_half_up
from dti_core.records import audit
from dti_core.records.awards import replace_awards
from dti_core.records.bases import APPRAISED, SELF, Bases, bases
from dti_core.records.opinions import by_row, closed, standing
from dti_core.records.rights import Right, need
from dti_core.records.tables import OpinionRecord

__all__ = ["APPRAISED", "SELF", "Official", "official_rows", "write_appraised", "write_self"]

RECOGNISED = "Công nhận điểm tự đánh giá."


@dataclass(frozen=True)
class Official:
    """The official points of a row, and how they came about.

    reason  None where the computed points stand by themselves
    by      the verifiers whose points they are, or CHAIR or PETITION; empty where nobody gave any
    """

    points: Fraction
    reason: str | None = None
    by: tuple[str, ...] = ()


def write_self(
    session: Session,
    context: RoundContext,
    points: Mapping[Pair, Fraction],
    actor: str,
    accounts: Mapping[Pair, str] | None = None,
) -> int:
    """Record self-assessed points; returns how many are new or differ.

    accounts  what the unit says of its points (giải trình điểm tự chấm)
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    new = []
    for (unit, code), value in points.items():
        award = _award(context, unit, code, SELF, Official(value), unit)
        # an account, not an adjustment's reason
        new.append(award | {"reason": (accounts or {}).get((unit, code))})
    changed = replace_awards(session, context.id, SELF, new, {unit for unit, _ in points})
    if changed:
        audit.append(
            session, context.id, "self_points_read", context.id, {"changed": changed}, actor
        )
    return changed


def write_appraised(
    session: Session,
    context: RoundContext,
    actor: str,
    exempt: Collection[Pair] = (),
) -> int:
    """Record the official points that follow from the opinions as they are; returns how many
    awards are new, gone or differ.

    exempt  rows that an exemption decides: they get no appraised award

    Raises NotRouted.
    """
    actor = need(session, context.id, Right.SETTLE, actor)
    new = [
        _award(context, *pair, APPRAISED, official, _names(context, official))
        for pair, official in official_rows(session, context).items()
        if pair not in exempt
    ]
    changed = replace_awards(session, context.id, APPRAISED, new)
    if changed:
        audit.append(
            session, context.id, "points_appraised", context.id, {"changed": changed}, actor
        )
    return changed


def official_rows(session: Session, context: RoundContext) -> dict[Pair, Official]:
    """(unit, row) → its official points; a row that is still open is left out.

    A petition's decision goes before the chair's, his before the verifiers' common points, those
    before the computed points. Self-assessed points are recognised once everybody who judges the
    row has closed his part. Verifiers that differ, a row that some of them have given points on,
    and a doubt left to the appraiser without his reason, leave it open.
    """
    known, stored = bases(session, context), by_row(session, context.id)
    shut = closed(session, context.id)
    found = {
        pair: _official(context, known, pair, verifiers, stored.get(pair, {}), shut)
        for pair, verifiers in assigned(context).items()
    }
    return {pair: official for pair, official in found.items() if official is not None}


def _official(
    context: RoundContext,
    known: Bases,
    pair: Pair,
    verifiers: tuple[str, ...],
    given: Mapping[str, OpinionRecord],
    shut: frozenset[str],
) -> Official | None:
    for deciding in (PETITION, CHAIR):
        if decision := given.get(deciding):
            return Official(Fraction(decision.points), decision.reason, (deciding,))
    mine = {verifier: given[verifier] for verifier in verifiers if verifier in given}
    if not mine:
        return _untouched(known, pair, shut.issuperset(verifiers), verifiers)
    points = {
        standing(known, pair, mine.get(verifier), is_closed=verifier in shut)
        for verifier in verifiers
    }
    common = points.pop()
    if common is None or points:
        return None
    return Official(common, _reasons(context, mine), verifiers)


def _untouched(
    known: Bases, pair: Pair, all_closed: bool, verifiers: tuple[str, ...]
) -> Official | None:
    """A row on which nobody gave an opinion."""
    if pair in known.to_decide:
        return None
    if pair in known.computed:
        return Official(known.computed[pair])
    if all_closed and pair in known.own:
        return Official(known.own[pair], RECOGNISED, verifiers)
    return None


def _reasons(context: RoundContext, given: Mapping[str, OpinionRecord]) -> str | None:
    """The verifiers' reasons; by name where several give different ones."""
    reasons = {who: each.reason for who, each in given.items() if each.reason}
    if len(set(reasons.values())) < 2:
        return next(iter(reasons.values()), None)
    return "\n".join(f"{verifier_name(context, who)}: {why}" for who, why in reasons.items())


def _names(context: RoundContext, official: Official) -> str | None:
    return ", ".join(verifier_name(context, each) for each in official.by) or None


def _award(
    context: RoundContext,
    unit: str,
    code: str,
    kind: str,
    official: Official,
    by: str | None,
) -> dict[str, Any]:
    """The columns of the award."""
    policies = context.program.policies
    maximum = context.framework_of(unit).by_code[code].max_points
    rounding = policies.rounding
    points = official.points
    return {
        "round_id": context.id,
        "unit": unit,
        "criterion": code,
        "reading": policies.reading_of(code) or "",
        "kind": kind,
        "max_points": None if maximum is None else exact_text(maximum),
        "points": exact_text(points),
        "published": str(round_half_up(points, rounding.value.digits)) if rounding else None,
        "low": exact_text(points),
        "high": exact_text(points),
        "status": "computed" if official.reason is None else "adjusted",
        "reasons": [],
        "unclipped": None,
        "reason": official.reason,
        "decided_by": by,
    }
