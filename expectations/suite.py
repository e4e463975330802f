"""The checks of a round, as data, and the suite that Great Expectations runs.

The number of expectations does not grow with units or criteria: all figures stand in one pooled
frame, and each check looks at one of its columns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import great_expectations as gx
from great_expectations.expectations import (
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.expectation import Expectation

from expectations.classes import (
    ExpectPartNotAboveWhole,
    ExpectRatioAgrees,
    ExpectWholeNumbers,
)

Severity = Literal["fatal", "warning"]


@dataclass(frozen=True)
class Rule:
    """One check. `message` is a Vietnamese sentence over the fields of the frame's row."""

    id: str
    severity: Severity
    message: str
    expectation: Callable[[], Expectation]


RULES = (
    Rule(
        "required",
        "warning",
        "Mục {criterion}, số liệu {variable} ({label}): chưa có số liệu.",
        lambda: ExpectColumnValuesToNotBeNull(column="present"),
    ),
    Rule(
        "not_negative",
        "fatal",
        "Mục {criterion}, số liệu {variable} ({label}): {number} nhỏ hơn 0.",
        lambda: ExpectColumnValuesToBeBetween(column="number", min_value=0),
    ),
    Rule(
        "whole",
        "fatal",
        "Mục {criterion}, số liệu {variable} ({label}): {number} phải là số nguyên.",
        lambda: ExpectWholeNumbers(column="count"),
    ),
    Rule(
        "percent_range",
        "fatal",
        "Mục {criterion}, số liệu {variable}: tỷ lệ {percent} nằm ngoài 0–100 %.",
        lambda: ExpectColumnValuesToBeBetween(column="percent", min_value=0, max_value=1),
    ),
    Rule(
        "part_of_whole",
        "fatal",
        "Mục {criterion}: tử số {variable} = {part} lớn hơn mẫu số = {whole}.",
        lambda: ExpectPartNotAboveWhole(column_A="part", column_B="whole"),
    ),
    Rule(
        "ratio_agrees",
        "warning",
        "Mục {criterion}: tỷ lệ nêu {stated} khác tỷ lệ tính từ số liệu {worked_out}.",
        lambda: ExpectRatioAgrees(column_A="stated", column_B="worked_out"),
    ),
)


def build_suite() -> gx.ExpectationSuite:
    """The suite, each expectation carrying the id of its rule."""
    expectations = []
    for rule in RULES:
        expectation = rule.expectation()
        expectation.meta = {"rule": rule.id}
        expectations.append(expectation)
    return gx.ExpectationSuite("dti", expectations=expectations)
