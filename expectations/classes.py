"""Expectations of our own, where the core ones do not fit."""

from typing import Literal

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    ColumnPairMapExpectation,
)
from great_expectations.expectations.metrics import (
    ColumnMapMetricProvider,
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnPairMapMetricProvider,
    column_pair_condition_partial,
)

STATED_DIGITS = 0.005
"""How far a stated percentage may lie from its parts: half of a whole per cent, the coarsest
rounding that published percentages here show ("07%", "60%")."""

_PAIR_DOMAIN = (
    "batch_id",
    "table",
    "column_A",
    "column_B",
    "row_condition",
    "condition_parser",
    "ignore_row_if",
)
_PAIR_KEYS = ("column_A", "column_B", "ignore_row_if", "mostly")
_IgnoreRow = Literal["both_values_are_missing", "either_value_is_missing", "neither"]


class HoldsProvider(ColumnMapMetricProvider):
    condition_metric_name = "column_values.dti_holds"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, **_kwargs: object) -> pd.Series:
        return column == 1


class ExpectFigureGiven(ColumnMapExpectation):
    """Every figure that is asked for is given (1), none is lacking (0)."""

    map_metric = "column_values.dti_holds"


class ExpectKindAsAsked(ColumnMapExpectation):
    """The value of every known figure is of the kind that is asked (1), not of another (0)."""

    map_metric = "column_values.dti_holds"


class ExpectEvidenceNamed(ColumnMapExpectation):
    """Evidence is named (1) wherever the decree asks for it and a figure claims something."""

    map_metric = "column_values.dti_holds"


class WholeNumbers(ColumnMapMetricProvider):
    condition_metric_name = "column_values.dti_whole"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, **_kwargs: object) -> pd.Series:
        return column % 1 == 0


class ExpectWholeNumbers(ColumnMapExpectation):
    """Every value of the column is a whole number."""

    map_metric = "column_values.dti_whole"


class PartNotAboveWhole(ColumnPairMapMetricProvider):
    condition_metric_name = "column_pair_values.dti_part_not_above_whole"
    condition_domain_keys = _PAIR_DOMAIN
    condition_value_keys = ()

    @column_pair_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_A: pd.Series, column_B: pd.Series, **_kwargs: object) -> pd.Series:
        return column_A <= column_B


class ExpectPartNotAboveWhole(ColumnPairMapExpectation):
    """The numerator in column A is at most the denominator in column B."""

    ignore_row_if: _IgnoreRow = "either_value_is_missing"
    map_metric = "column_pair_values.dti_part_not_above_whole"
    success_keys = _PAIR_KEYS


class RatioAgrees(ColumnPairMapMetricProvider):
    condition_metric_name = "column_pair_values.dti_ratio_agrees"
    condition_domain_keys = _PAIR_DOMAIN
    condition_value_keys = ()

    @column_pair_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_A: pd.Series, column_B: pd.Series, **_kwargs: object) -> pd.Series:
        # and a float's hair: 50,5 % of one half is just as far as is allowed
        return (column_A - column_B).abs() <= STATED_DIGITS + 1e-12


class ExpectRatioAgrees(ColumnPairMapExpectation):
    """The ratio stated in column A is the one that the figures give, in column B."""

    ignore_row_if: _IgnoreRow = "either_value_is_missing"
    map_metric = "column_pair_values.dti_ratio_agrees"
    success_keys = _PAIR_KEYS


class SameAmount(ColumnPairMapMetricProvider):
    condition_metric_name = "column_pair_values.dti_same_amount"
    condition_domain_keys = _PAIR_DOMAIN
    condition_value_keys = ()

    @column_pair_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_A: pd.Series, column_B: pd.Series, **_kwargs: object) -> pd.Series:
        return column_A == column_B


class ExpectSameQuantity(ColumnPairMapExpectation):
    """The figure in column A is what is told elsewhere of the same quantity, in column B."""

    ignore_row_if: _IgnoreRow = "either_value_is_missing"
    map_metric = "column_pair_values.dti_same_amount"
    success_keys = _PAIR_KEYS


class ExpectSumOfUnitsBelow(ColumnPairMapExpectation):
    """The figure in column A is the sum of what the units below give, in column B."""

    ignore_row_if: _IgnoreRow = "either_value_is_missing"
    map_metric = "column_pair_values.dti_same_amount"
    success_keys = _PAIR_KEYS
