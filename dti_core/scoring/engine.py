"""The column engine: a rule for all units of a group at once, in float64.

It mirrors `dti_core.scoring.exact` rule by rule. Floats are only a fast first look: wherever a
value comes so close to a threshold, a step or a rounding boundary that a rounding error could
decide, the unit is marked `close` and the referee decides it. What holds for every unit of a
column (decided, without a problem, nowhere close) is said once, not once a unit.
"""

from collections.abc import Callable, Iterable, Sequence
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
from dti_core.rational import round_half_up
from dti_core.scoring.columns import Bits, Bools, Column, Figures, Floats, constant, unknown
from dti_core.scoring.problems import Problem
from dti_core.scoring.step_table import step_table

# A chain of at most a dozen float64 operations on correctly rounded inputs errs by less than
# 12 × 2⁻⁵³ ≈ 1.4e-15 of the value. A billion times that still asks the referee about almost
# nobody, and leaves no room for an argument.
CLOSE = 1e-9

_MOST_STATES = 10
"""Up to so many choices every combination of them is tabled; beyond, each unit is worked out."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of the maximum for all units: bounds, problems, and where a float must not decide.

    `low` and `high` are the same array where every unit's share is decided. `problem` and `close`
    are None where no unit has one.
    """

    low: Floats
    high: Floats
    problem: Bits | None = None
    close: Bools | None = None

    @property
    def decided(self) -> Bools | None:
        """Where the figures decide the share; None where they do for every unit."""
        if self.high is self.low and self.problem is None:
            return None
        equal: Bools = self.low == self.high
        return equal if self.problem is None else equal & (self.problem == 0)


def shares(criterion: Criterion, rule: Rule, figures: Figures, policies: Scoring) -> Shares:
    """The share of the maximum that a rule gives, for all units at once."""
    found = _Engine(criterion, rule, figures, policies).shares(rule)
    if not isinstance(rule, Options | Steps | Parts | Gate | BestOf | Deductions):
        return found  # every other rule cuts what it gives
    if not len(found.low) or (found.low.min() >= 0 and found.high.max() <= 1):
        return found
    low = _cut(found.low)
    high = low if found.high is found.low else _cut(found.high)
    return Shares(low, high, found.problem, found.close)


@dataclass(frozen=True, eq=False)
class Points:
    """Points of every unit for one row: bounds, equal where decided. `decided` and `close` are
    None where every unit's points are decided, and where none is close."""

    low: Floats
    high: Floats
    decided: Bools | None = None
    close: Bools | None = None

    @property
    def known(self) -> Bools:
        return np.ones(self.low.shape, bool) if self.decided is None else self.decided


def points(
    framework: Framework, reading: Reading, figures: Figures, policies: Scoring
) -> dict[str, Points]:
    """Points by row code, each a column over the units. Rows without a maximum are left out."""
    result: dict[str, Points] = {}

    def visit(criterion: Criterion) -> None:
        for child in criterion.children:
            visit(child)
        if isinstance(criterion.rule, SumOfChildren):
            parts = [result[child.code] for child in criterion.children if child.code in result]
            if parts:
                result[criterion.code] = _added(parts)
            return
        maximum = criterion.max_points
        if maximum is None:
            return
        rule = criterion.rule_under(reading)
        worth = float(maximum)
        share = shares(criterion, rule, figures, policies)
        share = _settled(share, figures, criterion.code, penalty=worth < 0)
        low = share.low * worth
        high = low if share.high is share.low else share.high * worth
        if worth < 0:  # a penalty: the whole share is the least
            low, high = high, low
        result[criterion.code] = Points(low, high, share.decided, share.close)

    for criterion in framework.criteria:
        visit(criterion)
    return result


def _settled(share: Shares, figures: Figures, code: str, *, penalty: bool) -> Shares:
    """The shares once the policies on lacking figures have spoken; a penalty takes nothing off."""
    least, most = figures.settled.get((code, "least")), figures.settled.get((code, "most"))
    if least is None or most is None or share.high is share.low:
        return share
    if penalty:
        least, most = least | most, np.zeros(most.shape, bool)
    fine = np.ones(least.shape, bool) if share.problem is None else share.problem == 0
    low = np.where(most & fine, share.high, share.low)
    high = np.where(least & fine, share.low, share.high)
    return Shares(low, high, share.problem, share.close)


