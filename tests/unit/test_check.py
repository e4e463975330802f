"""The checker: one small faulty framework for every kind of finding, and what ships."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from dti_core.framework.check import Finding, check
from dti_core.framework.check.thresholds import check_thresholds
from dti_core.framework.load import load_framework
from dti_core.framework.model import Framework

SHIPPED = ("vinh-long-2554/tinh", "vinh-phuc-2074/so")
CITE = {"decree": "1/QĐ", "row": "1"}
RATIO = {"type": "ratio", "of": "a / b"}
VARIABLES = {
    "a": {"label": "Số hồ sơ trực tuyến", "kind": "count"},
    "b": {"label": "Tổng số hồ sơ đã tiếp nhận", "kind": "count"},
}


def _criterion(rule: Mapping[str, Any] = RATIO, **other: Any) -> dict[str, Any]:
    """A row of ten points, faultless unless told otherwise; it declares what its rule uses."""
    return {
        "code": "1.1",
        "name": "x",
        "max_points": "10",
        "rule": rule,
        "variables": VARIABLES,
        "provider": {"relative": "self"},
        "citation": CITE,
        **other,
    }


def _pillar(*criteria: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {
        "code": "1",
        "name": "Nhận thức số",
        "max_points": "10",
        "citation": CITE,
        "criteria": criteria,
        **other,
    }


def _framework(*pillars: dict[str, Any], **other: Any) -> Framework:
    decree = {
        "id": "d",
        "number": "1/QĐ",
        "issued": "2024-01-01",
        "issuer": "x",
        "title": "x",
        "source": "x",
        "agencies": {"so-a": {"name": "Sở A"}},
    }
    return Framework.model_validate(
        {
            "id": "d/so",
            "decree": decree,
            "level": "so",
            "title": "x",
            "citation": CITE,
            "total_stated": "10",
            "pillars": pillars,
            "sha256": "x",
            **other,
        }
    )


def _check(rule: Mapping[str, Any] = RATIO, **other: Any) -> list[Finding]:
    """What the checker finds in a framework of one row."""
    return check(_framework(_pillar(_criterion(rule, **other))))


def _only(findings: list[Finding]) -> Finding:
    """The one finding that there is."""
    assert len(findings) == 1, findings
    return findings[0]


def _steps(*table: dict[str, Any]) -> dict[str, Any]:
    return {"type": "steps", "of": "x", "table": table}


def _check_steps(kind: str, *table: dict[str, Any]) -> list[Finding]:
    return _check(_steps(*table), variables={"x": {"label": "x", "kind": kind}})


def test_nothing_is_found_in_a_faultless_framework() -> None:
    assert _check() == []


# totals and counts


def test_pillar_whose_criteria_do_not_add_up_to_its_points() -> None:
    found = _only(check(_framework(_pillar(_criterion(max_points="9.5")))))
    assert (found.kind, found.severity, found.code) == ("pillar_total", "error", "1")
    assert found.numbers == {"stated": 10, "added": Fraction(19, 2)}
    assert "ghi 10 điểm nhưng các tiêu chí cộng lại được 9,5 điểm" in found.message
    assert str(found.citation) == "1/QĐ, mục 1"


def test_pillar_that_states_another_number_of_criteria() -> None:
    found = _only(check(_framework(_pillar(_criterion(), criteria_stated=2))))
    assert (found.kind, found.severity, found.code) == ("pillar_count", "error", "1")
    assert found.numbers == {"stated": 2, "counted": 1}


def test_total_that_the_pillars_do_not_add_up_to() -> None:
    found = _only(check(_framework(_pillar(_criterion()), total_stated="20")))
    assert (found.kind, found.severity, found.code) == ("total", "error", "")
    assert found.numbers == {"stated": 20, "added": 10}


def test_a_pillar_of_bonus_points_does_not_count_towards_the_total() -> None:
    bonus = _pillar(_criterion(code="2.1"), code="2", outside_maximum=True)
    assert check(_framework(_pillar(_criterion()), bonus)) == []


def test_framework_that_states_another_number_of_criteria() -> None:
    found = _only(check(_framework(_pillar(_criterion()), criteria_stated=3)))
    assert (found.kind, found.severity, found.code) == ("count", "error", "")
    assert found.numbers == {"stated": 3, "counted": 1}


def test_child_rows_are_no_criteria_of_their_own() -> None:
    parent = _parent("4", "6")
    assert check(_framework(_pillar(parent, criteria_stated=1), criteria_stated=1)) == []


def _parent(*points: str, **other: Any) -> dict[str, Any]:
    """A row that is the sum of child rows with these points."""
    children = [_criterion(code=f"1.1.{n}", max_points=p, **other) for n, p in enumerate(points, 1)]
    return _criterion({"type": "sum_of_children"}, variables={}, provider=None, children=children)


def test_child_rows_that_do_not_add_up_to_their_parent() -> None:
    found = _only(check(_framework(_pillar(_parent("4", "5")))))
    assert (found.kind, found.severity, found.code) == ("children_total", "error", "1.1")
    assert found.numbers == {"stated": 10, "added": 9}


def test_a_frame_without_criteria_is_not_counted() -> None:
    """Where the text gives the pillars only, nothing can be added up."""
    assert check(_framework(_pillar(criteria_stated=4), criteria_stated=4)) == []


# thresholds


@pytest.mark.parametrize(
    ("maximum", "full_at", "below", "just_below", "jump"),
    [
        ("10", "80%", "proportional", "8", "2"),
        ("20", "20%", "proportional", "4", "16"),
        ("5", "70%", "proportional", "7/2", "3/2"),
        ("10", "0.25%", "proportional", "1/40", "399/40"),
        ("10", "1%", {"times": 50}, "5", "5"),
        ("10", "40%", {"divide_by": "50%"}, "8", "2"),
    ],
)
def test_points_that_jump_at_the_threshold(
    maximum: str, full_at: str, below: Any, just_below: str, jump: str
) -> None:
    rule = {**RATIO, "full_at": full_at, "below": below}
    pillar = _pillar(_criterion(rule, max_points=maximum), max_points=maximum)
    found = _only(check(_framework(pillar, total_stated=maximum)))
    assert (found.kind, found.severity, found.code) == ("threshold_jump", "error", "1.1")
    assert found.numbers["just_below"] == Fraction(just_below)
    assert found.numbers["jump"] == Fraction(jump)


def test_the_jump_is_told_in_points() -> None:
    found = _only(_check({**RATIO, "full_at": "0.25%", "below": "proportional"}))
    assert "Ngay dưới ngưỡng 0,25 %" in found.message
    assert "nhảy 9,975 điểm" in found.message


@pytest.mark.parametrize("below", ["scaled", {"divide_by": "1%"}, {"times": 100}])
def test_a_formula_that_meets_its_threshold_is_sound(below: Any) -> None:
    assert _check({**RATIO, "full_at": "1%", "below": below}) == []


def test_formula_that_leaves_the_scale_under_its_threshold() -> None:
    found = _only(_check({**RATIO, "full_at": "80%", "below": {"divide_by": "50%"}}))
    assert (found.kind, found.severity) == ("exceeds_maximum", "error")
    assert found.numbers == {"full_at": Fraction(4, 5), "just_below": 16, "jump": -6}


def test_formula_that_divides_by_a_threshold_without_a_cap() -> None:
    found = _only(_check({**RATIO, "scale_at": "50%"}))
    assert (found.kind, found.severity) == ("exceeds_maximum", "warning")
    assert found.numbers == {"scale_at": Fraction(1, 2), "most": 20}
    assert _check({**RATIO, "scale_at": "100%"}) == []


def test_threshold_that_gives_all_or_nothing() -> None:
    found = _only(_check({**RATIO, "full_at": "100%", "below": "zero"}))
    assert (found.kind, found.severity) == ("all_or_nothing", "note")
    assert found.numbers == {"full_at": 1, "just_below": 0, "jump": 10}


def test_threshold_that_both_branches_claim_with_the_same_points() -> None:
    rule = {**RATIO, "full_at": "80%", "below": "scaled", "below_includes_full_at": True}
    found = _only(_check(rule))
    assert (found.kind, found.severity) == ("threshold_overlap", "note")
    assert "hai nhánh cho cùng một số điểm" in found.message


def test_threshold_that_both_branches_claim_with_different_points() -> None:
    rule = {**RATIO, "full_at": "80%", "below": "proportional", "below_includes_full_at": True}
    found = {finding.kind: finding for finding in _check(rule)}
    assert set(found) == {"threshold_jump", "threshold_overlap"}
    assert found["threshold_overlap"].severity == "warning"
    assert "số điểm khác nhau" in found["threshold_overlap"].message


def test_a_threshold_inside_a_gate_is_found() -> None:
    inner = {**RATIO, "full_at": "80%", "below": "proportional"}
    variables = {**VARIABLES, "f": {"label": "Có", "kind": "flag"}}
    rule = {"type": "gate", "flag": "f", "then": inner}
    assert _only(_check(rule, variables=variables)).kind == "threshold_jump"


# tables of steps


@pytest.mark.parametrize("next_step", [11, 12, 20])
def test_whole_number_that_no_step_holds(next_step: int) -> None:
    found = _only(_check_steps("count", {"to": 9, "share": 0}, {"from": next_step, "share": 1}))
    assert (found.kind, found.severity) == ("steps_gap", "error")
    assert found.numbers == {"value": 10}
    assert "không có mức nào cho giá trị 10." in found.message


@pytest.mark.parametrize("kind", ["mean", "money", "frequency"])
def test_a_gap_between_whole_numbers_is_none_for_a_count_alone(kind: str) -> None:
    table = ({"from": 10, "share": 1}, {"to": 9, "share": 0})
    assert _check_steps("count", *table) == []
    found = _only(_check_steps(kind, *table))
    assert (found.kind, found.numbers["value"]) == ("steps_gap", Fraction(19, 2))


def test_a_table_that_ends_too_early_has_a_gap_beyond() -> None:
    found = _only(_check_steps("count", {"below": 5, "share": 0}, {"from": 5, "to": 9, "share": 1}))
    assert (found.kind, found.numbers["value"]) == ("steps_gap", 10)


def test_a_bound_that_both_neighbours_leave_out_is_a_gap() -> None:
    found = _only(_check_steps("mean", {"below": 5, "share": 0}, {"above": 5, "share": 1}))
    assert (found.kind, found.numbers["value"]) == ("steps_gap", 5)


def test_steps_that_cascade_from_the_highest_share_overlap_as_a_note() -> None:
    """“Từ 52: điểm tối đa; từ 12: một nửa” reads as a cascade; the policy `overlap` decides."""
    found = _only(
        _check_steps(
            "count",
            {"from": 52, "share": 1},
            {"from": 12, "share": "1/2"},
            {"below": 12, "share": 0},
        )
    )
    assert (found.kind, found.severity) == ("steps_overlap", "note")
    assert found.numbers == {"value": 52, "most": 1, "least": Fraction(1, 2)}


def test_steps_that_overlap_without_an_order_are_a_warning() -> None:
    found = _only(
        _check_steps(
            "count",
            {"below": 12, "share": 0},
            {"from": 12, "share": "1/2"},
            {"from": 52, "share": 1},
        )
    )
    assert (found.kind, found.severity) == ("steps_overlap", "warning")


def test_steps_that_overlap_with_the_same_share_are_no_matter() -> None:
    table = ({"from": 10, "share": 1}, {"from": 5, "share": 1}, {"below": 5, "share": 0})
    assert _check_steps("count", *table) == []


def test_nothing_done_that_still_earns_points() -> None:
    found = _only(_check_steps("count", {"from": 10, "share": 1}, {"below": 10, "share": "1/4"}))
    assert (found.kind, found.severity) == ("zero_earns", "warning")
    assert found.numbers == {"points": Fraction(5, 2)}
    assert "giá trị 0 vẫn được 2,5 điểm" in found.message


# rows


def test_state_to_which_the_clause_gives_no_points() -> None:
    found = _only(
        _check(
            {"type": "options", "of": "x", "shares": {"co": 1}},
            variables={
                "x": {"label": "x", "kind": "choice", "choices": {"co": "Có", "it": "Có ít"}}
            },
        )
    )
    assert (found.kind, found.severity) == ("unassigned_state", "warning")
    assert "trạng thái “Có ít”" in found.message


def test_figure_that_no_rule_uses() -> None:
    found = _only(_check(variables={**VARIABLES, "c": {"label": "c", "kind": "count"}}))
    assert (found.kind, found.severity) == ("unused_variable", "warning")
    assert "biến c không dùng đến" in found.message


def test_a_figure_that_only_the_corrected_rule_uses_is_used() -> None:
    erratum = {
        "kind": "substantive",
        "note": "Mẫu số sót c",
        "corrected": {"type": "ratio", "of": "a / (b + c)"},
    }
    findings = _check(
        variables={**VARIABLES, "c": {"label": "c", "kind": "count"}}, erratum=erratum
    )
    assert "unused_variable" not in {finding.kind for finding in findings}


@pytest.mark.parametrize(
    ("top", "bottom"),
    [
        ("Số hồ sơ", "Số hồ sơ"),
        ("Số hồ sơ", "Tổng số hồ sơ"),
        ("Tổng hồ sơ được xử lý (trừ hồ sơ mật)", "Tổng số hồ sơ xử lý."),
        ("Số hồ sơ", "SỐ LƯỢNG HỒ SƠ"),
        ("Số hồ sơ", "Số hồ sơ (kể cả (và nhất là) hồ sơ mật)"),
    ],
)
def test_numerator_and_denominator_that_are_called_alike(top: str, bottom: str) -> None:
    found = _only(
        _check(
            variables={
                "a": {"label": top, "kind": "count"},
                "b": {"label": bottom, "kind": "count"},
            }
        )
    )
    assert (found.kind, found.severity) == ("same_label", "warning")
    assert "tử số a và mẫu số b" in found.message


def test_row_without_a_rule() -> None:
    found = _only(_check({"type": "untabled"}, variables={}))
    assert (found.kind, found.severity) == ("no_rule", "warning")


def test_row_whose_figures_nobody_gives() -> None:
    found = _only(_check(provider=None))
    assert (found.kind, found.severity) == ("no_provider", "error")


def test_figures_with_providers_of_their_own_need_none_for_the_row() -> None:
    own = {name: {**each, "provider": {"leads": ["so-a"]}} for name, each in VARIABLES.items()}
    assert _check(variables=own, provider=None) == []
    half = {"a": own["a"], "b": VARIABLES["b"]}
    assert _only(_check(variables=half, provider=None)).kind == "no_provider"


def test_row_without_evidence_where_the_framework_asks_for_it() -> None:
    rows = [
        _criterion(max_points="5", evidence="Quyết định"),
        _criterion(code="1.2", max_points="5"),
    ]
    found = _only(check(_framework(_pillar(*rows))))
    assert (found.kind, found.severity, found.code) == ("no_evidence", "note", "1.2")


def test_a_row_with_child_rows_is_asked_for_nothing_itself() -> None:
    assert check(_framework(_pillar(_parent("4", "6", evidence="Quyết định")))) == []


# errata


def test_an_erratum_that_only_a_reader_can_find_is_told() -> None:
    found = _only(_check(erratum={"kind": "editorial", "note": "Sót chữ", "found_by": "reader"}))
    assert (found.kind, found.severity) == ("editorial_erratum", "note")
    assert (found.erratum, found.message) == ("editorial", "Sót chữ")


def test_a_damaged_copy_is_told() -> None:
    found = _only(_check(erratum={"kind": "transcription", "note": "Mất dấu cộng"}))
    assert (found.kind, found.severity) == ("transcription_erratum", "note")


def test_a_substantive_erratum_that_no_check_finds_is_an_error() -> None:
    erratum = {"kind": "substantive", "note": "Mẫu số sai", "corrected": {**RATIO, "of": "a / 7"}}
    found = _only(_check(erratum=erratum))
    assert (found.kind, found.severity) == ("substantive_erratum", "error")


def test_an_erratum_that_a_check_finds_is_told_once() -> None:
    rule = {**RATIO, "full_at": "80%", "below": "proportional"}
    erratum = {
        "kind": "substantive",
        "note": "Không chia cho 80 %",
        "corrected": {**rule, "below": "scaled"},
    }
    found = _only(_check(rule, erratum=erratum))
    assert (found.kind, found.erratum) == ("threshold_jump", "substantive")
    assert _only(_check(rule)).erratum is None


def test_the_gravest_findings_come_first() -> None:
    rows = [
        _criterion({**RATIO, "full_at": "100%", "below": "zero"}, max_points="5"),
        _criterion({"type": "untabled"}, code="1.2", max_points="5", variables={}),
        _criterion(code="1.3", max_points="5", provider=None),
    ]
    found = check(_framework(_pillar(*rows)))
    assert [(f.severity, f.code) for f in found] == [
        ("error", "1"),
        ("error", "1.3"),
        ("warning", "1.2"),
        ("note", "1.1"),
    ]
    assert {f.framework for f in found} == {"d/so"}


# what ships


@pytest.mark.parametrize("framework_id", SHIPPED)
def test_every_error_of_a_shipped_framework_is_a_recorded_erratum(framework_id: str) -> None:
    framework = load_framework(framework_id)
    errors = [finding for finding in check(framework) if finding.severity == "error"]
    assert errors
    for error in errors:
        assert error.erratum == "substantive", error
        assert framework.by_code[error.code].erratum is not None


@pytest.mark.parametrize("framework_id", SHIPPED)
def test_the_checker_finds_every_substantive_erratum_by_arithmetic(framework_id: str) -> None:
    framework = load_framework(framework_id)
    found = {finding.code for finding in check(framework) if finding.kind == "threshold_jump"}
    recorded = {
        row.code for row in framework.rows if row.erratum and row.erratum.kind == "substantive"
    }
    assert found == recorded


@pytest.mark.parametrize("framework_id", SHIPPED)
def test_a_correction_of_a_shipped_framework_leaves_no_fault(framework_id: str) -> None:
    framework = load_framework(framework_id)
    for row in framework.rows:
        corrected = row.model_copy(update={"rule": row.rule_under("corrected")})
        if corrected != row:
            assert list(check_thresholds(framework, row)), row.code
            assert list(check_thresholds(framework, corrected)) == [], row.code
