"""Every worked example of tests/cases, by the engine and by the referee; none is wanting."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

import pytest

from dti_core.framework.load import load_framework
from dti_core.framework.model import READINGS, Framework
from dti_core.framework.rules import sub_rules
from dti_core.program.policies import Policies, Scoring
from dti_core.scoring import engine
from dti_core.scoring.exact import share
from dti_core.scoring.score import given_figures
from dti_core.scoring.total import totals
from tests.unit.worked_examples import Example, every_example, examples, scored_frameworks

RESULTS = frozenset({"points", "between", "share", "share_between"})
KEYS = RESULTS | {"name", "clause", "criterion", "pillar", "figures", "children"}
KEYS |= {"reading", "policies", "peers", "others", "status"}
OVERFLOW = ("count_all", "cap_pillar")
"""What a program can decide where a pillar's criteria exceed its stated maximum."""


@pytest.mark.parametrize(
    "example", [pytest.param(example, id=name) for name, example in every_example()]
)
def test_worked_example(example: Example) -> None:
    stray = example.case.keys() - KEYS
    assert not stray
    stated = RESULTS & example.case.keys()
    assert len(stated) == 1, "một ví dụ có đúng một kết quả"
    if "pillar" in example.case:
        _check_pillar(example)
    elif stated <= {"points", "between"}:
        _check_points(example)
    else:
        _check_shares(example)


def _check_points(example: Example) -> None:
    result, column = example.scores["u", example.code], example.points[example.code]
    known = "points" in example.case
    low, high = example.expected(example.case["points" if known else "between"])
    assert (result.low, result.high) == (low, high)
    assert result.points == (low if known else None)
    assert bool(column.known[0]) is known
    assert (column.low[0], column.high[0]) == pytest.approx((float(low), float(high)))
    if "status" in example.case:
        assert result.status == example.case["status"]


def _check_shares(example: Example) -> None:
    """A row without a maximum: the share that its figures reach; child rows each on their own."""
    known = "share" in example.case
    stated = example.case["share" if known else "share_between"]
    by_row: Mapping[str, Any] = stated if isinstance(stated, dict) else {example.code: stated}
    if isinstance(stated, dict):
        assert by_row.keys() == example.rows_given.keys()
        assert all(_is_below(example.framework, code, example.code) for code in by_row)
    policies = Scoring.of(example.policies)
    for code, result in by_row.items():
        row = example.framework.by_code[code]
        rule = row.rule_under(example.reading)
        low, high = example.expected(result)
        given = replace(given_figures(row, "u", example.figures), others=example.peers.get(code))
        exact = share(rule, given, row.max_points, policies)
        assert (exact.low, exact.high, exact.known) == (low, high, known)
        column = engine.shares(row, rule, example.columns, policies)
        decided = column.decided is None or bool(column.decided[0])
        assert decided is known
        assert (column.low[0], column.high[0]) == pytest.approx((float(low), float(high)))
    if example.row.max_points is None:
        assert example.code not in example.points
    if "status" in example.case:
        assert example.scores["u", example.code].status == example.case["status"]


def _is_below(framework: Framework, code: str, ancestor: str) -> bool:
    parent = framework.parents.get(code)
    return parent is not None and (parent == ancestor or _is_below(framework, parent, ancestor))


def _check_pillar(example: Example) -> None:
    scores, columns = example.scores, example.points
    by_pillar, _ = totals(example.framework, "u", scores, example.policies)
    total = by_pillar[example.case["pillar"]]
    known = "points" in example.case
    low, high = example.expected(example.case["points" if known else "between"])
    assert (total.low, total.high, total.decided) == (low, high, known)
    for row in example.framework.rows:
        result, column = scores["u", row.code], columns[row.code]
        bounds = float(result.low), float(result.high)
        assert (column.low[0], column.high[0]) == pytest.approx(bounds)


@pytest.mark.parametrize("framework_id", scored_frameworks())
def test_examples_cite_their_clause(framework_id: str) -> None:
    """As written, the clause is the row's own; a correction may lean on another document."""
    for example in examples(framework_id):
        about = example.framework.pillars[0] if "pillar" in example.case else example.row
        if example.reading == "as_written":
            assert example.case["clause"] == str(about.citation)


@pytest.mark.parametrize("framework_id", scored_frameworks())
def test_names_tell_the_examples_apart(framework_id: str) -> None:
    named = [(each.case["clause"], each.case["name"]) for each in examples(framework_id)]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("framework_id", scored_frameworks())
def test_every_rule_type_used_has_an_example(framework_id: str) -> None:
    """Under either reading, and inside parts, gates and alternatives too."""
    used = {
        rule.type
        for row in load_framework(framework_id).rows
        for reading in READINGS
        for rule in sub_rules(row.rule_under(reading))
    }
    shown = {
        rule.type
        for example in examples(framework_id)
        if "criterion" in example.case
        for rule in sub_rules(example.row.rule_under(example.reading))
    }
    assert used <= shown, sorted(used - shown)


@pytest.mark.parametrize("framework_id", scored_frameworks())
def test_every_erratum_has_an_example_per_reading(framework_id: str) -> None:
    """A correction shows what it changes: the same figures under both readings, two results."""
    wanting = []
    for row in load_framework(framework_id).rows:
        if row.erratum is None:
            continue
        mine = [each for each in examples(framework_id) if each.case.get("criterion") == row.code]
        if row.erratum.kind != "substantive":
            if not any(each.case.keys() & {"points", "share", "status"} for each in mine):
                wanting.append(row.code)
        elif not any(
            (one.reading, other.reading) == READINGS
            and _setting(one) == _setting(other)
            and _result(one) != _result(other)
            for one in mine
            for other in mine
        ):
            wanting.append(row.code)
    assert not wanting


@pytest.mark.parametrize("framework_id", scored_frameworks())
def test_every_erratum_of_a_pillar_has_its_examples(framework_id: str) -> None:
    """Points that contradict each other: one under each policy, the same figures. Otherwise one.
    Where the pillar has no maximum, nothing is computed for it."""
    wanting = []
    for pillar in load_framework(framework_id).pillars:
        if pillar.erratum is None or pillar.max_points is None:
            continue
        mine = [each for each in examples(framework_id) if each.case.get("pillar") == pillar.code]
        if pillar.erratum.kind != "substantive":
            if not mine:
                wanting.append(pillar.code)
        elif not any(
            (_overflow(one), _overflow(other)) == OVERFLOW
            and one.rows_given == other.rows_given
            and _result(one) != _result(other)
            for one in mine
            for other in mine
        ):
            wanting.append(pillar.code)
    assert not wanting


def test_both_ways_to_handle_an_overflow_are_shown() -> None:
    """The two that the examples need are all that a program can choose."""
    policy = Policies.model_fields["pillar_overflow"].annotation
    (chosen,) = [each for each in get_args(policy) if each is not type(None)]
    assert set(get_args(chosen.model_fields["value"].annotation)) == set(OVERFLOW)


def _setting(example: Example) -> tuple[Any, ...]:
    case = example.case
    return example.rows_given, *(case.get(key) for key in ("policies", "peers", "others"))


def _result(example: Example) -> Any:
    return {key: example.case[key] for key in RESULTS & example.case.keys()}


def _overflow(example: Example) -> Any:
    return example.case.get("policies", {}).get("pillar_overflow")
