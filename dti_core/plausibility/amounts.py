"""The numeric figures that rows ask for: their values, their peers, how they are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from dti_core.framework.model import RATIO, Framework, Kind
from dti_core.framework.rules import stated_ratio
from dti_core.rational import percent, vietnamese
from dti_core.scoring.score import FigureMap

COMPARED: frozenset[Kind] = frozenset({"count", "mean", "money", "percent"})
"""Kinds that are compared over years and units. A frequency is not: it goes from every quarter to
every week in one lawful step; a flag, a choice and a text have no size."""


@dataclass(frozen=True)
class Amount:
    """One numeric figure of one row, asked of every unit. `measure` is its unit of measure,
    `quantity` the thing that it is a number of, where several rows ask for it."""

    criterion: str
    variable: str
    kind: Kind
    measure: str | None = None
    quantity: str | None = None

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


def amounts(framework: Framework) -> Iterator[Amount]:
    """The numeric figures of a framework that its rules use, in its order."""
    for row in framework.rows:
        for name in row.needed:
            variable = row.variables[name]
            if variable.kind in COMPARED:
                yield Amount(row.code, name, variable.kind, variable.unit, variable.quantity)
        if stated_ratio(row.rule) is not None:
            yield Amount(row.code, RATIO, "percent")
