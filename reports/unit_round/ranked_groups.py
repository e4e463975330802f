"""The groups of a result, from recorded ranks and official points."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import cast

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.framework.model import Framework
from dti_core.program.groups import groups_of, members
from dti_core.program.load import RoundContext
from dti_core.program.ranking import Place, RankGroup
from dti_core.records.official import official_totals
from dti_core.records.ranking import ranks
from dti_core.records.tables import RankRecord
from dti_core.scoring.total import Total
from reports.letters.standings import Column, Group, Standing
from reports.unit_round.rows import OfficialRows, maximum, row_columns


class NotRanked(Refused):
    """The round has no ranking to publish yet."""


def groups(records: Session, context: RoundContext) -> tuple[Group, ...]:
    """The ranking of each group with official points, as published. Raises NotRanked.

    A group of units with different frameworks is a table for each of them, with its ranks.
    """
    entries = ranks(records, context.id)
    if not entries:
        raise NotRanked(f"Đợt {context.id} chưa xếp hạng. Hãy chạy: dti rank {context.id}")
    _, pillars = official_totals(records, context)
    rows = OfficialRows(records, context)
    split = [
        (group, framework, tuple(each))
        for group in groups_of(context)
        for framework, each in _by_framework(context, entries, group.id)
    ]
    return tuple(
        Group(
            name=_name(context, group, framework) if len(split) > 1 else None,
            max_points=sum((maximum(pillar) for pillar in framework.pillars), Fraction(0)),
            columns=tuple(Column(pillar.name, pillar.max_points) for pillar in framework.pillars),
            standings=tuple(
                _standing(context, entry, framework, pillars, rows) for entry in its_entries
            ),
            by=group.by,
            rows=row_columns(framework),
        )
        for group, framework, its_entries in split
    )


def names(context: RoundContext) -> Mapping[str, str]:
    """Unit → the name that it alone has: two communes of one name are told apart by who is above
    them, else by their ids."""
    return context.once(_names)


def _names(context: RoundContext) -> dict[str, str]:
    known = context.program.unit
    often = Counter(unit.name for unit in context.units)
    below = Counter((unit.name, unit.parent) for unit in context.units)
    found: dict[str, str] = {}
    for unit in context.units:
        above = known.get(unit.parent or "")
        if often[unit.name] == 1:
            found[unit.id] = unit.name
        elif above is not None and below[unit.name, unit.parent] == 1:
            found[unit.id] = f"{unit.name} ({above.name})"
        else:
            found[unit.id] = f"{unit.name} ({unit.id})"
    return found


def _by_framework(
    context: RoundContext, entries: Sequence[RankRecord], group: str
) -> Iterator[tuple[Framework, list[RankRecord]]]:
    found: dict[str, tuple[Framework, list[RankRecord]]] = {}
    for entry in entries:
        if entry.group == group:
            framework = context.framework_of(entry.unit)
            found.setdefault(framework.id, (framework, []))[1].append(entry)
    yield from found.values()


def _name(context: RoundContext, group: RankGroup, framework: Framework) -> str:
    levels = {context.program.unit[unit].level for unit in members(context, group)}
    return group.name if len(levels) == 1 else f"{group.name} ({framework.title})"


def _standing(
    context: RoundContext,
    entry: RankRecord,
    framework: Framework,
    pillars: Mapping[tuple[str, str], Total],
    rows: OfficialRows,
) -> Standing:
    evaluated = entry.published is not None
    return Standing(
        unit=names(context)[entry.unit],
        rank=entry.rank,
        points=Fraction(entry.published) if entry.published is not None else None,
        pillars=tuple(
            shown(pillars[entry.unit, pillar.code]) if evaluated else None
            for pillar in framework.pillars
        ),
        reason=entry.reason,
        rows=rows.values(entry.unit, framework) if evaluated else (),
        status=cast(Place, entry.status),
        max_points=_exact(entry.max_points),
        percent=_exact(entry.percent_published),
        grade=entry.grade,
        previous_rank=entry.previous_rank,
    )


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def shown(total: Total) -> Fraction:
    """A pillar's points as published; what is decided so far while some are open."""
    return total.computed if total.published is None else Fraction(total.published)
