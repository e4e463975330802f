"""A unit's own workbook that holds another unit's figures."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from dti_core.framework.model import Framework
from dti_core.plausibility.amounts import Amount, amounts, log
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.rational import vietnamese
from dti_core.scoring.score import FigureMap

DETECTOR = "copied"


@dataclass(frozen=True)
class Copy:
    """A flag, and every (row, variable) that is identical, trivial ones too: what it explains."""

    flag: Flag
    figures: frozenset[tuple[str, str]]


def copied(
    framework: Framework,
    units: Sequence[str],
    figures: FigureMap,
    prior: FigureMap,
    submitters: Mapping[tuple[str, str], str] | None = None,
    names: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT,
) -> list[Copy]:
    """Units whose own figures are nearly all identical to another unit's, one flag a unit.

    submitters  (unit, row) → who gave the row; without it, the rows that the framework asks of
                the assessed unit itself. Figures that others give about a unit are not in its
                workbook and do not count.
    names       unit → its name for people; the id where there is none

    Compared are numeric figures that both units give, where at least one value is not trivial: a
    count or mean below `limits.small`, a zero, 0 % and 100 % are, and so is a value that more than
    half of the other units give as well. A pair of values counts once however many rows repeat it:
    the same staff number stands in many rows. Suspect is the unit whose identical figures lie
    further from its own prior year; where that cannot be told, both are asked.

    Source: none in print that we know of; the limits are ours (`Limits.identical`, `alike`).

    Limits: small offices with few figures above ten are not compared. The time at which workbooks
    came in is not known here. A copy with a good part of its figures edited passes.
    """
    asked = list(amounts(framework))
    own = {
        unit: {
            each: value
            for each in asked
            if _gives(framework, each, unit, submitters)
            and (value := each.value(figures, unit)) is not None
        }
        for unit in units
    }
    place = {unit: index for index, unit in enumerate(units)}
    found: dict[str, list[_Likeness]] = defaultdict(list)
    for one, two in _candidates(own, units, limits):
        like = _likeness(one, two, own, limits)
        if like is None:
            continue
        changes = {unit: _change(unit, own, prior, like.same) for unit in (one, two)}
        for suspect in _suspects(changes, limits):
            other = two if suspect == one else one
            found[suspect].append(
                _Likeness(other, like.same, like.compared, changes[suspect], changes[other])
            )
    copies = []
    for unit in sorted(found, key=place.__getitem__):
        best = min(
            found[unit],
            key=lambda like: (-len(like.same), _or_last(like.change_other), place[like.other]),
        )
        copies.append(_copy(unit, best, own, names or {}))
    return copies


@dataclass(frozen=True)
class _Likeness:
    """What a unit shares with another. `change_*`: mean |ln(now/before)|, None without a prior."""

    other: str
    same: tuple[Amount, ...]
    compared: int
    change: float | None = None
    change_other: float | None = None


_Own = Mapping[str, Mapping[Amount, Fraction]]


def _gives(
    framework: Framework,
    amount: Amount,
    unit: str,
    submitters: Mapping[tuple[str, str], str] | None,
) -> bool:
    if submitters is not None:
        return submitters.get((unit, amount.criterion)) == unit
    provider = framework.by_code[amount.criterion].provider_of(amount.variable)
    return provider is not None and provider.relative == "self"


def _trivial(amount: Amount, value: Fraction, limits: Limits) -> bool:
    if amount.kind in ("count", "mean"):
        return value < limits.small
    return value == 0 or (amount.kind == "percent" and value == 1)


def _candidates(own: _Own, units: Sequence[str], limits: Limits) -> Iterator[tuple[str, str]]:
    """Pairs that share enough values which are neither trivial nor common; each once."""
    shared: dict[tuple[str, str], set[Fraction]] = defaultdict(set)
    for (_, value), holders in _holders(own, units, limits).items():
        for pair in combinations(holders, 2):
            shared[pair].add(value)
    yield from (pair for pair, values in shared.items() if len(values) >= limits.identical)


def _holders(
    own: _Own, units: Sequence[str], limits: Limits
) -> dict[tuple[Amount, Fraction], list[str]]:
    """Who gives each value that is neither trivial nor common."""
    holders: dict[tuple[Amount, Fraction], list[str]] = defaultdict(list)
    reporters: Counter[Amount] = Counter()
    for unit in units:
        for amount, value in own[unit].items():
            reporters[amount] += 1
            if not _trivial(amount, value, limits):
                holders[amount, value].append(unit)
    return {
        (amount, value): who
        for (amount, value), who in holders.items()
        if not _common(len(who), reporters[amount])
    }


def _common(holders: int, reporters: int) -> bool:
    """Whether more than half of the units other than a pair give the pair's value as well."""
    return 2 * (holders - 2) > reporters - 2


