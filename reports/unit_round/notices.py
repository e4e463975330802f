"""The values of the letters that tell each unit its result, from the records of a round."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from sqlmodel import Session

from dti_core.framework.model import Criterion, Framework
from dti_core.program.load import RoundContext
from dti_core.records.appraising import SELF
from dti_core.records.awards import awards
from dti_core.records.official import EXEMPTED, official_totals
from dti_core.records.petition_period import deadline_of, takes_petitions
from dti_core.scoring.total import scored_rows
from reports.letters.issued import Issued
from reports.letters.notice import Final, Notice, Provisional, SheetPillar, SheetRow
from reports.letters.paper import organisers_paper
from reports.letters.standings import Group, Standing
from reports.letters.wording import cite
from reports.unit_round.letters import send_to
from reports.unit_round.ranked_groups import groups, names, shown
from reports.unit_round.result import paper_of, rounding_of
from reports.unit_round.rows import OfficialRows

Points = dict[tuple[str, str], Fraction]
"""(unit, row) → points"""


def notice_values(
    records: Session, context: RoundContext, decision: Issued | None = None
) -> dict[str, Notice]:
    """Unit → its letter, of every unit that was evaluated, in the order of the round.

    decision  the decision as it was issued: the letters are final; None: they are provisional

    Raises NotRanked, PolicyMissing, NoDecisionPaper; UnknownYear, UnsettledDay about the deadline.
    """
    result = {
        one.unit: (group, one) for group in groups(records, context) for one in group.standings
    }
    sheets, stage = _Sheets(records, context), _stage(records, context, decision)
    paper, digits = organisers_paper(context), rounding_of(context).digits
    found: dict[str, Notice] = {}
    for unit in context.units:
        group, one = result[names(context)[unit.id]]
        if one.points is None:
            continue
        framework = context.framework_of(unit.id)
        found[unit.id] = Notice(
            paper=paper,
            basis=cite(framework.decree),
            title=context.round.title,
            evaluation_year=context.round.evaluation_year,
            standing=_with_percent(group, one),
            group=group.name,
            ranked=len(group.ranked),
            max_points=one.max_points or group.max_points,
            sheet=tuple(sheets.sheet(unit.id, framework)),
            stage=stage,
            digits=digits,
            send_to=send_to(context),
        )
    return found


def _with_percent(group: Group, one: Standing) -> Standing:
    """The percentage is told where it decides something: a rank or a grade."""
    return one if group.by == "percent" or group.graded else replace(one, percent=None)


def _stage(records: Session, context: RoundContext, decision: Issued | None) -> Provisional | Final:
    if decision is not None:
        return Final(decision, paper_of(context).competence)
    if not takes_petitions(context):
        return Provisional()
    days = context.program.policies.petition_days
    return Provisional(deadline_of(records, context), days.value if days else None)


class _Sheets:
    """What the records hold about the rows of all units, read once."""

    def __init__(self, records: Session, context: RoundContext) -> None:
        policies = context.program.policies
        self._self = {
            (each.unit, each.criterion): Fraction(each.points)
            for each in awards(records, context.id, SELF)
            if each.points is not None
        }
        self._computed = {
            (each.unit, each.criterion): Fraction(each.points)
            for each in awards(records, context.id)
            if each.points is not None and each.reading == policies.reading_of(each.criterion)
        }
        self._official = OfficialRows(records, context)
        self._pillars = official_totals(records, context)[1]

    def sheet(self, unit: str, framework: Framework) -> Iterator[SheetPillar]:
        """The score sheet of one unit, a pillar each."""
        for pillar in framework.pillars:
            yield SheetPillar(
                name=pillar.name,
                max_points=pillar.max_points,
                points=shown(self._pillars[unit, pillar.code]),
                rows=tuple(self._row(unit, row) for row in pillar.rows),
            )

    def _row(self, unit: str, row: Criterion) -> SheetRow:
        official = self._official.value(unit, row)
        award = self._official.award(unit, row)
        return SheetRow(
            code=row.code,
            name=row.name,
            max_points=row.max_points,
            self_assessed=_added(self._self, unit, row),
            computed=_added(self._computed, unit, row),
            official=official.points,
            reason=(award.reason or "") if award else "",
            assessed=official.assessed,
            exempt=award is not None and award.kind == EXEMPTED,
        )


def _added(points: Points, unit: str, row: Criterion) -> Fraction | None:
    """A row's points, or those of its child rows together; None while one of them is open."""
    if (unit, row.code) in points:
        return points[unit, row.code]
    parts = [points.get((unit, each.code)) for each in scored_rows(row) if each is not row]
    known = [part for part in parts if part is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(parts) else None
