"""The column engine beside the same rules written by hand in plain numpy.

Every row of 2074's department set that a rule scores, on figures that are all known: what the
plain expressions can do at all. They have no unknown figures, no policies, no zero denominators
and no care for rounding; the ratio is the price of those.
"""

from collections.abc import Callable
from math import log

import numpy as np

from benchmarks.timing import best
from dti_core.framework.load import load_framework
from dti_core.framework.model import Criterion
from dti_core.framework.rules import (
    Factor,
    Flag,
    Gate,
    Options,
    Parts,
    Percent,
    PerItem,
    Ratio,
    RelativeToBest,
    Rule,
    Steps,
    SumOfChildren,
)
from dti_core.program.policies import Scoring
from dti_core.scoring import engine
from dti_core.scoring.columns import Figures, Floats, certain

SIZES = (20, 200, 2_000, 20_000)
NATIONAL = 12_600
"""Units of all levels in 63 provinces, about: with this framework half a million scores."""
FRAMEWORK = "vinh-phuc-2074/so"

Values = dict[str, Floats]
Plain = Callable[[Values], Floats]


def plain(criterion: Criterion, rule: Rule) -> Plain:
    """The share of the maximum as somebody would write it in numpy."""
    match rule:
        case Flag(of=of) | Percent(of=of):
            return lambda values: values[of]
        case Options(of=of, shares=shares):
            states = list(criterion.variables[of].choices)
            worth = [(1 << states.index(state), float(share)) for state, share in shares.items()]
            return lambda values: np.select(
                [values[of] == state for state, _ in worth], [share for _, share in worth]
            )
        case Ratio():
            return _ratio(rule)
        case Steps(of=of, table=table):
            code = compile(of.text, "rule", "eval")

            def steps(values: Values) -> Floats:
                value = eval(code, {}, values)
                held = []
                for step in table:
                    inside = np.ones(value.shape, bool)
                    if step.at_least is not None:
                        inside = value >= float(step.at_least)
                    if step.above is not None:
                        inside = value > float(step.above)
                    if step.at_most is not None:
                        inside &= value <= float(step.at_most)
                    if step.below is not None:
                        inside &= value < float(step.below)
                    held.append(inside)
                return np.select(held, [float(step.share) for step in table])

            return steps
        case PerItem(of=of, each=each):
            code, each_ = (
                compile(of.text, "rule", "eval"),
                float(each / (criterion.max_points or 1)),
            )
            return lambda values: np.clip(eval(code, {}, values) * each_, 0.0, 1.0)
        case RelativeToBest(of=of):
            code = compile(of.text, "rule", "eval")

            def relative(values: Values) -> Floats:
                value = eval(code, {}, values)
                return np.clip(value / value.max(), 0.0, 1.0)

            return relative
        case Parts(parts=parts):
            inner = [(float(part.weight), plain(criterion, part.rule)) for part in parts]
            return lambda values: sum(
                (weight * work(values) for weight, work in inner[1:]),
                inner[0][0] * inner[0][1](values),
            )
        case Gate(flag=flag, then=then):
            after = plain(criterion, then)
            return lambda values: np.where(values[flag] == 1, after(values), 0.0)
        case _:
            raise TypeError(f"no plain expression for {rule.type}")


def _ratio(rule: Ratio) -> Plain:
    code = compile(rule.of.text, "rule", "eval")
    full_at = float(rule.full_at or 0)

    def ratio(values: Values) -> Floats:
        value = eval(code, {}, values)
        if rule.full_at is None:
            return np.clip(value / float(rule.scale_at) if rule.scale_at else value, 0.0, 1.0)
        match rule.below:
            case "proportional":
                under = value
            case "scaled":
                under = value / full_at
            case Factor(divide_by=divide_by, times=times):
                under = value / float(divide_by) * float(times)
            case _:
                under = 0.0
        return np.clip(np.where(value >= full_at, 1.0, under), 0.0, 1.0)

    return ratio


def _values(row: Criterion, units: int, random: np.random.Generator) -> Values:
    """Figures as a department could report them: a part never exceeds its whole."""
    values: Values = {}
    whole = random.integers(1, 500, units).astype(float)
    for name, variable in row.variables.items():
        match variable.kind:
            case "flag":
                values[name] = random.integers(0, 2, units).astype(float)
            case "choice":
                known = [i for i, c in enumerate(variable.choices) if c not in row.unassigned(name)]
                values[name] = 1 << random.choice(known, units)
            case "percent":
                values[name] = random.random(units)
            case _:
                part = not values
                values[name] = np.floor(whole * random.random(units)) if part else whole.copy()
    return values


def engine_cost(units: int) -> dict[str, float]:
    """Scores a second, and the ratio to plain numpy, for so many units."""
    framework = load_framework(FRAMEWORK)
    scored = {"flag", "options", "ratio", "steps", "per_item", "percent", "relative_to_best"}
    rows = [row for row in framework.rows if not isinstance(row.rule, SumOfChildren)]
    rows = [row for row in rows if row.rule.type in scored or row.rule.type in {"parts", "gate"}]
    random = np.random.default_rng(2074)
    values = {row.code: _values(row, units, random) for row in rows}
    numbers, choices = {}, {}
    for row in rows:
        for name, column in values[row.code].items():
            if row.variables[name].kind == "choice":
                choices[row.code, name] = column
            else:
                numbers[row.code, name] = certain(column)
    figures = Figures([str(number) for number in range(units)], numbers, choices, {})
    policies = Scoring("first_listed", "ask", "range")
    work = {row.code: plain(row, row.rule) for row in rows}

    def ours() -> dict[str, Floats]:
        shares = {row.code: engine.shares(row, row.rule, figures, policies) for row in rows}
        return {row.code: shares[row.code].low * float(row.max_points or 0) for row in rows}

    def bare() -> dict[str, Floats]:
        return {
            row.code: work[row.code](values[row.code]) * float(row.max_points or 0) for row in rows
        }

    mine, theirs = ours(), bare()
    for code in mine:
        if not np.allclose(mine[code], theirs[code]):
            raise AssertionError(f"the plain expression of {code} is not the rule")
    seconds, plain_seconds = best(ours), best(bare)
    return {
        "rows": len(rows),
        "scores per second": round(units * len(rows) / seconds),
        "seconds": seconds,
        "ratio to plain numpy": round(seconds / plain_seconds, 2),
    }


def engine_costs() -> dict[str, object]:
    """Every size, and how the cost grows between the last two (1 is as fast as the work)."""
    costs = {units: engine_cost(units) for units in SIZES}
    grown = costs[SIZES[-1]].pop("seconds") / costs[SIZES[-2]].pop("seconds")
    for cost in costs.values():
        cost.pop("seconds", None)
    return {
        "units": {str(units): cost for units, cost in costs.items()},
        "growth exponent": round(log(grown) / log(SIZES[-1] / SIZES[-2]), 2),
    }
