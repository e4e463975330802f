"""The values of the result pages, from the records of a round."""

from fractions import Fraction

from sqlmodel import Session

from dti_core.figures import Figure
from dti_core.framework.describe import SCORE_STATUS, describe
from dti_core.framework.model import Criterion, Framework, Pillar
from dti_core.program.load import RoundContext
from dti_core.program.model import Unit
from dti_core.rational import vietnamese
from dti_core.records.appraising import APPRAISED, SELF, official_totals, ranks
from dti_core.records.awards import awards
from dti_core.records.flags import LISTED, STATUS_TEXT, all_flags
from dti_core.records.scoring import ScoredRound, scored_round
from dti_core.records.tables import AwardRecord, FlagRecord, RankRecord
from dti_core.scoring.explain import figure_lines
from dti_core.scoring.score import Score
from dti_core.scoring.total import Total, totals
from reports.provincial.data import policy_lines
from reports.shown import FLAG_TONE, NOTHING, SCORE_TONE, points, share, spread
from reports.site.data import (
    CriterionLine,
    FigureLine,
    FlagLine,
    Group,
    PillarCell,
    PillarSection,
    Site,
    UnitPage,
    differences,
    heads,
)

Points = dict[tuple[str, str], AwardRecord]


class _Gathering:
    """Everything that the pages need, read once."""

    def __init__(self, records: Session, context: RoundContext) -> None:
        self.context = context
        self.scored: ScoredRound = scored_round(records, context)
        self.own: Points = {(a.unit, a.criterion): a for a in awards(records, context.id, SELF)}
        self.official: Points = {
            (a.unit, a.criterion): a for a in awards(records, context.id, APPRAISED)
        }
        self.wholes, self.pillars = official_totals(records, context)
        # what the unit was never asked about is not told of it in public
        self.flags: list[FlagRecord] = [
            flag for flag in all_flags(records, context.id) if flag.status != LISTED
        ]
        self.ranks: dict[str, RankRecord] = {r.unit: r for r in ranks(records, context.id)}
        self.ordered = [r.unit for r in ranks(records, context.id)]
        policies = context.program.policies
        self.digits = policies.rounding.value.digits if policies.rounding else 2
        self.reading = policies.reading.value if policies.reading else "as_written"

    def score(self, unit: str, code: str) -> Score:
        return self.scored.scores[self.reading][unit, code]


def site_values(records: Session, context: RoundContext, *, draft: bool) -> Site:
    """The pages of a ranked round."""
    round_ = context.round
    known = _Gathering(records, context)
    return Site(
        round_id=context.id,
        title=round_.title,
        decree=context.program.decree,
        evaluation_year=str(round_.evaluation_year),
        data_window=f"{round_.data_from.on:%d/%m/%Y} – {round_.data_to.on:%d/%m/%Y}",
        draft=draft,
        groups=tuple(_group(known, level) for level in context.round.levels),
        illustration=round_.illustration,
        notes=tuple(
            f"{line.name}: {line.value}. {line.basis}"
            for line in policy_lines(context.program.policies)
        ),
        pins=tuple(sorted(context.pins.items())),
    )


def _group(known: _Gathering, level: str) -> Group:
    framework = known.context.frameworks[level]
    units = [
        known.context.program.unit[unit]
        for unit in known.ordered
        if known.context.program.unit[unit].level == level
    ]
    pages = tuple(_page(known, framework, unit) for unit in units)
    maximum = sum((p.max_points or Fraction(0) for p in framework.pillars), Fraction(0))
    return Group(
        name=framework.title,
        framework=framework.title,
        max_points=vietnamese(maximum),
        pillars=heads(pages[0].pillars) if pages else (),
        units=pages,
    )


