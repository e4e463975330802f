"""Each check of the register: one figure that passes, one that does not."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from dti_core.figures import Figure
from dti_core.framework.load import load_framework
from expectations.frame import pooled_frame
from expectations.run import CheckDidNotRun, validate
from expectations.suite import RULES

FRAMEWORK = load_framework("vinh-phuc-2074/so")
UNITS = ["so-a", "so-b"]


def _complete(unit: str) -> dict[tuple[str, str, str], Figure]:
    """Figures that no check objects to."""
    figures = {}
    for row in FRAMEWORK.rows:
        for name, variable in row.variables.items():
            value: Fraction | bool | str = Fraction(10 if name == "a" else 20)
            if variable.kind == "flag":
                value = True
            elif variable.kind == "choice":
                value = next(iter(variable.choices))
            elif variable.kind == "percent":
                value = Fraction(9, 10)
            figures[unit, row.code, name] = Figure(
                unit, row.code, name, "given", value, file=f"{unit}.xlsx", cells=("G14",)
            )
    return figures


def _found(
    changes: dict[tuple[str, str], Fraction | None], unit: str = "so-b"
) -> list[tuple[str, ...]]:
    figures = {key: each for other in UNITS for key, each in _complete(other).items()}
    for (code, name), value in changes.items():
        if value is None:
            del figures[unit, code, name]
        else:
            figures[unit, code, name] = replace(figures[unit, code, name], value=value)
    found = validate(pooled_frame(FRAMEWORK, UNITS, figures))
    return [(f.unit, f.criterion, f.variable, f.rule, f.severity) for f in found]


def test_sound_figures_have_no_finding() -> None:
    assert _found({}) == []


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({("1.3", "b"): None}, ("1.3", "b", "required", "warning")),
        ({("6.14", "a"): Fraction(-5)}, ("6.14", "a", "not_negative", "fatal")),
        ({("1.3", "a"): Fraction(21, 2)}, ("1.3", "a", "whole", "fatal")),
        ({("6.10", "x"): Fraction(98)}, ("6.10", "x", "percent_range", "fatal")),
        ({("1.3", "a"): Fraction(21)}, ("1.3", "a", "part_of_whole", "fatal")),
    ],
)
def test_each_check_finds_its_fault_and_only_that(
    changes: dict[tuple[str, str], Fraction | None], finding: tuple[str, ...]
) -> None:
    assert _found(changes) == [("so-b", *finding)]


def test_a_stated_ratio_that_its_figures_contradict_is_found() -> None:
    figures = _complete("so-a")
    figures["so-a", "1.3", "ratio"] = Figure(
        "so-a", "1.3", "ratio", "given_as_ratio", Fraction(3, 4)
    )
    found = validate(pooled_frame(FRAMEWORK, ["so-a"], figures))
    assert [(f.variable, f.rule) for f in found] == [("ratio", "ratio_agrees")]
    assert "75 %" in found[0].message
    assert "50 %" in found[0].message


def test_a_stated_ratio_spares_its_parts() -> None:
    figures = _complete("so-a")
    del figures["so-a", "1.3", "a"], figures["so-a", "1.3", "b"]
    figures["so-a", "1.3", "ratio"] = Figure(
        "so-a", "1.3", "ratio", "given_as_ratio", Fraction(3, 4)
    )
    assert validate(pooled_frame(FRAMEWORK, ["so-a"], figures)) == []


def test_figures_behind_a_closed_gate_are_not_asked_for() -> None:
    figures = _complete("so-a")
    figures["so-a", "1.4", "co_chuyen_muc"] = Figure("so-a", "1.4", "co_chuyen_muc", "given", False)
    del figures["so-a", "1.4", "so_tin_bai"]
    assert validate(pooled_frame(FRAMEWORK, ["so-a"], figures)) == []


def test_findings_name_file_cell_and_figure_in_vietnamese() -> None:
    figures = _complete("so-a")
    key = ("so-a", "1.3", "a")
    figures[key] = replace(figures[key], value=Fraction(21))
    (finding,) = validate(pooled_frame(FRAMEWORK, ["so-a"], figures))
    assert (finding.file, finding.cell) == ("so-a.xlsx", "G14")
    assert finding.message == "Mục 1.3: tử số a = 21 lớn hơn mẫu số = 20."


def test_a_check_that_cannot_run_is_no_finding() -> None:
    frame = pooled_frame(FRAMEWORK, ["so-a"], _complete("so-a")).drop(columns=["percent"])
    with pytest.raises(CheckDidNotRun, match="percent_range"):
        validate(frame)


def test_the_number_of_checks_does_not_grow_with_the_units() -> None:
    assert len(RULES) == len({rule.id for rule in RULES}) == 6
    frame = pooled_frame(FRAMEWORK, UNITS, {})
    assert isinstance(frame, pd.DataFrame)
    assert set(frame["unit"]) == set(UNITS)
