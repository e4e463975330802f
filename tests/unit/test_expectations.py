"""Validation of a level: what stands in the pooled frame, what is told, what cannot run."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from dti_core.figures import Figure, Value
from dti_core.framework.load import framework_ids as every_id
from dti_core.framework.load import load_framework, ships
from dti_core.framework.model import Framework, Variable
from dti_core.program.load import load_round
from dti_core.records.awards import findings
from dti_core.records.database import session
from dti_core.records.figures import receive, write_figures
from dti_core.records.files import round_folder
from dti_core.records.information import write_information
from dti_core.records.rounds import documents, open_round
from expectations.beside import Beside
from expectations.frame import Pooled, pooled_frame
from expectations.grid import Figures
from expectations.register import aspects, register
from expectations.results import CheckDidNotRun, Finding, raw_json
from expectations.run import run_checks, validate
from expectations.suite import build_suite

FRAMEWORK = load_framework("vinh-phuc-2074/so")
ROUND = "vinh-phuc/2023-so"


def _value(variable: Variable, name: str) -> Value:
    match variable.kind:
        case "flag":
            return True
        case "choice":
            return next(iter(variable.choices))
        case "percent":
            return Fraction(9, 10)
        case _:
            # quantities are one number wherever they are asked, parts are less than it
            return Fraction(20 if variable.quantity or name != "a" else 10)


def _complete(framework: Framework, unit: str) -> dict[tuple[str, str, str], Figure]:
    """Figures that no check objects to."""
    return {
        (unit, row.code, name): Figure(
            unit, row.code, name, "given", _value(row.variables[name], name)
        )
        for row in framework.rows
        for name in row.needed
    }


def _level(units: int) -> tuple[list[str], Figures]:
    names = [f"so-{number:03d}" for number in range(units)]
    return names, {key: f for name in names for key, f in _complete(FRAMEWORK, name).items()}


def _changed(**changes: Figure) -> Pooled:
    figures = _complete(FRAMEWORK, "so-a")
    figures |= {figure.key: figure for figure in changes.values()}
    return pooled_frame(FRAMEWORK, ["so-a"], figures)


def test_sound_figures_have_no_finding() -> None:
    units, figures = _level(3)
    done = run_checks(pooled_frame(FRAMEWORK, units, figures))
    assert done.findings == ()
    assert {one.status for one in done.outcomes} == {"passed", "nothing_to_check"}


def test_each_rule_has_one_outcome_at_every_level() -> None:
    for names, figures in (([], {}), (["so-a"], {})):
        done = run_checks(pooled_frame(FRAMEWORK, names, figures))
        assert [one.rule for one in done.outcomes] == [rule.id for rule in register()]


def test_the_number_of_expectations_does_not_grow_with_the_units() -> None:
    sizes = set()
    for units in (20, 200):
        names, figures = _level(units)
        beside = Beside(evidence={}, self_points={(name, "1.1"): Fraction(5) for name in names})
        suite = build_suite(pooled_frame(FRAMEWORK, names, figures, beside))
        sizes.add(len(suite.expectations))
    assert len(sizes) == 1
    assert sizes.pop() <= len(register())


@pytest.mark.parametrize(
    "framework_id", [each for each in every_id() if ships(each) and load_framework(each).criteria]
)
def test_every_figure_is_covered_by_presence_kind_and_range(framework_id: str) -> None:
    framework = load_framework(framework_id)
    pooled = pooled_frame(framework, ["u"], _complete(framework, "u"))
    covered: dict[tuple[str, str], set[str]] = {}
    for rule in pooled.rules:
        for row in pooled.frame.index[pooled.frame[rule.id].notna()]:
            covered.setdefault(pooled.key(row)[1:], set()).add(rule.aspect)
    for row in framework.rows:
        for name, variable in row.variables.items():
            assert covered[row.code, name] >= {"presence", "kind", "range"}, (row.code, name)
            assert aspects(variable.kind) >= {"presence", "kind", "range"}


def test_a_finding_names_file_sheet_cell_and_figure() -> None:
    figure = Figure(
        "so-a",
        "1.3",
        "a",
        "given",
        Fraction(21),
        file="a.xlsx",
        sheet="1. Nhận thức số",
        cells=("G14",),
    )
    (finding,) = validate(_changed(figure=figure))
    assert (finding.file, finding.sheet, finding.cell) == ("a.xlsx", "1. Nhận thức số", "G14")
    assert finding.message.startswith(
        "Tệp a.xlsx, trang “1. Nhận thức số”, ô G14 (mục 1.3, số liệu a:"
    )


def test_findings_stand_by_unit_in_the_order_of_the_framework() -> None:
    units, figures = _level(2)
    for unit in units:
        for code in ("4.4", "1.3"):
            key = unit, code, "a"
            figures = {**figures, key: replace(figures[key], value=Fraction(99))}
    found = validate(pooled_frame(FRAMEWORK, units, figures))
    assert [(f.unit, f.criterion) for f in found] == [(u, c) for u in units for c in ("1.3", "4.4")]


def test_a_sum_above_its_whole_is_told_with_its_terms() -> None:
    framework = load_framework("vinh-long-2554/tinh")
    figures = {
        ("tinh", "6.22", name): Figure("tinh", "6.22", name, "given", Fraction(value))
        for name, value in {"a": 700, "b": 500, "c": 1000}.items()
    }
    found = [
        f for f in validate(pooled_frame(framework, ["tinh"], figures)) if f.rule == "part_of_whole"
    ]
    assert [(f.criterion, f.variable) for f in found] == [("6.22", "a")]
    assert "tử số a + b = 700 + 500 = 1.200 lớn hơn mẫu số c = 1.000" in found[0].message


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("6.22", {"a": "0.1", "b": "0.2", "c": "0.3"}),
        ("7.1", {"a": "0.000001", "b": "0.000003"}),
        ("3.1", {"a": "1", "b": "2", "ratio": "0.505"}),
    ],
)
def test_what_lies_exactly_on_a_limit_is_within_it(code: str, given: dict[str, str]) -> None:
    """0,1 + 0,2 is 0,3; 0,000001 tỷ đồng is 1.000 đồng; 50,5 % is half a per cent from 1 / 2."""
    framework = load_framework("vinh-long-2554/tinh")
    figures = {
        ("tinh", code, name): Figure("tinh", code, name, "given", Fraction(value))
        for name, value in given.items()
    }
    found = validate(pooled_frame(framework, ["tinh"], figures))
    assert [f.rule for f in found if f.criterion == code] == []


def test_a_copy_of_a_figure_asked_once_is_no_second_finding() -> None:
    """8 was asked at 5.1 and stands at 5.3 and 5.5 too: one question, not three."""
    asked = Figure("so-a", "5.1", "b", "given", Fraction(8))
    pooled = _changed(
        a=asked,
        b=replace(asked, criterion="5.3", status="derived"),
        c=replace(asked, criterion="5.5", status="derived"),
    )
    beside = Beside(information={("so-a", "1.8"): "20"})
    found = validate(pooled_frame(FRAMEWORK, ["so-a"], pooled.grid.figures, beside))
    assert [(f.criterion, f.rule) for f in found if f.rule == "same_quantity"] == [
        ("5.1", "same_quantity")
    ]


def test_a_check_that_cannot_run_is_told_apart_and_stops_no_other() -> None:
    pooled = _changed(figure=Figure("so-a", "1.3", "a", "given", Fraction(21)))
    pooled.frame["whole"] = "not a number"
    done = run_checks(pooled)
    (lost,) = done.not_run
    assert lost.rule == "whole"
    assert lost.reason
    assert "Traceback" not in lost.reason
    assert [f.rule for f in done.findings] == ["part_of_whole"]
    with pytest.raises(CheckDidNotRun, match="Số đếm là số nguyên"):
        validate(pooled)


def test_a_column_that_cannot_be_made_is_a_check_that_did_not_run() -> None:
    beside = Beside(information={("so-a", "1.8"): "nhiều"})
    done = run_checks(pooled_frame(FRAMEWORK, ["so-a"], _complete(FRAMEWORK, "so-a"), beside))
    (lost,) = done.not_run
    assert lost.rule == "same_quantity"
    assert "nhiều" in (lost.reason or "")
    assert done.findings == ()


def test_raw_results_are_the_same_bytes_for_the_same_figures() -> None:
    figures = _changed(figure=Figure("so-a", "1.3", "a", "given", Fraction(21))).grid.figures
    one, two = (
        raw_json(FRAMEWORK, ["so-a"], run_checks(pooled_frame(FRAMEWORK, ["so-a"], figures)))
        for _ in range(2)
    )
    assert one == two
    told = {each["rule"]: each for each in json.loads(one)["rules"]}
    assert told["part_of_whole"]["status"] == "failed"
    result = told["part_of_whole"]["great_expectations"]["result"]
    assert result["unexpected_figures"] == [["so-a", "1.3", "a"]]
    assert result["unexpected_list"] == [[21.0, 20.0]]
    assert told["ratio_agrees"]["status"] == "nothing_to_check"


def test_a_round_keeps_raw_results_and_what_a_check_found_before_it_could_not_run(
    empty_home: Path,  # noqa: ARG001
) -> None:
    from tasks.validation import validate_round

    context = load_round(ROUND)
    unit = context.units[0].id
    with session() as records:
        open_round(records, context, "test")
        submission, _ = receive(records, ROUND, unit, f"{unit}:own", "0" * 64, "x.xlsx", "test")
        figures = [Figure(unit, "5.3", "b", "given", Fraction(8))]
        write_figures(records, ROUND, submission, figures, "test")
        write_information(records, submission, FRAMEWORK, {"1.8": Fraction(5)}, "test")
        found, lost = validate_round(records, context, "test")
        assert lost == {}
        assert [f.criterion for f in found if f.rule == "same_quantity"] == ["5.3"]
        raw = round_folder(ROUND) / "validation" / "so.json"
        before = raw.read_bytes()
        assert ("validation", "validation/so.json") in {
            (each.kind, each.path) for each in documents(records, ROUND)
        }
        validate_round(records, context, "test")
        assert raw.read_bytes() == before
        write_information(records, submission, FRAMEWORK, {"1.8": "nhiều"}, "test")
        found, lost = validate_round(records, context, "test")
        assert [one.rule for one in lost["so"]] == ["same_quantity"]
        kept = [f for f in findings(records, ROUND) if f.rule == "same_quantity"]
        assert [f.criterion for f in kept] == ["5.3"]
        told = {each["rule"]: each for each in json.loads(raw.read_bytes())["rules"]}
        assert told["same_quantity"]["status"] == "not_run"


def test_importing_the_findings_imports_no_great_expectations() -> None:
    import subprocess
    import sys

    command = "import sys, expectations.results, expectations.beside\n"
    command += "sys.exit('great_expectations' in sys.modules or 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
    assert Finding.__module__ == "expectations.results"
