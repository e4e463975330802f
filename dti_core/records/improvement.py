"""Plans to improve: proposed from a ranked round, kept as the units send them back (2554/QĐ-UBND,
IX.3), beside the tasks of the province's own yearly plan (833/QĐ-UBND, Phụ lục 1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.one_writer import one_writer
from dti_core.records.ranking import ranks
from dti_core.records.rights import Right, need
from dti_core.records.row_results import Results, results
from dti_core.records.tables import ImprovementRecord, RankRecord
from dti_core.scoring.improvement import (
    Line,
    WeakPoint,
    a_year_later,
    weak_points,
)

WHOLE_PROVINCE = "toan-tinh"
"""The `unit` of lines that no single unit planned: the tasks of the province's yearly plan."""


class NotRankedYet(Refused):
    """A plan was asked for before there is a result to plan from. The text says what to run."""


@dataclass(frozen=True)
class Proposal:
    """What a plan of a unit may say: its weak points, the most points first, and a line of each."""

    weak: tuple[WeakPoint, ...]
    lines: tuple[Line, ...]


def proposals(session: Session, context: RoundContext, units: Sequence[str]) -> dict[str, Proposal]:
    """Unit → what its plan may say, for those of the units that were evaluated.

    Raises NotRankedYet, StaleScores.
    """
    ranked = _ranked(session, context, units)
    known = results(session, context)
    return {unit: _proposal(known, unit) for unit in units if unit in ranked}


def plans(
    session: Session, program: str, year: int, units: Iterable[str] | None = None
) -> list[ImprovementRecord]:
    """The recorded lines that mend the weak points of a year, unit by unit, by their numbers."""
    found = session.exec(
        select(ImprovementRecord)
        .where(ImprovementRecord.program == program, ImprovementRecord.year == year)
        .order_by(col(ImprovementRecord.unit), col(ImprovementRecord.number))
    )
    wanted = None if units is None else set(units)
    return [each for each in found if wanted is None or each.unit in wanted]


def to_line(record: ImprovementRecord) -> Line:
    """A recorded line as the papers take it."""
    return Line(
        number=record.number,
        criterion=record.criterion,
        title=record.title,
        result=record.result or "",
        target=record.target or "",
        deadline=record.deadline or "",
        lead=record.lead or "",
        partners=tuple(record.partners),
        basis=record.basis or "",
    )


def write_plan(
    session: Session,
    context: RoundContext,
    unit: str,
    lines: Sequence[Line],
    source: str,
    actor: str,
) -> int:
    """Record a unit's plan in place of what it sent before; returns how many lines came, went or
    changed. The same plan again changes nothing."""
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    level = context.program.unit[unit].level
    year = context.round.evaluation_year
    changed = _replace(session, context.program.id, year, unit, level, lines, source)
    if changed:
        detail = {"year": year, "lines": len(lines), "changed": changed, "source": source}
        audit.append(session, context.id, "improvement_planned", unit, detail, actor)
    return changed


def write_tasks(
    session: Session, program: str, year: int, lines: Sequence[Line], source: str, actor: str
) -> int:
    """Record the tasks of the province's plan for the year after `year`, in place of those before.

    The event stands in the log of the program, since no round has asked for it.
    """
    actor = need(session, program, Right.PROGRAM, actor)
    changed = _replace(session, program, year, WHOLE_PROVINCE, None, lines, source)
    if changed:
        detail = {"year": year, "lines": len(lines), "changed": changed, "source": source}
        audit.append(session, program, "tasks_imported", WHOLE_PROVINCE, detail, actor)
    return changed


def _ranked(session: Session, context: RoundContext, units: Sequence[str]) -> set[str]:
    """The units that were evaluated, of those that are wanted."""
    entries: dict[str, RankRecord] = {each.unit: each for each in ranks(session, context.id)}
    if not entries:
        raise NotRankedYet(
            f"Đợt {context.id} chưa xếp hạng nên chưa có kết quả để lập kế hoạch khắc phục. Hãy"
            f" chạy: dti rank {context.id}"
        )
    evaluated = {u for u, each in entries.items() if each.status != "not_evaluated"}
    if len(units) == 1 and units[0] not in evaluated:
        name = context.program.unit[units[0]].name
        reason = entries[units[0]].reason if units[0] in entries else None
        raise NotRankedYet(
            f"{name} không được đánh giá ở đợt {context.id}"
            f"{f' ({reason})' if reason else ''} nên không có mục mất điểm để lập kế hoạch."
        )
    return evaluated


def _proposal(known: Results, unit: str) -> Proposal:
    context = known.context
    deadline = f"Trước ngày {a_year_later(context.round.data_to.on):%d/%m/%Y}"
    weak = weak_points(
        context.framework_of(unit),
        context.program.unit[unit].name,
        {code: points for (who, code), points in known.official.items() if who == unit},
        {code for who, code in known.exempted if who == unit},
        context.program.policies.reading_of,
    )
    lines = [
        Line(
            number=number,
            criterion=each.criterion.code,
            title=each.criterion.name,
            result=known.told(unit, each.criterion),
            target=each.target,
            deadline=deadline,
            lead="; ".join(each.leads),
            partners=each.partners,
            basis=str(each.criterion.citation),
        )
        for number, each in enumerate(weak, 1)
    ]
    return Proposal(tuple(weak), tuple(lines))


def _replace(
    session: Session,
    program: str,
    year: int,
    unit: str,
    level: str | None,
    lines: Sequence[Line],
    source: str,
) -> int:
    new = {each.number: _record(program, year, unit, level, each, source) for each in lines}
    old = {each.number: each for each in plans(session, program, year, [unit])}
    differ = [n for n in new.keys() | old.keys() if _said(new.get(n)) != _said(old.get(n))]
    for number in sorted(differ):
        if number in old:
            session.delete(old[number])
    session.flush()  # a line's number is free before its successor takes it
    for number in sorted(differ):
        if number in new:
            session.add(new[number])
    session.flush()
    return len(differ)


def _said(record: ImprovementRecord | None) -> object:
    return record and record.model_dump(exclude={"id", "source"})


def _record(
    program: str, year: int, unit: str, level: str | None, line: Line, source: str
) -> ImprovementRecord:
    return ImprovementRecord(
        program=program,
        year=year,
        unit=unit,
        number=line.number,
        level=level,
        criterion=line.criterion,
        title=line.title,
        result=line.result or None,
        target=line.target or None,
        deadline=line.deadline or None,
        lead=line.lead or None,
        partners=list(line.partners),
        basis=line.basis or None,
        source=source,
    )
