"""A unit beside its group: the median and the best of each pillar, and what it is strong in.

Units are compared by the share of their own maximum: an exempted criterion leaves it. Where all
have one maximum the shares are told as points.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import TypeVar

from dti_core.rational import percent
from dti_core.scoring.total import scored_rows
from reports.shown import points
from reports.site.beside import StrengthLine
from reports.unit_round.site_gathered import Gathered

K = TypeVar("K")

FEWEST = 3
"""From three units on there is a middle one to compare with."""

NEAR = Fraction(1, 20)
"""Near the best: no more than a twentieth of the maximum below it."""

SHOWN = 10
"""How many strengths a page lists."""


@dataclass(frozen=True)
class Level:
    """Where a group stands: shares of the maximum, 0 … 1, and the maximum if it is everybody's."""

    median: Fraction
    best: Fraction
    maximum: Fraction | None

    def text(self, share: Fraction, maximum: Fraction, digits: int) -> str:
        """A share as points; in percent where the unit's maximum, or anybody's, is another."""
        if self.maximum != maximum:
            return percent(share, digits)
        return points(share * maximum, digits)


class Compared:
    """The ranked units of one group, by pillar and by row.

    pillars, rows  (framework, pillar or row code) → its level; only from FEWEST units on
    whole          the level of the total, likewise; None where they are fewer
    """

    def __init__(self, known: Gathered, units: tuple[str, ...]) -> None:
        self.known = known
        ranked = [unit for unit in units if unit in known.ranked]
        by_pillar: dict[tuple[str, str], list[tuple[Fraction, Fraction]]] = {}
        wholes: list[tuple[Fraction, Fraction]] = []
        by_row: dict[tuple[str, str], list[tuple[Fraction, Fraction]]] = {}
        for unit in ranked:
            framework = known.context.framework_of(unit)
            whole = known.wholes[unit]
            if whole.decided and whole.max_points > 0:
                wholes.append((whole.low, whole.max_points))
            for pillar in framework.pillars:
                key, total = (framework.id, pillar.code), known.pillars[unit, pillar.code]
                if total.decided and total.max_points > 0:
                    by_pillar.setdefault(key, []).append((total.low, total.max_points))
            for row in (row for each in framework.criteria for row in scored_rows(each)):
                mine = known.points(unit, row.code)
                if mine is None or not row.max_points or known.exempted(unit, row.code):
                    continue
                if row.max_points > 0:
                    by_row.setdefault((framework.id, row.code), []).append((mine, row.max_points))
        self.pillars = _levels(by_pillar)
        self.rows = _levels(by_row)
        self.whole = _levels({"": wholes}).get("")

    def strengths(self, unit: str) -> tuple[StrengthLine, ...]:
        """The rows in which a unit is at or near the best and above the median, the farthest above
        it first."""
        known, found = self.known, []
        framework = known.context.framework_of(unit)
        for row in (row for each in framework.criteria for row in scored_rows(each)):
            level = self.rows.get((framework.id, row.code))
            mine = known.points(unit, row.code)
            if level is None or mine is None or not row.max_points:
                continue
            if known.exempted(unit, row.code) is not None:
                continue
            share = mine / row.max_points
            if share > level.median and share >= level.best - NEAR:
                found.append((share - level.median, row, mine, level))
        found.sort(key=lambda each: -each[0])
        return tuple(
            StrengthLine(
                row.code,
                row.name,
                points(mine, known.digits),
                level.text(level.best, row.max_points, known.digits),
                level.text(level.median, row.max_points, known.digits),
            )
            for _, row, mine, level in found[:SHOWN]
            if row.max_points is not None
        )


def _levels(by: Mapping[K, list[tuple[Fraction, Fraction]]]) -> dict[K, Level]:
    found: dict[K, Level] = {}
    for key, values in by.items():
        if len(values) >= FEWEST:
            shares = [mine / most for mine, most in values]
            maxima = {most for _, most in values}
            found[key] = Level(
                median(shares), max(shares), maxima.pop() if len(maxima) == 1 else None
            )
    return found