def _page(known: _Gathering, framework: Framework, unit: Unit) -> UnitPage:
    policies = known.context.program.policies
    computed, whole = totals(framework, unit.id, known.scored.scores[known.reading], policies)
    entry = known.ranks[unit.id]
    return UnitPage(
        id=unit.id,
        name=unit.name,
        rank="" if entry.rank is None else str(entry.rank),
        reason=entry.reason or "",
        total=_cell(known, unit, "", "Tổng điểm", whole, known.wholes[unit.id], framework.pillars),
        pillars=tuple(
            _cell(
                known,
                unit,
                pillar.code,
                pillar.name,
                computed[pillar.code],
                known.pillars[unit.id, pillar.code],
                (pillar,),
            )
            for pillar in framework.pillars
        ),
        sections=tuple(
            PillarSection(
                pillar.code,
                pillar.name,
                NOTHING if pillar.max_points is None else vietnamese(pillar.max_points),
                tuple(_line(known, framework, unit, row) for row in pillar.rows),
            )
            for pillar in framework.pillars
        ),
    )


def _cell(
    known: _Gathering,
    unit: Unit,
    code: str,
    name: str,
    computed: Total,
    awarded: Total,
    pillars: tuple[Pillar, ...],
) -> PillarCell:
    official = awarded.computed if awarded.published is None else Fraction(awarded.published)
    own = [
        Fraction(award.points)
        for pillar in pillars
        for row in pillar.rows
        if (award := known.own.get((unit.id, row.code))) is not None and award.points is not None
    ]
    own_points = sum(own, Fraction(0)) if own else None
    return PillarCell(
        code=code,
        name=name,
        max_points=vietnamese(computed.max_points),
        self_assessed=points(own_points, known.digits),
        computed=spread(computed.low, computed.high, known.digits),
        points=points(official, known.digits),
        share=share(official, computed.max_points),
        possible_share=share(official, computed.max_points),
        # a unit scores only the rows whose figures it gives: no mark on the bar of all rows
        self_share=None,
    )


def _line(known: _Gathering, framework: Framework, unit: Unit, row: Criterion) -> CriterionLine:
    score = known.score(unit.id, row.code)
    own, official = (kind.get((unit.id, row.code)) for kind in (known.own, known.official))
    own_points = Fraction(own.points) if own and own.points else None
    given = Fraction(official.points) if official and official.points else None
    if row.children:
        children = [known.official.get((unit.id, child.code)) for child in row.children]
        parts = [Fraction(a.points) for a in children if a is not None and a.points is not None]
        given = sum(parts, Fraction(0)) if len(parts) == len(row.children) else None
    reason = official.reason if official and official.reason else ""
    lines = figure_lines(framework, row, unit.id, known.scored.figures)
    return CriterionLine(
        code=row.code,
        name=row.name,
        child=row.code in framework.parents,
        max_points=NOTHING if row.max_points is None else vietnamese(row.max_points),
        self_assessed=points(own_points, known.digits),
        computed=spread(score.low, score.high, known.digits),
        appraised=points(given, known.digits),
        status="đã điều chỉnh" if reason else SCORE_STATUS[score.status],
        tone="part" if reason else SCORE_TONE[score.status],
        rule="; ".join(describe(row, row.rule_under(known.reading))),
        figures=tuple(
            FigureLine(
                line.variable,
                line.label,
                line.shown,
                "" if line.figure is None else _place(line.figure),
            )
            for line in lines
        ),
        differences=differences(
            own_points,
            score.points,
            given,
            why_computed="Tính từ số liệu theo quy tắc của văn bản.",
            why_appraised=reason,
            digits=known.digits,
        )
        if not row.children
        else (),
        flags=tuple(
            FlagLine(
                flag.message,
                STATUS_TEXT[flag.status],
                FLAG_TONE[flag.status],
                flag.explanation or "",
                flag.officer_reason or "",
            )
            for flag in known.flags
            if flag.unit == unit.id and flag.criterion == row.code
        ),
    )


def _place(figure: Figure) -> str:
    """Where a figure stands: file, sheet, cell."""
    parts = [
        figure.file,
        f"trang “{figure.sheet}”" if figure.sheet else None,
        f"ô {figure.cells[0]}" if figure.cells else None,
    ]
    return ", ".join(part for part in parts if part)
