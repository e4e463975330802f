"""Points and totals at the edges of the rules, a minimal example each: every one was wrong once."""

from fractions import Fraction
from typing import Any

import pytest

from dti_core.figures import Figure
from dti_core.framework.model import Framework
from dti_core.scoring.compare import disagreements
from dti_core.scoring.score import Score, score
from dti_core.scoring.total import totals
from tests.unit.strategies import (
    FigureMap,
    criterion_of,
    decided,
    framework_of,
    framework_with,
    pillar_of,
)

FLAG = {"type": "flag", "of": "yes"}
ADDED = {"type": "sum_of_children"}
ROUNDING = {"rounding": {"digits": 2, "total": "sum_of_exact"}}
Given = dict[str, dict[str, Any]]


def known(rows: Given, unit: str = "u") -> FigureMap:
    return {
        (unit, code, name): Figure(unit, code, name, "given", value)
        for code, values in rows.items()
        for name, value in values.items()
    }


def both(
    framework: Framework,
    figures: FigureMap,
    units: tuple[str, ...] = ("u",),
    reading: Any = "as_written",
    **policies: Any,
) -> tuple[list[tuple[str, str]], dict[tuple[str, str], Score]]:
    """Where engine and referee differ, and what the referee says."""
    chosen = decided(ROUNDING | policies)
    scores = score(framework, units, figures, chosen, reading)
    return disagreements(framework, units, figures, chosen, scores, reading), scores


# Engine and referee differ: the round cannot be recorded


@pytest.mark.parametrize("followed", [{}, {"1.1.2": {"yes": True}}])
def test_a_child_row_without_a_maximum_leaves_its_parent_decided(followed: Given) -> None:
    children = [criterion_of("1.1.1", "10", FLAG), criterion_of("1.1.2", None, FLAG)]
    parent = criterion_of("1.1", "10", ADDED, children=children)
    framework = framework_with([pillar_of("1", "10", [parent])])
    differ, scores = both(framework, known({"1.1.1": {"yes": True}} | followed))
    assert differ == []
    assert scores["u", "1.1"].points == 10


def test_a_parent_without_a_maximum_inside_a_parent_counts_its_children() -> None:
    inner = criterion_of("1.1.1", None, ADDED, children=[criterion_of("1.1.1.1", "10", FLAG)])
    children = [inner, criterion_of("1.1.2", "10", FLAG)]
    framework = framework_with(
        [pillar_of("1", "20", [criterion_of("1.1", "20", ADDED, children=children)])]
    )
    differ, _ = both(framework, known({"1.1.1.1": {"yes": True}, "1.1.2": {"yes": True}}))
    assert differ == []


@pytest.mark.parametrize(("written", "corrected"), [(ADDED, FLAG), (FLAG, ADDED)])
def test_an_erratum_cannot_replace_a_sum_of_child_rows(
    written: dict[str, Any], corrected: dict[str, Any]
) -> None:
    """The two readings would count other rows: such a decree is two frameworks."""
    erratum = {"kind": "substantive", "note": "x", "corrected": corrected}
    child = criterion_of("1.1.1", "10", {"type": "untabled"})
    row = criterion_of("1.1", "10", written, children=[child], erratum=erratum)
    with pytest.raises(ValueError, match="sum_of_children"):
        framework_with([pillar_of("1", "10", [row])])


TWICE = {
    "type": "ratio",
    "of": "a / 7",
    "full_at": "80%",
    "below": "proportional",
    "below_includes_full_at": True,
}
GAP_AT_BOUND = {"type": "steps", "of": "a / 7", "table": [{"below": "1/10", "share": "1"}]}
FROM_BOUND = {"type": "steps", "of": "a / 7", "table": [{"from": "1/10", "share": "1"}]}


@pytest.mark.parametrize(
    ("rule", "a"),
    [
        # 80 % and a hair: only the branch that gives everything holds it
        (TWICE, Fraction(56, 10) + Fraction(7, 10**12)),
        # 0,7 / 7 = 0,1: in float64 a hair less, which another step holds, or none
        (GAP_AT_BOUND, Fraction(7, 10)),
        (FROM_BOUND, Fraction(7, 10)),
    ],
)
def test_a_hair_beside_a_threshold_the_referee_says_whether_points_are_decided(
    rule: dict[str, Any], a: Fraction
) -> None:
    differ, _ = both(framework_of(rule, "10"), known({"1.1": {"a": a}}))
    assert differ == []


