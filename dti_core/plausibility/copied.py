"""A unit's own workbook that holds another unit's figures."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Bools, Floats, Panel
from dti_core.rational import vietnamese

DETECTOR = "copied"


@dataclass(frozen=True)
class Copy:
    """A flag, and every (row, variable) that is identical, trivial ones too: what it explains."""

    flag: Flag
    figures: frozenset[tuple[str, str]]


def copied(
    panel: Panel, names: Mapping[str, str] | None = None, limits: Limits = DEFAULT
) -> list[Copy]:
    """Units whose own figures are nearly all identical to another unit's, one flag a unit.

    names  unit → its name for people; the id where there is none

    Figures that others give about a unit are not in its workbook and do not count. Compared are
    numeric figures that both units give, where at least one value is not trivial: a count or mean
    below `limits.small`, a zero, 0 % and 100 % are, and so is a value that more than half of the
    other units give as well. A pair of values counts once however many rows repeat it: the same
    staff number stands in many rows. Suspect is the unit whose identical figures lie further from
    its own prior year; where that cannot be told, both are asked.

    Source: none in print that we know of; the limits are ours (`Limits.identical`, `alike`).

    Limits: small offices with few figures above ten are not compared. The time at which workbooks
    came in is not known here. A copy with a good part of its figures edited passes.
    """
    compared = _Compared.of(panel, limits)
    found: dict[int, list[_Likeness]] = defaultdict(list)
    for one, two in _candidates(compared, limits):
        like = _likeness(compared, one, two, limits)
        if like is None:
            continue
        changes = {unit: _change(panel, unit, like.same) for unit in (one, two)}
        for suspect in _suspects(changes, limits):
            other = two if suspect == one else one
            found[suspect].append(
                _Likeness(other, like.same, like.compared, changes[suspect], changes[other])
            )
    copies = []
    for unit in sorted(found):
        best = min(
            found[unit],
            key=lambda like: (-len(like.same), _or_last(like.change_other), like.other),
        )
        copies.append(_copy(panel, compared, unit, best, names or {}))
    return copies


@dataclass(frozen=True)
class _Likeness:
    """What a unit shares with another. `change_*`: mean |ln(now/before)|, None without a prior."""

    other: int
    same: tuple[int, ...]
    compared: int
    change: float | None = None
    change_other: float | None = None


def trivial(panel: Panel, limits: Limits) -> Bools:
    """Values that agree by chance or by nature."""
    counted = [each.kind in ("count", "mean") for each in panel.amounts]
    shares = [each.kind == "percent" for each in panel.amounts]
    with np.errstate(invalid="ignore"):
        small = np.where(np.array(counted, bool), panel.now < float(limits.small), panel.now == 0)
        least: Bools = small | (np.array(shares, bool) & (panel.now == 1))
    return least


@dataclass(frozen=True, eq=False)
class _Compared:
    """The units' own values (NaN: not its own), and which of them are trivial.

    common   more than half of the units other than a pair give the value as well
    holders  how many units give it
    """

    values: Floats
    trivial: Bools
    common: Bools
    holders: npt.NDArray[np.int64]

    @classmethod
    def of(cls, panel: Panel, limits: Limits) -> "_Compared":
        values = np.where(panel.own, panel.now, np.nan)
        holders = np.zeros(values.shape, np.int64)
        common = np.zeros(values.shape, bool)
        for column in range(values.shape[1]):
            given = ~np.isnan(values[:, column])
            _, group, counts = np.unique(
                values[given, column], return_inverse=True, return_counts=True
            )
            holders[given, column] = counts[group]
            common[given, column] = 2 * (counts[group] - 2) > np.count_nonzero(given) - 2
        return cls(values, trivial(panel, limits), common, holders)


def _candidates(compared: _Compared, limits: Limits) -> Iterator[tuple[int, int]]:
    """Pairs that share enough values which are neither trivial nor common; each once.

    A value that very many units give says little and would pair everybody with everybody: such are
    left out, and of the others each unit is paired with the next ones that give the same.
    """
    units = compared.values.shape[0]
    rare = ~compared.trivial & ~compared.common & (compared.holders <= limits.holders)
    pairs, shared = [], []
    for column in range(compared.values.shape[1]):
        places = np.flatnonzero(rare[:, column] & (compared.holders[:, column] > 1))
        values = compared.values[places, column]
        order = np.lexsort((places, values))
        places, values = places[order], values[order]
        for lag in range(1, min(limits.neighbours, len(places))):
            equal = values[lag:] == values[:-lag]
            pairs.append(places[:-lag][equal] * units + places[lag:][equal])
            shared.append(values[lag:][equal])
    if not pairs:
        return
    distinct = np.unique(
        np.stack([np.concatenate(pairs).astype(float), np.concatenate(shared)]), axis=1
    )
    codes, counts = np.unique(distinct[0], return_counts=True)
    for code in codes[counts >= limits.identical]:
        one, two = divmod(int(code), units)
        yield one, two


def _likeness(compared: _Compared, one: int, two: int, limits: Limits) -> _Likeness | None:
    first, second = compared.values[one], compared.values[two]
    both = ~np.isnan(first) & ~np.isnan(second) & ~(compared.trivial[one] & compared.trivial[two])
    both &= ~((first == second) & compared.common[one])
    columns = np.flatnonzero(both)
    pairs = {(first[column], second[column]) for column in columns}
    identical = sum(a == b for a, b in pairs)
    if identical < limits.identical or identical < limits.alike * len(pairs):
        return None
    same = tuple(int(column) for column in columns if first[column] == second[column])
    return _Likeness(two, same, len(columns))


def _change(panel: Panel, unit: int, same: Sequence[int]) -> float | None:
    """How far a unit's identical figures lie from its own prior year, on average."""
    now, before = panel.now[unit, list(same)], panel.before[unit, list(same)]
    known = (now > 0) & (before > 0)
    if not known.any():
        return None
    return float(np.mean(np.abs(np.log(now[known] / before[known]))))


