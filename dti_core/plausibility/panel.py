"""The figures of one level as columns, this year's beside last year's: what detectors work on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dti_core.framework.expression import Expression
from dti_core.framework.model import Criterion, Framework
from dti_core.framework.rules import metrics
from dti_core.plausibility.amounts import Amount, amounts
from dti_core.plausibility.flag import Flag
from dti_core.scoring.score import FigureMap

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Share:
    """A quotient of one figure by one other of the same row, as places of their columns."""

    row: Criterion
    metric: Expression
    part: int
    whole: int


@dataclass(frozen=True, eq=False)
class Panel:
    """Units of one level that answer the same framework: only like stands beside like.

    amounts      what the columns are, in the framework's order
    now, before  shape (units, amounts), NaN where a figure is not known; `before` holds what the
                 same unit gave for the same thing in the year before
    own          shape (units, amounts): whether the unit itself gives the figure
    figures, prior  the exact figures that the columns are the floats of
    """

    framework: Framework
    units: Sequence[str]
    amounts: tuple[Amount, ...]
    now: Floats
    before: Floats
    own: Bools
    figures: FigureMap
    prior: FigureMap

    @classmethod
    def of(
        cls,
        framework: Framework,
        units: Sequence[str],
        figures: FigureMap,
        prior: FigureMap,
        submitters: Mapping[tuple[str, str], str] | None = None,
    ) -> "Panel":
        """Columns from figures. `submitters`: (unit, row) → who gave the row; without it, the rows
        that the framework asks of the assessed unit itself are its own."""
        asked = tuple(amounts(framework))
        own = np.zeros((len(units), len(asked)), bool)
        for column, each in enumerate(asked):
            if submitters is not None:
                own[:, column] = [submitters.get((u, each.criterion)) == u for u in units]
            else:
                provider = framework.by_code[each.criterion].provider_of(each.variable)
                own[:, column] = provider is not None and provider.relative == "self"
        now, before = (_columns(asked, units, each) for each in (figures, prior))
        return cls(framework, units, asked, now, before, own, figures, prior)

    def flag(
        self,
        place: int,
        amount: Amount,
        detector: str,
        *,
        reported: Fraction,
        expected: Fraction | None,
        suspicion: float,
        message: str,
    ) -> Flag:
        """A doubt about one figure of the unit at a place."""
        return Flag(
            unit=self.units[place],
            criterion=amount.criterion,
            variable=amount.variable,
            detector=detector,
            message=message,
            reported=reported,
            expected=expected,
            criteria=(amount.criterion,),
            suspicion=suspicion,
        )

    @cached_property
    def place(self) -> Mapping[tuple[str, str], int]:
        """(row, variable) → column."""
        return {(each.criterion, each.variable): at for at, each in enumerate(self.amounts)}

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """Every quotient a / b of two figures that a row forms, under either reading."""
        found = []
        for row in self.framework.rows:
            rules = [row.rule_under("as_written"), row.rule_under("corrected")]
            for metric in dict.fromkeys(each for rule in rules for each in metrics(rule)):
                halves = metric.quotient
                if halves is None or any(half.text not in row.variables for half in halves):
                    continue
                part, whole = ((row.code, half.text) for half in halves)
                if part in self.place and whole in self.place:
                    found.append(Share(row, metric, self.place[part], self.place[whole]))
        return tuple(found)

    @cached_property
    def quantities(self) -> Mapping[str, tuple[int, ...]]:
        """Things that are asked for in some row → the columns that hold them."""
        found: dict[str, list[int]] = {}
        for at, each in enumerate(self.amounts):
            if each.quantity is not None:
                found.setdefault(each.quantity, []).append(at)
        return {name: tuple(columns) for name, columns in found.items()}

    def value(self, unit: int, column: int) -> Fraction:
        """This year's exact figure, of one that is known."""
        return self._exact(self.figures, unit, column)

    def earlier(self, unit: int, column: int) -> Fraction:
        """Last year's exact figure, of one that is known."""
        return self._exact(self.prior, unit, column)

    def _exact(self, figures: FigureMap, unit: int, column: int) -> Fraction:
        value = self.amounts[column].value(figures, self.units[unit])
        assert value is not None
        return value


def places(found: Bools) -> list[int]:
    """The units that a mask marks."""
    return [int(place) for place in np.flatnonzero(found)]


def _columns(asked: Sequence[Amount], units: Sequence[str], figures: FigureMap) -> Floats:
    columns = np.full((len(asked), len(units)), np.nan)
    for at, amount in enumerate(asked):
        column = columns[at]
        for place, unit in enumerate(units):
            value = amount.value(figures, unit)
            if value is not None:
                column[place] = value.numerator / value.denominator
    return columns.T
