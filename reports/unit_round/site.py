"""The values of the result pages, from the records of a round."""

from collections.abc import Mapping
from fractions import Fraction
from functools import partial

from sqlmodel import Session

from dti_core.framework.model import Framework, Pillar
from dti_core.program.groups import groups_of, members
from dti_core.program.load import RoundContext
from dti_core.program.model import Unit
from dti_core.program.ranking import RankGroup
from dti_core.program.routing import verifier_name
from dti_core.rational import percent, vietnamese
from dti_core.records.issued import CORRECTION, DECISION
from dti_core.scoring.total import RowPoints, Total, add_up, scored_rows
from reports.letters.result_tables import PLACES
from reports.policies import policy_lines
from reports.shown import NOTHING, points, share, spread
from reports.site.beside import DataFile, YearLine
from reports.site.data import Group, PillarCell, PillarHead, Site, UnitPage
from reports.unit_round.site_compared import Compared, Level
from reports.unit_round.site_gathered import Gathered
from reports.unit_round.site_issued import issued
from reports.unit_round.site_lost import chances
from reports.unit_round.site_rows import section
from reports.unit_round.site_years import place, years

_PLACES: Mapping[str, str] = {str(place): text for place, text in PLACES.items()}

Years = Mapping[str, tuple[YearLine, ...]]


def site_values(
    records: Session, context: RoundContext, *, draft: bool, data: tuple[DataFile, ...] = ()
) -> Site:
    """The pages of a ranked round; `data` are the open files that stand beside them."""
    round_ = context.round
    known, over_years = Gathered(records, context, draft=draft), years(records, context)
    return Site(
        round_id=context.id,
        title=round_.title,
        decree=context.program.decree,
        evaluation_year=str(round_.evaluation_year),
        data_window=f"{round_.data_from.on:%d/%m/%Y} – {round_.data_to.on:%d/%m/%Y}",
        draft=draft,
        groups=tuple(_group(known, group, over_years) for group in groups_of(context)),
        decision="" if draft else _decision(records, context),
        illustration=round_.illustration,
        notes=tuple(
            f"{line.name}: {line.value}. {line.basis}"
            for line in policy_lines(context.program.policies, partial(verifier_name, context))
        ),
        pins=tuple(sorted(context.pins.items())),
        data=data,
    )


def _decision(records: Session, context: RoundContext) -> str:
    """What published the result, and what corrected it since; empty while nothing was issued."""
    words = {DECISION: "Công bố theo Quyết định", CORRECTION: "đính chính theo Quyết định"}
    told = [f"{words[kind]} {paper.cited}" for kind, paper in issued(records, context)]
    return f"{'; '.join(told)}." if told else ""


def _group(known: Gathered, group: RankGroup, over_years: Years) -> Group:
    """The units of a group that have an entry in the ranking, in its order."""
    here = members(known.context, group)
    ordered = tuple(unit for unit in known.ranks if unit in here)
    each = [known.context.framework_of(unit) for unit in here]
    frameworks = list({framework.id: framework for framework in each}.values())
    compared = Compared(known, ordered)
    pages = tuple(_page(known, unit, compared, over_years) for unit in ordered)
    one = frameworks[0] if len(frameworks) == 1 else None
    return Group(
        name=group.name,
        framework="; ".join(framework.title for framework in frameworks),
        max_points=_maximum(one) if one else NOTHING,
        pillars=_heads(one) if one and pages else (),
        units=pages,
        by="Xếp hạng theo tỷ lệ phần trăm trên điểm tối đa của từng đơn vị."
        if group.by == "percent"
        else "",
    )


def _maximum(framework: Framework) -> str:
    inside = (pillar for pillar in framework.pillars if not pillar.outside_maximum)
    return vietnamese(sum((pillar.max_points or Fraction(0) for pillar in inside), Fraction(0)))


def _heads(framework: Framework) -> tuple[PillarHead, ...]:
    return tuple(
        PillarHead(
            pillar.code,
            pillar.name,
            NOTHING if pillar.max_points is None else vietnamese(pillar.max_points),
        )
        for pillar in framework.pillars
    )


def _page(known: Gathered, unit_id: str, compared: Compared, over_years: Years) -> UnitPage:
    context, entry = known.context, known.ranks[unit_id]
    unit, framework = context.program.unit[unit_id], context.framework_of(unit_id)
    computed, whole = _computed(known, unit_id, framework)
    official = known.wholes[unit_id]
    share_of_all = None if entry.percent_published is None else Fraction(entry.percent_published)
    return UnitPage(
        id=unit_id,
        name=unit.name,
        rank="" if entry.rank is None else str(entry.rank),
        reason=entry.reason or "",
        total=_cell(
            known,
            unit,
            "",
            "Tổng điểm",
            whole,
            official,
            framework.pillars,
            compared.whole,
        ),
        pillars=tuple(
            _cell(
                known,
                unit,
                pillar.code,
                pillar.name,
                computed[pillar.code],
                known.pillars[unit_id, pillar.code],
                (pillar,),
                compared.pillars.get((framework.id, pillar.code)),
            )
            for pillar in framework.pillars
        ),
        sections=tuple(section(known, framework, unit_id, p) for p in framework.pillars),
        percent="" if share_of_all is None else percent(share_of_all / 100, known.digits),
        grade=entry.grade or "",
        place="" if entry.status == "ranked" else _PLACES[entry.status],
        within=_within(context, unit),
        previous=place(entry.previous_rank, entry.previous_of),
        moved=None
        if entry.rank is None or entry.previous_rank is None
        else entry.previous_rank - entry.rank,
        years=over_years[unit_id],
        strengths=compared.strengths(unit_id),
        chances=chances(known, unit_id),
    )


def _computed(known: Gathered, unit: str, framework: Framework) -> tuple[dict[str, Total], Total]:
    """What the rules give, by pillar and as a whole; exempted rows count as they were decided."""
    rows: dict[str, RowPoints] = {}
    left_out = []
    for row in (row for each in framework.criteria for row in scored_rows(each)):
        exempted, score = known.exempted(unit, row.code), known.score(unit, row.code)
        rows[row.code] = RowPoints(score.low, score.high, score.points)
        if exempted is not None and exempted.points is not None:
            rows[row.code] = RowPoints.awarded(Fraction(exempted.points))
        elif exempted is not None and exempted.status == "not_assessed":
            left_out.append(row.code)
    return add_up(framework, rows, known.context.program.policies, left_out)


def _within(context: RoundContext, unit: Unit) -> str:
    above = context.program.unit.get(unit.parent or "")
    return above.name if above else ""


def _cell(
    known: Gathered,
    unit: Unit,
    code: str,
    name: str,
    computed: Total,
    awarded: Total,
    pillars: tuple[Pillar, ...],
    level: Level | None,
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
        max_points=vietnamese(awarded.max_points),
        self_assessed=points(own_points, known.digits),
        computed=spread(computed.low, computed.high, known.digits),
        points=points(official, known.digits),
        share=share(official, awarded.max_points),
        possible_share=share(official, awarded.max_points),
        # a unit scores only the rows whose figures it gives: no mark on the bar of all rows
        self_share=None,
        median=level.text(level.median, awarded.max_points, known.digits) if level else "",
        best=level.text(level.best, awarded.max_points, known.digits) if level else "",
        median_share=float(level.median) if level else None,
        best_share=float(level.best) if level else None,
    )
