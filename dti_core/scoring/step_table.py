"""A table of steps as a lookup: one position for each bound and for each space between bounds."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor

import numpy as np
import numpy.typing as npt

from dti_core.framework.rules import Interval
from dti_core.program.policies import Scoring
from dti_core.scoring.columns import Bools, Floats
from dti_core.scoring.exact import OverlapError, step_share


@dataclass(frozen=True, eq=False)
class StepTable:
    """What the referee says at every place that a value can have.

    bounds    the n ends that are written, rising
    shares    2n + 1 shares: below the first bound, at it, between it and the next, …
    gaps      the places that no step holds
    overlaps  the places that several steps hold with different shares and no policy decides
    whole     the places that a whole number can have
    """

    bounds: tuple[float, ...]
    shares: Floats
    gaps: Bools
    overlaps: Bools
    whole: Bools

    def positions(self, values: Floats) -> npt.NDArray[np.intp]:
        """The place of each value: comparisons are cheaper than a search in so short a list."""
        places = np.zeros(values.shape, np.uint8)
        for bound in self.bounds:
            places += (values >= bound).view(np.uint8)
            places += (values > bound).view(np.uint8)
        return places.astype(np.intp)


@lru_cache(maxsize=1024)
def step_table(table: tuple[Interval, ...], policies: Scoring) -> StepTable:
    """The lookup of one table under the policies."""
    bounds = sorted({bound for step in table for bound in step.bounds})
    places: list[Fraction] = [bounds[0] - 1] if bounds else [Fraction(0)]
    for index, bound in enumerate(bounds):
        after = bounds[index + 1] if index + 1 < len(bounds) else bound + 2
        places += [bound, (bound + after) / 2]
    shares, gaps, overlaps = [], [], []
    whole = [True]
    for index, bound in enumerate(bounds):
        last = index + 1 == len(bounds)
        whole += [bound.denominator == 1, last or floor(bound) + 1 < bounds[index + 1]]
    for place in places:
        try:
            share, overlap = step_share(table, place, policies), False
        except OverlapError:
            share, overlap = Fraction(0), True
        shares.append(float(share or 0))
        gaps.append(share is None)
        overlaps.append(overlap)
    return StepTable(
        tuple(float(bound) for bound in bounds),
        np.array(shares),
        np.array(gaps),
        np.array(overlaps),
        np.array(whole),
    )
