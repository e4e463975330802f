"""The checker on points: thresholds, factors, percent signs."""

from fractions import Fraction
from typing import Any

import pytest

from dti_core.framework.check import check
from tests.unit.small_frameworks import (
    RATIO,
    VARIABLES,
    check_row,
    criterion,
    framework,
    kinds,
    of_rows,
    one,
    only,
    pillar,
)


def _steps(*table: dict[str, Any], of: str = "x") -> dict[str, Any]:
    return {"type": "steps", "of": of, "table": table}


# thresholds


@pytest.mark.parametrize(
    ("maximum", "full_at", "just_below", "jump"),
    [
        ("10", "80%", "8", "2"),
        ("20", "20%", "4", "16"),
        ("5", "70%", "7/2", "3/2"),
        ("10", "0.25%", "1/40", "399/40"),
    ],
)
def test_points_that_jump_at_the_threshold(
    maximum: str, full_at: str, just_below: str, jump: str
) -> None:
    rule = {**RATIO, "full_at": full_at, "below": "proportional"}
    found = only(check(of_rows(criterion(rule, max_points=maximum))))
    assert (found.kind, found.severity, found.code) == ("threshold_jump", "error", "1.1")
    assert found.numbers["just_below"] == Fraction(just_below)
    assert found.numbers["jump"] == Fraction(jump)
    assert found.numbers["jump_share"] == Fraction(jump) / int(maximum)


def test_the_jump_is_told_in_points() -> None:
    found = only(check_row({**RATIO, "full_at": "0.25%", "below": "proportional"}))
    assert "Ngay dưới ngưỡng 0,25 % công thức chỉ cho gần 0,025 điểm" in found.message
    assert "nhảy 9,975 điểm vì công thức không chia cho ngưỡng" in found.message


@pytest.mark.parametrize("maximum", [None, "0"])
def test_without_a_maximum_the_jump_is_told_as_a_share_of_it(maximum: str | None) -> None:
    rule = {**RATIO, "full_at": "80%", "below": "proportional"}
    row = criterion(rule, max_points=maximum)
    found = only(check(framework(pillar(row, max_points=maximum), total_stated=maximum)))
    assert found.kind == "threshold_jump"
    assert found.numbers["jump_share"] == Fraction(1, 5)
    assert "jump" not in found.numbers
    assert "nhảy 20 % điểm tối đa" in found.message


@pytest.mark.parametrize("below", ["scaled", {"divide_by": "1%"}, {"times": 100}])
def test_a_formula_that_meets_its_threshold_is_sound(below: Any) -> None:
    assert check_row({**RATIO, "full_at": "1%", "below": below}) == []


def test_a_threshold_inside_a_gate_is_found() -> None:
    inner = {**RATIO, "full_at": "80%", "below": "proportional"}
    variables = {**VARIABLES, "f": {"label": "Có", "kind": "flag"}}
    rule = {"type": "gate", "flag": "f", "then": inner}
    assert only(check_row(rule, variables=variables)).kind == "threshold_jump"


def test_a_jump_inside_a_part_weighs_as_much_as_the_part() -> None:
    inner = {**RATIO, "full_at": "80%", "below": "proportional"}
    flag = {"type": "flag", "of": "f"}
    rule = {
        "type": "parts",
        "parts": [{"weight": "1/4", "rule": inner}, {"weight": "3/4", "rule": flag}],
    }
    variables = {**VARIABLES, "f": {"label": "Có", "kind": "flag"}}
    assert only(check_row(rule, variables=variables)).numbers["jump"] == Fraction(1, 2)


def test_factor_that_lets_the_points_run_over_the_maximum() -> None:
    """“Tỷ lệ/1%*Điểm tối đa” under a threshold of 5 % (2074/QĐ-UBND, Phụ lục 2, mục 7.1)."""
    found = check_row({**RATIO, "full_at": "5%", "below": {"divide_by": "1%"}})
    assert kinds(found) == {"exceeds_maximum", "factor_disagrees"}
    exceeds, factor = one(found, "exceeds_maximum"), one(found, "factor_disagrees")
    assert {exceeds.severity, factor.severity} == {"error"}
    assert exceeds.numbers["just_below"] == 50
    assert "trọn 10 điểm từ tỷ lệ 1 %, ngay dưới ngưỡng cho gần 50 điểm" in exceeds.message
    assert factor.numbers == {
        "threshold": Fraction(1, 20),
        "divide_by": Fraction(1, 100),
        "times": 1,
        "just_below_share": 5,
    }
    assert "5 % ÷ 1 % = 5 lần điểm tối đa" in factor.message


