"""What each policy does to points, totals and ranks, on examples small enough to reckon by hand."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from dti_core.figures import Figure, FigureStatus
from dti_core.framework.load import load_framework
from dti_core.framework.model import Framework, Reading
from dti_core.framework.rules import Steps
from dti_core.program.policies import Scoring
from dti_core.scoring.compare import disagreements
from dti_core.scoring.exact import OverlapError, step_share
from dti_core.scoring.problems import Problem
from dti_core.scoring.rank import rank
from dti_core.scoring.score import Score, score
from dti_core.scoring.standings import Group, officially, standings
from dti_core.scoring.step_table import step_table
from dti_core.scoring.total import RowPoints, Total, add_up, totals
from tests.unit.strategies import (
    FigureMap,
    criterion_of,
    decided,
    framework_of,
    framework_with,
    pillar_of,
)

FLAG = {"type": "flag", "of": "yes"}
SHARE = {"type": "ratio", "of": "a / b"}
WRITTEN: Reading = "as_written"
ADDED = {"type": "sum_of_children"}
EXACT = {"rounding": {"digits": 2, "total": "sum_of_exact"}}
PUBLISHED = {"rounding": {"digits": 2, "total": "sum_of_published"}}


Given = dict[str, dict[str, Any]]
"""row code → variable → value, or why there is none"""


def known(rows: Given, unit: str = "u") -> FigureMap:
    found: FigureMap = {}
    for code, values in rows.items():
        for name, value in values.items():
            key = unit, code, name
            if isinstance(value, Lacking):
                found[key] = Figure(*key, value.status)
            else:
                exact = value if isinstance(value, bool) else Fraction(value)
                found[key] = Figure(*key, "given", exact)
    return found


class Lacking:
    def __init__(self, status: FigureStatus) -> None:
        self.status = status


def one(
    rule: dict[str, Any], values: dict[str, Any], maximum: str = "10", **policies: Any
) -> Score:
    """The score of one unit for one row. The engine says the same."""
    framework, figures = framework_of(rule, maximum), known({"1.1": values})
    scores = score(framework, ["u"], figures, decided(policies), WRITTEN)
    assert (
        disagreements(framework, ["u"], figures, decided(policies | EXACT), scores, WRITTEN) == []
    )
    return scores["u", "1.1"]


def whole(
    framework: Framework, figures: FigureMap, **policies: Any
) -> tuple[dict[str, Total], Total]:
    scores = score(framework, ["u"], figures, decided(policies), WRITTEN)
    return totals(framework, "u", scores, decided(policies))


# Totals


def thirds() -> tuple[Framework, FigureMap]:
    """Two pillars, three rows of 10 points at one third each: 3,333… + 3,333… | 3,333…"""
    framework = framework_with(
        [
            pillar_of("1", "20", [criterion_of(code, "10", SHARE) for code in ("1.1", "1.2")]),
            pillar_of("2", "10", [criterion_of("2.1", "10", SHARE)]),
        ]
    )
    return framework, known({code: {"a": 1, "b": 3} for code in ("1.1", "1.2", "2.1")})


def test_a_published_total_rounds_the_exact_sum_once_or_adds_up_what_is_published() -> None:
    framework, figures = thirds()
    pillars, total = whole(framework, figures, **EXACT)
    assert [pillars[code].published for code in "12"] == [Decimal("6.67"), Decimal("3.33")]
    assert (total.low, total.published) == (10, Decimal("10.00"))
    pillars, total = whole(framework, figures, **PUBLISHED)
    assert [pillars[code].published for code in "12"] == [Decimal("6.66"), Decimal("3.33")]
    assert (total.low, total.published) == (10, Decimal("9.99"))


def test_halves_add_up_to_more_than_they_are() -> None:
    # 10 × 1/2000 = 0,005 a row: published 0,01 each, 0,01 together
    codes = ("1.1", "1.2")
    framework = framework_with(
        [pillar_of("1", "20", [criterion_of(c, "10", SHARE) for c in codes])]
    )
    figures = known({code: {"a": 1, "b": 2000} for code in codes})
    assert whole(framework, figures, **EXACT)[1].published == Decimal("0.01")
    assert whole(framework, figures, **PUBLISHED)[1].published == Decimal("0.02")


def test_ranks_go_by_the_published_total_whichever_way_it_is_rounded() -> None:
    # A: 3 × 10/3 = 10 exactly, published 9,99 when rows are added up; B: 9,99 exactly
    framework, figures = thirds()
    ours = {("A", code, name): f for (_, code, name), f in figures.items()}
    theirs = known({code: {"a": 333, "b": 1000} for code in ("1.1", "1.2", "2.1")}, "B")
    found = {key: Figure(*key, "given", figure.value) for key, figure in (ours | theirs).items()}
    group = Group("so", framework, ("A", "B"))
    places = {}
    for rounding in (EXACT, PUBLISHED):
        for rank_on in ("exact", "published"):
            policies = decided(
                {"reading": "as_written", "ties": "same_rank", "rank_on": rank_on, **rounding}
            )
            scores = score(framework, ("A", "B"), found, policies, WRITTEN)
            counted = officially(group, {"as_written": scores}, policies, {})
            ranks = {u: s.rank for u, s in standings(group, counted, policies).items()}
            places[rounding["rounding"]["total"], rank_on] = (ranks["A"], ranks["B"])
    assert places == {
        ("sum_of_exact", "exact"): (1, 2),
        ("sum_of_exact", "published"): (1, 2),
        ("sum_of_published", "exact"): (1, 2),
        ("sum_of_published", "published"): (1, 1),
    }


PILLAR_4: Given = {
    "4.1": {"a": 5, "b": 5},  # 25
    "4.2": {"co_can_bo_chuyen_trach": True, "a": 2, "b": 2},  # 25
    "4.3": {"x": True},  # 20
    "4.4": {"a": 40, "b": 40},  # 20
    "4.5": {"a": 900, "b": 900},  # 20
    "4.6": {"a": 3, "b": 4},  # 75 % of at least 60 %: 20
}


@pytest.mark.parametrize(
    ("changed", "count_all", "cap_pillar"),
    [
        ({}, "130", "105"),  # 25 + 25 + 20 + 20 + 20 + 20 against 105
        ({"4.1": {"a": 0, "b": 5}}, "105", "105"),  # to the point
        ({"4.1": {"a": 1, "b": 500}}, "105.05", "105"),  # 25 / 500 above it
        ({"4.1": {"a": 0, "b": 5}, "4.6": {"a": 59, "b": 100}}, "96.8", "96.8"),  # 20 × 59 %
    ],
)
def test_a_pillar_whose_criteria_exceed_it_counts_all_or_is_capped(
    changed: Given, count_all: str, cap_pillar: str
) -> None:
    framework = load_framework("vinh-phuc-2074/xa")
    figures = known(PILLAR_4 | changed)
    for policy, expected in (
        (None, count_all),
        ("count_all", count_all),
        ("cap_pillar", cap_pillar),
    ):
        for rounding in (EXACT, PUBLISHED):
            pillar = whole(framework, figures, pillar_overflow=policy, **rounding)[0]["4"]
            points = Fraction(expected)
            assert (pillar.computed, pillar.low, pillar.high) == (points, points, points)
            assert pillar.published == Decimal(expected)
            assert pillar.max_points == 105


def test_a_cap_bounds_what_is_still_open_and_leaves_the_other_pillars_alone() -> None:
    framework = load_framework("vinh-phuc-2074/xa")
    figures = known(
        {code: PILLAR_4[code] for code in ("4.1", "4.2", "4.3", "4.4")} | {"1.5": {"x": True}}
    )
    pillars, total = whole(framework, figures, pillar_overflow="cap_pillar", **EXACT)
    four = pillars["4"]
    # 25 + 25 + 20 + 20 = 90 known; 4.5 and 4.6 may add 40, the cap leaves 15
    assert (four.computed, four.low, four.high, four.published) == (90, 90, 105, None)
    assert (pillars["1"].computed, pillars["1"].low, pillars["1"].high) == (20, 20, 150)
    assert (total.computed, total.low, total.high, total.max_points) == (110, 110, 1000, 1000)
    assert (total.decided, total.published) == (False, None)


def bonus_and_penalty() -> Framework:
    row = {"type": "per_item", "of": "a", "each": "2"}
    return framework_with(
        [
            pillar_of("1", "90", [criterion_of("1.1", "90", SHARE)]),
            pillar_of("2", "5", [criterion_of("2.1", "5", FLAG)], outside_maximum=True),
            pillar_of("3", "-10", [criterion_of("3.1", "-10", row)], outside_maximum=True),
        ]
    )


@pytest.mark.parametrize(("faults", "penalty"), [(0, 0), (1, -2), (3, -6), (5, -10), (7, -10)])
def test_a_penalty_is_taken_off_down_to_its_maximum_and_outside_what_is_possible(
    faults: int, penalty: int
) -> None:
    figures = known({"1.1": {"a": 1, "b": 2}, "2.1": {"yes": True}, "3.1": {"a": faults}})
    pillars, total = whole(bonus_and_penalty(), figures, pillar_overflow="cap_pillar", **EXACT)
    assert (pillars["3"].low, pillars["3"].high, pillars["3"].max_points) == (penalty, penalty, 0)
    assert (pillars["2"].low, pillars["2"].max_points) == (5, 0)
    assert (total.low, total.max_points) == (45 + 5 + penalty, 90)
    assert total.published == Decimal(f"{50 + penalty}.00")


def test_a_cap_holds_for_a_bonus_and_for_a_pillar_of_no_points() -> None:
    rows = [criterion_of("1.1", "5", FLAG), criterion_of("1.2", "5", FLAG)]
    figures = known({"1.1": {"yes": True}, "1.2": {"yes": True}})
    for stated, outside in (("5", True), ("0", False)):
        framework = framework_with([pillar_of("1", stated, rows, outside_maximum=outside)])
        capped = whole(framework, figures, pillar_overflow="cap_pillar", **EXACT)[1]
        assert (capped.low, capped.published) == (int(stated), Decimal(f"{stated}.00"))
        assert whole(framework, figures, pillar_overflow="count_all", **EXACT)[1].low == 10


def test_an_unknown_penalty_is_a_range_below_zero() -> None:
    figures = known({"1.1": {"a": 1, "b": 2}, "2.1": {"yes": False}})
    pillars, total = whole(bonus_and_penalty(), figures, **EXACT)
    assert (pillars["3"].computed, pillars["3"].low, pillars["3"].high) == (0, -10, 0)
    assert (total.computed, total.low, total.high, total.published) == (45, 35, 45, None)


def test_child_rows_count_once_and_rows_that_only_split_figures_not_at_all() -> None:
    split = [criterion_of(f"1.2.{n}", "5", {"type": "untabled"}) for n in (1, 2)]
    parts = [criterion_of("1.1.1", "4", FLAG), criterion_of("1.1.2", "6", SHARE)]
    framework = framework_with(
        [
            pillar_of(
                "1",
                None,
                [
                    criterion_of("1.1", "10", ADDED, children=parts),
                    criterion_of("1.2", "10", SHARE, children=split),
                ],
            )
        ]
    )
    figures = known({"1.1.1": {"yes": True}, "1.1.2": {"a": 1, "b": 4}, "1.2": {"a": 3, "b": 10}})
    scores = score(framework, ["u"], figures, decided({}), WRITTEN)
    assert scores["u", "1.1"].points == Fraction("5.5")  # 4 + 6/4
    pillars, total = whole(framework, figures, **EXACT)
    assert (pillars["1"].low, pillars["1"].high, pillars["1"].max_points) == (8.5, 8.5, 20)
    assert total.published == Decimal("8.50")


def test_points_that_people_have_still_to_award_leave_everything_open() -> None:
    framework = framework_of({"type": "appraised"}, "10")
    by_pillar, total = add_up(framework, {"1.1": RowPoints.open(Fraction(10))}, decided(EXACT))
    assert (total.computed, total.low, total.high, total.published) == (0, 0, 10, None)
    assert by_pillar["1"].published is None
    awarded = RowPoints.awarded(Fraction(29, 4))
    _, total = add_up(framework, {"1.1": awarded}, decided(EXACT))
    assert (total.computed, total.low, total.high) == (7.25, 7.25, 7.25)
    assert total.published == Decimal("7.25")
    assert add_up(framework, {"1.1": awarded}, decided({}))[1].published is None
    least = RowPoints.open(Fraction(-10))
    assert (least.low, least.high, least.points) == (-10, 0, None)


def test_a_pillar_without_criteria_is_published_like_the_others() -> None:
    framework = framework_with([pillar_of("1", "10", [])])
    for rounding in (EXACT, PUBLISHED):
        pillars, total = whole(framework, {}, **rounding)
        assert (str(pillars["1"].published), str(total.published)) == ("0.00", "0.00")
        assert (total.low, total.max_points) == (0, 10)


def test_places_of_equal_units() -> None:
    points = {"A": Fraction(5), "B": Fraction(9), "C": None, "D": Fraction(5), "E": Fraction(1)}
    same = [(line.unit, line.rank) for line in rank(points, "same_rank")]
    assert same == [("B", 1), ("A", 2), ("D", 2), ("E", 4), ("C", None)]
    dense = [(line.unit, line.rank) for line in rank(points, "dense")]
    assert dense == [("B", 1), ("A", 2), ("D", 2), ("E", 3), ("C", None)]
    assert [line.reason for line in rank(points, "dense")][:4] == [None] * 4
    assert rank(points, "dense")[4].reason
    assert [line.rank for line in rank({"A": Fraction(0), "B": Fraction(0)}, "dense")] == [1, 1]
    assert rank({}, "same_rank") == []


# Figures that are not there

PARTS = {
    "type": "parts",
    "parts": [{"weight": "4/5", "rule": SHARE}, {"weight": "1/5", "rule": FLAG}],
}
MISSING, NOT_AVAILABLE = Lacking("missing"), Lacking("not_available")
NOT_APPLICABLE, TO_ASK = Lacking("not_applicable"), Lacking("to_ask")
PARTIAL = Lacking("partial")
HALF = {"a": 1, "b": 2}


def test_a_missing_figure_that_earns_nothing_keeps_what_the_other_parts_earn() -> None:
    open_ = one(PARTS, HALF)
    assert (open_.points, open_.low, open_.high, open_.status) == (None, 4, 6, "partial")
    # 10 × 4/5 × 1/2; the flag that nobody gave earns nothing
    for values in (HALF, HALF | {"yes": MISSING}):
        found = one(PARTS, values, missing_figure="zero")
        assert (found.points, found.settled, found.status) == (4, "least", "computed")
    # 10 × 1/5; neither a nor b: the ratio earns nothing
    found = one(PARTS, {"yes": True, "a": 1}, missing_figure="zero")
    assert (found.points, found.settled) == (2, "least")
    assert one(PARTS, HALF, missing_figure="ask").points is None
    assert (
        one(PARTS, HALF, not_available_figure="zero", not_applicable_figure="full").points is None
    )


@pytest.mark.parametrize(
    ("figure", "policies", "points", "settled"),
    [
        (NOT_APPLICABLE, {"not_applicable_figure": "full"}, 10, "most"),
        (NOT_APPLICABLE, {"not_applicable_figure": "zero"}, 0, "least"),
        (NOT_APPLICABLE, {"not_applicable_figure": "ask"}, None, None),
        (NOT_APPLICABLE, {}, None, None),
        (NOT_APPLICABLE, {"missing_figure": "zero", "not_available_figure": "zero"}, None, None),
        (NOT_AVAILABLE, {"not_available_figure": "zero"}, 0, "least"),
        (NOT_AVAILABLE, {"missing_figure": "zero", "not_applicable_figure": "full"}, None, None),
        (MISSING, {"missing_figure": "zero"}, 0, "least"),
        (TO_ASK, dict.fromkeys(["missing_figure", "not_available_figure"], "zero"), None, None),
        (TO_ASK, {"not_applicable_figure": "full"}, None, None),
        # some of those who give a part of it have not: that is no missing figure
        (PARTIAL, {"missing_figure": "zero", "not_applicable_figure": "full"}, None, None),
    ],
)
def test_each_kind_of_lacking_figure_has_its_own_policy(
    figure: Lacking, policies: dict[str, str], points: int | None, settled: str | None
) -> None:
    found = one(SHARE, {"a": figure, "b": 5}, **policies)
    assert (found.points, found.settled) == (points, settled)
    assert (found.low, found.high) == ((0, 10) if points is None else (points, points))


def test_lacking_figures_settled_in_two_ways_earn_the_least_and_an_unsettled_one_nothing() -> None:
    full = {"not_applicable_figure": "full", "missing_figure": "zero"}
    # 10 × (4/5 × 0 … 1 + 1/5 × 0 … 1)
    assert (
        one(PARTS, {"yes": NOT_APPLICABLE, "a": NOT_APPLICABLE, "b": NOT_APPLICABLE}, **full).points
        == 10
    )
    found = one(PARTS, {"yes": NOT_APPLICABLE, "b": 2}, **full)
    assert (found.points, found.settled) == (0, "least")
    found = one(PARTS, HALF | {"yes": NOT_APPLICABLE}, **full)
    assert (found.points, found.settled) == (6, "most")
    found = one(PARTS, {"yes": NOT_APPLICABLE, "a": TO_ASK, "b": 2}, **full)
    assert (found.points, found.settled, found.status) == (None, None, "partial")


@pytest.mark.parametrize("policy", ["full", "zero"])
def test_a_penalty_that_does_not_concern_the_unit_takes_nothing_off(policy: str) -> None:
    penalty = {"type": "per_item", "of": "a", "each": "5"}
    found = one(penalty, {"a": NOT_APPLICABLE}, "-10", not_applicable_figure=policy)
    assert found.points == 0
    assert one(penalty, {"a": NOT_APPLICABLE}, "-10").low == -10
    assert one(penalty, {"a": 1}, "-10", not_applicable_figure=policy).points == -5


@pytest.mark.parametrize("policy", [None, "ask", "zero", "full"])
def test_a_peer_whose_denominator_is_0_keeps_the_group_open_until_a_policy_settles_it(
    policy: str | None,
) -> None:
    framework = framework_of({"type": "relative_to_best", "of": "a / b", "peers": "group"}, "10")
    figures = known({"1.1": {"a": 1, "b": 4}}, "A") | known({"1.1": {"a": 1, "b": 2}}, "B")
    figures |= known({"1.1": {"a": 0, "b": 0}}, "C")
    chosen = decided({"zero_denominator": policy})
    scores = score(framework, "ABC", figures, chosen, WRITTEN)
    assert disagreements(framework, "ABC", figures, chosen, scores, WRITTEN) == []
    points = [scores[unit, "1.1"].points for unit in "ABC"]
    own = {"zero": 0, "full": 10}.get(policy or "")
    assert points == ([None] * 3 if own is None else [5, 10, own])


def test_a_policy_says_nothing_where_points_are_known_anyway_or_a_question_is_open() -> None:
    gate = {"type": "gate", "flag": "open", "then": SHARE}
    found = one(gate, {"open": False}, missing_figure="zero")
    assert (found.points, found.settled, found.status) == (0, None, "computed")
    found = one(gate, {"open": True, "b": 0}, missing_figure="zero")
    assert (found.points, found.settled) == (None, None)
    assert found.problem == Problem.ZERO_DENOMINATOR
    # a stated percentage stands for a and b
    found = one(SHARE, {"ratio": "1/4"}, missing_figure="zero")
    assert (found.points, found.settled) == (Fraction("2.5"), None)
    found = one(SHARE, {"ratio": MISSING}, missing_figure="zero")
    assert (found.points, found.settled) == (0, "least")
    # a and b are missing beside it, and nobody decided about missing figures
    found = one(SHARE, {"ratio": NOT_APPLICABLE}, not_applicable_figure="full")
    assert (found.points, found.settled) == (None, None)
    found = one(PARTS, {"ratio": "1/4", "yes": NOT_APPLICABLE}, not_applicable_figure="full")
    assert (found.points, found.settled) == (4, "most")  # 10 × (4/5 × 1/4 + 1/5)
    # … but not for the flag beside them
    found = one(PARTS, {"ratio": "1/4"}, missing_figure="zero")
    assert (found.points, found.settled) == (2, "least")


def test_a_stated_percentage_is_a_peer_like_any_other() -> None:
    framework = framework_of({"type": "relative_to_best", "of": "a / b", "peers": "group"}, "10")
    figures = known({"1.1": {"ratio": "1/2"}}, "A") | known({"1.1": {"a": 1, "b": 5}}, "B")
    scores = score(
        framework, ("A", "B", "C"), figures, decided({"missing_figure": "zero"}), WRITTEN
    )
    # B has 1/5 of A's 1/2; C gave nothing
    assert [scores[unit, "1.1"].points for unit in "ABC"] == [10, 4, 0]


@pytest.mark.parametrize(
    ("rule", "values", "status"),
    [
        (FLAG, {"yes": True}, "computed"),
        (FLAG, {}, "missing"),
        (FLAG, {"yes": MISSING}, "missing"),
        (FLAG, {"yes": NOT_AVAILABLE}, "not_available"),
        (FLAG, {"yes": TO_ASK}, "question"),
        (SHARE, {"a": 1}, "partial"),
        (SHARE, {"a": 1, "b": 0}, "question"),
        (SHARE, {"a": NOT_AVAILABLE, "b": TO_ASK}, "question"),
        ({"type": "relative_to_best", "of": "a", "peers": "external"}, {"a": 1}, "external"),
        ({"type": "min_max", "of": "a", "peers": "group"}, {"a": 1}, "question"),
        ({"type": "appraised"}, {}, "appraised"),
        ({"type": "untabled"}, {}, "untabled"),
    ],
)
def test_the_status_says_why_points_are_open(
    rule: dict[str, Any], values: dict[str, Any], status: str
) -> None:
    found = one(rule, values)
    assert found.status == status
    assert (found.points is None) == (status != "computed")


def test_a_parent_is_computed_once_all_its_children_are() -> None:
    children = [criterion_of("1.1.1", "4", FLAG), criterion_of("1.1.2", "6", FLAG)]
    framework = framework_with(
        [pillar_of("1", "10", [criterion_of("1.1", "10", ADDED, children=children)])]
    )

    def parent(**values: bool) -> Score:
        figures = known({f"1.1.{name[1:]}": {"yes": value} for name, value in values.items()})
        return score(framework, ["u"], figures, decided({}), WRITTEN)["u", "1.1"]

    found = parent(_1=True, _2=False)
    assert (found.points, found.status) == (4, "computed")
    found = parent(_1=True)
    assert (found.points, found.low, found.high, found.status) == (None, 4, 10, "partial")
    found = parent()
    assert (found.points, found.low, found.high, found.status) == (None, 0, 10, "missing")


# Steps

TABLE = [
    {"from": "10", "share": "1"},
    {"from": "5", "to": "10", "share": "1/2"},
    {"below": "3", "share": "0"},
]


@pytest.mark.parametrize(
    ("value", "unset", "first", "best"),
    [
        ("11", 10, 10, 10),
        ("10", None, 10, 10),  # ≥ 10 and 5 … 10 both hold it
        ("9.99", 5, 5, 5),
        ("5", 5, 5, 5),
        ("4", None, None, None),  # no step holds it
        ("3", None, None, None),
        ("2.99", 0, 0, 0),
        ("0", 0, 0, 0),
    ],
)
def test_steps_that_overlap_or_leave_a_gap(
    value: str, unset: int | None, first: int | None, best: int | None
) -> None:
    for table in (TABLE, [TABLE[1], TABLE[0], TABLE[2]]):
        rule = {"type": "steps", "of": "a", "table": table}
        found = one(rule, {"a": value})
        assert found.points == unset
        if unset is None:
            assert (found.low, found.high, found.status) == (0, 10, "question")
            overlap = first is not None
            assert found.problem == (Problem.OVERLAP if overlap else Problem.NO_INTERVAL)
        assert one(rule, {"a": value}, overlap="best").points == best
        listed = 5 if value == "10" and table is not TABLE else first
        assert one(rule, {"a": value}, overlap="first_listed").points == listed


def test_steps_and_branches_that_say_the_same_are_no_question() -> None:
    table = [{"from": "5", "to": "10", "share": "1/2"}, {"from": "10", "share": "1/2"}]
    assert one({"type": "steps", "of": "a", "table": table}, {"a": 10}).points == 5
    twice = {**SHARE, "full_at": "80%", "below_includes_full_at": True}
    at_threshold = {"a": 4, "b": 5}
    # ≥ 80 %: everything; ≤ 80 %: the ratio by itself, or the ratio through 80 %
    found = one({**twice, "below": "proportional"}, at_threshold)
    assert (found.points, found.low, found.high) == (None, 0, 10)
    assert found.problem == Problem.OVERLAP
    for chosen in ("best", "first_listed"):
        assert one({**twice, "below": "proportional"}, at_threshold, overlap=chosen).points == 10
    assert one({**twice, "below": "scaled"}, at_threshold).points == 10
    assert one({**twice, "below": "proportional"}, {"a": 3, "b": 5}).points == 6


def test_a_step_is_met_exactly_where_a_float_falls_short_of_it() -> None:
    # 0,7 / 7 = 0,1; in float64 it is a hair less
    rule = {
        "type": "steps",
        "of": "a / 7",
        "table": [{"from": "1/10", "share": "1"}, {"below": "1/10", "share": "1/2"}],
    }
    assert one(rule, {"a": "7/10"}).points == 10
    assert (
        one({**SHARE, "full_at": "1/10", "below": "zero", "of": "a / 7"}, {"a": "7/10"}).points
        == 10
    )


def test_a_table_is_a_share_for_every_bound_and_every_space_between() -> None:
    rule = Steps.model_validate({"type": "steps", "of": "a", "table": TABLE})
    unset, best = Scoring(), Scoring(overlap="best")
    table = step_table(rule.table, unset)
    assert table.bounds == (3, 5, 10)
    #   <3  3  …  5  …  10  >10
    assert table.gaps.tolist() == [False, True, True, False, False, False, False]
    assert table.overlaps.tolist() == [False] * 5 + [True, False]
    assert table.shares.tolist() == [0, 0, 0, 0.5, 0.5, 0, 1]
    assert step_table(rule.table, best).shares.tolist() == [0, 0, 0, 0.5, 0.5, 1, 1]
    assert not step_table(rule.table, best).overlaps.any()
    values = np.array([0.0, 2.9, 3.0, 4.0, 5.0, 7.0, 10.0, 10.1, np.inf])
    assert table.positions(values).tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 6]
    for value in ("0", "3", "4", "5", "10", "11"):
        place = table.positions(np.array([float(value)]))[0]
        try:
            held = step_share(rule.table, Fraction(value), unset)
        except OverlapError:
            assert table.overlaps[place]
        else:
            assert table.gaps[place] == (held is None)
            assert table.shares[place] == float(held or 0)
    nothing = Steps.model_validate({"type": "steps", "of": "a", "table": [{"share": "1/4"}]})
    everywhere = step_table(nothing.table, unset)
    assert (everywhere.bounds, everywhere.shares.tolist()) == ((), [0.25])
