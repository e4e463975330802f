"""A unit's results over the years: rounds of this program, and years imported from before it."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from sqlmodel import Session, col, select

from dti_core.program.groups import group_of
from dti_core.program.load import SUB_ROUND, RoundContext
from dti_core.program.replaced import replaced
from dti_core.rational import vietnamese
from dti_core.records.earlier import prior_results
from dti_core.records.ranking import ranks
from dti_core.records.tables import EarlierResultRecord, RankRecord, RoundRecord
from reports.shown import NOTHING
from reports.site.beside import YearLine


def years(records: Session, context: RoundContext) -> Mapping[str, tuple[YearLine, ...]]:
    """Unit → its results, this round's first, then those of earlier evaluation years.

    A round that was held counts before what was imported for its year. A unit takes over the
    results of the one that it replaced. Only results within the unit's own group, or its level,
    are told: places of other groups do not compare.
    """
    was = replaced(context)
    names = {unit.id: {unit.id, was.get(unit.id, unit.id)} for unit in context.units}
    groups = {unit.id: {group_of(context, unit.id).id, unit.level} for unit in context.units}
    found: dict[str, dict[int, YearLine]] = {unit.id: {} for unit in context.units}
    for year, group, name, line in [*_imported(records, context), *_held(records, context)]:
        for unit, known_as in names.items():
            if name in known_as and group in groups[unit]:
                found[unit][year] = line
    return {
        unit: tuple(by_year[year] for year in sorted(by_year, reverse=True))
        for unit, by_year in found.items()
    }


def place(rank: int | None, of: int | None) -> str:
    """A rank, of how many where all of them are known: "3 / 20". What was imported may name some
    units only, and then fewer than the rank."""
    if rank is None:
        return ""
    return f"{rank} / {of}" if of is not None and of >= rank else str(rank)


Result = tuple[int, str, str, YearLine]
"""Evaluation year, group, unit, line."""


def _held(records: Session, context: RoundContext) -> list[Result]:
    """The rounds of earlier years that were ranked, the later-opened last, and this round."""
    found = []
    for round_ in records.exec(
        select(RoundRecord)
        .where(
            col(RoundRecord.id).startswith(f"{context.program.id}/", autoescape=True),
            RoundRecord.evaluation_year < context.round.evaluation_year,
        )
        .order_by(col(RoundRecord.opened_at), col(RoundRecord.id))
    ):
        # places within another unit's sub-round do not compare
        if round_.id.partition(SUB_ROUND)[2] == context.id.partition(SUB_ROUND)[2]:
            found += _of_round(ranks(records, round_.id), round_.evaluation_year, round_.title)
    this = ranks(records, context.id)
    return found + _of_round(this, context.round.evaluation_year, context.round.title)


def _of_round(entries: list[RankRecord], year: int, title: str) -> list[Result]:
    of = Counter(entry.group for entry in entries if entry.rank is not None)
    return [
        (
            year,
            entry.group,
            entry.unit,
            YearLine(
                year=str(year),
                rank=place(entry.rank, of[entry.group]) or NOTHING,
                points=_number(entry.published),
                percent="" if entry.percent_published is None else _number(entry.percent_published),
                grade=entry.grade or "",
                source=title,
            ),
        )
        for entry in entries
    ]


def _imported(records: Session, context: RoundContext) -> list[Result]:
    """The results of earlier years that were imported."""
    program, found = context.program.id, []
    table = EarlierResultRecord
    every = records.exec(
        select(table.year)
        .where(table.program == program, table.year < context.round.evaluation_year)
        .distinct()
        .order_by(col(table.year))
    )
    for year in list(every):
        results = prior_results(records, program, year)
        of = Counter(each.group for each in results.values() if each.rank is not None)
        for each in results.values():
            line = YearLine(
                year=str(year),
                rank=place(each.rank, of[each.group]) or NOTHING,
                points=NOTHING if each.points is None else vietnamese(each.points, 6),
                percent="",
                grade="",
                source="Kết quả đã nhập từ năm trước",
            )
            found.append((year, each.group, each.unit, line))
    return found


def _number(published: str | None) -> str:
    return NOTHING if published is None else vietnamese(Fraction(published), 6)
