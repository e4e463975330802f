"""What each kind of check looks at: columns over units and asked figures, NaN where it does not
look. A check that compares two things has two columns."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from dti_core.framework.contained import contained
from dti_core.framework.model import RATIO, Criterion, Information
from dti_core.framework.rules import Gate, Options, stated_ratio, sub_rules, variables_used
from dti_core.intake.money import scale_of
from expectations.beside import Beside
from expectations.grid import NUMBER, WORDS, YES_NO, Bools, Floats, Grid
from expectations.register import Check, Rule
from expectations.wholes import below, shared, told

Columns = tuple[npt.NDArray[np.generic], ...]
"""Each of shape (units, asked figures)."""

TYPES = {"flag": YES_NO, "choice": WORDS, "text": WORDS}
HAIR = 1e-12
"""How far sums of float64 may lie from the exact ones; figures here have at most ten digits."""
STRANGE = "?"
"""Stands for a choice that the form does not offer."""


def columns(rule: Rule, grid: Grid, beside: Beside) -> Columns | None:
    """The columns of one rule; None where the framework has nothing that it looks at."""
    looked_at = np.array(
        [
            rule.ratios if each.name == RATIO else each.variable.kind in rule.kinds
            for each in grid.asked
        ],
        bool,
    )
    return _BUILD[rule.check](rule, grid, beside, looked_at) if looked_at.any() else None


def state(code: str, name: str, choice: str) -> str:
    """How a choice stands in the pooled frame."""
    return f"{code}|{name}|{choice}"


def _given(_rule: Rule, grid: Grid, _beside: Beside, looked_at: Bools) -> Columns:
    """1 where a figure is given, 0 where it is lacking, NaN where nobody needs it."""
    needed = grid.known | (looked_at & ~grid.spared)
    for row in grid.framework.rows:
        for name, idle in _idle(grid, row):
            at = grid.place[row.code, name]
            needed[:, at] &= grid.known[:, at] | ~idle
    return (np.where(needed & looked_at, grid.known, np.nan),)


def _idle(grid: Grid, row: Criterion) -> list[tuple[str, Bools]]:
    """Figures of a row that some units need not give: behind a gate that is closed, or parts of a
    ratio that is stated outright."""
    found = []
    for rule in sub_rules(row.rule):
        if isinstance(rule, Gate):
            at = grid.place[row.code, rule.flag]
            closed = (grid.type[:, at] == YES_NO) & (grid.value[:, at] == 0)
            found += [(name, closed) for name in variables_used(rule.then)]
    metric, at_ratio = stated_ratio(row.rule), grid.place.get((row.code, RATIO))
    if metric is not None and at_ratio is not None:
        found += [(name, grid.known[:, at_ratio]) for name in metric.variables]
    return found


def _kind(_rule: Rule, grid: Grid, _beside: Beside, looked_at: Bools) -> Columns:
    wanted = np.array([TYPES.get(each.variable.kind, NUMBER) for each in grid.asked])
    return (np.where(grid.known & looked_at, grid.type == wanted, np.nan),)


def _numbers(_rule: Rule, grid: Grid, _beside: Beside, looked_at: Bools) -> Columns:
    looked_at = looked_at.copy()
    for at, each in enumerate(grid.asked):
        if each.name == RATIO:
            # a bare percentage of something else than its whole may exceed 100 %
            looked_at[at] &= any(contained(each.row, ("count", "mean", "money", "percent")))
    return (np.where(looked_at, grid.number, np.nan),)


def _listed(_rule: Rule, grid: Grid, _beside: Beside, looked_at: Bools) -> Columns:
    found = np.full(grid.value.shape, None, object)
    for at in np.flatnonzero(looked_at):
        each, type_ = grid.asked[at], TYPES[grid.asked[at].variable.kind]
        keys = ("false", "true") if type_ == YES_NO else (*each.variable.choices, STRANGE)
        states = np.array([state(each.row.code, each.name, key) for key in keys], object)
        fits = grid.type[:, at] == type_
        # a choice that is none has the place -1: the last of the states, STRANGE
        found[fits, at] = states[grid.value[fits, at].astype(int)]
    return (found,)


def _money(_rule: Rule, grid: Grid, _beside: Beside, looked_at: Bools) -> Columns:
    """Amounts in đồng; nothing and less than nothing are no matter of units."""
    scales = np.array([scale_of(each.variable.unit) or np.nan for each in grid.asked])
    return (np.where(looked_at & (grid.number > 0), grid.number * scales, np.nan),)


def _part_of_whole(rule: Rule, grid: Grid, _beside: Beside, _looked_at: Bools) -> Columns | None:
    """Numerator and denominator, where the numerator's first figure stands. Of several quotients
    that begin with one figure, the one that is wrong."""
    part, whole = np.full(grid.value.shape, np.nan), np.full(grid.value.shape, np.nan)
    looked_at = False
    for row in grid.framework.rows:
        for top, bottom in contained(row, rule.kinds):
            looked_at = True
            values = {
                name: grid.number[:, grid.place[row.code, name]]
                for name in (*top.variables, *bottom.variables)
            }
            at = grid.place[row.code, top.variables[0]]
            above, below = top.evaluate(values, _constant), bottom.evaluate(values, _constant)
            # 0,1 + 0,2 is not above 0,3
            above = np.where(np.isclose(above, below, rtol=HAIR, atol=0), below, above)
            free = ~(part[:, at] > whole[:, at])
            part[:, at] = np.where(free, above, part[:, at])
            whole[:, at] = np.where(free, below, whole[:, at])
    return (part, whole) if looked_at else None


def _constant(number: Fraction) -> Floats:
    return np.array(float(number))


def _ratio_agrees(_rule: Rule, grid: Grid, _beside: Beside, looked_at: Bools) -> Columns:
    worked_out = np.full(grid.value.shape, np.nan)
    for at in np.flatnonzero(looked_at):
        row = grid.asked[at].row
        metric = stated_ratio(row.rule)
        if metric is not None:
            values = {n: grid.number[:, grid.place[row.code, n]] for n in metric.variables}
            with np.errstate(divide="ignore", invalid="ignore"):
                found = metric.evaluate(values, _constant)
            worked_out[:, at] = np.where(np.isfinite(found), found, np.nan)
    return np.where(looked_at, grid.number, np.nan), worked_out


def _same_quantity(rule: Rule, grid: Grid, beside: Beside, _looked_at: Bools) -> Columns | None:
    """A figure beside what is told of the same quantity first: general information, then rows."""
    here, first = np.full(grid.value.shape, np.nan), np.full(grid.value.shape, np.nan)
    several = [
        each
        for each in shared(grid, rule.kinds)
        if len(each.columns) + (each.field is not None) > 1
    ]
    for each in several:
        reference = _information(grid, beside, each.field)
        for at in each.columns:
            reference = np.where(np.isnan(reference), grid.number[:, at], reference)
            # a copy says nothing that its source does not
            here[:, at] = np.where(grid.copied[:, at], np.nan, grid.number[:, at])
            first[:, at] = reference
    return (here, first) if several else None


def _information(grid: Grid, beside: Beside, field: Information | None) -> Floats:
    values = (told(beside, unit, field) for unit in grid.units)
    return np.array([np.nan if value is None else float(value) for value in values])


def _communes_sum(rule: Rule, grid: Grid, beside: Beside, _looked_at: Bools) -> Columns | None:
    """A unit's figure beside the sum of the units below it, where the quantity is given first.

    With some of them wanting, only a sum that is already too large says anything.
    """
    own, sums = np.full(grid.value.shape, np.nan), np.full(grid.value.shape, np.nan)
    added = [each for each in shared(grid, rule.kinds) if each.quantity in rule.quantities]
    if not added or not beside.below:
        return None
    line = {unit: at for at, unit in enumerate(grid.units)}
    for each in added:
        for unit, found in below(beside, grid.figures, each.quantity, grid.units).items():
            here = line[unit]
            given = [at for at in each.columns if not np.isnan(grid.number[here, at])]
            if not given or not found.gave:
                continue
            number, total = grid.number[here, given[0]], float(found.total)
            if found.gave == found.asked or number < total:
                own[here, given[0]], sums[here, given[0]] = number, total
    return own, sums


def _evidence(_rule: Rule, grid: Grid, beside: Beside, looked_at: Bools) -> Columns | None:
    """1 where the row's evidence came, 0 where not, at the first figure that claims something.

    A figure claims nothing where it is 0, no, or a choice without points. A quantity that is asked
    for many rows is evidenced where it is told, unless the row has no other figure.
    """
    rows = [row for row in grid.framework.rows if row.evidence and row.needed]
    if not rows or beside.evidence is None:
        return None
    found = np.full(grid.value.shape, np.nan)
    for row in rows:
        own = [name for name in row.needed if not row.variables[name].quantity] or row.needed
        at = np.array([grid.place[row.code, name] for name in own])
        claims = np.stack(
            [
                _claims(grid, row, name, place) & looked_at[place]
                for name, place in zip(own, at, strict=True)
            ]
        )
        lines = np.flatnonzero(claims.any(axis=0)).tolist()
        came = [beside.evidence.get((grid.units[line], row.code)) == "" for line in lines]
        found[lines, at[claims.argmax(axis=0)[lines]]] = came
    return (found,)


def _claims(grid: Grid, row: Criterion, name: str, at: int) -> Bools:
    value, type_ = grid.value[:, at], grid.type[:, at]
    if row.variables[name].kind != "choice":
        return (type_ == WORDS) | (grid.known[:, at] & (value != 0))
    shares = {
        choice: share
        for rule in sub_rules(row.rule)
        if isinstance(rule, Options) and rule.of == name
        for choice, share in rule.shares.items()
    }
    worthless = [
        place for place, choice in enumerate(row.variables[name].choices) if shares.get(choice) == 0
    ]
    return grid.known[:, at] & ~np.isin(value, worthless)


_BUILD: dict[Check, Callable[[Rule, Grid, Beside, Bools], Columns | None]] = {
    "given": _given,
    "kind": _kind,
    "between": _numbers,
    "whole": _numbers,
    "listed": _listed,
    "money": _money,
    "part_of_whole": _part_of_whole,
    "ratio_agrees": _ratio_agrees,
    "same_quantity": _same_quantity,
    "communes_sum": _communes_sum,
    "evidence": _evidence,
}
