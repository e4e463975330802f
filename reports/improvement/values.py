"""The values of a unit's plan to improve, from the records of a ranked round."""

from collections.abc import Sequence
from fractions import Fraction

from sqlmodel import Session

from dti_core.program.groups import groups_of
from dti_core.program.load import RoundContext
from dti_core.program.model import Unit
from dti_core.rational import percent, vietnamese
from dti_core.records.ranking import ranks
from dti_core.records.tables import RankRecord
from dti_core.scoring.improvement import Line, WeakPoint
from reports.improvement.paper import PlanPaper, PlanRow
from reports.improvement.workbook import title
from reports.letters.paper import Paper
from reports.letters.wording import cite, within

_UNNAMED = "…"
"""Where the program does not know what the unit writes there."""


def plan_paper(
    records: Session,
    context: RoundContext,
    unit: str,
    lines: Sequence[Line],
    weak: Sequence[WeakPoint],
    *,
    proposed: bool,
) -> PlanPaper:
    """The plan of one unit.

    lines     of the plan
    weak      the rows on which the unit lost points
    proposed  whether the lines are still our proposals
    """
    each = context.program.unit[unit]
    groups = {group.id: group.name for group in groups_of(context)}
    every = ranks(records, context.id)
    mine = next(entry for entry in every if entry.unit == unit)
    among = sum(entry.group == mine.group and entry.rank is not None for entry in every)
    return PlanPaper(
        paper=units_paper(context, each),
        unit=each.name,
        year=context.round.evaluation_year,
        basis=cite(context.framework_of(unit).decree),
        result_of=within(context.round.title),
        result=_result(mine, among, groups.get(mine.group, mine.group)),
        weak=_weak(weak),
        proposed=proposed,
        organiser=_follower(context, unit),
        rows=tuple(
            PlanRow(
                number=str(line.number),
                title=title(line),
                result=line.result,
                target=line.target,
                deadline=line.deadline,
                lead=line.lead,
                partners="; ".join(line.partners),
            )
            for line in lines
        ),
    )


def units_paper(context: RoundContext, unit: Unit) -> Paper:
    """A plan of a unit, by its own letterhead where the program has it.

    Without one the unit writes its symbol and its signer's office itself; a department stands under
    the same body as the organiser.
    """
    own, program = unit.letterhead, context.program
    if own is not None:
        parent, issuer, place = own.parent, own.issuer, own.place
        symbol, signer = own.file_code, tuple(own.signer.split("\n"))
    else:
        organiser = program.unit.get(program.organiser)
        peer = organiser is not None and organiser.level == unit.level
        parent = program.letterhead.parent if peer else None
        issuer, place = unit.name, program.letterhead.place
        symbol, signer = _UNNAMED, ("Người đứng đầu",)
    return Paper(
        parent=parent,
        issuer=(issuer,),
        place=place,
        symbol=f"KH-{symbol}",
        signer=signer,
        illustration=context.round.illustration,
    )


def _follower(context: RoundContext, unit: str) -> str:
    """Who follows the plan up: the organiser, whose own plan goes to the publisher."""
    program = context.program
    return program.publisher if unit == program.organiser else program.letterhead.issuer


def _result(entry: RankRecord, among: int, group: str) -> str:
    """ "đạt 412,5/500 điểm (82,5 %), xếp hạng 3/20 (nhóm …)"."""
    points, maximum = entry.published or entry.points, entry.max_points
    if points is None:
        return f"chưa có tổng điểm ({entry.reason})" if entry.reason else "chưa có tổng điểm"
    shown = vietnamese(Fraction(points), 6)
    told = f"đạt {shown}/{vietnamese(Fraction(maximum))} điểm" if maximum else f"đạt {shown} điểm"
    if entry.percent_published is not None:
        told += f" ({percent(Fraction(entry.percent_published) / 100, 6)})"
    if entry.rank is not None:
        told += f", xếp hạng {entry.rank}/{among} ({group})"
    return f"{told}, xếp loại {entry.grade}" if entry.grade else told


def _weak(weak: Sequence[WeakPoint]) -> str:
    lost = sum((each.lost for each in weak), Fraction(0))
    return f"{len(weak)} tiêu chí (mất {vietnamese(lost)} điểm)" if weak else ""