def test_an_unknown_ratio_that_starts_at_a_threshold_of_two_branches_is_not_yet_a_question() -> (
    None
):
    rule = {**TWICE, "of": "(a + b) / c"}
    figures = known({"1.1": {"a": Fraction(80), "c": Fraction(100)}})
    differ, _ = both(framework_of(rule, "10"), figures, missing_figure="zero")
    assert differ == []


@pytest.mark.parametrize(
    "rule",
    [
        lambda inner: {"type": "gate", "flag": "yes", "then": inner},
        lambda inner: {"type": "parts", "parts": [{"weight": "1", "rule": inner}]},
        lambda inner: {"type": "best_of", "alternatives": [inner, inner]},
    ],
)
def test_a_comparison_with_the_group_may_stand_inside_another_rule(rule: Any) -> None:
    inner = {"type": "relative_to_best", "of": "a", "peers": "group"}
    figures = known({"1.1": {"yes": True, "a": Fraction(2)}}, "u")
    figures |= known({"1.1": {"yes": True, "a": Fraction(4)}}, "v")
    differ, scores = both(framework_of(rule(inner), "10"), figures, ("u", "v"))
    assert differ == []
    assert [scores[unit, "1.1"].points for unit in "uv"] == [5, 10]


# Points that nobody earned, or that stay open for nothing


@pytest.mark.parametrize(
    ("rule", "policies"),
    [
        ({"type": "steps", "of": "a", "table": [{"from": "20", "share": "1"}]}, {}),
        (
            {"type": "steps", "of": "a", "table": [{"from": 9, "share": 1}, {"to": 5, "share": 1}]},
            {},
        ),
        ({"type": "options", "of": "state", "shares": {"x": "1"}}, {}),
        (
            {"type": "options", "of": "state", "shares": {"x": "1", "y": "1/2"}},
            {"missing_figure": "zero"},
        ),
    ],
)
def test_a_figure_that_nobody_gave_earns_nothing_where_the_text_is_silent_on_some_values(
    rule: dict[str, Any], policies: dict[str, str]
) -> None:
    _, scores = both(framework_of(rule, "10"), {}, **policies)
    assert scores["u", "1.1"].points in (None, 0)


def test_the_best_way_is_decided_once_one_way_gives_everything() -> None:
    rule = {
        "type": "best_of",
        "alternatives": [FLAG, {"type": "options", "of": "state", "shares": {"x": "1"}}],
    }
    figures = known({"1.1": {"yes": True, "state": "y"}})  # the text gives y no share
    _, scores = both(framework_of(rule, "10"), figures)
    assert (scores["u", "1.1"].low, scores["u", "1.1"].high) == (10, 10)
    assert scores["u", "1.1"].points == 10


def test_a_penalty_that_does_not_concern_the_unit_takes_nothing_off() -> None:
    framework = framework_of({"type": "per_item", "of": "a", "each": "5"}, "-10")
    figures = {("u", "1.1", "a"): Figure("u", "1.1", "a", "not_applicable")}
    _, scores = both(framework, figures, not_applicable_figure="full")
    assert scores["u", "1.1"].points == 0  # what the best figure earns


def test_a_peer_whose_denominator_a_policy_settles_does_not_keep_the_group_open() -> None:
    framework = framework_of({"type": "relative_to_best", "of": "a / b", "peers": "group"}, "10")
    figures = known({"1.1": {"a": Fraction(1), "b": Fraction(2)}}, "u")
    figures |= known({"1.1": {"a": Fraction(0), "b": Fraction(0)}}, "v")
    _, scores = both(framework, figures, ("u", "v"), zero_denominator="zero")
    assert [scores[unit, "1.1"].points for unit in "uv"] == [10, 0]


# Totals


def test_a_pillar_that_has_reached_its_cap_is_published() -> None:
    rows = [criterion_of("1.1", "10", FLAG), criterion_of("1.2", "5", FLAG)]
    framework = framework_with([pillar_of("1", "10", rows)])
    _, scores = both(framework, known({"1.1": {"yes": True}}))
    _, total = totals(framework, "u", scores, decided(ROUNDING | {"pillar_overflow": "cap_pillar"}))
    assert total.decided
    assert total.published == 10


