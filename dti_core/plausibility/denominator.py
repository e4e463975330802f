"""A whole that changed without reason: people, households, schools do not vanish within a year."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from dti_core.plausibility.amounts import Amount
from dti_core.plausibility.chance import matters
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Bools, Floats, Panel, places
from dti_core.plausibility.peers import doubt, known, median_of_others, spread
from dti_core.rational import percent

DETECTOR = "denominator"

STANDING = frozenset(
    {"người", "hộ", "doanh nghiệp", "hệ thống", "máy tính", "máy", "đơn vị cấp xã", "cơ sở"}
)
"""Units of measure of things that are there all year, not things that happen (dossiers)."""


def denominator(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Flag]:
    """Wholes that stand still elsewhere and moved here, one flag for each thing that is counted.

    Whether a whole stands still is read from the group: from `limits.group` units on with two
    years, its yearly change is an outlier beyond `limits.still` robust standard deviations from
    the median change and from none. So staff and population, which everybody keeps within some per
    cent, are watched closely, and dossiers, which everybody's come and go, are not. The least
    standard deviation is `limits.still_floor` for named quantities of `STANDING` things, for others
    `limits.moving_floor`. In a smaller group only the former are compared, and
    `limits.still_small` is the bound.

    One thing that several rows of the unit give differently is asked about too, unless chance: the
    row that left last year's figure, else the odd one out, is the one doubted.

    Source: UNECE, Guidelines for statistical data editing (Statistical Data Editing 1, 1994), on
    ratio edits of stable totals; the limits are ours.

    Limits: a merger or a split changes wholes lawfully; the message asks for the reason. A whole
    that was wrong last year is flagged this year.
    """
    wholes = {share.whole for share in panel.shares}
    named = [columns for columns in panel.quantities.values() if wholes & set(columns)]
    alone = [(c,) for c in sorted(wholes) if panel.amounts[c].quantity is None]
    for columns in (*named, *alone):
        moved = [_moved(panel, column, limits) for column in columns]
        unequal = _unequal(panel, columns, limits)
        asked = np.any([found for found, _ in moved], axis=0) | unequal
        for place in places(asked):
            own = [c for c, (found, _) in zip(columns, moved, strict=True) if found[place]]
            distance = max(float(np.nan_to_num(far[place])) for _, far in moved)
            if flag := _flag(panel, place, columns, own, distance):
                yield flag


def _moved(panel: Panel, column: int, limits: Limits) -> tuple[Bools, Floats]:
    """Units whose whole moved, and how suspicious that is."""
    now, before = panel.now[:, column], panel.before[:, column]
    amount = panel.amounts[column]
    stands = amount.quantity is not None and amount.measure in STANDING
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log(now / before)
        change = np.where(np.isfinite(change), change, np.nan)
    if known(change) >= limits.group:
        floor = limits.still_floor if stands else limits.moving_floor
        limit = limits.still * spread(change, float(floor))
        away = np.minimum(np.abs(change - median_of_others(change)), np.abs(change))
    elif stands:
        limit, away = float(np.log(float(limits.still_small))), np.abs(change)
    else:
        limit, away = 1.0, np.full(now.shape, np.nan)
    with np.errstate(invalid="ignore"):
        found = (away > limit) & (np.abs(now - before) >= limits.still_least)
        if not stands:
            found &= matters(amount.kind, now, before, median_of_others(now), limits)
    suspicion = np.array([doubt(float(far), limit) if far > limit else 0.0 for far in away])
    return found, suspicion


def _unequal(panel: Panel, columns: Sequence[int], limits: Limits) -> Bools:
    """Units whose rows give one thing differently."""
    values = panel.now[:, list(columns)]
    given = ~np.isnan(values)
    high = np.where(given, values, -np.inf).max(axis=1)
    low = np.where(given, values, np.inf).min(axis=1)
    unequal: Bools = (given.sum(axis=1) > 1) & (high - low > float(limits.material) * high)
    return unequal


def _flag(
    panel: Panel, place: int, columns: Sequence[int], moved: Sequence[int], suspicion: float
) -> Flag | None:
    given = [c for c in columns if not np.isnan(panel.now[place, c])]
    values = {c: panel.value(place, c) for c in given}
    common, holders = Counter(values.values()).most_common(1)[0]
    odd = [c for c in given if values[c] != common]
    if len(given) > 1 and odd and (holders > 1 or not moved):
        doubted = [c for c in moved if c in odd] or odd
        expected = common if doubted[0] in odd else _before(panel, place, doubted[0])
    elif moved:
        doubted, expected = list(moved), _before(panel, place, moved[0])
    else:
        return None
    if expected is None:
        return None
    first = doubted[0]
    amount, value = panel.amounts[first], values[first]
    rows = tuple(dict.fromkeys(panel.amounts[c].criterion for c in (*doubted, *odd)))
    if not moved and not odd:
        rows = tuple(dict.fromkeys(panel.amounts[c].criterion for c in given))
    return Flag(
        unit=panel.units[place],
        criterion=amount.criterion,
        variable=amount.variable,
        detector=DETECTOR,
        reported=value,
        expected=expected,
        criteria=rows,
        suspicion=max(suspicion, 0.8 if odd else 0.5),
        message=_message(panel, place, first, value, expected, bool(odd)),
    )


def _message(
    panel: Panel, place: int, column: int, value: Fraction, expected: Fraction, odd: bool
) -> str:
    amount: Amount = panel.amounts[column]
    before = _before(panel, place, column)
    parts = []
    if odd:
        other = next(
            panel.amounts[c]
            for c in panel.quantities[amount.quantity or ""]
            if not np.isnan(panel.now[place, c]) and panel.value(place, c) != value
        )
        given = panel.value(place, panel.place[other.criterion, other.variable])
        parts.append(f"mục {other.criterion} cũng hỏi số này nhưng ghi {other.shown(given)}")
    if before is not None and before != value and before:
        change = percent(abs(value - before) / before, 1)
        parts.append(
            f"năm trước {amount.shown(before)}, {'tăng' if value > before else 'giảm'} {change}"
            " trong khi các đơn vị khác hầu như không đổi"
        )
    return (
        f"{amount.subject} (tổng số dùng làm mẫu số): năm nay {amount.shown(value)}"
        f"{amount.bracket}; {'; '.join(parts) or f'số chờ đợi là {amount.shown(expected)}'}."
        " Mẫu số đổi thì tỷ lệ đổi theo: đề nghị kiểm tra lại hoặc nêu lý do."
    )


def _before(panel: Panel, place: int, column: int) -> Fraction | None:
    return None if np.isnan(panel.before[place, column]) else panel.earlier(place, column)
