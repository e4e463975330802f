"""Whether two figures differ by more than chance or trifles."""

import numpy as np

from dti_core.framework.model import Kind
from dti_core.plausibility.limits import Limits
from dti_core.plausibility.panel import Bools, Floats


def matters(kind: Kind, one: Floats, two: Floats, typical: Floats, limits: Limits) -> Bools:
    """Whether values differ by more than chance (counts, means) or trifles (money, percent).

    typical  the peers' median; where there are no peers (NaN) any difference of money matters
    """
    difference = np.abs(one - two)
    if kind == "money":
        return difference > float(limits.material) * np.nan_to_num(typical)
    if kind == "percent":
        return difference > float(limits.material)
    return difference**2 > limits.sigmas**2 * (one + two)


def shares_matter(
    part: Floats, whole: Floats, part_before: Floats, whole_before: Floats, limits: Limits
) -> Bools:
    """Whether two shares differ by more than chance: beyond `sigmas` standard deviations of the
    difference of two binomial shares, counted from the middle of both."""
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (part + part_before + 1) / (whole + whole_before + 2)
        variance = middle * (1 - middle) * (1 / whole + 1 / whole_before)
        return (part / whole - part_before / whole_before) ** 2 > limits.sigmas**2 * variance
