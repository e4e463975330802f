"""Which figures hold together: parts of a whole, one quantity asked in several places."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from dti_core.framework.expression import Expression
from dti_core.framework.model import RATIO, READINGS, Criterion, Framework, Information, Kind
from dti_core.framework.rules import Ratio, Steps, metrics, sub_rules
from dti_core.rational import parse_exact
from expectations.beside import Beside
from expectations.grid import Figures, Grid

_CONSTANT = re.compile(r"(?<![a-z0-9_])[0-9]")

Halves = tuple[Expression, Expression]


def contained(row: Criterion, kinds: Collection[Kind]) -> Iterator[Halves]:
    """Numerator and denominator of every quotient of the row whose denominator holds the numerator,
    as written or corrected.

    Only sums of figures of one kind in one unit of measure, where no threshold of the clause lies
    above 1: that would say that the clause itself expects more than the whole. A constant
    denominator says how many earn full points, not how many there are.
    """
    if _expects_more_than_all(row):
        return
    rules = [row.rule_under(reading) for reading in READINGS]
    for metric in dict.fromkeys(each for rule in rules for each in metrics(rule)):
        halves = metric.quotient
        if halves is None:
            continue
        things = {(row.variables[n].kind, row.variables[n].unit) for n in metric.variables}
        if len(things) == 1 and things.pop()[0] in kinds and all(_is_sum(half) for half in halves):
            yield halves


def _is_sum(half: Expression) -> bool:
    return (
        bool(half.variables) and not set("*/") & set(half.text) and not _CONSTANT.search(half.text)
    )


def _expects_more_than_all(row: Criterion) -> bool:
    bounds: list[Fraction] = []
    for rule in sub_rules(row.rule):
        if isinstance(rule, Ratio):
            bounds += [bound for bound in (rule.full_at, rule.scale_at) if bound is not None]
        elif isinstance(rule, Steps) and rule.of.is_quotient:
            bounds += [bound for step in rule.table for bound in step.bounds]
    return any(bound > 1 for bound in bounds)


@dataclass(frozen=True)
class Shared:
    """One quantity that a framework asks for: its columns in the grid, and the field of general
    information that asks for it too, if any. All are of one kind in one unit of measure."""

    quantity: str
    columns: tuple[int, ...]
    field: Information | None


def shared(grid: Grid, kinds: Collection[Kind]) -> list[Shared]:
    """Every quantity that figures of these kinds ask for."""
    found: dict[tuple[str, Kind, str | None], list[int]] = {}
    for at, asked in enumerate(grid.asked):
        thing = asked.variable
        if thing.quantity and thing.kind in kinds and asked.name != RATIO:
            found.setdefault((thing.quantity, thing.kind, thing.unit), []).append(at)
    fields = {(f.quantity, f.kind, f.unit): f for f in grid.framework.information}
    return [Shared(key[0], tuple(at), fields.get(key)) for key, at in found.items()]


def told(beside: Beside, unit: str, field: Information | None) -> Fraction | None:
    """What a unit gives in a field of general information."""
    text = beside.information.get((unit, field.code)) if field else None
    return None if text is None else parse_exact(text)


@dataclass(frozen=True)
class Below:
    """A quantity over the units below one: their sum, how many gave it, how many are asked."""

    total: Fraction
    gave: int
    asked: int


def below(
    beside: Beside, figures: Figures, quantity: str, units: Iterable[str]
) -> dict[str, Below]:
    """Unit → what the units below it give of a quantity; units without any such below are left
    out."""
    known: dict[str, tuple[list[tuple[str, str]], list[Information]]] = {}
    found = {}
    for unit in units:
        values: list[Fraction | None] = []
        for each in beside.below.get(unit, ()):
            framework = beside.frameworks[each]
            if framework.id not in known:
                known[framework.id] = _asking(framework, quantity)
            places, fields = known[framework.id]
            if places or fields:
                values.append(_first(beside, figures, each, places, fields))
        given = [value for value in values if value is not None]
        if values:
            found[unit] = Below(sum(given, Fraction(0)), len(given), len(values))
    return found


def _asking(framework: Framework, quantity: str) -> tuple[list[tuple[str, str]], list[Information]]:
    places = [
        (row.code, name)
        for row in framework.rows
        for name in row.needed
        if row.variables[name].quantity == quantity
    ]
    return places, [field for field in framework.information if field.quantity == quantity]


def _first(
    beside: Beside,
    figures: Figures,
    unit: str,
    places: list[tuple[str, str]],
    fields: list[Information],
) -> Fraction | None:
    for code, name in places:
        figure = figures.get((unit, code, name))
        if figure is not None and figure.known and isinstance(figure.value, Fraction):
            return figure.value
    return next((value for f in fields if (value := told(beside, unit, f)) is not None), None)
