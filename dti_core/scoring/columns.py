"""Columns: one figure of all units at once, each value known or a range of what it can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Column:
    """A number per unit: shape (units,), from `low` to `high` (∞ allowed), equal where known.

    `low` and `high` are the same array where every unit's value is known, so that arithmetic is
    done once. `zero` marks the units for which a known 0 has been divided by.
    """

    low: Floats
    high: Floats
    zero: Bools | None = None

    @property
    def certain(self) -> bool:
        """Whether every unit's value is known."""
        return self.low is self.high

    @property
    def known(self) -> Bools:
        return np.ones(self.low.shape, bool) if self.certain else self.low == self.high

    def _with(
        self, low: Floats, high: Floats, other: "Column", zero: Bools | None = None
    ) -> "Column":
        for more in (self.zero, other.zero):
            zero = more if zero is None else zero if more is None else zero | more
        return Column(low, high, zero)

    def __add__(self, other: "Column") -> "Column":
        low = self.low + other.low
        return self._with(
            low, low if self.certain and other.certain else self.high + other.high, other
        )

    def __sub__(self, other: "Column") -> "Column":
        if self.certain and other.certain:
            low = self.low - other.low
            return self._with(low, low, other)
        exact = self.known & other.known
        least = np.maximum(self.low - other.high, 0.0)
        most = self.high - other.low
        return self._with(np.where(exact, most, least), most, other)

    def __mul__(self, other: "Column") -> "Column":
        low = self.low * other.low
        if self.certain and other.certain:
            return self._with(low, low, other)
        nothing = (self.high == 0) | (other.high == 0)
        with np.errstate(invalid="ignore"):
            high = np.where(nothing, 0.0, self.high * other.high)
        return self._with(low, high, other)

    def __truediv__(self, other: "Column") -> "Column":
        zero = other.high == 0
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.certain and other.certain:
                low = high = np.where(zero, 0.0, self.low / other.low)
            else:
                # as in the referee: an unknown denominator is above 0 but as small as it likes
                low = np.where(np.isinf(other.high) | zero, 0.0, self.low / other.high)
                high = np.where(other.low == 0, np.inf, self.high / other.low)
                high = np.where((self.high == 0) | zero, 0.0, high)
        return self._with(low, high, other, zero if zero.any() else None)


def constant(number: Fraction, size: int) -> Column:
    column = np.full(size, float(number))
    return Column(column, column)


def certain(values: Floats) -> Column:
    return Column(values, values)


def unknown(size: int) -> Column:
    return Column(np.zeros(size), np.full(size, np.inf))


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of one group of units for one framework, a column a figure.

    units    ids, in the order of every column
    numbers  (criterion, variable) → column; flags are 0 or 1
    choices  (criterion, variable) → bit mask per unit of the choices that it can be, in the order
             in which the framework lists them
    peers    criterion → (best, worst) of other provinces, where somebody entered them
    """

    units: Sequence[str]
    numbers: Mapping[tuple[str, str], Column]
    choices: Mapping[tuple[str, str], Bits]
    peers: Mapping[str, tuple[Fraction, Fraction]]