def _suspects(changes: Mapping[int, float | None], limits: Limits) -> tuple[int, ...]:
    (one, first), (two, second) = changes.items()
    if first is not None and second is not None and first != second:
        return (one,) if first > second else (two,)
    usual = math.log(limits.usual)
    if first is None and second is not None and second <= usual:
        return (one,)
    if second is None and first is not None and first <= usual:
        return (two,)
    return one, two


def _or_last(change: float | None) -> float:
    return math.inf if change is None else change


def _copy(
    panel: Panel, compared: _Compared, unit: int, like: _Likeness, names: Mapping[str, str]
) -> Copy:
    mine, other = (names.get(each, each) for each in (panel.units[unit], panel.units[like.other]))
    identical = np.flatnonzero(compared.values[unit] == compared.values[like.other])
    amounts = [panel.amounts[int(column)] for column in identical]
    rows = tuple(dict.fromkeys(amount.criterion for amount in amounts))
    examples = "; ".join(
        f"mục {panel.amounts[column].criterion}, số liệu {panel.amounts[column].variable}:"
        f" {panel.amounts[column].shown(panel.value(unit, column))}"
        for column in _telling(panel, unit, like.same)
    )
    message = (
        f"Tệp của {mine} có {len(like.same)} trên {like.compared} số liệu so sánh được giống hệt"
        f" số liệu của {other} ({examples}). {_years(like, mine, other)}"
        f" Đề nghị {mine} đối chiếu lại từng mục với hồ sơ của mình và gửi lại nếu nhầm tệp."
    )
    flag = Flag(
        unit=panel.units[unit],
        criterion=rows[0],
        variable=None,
        detector=DETECTOR,
        message=message,
        criteria=rows,
        suspicion=round(len(like.same) / like.compared, 3),
    )
    return Copy(flag, frozenset((amount.criterion, amount.variable) for amount in amounts))


def _telling(panel: Panel, unit: int, same: Sequence[int]) -> list[int]:
    """Three figures of different values, the longest numbers first: the least likely by chance."""
    by_value = {panel.value(unit, column): column for column in reversed(same)}
    ordered = sorted(by_value, key=lambda value: (-len(str(value)), -value))
    return [by_value[value] for value in ordered[:3]]


def _years(like: _Likeness, mine: str, other: str) -> str:
    if like.change is None and like.change_other is None:
        return "Chưa có số liệu năm trước của hai đơn vị nên chưa rõ bên nào đúng."
    if like.change is None:
        return (
            f"Chưa có số liệu năm trước của {mine}; của {other} chênh năm trước trung bình"
            f" {_times(like.change_other)} lần."
        )
    if like.change_other is None:
        return (
            f"So với năm trước, các số liệu ấy của {mine} chênh trung bình"
            f" {_times(like.change)} lần; {other} chưa có số liệu năm trước."
        )
    return (
        f"So với năm trước của chính mình, các số liệu ấy chênh trung bình {_times(like.change)}"
        f" lần ở {mine} và {_times(like.change_other)} lần ở {other}."
    )


def _times(change: float | None) -> str:
    return vietnamese(Decimal(f"{math.exp(change or 0):.2f}"))
