"""Which changes of a row's figures are worth trying: the next bound of the clause, and the last.

They are only tried: what they win says the referee, so that a way too many does no harm.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from dti_core.figures import Value
from dti_core.framework.contained import part_and_whole
from dti_core.framework.expression import Expression
from dti_core.framework.model import RATIO, Criterion
from dti_core.framework.rules import (
    BestOf,
    Deductions,
    Factor,
    Flag,
    Gate,
    Options,
    Parts,
    Percent,
    PerItem,
    Ratio,
    Rule,
    Steps,
    stated_ratio,
)
from dti_core.scoring.exact import ONE, ZERO
from dti_core.scoring.score import FigureMap

_FINEST = {"count": Fraction(1), "percent": Fraction(1, 10_000)}
_FINE = Fraction(1, 100)
"""The least by which a figure is told to change: a whole thing, a hundredth of a percent, else a
hundredth of its unit, so that what is told can be written down."""


@dataclass(frozen=True)
class Way:
    """Values of some figures; `reached` is what the clause's `metric` becomes."""

    values: Mapping[str, Value]
    metric: Expression | None = None
    reached: Fraction | None = None


@dataclass(frozen=True)
class _Known:
    """The figures of one unit on one row that have a value."""

    row: Criterion
    numbers: Mapping[str, Fraction]
    flags: Mapping[str, bool]
    choices: Mapping[str, str]
    stated: Expression | None

    def metric(self, expression: Expression) -> Fraction | None:
        """The value of a metric; None where a figure lacks or a denominator is 0."""
        if not set(expression.variables) <= self.numbers.keys():
            return self.numbers.get(RATIO) if expression == self.stated else None
        return _value(expression, self.numbers)


def ways(row: Criterion, rule: Rule, figures: FigureMap) -> Iterator[Way]:
    """The ways to other points. `figures` are those of one unit on the row."""
    values = {name: figure.value for (_, _, name), figure in figures.items() if figure.known}
    known = _Known(
        row,
        {
            name: value
            for name, value in values.items()
            if isinstance(value, Fraction) and not isinstance(value, bool)
        },
        {name: value for name, value in values.items() if isinstance(value, bool)},
        {name: value for name, value in values.items() if isinstance(value, str)},
        stated_ratio(rule),
    )
    yield from _of(rule, known)


def _of(rule: Rule, known: _Known) -> Iterator[Way]:
    match rule:
        case Flag():
            if rule.of in known.flags:
                yield Way({rule.of: not known.flags[rule.of]})
        case Options():
            for choice in rule.shares:
                if choice != known.choices.get(rule.of):
                    yield Way({rule.of: choice})
        case Gate():
            yield from _behind_gate(rule, known)
        case Parts():
            each = [list(_of(part.rule, known)) for part in rule.parts]
            for found in each:
                yield from found
            yield from _together(each)
        case BestOf():
            for way in rule.alternatives:
                yield from _of(way, known)
        case Percent():
            for end in (ONE, ZERO):
                yield Way({rule.of: end}, Expression(rule.of), end)
        case Ratio():
            for goal in _ratio_goals(rule):
                yield from _reach(rule.of, goal, False, known)
        case Steps():
            yield from _to_other_steps(rule, known)
        case PerItem():
            yield from _by_items(rule.of, rule.each, known)
        case Deductions():
            for event in rule.events:
                yield from _by_items(event.of, event.each, known)
            yield from _together([list(_reach(e.of, ZERO, False, known)) for e in rule.events])


def _behind_gate(rule: Gate, known: _Known) -> Iterator[Way]:
    is_open = known.flags.get(rule.flag)
    if is_open is not None:
        yield Way({rule.flag: not is_open})
    for way in _of(rule.then, known):
        yield way if is_open else Way({rule.flag: True, **way.values}, way.metric, way.reached)


def _together(each: list[list[Way]]) -> Iterator[Way]:
    """The first and the last way of every part at once."""
    some = [found for found in each if found]
    if len(some) > 1:
        for end in (0, -1):
            yield Way({name: value for found in some for name, value in found[end].values.items()})


def _ratio_goals(rule: Ratio) -> Iterator[Fraction]:
    """Where a ratio earns all, and where it earns nothing: of a penalty that is the best."""
    yield rule.full_at or rule.scale_at or ONE
    if isinstance(rule.below, Factor):
        yield rule.below.divide_by / rule.below.times
    yield ZERO


