"""A percentage where the number of things is asked."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Panel, places
from dti_core.plausibility.peers import median_of_others
from dti_core.rational import percent, vietnamese

DETECTOR = "percent_for_count"


def percent_for_count(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Flag]:
    """Parts of at most 100 that, read as a percentage, give the share that the unit had last year,
    and read as a count give quite another.

    "Near" is `limits.same_share`, "another" is twice that. The number itself must not be near last
    year's either. Without a prior year the median of the peers' shares stands in, and "another" is
    four times that, since offices differ. A whole of 90 to
    110 is left out: there a count and a percentage are the same number.

    Source: ours; the form that asks for a and b is filled with the ratio that older forms asked
    for (419/KH-UBND, Phụ lục 2, gives "Đã đạt 77%" where systems are to be counted).

    Limits: without a prior year only where the share is usual among the peers.
    """
    for share in panel.shares:
        amount = panel.amounts[share.part]
        if amount.kind != "count":
            continue
        part, whole = panel.now[:, share.part], panel.now[:, share.whole]
        before = panel.before[:, share.part]
        with np.errstate(divide="ignore", invalid="ignore"):
            last = before / panel.before[:, share.whole]
            usual = np.where(np.isnan(last), median_of_others(part / whole), last)
            as_count, as_percent = np.abs(part / whole - usual), np.abs(part / 100 - usual)
            near = float(limits.same_share)
            far = np.where(np.isnan(last), 4 * near, 2 * near)
            found = (part > 0) & (part <= 100) & (whole > 0) & (np.abs(whole - 100) > 10)
            found &= (as_percent <= near) & (as_count > far) & (as_count > 3 * as_percent)
            # 7 of 8 meetings last year, 8 of 13 now: the number stayed, it is no percentage
            found &= np.isnan(before) | (np.abs(part - before) ** 2 > 9 * (part + before))
        for place in places(found):
            value, all_ = panel.value(place, share.part), panel.value(place, share.whole)
            expected = Fraction(round(value / 100 * all_))
            from_peers = bool(np.isnan(last[place]))
            basis = "các đơn vị khác thường là" if from_peers else "năm trước đơn vị đạt"
            yield panel.flag(
                place,
                amount,
                DETECTOR,
                reported=value,
                expected=expected,
                suspicion=0.6 if from_peers else 0.85,
                message=(
                    f"{amount.subject}: {amount.shown(value)}{amount.bracket} trên"
                    f" {vietnamese(all_)} chỉ là {percent(value / all_)}, trong khi {basis}"
                    f" {percent(Fraction(repr(float(usual[place]))))}; có thể đã ghi tỷ lệ phần"
                    f" trăm ({vietnamese(value)} %) thay cho số lượng, nếu vậy số lượng là khoảng"
                    f" {vietnamese(expected)}. Đề nghị ghi số lượng."
                ),
            )
