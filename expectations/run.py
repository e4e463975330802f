"""Run the suite over the pooled frame and tell what it found, figure by figure."""

from dataclasses import dataclass
from fractions import Fraction

import great_expectations as gx
import pandas as pd

from dti_core.errors import Refused
from dti_core.rational import percent, vietnamese
from expectations.frame import KEY
from expectations.suite import RULES, Rule, build_suite


class CheckDidNotRun(Refused):
    """A check failed to run: not a finding about figures, but a fault of the check."""


@dataclass(frozen=True)
class Finding:
    """One figure that one check does not accept."""

    unit: str
    criterion: str
    variable: str
    rule: str
    severity: str
    message: str
    file: str | None
    sheet: str | None
    cell: str | None


def validate(frame: pd.DataFrame) -> list[Finding]:
    """Every finding over the frame of `expectations.frame`, in its order.

    Raises CheckDidNotRun where a check could not be carried out: silence would read as "no fault".
    """
    if frame.empty:
        return []
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("figures")
        .add_dataframe_asset("pooled")
        .add_batch_definition_whole_dataframe("whole")
        .get_batch({"dataframe": frame})
    )
    result = batch.validate(
        build_suite(),
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": KEY},
    )
    rules = {rule.id: rule for rule in RULES}
    by_key = frame.set_index(KEY, drop=False)
    found: list[Finding] = []
    for outcome in result.results:
        rule = rules[outcome.expectation_config.meta["rule"]]
        if _raised(outcome.exception_info):
            raise CheckDidNotRun(
                f"Phép kiểm tra {rule.id} không chạy được: {outcome.exception_info}"
            )
        for index in outcome.result.get("unexpected_index_list") or ():
            row = by_key.loc[tuple(index[name] for name in KEY)]
            found.append(_finding(rule, row))
    order = {key: place for place, key in enumerate(by_key.index)}
    return sorted(found, key=lambda f: order[f.unit, f.criterion, f.variable])


def _raised(exception_info: dict[str, object] | None) -> bool:
    """Great Expectations keys it by metric where one raised, and flat where none did."""
    if not exception_info:
        return False
    if "raised_exception" in exception_info:
        return bool(exception_info["raised_exception"])
    return any(
        isinstance(info, dict) and info.get("raised_exception") for info in exception_info.values()
    )


def _finding(rule: Rule, row: pd.Series) -> Finding:
    severity = rule.severity
    if rule.id == "part_of_whole" and not row["same_thing"]:
        # a ratio of two different things may exceed 1; it is odd, not impossible
        severity = "warning"
    shown = {
        "criterion": row["criterion"],
        "variable": row["variable"],
        "label": row["label"],
        **{name: _shown(row[name]) for name in ("number", "part", "whole")},
        **{name: _shown_percent(row[name]) for name in ("percent", "stated", "worked_out")},
    }
    place = {
        name: None if pd.isna(row[name]) else str(row[name]) for name in ("file", "sheet", "cell")
    }
    return Finding(
        unit=str(row["unit"]),
        criterion=str(row["criterion"]),
        variable=str(row["variable"]),
        rule=rule.id,
        severity=severity,
        message=rule.message.format(**shown),
        **place,
    )


def _shown(value: float) -> str:
    return "" if pd.isna(value) else vietnamese(Fraction(str(value)), 6)


def _shown_percent(value: float) -> str:
    return "" if pd.isna(value) else percent(Fraction(str(value)))
