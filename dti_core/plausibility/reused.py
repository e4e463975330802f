"""One number given for unlike things."""

from collections.abc import Iterator, Sequence

import numpy as np

from dti_core.plausibility.amounts import Amount
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Floats, Panel, places
from dti_core.rational import vietnamese

DETECTOR = "reused"


def reused(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Flag]:
    """Numbers that a unit gives in several rows for things that are not the same, one flag each.

    Counts and amounts of money of at least `limits.reused_from`. Things are the same where they are
    one named quantity, or two wholes in one unit of measure. Numbers that some row of the unit
    gives as a whole are left out: all of the staff is all of the staff in each row.

    Coincidence is told from reuse by last year: a figure that came near (within `limits.near`) from
    its own past may well meet another one. So at least one of the rows must lie far from its own
    past. Without last year only numbers of four digits and more that are not round are asked about.

    Source: ours. 419/KH-UBND, Phụ lục 2, has the pattern: 8713 people in 4.10, 4.11 and 8.5.

    Limits: small numbers meet by chance; which of the rows the number belongs to is not known,
    except that the row nearest to its past is named first.
    """
    columns = [at for at, each in enumerate(panel.amounts) if each.kind in ("count", "money")]
    values = panel.now[:, columns]
    eligible = np.where(values >= float(limits.reused_from), values, np.nan)
    ordered = np.sort(eligible, axis=1)
    repeated = (np.diff(ordered, axis=1) == 0).any(axis=1)
    wholes = {share.whole for share in panel.shares}
    far = _far_from_past(panel, limits)
    for place in places(repeated):
        holders: dict[float, list[int]] = {}
        totals = {float(panel.now[place, c]) for c in wholes if _counts(panel, c)}
        for at, column in enumerate(columns):
            if not np.isnan(eligible[place, at]):
                holders.setdefault(float(eligible[place, at]), []).append(column)
        for value, found in holders.items():
            if len(found) < 2 or value in totals:
                continue
            if flag := _flag(panel, place, value, found, far[place]):
                yield flag


def _counts(panel: Panel, column: int) -> bool:
    return panel.amounts[column].quantity is not None


def _far_from_past(panel: Panel, limits: Limits) -> Floats:
    """1 where a figure left its past, 0 where it came from it, NaN without a past."""
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.abs(np.log(panel.now / panel.before))
    return np.where(np.isnan(away), np.nan, away > np.log(float(limits.near)))


def _flag(panel: Panel, place: int, value: float, found: Sequence[int], far: Floats) -> Flag | None:
    unlike = [column for column in found if not _same_row_as_another(panel, column, found)]
    if len({_thing(panel, column) for column in unlike}) < 2:
        return None
    left = [column for column in unlike if far[column] == 1]
    unknown = [column for column in unlike if np.isnan(far[column])]
    if not left and (not unknown or value < 1000 or value % 10 == 0):
        return None
    ordered = sorted(unlike, key=lambda column: (np.nan_to_num(far[column], nan=0.5), column))
    doubted = panel.amounts[left[0] if left else ordered[-1]]
    number = panel.value(place, found[0])
    rows = tuple(dict.fromkeys(panel.amounts[column].criterion for column in ordered))
    expected = None
    if left and not np.isnan(panel.before[place, left[0]]):
        expected = panel.earlier(place, left[0])
    told = "; ".join(_words(panel, panel.amounts[column]) for column in ordered)
    return Flag(
        unit=panel.units[place],
        criterion=doubted.criterion,
        variable=doubted.variable,
        detector=DETECTOR,
        reported=number,
        expected=expected,
        criteria=(doubted.criterion, *(row for row in rows if row != doubted.criterion)),
        suspicion=round(min(0.95, 0.5 + 0.15 * len(str(int(value))) - 0.15), 3),
        message=(
            f"Cùng một số {vietnamese(number)} được ghi cho {len(rows)} mục đếm những việc khác"
            f" nhau: {told}. Hiếm khi các việc khác nhau có số lượng đúng bằng nhau: đề nghị ghi số"
            " riêng của từng mục."
        ),
    )


def _same_row_as_another(panel: Panel, column: int, found: Sequence[int]) -> bool:
    """A part that equals its own whole: 100 %, not a reuse; the part goes, the whole stays."""
    return any(share.part == column and share.whole in found for share in panel.shares)


def _thing(panel: Panel, column: int) -> str:
    amount = panel.amounts[column]
    if amount.quantity is not None:
        return amount.quantity
    if any(share.whole == column for share in panel.shares):
        return f"tổng {amount.measure}"
    return f"{amount.criterion}.{amount.variable}"


def _words(panel: Panel, amount: Amount) -> str:
    label = panel.framework.by_code[amount.criterion].variables[amount.variable].label
    return f"mục {amount.criterion}, {label}"