def test_factor_that_falls_short_of_the_threshold() -> None:
    found = check_row({**RATIO, "full_at": "40%", "below": {"divide_by": "50%"}})
    assert kinds(found) == {"threshold_jump", "factor_disagrees"}
    assert one(found, "threshold_jump").numbers["jump"] == 2
    assert "vì hệ số không khớp với ngưỡng" in one(found, "threshold_jump").message


def test_formula_that_divides_by_a_threshold_without_a_cap() -> None:
    found = only(check_row({**RATIO, "scale_at": "50%"}))
    assert (found.kind, found.severity) == ("exceeds_maximum", "warning")
    assert found.numbers == {"scale_at": Fraction(1, 2), "most": 20, "most_share": 2}
    assert check_row({**RATIO, "scale_at": "100%"}) == []


def test_formula_over_a_fixed_number_can_leave_the_scale() -> None:
    """“Số nền tảng đã triển khai / 7”: the eighth is more than all."""
    variables = {"a": {"label": "Số nền tảng số đã triển khai", "kind": "count"}}
    found = only(check_row({"type": "ratio", "of": "a / 7"}, variables=variables))
    assert (found.kind, found.severity) == ("exceeds_maximum", "note")
    assert found.numbers == {"fixed": 7}
    capped = {"type": "ratio", "of": "a / 7", "full_at": "100%", "below": "scaled"}
    assert check_row(capped, variables=variables) == []


def test_one_item_that_earns_more_than_the_whole_row() -> None:
    variables = {"x": {"label": "Số hội nghị", "kind": "count"}}
    found = only(check_row({"type": "per_item", "of": "x", "each": "12"}, variables=variables))
    assert (found.kind, found.severity) == ("exceeds_maximum", "error")
    assert check_row({"type": "per_item", "of": "x", "each": "10"}, variables=variables) == []


def test_threshold_that_gives_all_or_nothing() -> None:
    found = only(check_row({**RATIO, "full_at": "100%", "below": "zero"}))
    assert (found.kind, found.severity) == ("all_or_nothing", "note")
    assert found.numbers["jump"] == 10


def test_threshold_that_both_branches_claim_with_the_same_points() -> None:
    rule = {**RATIO, "full_at": "80%", "below": "scaled", "below_includes_full_at": True}
    found = only(check_row(rule))
    assert (found.kind, found.severity) == ("threshold_overlap", "note")
    assert "hai nhánh cho cùng một số điểm" in found.message


def test_threshold_that_both_branches_claim_with_different_points() -> None:
    rule = {**RATIO, "full_at": "80%", "below": "proportional", "below_includes_full_at": True}
    found = check_row(rule)
    assert kinds(found) == {"threshold_jump", "threshold_overlap"}
    assert one(found, "threshold_overlap").severity == "warning"
    assert "hai nhánh cho 10 điểm và 8 điểm" in one(found, "threshold_overlap").message


# percent signs


@pytest.mark.parametrize(
    "rule",
    [
        {**RATIO, "full_at": "80", "below": "scaled"},
        {**RATIO, "scale_at": "50"},
        {**RATIO, "full_at": "1%", "below": {"divide_by": "1%", "times": 100}},
        {**RATIO, "full_at": "80%", "below": {"times": 100}},
        {**RATIO, "full_at": "80%", "below": {"divide_by": "80"}},
        {"type": "options", "of": "x", "shares": {"co": 70}},
    ],
)
def test_percent_sign_that_cannot_be_right(rule: dict[str, Any]) -> None:
    choice = {"label": "x", "kind": "choice", "choices": {"co": "Có"}}
    variables = {"x": choice} if rule["type"] == "options" else VARIABLES
    found = one(check_row(rule, variables=variables), "percent_sign")
    assert (found.severity, found.code) == ("error", "1.1")


def test_the_lost_sign_is_told_with_its_arithmetic() -> None:
    found = only(check_row({**RATIO, "full_at": "80", "below": "scaled"}))
    assert found.numbers == {"bound": 80}
    assert "Ngưỡng ghi 80, tức 8.000 %" in found.message
    assert "có lẽ là 80 %" in found.message