def _added(parts: Sequence[Points]) -> Points:
    low = _sum([part.low for part in parts])
    same = all(part.high is part.low for part in parts)
    high = low if same else _sum([part.high for part in parts])
    decided = None
    if any(part.decided is not None for part in parts):
        decided = np.all([part.known for part in parts], axis=0)
    return Points(low, high, decided, _any(part.close for part in parts))


def published(column: Points, digits: int, decide: Callable[[int], Fraction | None]) -> list[float]:
    """Points as published, half up at `digits` decimals; NaN where they are not decided.

    `decide(i)` gives the exact points of unit i, None while they are open; it is asked only where a
    float could err: about the points, or about whether they are decided at all.
    """
    scale = 10**digits
    scaled = column.low * scale
    known = column.known
    # no float decides near a half, nor where a step or threshold was close
    near = np.abs(scaled - np.floor(scaled) - 0.5) <= CLOSE * np.maximum(np.abs(scaled), 1.0)
    near &= known
    if column.close is not None:
        near |= column.close
    rounded = np.where(known, np.floor(scaled + 0.5) / scale, np.nan)
    for index in np.flatnonzero(near):
        exact = decide(int(index))
        rounded[index] = np.nan if exact is None else float(round_half_up(exact, digits))
    shown: list[float] = rounded.tolist()
    return shown


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
        low = np.where(use, stated.low, value.low)
        high = np.where(use, stated.high, value.high)
        return Column(low, low if (low == high).all() else high, zero)

    def blank(self, low: float, high: float, problem: Problem = Problem.NONE) -> Shares:
        bottom = np.full(self.size, low)
        return Shares(
            bottom,
            bottom if low == high else np.full(self.size, high),
            np.full(self.size, int(problem)) if problem else None,
        )

    def shares(self, rule: Rule) -> Shares:
        match rule:
            case Flag():
                flag = self.flag(rule.of)
                return Shares(flag.low, flag.high)
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
                return _best([self.shares(way) for way in rule.alternatives])
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
        tabled = len(choices) <= _MOST_STATES
        states = np.arange(1 << len(choices)) if tabled else mask
        low, high = np.full(states.shape, np.inf), np.full(states.shape, -np.inf)
        silent = np.zeros(states.shape, bool)
        for bit, choice in enumerate(choices):
            # nobody said which: it can be any
            here = ((states >> bit) & 1 == 1) | (states == 0)
            if choice in rule.shares:
                value = float(rule.shares[choice])
                low = np.where(here, np.minimum(low, value), low)
                high = np.where(here, np.maximum(high, value), high)
            else:
                silent |= here
        nothing = np.isinf(low)  # only states that the text is silent on
        problem = np.where(nothing, int(Problem.UNASSIGNED), 0)
        low, high = np.where(silent, 0.0, low), np.where(silent, 1.0, high)
        if tabled:
            low, high, problem = low[mask], high[mask], problem[mask]
        return _opened(low, low if (low == high).all() else high, problem)

    def _ratio(self, rule: Ratio) -> Shares:
        value = self.value(rule.of)
        if rule.full_at is None:
            scale = float(rule.scale_at or 1)
            return self._clipped(value, lambda ratio: ratio if scale == 1 else ratio / scale)
        full_at = float(rule.full_at)
        # where the lower branch ends in the maximum, the two branches are one
        joined = rule.below == "scaled"

        def earns(ratio: Floats) -> Floats:
            # no branch falls, and what is above the maximum is cut: the larger of the two holds
            under = _below(rule, full_at, ratio)
            return under if joined else np.maximum(under, ratio >= full_at)

        result = self._clipped(value, earns)
        if joined:
            return result
        # the threshold itself, and what a rounding error could push across it
        near = _any(
            (_near(value.low, full_at), None if value.certain else _near(value.high, full_at))
        )
        problem = result.problem
        if near is not None and rule.below_includes_full_at and self.policies.overlap is None:
            under = _below(rule, full_at, np.array([full_at]))[0]
            if abs(under - 1.0) > CLOSE:
                exactly = value.known & near
                both = np.where(exactly, int(Problem.OVERLAP), 0)
                problem = both if problem is None else problem | both
        return Shares(result.low, result.high, problem, _any((result.close, near)))

    def _steps(self, rule: Steps) -> Shares:
        value = self.value(rule.of)
        table = step_table(rule.table, self.policies)
        first = table.positions(value.low)
        if value.certain:
            low = high = table.shares[first]
            over = table.overlaps[first] if table.overlaps.any() else None
            gap = table.gaps[first] if table.gaps.any() else None
        else:
            # every step between the least and the most that the value can be
            last = table.positions(value.high)
            low, high = np.full(self.size, np.inf), np.full(self.size, -np.inf)
            over = np.zeros(self.size, bool)
            silent = np.zeros(self.size, bool)
            counts = rule.of.is_whole and all(
                self.criterion.variables[name].kind == "count" for name in rule.of.variables
            )
            for place, share in enumerate(table.shares):
                if counts and not table.whole[place]:
                    continue
                inside = (first <= place) & (place <= last)
                over |= inside & bool(table.overlaps[place])
                if table.gaps[place]:
                    silent |= inside
                else:
                    low = np.where(inside, np.minimum(low, share), low)
                    high = np.where(inside, np.maximum(high, share), high)
            gap = np.isinf(low)
            # it may turn out to be a value that the text is silent on
            low, high = np.where(silent, 0.0, low), np.where(silent, 1.0, high)
        problem = None
        if gap is not None and gap.any():
            problem = np.where(gap, int(Problem.NO_INTERVAL), 0)
        if over is not None and over.any():
            problem = np.where(over, int(Problem.OVERLAP), 0 if problem is None else problem)
        near = None
        if not value.whole:
            for bound in table.bounds:
                near = _any((near, _near(value.low, bound)))
                if not value.certain:
                    near = _any((near, _near(value.high, bound)))
        opened = Shares(low, high) if problem is None else _opened(low, high, problem)
        return self._zero_denominator(value, Shares(opened.low, opened.high, opened.problem, near))

    def _per_item(self, rule: PerItem) -> Shares:
        maximum = self.criterion.max_points
        if maximum is None:
            return self.blank(0.0, 1.0, Problem.NO_MAXIMUM)
        if maximum == 0:
            return self.blank(0.0, 0.0)
        each = float(rule.each / abs(maximum))
        return self._clipped(self.value(rule.of), lambda count: count * each)

    def _relative(self, rule: RelativeToBest | MinMax) -> Shares:
        value = self.value(rule.of)
        if rule.peers == "external":
            others = self.figures.peers.get(self.criterion.code)
            if others is None:
                return self._zero_denominator(value, self.blank(0.0, 1.0, Problem.EXTERNAL_PEERS))
            best, worst = float(others[0]), float(others[1])
        else:
            decided = value.known if value.zero is None else value.known & ~value.zero
            peers = self._peers() | decided
            if value.zero is not None and self.policies.zero_denominator in ("full", "zero"):
                peers &= ~value.zero
            if not peers.any() or not decided[peers].all():
                unknown_ = self.blank(0.0, 1.0, Problem.PEERS_UNKNOWN)
                return self._zero_denominator(value, unknown_)
            best, worst = float(value.low[peers].max()), float(value.low[peers].min())
        low, width = 0.0, best
        if isinstance(rule, MinMax):
            if self.policies.min_max is None:
                return self._zero_denominator(value, self.blank(0.0, 1.0, Problem.MIN_MAX_FORMULA))
            if self.policies.min_max == "range":
                low, width = worst, best - worst
        if width == 0:
            return self._zero_denominator(
                Column(value.low, value.high, np.ones(self.size, bool)), self.blank(0.0, 0.0)
            )
        result = self._clipped(value, lambda each: (each - low) / width)
        # peers that differ little beside their size lose digits in the subtraction
        if max(abs(best), abs(worst)) <= 1e4 * width:
            return result
        return Shares(result.low, result.high, result.problem, np.ones(self.size, bool))

    def _peers(self) -> Bools:
        """The units that are compared: not those whose figure a policy replaces."""
        peers = np.ones(self.size, bool)
        for end in ("least", "most"):
            settled = self.figures.settled.get((self.criterion.code, end))
            if settled is not None:
                peers &= ~settled
        return peers

    def _parts(self, rule: Parts) -> Shares:
        inner = [self.shares(part.rule) for part in rule.parts]
        weights = [float(part.weight) for part in rule.parts]
        low = _sum([w * s.low for w, s in zip(weights, inner, strict=True)])
        if all(s.high is s.low for s in inner):
            high = low
        else:
            high = _sum([w * s.high for w, s in zip(weights, inner, strict=True)])
            # summing floats may leave a known total a hair apart from itself
            decided = np.all([s.low == s.high for s in inner], axis=0)
            high = np.where(decided, low, high)
        return Shares(low, high, _any_bits(s.problem for s in inner), _any(s.close for s in inner))

    def _gate(self, rule: Gate) -> Shares:
        flag, then = self.flag(rule.flag), self.shares(rule.then)
        # a closed gate leaves 0 by multiplication, an open one leaves the share as it is
        low = then.low * flag.low
        high = low if flag.certain and then.high is then.low else then.high * flag.high
        closed = flag.high == 0
        return Shares(
            low,
            high,
            None if then.problem is None else np.where(closed, 0, then.problem),
            None if then.close is None else then.close & ~closed,
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
        low = np.maximum(np.maximum(fewest, floor), 0.0) / float(maximum)
        most_left = np.maximum(np.maximum(most, floor), 0.0) / float(maximum)
        high = np.where(known, low, most_left)
        return self._zero_denominator(Column(low, high, zero), Shares(low, high))

    def _clipped(self, value: Column, earns: Callable[[Floats], Floats]) -> Shares:
        """A rule that grows with its metric, cut to 0 … 1. Cutting never moves a value across a
        boundary, so that it makes nothing close."""
        low = _cut(earns(value.low))
        if value.certain:
            return self._zero_denominator(value, Shares(low, low))
        with np.errstate(invalid="ignore"):
            high = np.where(np.isinf(value.high), 1.0, _cut(earns(value.high)))
        return self._zero_denominator(value, Shares(low, high))

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
        others = 0 if result.problem is None else result.problem
        return Shares(
            np.where(zero, low, result.low),
            np.where(zero, high, result.high),
            np.where(zero, problem, others),
            None if result.close is None else result.close & ~zero,
        )


def _opened(low: Floats, high: Floats, problem: Bits) -> Shares:
    """Shares whose bounds are everything where there is a problem."""
    bad = problem != 0
    if not bad.any():
        return Shares(low, high)
    return Shares(np.where(bad, 0.0, low), np.where(bad, 1.0, high), problem)


def _best(ways: Sequence[Shares]) -> Shares:
    low = np.max([way.low for way in ways], axis=0)
    decided = all(way.high is way.low for way in ways)
    problem = _any_bits(way.problem for way in ways)
    if problem is not None:
        # whatever the other ways turn out to give, everything is not exceeded
        problem = np.where(low >= 1.0, 0, problem)
    return Shares(
        low,
        low if decided else np.max([way.high for way in ways], axis=0),
        problem,
        _any(way.close for way in ways),
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


def _cut(values: Floats) -> Floats:
    return np.minimum(np.maximum(values, 0.0), 1.0)


def _sum(columns: Sequence[Floats]) -> Floats:
    total = columns[0]
    for column in columns[1:]:
        total = total + column
    return total


def _any(masks: Iterable[Bools | None]) -> Bools | None:
    """Where any of the masks is set; None where none of them says anything."""
    found: Bools | None = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found | mask
    return found


def _any_bits(columns: Iterable[Bits | None]) -> Bits | None:
    found: Bits | None = None
    for column in columns:
        if column is not None:
            found = column if found is None else found | column
    return found


def _near(values: Floats, bound: float) -> Bools | None:
    """Where a value lies so close to a bound that a rounding error could decide; None: nowhere."""
    with np.errstate(invalid="ignore"):
        distance = np.abs(values - bound)
    tolerance = CLOSE * max(abs(bound), 1.0)
    return None if distance.min(initial=np.inf) > tolerance else distance <= tolerance
