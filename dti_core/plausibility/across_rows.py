"""Impossible across criteria: a part above the whole that another row gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dti_core.framework.model import RATIO
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.panel import Floats, Panel, places
from dti_core.plausibility.within import WITHIN, Within
from dti_core.rational import percent, vietnamese

DETECTOR = "across_rows"


def across_rows(panel: Panel) -> Iterator[Flag]:
    """Quantities that are larger than what holds them (`within.WITHIN`), one flag a pair and unit.

    A quantity is known where a row asks for it, and also where a row gives a part and the ratio but
    not the whole: 8713 people who are 2,65 % of the population imply a population. An implied
    whole is a range, since the ratio is rounded; only what holds for the whole range is said.

    Source: logic and the census, see `within`. Of several rows that give the whole, the largest
    counts.

    Limits: quantities that the framework names; a part that is within bounds but wrong passes.
    """
    for pair in WITHIN:
        parts, wholes = _known(panel, pair.part), _known(panel, pair.whole)
        if not parts or not wholes:
            continue
        highest = np.max([np.nan_to_num(each.high, nan=-np.inf) for each in wholes], axis=0)
        best = np.argmax([np.nan_to_num(each.high, nan=-np.inf) for each in wholes], axis=0)
        told: set[int] = set()
        for part in parts:
            with np.errstate(invalid="ignore"):
                above = part.low > highest * float(pair.most) * (1 + 1e-12)
            above &= np.isfinite(highest) & (highest > 0)
            if not part.implied:
                above &= part.low - highest * float(pair.most) >= _ROUNDING
            for place in places(above):
                if place not in told:
                    told.add(place)
                    yield _flag(panel, place, pair, part, wholes[int(best[place])], parts)


_ROUNDING = 0.5


@dataclass(frozen=True, eq=False)
class _Known:
    """A quantity of all units as one row gives it; a range where it is only implied."""

    row: str
    variable: str
    low: Floats
    high: Floats
    implied: bool = False


def _known(panel: Panel, quantity: str) -> list[_Known]:
    found = []
    for column in panel.quantities.get(quantity, ()):
        amount, values = panel.amounts[column], panel.now[:, column]
        found.append(_Known(amount.criterion, amount.variable, values, values))
    for share in panel.shares:
        whole = panel.amounts[share.whole]
        ratio = panel.place.get((share.row.code, RATIO))
        if whole.quantity != quantity or ratio is None:
            continue
        part, stated = panel.now[:, share.part], panel.now[:, ratio]
        unsaid = np.isnan(panel.now[:, share.whole]) & (stated > 0)
        half = np.array([_half_a_digit(value) for value in stated])
        with np.errstate(invalid="ignore", divide="ignore"):
            low = np.where(unsaid, part / (stated + half), np.nan)
            high = np.where(unsaid, part / (stated - half), np.nan)
        if not np.isnan(low).all():
            found.append(_Known(share.row.code, whole.variable, low, high, implied=True))
    return found


def _half_a_digit(ratio: float) -> float:
    """Half of the last digit that a percentage is written with: 2,65 % is ± 0,005 points."""
    if np.isnan(ratio):
        return 0.0
    shown = repr(round(ratio * 100, 6)).rstrip("0")
    digits = len(shown.partition(".")[2])
    return float(0.5 * 10 ** -(digits + 2))


def _flag(
    panel: Panel, place: int, pair: Within, part: _Known, whole: _Known, parts: Sequence[_Known]
) -> Flag:
    mine, all_ = _shown(panel, place, part), _shown(panel, place, whole)
    logical = pair.most == 1
    most = f"không thể lớn hơn {'' if logical else f'{percent(pair.most)} '}số thứ hai"
    implied = part.implied or whole.implied
    exact = None if part.implied else panel.value(place, panel.place[part.row, part.variable])
    # of two implied quantities the whole is doubted: its row is where the ratio cannot be
    doubted, other = (whole, part) if part.implied and whole.implied else (part, whole)
    rows = [doubted.row, other.row]
    same = [each.row for each in parts if not np.isnan(each.low[place])]
    bound = None
    if exact is not None and not whole.implied:
        bound = panel.value(place, panel.place[whole.row, whole.variable]) * pair.most
    return Flag(
        unit=panel.units[place],
        criterion=rows[0],
        variable=(part.variable if exact is not None else RATIO),
        detector=DETECTOR,
        reported=exact
        if exact is not None
        else panel.value(place, panel.place[doubted.row, RATIO]),
        expected=Fraction(int(bound)) if bound is not None else None,
        criteria=tuple(dict.fromkeys((*rows, *(same if implied else ())))),
        suspicion=1.0 if logical or not implied else 0.95,
        message=(
            f"Mục {part.row}: {mine}; mục {whole.row}: {all_}. Số thứ nhất {most}: {pair.why}."
            " Đề nghị kiểm tra lại số liệu của các mục này."
        ),
    )


def _shown(panel: Panel, place: int, known: _Known) -> str:
    label = panel.framework.by_code[known.row].variables[known.variable].label
    if not known.implied:
        value = panel.value(place, panel.place[known.row, known.variable])
        return f"số liệu {known.variable} ({label}) là {vietnamese(value)}"
    share = next(s for s in panel.shares if s.row.code == known.row)
    part = panel.value(place, share.part)
    ratio = panel.value(place, panel.place[known.row, RATIO])
    return (
        f"{vietnamese(part)} bằng {percent(ratio, 4)} nên mẫu số ({label}) là khoảng"
        f" {vietnamese(part / ratio, 0)}"
    )
