"""The referee: one rule, one unit, exact fractions, as plain as possible.

Every figure is a span of what it can be: a known one a single value, an unknown one everything
that its kind allows. The result is a span too: a single share where the figures decide it,
otherwise the bounds of what is possible. The column engine must agree with this, always.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dti_core.framework.expression import Expression
from dti_core.framework.rules import (
    Appraised,
    BestOf,
    Deductions,
    Factor,
    Flag,
    Gate,
    Interval,
    MinMax,
    Options,
    Parts,
    Percent,
    PerItem,
    Ratio,
    RelativeToBest,
    Rule,
    Steps,
    SumOfChildren,
    Untabled,
    stated_ratio,
)
from dti_core.program.policies import Scoring
from dti_core.scoring.problems import Problem

ZERO, ONE = Fraction(0), Fraction(1)


class ZeroDenominatorError(ArithmeticError):
    """A denominator is known to be 0."""


@dataclass(frozen=True)
class Span:
    """The values from `low` to `high` that a number can have; `high` None is without end."""

    low: Fraction
    high: Fraction | None

    @property
    def known(self) -> bool:
        return self.low == self.high

    def __add__(self, other: "Span") -> "Span":
        high = None if self.high is None or other.high is None else self.high + other.high
        return Span(self.low + other.low, high)

    def __sub__(self, other: "Span") -> "Span":
        # counts cannot be negative: a difference of unknowns starts at 0
        low = ZERO if other.high is None else max(ZERO, self.low - other.high)
        high = None if self.high is None else self.high - other.low
        return Span(self.low - other.low, high) if other.known and self.known else Span(low, high)

    def __mul__(self, other: "Span") -> "Span":
        high = None if self.high is None or other.high is None else self.high * other.high
        if ZERO in (self.high, other.high):
            high = ZERO
        return Span(self.low * other.low, high)

    def __truediv__(self, other: "Span") -> "Span":
        if other.high == 0:
            raise ZeroDenominatorError
        low = ZERO if other.high is None else self.low / other.high
        if self.high == 0:
            return Span(ZERO, ZERO)
        # an unknown denominator may come as near to 0 as it likes, but is not 0
        high = None if self.high is None or other.low == 0 else self.high / other.low
        return Span(low, high)


UNKNOWN = Span(ZERO, None)
UNKNOWN_FLAG = Span(ZERO, ONE)


@dataclass(frozen=True)
class Peers:
    """The best and worst value of the units (or provinces) that a rule compares with."""

    best: Fraction
    worst: Fraction


@dataclass(frozen=True)
class Given:
    """What is known of one unit's figures for one criterion.

    numbers  variable → its span; flags are 0 or 1; `ratio` is a percentage stated outright
    choices  variable → the choices that it can be
    peers    the units of the round that a relative rule compares with, where they are known
    others   other provinces, likewise
    counts   the variables that are always whole numbers
    """

    numbers: Mapping[str, Span]
    choices: Mapping[str, tuple[str, ...]]
    peers: Peers | None = None
    others: Peers | None = None
    counts: frozenset[str] = frozenset()

    def whole(self, expression: Expression) -> bool:
        """Whether a metric is always a whole number: counts, and nothing divided."""
        return expression.is_whole and self.counts.issuperset(expression.variables)


@dataclass(frozen=True)
class Share:
    """A share of the maximum, 0 … 1, or its bounds; `unclipped` where it had to be cut."""

    low: Fraction
    high: Fraction
    problem: Problem = Problem.NONE
    unclipped: Fraction | None = None

    @property
    def known(self) -> bool:
        return self.low == self.high and not self.problem


def open_share(problem: Problem) -> Share:
    """Anything from nothing to the whole maximum."""
    return Share(ZERO, ONE, problem)


def share(rule: Rule, given: Given, maximum: Fraction | None, policies: Scoring) -> Share:
    """The share of the maximum that a rule gives for one unit's figures."""
    result = _Referee(given, maximum, policies, stated_ratio(rule)).share(rule)
    low, high = _cut(result.low), _cut(result.high)
    if (low, high) == (result.low, result.high):
        return result
    known = result.low == result.high and not result.problem
    return Share(low, high, result.problem, result.low if known else result.unclipped)


