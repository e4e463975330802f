"""The suite that Great Expectations runs: one expectation a rule, whatever the number of units."""

import great_expectations as gx
from great_expectations.expectations import (
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
)
from great_expectations.expectations.expectation import Expectation

from expectations.classes import (
    ExpectEvidenceNamed,
    ExpectFigureGiven,
    ExpectKindAsAsked,
    ExpectPartNotAboveWhole,
    ExpectRatioAgrees,
    ExpectSameQuantity,
    ExpectSumOfUnitsBelow,
    ExpectWholeNumbers,
)
from expectations.columns import state
from expectations.frame import Pooled, second
from expectations.grid import Grid
from expectations.register import Rule

_SINGLE = {
    "given": ExpectFigureGiven,
    "kind": ExpectKindAsAsked,
    "whole": ExpectWholeNumbers,
    "evidence": ExpectEvidenceNamed,
}
_PAIRS = {
    "part_of_whole": ExpectPartNotAboveWhole,
    "ratio_agrees": ExpectRatioAgrees,
    "same_quantity": ExpectSameQuantity,
    "communes_sum": ExpectSumOfUnitsBelow,
}


def build_suite(pooled: Pooled) -> gx.ExpectationSuite:
    """The suite of one level, each expectation carrying its rule's id, severity and basis."""
    expectations = []
    for rule in pooled.rules:
        expectation = _expectation(rule, pooled.grid)
        expectation.meta = {"rule": rule.id, "severity": rule.severity, "basis": rule.basis}
        expectations.append(expectation)
    return gx.ExpectationSuite(pooled.grid.framework.id, expectations=expectations)


def _expectation(rule: Rule, grid: Grid) -> Expectation:
    if rule.check in _SINGLE:
        return _SINGLE[rule.check](column=rule.id)
    if rule.check in _PAIRS:
        return _PAIRS[rule.check](column_A=rule.id, column_B=second(rule))
    if rule.check == "listed":
        return ExpectColumnValuesToBeInSet(column=rule.id, value_set=_states(rule, grid))
    if rule.check == "self_score":
        return ExpectColumnValuesToBeBetween(column=rule.id, min_value=0, max_value=1)
    return ExpectColumnValuesToBeBetween(
        column=rule.id,
        min_value=None if rule.at_least is None else float(rule.at_least),
        max_value=None if rule.at_most is None else float(rule.at_most),
    )


def _states(rule: Rule, grid: Grid) -> list[str]:
    """Every choice that the form offers, as `columns.state` writes it."""
    return [
        state(each.row.code, each.name, choice)
        for each in grid.asked
        if each.variable.kind in rule.kinds
        for choice in (each.variable.choices or ("true", "false"))
    ]
