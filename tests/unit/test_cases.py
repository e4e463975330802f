"""Every worked example of tests/cases, by the engine and by the referee."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from dti_core.figures import Figure
from dti_core.framework.load import load_framework
from dti_core.framework.rules import Rule, sub_rules
from dti_core.program.policies import Policies, Scoring
from dti_core.rational import parse_exact
from dti_core.scoring import engine
from dti_core.scoring.columns import Figures
from dti_core.scoring.exact import Peers
from dti_core.scoring.score import columns, score
from dti_core.strict_yaml import Document

CASES = Path(__file__).parent.parent / "cases"


def _cases() -> list[Any]:
    found = []
    for file in sorted(CASES.glob("*.yaml")):
        content = Document(file).content
        for case in content["cases"]:
            found.append(
                pytest.param(content["framework"], case, id=f"{file.stem}: {case['name']}")
            )
    return found


@pytest.mark.parametrize(("framework_id", "case"), _cases())
def test_worked_example(framework_id: str, case: dict[str, Any]) -> None:
    framework = load_framework(framework_id)
    code, reading = case["criterion"], case.get("reading", "as_written")
    figures = {}
    for row, given in case.get("children", {code: case.get("figures", {})}).items():
        for name, value in given.items():
            assert name == "ratio" or name in framework.by_code[row].variables, (row, name)
            figures["u", row, name] = _figure(
                framework.by_code[row].variables.get(name), row, name, value
            )
    policies = Policies.model_validate(
        {
            name: {"value": value, "basis": "ví dụ", "decided_on": "2024-01-01"}
            for name, value in case.get("policies", {}).items()
        }
    )
    peers = (
        {code: Peers(**{k: parse_exact(v) for k, v in case["peers"].items()})}
        if "peers" in case
        else {}
    )
    result = score(framework, ["u"], figures, policies, reading, peers)["u", code]
    laid_out = columns(framework, ["u"], figures)
    laid_out = Figures(
        laid_out.units,
        laid_out.numbers,
        laid_out.choices,
        {row: (each.best, each.worst) for row, each in peers.items()},
    )
    column = engine.points(framework, reading, laid_out, Scoring.of(policies))[code]
    if "points" in case:
        expected = parse_exact(case["points"])
        assert result.points == expected
        assert column.known[0]
        assert column.low[0] == pytest.approx(float(expected))
    else:
        low, high = (parse_exact(bound) for bound in case["between"])
        assert result.points is None
        assert (result.low, result.high) == (low, high)
        assert not column.known[0]
        assert (column.low[0], column.high[0]) == pytest.approx((float(low), float(high)))


def _figure(variable: Any, row: str, name: str, value: Any) -> Figure:
    status = "given_as_ratio" if name == "ratio" else "given"
    if isinstance(value, bool) or (variable is not None and variable.kind == "choice"):
        assert isinstance(value, bool) or value in variable.choices, value
        return Figure("u", row, name, status, value)
    return Figure("u", row, name, status, Fraction(parse_exact(value)))


def test_every_rule_type_used_has_an_example() -> None:
    """At least one example per rule type of each framework that has examples."""
    for file in sorted(CASES.glob("*.yaml")):
        content = Document(file).content
        framework = load_framework(content["framework"])
        shown = {
            rule.type
            for case in content["cases"]
            for rule in sub_rules(framework.by_code[case["criterion"]].rule)
        }
        used: set[str] = {_type(rule) for row in framework.rows for rule in sub_rules(row.rule)}
        # 5.12 adds its six child rows up; the sum itself is shown on 2074's 1.2
        assert used - shown <= {"sum_of_children"}, used - shown


def _type(rule: Rule) -> str:
    return rule.type
