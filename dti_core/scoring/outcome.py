"""From official points to places: exempted rows, percent, grade, rank (2554/QĐ-UBND, VII–VIII;
2001/QĐ-UBND, II.1.3–1.4). Pure; exact."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from dti_core.program.ranking import Effect, Grade
from dti_core.rational import round_half_up
from dti_core.scoring.exact import ZERO
from dti_core.scoring.rank import Ties, rank

Row = tuple[str, str]
"""(unit, row code)"""


@dataclass(frozen=True)
class Exempted:
    """What an exempted row counts for.

    points  None where it leaves the maximum, or where nobody's points can be borrowed yet
    lender  whose points it borrows: the first of those that were awarded the best
    """

    effect: Effect
    points: Fraction | None
    lender: str | None = None

    @property
    def assessed(self) -> bool:
        """Whether the row still counts in the unit's maximum."""
        return self.effect != "not_assessed"

    @property
    def decided(self) -> bool:
        return not self.assessed or self.points is not None


def exempt(
    granted: Mapping[Row, Effect],
    awarded: Mapping[Row, Fraction],
    maximum: Mapping[Row, Fraction],
    group: Sequence[str],
) -> dict[Row, Exempted]:
    """What exempted rows of one group count for, after all other rows have been awarded.

    granted  (unit, row) → effect
    awarded  official points of rows that are not exempted
    maximum  of every granted row
    group    the units that are compared, in the round's order: only their points are borrowed, and
             never points that were borrowed or given in full themselves (2554/QĐ-UBND, VII.2–3:
             “điểm cao nhất của các cơ quan, đơn vị đạt được”)
    """
    found: dict[Row, Exempted] = {}
    best: dict[str, tuple[Fraction, str]] = {}
    codes = {code for _, code in granted}
    for unit in group:
        for code in codes:
            points = awarded.get((unit, code))
            if (unit, code) in granted or points is None:
                continue
            if code not in best or points > best[code][0]:
                best[code] = points, unit
    for (unit, code), effect in granted.items():
        most, least = max(maximum[unit, code], ZERO), min(maximum[unit, code], ZERO)
        if effect == "full":
            found[unit, code] = Exempted(effect, most)  # of a penalty, the most is no penalty
        elif effect == "not_assessed":
            found[unit, code] = Exempted(effect, None)
        else:
            points, lender = best.get(code, (None, None))
            # a maximum of the unit's own bounds what it borrows: a group may hold two frameworks
            bound = None if points is None else max(least, min(points, most))
            found[unit, code] = Exempted(effect, bound, lender)
    return found


@dataclass(frozen=True)
class Outcome:
    """A unit's result in its group; rank and grade are None where it has no place."""

    unit: str
    points: Fraction
    published: Decimal
    maximum: Fraction
    percent: Fraction
    percent_published: Decimal
    rank: int | None
    grade: str | None


@dataclass(frozen=True)
class Comparison:
    """By what units of a group are compared.

    by      points, or percent of the unit's own maximum
    on      exact values, or as published
    digits  decimals of a published value
    """

    by: Literal["points", "percent"]
    on: Literal["exact", "published"]
    ties: Ties
    digits: int
    grades: tuple[Grade, ...] = ()


def outcomes(
    totals: Mapping[str, tuple[Fraction, Decimal, Fraction]],
    how: Comparison,
    unplaced: Collection[str] = (),
) -> dict[str, Outcome]:
    """Places of a group. `totals`: unit → (exact points, as published, maximum).

    unplaced  units that are evaluated and have no place: nobody's rank depends on them
    """
    found: dict[str, Outcome] = {}
    compared: dict[str, Fraction] = {}
    for unit, (points, published, maximum) in totals.items():
        percent = points / maximum * 100 if maximum else Fraction(0)
        shown = round_half_up(percent, how.digits)
        found[unit] = Outcome(
            unit, points, published, maximum, percent, shown, None, _grade(percent, shown, how)
        )
        exact, as_published = (percent, shown) if how.by == "percent" else (points, published)
        compared[unit] = exact if how.on == "exact" else Fraction(as_published)
    placed = {unit: value for unit, value in compared.items() if unit not in unplaced}
    ranks = {line.unit: line.rank for line in rank(placed, how.ties)}
    return {
        unit: replace(each, rank=ranks[unit]) if unit in ranks else replace(each, grade=None)
        for unit, each in found.items()
    }


def _grade(percent: Fraction, shown: Decimal, how: Comparison) -> str | None:
    """The best grade whose bound the unit reaches, on the same value that ranks go by."""
    share = (percent if how.on == "exact" else Fraction(shown)) / 100
    reached = [grade for grade in how.grades if share >= grade.at_least]
    return max(reached, key=lambda grade: grade.at_least).name if reached else None