@pytest.mark.parametrize(
    "rule",
    [
        {**RATIO, "full_at": "80%", "below": "scaled"},
        {**RATIO, "full_at": "1%", "below": {"times": 100}},
        {"type": "ratio", "of": "a / 12", "full_at": "30", "below": "scaled"},
    ],
)
def test_percent_sign_that_is_right(rule: dict[str, Any]) -> None:
    """A mean of a year's articles may be 30 a month; “Tỷ lệ*Điểm tối đa*100” suits 1 %."""
    names = VARIABLES if "b" in rule["of"] else {"a": VARIABLES["a"]}
    assert check_row(rule, variables=names) == []


def test_an_average_may_well_be_thirty() -> None:
    """Articles an office: their number over another thing's is no share and has no percent sign."""
    variables = {
        "a": {"label": "Số tin, bài", "kind": "count", "unit": "tin bài"},
        "b": {"label": "Số cơ quan", "kind": "count", "unit": "cơ quan"},
    }
    rule = {**RATIO, "full_at": "30", "below": "scaled"}
    assert check_row(rule, variables=variables) == []
    half_told = {**variables, "b": {**variables["b"], "unit": None}}
    assert "percent_sign" in kinds(check_row(rule, variables=half_told))


@pytest.mark.parametrize(("kind", "found"), [("percent", {"percent_sign"}), ("mean", set())])
def test_a_percentage_that_a_report_states_is_a_share(kind: str, found: set[str]) -> None:
    rule = {"type": "ratio", "of": "x", "full_at": "80", "below": "scaled"}
    variables = {"x": {"label": "Mức sử dụng", "kind": kind}}
    assert kinds(check_row(rule, variables=variables)) == found


@pytest.mark.parametrize(("unit", "found"), [("hồ sơ", {"percent_sign"}), ("giao dịch", set())])
def test_no_part_of_a_whole_reaches_a_threshold_over_100_percent(
    unit: str, found: set[str]
) -> None:
    variables = {
        "a": {"label": "Số hồ sơ trực tuyến", "kind": "count", "unit": unit},
        "b": {"label": "Tổng số hồ sơ", "kind": "count", "unit": "hồ sơ"},
    }
    rule = {**RATIO, "full_at": "120%", "below": "scaled"}
    assert kinds(check_row(rule, variables=variables)) - {"denominator_kind"} == found


def test_bound_of_a_table_of_shares_that_lost_its_sign() -> None:
    table = ({"from": "10", "share": 1}, {"below": "10", "share": 0})
    variables = {name: {**each, "unit": "hồ sơ"} for name, each in VARIABLES.items()}
    found = check_row(_steps(*table, of="a / b"), variables=variables)
    assert one(found, "percent_sign").numbers == {"bound": 10}
    right = ({"from": "10%", "share": 1}, {"below": "10%", "share": 0})
    assert check_row(_steps(*right, of="a / b"), variables=variables) == []


def test_parts_that_are_more_or_less_than_the_whole() -> None:
    part = {"weight": "3/5", "rule": {"type": "flag", "of": "f"}}
    variables = {"f": {"label": "Có", "kind": "flag"}, "g": {"label": "Đủ", "kind": "flag"}}
    other = {"weight": "3/5", "rule": {"type": "flag", "of": "g"}}
    found = only(check_row({"type": "parts", "parts": [part, other]}, variables=variables))
    assert (found.kind, found.severity) == ("parts_total", "error")
    assert found.numbers == {"added": Fraction(6, 5)}
    assert "3/5 + 3/5 = 120 % điểm tối đa, vượt điểm tối đa" in found.message
    other["weight"] = "1/5"
    short = only(check_row({"type": "parts", "parts": [part, other]}, variables=variables))
    assert "= 80 % điểm tối đa: không ai đạt được điểm tối đa" in short.message
    other["weight"] = "2/5"
    assert check_row({"type": "parts", "parts": [part, other]}, variables=variables) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Tỷ lệ báo cáo đúng hạn đầy đủ % trên hệ thống", {"percent_sign"}),
        ("Tỷ lệ báo cáo đúng hạn đầy đủ 100 % trên hệ thống", set()),
        ("Tỷ lệ % báo cáo đúng hạn trên hệ thống", set()),
        ("Tỷ lệ báo cáo đúng hạn (%) trên hệ thống", set()),
    ],
)
def test_percent_sign_that_stands_alone(name: str, found: set[str]) -> None:
    assert kinds(check_row(name=name)) == found