def metric(rule: Rule, given: Given) -> Span | None:
    """The value that a ratio or a relative rule works on; None where a denominator is 0."""
    match rule:
        case Ratio() | RelativeToBest() | MinMax() | Steps() | PerItem():
            try:
                return _Referee(given, None, Scoring(), stated_ratio(rule)).value(rule.of)
            except ZeroDenominatorError:
                return None
        case _:
            return None


@dataclass(frozen=True)
class _Referee:
    given: Given
    maximum: Fraction | None
    policies: Scoring
    ratio: Expression | None

    def value(self, expression: Expression) -> Span:
        """The metric's span: from its figures, else from the ratio that was stated outright."""
        known = all(self.given.numbers.get(v, UNKNOWN).known for v in expression.variables)
        if not known and expression == self.ratio and "ratio" in self.given.numbers:
            return self.given.numbers["ratio"]
        numbers = {v: self.given.numbers.get(v, UNKNOWN) for v in expression.variables}
        return expression.evaluate(numbers, lambda number: Span(number, number))

    def share(self, rule: Rule) -> Share:
        try:
            return self._share(rule)
        except ZeroDenominatorError:
            return self._zero_denominator()

    def _zero_denominator(self) -> Share:
        match self.policies.zero_denominator:
            case "full":
                return Share(ONE, ONE)
            case "zero":
                return Share(ZERO, ZERO)
            case _:
                return open_share(Problem.ZERO_DENOMINATOR)

    def _share(self, rule: Rule) -> Share:
        match rule:
            case Flag():
                flag = self.given.numbers.get(rule.of, UNKNOWN_FLAG)
                return Share(flag.low, ONE if flag.high is None else flag.high)
            case Options():
                return self._options(rule)
            case Ratio():
                return self._ratio(rule)
            case Steps():
                return self._steps(rule)
            case PerItem():
                return self._per_item(rule)
            case Percent():
                return _clipped(self.given.numbers.get(rule.of, UNKNOWN), lambda value: value)
            case RelativeToBest() | MinMax():
                return self._relative(rule)
            case Parts():
                shares = [self.share(part.rule) for part in rule.parts]
                weights = [part.weight for part in rule.parts]
                return Share(
                    sum((w * s.low for w, s in zip(weights, shares, strict=True)), ZERO),
                    sum((w * s.high for w, s in zip(weights, shares, strict=True)), ZERO),
                    _any_problem(shares),
                )
            case Gate():
                flag = self.given.numbers.get(rule.flag, UNKNOWN_FLAG)
                if flag.high == 0:
                    return Share(ZERO, ZERO)
                then = self.share(rule.then)
                return then if flag.low == 1 else Share(ZERO, then.high, then.problem)
            case BestOf():
                shares = [self.share(way) for way in rule.alternatives]
                low, high = max(s.low for s in shares), max(s.high for s in shares)
                # whatever the other ways turn out to give, everything is not exceeded
                return Share(low, high, Problem.NONE if low >= ONE else _any_problem(shares))
            case Deductions():
                return self._deductions(rule)
            case Appraised():
                return open_share(Problem.APPRAISED)
            case Untabled():
                return open_share(Problem.UNTABLED)
            case SumOfChildren():
                raise TypeError("điểm của mục cha là tổng điểm các mục con, không có tỷ lệ riêng")

    def _options(self, rule: Options) -> Share:
        possible = self.given.choices.get(rule.of, tuple(rule.shares))
        shares = [rule.shares[choice] for choice in possible if choice in rule.shares]
        if not shares:
            return open_share(Problem.UNASSIGNED)
        if len(shares) < len(possible):
            return Share(ZERO, ONE)  # it may turn out to be a state that the text is silent on
        return Share(min(shares), max(shares))

    def _ratio(self, rule: Ratio) -> Share:
        metric = self.value(rule.of)

        def earns(value: Fraction) -> Fraction:
            if rule.full_at is None:
                return value / (rule.scale_at or ONE)
            if value > rule.full_at:
                return ONE
            under = _below(rule, value)
            if value == rule.full_at:
                # both branches may claim the threshold; the one that gives everything is written
                # first and gives the most, so that either policy picks it
                if rule.below_includes_full_at and under != ONE and self.policies.overlap is None:
                    if metric.known:
                        raise OverlapError
                    # what is unknown may lie here, or beyond: no question yet, only a bound
                    return under if value == metric.low else ONE
                return ONE
            return under

        try:
            return _clipped(metric, earns)
        except OverlapError:
            return open_share(Problem.OVERLAP)

    def _steps(self, rule: Steps) -> Share:
        value = self.value(rule.of)
        if value.known:
            try:
                found = step_share(rule.table, value.low, self.policies)
            except OverlapError:
                return open_share(Problem.OVERLAP)
            return open_share(Problem.NO_INTERVAL) if found is None else Share(found, found)
        points = [
            point
            for point in (rule.whole_trials if self.given.whole(rule.of) else rule.trial_values)
            if value.low <= point and (value.high is None or point <= value.high)
        ]
        points += [end for end in (value.low, value.high) if end is not None]
        try:
            found_shares = [step_share(rule.table, point, self.policies) for point in points]
        except OverlapError:
            return open_share(Problem.OVERLAP)
        possible = [s for s in found_shares if s is not None]
        if not possible:
            return open_share(Problem.NO_INTERVAL)
        if len(possible) < len(found_shares):
            return Share(ZERO, ONE)  # it may turn out to be a value that the text is silent on
        return Share(min(possible), max(possible))

    def _per_item(self, rule: PerItem) -> Share:
        maximum = self.maximum
        if maximum is None:
            return open_share(Problem.NO_MAXIMUM)
        if maximum == 0:
            return Share(ZERO, ZERO)
        return _clipped(self.value(rule.of), lambda count: count * rule.each / abs(maximum))

    def _relative(self, rule: RelativeToBest | MinMax) -> Share:
        value = self.value(rule.of)
        peers = self.given.peers if rule.peers == "group" else self.given.others
        if peers is None:
            external = rule.peers == "external"
            return open_share(Problem.EXTERNAL_PEERS if external else Problem.PEERS_UNKNOWN)
        low, width = ZERO, peers.best
        if isinstance(rule, MinMax):
            if self.policies.min_max is None:
                return open_share(Problem.MIN_MAX_FORMULA)
            if self.policies.min_max == "range":
                low, width = peers.worst, peers.best - peers.worst
        if width == 0:
            raise ZeroDenominatorError
        return _clipped(value, lambda each: (each - low) / width)

    def _deductions(self, rule: Deductions) -> Share:
        maximum = self.maximum
        if maximum is None:
            return open_share(Problem.NO_MAXIMUM)
        if maximum == 0:
            return Share(ZERO, ZERO)
        fewest, most = maximum, maximum
        endless = False
        for event in rule.events:
            count = self.value(event.of)
            most -= event.each * count.low
            endless = endless or count.high is None
            fewest -= event.each * (count.high or ZERO)
        fewest = rule.floor if endless else max(fewest, rule.floor)
        low, high = fewest / maximum, max(most, rule.floor) / maximum
        # a floor below 0: cut here, or a rule around this one would take it for points to lose
        unclipped = low if low == high < 0 else None
        return Share(max(low, ZERO), max(high, ZERO), unclipped=unclipped)


