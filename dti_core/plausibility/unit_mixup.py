"""A figure in another unit of measure, with digits too many or too few, or a percentage as a
fraction: one factor explains it."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

from dti_core.framework.model import Framework, Kind
from dti_core.plausibility.amounts import Amount, amounts, log, matters, middle
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.mixup_words import MONTHS, MixUp, mixup_message
from dti_core.scoring.score import FigureMap

DETECTOR = "unit_mixup"

FACTORS: dict[Kind, tuple[int, ...]] = {
    "money": (10, 100, 10**3, 10**6, 10**9),
    "count": (10, 100, 10**3),
    "mean": (10, 100, 10**3),
    "percent": (100,),
}
"""Factors that a slip makes, by kind: digits (10, 100), steps between units of money (10³, 10⁶,
10⁹), thousands (10³, also a grouping dot read as a decimal one), percent against fraction (100)."""


def unit_mixup(
    framework: Framework,
    units: Sequence[str],
    figures: FigureMap,
    prior: FigureMap,
    limits: Limits = DEFAULT,
) -> Iterator[Flag]:
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
    for amount in amounts(framework):
        for unit in units:
            now, before = amount.value(figures, unit), amount.value(prior, unit)
            if not now:
                continue
            others = partial(amount.others, figures, units, unit)
            found = (
                _against_prior(amount, now, before, others, limits)
                if before
                else _against_peers(amount, now, others(), limits)
            )
            if found:
                yield Flag(
                    unit=unit,
                    criterion=amount.criterion,
                    variable=amount.variable,
                    detector=DETECTOR,
                    reported=now,
                    expected=found.expected,
                    criteria=(amount.criterion,),
                    message=mixup_message(amount, now, found),
                )


def _against_prior(
    amount: Amount,
    now: Fraction,
    before: Fraction,
    others: Callable[[], Sequence[Fraction]],
    limits: Limits,
) -> MixUp | None:
    best = _closest(now, before, _factors(amount), None)
    if abs(log(best.expected / before)) > float(limits.fit) * log(Fraction(best.factor)):
        return None
    if amount.kind == "count" and not _fine_grained(min(now, before), best.factor, limits):
        return None
    peers = others()
    typical = middle(peers) if peers else None
    return best if matters(amount, now, before, typical, limits) else None


def _fine_grained(smaller: Fraction, factor: int, limits: Limits) -> bool:
    """Whether the next whole number would fit the factor too: 1 and 2 fit almost anything."""
    return log((smaller + 1) / smaller) <= float(limits.fit) * log(Fraction(factor))


def _against_peers(
    amount: Amount, now: Fraction, others: Sequence[Fraction], limits: Limits
) -> MixUp | None:
    positive = [value for value in others if value > 0]
    if len(positive) < limits.peers:
        return None
    typical = middle(positive)
    countable = amount.kind in ("count", "mean")
    if countable and min(now, typical) < limits.small:
        return None
    if not matters(amount, now, typical, typical, limits):
        return None
    spread = max(
        1.4826 * _mad([log(value / typical) for value in positive]), log(limits.spread_floor)
    )
    large = [factor for factor in _factors(amount) if factor >= limits.peer_factor]
    if not large:
        return None
    best = _closest(now, typical, large, len(positive))
    far, near = abs(log(now / typical)), abs(log(best.expected / typical))
    outlier = float(limits.outlying) * spread
    if far > outlier >= near and near <= float(limits.closer) * far:
        return best
    return None


def _mad(logs: Sequence[float]) -> float:
    """Median absolute deviation of values whose median is 0."""
    ordered = sorted(abs(each) for each in logs)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _closest(
    now: Fraction, reference: Fraction, factors: Sequence[int], peers: int | None
) -> MixUp:
    """The factor that brings a figure closest to the reference."""
    tries = [
        MixUp(factor, now / factor if now > reference else now * factor, reference, peers)
        for factor in factors
    ]
    return min(tries, key=lambda each: abs(log(each.expected / reference)))


def _factors(amount: Amount) -> tuple[int, ...]:
    by_month = amount.measure is not None and amount.measure.endswith("/tháng")
    return (*FACTORS[amount.kind], MONTHS) if by_month else FACTORS[amount.kind]
