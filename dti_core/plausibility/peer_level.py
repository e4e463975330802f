"""A share far from what the other units of the level have."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Floats, Panel, places
from dti_core.plausibility.peers import doubt, known, log_odds, median_of_others, spread
from dti_core.rational import percent

DETECTOR = "peer_level"


def peer_level(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Flag]:
    """Shares a/b, and stated percentages, whose log-odds lie beyond `limits.outlying` robust
    standard deviations from the median of the others.

    Sizes are not compared: offices differ in size without a fault, shares of their own wholes are
    comparable. None and nearly all (`limits.nearly_all`) are no outliers: work that has not begun,
    or is done, is ordinary. Where most have more than half, having even more is no doubt. A share
    of a small whole strays by chance: three standard deviations of that are granted first.

    Source: the modified z-score of Iglewicz and Hoaglin (1993), on log-odds because shares crowd
    at their ends, with a floor (`limits.level_floor`) under the spread. At least `limits.peers`
    others.

    Limits: says that a unit is unlike the others, not that it is wrong.
    """
    all_ = float(limits.nearly_all)
    for share in panel.shares:
        part, whole = panel.now[:, share.part], panel.now[:, share.whole]
        with np.errstate(invalid="ignore"):
            some = (part > 0) & (part < all_ * whole)
        odds = np.where(some, log_odds(part, whole), np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = limits.sigmas * np.sqrt(1 / (part + 0.5) + 1 / (whole - part + 0.5))
        if panel.amounts[share.part].kind != "count":
            chance = np.zeros(chance.shape)
        yield from _outliers(panel, odds, chance, share.part, share.whole, limits)
    for column, amount in enumerate(panel.amounts):
        if amount.kind == "percent":
            values = panel.now[:, column]
            odds = np.where(
                (values > 0) & (values < all_),
                log_odds(values * _FINE, np.where(np.isnan(values), np.nan, _FINE)),
                np.nan,
            )
            yield from _outliers(panel, odds, np.zeros(odds.shape), column, None, limits)


_FINE = 1000.0
"""A percentage has no cases to count; half a tenth of a per cent stands for half a case."""


def _outliers(
    panel: Panel, odds: Floats, chance: Floats, column: int, whole: int | None, limits: Limits
) -> Iterator[Flag]:
    if known(odds) - 1 < limits.peers:
        return
    middle = median_of_others(odds)
    limit = float(limits.outlying) * spread(odds, float(limits.level_floor))
    with np.errstate(invalid="ignore"):
        away = np.abs(odds - middle) - np.nan_to_num(chance)
        apart = np.abs(1 / (1 + np.exp(-odds)) - 1 / (1 + np.exp(-middle)))
        better = (odds > middle) & (middle > 0)
        outliers = places((away > limit) & (apart > float(limits.share_points)) & ~better)
    amount = panel.amounts[column]
    for at in outliers:
        value = panel.value(at, column)
        typical = Fraction(repr(round(1 / (1 + float(np.exp(-middle[at]))), 4)))
        if whole is None:
            now, shown, expected = value, amount.shown(value), typical
        else:
            all_ = panel.value(at, whole)
            now = value / all_
            shown = f"{amount.shown(value)} / {amount.shown(all_)} = {percent(now)}"
            expected = typical * all_
            if amount.kind == "count":
                expected = Fraction(round(expected))
        yield panel.flag(
            at,
            amount,
            DETECTOR,
            reported=value,
            expected=expected,
            suspicion=doubt(float(away[at]), limit),
            message=(
                f"Mục {amount.criterion}: tỷ lệ {shown}, trong khi mức giữa (trung vị) của"
                f" {known(odds) - 1} đơn vị cùng cấp là {percent(typical)}, hiếm đơn vị nào"
                f" {'cao' if now > typical else 'thấp'} như vậy. Đề nghị kiểm tra lại số liệu hoặc"
                " giải trình."
            ),
        )