class OverlapError(Exception):
    """Two steps with different shares hold the value and no policy chooses."""


def _below(rule: Ratio, value: Fraction) -> Fraction:
    assert rule.full_at is not None
    match rule.below:
        case "proportional":
            return value
        case "scaled":
            return value / rule.full_at
        case Factor(divide_by=divide_by, times=times):
            return value / divide_by * times
        case _:
            return ZERO


def _clipped(value: Span, earns: Callable[[Fraction], Fraction]) -> Share:
    """A rule that grows with its metric, cut to 0 … 1; where the cut bites it is recorded."""
    low = earns(value.low)
    high = ONE if value.high is None else earns(value.high)
    cut_low, cut_high = _cut(low), _cut(high)
    unclipped = low if value.known and low != cut_low else None
    return Share(cut_low, cut_high, unclipped=unclipped)


def _cut(value: Fraction) -> Fraction:
    return min(max(value, ZERO), ONE)


def _any_problem(shares: Iterable[Share]) -> Problem:
    problem = Problem.NONE
    for one in shares:
        problem |= one.problem
    return problem


def step_share(table: tuple[Interval, ...], value: Fraction, policies: Scoring) -> Fraction | None:
    """The share of the step that holds a value; None where no step does."""
    shares = [interval.share for interval in table if interval.holds(value)]
    if len(set(shares)) > 1:
        if policies.overlap is None:
            raise OverlapError
        return max(shares) if policies.overlap == "best" else shares[0]
    return shares[0] if shares else None
