"""A change that is unlike the change of the same figure in the other units."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from dti_core.plausibility.chance import matters, shares_matter
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Bools, Floats, Panel, places
from dti_core.plausibility.peers import doubt, known, log_odds, median_of_others, spread
from dti_core.rational import percent, vietnamese

DETECTOR = "peer_change"


def peer_change(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Flag]:
    """Figures whose yearly ratio lies outside the bounds that the other units' ratios draw, and
    shares that moved where nobody's did.

    Counts, means and money by Hidiroglou and Berthelot (Survey Methodology 12, 1986): r = now /
    before; s = 1 − med/r below the median and r/med − 1 above; E = s · max(now, before)^U; the
    bounds are the median of E and C times the larger of its distance to the quartile and A·|med|.
    Moreover the ratio must lie beyond `limits.change_floor` from the median ratio, since where
    all others stand still their bounds are next to nothing, and the change must be more than
    chance (`chance.matters`).

    Shares a/b by the change of their log-odds against the median change, beyond
    `limits.share_change` robust standard deviations of at least `limits.share_floor`, and more
    than binomial chance.

    From `limits.group` units with both years on: fewer draw no bounds, and `prior_year` has to do.
    Zeros and first years are `prior_year`'s too.

    Limits: a change that a good part of the units made together is not seen.
    """
    yield from _figures(panel, limits)
    yield from _shares(panel, limits)


def _figures(panel: Panel, limits: Limits) -> Iterator[Flag]:
    for column, amount in enumerate(panel.amounts):
        now, before = panel.now[:, column], panel.before[:, column]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where((now > 0) & (before > 0), now / before, np.nan)
        if amount.kind == "percent" or known(ratio) < limits.group:
            continue
        middle = float(np.nanmedian(ratio))
        outside, distance = _bounds(ratio / middle, np.maximum(now, before), limits)
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.abs(np.log(ratio / middle)) > np.log(float(limits.change_floor))
        asked = outside & far & matters(amount.kind, now, before, median_of_others(now), limits)
        for place in places(asked):
            value, earlier = panel.value(place, column), panel.earlier(place, column)
            times = max(value, earlier) / min(value, earlier)
            change = vietnamese(times, 2)
            way = f"gấp {change} lần" if value > earlier else f"chỉ bằng 1/{change}"
            yield panel.flag(
                place,
                amount,
                DETECTOR,
                reported=value,
                expected=earlier,
                suspicion=doubt(float(distance[place]), 1.0),
                message=(
                    f"{amount.subject}: năm nay {amount.shown(value)}, năm trước"
                    f" {amount.shown(earlier)}{amount.bracket}, {way} năm trước;"
                    f" {known(ratio) - 1} đơn vị khác ở mức giữa (trung vị) bằng"
                    f" {vietnamese(_exact(middle), 2)} lần năm trước, hiếm đơn vị nào đổi nhiều như"
                    " vậy. Đề nghị kiểm tra lại số liệu hoặc giải trình."
                ),
            )


def _bounds(ratio: Floats, size: Floats, limits: Limits) -> tuple[Bools, Floats]:
    """Which ratios (to the median ratio) lie outside, and how many times the bound away."""
    with np.errstate(divide="ignore", invalid="ignore"):
        sided = np.where(ratio < 1, 1 - 1 / ratio, ratio - 1)
        effect = sided * size ** float(limits.hb_u)
    low, middle, high = np.nanquantile(effect, [0.25, 0.5, 0.75])
    least = float(limits.material) * abs(middle)
    width = np.where(effect < middle, max(middle - low, least), max(high - middle, least)) * float(
        limits.hb_c
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.abs(effect - middle) / np.where(width > 0, width, 1e-9)
    return np.nan_to_num(distance) > 1, np.nan_to_num(distance)


def _shares(panel: Panel, limits: Limits) -> Iterator[Flag]:
    for share in panel.shares:
        amount = panel.amounts[share.part]
        part, whole = panel.now[:, share.part], panel.now[:, share.whole]
        part_before, whole_before = panel.before[:, share.part], panel.before[:, share.whole]
        change = log_odds(part, whole) - log_odds(part_before, whole_before)
        if known(change) < limits.group:
            continue
        away = np.abs(change - median_of_others(change))
        limit = float(limits.share_change) * spread(change, float(limits.share_floor))
        with np.errstate(invalid="ignore", divide="ignore"):
            # from some to none and back, and up to all, are steps that offices make
            between = (part > 0) & (part_before > 0) & ((part < whole) | (change < 0))
            now, before = part / whole, part_before / whole_before
            asked = (away > limit) & between
            asked &= np.abs(now - before) > float(limits.share_points)
        if amount.kind == "count":
            asked &= shares_matter(part, whole, part_before, whole_before, limits)
        for at in places(asked):
            a, b = panel.value(at, share.part), panel.value(at, share.whole)
            before_ = panel.earlier(at, share.part) / panel.earlier(at, share.whole)
            expected = before_ * b
            if amount.kind == "count":
                expected = Fraction(round(expected))
            yield panel.flag(
                at,
                amount,
                DETECTOR,
                reported=a,
                expected=expected,
                suspicion=doubt(float(away[at]), limit),
                message=(
                    f"Mục {amount.criterion}: tỷ lệ {share.metric.text} năm nay"
                    f" {amount.shown(a)} / {amount.shown(b)} = {percent(a / b)}, năm trước"
                    f" {percent(before_)}; các đơn vị khác hầu như không đổi nhiều như vậy trong"
                    " một năm. Đề nghị kiểm tra lại hai số liệu hoặc giải trình."
                ),
            )


def _exact(value: float) -> Fraction:
    return Fraction(repr(value))
