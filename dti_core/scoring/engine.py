"""The column engine: a rule for all units of a group at once, in float64.

It mirrors `dti_core.scoring.exact` rule by rule. Floats are only a fast first look: wherever a
value comes so close to a threshold, a step or a rounding boundary that a rounding error could
decide, the unit is marked `close` and the referee decides it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dti_core.framework.expression import Expression
from dti_core.framework.model import Criterion, Framework, Reading
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
    stated_ratio,
)
from dti_core.program.policies import Scoring
from dti_core.scoring.columns import Bits, Bools, Column, Figures, Floats, constant, unknown
from dti_core.scoring.problems import Problem

# A chain of at most a dozen float64 operations on correctly rounded inputs errs by less than
# 12 × 2⁻⁵³ ≈ 1.4e-15 of the value. A billion times that still asks the referee about almost
# nobody, and leaves no room for an argument.
CLOSE = 1e-9


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of the maximum for all units: bounds (equal where decided), problems, and where a
    float must not decide."""

    low: Floats
    high: Floats
    problem: Bits
    close: Bools
    clipped: Bools

    @property
    def known(self) -> Bools:
        known: Bools = (self.low == self.high) & (self.problem == 0)
        return known


def shares(criterion: Criterion, rule: Rule, figures: Figures, policies: Scoring) -> Shares:
    """The share of the maximum that a rule gives, for all units at once."""
    return _Engine(criterion, rule, figures, policies).shares(rule)


@dataclass(frozen=True, eq=False)
class Points:
    """Points of every unit for every row of a framework: bounds, equal where decided."""

    low: Floats
    high: Floats
    known: Bools
    close: Bools


def points(
    framework: Framework, reading: Reading, figures: Figures, policies: Scoring
) -> dict[str, Points]:
    """Points by row code, each a column over the units. Rows without a maximum are left out."""
    result: dict[str, Points] = {}

    def visit(criterion: Criterion) -> None:
        for child in criterion.children:
            visit(child)
        maximum = criterion.max_points
        if maximum is None:
            return
        if isinstance(criterion.rule, SumOfChildren):
            parts = [result[child.code] for child in criterion.children if child.code in result]
            result[criterion.code] = Points(
                low=np.sum([part.low for part in parts], axis=0),
                high=np.sum([part.high for part in parts], axis=0),
                known=np.all([part.known for part in parts], axis=0),
                close=np.any([part.close for part in parts], axis=0),
            )
            return
        share = shares(criterion, criterion.rule_under(reading), figures, policies)
        worth = float(maximum)
        result[criterion.code] = Points(
            share.low * worth, share.high * worth, share.known, share.close
        )

    for criterion in framework.criteria:
        visit(criterion)
    return result


def published(column: Points, digits: int, decide: Callable[[int], Fraction]) -> list[float]:
    """Points as published, half up at `digits` decimals; NaN where they are not decided.

    `decide(i)` gives the exact points of unit i; it is asked only where a float could err.
    """
    scale = 10**digits
    scaled = column.low * scale
    # no float decides near a half, nor where a step or threshold was close
    near = np.abs(scaled - np.floor(scaled) - 0.5) <= CLOSE * np.maximum(scaled, 1.0)
    rounded = np.where(column.known, np.floor(scaled + 0.5) / scale, np.nan)
    for index in np.flatnonzero((near | column.close) & column.known):
        exact = decide(int(index)) * scale
        rounded[index] = int(exact + Fraction(1, 2)) / scale
    return list(map(float, rounded))


