"""Official points: the appraised ones, and after them what exempted rows get; added up by pillar
and as a whole."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, cast

from sqlmodel import Session

from dti_core.program.groups import groups_of, members
from dti_core.program.load import RoundContext
from dti_core.program.ranking import Effect
from dti_core.rational import exact_text, round_half_up
from dti_core.records import audit
from dti_core.records.appraising import APPRAISED
from dti_core.records.awards import awards, replace_awards
from dti_core.records.exemptions import granted
from dti_core.records.participation import places
from dti_core.records.rights import Right, need
from dti_core.records.stored import StoredAward
from dti_core.records.tables import ExemptionRecord
from dti_core.scoring.outcome import Exempted, Row, exempt
from dti_core.scoring.total import RowPoints, Total, add_up, scored_rows

EXEMPTED = "exempted"
"""The kind of an award that an exemption gives; `status` is exempt, not_assessed, or open while
there is nobody to borrow from."""


def write_exempted(session: Session, context: RoundContext, actor: str) -> int:
    """Record what exempted rows get, from the appraised points as they are; returns how many are
    new or differ. Runs after all appraised points: they are what is borrowed."""
    actor = need(session, context.id, Right.SETTLE, actor)
    changed = replace_awards(session, context.id, EXEMPTED, exempted_awards(session, context))
    if changed:
        audit.append(session, context.id, "rows_exempted", context.id, {"changed": changed}, actor)
    return changed


def exempted_awards(session: Session, context: RoundContext) -> list[dict[str, Any]]:
    """What exempted rows get by the appraised points and the decisions as they are now, as the
    columns of their awards."""
    exempted = granted(session, context.id)
    appraised = _appraised(session, context)
    maximum = {
        (unit, code): context.framework_of(unit).by_code[code].max_points or Fraction(0)
        for unit, code in exempted
    }
    new: list[dict[str, Any]] = []
    for units in _alike(session, context):
        effects = {
            pair: cast(Effect, each.effect) for pair, each in exempted.items() if pair[0] in units
        }
        lenders = [unit for unit, lends in units.items() if lends]
        for pair, each in exempt(effects, appraised, maximum, lenders).items():
            new.append(_award(context, exempted[pair], each, maximum[pair]))
    return new


def _alike(session: Session, context: RoundContext) -> Iterator[dict[str, bool]]:
    """The units of each group that one framework scores → whether they set a mark for others:
    whoever takes part of its own will, or is not evaluated, does not."""
    kept_out = places(session, context)
    for group in groups_of(context):
        found: dict[str, dict[str, bool]] = {}
        for unit in members(context, group):
            lends = unit not in kept_out or kept_out[unit].place == "not_ranked"
            found.setdefault(context.framework_of(unit).id, {})[unit] = lends
        yield from found.values()


def official_awards(session: Session, context: RoundContext) -> dict[Row, StoredAward]:
    """(unit, row) → the award that officially counts, appraised or exempted."""
    found = {(a.unit, a.criterion): a for a in awards(session, context.id, APPRAISED)}
    return found | {(a.unit, a.criterion): a for a in awards(session, context.id, EXEMPTED)}


def official_totals(
    session: Session, context: RoundContext
) -> tuple[dict[str, Total], dict[tuple[str, str], Total]]:
    """Official points by unit and by (unit, pillar code); open while a row has none."""
    official = official_awards(session, context)
    wholes: dict[str, Total] = {}
    pillars: dict[tuple[str, str], Total] = {}
    for unit in context.units:
        framework = context.framework_of(unit.id)
        rows: dict[str, RowPoints] = {}
        left_out: set[str] = set()
        for criterion in framework.criteria:
            for row in scored_rows(criterion):
                award = official.get((unit.id, row.code))
                if award is not None and award.status == "not_assessed":
                    left_out.add(row.code)
                rows[row.code] = _counts(award, row.max_points or Fraction(0))
        by_pillar, wholes[unit.id] = add_up(framework, rows, context.program.policies, left_out)
        pillars |= {(unit.id, code): total for code, total in by_pillar.items()}
    return wholes, pillars


def _counts(award: StoredAward | None, maximum: Fraction) -> RowPoints:
    if award is None or award.points is None:
        return RowPoints.open(maximum)
    return RowPoints.awarded(Fraction(award.points))


def _appraised(session: Session, context: RoundContext) -> Mapping[Row, Fraction]:
    return {
        (award.unit, award.criterion): Fraction(award.points)
        for award in awards(session, context.id, APPRAISED)
        if award.points is not None
    }


def _award(
    context: RoundContext, record: ExemptionRecord, each: Exempted, maximum: Fraction
) -> dict[str, Any]:
    policies = context.program.policies
    shown = None
    if each.points is not None and policies.rounding is not None:
        shown = str(round_half_up(each.points, policies.rounding.value.digits))
    low, high = sorted((Fraction(0), maximum))
    if each.points is not None:
        low = high = each.points
    status = "exempt" if each.decided else "open"
    return {
        "round_id": context.id,
        "unit": record.unit,
        "criterion": record.criterion,
        "reading": policies.reading_of(record.criterion) or "",
        "kind": EXEMPTED,
        "max_points": exact_text(maximum),
        "points": None if each.points is None else exact_text(each.points),
        "published": shown,
        "low": exact_text(low),
        "high": exact_text(high),
        "status": status if each.assessed else "not_assessed",
        "reasons": [],
        "unclipped": None,
        "reason": _told(context, record, each),
        "decided_by": record.decided_by,
    }


def _told(context: RoundContext, record: ExemptionRecord, each: Exempted) -> str:
    """Why the row gets what it gets, as the score sheet says it."""
    ground = next(g for g in context.program.exemptions if g.id == record.ground)
    if each.effect == "not_assessed":
        what = "Không đánh giá, trừ khỏi điểm tối đa"
    elif each.effect == "full":
        what = "Tính điểm tối đa"
    elif each.lender is None:
        what = "Chờ điểm cao nhất của nhóm: chưa đơn vị nào có điểm ở mục này"
    else:
        what = f"Tính bằng điểm cao nhất của nhóm ({context.program.unit[each.lender].name})"
    return f"{what}: {ground.name} ({ground.basis}). {record.reason}"
