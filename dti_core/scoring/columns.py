"""Columns: one figure of all units at once, each value known or a range of what it can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.int64]

_WHOLE_MOST = 2.0**53
"""Up to here float64 holds every whole number exactly."""


@dataclass(frozen=True, eq=False)
class Column:
    """A number per unit: shape (units,), from `low` to `high` (∞ allowed), equal where known.

    `low` and `high` are the same array where every unit's value is known, so that arithmetic is
    done once. `zero` marks the units for which a known 0 has been divided by. `whole` says that
    every value is a whole number that float64 holds exactly: then no comparison can err.
    """

    low: Floats
    high: Floats
    zero: Bools | None = None
    whole: bool = False

    @property
    def certain(self) -> bool:
        """Whether every unit's value is known."""
        return self.low is self.high

    @property
    def known(self) -> Bools:
        return np.ones(self.low.shape, bool) if self.certain else self.low == self.high

    def _with(
        self,
        low: Floats,
        high: Floats,
        other: "Column",
        zero: Bools | None = None,
        *,
        whole: bool = False,
    ) -> "Column":
        for more in (self.zero, other.zero):
            zero = more if zero is None else zero if more is None else zero | more
        if whole and self.whole and other.whole:
            # sums and products of whole numbers stay exact until they outgrow the mantissa
            whole = low is high and bool(np.abs(low).max(initial=0.0) < _WHOLE_MOST)
        else:
            whole = False
        return Column(low, high, zero, whole)

    def __add__(self, other: "Column") -> "Column":
        low = self.low + other.low
        high = low if self.certain and other.certain else self.high + other.high
        return self._with(low, high, other, whole=True)

    def __sub__(self, other: "Column") -> "Column":
        if self.certain and other.certain:
            low = self.low - other.low
            return self._with(low, low, other, whole=True)
        exact = self.known & other.known
        least = np.maximum(self.low - other.high, 0.0)
        most = self.high - other.low
        return self._with(np.where(exact, most, least), most, other)

    def __mul__(self, other: "Column") -> "Column":
        low = self.low * other.low
        if self.certain and other.certain:
            return self._with(low, low, other, whole=True)
        nothing = (self.high == 0) | (other.high == 0)
        with np.errstate(invalid="ignore"):
            high = np.where(nothing, 0.0, self.high * other.high)
        return self._with(low, high, other)

    def __truediv__(self, other: "Column") -> "Column":
        if self.certain and other.certain:
            if other.low.all():
                low = self.low / other.low
                return self._with(low, low, other)
            zero = other.low == 0
            low = np.divide(self.low, other.low, out=np.zeros(zero.shape), where=~zero)
            return self._with(low, low, other, zero)
        zero = other.high == 0
        with np.errstate(divide="ignore", invalid="ignore"):
            # as in the referee: an unknown denominator is above 0 but as small as it likes
            low = np.where(np.isinf(other.high) | zero, 0.0, self.low / other.high)
            high = np.where(other.low == 0, np.inf, self.high / other.low)
            high = np.where((self.high == 0) | zero, 0.0, high)
        return self._with(low, high, other, zero if zero.any() else None)


def constant(number: Fraction, size: int) -> Column:
    """A number of the clause; one value stands for all units."""
    column = np.full(size, float(number))
    return Column(column, column, whole=number.denominator == 1)


def certain(values: Floats) -> Column:
    """A column of known values."""
    return Column(values, values, whole=is_whole(values))


def is_whole(values: Floats) -> bool:
    """Whether every value is a whole number that float64 holds exactly."""
    return bool((values == np.floor(values)).all() and (np.abs(values) < _WHOLE_MOST).all())


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
    settled  (criterion, "least" or "most") → the units whose lacking figures a policy settles so
    """

    units: Sequence[str]
    numbers: Mapping[tuple[str, str], Column]
    choices: Mapping[tuple[str, str], Bits]
    peers: Mapping[str, tuple[Fraction, Fraction]]
    settled: Mapping[tuple[str, str], Bools] = field(default_factory=dict)