def _likeness(one: str, two: str, own: _Own, limits: Limits) -> _Likeness | None:
    first, second = own[one], own[two]
    same: list[Amount] = []
    pairs: set[tuple[Fraction, Fraction]] = set()
    compared = 0
    for amount in first:
        if amount not in second:
            continue
        pair = first[amount], second[amount]
        if all(_trivial(amount, value, limits) for value in pair):
            continue
        if pair[0] == pair[1]:
            reporters = [unit for unit in own if amount in own[unit]]
            holders = [unit for unit in reporters if own[unit][amount] == pair[0]]
            if _common(len(holders), len(reporters)):
                continue
            same.append(amount)
        compared += 1
        pairs.add(pair)
    identical = sum(a == b for a, b in pairs)
    if identical < limits.identical or identical < limits.alike * len(pairs):
        return None
    return _Likeness(two, tuple(same), compared)


def _change(unit: str, own: _Own, prior: FigureMap, same: Sequence[Amount]) -> float | None:
    """How far a unit's identical figures lie from its own prior year, on average."""
    distances = [
        abs(log(own[unit][amount] / before))
        for amount in same
        if (before := amount.value(prior, unit))
    ]
    return sum(distances) / len(distances) if distances else None


def _suspects(changes: Mapping[str, float | None], limits: Limits) -> tuple[str, ...]:
    (one, first), (two, second) = changes.items()
    if first is not None and second is not None and first != second:
        return (one,) if first > second else (two,)
    usual = log(limits.usual)
    if first is None and second is not None and second <= usual:
        return (one,)
    if second is None and first is not None and first <= usual:
        return (two,)
    return one, two


def _or_last(change: float | None) -> float:
    return math.inf if change is None else change


def _copy(unit: str, like: _Likeness, own: _Own, names: Mapping[str, str]) -> Copy:
    mine, other = names.get(unit, unit), names.get(like.other, like.other)
    values = own[unit]
    identical = [each for each in values if own[like.other].get(each) == values[each]]
    rows = tuple(dict.fromkeys(amount.criterion for amount in identical))
    examples = "; ".join(
        f"mục {amount.criterion}, số liệu {amount.variable}: {amount.shown(values[amount])}"
        for amount in _telling(like.same, values)
    )
    message = (
        f"Tệp của {mine} có {len(like.same)} trên {like.compared} số liệu so sánh được giống hệt"
        f" số liệu của {other} ({examples}). {_years(like, mine, other)}"
        f" Đề nghị {mine} đối chiếu lại từng mục với hồ sơ của mình và gửi lại nếu nhầm tệp."
    )
    flag = Flag(
        unit=unit,
        criterion=rows[0],
        variable=None,
        detector=DETECTOR,
        message=message,
        criteria=rows,
    )
    return Copy(flag, frozenset((amount.criterion, amount.variable) for amount in identical))


def _telling(same: Sequence[Amount], values: Mapping[Amount, Fraction]) -> list[Amount]:
    """Three figures of different values, the longest numbers first: the least likely by chance."""
    by_value = {values[amount]: amount for amount in reversed(same)}
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
