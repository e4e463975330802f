"""Every worked example of tests/cases/validation, by Great Expectations; no rule is without one."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dti_core.figures import Figure, Value
from dti_core.framework.load import load_framework
from dti_core.framework.model import RATIO, Framework
from dti_core.rational import exact_text, parse_exact
from dti_core.strict_yaml import Document
from expectations.beside import Beside
from expectations.frame import Pooled, pooled_frame
from expectations.register import register
from expectations.results import Validation
from expectations.run import run_checks

CASES = Path(__file__).parent.parent / "cases" / "validation"
FILES = sorted(CASES.glob("*.yaml"))
ATTACHED = "kèm tệp"
KEYS = {"name", "rule", "figures", "information", "evidence", "self_points", "below", "finds"}


@dataclass(frozen=True)
class Example:
    """One case: the figures of a unit of its own."""

    file: Path
    unit: str
    case: dict[str, Any]

    @property
    def rows(self) -> set[str]:
        """The rows that the case speaks of."""
        return {*self.case["figures"], *self.case.get("self_points", ())}

    def expected(self, framework: Framework) -> list[tuple[str, str]]:
        """ "1.3 b" and the sentence, with the row's own words in place."""
        found = []
        for place, sentence in self.case.get("finds", {}).items():
            code, name = place.split()
            row = framework.by_code[code]
            label = row.variables[name].label.rstrip(" .;") if name in row.variables else ""
            found.append((place, sentence.format(label=label, evidence=row.evidence)))
        return found


@cache
def _examples(file: Path) -> tuple[Example, ...]:
    cases = Document(file).content["cases"]
    return tuple(Example(file, f"don-vi-{n}", case) for n, case in enumerate(cases))


@cache
def _validated(file: Path) -> tuple[Pooled, Validation]:
    """All cases of a file at once: a unit each, as in a round."""
    content = Document(file).content
    framework = load_framework(content["framework"])
    below = load_framework(content.get("below_framework", content["framework"]))
    figures: dict[tuple[str, str, str], Figure] = {}
    told, evidence, points = {}, {}, {}
    units_below: dict[str, list[str]] = {}
    for example in _examples(file):
        unit, case = example.unit, example.case
        figures |= dict(_figures(framework, unit, case["figures"]))
        for name, given in case.get("below", {}).items():
            figures |= dict(_figures(below, f"{unit}/{name}", given))
            units_below.setdefault(unit, []).append(f"{unit}/{name}")
        for code, value in case.get("information", {}).items():
            name, _, field = code.rpartition("|")
            told[f"{unit}/{name}" if name else unit, field] = exact_text(parse_exact(value))
        for row in framework.rows:
            # only the cases that speak of evidence are about it
            named = case["evidence"].get(row.code) if "evidence" in case else ATTACHED
            if named is not None:
                evidence[unit, row.code] = "" if named == ATTACHED else named
        for code, given in case.get("self_points", {}).items():
            points[unit, code] = parse_exact(given)
    frameworks = {each: below for units in units_below.values() for each in units}
    beside = Beside(told, evidence, points, units_below, frameworks)
    pooled = pooled_frame(framework, [each.unit for each in _examples(file)], figures, beside)
    return pooled, run_checks(pooled)


def _figures(
    framework: Framework, unit: str, given: dict[str, Any]
) -> Iterator[tuple[tuple[str, str, str], Figure]]:
    for code, values in given.items():
        for name, told in values.items():
            if told is None:
                continue
            status = told["status"] if isinstance(told, dict) else "given"
            value = None if isinstance(told, dict) else _value(framework, code, name, told)
            yield (unit, code, name), Figure(unit, code, name, status, value, raw=str(told))


def _value(framework: Framework, code: str, name: str, told: Any) -> Value:
    if isinstance(told, bool):
        return told
    if name != RATIO and framework.by_code[code].variables[name].kind == "choice":
        return str(told)
    try:
        return parse_exact(told)
    except ValueError:
        return str(told)


@pytest.mark.parametrize(
    "example",
    [pytest.param(each, id=each.case["name"]) for file in FILES for each in _examples(file)],
)
def test_worked_example(example: Example) -> None:
    assert not example.case.keys() - KEYS
    pooled, done = _validated(example.file)
    found = [f for f in done.findings if f.unit == example.unit and f.criterion in example.rows]
    assert [(f"{f.criterion} {f.variable}", f.message) for f in found] == example.expected(
        pooled.grid.framework
    )
    (rule,) = (rule for rule in register() if rule.id == example.case["rule"])
    assert {(f.rule, f.severity) for f in found} <= {(rule.id, rule.severity)}
    # a case that the rule does not even look at would show nothing
    looked_at = pooled.frame.index[pooled.frame[rule.id].notna()]
    assert example.unit in {pooled.key(row)[0] for row in looked_at}
    assert done.not_run == ()


def test_every_rule_has_an_example_that_passes_and_one_that_does_not() -> None:
    shown = {
        (each.case["rule"], "finds" in each.case) for file in FILES for each in _examples(file)
    }
    assert shown == {(rule.id, fails) for rule in register() for fails in (True, False)}


def test_names_tell_the_examples_apart() -> None:
    names = [each.case["name"] for file in FILES for each in _examples(file)]
    assert len(names) == len(set(names))


def test_shares_are_fractions_in_the_examples() -> None:
    """The reader of the examples takes 75% as exactly three quarters."""
    ratio = _value(load_framework("vinh-phuc-2074/so"), "1.3", RATIO, "75%")
    assert ratio == Fraction(3, 4)
