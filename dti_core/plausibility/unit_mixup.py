"""A figure in another unit of measure, with digits too many or too few, or a percentage as a
fraction: one factor explains it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

import numpy as np
import numpy.typing as npt

from dti_core.framework.model import Kind
from dti_core.plausibility.amounts import Amount
from dti_core.plausibility.chance import matters
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.mixup_words import MONTHS, MixUp, mixup_message
from dti_core.plausibility.panel import Bools, Floats, Panel, places
from dti_core.plausibility.peers import median_of_others, spread

DETECTOR = "unit_mixup"

FACTORS: dict[Kind, tuple[int, ...]] = {
    "money": (10, 100, 10**3, 10**6, 10**9),
    "count": (10, 100, 10**3),
    "mean": (10, 100, 10**3),
    "percent": (100,),
}
"""Factors that a slip makes, by kind: digits (10, 100), steps between units of money (10³, 10⁶,
10⁹), thousands (10³, also a grouping dot read as a decimal one), percent against fraction (100)."""


def unit_mixup(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Flag]:
    """Figures that one of `FACTORS` brings back to the unit's own prior year.

    The ratio to the prior year must lie within `limits.fit` of the factor, on the logarithm, so
    that the factor explains at least five sixths of the distance. Without a prior year (or where
    it was zero) the median of the peers stands in, with more caution, since offices differ in
    size: only factors from `limits.peer_factor` on, the figure must be an outlier
    (`limits.outlying`), the corrected one must not be, and must be much closer (`limits.closer`);
    a count below `limits.small` is only a small office.

    Source: the thousand error of business surveys (Statistics Norway, see `Limits.fit`).

    Limits: a true growth by about 10, 100 or 1000 looks the same: the message asks, it does not
    accuse. Where the prior year is the wrong one, the flag still falls on this year's figure, and
    says so. A mix-up of a whole group by the same factor is invisible among first years.
    """
    for column, amount in enumerate(panel.amounts):
        now, before = panel.now[:, column], panel.before[:, column]
        with_past = before > 0
        prior = _against_prior(amount, now, np.where(with_past, before, np.nan), limits)
        peers = _against_peers(amount, np.where(with_past, np.nan, now), now, limits)
        for tried in (prior, peers):
            for place in places(tried.found):
                yield _flag(panel, place, column, int(tried.factor[place]), tried is peers)


@dataclass(frozen=True, eq=False)
class _Tried:
    """Which units' figures a factor explains, and the factor that comes closest, of all units."""

    found: Bools
    factor: npt.NDArray[np.int64]


def _flag(panel: Panel, place: int, column: int, factor: int, by_peers: bool) -> Flag:
    amount, now = panel.amounts[column], panel.value(place, column)
    if by_peers:
        others = [
            panel.value(other, column)
            for other in places(panel.now[:, column] > 0)
            if other != place
        ]
        reference, peers = Fraction(median(others)), len(others)
    else:
        reference, peers = panel.earlier(place, column), None
    expected = now / factor if now > reference else now * factor
    return Flag(
        unit=panel.units[place],
        criterion=amount.criterion,
        variable=amount.variable,
        detector=DETECTOR,
        reported=now,
        expected=expected,
        criteria=(amount.criterion,),
        suspicion=_suspicion(expected, reference, factor),
        message=mixup_message(amount, now, MixUp(factor, expected, reference, peers)),
    )


def _suspicion(expected: Fraction, reference: Fraction, factor: int) -> float:
    """0.95 where the factor explains all, a half where it explains as little as is allowed."""
    left = abs(float(np.log(float(expected / reference)))) / float(np.log(factor))
    return round(max(0.5, 0.95 - 2.7 * left), 3)


def _against_prior(amount: Amount, now: Floats, before: Floats, limits: Limits) -> _Tried:
    factor, left = _closest(now, before, _factors(amount))
    fit = float(limits.fit) * np.log(factor)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (now > 0) & (left <= fit * (1 + 1e-12))
        if amount.kind == "count":
            # whether the next whole number would fit too: 1 and 2 fit almost anything
            smaller = np.minimum(now, before)
            found &= np.log((smaller + 1) / smaller) <= fit
    found &= matters(amount.kind, now, before, median_of_others(now), limits)
    return _Tried(found, factor)


def _against_peers(amount: Amount, now: Floats, everybody: Floats, limits: Limits) -> _Tried:
    """`now` of those without a past, against the median of all others that have anything."""
    positive = np.where(everybody > 0, everybody, np.nan)
    count = int(np.count_nonzero(~np.isnan(positive)))
    large = [factor for factor in _factors(amount) if factor >= limits.peer_factor]
    none = _Tried(np.zeros(now.shape, bool), np.ones(now.shape, np.int64))
    if count - 1 < limits.peers or not large or np.isnan(now).all():
        return none
    typical = median_of_others(positive)
    factor, near = _closest(now, typical, large)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.abs(np.log(now / typical))
        outlier = float(limits.outlying) * spread(np.log(positive), float(_log(limits)))
        found = (now > 0) & (far > outlier) & (near <= outlier)
        found &= near <= float(limits.closer) * far
    if amount.kind in ("count", "mean"):
        found &= np.minimum(now, typical) >= float(limits.small)
    found &= matters(amount.kind, now, typical, typical, limits)
    return _Tried(found, factor)


def _log(limits: Limits) -> float:
    return float(np.log(float(limits.spread_floor)))


def _closest(
    now: Floats, reference: Floats, factors: Sequence[int]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """The factor that brings each figure closest to its reference, and what distance is left."""
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.abs(np.log(now / reference))
    left = np.abs(away[:, None] - np.log(np.array(factors, float)))
    best = np.argmin(np.where(np.isnan(left), np.inf, left), axis=1)
    return np.array(factors)[best], left[np.arange(len(best)), best]


def _factors(amount: Amount) -> tuple[int, ...]:
    by_month = amount.measure is not None and amount.measure.endswith("/tháng")
    return (*FACTORS[amount.kind], MONTHS) if by_month else FACTORS[amount.kind]
