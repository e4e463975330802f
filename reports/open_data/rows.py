"""The rows of the open data, from the records: official values only.

Doubts about figures, what units explained, contacts, appraisers' words and the figures themselves
stay where they are.
"""

from collections.abc import Iterator
from fractions import Fraction

from sqlmodel import Session

from dti_core.program.groups import groups_of
from dti_core.program.load import RoundContext
from dti_core.rational import exact_text, round_half_up
from dti_core.records.awards import awards
from dti_core.records.official import EXEMPTED, official_awards, official_totals
from dti_core.records.ranking import ranks
from dti_core.records.stored import StoredAward
from dti_core.scoring.total import Total, scored_rows

Cell = str | int | None
Row = dict[str, Cell]


def ranking(records: Session, context: RoundContext) -> list[Row]:
    """A row a unit, group by group, best first; as recorded."""
    groups = {group.id: group.name for group in groups_of(context)}
    found: list[Row] = []
    for entry in ranks(records, context.id):
        unit = context.program.unit[entry.unit]
        above = context.program.unit.get(unit.parent or "")
        found.append(
            {
                "round": context.id,
                "year": context.round.evaluation_year,
                "group": entry.group,
                "group_name": groups[entry.group],
                "unit": entry.unit,
                "unit_name": unit.name,
                "within": above.name if above else None,
                "rank": entry.rank,
                "status": entry.status,
                "reason": entry.reason,
                "points": entry.published,
                "exact": entry.points,
                "max_points": _decimal(entry.max_points),
                "percent": entry.percent_published,
                "percent_exact": entry.percent,
                "grade": entry.grade,
                "previous_rank": entry.previous_rank,
                "previous_of": entry.previous_of,
            }
        )
    return found


def pillars(records: Session, context: RoundContext) -> list[Row]:
    """A row a unit and pillar."""
    _, totals = official_totals(records, context)
    return [
        {
            "round": context.id,
            "unit": unit,
            "unit_name": context.program.unit[unit].name,
            "framework": context.framework_of(unit).id,
            "pillar": pillar.code,
            "pillar_name": pillar.name,
            **_points(totals[unit, pillar.code]),
            "max_points": _decimal(exact_text(totals[unit, pillar.code].max_points)),
        }
        for unit in _evaluated(records, context)
        for pillar in context.framework_of(unit).pillars
    ]


def criteria(records: Session, context: RoundContext) -> list[Row]:
    """A row a unit and criterion with points of its own."""
    official = official_awards(records, context)
    policies = context.program.policies
    computed = {
        (award.unit, award.criterion): award.points
        for award in awards(records, context.id)
        if award.reading == policies.reading_of(award.criterion)
    }
    found: list[Row] = []
    for unit in _evaluated(records, context):
        framework = context.framework_of(unit)
        for pillar in framework.pillars:
            for row in (row for each in pillar.criteria for row in scored_rows(each)):
                if row.max_points is None:
                    continue
                award = official.get((unit, row.code))
                found.append(
                    {
                        "round": context.id,
                        "unit": unit,
                        "unit_name": context.program.unit[unit].name,
                        "framework": framework.id,
                        "pillar": pillar.code,
                        "criterion": row.code,
                        "name": row.name,
                        "max_points": _decimal(exact_text(row.max_points)),
                        "points": award.published if award else None,
                        "exact": award.points if award else None,
                        "status": _status(award, computed.get((unit, row.code))),
                        "citation": str(row.citation),
                    }
                )
    return found


def _evaluated(records: Session, context: RoundContext) -> Iterator[str]:
    """The units that have points, in the order of the ranking."""
    return (entry.unit for entry in ranks(records, context.id) if entry.points is not None)


def _status(award: StoredAward | None, computed: str | None) -> str:
    if award is None:
        return "open"
    if award.kind == EXEMPTED:
        return award.status
    if award.points is None:
        return "open"
    if computed is None:
        return "awarded"
    return "as_computed" if award.points == computed else "adjusted"


def _points(total: Total) -> Row:
    published = None if total.published is None else str(total.published)
    return {"points": published, "exact": exact_text(total.low) if total.decided else None}


def _decimal(exact: str | None) -> str | None:
    """A number that ends as a decimal, another as the fraction that it is: "12.5", "40", "40/3"."""
    if exact is None:
        return None
    value = Fraction(exact)
    for digits in range(7):
        rounded = round_half_up(value, digits)
        if Fraction(rounded) == value:
            return str(rounded)
    return exact
