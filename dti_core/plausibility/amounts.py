"""The numeric figures that rows ask for: their values, their peers, how they are written."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from dti_core.framework.model import RATIO, Framework, Kind
from dti_core.framework.rules import stated_ratio
from dti_core.plausibility.limits import Limits
from dti_core.rational import percent, vietnamese
from dti_core.scoring.score import FigureMap

COMPARED: frozenset[Kind] = frozenset({"count", "mean", "money", "percent"})
"""Kinds that are compared over years and units. A frequency is not: it goes from every quarter to
every week in one lawful step; a flag, a choice and a text have no size."""


@dataclass(frozen=True)
class Amount:
    """One numeric figure of one row, asked of every unit. `measure` is its unit of measure."""

    criterion: str
    variable: str
    kind: Kind
    measure: str | None = None

    @property
    def subject(self) -> str:
        """How a message names it: "Mục 6.14, số liệu a"."""
        name = "tỷ lệ nêu thẳng" if self.variable == RATIO else f"số liệu {self.variable}"
        return f"Mục {self.criterion}, {name}"

    @property
    def bracket(self) -> str:
        """The unit of measure behind a number, where there is one."""
        return f" ({self.measure})" if self.measure else ""

    def shown(self, value: Fraction) -> str:
        return percent(value, 4) if self.kind == "percent" else vietnamese(value, 6)

    def value(self, figures: FigureMap, unit: str) -> Fraction | None:
        """What a unit gives; None where it is not known, or negative and thus no amount."""
        figure = figures.get((unit, self.criterion, self.variable))
        if figure is None or not figure.known or isinstance(figure.value, bool | str | None):
            return None
        return figure.value if figure.value >= 0 else None

    def others(self, figures: FigureMap, units: Sequence[str], unit: str) -> list[Fraction]:
        """What the other units give."""
        given = (self.value(figures, other) for other in units if other != unit)
        return [value for value in given if value is not None]


def amounts(framework: Framework) -> Iterator[Amount]:
    """The numeric figures of a framework that its rules use, in its order."""
    for row in framework.rows:
        for name in row.needed:
            variable = row.variables[name]
            if variable.kind in COMPARED:
                yield Amount(row.code, name, variable.kind, variable.unit)
        if stated_ratio(row.rule) is not None:
            yield Amount(row.code, RATIO, "percent")


def middle(values: Sequence[Fraction]) -> Fraction:
    """The median, exact. Raises StatisticsError for no values."""
    return Fraction(median(values))


def log(value: Fraction) -> float:
    """The natural logarithm of a positive fraction, however long its digits."""
    return math.log(value.numerator) - math.log(value.denominator)


def matters(
    amount: Amount, one: Fraction, two: Fraction, typical: Fraction | None, limits: Limits
) -> bool:
    """Whether two values differ by more than chance (counts, means) or trifles (money, percent).

    typical  the peers' median; without peers, any difference of money matters
    """
    difference = abs(one - two)
    if amount.kind == "money":
        return difference > limits.material * (typical or 0)
    if amount.kind == "percent":
        return difference > limits.material
    return difference**2 > limits.sigmas**2 * (one + two)