@dataclass(frozen=True, eq=False)
class _Engine:
    criterion: Criterion
    rule: Rule
    figures: Figures
    policies: Scoring

    @property
    def size(self) -> int:
        return len(self.figures.units)

    def number(self, variable: str) -> Column:
        found = self.figures.numbers.get((self.criterion.code, variable))
        return unknown(self.size) if found is None else found

    def flag(self, variable: str) -> Column:
        found = self.figures.numbers.get((self.criterion.code, variable))
        if found is None:
            return Column(np.zeros(self.size), np.ones(self.size))
        return found if found.certain else Column(found.low, np.minimum(found.high, 1.0))

    def value(self, expression: Expression) -> Column:
        """The metric: from its figures, else from the ratio that was stated outright."""
        columns = {v: self.number(v) for v in expression.variables}
        value = expression.evaluate(columns, lambda number: constant(number, self.size))
        stated = self.figures.numbers.get((self.criterion.code, "ratio"))
        if stated is None or expression != stated_ratio(self.rule):
            return value
        use = np.zeros(self.size, bool)
        for column in columns.values():
            use |= ~column.known
        use &= stated.known
        zero = None if value.zero is None else value.zero & ~use
        return Column(
            np.where(use, stated.low, value.low), np.where(use, stated.high, value.high), zero
        )

    def blank(self, low: float, high: float, problem: Problem = Problem.NONE) -> Shares:
        no = np.zeros(self.size, bool)
        return Shares(
            np.full(self.size, low),
            np.full(self.size, high),
            np.full(self.size, int(problem)),
            no,
            no,
        )

    def shares(self, rule: Rule) -> Shares:
        match rule:
            case Flag():
                flag = self.flag(rule.of)
                return _plain(flag.low, flag.high)
            case Options():
                return self._options(rule)
            case Ratio():
                return self._ratio(rule)
            case Steps():
                return self._steps(rule)
            case PerItem():
                return self._per_item(rule)
            case Percent():
                return self._clipped(self.number(rule.of), lambda value: value)
            case RelativeToBest() | MinMax():
                return self._relative(rule)
            case Parts():
                return self._parts(rule)
            case Gate():
                return self._gate(rule)
            case BestOf():
                ways = [self.shares(way) for way in rule.alternatives]
                return Shares(
                    np.max([way.low for way in ways], axis=0),
                    np.max([way.high for way in ways], axis=0),
                    np.bitwise_or.reduce([way.problem for way in ways]),
                    np.any([way.close for way in ways], axis=0),
                    np.zeros(self.size, bool),
                )
            case Deductions():
                return self._deductions(rule)
            case Appraised():
                return self.blank(0.0, 1.0, Problem.APPRAISED)
            case SumOfChildren():
                raise TypeError("điểm của mục cha là tổng điểm các mục con, không có tỷ lệ riêng")
            case _:
                return self.blank(0.0, 1.0, Problem.UNTABLED)

    def _options(self, rule: Options) -> Shares:
        choices = self.criterion.variables[rule.of].choices
        mask = self.figures.choices.get((self.criterion.code, rule.of))
        if mask is None:
            mask = np.zeros(self.size, np.int64)
        low, high = np.full(self.size, np.inf), np.full(self.size, -np.inf)
        unassigned = np.zeros(self.size, bool)
        open_ = mask == 0
        for bit, choice in enumerate(choices):
            possible = (mask >> bit) & 1 == 1
            if choice in rule.shares:
                value = float(rule.shares[choice])
                low = np.where(possible | open_, np.minimum(low, value), low)
                high = np.where(possible | open_, np.maximum(high, value), high)
            else:
                unassigned |= possible
        problem = np.where(unassigned, int(Problem.UNASSIGNED), 0)
        return _opened(low, high, problem, np.zeros(self.size, bool))

    def _ratio(self, rule: Ratio) -> Shares:
        value = self.value(rule.of)
        if rule.full_at is None:
            scale = float(rule.scale_at or 1)
            return self._clipped(value, lambda ratio: ratio / scale)
        full_at = float(rule.full_at)
        result = self._clipped(
            value, lambda ratio: np.where(ratio >= full_at, 1.0, _below(rule, full_at, ratio))
        )
        # The threshold itself, and what a rounding error could push across it
        near = _near(value.low, full_at) | _near(value.high, full_at)
        problem = result.problem
        if rule.below_includes_full_at and self.policies.overlap is None:
            under = _below(rule, full_at, np.array([full_at]))[0]
            if abs(under - 1.0) > CLOSE:
                exactly = value.known & _near(value.low, full_at)
                problem = np.where(exactly, problem | int(Problem.OVERLAP), problem)
        return Shares(result.low, result.high, problem, result.close | near, result.clipped)

    def _steps(self, rule: Steps) -> Shares:
        value = self.value(rule.of)
        low, gap_low, over_low = self._step(rule.table, value.low)
        near = np.zeros(self.size, bool)
        for bound in {float(bound) for step in rule.table for bound in step.bounds}:
            near |= _near(value.low, bound) | _near(value.high, bound)
        known = value.known
        if known.all():
            high, gap, over = low, gap_low, over_low
        else:
            high, gap_high, over_high = self._step(rule.table, value.high)
            over = over_low | over_high
            least = np.where(gap_low, np.inf, low)
            most = np.where(gap_low, -np.inf, low)
            ended = ~np.isinf(value.high) & ~gap_high
            least = np.where(ended, np.minimum(least, high), least)
            most = np.where(ended, np.maximum(most, high), most)
            for point in rule.trial_values:
                share, gap_point, over_point = self._step(rule.table, np.array([float(point)]))
                inside = (value.low <= float(point)) & (float(point) <= value.high) & ~known
                over |= inside & bool(over_point[0])
                if not gap_point[0]:
                    least = np.where(inside, np.minimum(least, share[0]), least)
                    most = np.where(inside, np.maximum(most, share[0]), most)
            gap = np.isinf(least)
            low, high = least, most
        problem = np.where(over, int(Problem.OVERLAP), np.where(gap, int(Problem.NO_INTERVAL), 0))
        return self._zero_denominator(value, _opened(low, high, problem, near))

    def _step(self, table: tuple[Interval, ...], at: Floats) -> tuple[Floats, Bools, Bools]:
        """Share, whether no step holds the value, whether unresolved steps disagree."""
        size = len(at)
        first, best = np.zeros(size), np.zeros(size)
        worst, found = np.full(size, np.inf), np.zeros(size, bool)
        for interval in table:
            inside = np.ones(size, bool)
            if interval.at_least is not None:
                inside &= at >= float(interval.at_least)
            if interval.above is not None:
                inside &= at > float(interval.above)
            if interval.at_most is not None:
                inside &= at <= float(interval.at_most)
            if interval.below is not None:
                inside &= at < float(interval.below)
            share = float(interval.share)
            first = np.where(inside & ~found, share, first)
            best = np.where(inside, np.maximum(best, share), best)
            worst = np.where(inside, np.minimum(worst, share), worst)
            found |= inside
        over = found & (best != worst) if self.policies.overlap is None else np.zeros(size, bool)
        return (best if self.policies.overlap == "best" else first), ~found, over

    def _per_item(self, rule: PerItem) -> Shares:
        maximum = self.criterion.max_points
        if maximum is None:
            return self.blank(0.0, 1.0, Problem.NO_MAXIMUM)
        if maximum == 0:
            return self.blank(0.0, 0.0)
        each = float(rule.each / maximum)
        return self._clipped(self.value(rule.of), lambda count: count * each)

    def _relative(self, rule: RelativeToBest | MinMax) -> Shares:
        value = self.value(rule.of)
        if rule.peers == "external":
            peers = self.figures.peers.get(self.criterion.code)
            if peers is None:
                return self.blank(0.0, 1.0, Problem.EXTERNAL_PEERS)
            best, worst = float(peers[0]), float(peers[1])
        else:
            decided = value.known if value.zero is None else value.known & ~value.zero
            if not decided.all():
                return self.blank(0.0, 1.0, Problem.PEERS_UNKNOWN)
            best, worst = float(value.low.max()), float(value.low.min())
        low, width = 0.0, best
        if isinstance(rule, MinMax):
            if self.policies.min_max is None:
                return self.blank(0.0, 1.0, Problem.MIN_MAX_FORMULA)
            if self.policies.min_max == "range":
                low, width = worst, best - worst
        if width == 0:
            return self._zero_denominator(
                Column(value.low, value.high, np.ones(self.size, bool)), self.blank(0.0, 0.0)
            )
        result = self._clipped(value, lambda each: (each - low) / width)
        # peers that differ little beside their size lose digits in the subtraction
        lossy = max(abs(best), abs(worst)) > 1e4 * width
        return Shares(result.low, result.high, result.problem, result.close | lossy, result.clipped)

    def _parts(self, rule: Parts) -> Shares:
        inner = [self.shares(part.rule) for part in rule.parts]
        weights = [float(part.weight) for part in rule.parts]
        # Summing floats may leave a known total a hair apart from itself
        low = np.sum([w * s.low for w, s in zip(weights, inner, strict=True)], axis=0)
        high = np.sum([w * s.high for w, s in zip(weights, inner, strict=True)], axis=0)
        decided = np.all([s.low == s.high for s in inner], axis=0)
        return Shares(
            low,
            np.where(decided, low, high),
            np.bitwise_or.reduce([s.problem for s in inner]),
            np.any([s.close for s in inner], axis=0),
            np.any([s.clipped for s in inner], axis=0),
        )

    def _gate(self, rule: Gate) -> Shares:
        flag, then = self.flag(rule.flag), self.shares(rule.then)
        closed, opened = flag.high == 0, flag.low == 1
        return Shares(
            np.where(opened, then.low, 0.0),
            np.where(closed, 0.0, then.high),
            np.where(closed, 0, then.problem),
            then.close & ~closed,
            then.clipped & ~closed,
        )

    def _deductions(self, rule: Deductions) -> Shares:
        maximum = self.criterion.max_points
        if maximum is None:
            return self.blank(0.0, 1.0, Problem.NO_MAXIMUM)
        if maximum == 0:
            return self.blank(0.0, 0.0)
        most = np.full(self.size, float(maximum))
        fewest = np.full(self.size, float(maximum))
        known, zero = np.ones(self.size, bool), np.zeros(self.size, bool)
        for event in rule.events:
            count = self.value(event.of)
            known &= count.known
            if count.zero is not None:
                zero |= count.zero
            most = most - float(event.each) * count.low
            fewest = fewest - float(event.each) * count.high
        floor = float(rule.floor)
        low = np.maximum(fewest, floor) / float(maximum)
        high = np.where(known, low, np.maximum(most, floor) / float(maximum))
        return self._zero_denominator(Column(low, high, zero), _plain(low, high))

    def _clipped(self, value: Column, earns: Callable[[Floats], Floats]) -> Shares:
        raw_low = earns(value.low)
        low = np.clip(raw_low, 0.0, 1.0)
        if value.certain:
            high = low
        else:
            with np.errstate(invalid="ignore"):
                high = np.where(np.isinf(value.high), 1.0, np.clip(earns(value.high), 0.0, 1.0))
        known = value.known
        result = Shares(
            low,
            high,
            np.zeros(self.size, np.int64),
            _near(raw_low, 0.0) & (raw_low != 0.0) | _near(raw_low, 1.0),
            known & (raw_low != low),
        )
        return self._zero_denominator(value, result)

    def _zero_denominator(self, value: Column, result: Shares) -> Shares:
        if value.zero is None:
            return result
        zero = value.zero
        match self.policies.zero_denominator:
            case "full":
                low, high, problem = 1.0, 1.0, 0
            case "zero":
                low, high, problem = 0.0, 0.0, 0
            case _:
                low, high, problem = 0.0, 1.0, int(Problem.ZERO_DENOMINATOR)
        return Shares(
            np.where(zero, low, result.low),
            np.where(zero, high, result.high),
            np.where(zero, problem, result.problem),
            result.close & ~zero,
            result.clipped & ~zero,
        )


def _plain(low: Floats, high: Floats) -> Shares:
    no = np.zeros(low.shape, bool)
    return Shares(low, high, np.zeros(low.shape, np.int64), no, no)


def _opened(low: Floats, high: Floats, problem: Bits, close: Bools) -> Shares:
    """Shares whose bounds are everything where there is a problem."""
    bad = problem != 0
    return Shares(
        np.where(bad, 0.0, low),
        np.where(bad, 1.0, high),
        problem,
        close,
        np.zeros(low.shape, bool),
    )


def _below(rule: Ratio, full_at: float, ratio: Floats) -> Floats:
    match rule.below:
        case "proportional":
            return ratio
        case "scaled":
            return ratio / full_at
        case Factor(divide_by=divide_by, times=times):
            return ratio / float(divide_by) * float(times)
        case _:
            return np.zeros(ratio.shape)


def _near(values: Floats, bound: float) -> Bools:
    with np.errstate(invalid="ignore"):
        near: Bools = np.abs(values - bound) <= CLOSE * max(abs(bound), 1.0)
    return near
