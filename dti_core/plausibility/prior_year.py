"""A jump against the unit's own prior year."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial

from dti_core.framework.model import Framework
from dti_core.plausibility.amounts import Amount, amounts, matters, middle
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.rational import vietnamese
from dti_core.scoring.score import FigureMap

DETECTOR = "prior_year"


def prior_year(
    framework: Framework,
    units: Sequence[str],
    figures: FigureMap,
    prior: FigureMap,
    limits: Limits = DEFAULT,
) -> Iterator[Flag]:
    """Figures far from what the same unit gave the year before.

    Counts, means and money: max(now, before) / min(now, before) beyond `limits.jump`, and a change
    that is more than chance or a trifle (`amounts.matters`), so that small counts never flag by
    their ratio alone. Percentages: points of difference beyond `limits.points`.

    Zeros have no ratio. x → 0: asked about where the change matters. 0 → x: work that starts is
    ordinary, so x must moreover exceed what half of the other units give.

    A first year is never flagged: there is nothing to differ from, and the only measure left, the
    size of other offices, says nothing about this one; `unit_mixup` alone looks at peers then.

    Source: the ratio of two periods, as Hidiroglou and Berthelot (Survey Methodology 12, 1986)
    compare it both ways round. Their bounds, drawn from the peers' ratios, are not used: they need
    many peers, and drop zeros and first years.

    Limits: a fault that both years share is not seen, nor a drift that stays under the limit.
    """
    for amount in amounts(framework):
        for unit in units:
            now, before = amount.value(figures, unit), amount.value(prior, unit)
            if now is None or before is None or now == before:
                continue
            others = partial(amount.others, figures, units, unit)
            if reason := _reason(amount, now, before, others, limits):
                yield Flag(
                    unit=unit,
                    criterion=amount.criterion,
                    variable=amount.variable,
                    detector=DETECTOR,
                    reported=now,
                    expected=before,
                    criteria=(amount.criterion,),
                    message=(
                        f"{amount.subject}: năm nay {amount.shown(now)}, năm trước"
                        f" {amount.shown(before)}{amount.bracket}; {reason}."
                        " Đề nghị kiểm tra lại số liệu hoặc giải trình."
                    ),
                )


def _reason(
    amount: Amount,
    now: Fraction,
    before: Fraction,
    others: Callable[[], Sequence[Fraction]],
    limits: Limits,
) -> str | None:
    """Why the change is asked about, in Vietnamese; None where it is not."""
    if amount.kind == "percent":
        return _points(now, before, limits)
    both = now != 0 and before != 0
    ratio = max(now, before) / min(now, before) if both else None
    if ratio is not None and ratio <= limits.jump:
        return None
    peers = others()
    typical = middle(peers) if peers else None
    if not matters(amount, now, before, typical, limits):
        return None
    if ratio is not None:
        times = vietnamese(ratio, 1)
        way = f"gấp {times} lần năm trước" if now > before else f"chỉ bằng 1/{times} năm trước"
        return f"{way}, quá mức {vietnamese(limits.jump)} lần thường gặp trong một năm"
    if now == 0:
        return f"giảm hết {amount.shown(before)}, năm nay không còn gì"
    if typical is None:
        return f"tăng từ không có gì lên {amount.shown(now)}"
    if now <= typical:
        return None
    return (
        f"tăng từ không có gì lên {amount.shown(now)}, cao hơn mức giữa (trung vị)"
        f" {amount.shown(typical)} của {len(peers)} đơn vị khác"
    )


def _points(now: Fraction, before: Fraction, limits: Limits) -> str | None:
    difference = abs(now - before)
    if difference <= limits.points:
        return None
    return (
        f"{'tăng' if now > before else 'giảm'} {vietnamese(difference * 100, 4)} điểm phần trăm,"
        f" quá mức {vietnamese(limits.points * 100)} điểm phần trăm thường gặp trong một năm"
    )
