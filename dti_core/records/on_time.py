"""Who was in time, group by group: in a round as it stands, and in rounds of earlier years."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol

from sqlmodel import Session, col, select

from dti_core.program.load import RoundContext
from dti_core.records.collecting import Standing, standings
from dti_core.records.tables import RoundRecord


class Timed(Protocol):
    """When a provider's workbooks came, all of them."""

    @property
    def group(self) -> str | None: ...
    @property
    def on_time(self) -> bool: ...
    @property
    def received(self) -> bool: ...
    def late(self, day: date) -> bool: ...


@dataclass(frozen=True)
class GroupProgress:
    """How many units of a group were in time, came late, are overdue, or have time left."""

    group: str | None
    on_time: int
    came_late: int
    overdue: int
    open: int

    @property
    def rate(self) -> Fraction | None:
        """Share in time among those whose time is over; None while it is nobody's."""
        over = self.on_time + self.came_late + self.overdue
        return Fraction(self.on_time, over) if over else None


@dataclass(frozen=True)
class YearProgress:
    """Who was in time in an earlier round of the same program, group by group."""

    round_id: str
    evaluation_year: int
    groups: tuple[GroupProgress, ...]


def groups_of(units: Sequence[Timed], day: date) -> tuple[GroupProgress, ...]:
    """The groups in the order in which their first units come."""
    return tuple(
        _group(group, [unit for unit in units if unit.group == group], day)
        for group in dict.fromkeys(unit.group for unit in units)
    )


def earlier_years(session: Session, context: RoundContext, day: date) -> Iterator[YearProgress]:
    """Earlier rounds of the program that asked units: their levels are those of the units now."""
    before = [
        f"{context.program.id}/{each.id}"
        for each in context.program.rounds
        if each.evaluation_year < context.round.evaluation_year
    ]
    if not before:
        return
    opened = session.exec(
        select(RoundRecord.id, RoundRecord.evaluation_year)
        .where(col(RoundRecord.id).in_(before))
        .order_by(col(RoundRecord.evaluation_year).desc(), col(RoundRecord.id))
    ).all()
    for round_id, year in opened:
        by_provider: dict[str, list[Standing]] = defaultdict(list)
        for stand in standings(session, round_id):
            by_provider[stand.provider].append(stand)
        units = [
            _Before(context.program.unit[who].level, tuple(stands))
            for who, stands in by_provider.items()
            if who in context.program.unit
        ]
        if units:
            yield YearProgress(round_id, year, groups_of(units, day))


def _group(group: str | None, units: Sequence[Timed], day: date) -> GroupProgress:
    return GroupProgress(
        group=group,
        on_time=sum(unit.on_time for unit in units),
        came_late=sum(unit.received and not unit.on_time for unit in units),
        overdue=sum(not unit.received and unit.late(day) for unit in units),
        open=sum(not unit.received and not unit.late(day) for unit in units),
    )


@dataclass(frozen=True)
class _Before:
    """One provider of an earlier round."""

    group: str | None
    stands: tuple[Standing, ...]

    @property
    def received(self) -> bool:
        return all(stand.received_on is not None for stand in self.stands)

    @property
    def on_time(self) -> bool:
        return self.received and not any(stand.came_late for stand in self.stands)

    def late(self, day: date) -> bool:
        return any(stand.late(day) for stand in self.stands)
