"""Which figures are parts of which: quotients of a row whose denominator holds the numerator."""

import re
from collections.abc import Collection, Iterator
from fractions import Fraction

from dti_core.framework.expression import Expression
from dti_core.framework.model import READINGS, Criterion, Kind
from dti_core.framework.rules import Ratio, Steps, metrics, sub_rules

_CONSTANT = re.compile(r"(?<![a-z0-9_])[0-9]")

Halves = tuple[Expression, Expression]


def contained(row: Criterion, kinds: Collection[Kind]) -> Iterator[Halves]:
    """Numerator and denominator of every quotient of the row whose denominator holds the numerator,
    as written or corrected."""
    rules = [row.rule_under(reading) for reading in READINGS]
    for metric in dict.fromkeys(each for rule in rules for each in metrics(rule)):
        if halves := part_and_whole(row, metric, kinds):
            yield halves


def part_and_whole(row: Criterion, metric: Expression, kinds: Collection[Kind]) -> Halves | None:
    """Numerator and denominator where one is a part of the other.

    Only sums of figures of one kind in one unit of measure, where no threshold of the clause lies
    above 1: that would say that the clause itself expects more than the whole. A constant
    denominator says how many earn full points, not how many there are.
    """
    halves = metric.quotient
    if halves is None or _expects_more_than_all(row) or not all(_is_sum(half) for half in halves):
        return None
    things = {(row.variables[n].kind, row.variables[n].unit) for n in metric.variables}
    return halves if len(things) == 1 and things.pop()[0] in kinds else None


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
