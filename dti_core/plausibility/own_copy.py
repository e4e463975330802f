"""A unit's workbook that holds its own figures of last year."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from dti_core.plausibility.copied import Copy, trivial
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Panel, places
from dti_core.rational import percent

DETECTOR = "own_copy"


def own_copy(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Copy]:
    """Units nearly all of whose own figures are exactly last year's, one flag a unit.

    Compared are figures that the unit itself gives, that are known in both years and not trivial.
    At least `limits.identical` different values must agree, at least the share `limits.repeated`,
    and chance must not explain it: among the other units no more than `limits.still_others` of
    the same figures stood still.

    Source: ours. An old file sent again is the plainest of copies, and each single figure in it is
    as plausible as can be: no detector of change can see it.

    Limits: where the group as a whole reports last year's figures (a first round after a paper
    survey), nobody is singled out.
    """
    small = trivial(panel, limits)
    both = panel.own & ~np.isnan(panel.now) & ~np.isnan(panel.before) & ~small
    same = both & (panel.now == panel.before)
    compared, equal = both.sum(axis=1), same.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(compared > 0, equal / np.maximum(compared, 1), np.nan)
    if np.isnan(shares).all():
        return
    usual = float(np.nanmedian(shares))
    if usual > float(limits.still_others) and len(panel.units) > limits.peers:
        return
    for place in places(shares >= float(limits.repeated)):
        columns = np.flatnonzero(same[place])
        if len({panel.value(place, int(c)) for c in columns}) < limits.identical:
            continue
        amounts = [panel.amounts[int(column)] for column in columns]
        rows = tuple(dict.fromkeys(each.criterion for each in amounts))
        told = "; ".join(
            f"mục {each.criterion}, số liệu {each.variable}:"
            f" {each.shown(panel.value(place, panel.place[each.criterion, each.variable]))}"
            for each in sorted(
                amounts,
                key=lambda a: -panel.now[place, panel.place[a.criterion, a.variable]],
            )[:3]
        )
        elsewhere = percent(_exact(round(usual, 2)))
        flag = Flag(
            unit=panel.units[place],
            criterion=rows[0],
            variable=None,
            detector=DETECTOR,
            criteria=rows,
            suspicion=round(float(shares[place]), 3),
            message=(
                f"{equal[place]} trên {compared[place]} số liệu tự cung cấp so sánh được giống hệt"
                f" số liệu năm trước của chính đơn vị ({told}); ở các đơn vị khác thường chỉ"
                f" {elsewhere}. Có thể đã gửi lại tệp năm trước: đề nghị đối chiếu từng mục và"
                " gửi lại số liệu của năm đánh giá."
            ),
        )
        yield Copy(flag, frozenset((each.criterion, each.variable) for each in amounts))


def _exact(value: float) -> Fraction:
    return Fraction(repr(value))
