"""Scoring, totals and ranks said a second time, as a clerk would reckon: known figures as plain
fractions, no bounds, no columns, and nothing imported that the product scores, adds or ranks with.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dti_core.framework.model import Criterion, Framework, Pillar, Reading
from dti_core.program.policies import Policies
from tests.unit.random_rounds import Round
from tests.unit.strategies import FigureMap

# What a rule is worth, in plain fractions

Values = Mapping[str, Any]
"""variable → its value; nothing is unknown here"""


class Open(Exception):
    """The text, or nobody's decision, gives no points for these figures."""


def policy(policies: Policies, name: str) -> Any:
    chosen = getattr(policies, name)
    return None if chosen is None else chosen.value


def cut(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), Fraction(1))


def number(text: object, values: Values) -> Fraction:
    """The metric as Python reads it; ZeroDivisionError as Python raises it."""
    return Fraction(eval(str(text), {"__builtins__": {}}, dict(values)))


def plain_share(
    rule: Any, values: Values, group: list[Values], maximum: Fraction | None, policies: Policies
) -> Fraction:
    """The share of the maximum, as docs/bo-chi-so.md explains the rules. Raises Open."""
    try:
        return _plain_share(rule, values, group, maximum, policies)
    except ZeroDivisionError:
        match policy(policies, "zero_denominator"):
            case "full":
                return Fraction(1)
            case "zero":
                return Fraction(0)
        raise Open from None


def _plain_share(
    rule: Any, values: Values, group: list[Values], maximum: Fraction | None, policies: Policies
) -> Fraction:
    def inside(one: Any) -> Fraction:
        return plain_share(one, values, group, maximum, policies)

    match rule.type:
        case "flag":
            return Fraction(1 if values[rule.of] else 0)
        case "options":
            if values[rule.of] not in rule.shares:
                raise Open
            return Fraction(rule.shares[values[rule.of]])
        case "percent":
            return cut(values[rule.of])
        case "ratio":
            return _plain_ratio(rule, number(rule.of, values), policies)
        case "steps":
            value = number(rule.of, values)
            held = [step.share for step in rule.table if _holds(step, value)]
            if not held:
                raise Open
            if len(set(held)) > 1 and policies.overlap is None:
                raise Open
            return Fraction(max(held) if policy(policies, "overlap") == "best" else held[0])
        case "per_item":
            count = number(rule.of, values)
            if maximum is None:
                raise Open
            return cut(count * rule.each / abs(maximum)) if maximum else Fraction(0)
        case "deductions":
            if not maximum:
                return Fraction(0)
            lost = sum(number(event.of, values) * event.each for event in rule.events)
            return Fraction(max(maximum - lost, rule.floor, 0) / maximum)
        case "relative_to_best" | "min_max":
            return _plain_relative(rule, values, group, policies)
        case "parts":
            return sum((part.weight * inside(part.rule) for part in rule.parts), Fraction(0))
        case "gate":
            return inside(rule.then) if values[rule.flag] else Fraction(0)
        case "best_of":
            return _plain_best(rule, inside)
    raise Open


def _plain_best(rule: Any, inside: Callable[[Any], Fraction]) -> Fraction:
    known = []
    for way in rule.alternatives:
        with suppress(Open):
            known.append(inside(way))
    if len(known) < len(rule.alternatives) and max(known, default=Fraction(0)) < 1:
        raise Open  # a way whose points are open may be the best
    return max(known)


def _plain_ratio(rule: Any, ratio: Fraction, policies: Policies) -> Fraction:
    if rule.full_at is None:
        return cut(ratio / rule.scale_at if rule.scale_at else ratio)
    match rule.below:
        case "proportional":
            below = ratio
        case "scaled":
            below = ratio / rule.full_at
        case "zero":
            below = Fraction(0)
        case factor:
            below = ratio / factor.divide_by * factor.times
    if ratio == rule.full_at and rule.below_includes_full_at and below != 1:
        # both branches claim it; the one that gives everything stands first and gives the most
        if policies.overlap is None:
            raise Open
        return Fraction(1)
    return Fraction(1) if ratio >= rule.full_at else cut(below)


def _plain_relative(rule: Any, values: Values, group: list[Values], policies: Policies) -> Fraction:
    if rule.peers != "group":
        raise Open
    value = number(rule.of, values)
    everybody = [number(rule.of, each) for each in group if has_value(rule.of, each, policies)]
    best, worst = max(everybody), min(everybody)
    formula = "over_best" if rule.type == "relative_to_best" else policy(policies, "min_max")
    if formula is None:
        raise Open
    if formula == "range":
        return cut((value - worst) / (best - worst))
    return cut(value / best)


def has_value(metric: object, values: Values, policies: Policies) -> bool:
    """Whether a unit's figures can be compared: a 0 below the line has no value, which keeps the
    group waiting until a policy says what that unit earns."""
    try:
        number(metric, values)
    except ZeroDivisionError:
        if policy(policies, "zero_denominator") in ("full", "zero"):
            return False
        raise Open from None
    return True


def _holds(step: Any, value: Fraction) -> bool:
    if step.at_least is not None and not value >= step.at_least:
        return False
    if step.above is not None and not value > step.above:
        return False
    if step.at_most is not None and not value <= step.at_most:
        return False
    return not (step.below is not None and not value < step.below)


