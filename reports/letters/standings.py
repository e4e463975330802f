"""The result of a round as the papers carry it: ranks, points, points by pillar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from dti_core.errors import Refused
from dti_core.program.ranking import Place
from reports.letters.wording import points


class BrokenStandings(Refused):
    """A result that cannot be published as it stands. The text names the unit."""


@dataclass(frozen=True)
class Column:
    """A pillar and its maximum; None where the framework gives it none."""

    name: str
    max_points: Fraction | None


@dataclass(frozen=True)
class RowColumn:
    """A row of the framework (criterion or part of one). `pillar` counts from 0, `max_points` is
    None where the framework gives it none."""

    code: str
    name: str
    max_points: Fraction | None
    pillar: int


@dataclass(frozen=True)
class RowValue:
    """Official points of a row; None where there are none.

    exempt    whether they come of an exemption
    assessed  False: the row left the unit's maximum (không đánh giá)
    """

    points: Fraction | None
    exempt: bool = False
    assessed: bool = True


@dataclass(frozen=True)
class Standing:
    """A unit's place: official points, in all and by pillar in the group's order.

    unit           its name, which nobody else in the result has
    rank           None for a unit that is not ranked; `reason` then says why
    rows           official points by row, in the group's order; none where it was not evaluated
    status         `ranked`, or what it is instead
    max_points     the unit's own maximum; None: the group's
    percent        points in percent of it, as published
    previous_rank  of the evaluation before; None where it had none
    """

    unit: str
    rank: int | None
    points: Fraction | None
    pillars: tuple[Fraction | None, ...]
    reason: str | None = None
    rows: tuple[RowValue, ...] = ()
    status: Place = "ranked"
    max_points: Fraction | None = None
    percent: Fraction | None = None
    grade: str | None = None
    previous_rank: int | None = None

    @property
    def place(self) -> Place:
        """What it is, also where nobody said more than that it has no rank."""
        return "not_ranked" if self.rank is None and self.status == "ranked" else self.status


@dataclass(frozen=True)
class Group:
    """Units that are ranked together. `name` is None where there is only one group.

    by    what ranks go by: points, or percent of the unit's own maximum
    rows  the rows of the framework, in its order
    """

    name: str | None
    max_points: Fraction
    columns: tuple[Column, ...]
    standings: tuple[Standing, ...]
    by: Literal["points", "percent"] = "points"
    rows: tuple[RowColumn, ...] = ()

    def __post_init__(self) -> None:
        for one in self.standings:
            if len(one.pillars) != len(self.columns):
                raise BrokenStandings(
                    f"{one.unit}: có điểm của {len(one.pillars)} chỉ số chính, bộ chỉ số có"
                    f" {len(self.columns)}. Hãy tính điểm và xếp hạng lại."
                )
            if len(one.rows) not in (0, len(self.rows)) or (
                one.rank and self.rows and not one.rows
            ):
                raise BrokenStandings(
                    f"{one.unit}: có điểm của {len(one.rows)} mục, bộ chỉ số có {len(self.rows)}."
                    " Hãy tính điểm và xếp hạng lại."
                )
            if self.by == "percent" and one.rank is not None and one.percent is None:
                raise BrokenStandings(
                    f"{one.unit}: nhóm xếp hạng theo tỷ lệ mà không có tỷ lệ. Hãy xếp hạng lại."
                )
            if one.rank is not None and one.points is None:
                raise BrokenStandings(
                    f"{one.unit}: có hạng {one.rank} mà không có điểm. Hãy xếp hạng lại."
                )
            if one.rank is None and not one.reason:
                raise BrokenStandings(
                    f"{one.unit}: không có hạng mà không nêu lý do. Hãy xếp hạng lại."
                )

    @property
    def ranked(self) -> tuple[Standing, ...]:
        """Ranked units from the first rank on; equal ranks keep their order."""
        placed = [(one.rank, one) for one in self.standings if one.rank is not None]
        return tuple(one for _, one in sorted(placed, key=lambda pair: pair[0]))

    @property
    def unranked(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.standings if one.rank is None)

    @property
    def graded(self) -> bool:
        """Whether somebody has a grade."""
        return any(one.grade for one in self.standings)

    @property
    def compared(self) -> bool:
        """Whether somebody had a rank before: else there is nothing to compare with."""
        return any(one.previous_rank is not None for one in self.ranked)

    @property
    def own_maxima(self) -> bool:
        """Whether a unit's maximum is not the group's."""
        return any(one.max_points not in (None, self.max_points) for one in self.standings)


@dataclass(frozen=True)
class Spread:
    """Points of a group as text: their mean, the highest, the lowest."""

    name: str
    max_points: str
    mean: str
    high: str
    low: str


@dataclass(frozen=True)
class Summary:
    """A group in a few numbers. `first` and `last` name the units at both ends."""

    name: str | None
    count: int
    first: str
    last: str
    whole: Spread
    pillars: tuple[Spread, ...]


def ranked_count(groups: Iterable[Group]) -> int:
    """How many units have a rank. Raises BrokenStandings where none has."""
    count = sum(len(group.ranked) for group in groups)
    if not count:
        raise BrokenStandings(
            "Chưa có đơn vị nào được xếp hạng nên chưa có kết quả để trình. Hãy thẩm định điểm và"
            " xếp hạng trước."
        )
    return count


def summary(group: Group, digits: int) -> Summary:
    """The ranked units of a group, which must have some."""
    ranked = group.ranked
    values = [one.points for one in ranked if one.points is not None]
    return Summary(
        name=group.name,
        count=len(ranked),
        first=_names(ranked, max(values)),
        last=_names(ranked, min(values)),
        whole=_spread("Tổng", group.max_points, values, digits),
        pillars=tuple(
            _spread(
                column.name,
                column.max_points,
                [value for one in ranked if (value := one.pillars[place]) is not None],
                digits,
            )
            for place, column in enumerate(group.columns)
        ),
    )


def _names(standings: Sequence[Standing], value: Fraction) -> str:
    return ", ".join(one.unit for one in standings if one.points == value)


def _spread(
    name: str, max_points: Fraction | None, values: Sequence[Fraction], digits: int
) -> Spread:
    mean = sum(values, Fraction(0)) / len(values) if values else None
    return Spread(
        name=name,
        max_points=points(max_points, digits),
        mean=points(mean, digits),
        high=points(max(values, default=None), digits),
        low=points(min(values, default=None), digits),
    )
