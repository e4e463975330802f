"""The figures of one level as columns: shape (units, asked figures)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dti_core.figures import KNOWN, Figure
from dti_core.framework.model import RATIO, Criterion, Framework, Variable
from dti_core.framework.rules import stated_ratio

Figures = Mapping[tuple[str, str, str], Figure]
"""Keys are (unit, criterion, variable)."""
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NOTHING, NUMBER, YES_NO, WORDS = range(4)
"""What the value of a figure is, whatever was asked."""
STATED = Variable(label="tỷ lệ nêu thẳng", kind="percent")


@dataclass(frozen=True)
class Asked:
    """One figure that is asked of every unit; `variable` is `STATED` for a bare percentage."""

    row: Criterion
    name: str
    variable: Variable


@dataclass(frozen=True, eq=False)
class Grid:
    """What units of one level gave.

    value  the number; 1 or 0 for yes or no; for words the place in `Asked.variable.choices`, -1
           where they are no choice. NaN where nothing is known
    type   NOTHING, NUMBER, YES_NO or WORDS
    spared whether the figure does not concern the unit (not_applicable)
    copied whether the figure was not asked here but taken from where it was
    """

    framework: Framework
    units: Sequence[str]
    asked: tuple[Asked, ...]
    value: Floats
    type: npt.NDArray[np.int8]
    spared: Bools
    copied: Bools
    figures: Figures

    @classmethod
    def of(cls, framework: Framework, units: Sequence[str], figures: Figures) -> "Grid":
        stated = any(name == RATIO for _, _, name in figures)
        asked = tuple(_asked(framework, stated=stated))
        shape = len(units), len(asked)
        value, type_ = np.full(shape, np.nan), np.zeros(shape, np.int8)
        spared, copied = np.zeros(shape, bool), np.zeros(shape, bool)
        column = {(each.row.code, each.name): at for at, each in enumerate(asked)}
        line = {unit: at for at, unit in enumerate(units)}
        choices = [
            {key: float(place) for place, key in enumerate(each.variable.choices)} for each in asked
        ]
        for (unit, criterion, name), figure in figures.items():
            i, j = line.get(unit), column.get((criterion, name))
            if i is None or j is None:
                continue
            given = figure.value
            copied[i, j] = figure.status == "derived"
            if given is None or figure.status not in KNOWN:
                spared[i, j] = figure.status in ("not_applicable", "exempt")
            elif isinstance(given, Fraction):
                value[i, j], type_[i, j] = given.numerator / given.denominator, NUMBER
            elif isinstance(given, bool):
                value[i, j], type_[i, j] = given, YES_NO
            else:
                value[i, j], type_[i, j] = choices[j].get(given, -1.0), WORDS
        return cls(framework, units, asked, value, type_, spared, copied, figures)

    @cached_property
    def place(self) -> Mapping[tuple[str, str], int]:
        """(criterion, variable) → its column."""
        return {(each.row.code, each.name): at for at, each in enumerate(self.asked)}

    @cached_property
    def number(self) -> Floats:
        """The numeric values; NaN elsewhere."""
        return np.where(self.type == NUMBER, self.value, np.nan)

    @cached_property
    def known(self) -> Bools:
        return self.type != NOTHING

    def figure(self, line: int, column: int) -> Figure | None:
        asked = self.asked[column]
        return self.figures.get((self.units[line], asked.row.code, asked.name))


def _asked(framework: Framework, *, stated: bool) -> list[Asked]:
    found = []
    for row in framework.rows:
        found += [Asked(row, name, row.variables[name]) for name in row.needed]
        if stated and stated_ratio(row.rule) is not None:
            found.append(Asked(row, RATIO, STATED))
    return found