def plain_points(
    row: Criterion, unit: str, round_: Round, reading: Reading
) -> tuple[Fraction | None, dict[str, Fraction | None]]:
    """The row's points, and those of its child rows by code. None where nothing gives them, or
    where the row is followed up and not scored."""
    found: dict[str, Fraction | None] = {}
    for child in row.children:
        found[child.code], inner = plain_points(child, unit, round_, reading)
        found |= inner
    rule = row.rule_under(reading)
    if rule.type == "sum_of_children":
        counted = [child for child in row.children if any(scored(child))]
        each = [points for child in counted if (points := found[child.code]) is not None]
        return (total(each) if counted and len(each) == len(counted) else None), found
    if row.max_points is None:
        return None, found
    values = {one: _values(round_.figures, one, row.code) for one in round_.units}
    try:
        share = plain_share(
            rule, values[unit], list(values.values()), row.max_points, round_.policies
        )
    except Open:
        return None, found
    return cut(share) * row.max_points, found


def _values(known: FigureMap, unit: str, code: str) -> Values:
    return {
        name: figure.value
        for (whose, row, name), figure in known.items()
        if (whose, row) == (unit, code)
    }


# Totals and ranks, in plain fractions


def half_up(value: Fraction, digits: int) -> Fraction:
    """What a clerk rounds by hand: a half goes up, away from zero."""
    scaled = abs(value) * 10**digits
    whole = int(scaled)
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole, 10**digits) * (-1 if value < 0 else 1)


def own_rows(row: Criterion) -> Iterator[Criterion]:
    """The rows that earn points themselves: parents that add up count through their children."""
    if row.rule.type == "sum_of_children":
        for child in row.children:
            yield from own_rows(child)
    else:
        yield row


def scored(row: Criterion) -> Iterator[Criterion]:
    """Those of them that have points: the others are followed up."""
    return (own for own in own_rows(row) if own.max_points is not None)


@dataclass(frozen=True)
class Counts:
    """What a row counts for: from `least` to `most` points; whether they are computed."""

    least: Fraction
    most: Fraction
    computed: bool


@dataclass(frozen=True)
class Added:
    computed: Fraction
    low: Fraction
    high: Fraction
    maximum: Fraction
    published: Fraction | None


def added_up(
    framework: Framework, rows: Mapping[str, Counts], policies: Policies
) -> dict[str, Added]:
    """Pillar code → its sum; the whole under the empty code. `rows` has every row of `own_rows`."""
    found = {pillar.code: _pillar(pillar, rows, policies) for pillar in framework.pillars}
    pillars = list(found.values())
    rounding = policy(policies, "rounding")
    published = None
    shown = [each.published for each in pillars if each.published is not None]
    if rounding is not None and len(shown) == len(pillars):
        by_rows = rounding.total == "sum_of_published"
        published = (
            total(shown) if by_rows else half_up(total(p.low for p in pillars), rounding.digits)
        )
    found[""] = Added(
        total(each.computed for each in pillars),
        total(each.low for each in pillars),
        total(each.high for each in pillars),
        total(each.maximum for each in pillars),
        published,
    )
    return found


def _pillar(pillar: Pillar, rows: Mapping[str, Counts], policies: Policies) -> Added:
    mine = [rows[own.code] for row in pillar.criteria for own in own_rows(row)]
    stated = pillar.max_points
    capped = policy(policies, "pillar_overflow") == "cap_pillar"
    # a penalty is not capped: what a decree would say of one that exceeds its pillar is open
    most = stated if capped and stated is not None and stated >= 0 else Fraction(10**12)
    low, high = total(row.least for row in mine), total(row.most for row in mine)
    rounding = policy(policies, "rounding")
    published = None
    if rounding is not None and min(low, most) == min(high, most):
        published = half_up(min(low, most), rounding.digits)
        if rounding.total == "sum_of_published":
            # decided is not yet published: what is open may still move the sum of rounded points
            capped_at = half_up(most, rounding.digits)
            least = min(total(half_up(row.least, rounding.digits) for row in mine), capped_at)
            greatest = min(total(half_up(row.most, rounding.digits) for row in mine), capped_at)
            published = least if least == greatest else None
    if stated is None:
        stated = total(row.max_points or 0 for row in pillar.criteria)
    return Added(
        min(total(row.least for row in mine if row.computed), most),
        min(low, most),
        min(high, most),
        Fraction(0) if pillar.outside_maximum else stated,
        published,
    )


def total(numbers: Iterable[Fraction | int]) -> Fraction:
    added = Fraction(0)
    for each in numbers:
        added += each
    return added


def ranked_by_definition(points: Mapping[str, Fraction | None], ties: str) -> dict[str, int | None]:
    """Same rank: one more than there are better units; dense: than there are better points."""
    found: dict[str, int | None] = dict.fromkeys(points)
    known = {unit: value for unit, value in points.items() if value is not None}
    for unit, value in known.items():
        better = [other for other in known.values() if other > value]
        found[unit] = 1 + len(better if ties == "same_rank" else {*better})
    return found
