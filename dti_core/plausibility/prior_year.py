"""A jump against the unit's own prior year."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from dti_core.plausibility.amounts import Amount
from dti_core.plausibility.chance import matters
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Floats, Panel, places
from dti_core.plausibility.peers import doubt, known, median_of_others
from dti_core.rational import vietnamese

DETECTOR = "prior_year"
_TRIFLE = 1 + 1e-12
"""Floats of equal ratios differ by less; the limit itself is still allowed."""


def prior_year(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Flag]:
    """Figures far from what the same unit gave the year before.

    Counts, means and money: max(now, before) / min(now, before) beyond `limits.jump`, and a change
    that is more than chance or a trifle (`chance.matters`), so that small counts never flag by
    their ratio alone. Percentages: points of difference beyond `limits.points`.

    Zeros have no ratio. x → 0: asked about where the change matters. 0 → x: work that starts is
    ordinary, so x must moreover exceed what half of the other units give.

    A first year is never flagged: there is nothing to differ from.

    Source: the ratio of two periods, as Hidiroglou and Berthelot (Survey Methodology 12, 1986)
    compare it both ways round; their bounds, drawn from the peers' ratios, are `peer_change`'s.
    They need many peers, and drop zeros and first years.

    Limits: a fault that both years share is not seen, nor a drift that stays under the limit.
    """
    for column, amount in enumerate(panel.amounts):
        now, before = panel.now[:, column], panel.before[:, column]
        typical = median_of_others(now)
        for place, distance in _beyond(amount, now, before, typical, limits):
            value, earlier = panel.value(place, column), panel.earlier(place, column)
            reason = _reason(amount, value, earlier, float(typical[place]), known(now) - 1, limits)
            yield panel.flag(
                place,
                amount,
                DETECTOR,
                reported=value,
                expected=earlier,
                suspicion=distance,
                message=(
                    f"{amount.subject}: năm nay {amount.shown(value)}, năm trước"
                    f" {amount.shown(earlier)}{amount.bracket}; {reason}."
                    " Đề nghị kiểm tra lại số liệu hoặc giải trình."
                ),
            )


def _beyond(
    amount: Amount, now: Floats, before: Floats, typical: Floats, limits: Limits
) -> Iterator[tuple[int, float]]:
    """The units whose change is asked about, and how suspicious it is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if amount.kind == "percent":
            limit = float(limits.points)
            distance = np.abs(now - before)
            asked = distance > limit * _TRIFLE
        else:
            limit = float(np.log(float(limits.jump)))
            distance = np.abs(np.log(now / before))
            asked = (distance > limit * _TRIFLE) & matters(
                amount.kind, now, before, typical, limits
            )
            starts = (before == 0) & (now > 0)
            asked &= ~starts | (now > typical) | np.isnan(typical)
    for place in places(asked):
        yield place, doubt(min(float(distance[place]), 10 * limit), limit)


def _reason(
    amount: Amount,
    now: Fraction,
    before: Fraction,
    typical: float,
    peers: int,
    limits: Limits,
) -> str:
    """Why the change is asked about, in Vietnamese."""
    if amount.kind == "percent":
        return (
            f"{'tăng' if now > before else 'giảm'} {vietnamese(abs(now - before) * 100, 4)} điểm"
            f" phần trăm, quá mức {vietnamese(limits.points * 100)} điểm phần trăm thường gặp"
            " trong một năm"
        )
    if now and before:
        times = vietnamese(max(now, before) / min(now, before), 1)
        way = f"gấp {times} lần năm trước" if now > before else f"chỉ bằng 1/{times} năm trước"
        return f"{way}, quá mức {vietnamese(limits.jump)} lần thường gặp trong một năm"
    if now == 0:
        return f"giảm hết {amount.shown(before)}, năm nay không còn gì"
    started = f"tăng từ không có gì lên {amount.shown(now)}"
    if np.isnan(typical):
        return started
    median = amount.shown(Fraction(repr(typical)))
    return f"{started}, cao hơn mức giữa (trung vị) {median} của {peers} đơn vị khác"