def _to_other_steps(rule: Steps, known: _Known) -> Iterator[Way]:
    """To the nearest end of every other step."""
    now = known.metric(rule.of)
    if now is None:
        return
    for step in rule.table:
        if step.holds(now):
            continue
        low = step.at_least if step.at_least is not None else step.above
        high = step.at_most if step.at_most is not None else step.below
        if low is not None and now <= low:
            yield from _reach(rule.of, low, step.above is not None, known)
        elif high is not None:
            yield from _reach(rule.of, high, step.below is not None, known)


def _by_items(of: Expression, each: Fraction, known: _Known) -> Iterator[Way]:
    """One more or one less, as many as earn the maximum, none."""
    now = known.metric(of)
    if now is None:
        return
    goals = [now + 1, now - 1, ZERO]
    if each:
        goals.append(abs((known.row.max_points or ZERO) / each))
    for goal in goals:
        yield from _reach(of, goal, False, known)


def _reach(of: Expression, goal: Fraction, beyond: bool, known: _Known) -> Iterator[Way]:
    """The least change that carries a metric to a goal, or just beyond it; nothing where none does.

    What is above the line is changed, in the order in which the clause names it: what is below it,
    the whole of which something is a part, is nobody's to change for points.
    """
    now = known.metric(of)
    if now is None or (now == goal and not beyond):
        return
    if not set(of.variables) <= known.numbers.keys():
        finest = _FINEST["percent"]
        end = goal + (finest if now < goal else -finest) if beyond else goal
        if ZERO <= end <= ONE:
            yield Way({RATIO: end}, of, end)
        return
    up = now < goal or (now == goal and beyond)
    values = dict(known.numbers)
    for name in _movable(of):
        here = _value(of, values)
        slope = _slope(of, values, name)
        if here is None or not slope:
            continue
        finest = _finest(known.row, name)
        lacking = abs((goal - here) / slope)
        steps = ceil(lacking / finest)
        if beyond and steps * finest == lacking:
            steps += 1
        more = (slope > 0) == up
        room = _room(of, known.row, values, name) if more else values[name]
        by = steps * finest if room is None else min(steps * finest, room // finest * finest)
        values[name] += by if more else -by
        reached = _value(of, values)
        if reached is None:
            return
        past = reached - goal if up else goal - reached
        if past > 0 or (past == 0 and not beyond):
            changed = {n: v for n, v in values.items() if v != known.numbers[n]}
            if changed:
                yield Way(changed, of, reached)
            return


def _movable(of: Expression) -> list[str]:
    below = {name for divisor in of.divisors() for name in divisor.variables}
    return [name for name in of.variables if name not in below]


def _slope(of: Expression, values: Mapping[str, Fraction], name: str) -> Fraction | None:
    """What one more of a figure adds to the metric; None where that is not always the same."""
    ends = [_value(of, {**values, name: values[name] + more}) for more in (0, 1, 2)]
    if ends[0] is None or ends[1] is None or ends[2] is None:
        return None
    first, second = ends[1] - ends[0], ends[2] - ends[1]
    return first if first == second else None


def _room(
    of: Expression, row: Criterion, values: Mapping[str, Fraction], name: str
) -> Fraction | None:
    """How much more a figure can be: a part is never more than its whole, and where as many parts
    as wholes are added up, each part belongs to the whole in its place. None: without end."""
    if row.variables[name].kind == "percent":
        return max(ONE - values[name], ZERO)
    halves = part_and_whole(row, of, ("count", "mean", "money"))
    if halves is None:
        return None
    parts, wholes = halves[0].variables, halves[1].variables
    if len(parts) == len(wholes):
        return max(values[wholes[parts.index(name)]] - values[name], ZERO)
    total = sum((values[each] for each in wholes), ZERO)
    return max(total - sum((values[each] for each in parts), ZERO), ZERO)


def _finest(row: Criterion, name: str) -> Fraction:
    return _FINEST.get(row.variables[name].kind, _FINE)


def _value(of: Expression, values: Mapping[str, Fraction]) -> Fraction | None:
    try:
        return of.evaluate(values, lambda number: number)
    except ZeroDivisionError:
        return None