def test_a_pillar_without_a_stated_maximum_has_nothing_to_exceed() -> None:
    rows = [criterion_of("1.1", "10", FLAG), criterion_of("1.2", "-5", FLAG)]
    framework = framework_with([pillar_of("1", None, rows, outside_maximum=True)])
    _, scores = both(framework, known({"1.1": {"yes": True}, "1.2": {"yes": False}}))
    chosen = decided(ROUNDING | {"pillar_overflow": "cap_pillar"})
    assert totals(framework, "u", scores, chosen)[1].low == 10  # a bonus of 10, no penalty


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "steps", "of": "a", "table": [{"share": "3/2"}]},
        {"type": "options", "of": "state", "shares": {"x": "2"}},
        {
            "type": "parts",
            "parts": [{"weight": "4/5", "rule": FLAG}, {"weight": "4/5", "rule": FLAG}],
        },
        {"type": "deductions", "events": [{"of": "a", "each": "1"}], "floor": "-5"},
        {"type": "deductions", "events": [{"of": "a", "each": "1"}], "floor": "15"},
    ],
)
def test_points_outside_the_scale_are_cut_and_the_cut_recorded(rule: dict[str, Any]) -> None:
    figures = known({"1.1": {"a": Fraction(100), "yes": True, "state": "x"}})
    _, scores = both(framework_of(rule, "10"), figures)
    found = scores["u", "1.1"]
    assert 0 <= found.low <= found.high <= 10
    assert found.unclipped is not None


# Mixtures


def test_other_provinces_are_not_compared_with_through_the_group() -> None:
    group, external = (
        {"weight": "1/2", "rule": {"type": "relative_to_best", "of": "a", "peers": peers}}
        for peers in ("group", "external")
    )
    framework = framework_of({"type": "parts", "parts": [group, external]}, "10")
    differ, scores = both(framework, known({"1.1": {"a": Fraction(2)}}))
    assert differ == []
    assert scores["u", "1.1"].status == "external"


def test_a_ratio_that_has_to_be_asked_about_is_no_missing_figure() -> None:
    framework = framework_of({"type": "ratio", "of": "a / b"}, "10")
    figures = {("u", "1.1", "ratio"): Figure("u", "1.1", "ratio", "to_ask")}
    _, scores = both(framework, figures, missing_figure="zero")
    assert scores["u", "1.1"].points is None


def test_a_gate_that_nobody_answered_before_points_below_zero_is_worth_nothing() -> None:
    # closed: 0; open: 1 − 2 a, at least −1, and points below 0 are cut
    then = {"type": "deductions", "events": [{"of": "a", "each": "2"}], "floor": "-2"}
    figures = {
        ("u", "1.1", "a"): Figure("u", "1.1", "a", "to_ask", None, (Fraction(1), Fraction(3)))
    }
    gate = {"type": "gate", "flag": "open", "then": then}
    differ, scores = both(framework_of(gate, "1"), figures)
    assert scores["u", "1.1"].points == 0
    assert differ == []


def test_a_capped_sum_of_published_points_waits_for_the_rows_that_may_still_round_it() -> None:
    # 3 × 10/3 reach the cap of 10 exactly; published they are 9,99, until 1.4 is known
    rows = [criterion_of(f"1.{n}", "10", {"type": "ratio", "of": "a / b"}) for n in (1, 2, 3)]
    framework = framework_with([pillar_of("1", "10", [*rows, criterion_of("1.4", "5", FLAG)])])
    third = {"a": Fraction(1), "b": Fraction(3)}
    figures = known({f"1.{n}": third for n in (1, 2, 3)})
    rounding = {"digits": 2, "total": "sum_of_published"}
    chosen = decided({"rounding": rounding, "pillar_overflow": "cap_pillar"})
    shown = []
    for last in ({}, {"1.4": {"yes": False}}):
        _, scores = both(framework, figures | known(last), **ROUNDING)
        shown.append(totals(framework, "u", scores, chosen)[1].published)
    assert shown[0] in (None, shown[1])


def test_a_unit_that_lacks_another_figure_of_the_row_is_still_a_peer() -> None:
    group = {"type": "relative_to_best", "of": "a", "peers": "group"}
    parts = [{"weight": "1/2", "rule": rule} for rule in (group, FLAG)]
    framework = framework_of({"type": "parts", "parts": parts}, "10")
    figures = known({"1.1": {"a": Fraction(4)}}, "u")  # the flag is missing, a is the best
    figures |= known({"1.1": {"a": Fraction(2), "yes": True}}, "v")
    _, scores = both(framework, figures, ("u", "v"), missing_figure="zero")
    # 10 × 1/2 × 4/4 + 0; 10 × (1/2 × 2/4 + 1/2)
    assert [scores[unit, "1.1"].points for unit in "uv"] == [5, Fraction(15, 2)]
