"""Round numbers: figures that were estimated, not counted."""

from collections.abc import Iterator
from math import comb, prod

import numpy as np

from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Panel, places

DETECTOR = "heaping"


def heaping(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Flag]:
    """Units too many of whose own counts end in 0 (from 1000 on: in 00), one flag a unit.

    Of counted things one in ten ends in 0 and one in a hundred in 00. Counted are different values
    of at least `limits.heaped_from`; asked where so many round ones would come up by chance less
    often than `limits.heaped_chance`.

    Source: digit heaping as demography tests it (Whipple's index rests on the same shares), with
    the binomial distribution for its few numbers; the limits are ours. Leading digits (Benford) are
    not tested: figures of one office do not span orders of magnitude.

    Limits: fewer than four large counts say nothing. Budgets and targets are round lawfully: money
    is not counted.
    """
    counts = [at for at, each in enumerate(panel.amounts) if each.kind == "count"]
    values = np.where(panel.own[:, counts], panel.now[:, counts], np.nan)
    with np.errstate(invalid="ignore"):
        round_ = (values >= float(limits.heaped_from)) & (
            np.mod(values, np.where(values >= 1000, 100, 10)) == 0
        )
    # most units have next to none: only those that could be over the limit are looked at closely
    for place in places(round_.sum(axis=1) >= 3):
        mine: dict[int, int] = {}
        for column, value in zip(counts, values[place], strict=True):
            if value >= float(limits.heaped_from):
                mine.setdefault(int(value), column)
        heaped = {v: c for v, c in mine.items() if v % (100 if v >= 1000 else 10) == 0}
        likely = _chance(list(mine), len(heaped))
        if likely >= float(limits.heaped_chance):
            continue
        rows = tuple(dict.fromkeys(panel.amounts[column].criterion for column in heaped.values()))
        shown = ", ".join(
            f"{panel.amounts[column].shown(panel.value(place, column))} ở mục"
            f" {panel.amounts[column].criterion}"
            for column in list(heaped.values())[:4]
        )
        yield Flag(
            unit=panel.units[place],
            criterion=rows[0],
            variable=None,
            detector=DETECTOR,
            criteria=rows,
            suspicion=round(1 - 0.5 * (likely / float(limits.heaped_chance)) ** 0.1, 3),
            message=(
                f"{len(heaped)} trên {len(mine)} số đếm của đơn vị là số tròn: {shown}…; đếm thật"
                f" thì chỉ khoảng một phần mười số tận cùng bằng 0. Có thể số liệu được ước lượng:"
                " đề nghị cho biết nguồn đếm của các mục này."
            ),
        )


def _chance(values: list[int], found: int) -> float:
    """How likely chance makes at least so many round numbers of these: exact for the two groups
    of values (ends in 0, ends in 00)."""
    small = sum(value < 1000 for value in values)
    large = len(values) - small
    total = 0.0
    for tens in range(small + 1):
        for hundreds in range(max(0, found - tens), large + 1):
            total += prod((comb(small, tens), 0.1**tens, 0.9 ** (small - tens))) * prod(
                (comb(large, hundreds), 0.01**hundreds, 0.99 ** (large - hundreds))
            )
    return total
