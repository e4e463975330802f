"""The checker on tables of steps and on states: gaps, overlaps, points for nothing done."""

from fractions import Fraction
from typing import Any

import pytest

from dti_core.framework.check import Finding
from tests.unit.small_frameworks import check_row, kinds, only


def _steps(*table: dict[str, Any]) -> dict[str, Any]:
    return {"type": "steps", "of": "x", "table": table}


def _check_steps(kind: str, *table: dict[str, Any]) -> list[Finding]:
    return check_row(_steps(*table), variables={"x": {"label": "x", "kind": kind}})


# tables of steps


@pytest.mark.parametrize("next_step", [11, 12, 20])
def test_whole_number_that_no_step_holds(next_step: int) -> None:
    found = only(_check_steps("count", {"to": 9, "share": 0}, {"from": next_step, "share": 1}))
    assert (found.kind, found.severity) == ("steps_gap", "error")
    assert found.numbers == {"value": 10}
    assert "không có mức nào cho giá trị 10." in found.message


@pytest.mark.parametrize("kind", ["mean", "money", "frequency"])
def test_a_gap_between_whole_numbers_is_none_for_a_count_alone(kind: str) -> None:
    table = ({"from": 10, "share": 1}, {"to": 9, "share": 0})
    assert _check_steps("count", *table) == []
    found = only(_check_steps(kind, *table))
    assert (found.kind, found.numbers["value"]) == ("steps_gap", Fraction(19, 2))


def test_a_table_that_ends_too_early_has_a_gap_beyond() -> None:
    found = only(_check_steps("count", {"below": 5, "share": 0}, {"from": 5, "to": 9, "share": 1}))
    assert (found.kind, found.numbers["value"]) == ("steps_gap", 10)


def test_a_table_of_percentages_need_not_go_beyond_all() -> None:
    table = ({"below": "90%", "share": 0}, {"from": "90%", "to": "100%", "share": 1})
    assert _check_steps("percent", *table) == []
    short = ({"below": "90%", "share": 0}, {"from": "90%", "to": "99%", "share": 1})
    found = only(_check_steps("percent", *short))
    assert (found.kind, found.numbers["value"]) == ("steps_gap", 1)
    assert "giá trị 100 %" in found.message


def test_a_bound_that_both_neighbours_leave_out_is_a_gap() -> None:
    found = only(_check_steps("mean", {"below": 5, "share": 0}, {"above": 5, "share": 1}))
    assert (found.kind, found.numbers["value"]) == ("steps_gap", 5)


def test_steps_that_cascade_from_the_highest_share_overlap_as_a_note() -> None:
    """“Từ 52: điểm tối đa; từ 12: một nửa” reads as a cascade; the policy `overlap` decides."""
    found = only(
        _check_steps(
            "count",
            {"from": 52, "share": 1},
            {"from": 12, "share": "1/2"},
            {"below": 12, "share": 0},
        )
    )
    assert (found.kind, found.severity) == ("steps_overlap", "note")
    assert found.numbers == {"value": 52, "most": 1, "least": Fraction(1, 2)}
    assert "(10 điểm và 5 điểm)" in found.message


@pytest.mark.parametrize(
    "table",
    [
        [{"below": 12, "share": 0}, {"from": 12, "share": "1/2"}, {"from": 52, "share": 1}],
        [{"from": 52, "share": 1}, {"to": 52, "share": 0}],
    ],
)
def test_steps_that_overlap_by_a_slip_are_a_warning(table: list[dict[str, Any]]) -> None:
    """No falling order, or two steps that both name the value as their end."""
    found = only(_check_steps("count", *table))
    assert (found.kind, found.severity) == ("steps_overlap", "warning")
    assert found.numbers["value"] == 52


def test_steps_that_overlap_with_the_same_share_are_no_matter() -> None:
    table = ({"from": 10, "share": 1}, {"from": 5, "share": 1}, {"below": 5, "share": 0})
    assert _check_steps("count", *table) == []


# states


def test_nothing_done_that_still_earns_points() -> None:
    table = [{"from": 10, "share": 1}, {"below": 10, "share": "1/4"}]
    found = only(_check_steps("count", *table))
    assert (found.kind, found.severity) == ("zero_earns", "warning")
    assert found.numbers == {"points": Fraction(5, 2), "points_share": Fraction(1, 4)}
    assert "giá trị 0 vẫn được 2,5 điểm" in found.message


def test_nothing_done_behind_a_gate_inside_a_part_still_earns_points() -> None:
    table = [{"from": 10, "share": 1}, {"below": 10, "share": "1/4"}]
    gate = {"type": "gate", "flag": "f", "then": _steps(*table)}
    flag = {"type": "flag", "of": "g"}
    rule = {
        "type": "parts",
        "parts": [{"weight": "2/5", "rule": gate}, {"weight": "3/5", "rule": flag}],
    }
    variables = {
        "f": {"label": "Có chuyên mục", "kind": "flag"},
        "g": {"label": "Có chuyên trang", "kind": "flag"},
        "x": {"label": "Số tin, bài", "kind": "count", "unit": "tin bài"},
    }
    found = only(check_row(rule, variables=variables))
    assert found.numbers["points"] == 1
    assert "khi “Có chuyên mục”, 0 tin bài vẫn được 1 điểm" in found.message


@pytest.mark.parametrize(
    ("state", "found"), [("Chưa có", {"zero_earns"}), ("Đã có nhưng chưa đủ", set())]
)
def test_state_of_those_who_did_nothing_that_earns_points(state: str, found: set[str]) -> None:
    rule = {"type": "options", "of": "x", "shares": {"co": 1, "khac": "1/2"}}
    choices = {"co": "Đã có", "khac": state}
    variables = {"x": {"label": "Kế hoạch", "kind": "choice", "choices": choices}}
    assert kinds(check_row(rule, variables=variables)) == found


def test_state_to_which_the_clause_gives_no_points() -> None:
    variables = {"x": {"label": "x", "kind": "choice", "choices": {"co": "Có", "it": "Có ít"}}}
    found = only(
        check_row({"type": "options", "of": "x", "shares": {"co": 1}}, variables=variables)
    )
    assert (found.kind, found.severity) == ("unassigned_state", "warning")
    assert "trạng thái “Có ít”" in found.message
