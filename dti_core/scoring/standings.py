"""Totals and places of a round's units, under whatever way of counting their points.

One place for what readings, what-if and robustness share: which points count for a row, what they
add up to, and the rank that follows under the program's policies.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dti_core.errors import Refused
from dti_core.framework.model import Framework, Reading
from dti_core.program.load import RoundContext
from dti_core.program.policies import Policies
from dti_core.scoring.rank import rank
from dti_core.scoring.score import Score
from dti_core.scoring.total import RowPoints, Total, add_up, scored_rows

ScoreMap = Mapping[tuple[str, str], Score]
"""(unit, row code) → score"""

Points = Mapping[tuple[str, str], Fraction]
"""(unit, row code) → points that people decided otherwise than computed"""

Counted = Mapping[str, Mapping[str, RowPoints]]
"""unit → row code → what the row counts for, of every row that has points of its own"""


class ReadingUndecided(Refused):
    """Nobody has decided which reading officially applies."""


@dataclass(frozen=True)
class Group:
    """Units that are ranked against each other, and the framework that scores them."""

    name: str
    framework: Framework
    units: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """A unit's total and its place among its group; no place while its points are open, or while
    a policy that ranking needs is."""

    unit: str
    group: str
    total: Total
    rank: int | None

    @property
    def points(self) -> Fraction | None:
        """The exact total; None while it is open."""
        return self.total.low if self.total.decided else None


def groups_of(context: RoundContext) -> tuple[Group, ...]:
    """The groups of a round: the units of each level."""
    return tuple(
        Group(level, framework, tuple(unit.id for unit in context.units if unit.level == level))
        for level, framework in context.frameworks.items()
    )


def under(
    group: Group, scores: Mapping[Reading, ScoreMap], reading: Reading, awarded: Points
) -> Counted:
    """What the rows count for with the whole round under one reading, people's points kept."""
    return _counted(group, scores, lambda _code: reading, awarded)


def officially(
    group: Group, scores: Mapping[Reading, ScoreMap], policies: Policies, awarded: Points
) -> Counted:
    """What the rows count for by the reading that officially applies to each, people's points
    kept. Raises ReadingUndecided where the program has not decided it."""

    def reading(code: str) -> Reading:
        chosen = policies.reading_of(code)
        if chosen is None:
            raise ReadingUndecided(
                "Chưa đặt chính sách “reading” (cách đọc chính thức) trong program.yaml nên chưa"
                " biết điểm nào là điểm chính thức. Hãy đặt chính sách ấy trước."
            )
        return chosen

    return _counted(group, scores, reading, awarded)


def standings(group: Group, counted: Counted, policies: Policies) -> dict[str, Standing]:
    """Every unit's total and place."""
    wholes = {unit: add_up(group.framework, counted[unit], policies)[1] for unit in group.units}
    places = ranked(wholes, policies)
    return {unit: Standing(unit, group.name, total, places[unit]) for unit, total in wholes.items()}


def ranked(totals: Mapping[str, Total | None], policies: Policies) -> dict[str, int | None]:
    """Places by the policies `ties` and `rank_on`; nobody has one while a policy is unset."""
    if policies.ties is None or policies.rank_on is None or undecided(policies):
        return dict.fromkeys(totals)
    published = policies.rank_on.value == "published"
    compared = {unit: _compared(total, published=published) for unit, total in totals.items()}
    return {line.unit: line.rank for line in rank(compared, policies.ties.value)}


def undecided(policies: Policies) -> tuple[str, ...]:
    """The policies without which nobody can be ranked, those that are unset."""
    return tuple(
        name for name in ("ties", "rank_on", "rounding") if getattr(policies, name) is None
    )


def _counted(
    group: Group,
    scores: Mapping[Reading, ScoreMap],
    reading: Callable[[str], Reading],
    awarded: Points,
) -> Counted:
    rows = [row.code for each in group.framework.criteria for row in scored_rows(each)]
    return {
        unit: {
            code: RowPoints.awarded(awarded[unit, code])
            if (unit, code) in awarded
            else _row_points(scores[reading(code)][unit, code])
            for code in rows
        }
        for unit in group.units
    }


def _row_points(score: Score) -> RowPoints:
    return RowPoints(score.low, score.high, score.points)


def _compared(total: Total | None, *, published: bool) -> Fraction | None:
    """The points that ranks go by: exact, or as they are published."""
    if total is None or not total.decided:
        return None
    if published:
        return None if total.published is None else Fraction(total.published)
    return total.low
