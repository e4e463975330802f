"""What the other units of a column give: medians, spread, robust distance."""

import numpy as np

from dti_core.plausibility.panel import Bools, Floats

CONSISTENT = 1.4826
"""MAD of a normal distribution times this is its standard deviation."""


def known(column: Floats) -> int:
    return int(np.count_nonzero(~np.isnan(column)))


def median_of_others(column: Floats) -> Floats:
    """For every unit the median of all other units' known values; NaN where there is none."""
    result = np.full(column.shape, np.nan)
    given: Bools = ~np.isnan(column)
    values = column[given]
    if not len(values):
        return result
    result[~given] = np.median(values)
    others = len(values) - 1
    if not others:
        return result
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    rank = np.empty(len(values), int)
    rank[order] = np.arange(len(values))

    def at(place: int) -> Floats:
        """The value at a place among the others: one's own value is left out."""
        left_out: Floats = np.where(place < rank, ordered[place], ordered[place + 1])
        return left_out

    middle = others // 2
    result[given] = at(middle) if others % 2 else (at(middle - 1) + at(middle)) / 2
    return result


def spread(column: Floats, floor: float) -> float:
    """Standard deviation by the median absolute deviation, at least `floor`: without a floor "all
    equal but one" divides by zero."""
    values = column[~np.isnan(column)]
    if not len(values):
        return floor
    return max(float(CONSISTENT * np.median(np.abs(values - np.median(values)))), floor)


def log_odds(part: Floats, whole: Floats) -> Floats:
    """Of shares, with half a case added on either side so that 0 and 100 % stay finite. NaN where
    the part exceeds the whole or there is no whole."""
    fits = (part <= whole) & (whole > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        odds: Floats = np.log((part + 0.5) / (whole - part + 0.5))
    return np.where(fits, odds, np.nan)


def doubt(distance: float, limit: float) -> float:
    """The common scale of suspicion: a half at the limit, towards 1 the further beyond it."""
    return 1.0 if not limit else round(1 - limit / (2 * max(distance, limit)), 3)
