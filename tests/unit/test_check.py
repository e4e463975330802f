"""The checker on totals, rows and codes: a small faulty framework for every kind, and one nearly
like it that is not."""

from fractions import Fraction
from typing import Any

from dti_core.framework.check import Finding, check
from dti_core.framework.model import Framework
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


def test_nothing_is_found_in_a_faultless_framework() -> None:
    assert check_row() == []


# totals and counts


def test_pillar_whose_criteria_do_not_add_up_to_its_points() -> None:
    rows = [criterion(max_points="6"), criterion(code="1.2", max_points="3.5")]
    found = only(check(framework(pillar(*rows))))
    assert (found.kind, found.severity, found.code) == ("pillar_total", "error", "1")
    assert found.numbers == {"stated": 10, "added": Fraction(19, 2)}
    assert "ghi 10 điểm nhưng các tiêu chí cộng lại được 9,5 điểm (6 + 3,5)" in found.message
    assert "thiếu 0,5 điểm" in found.message
    assert str(found.citation) == "1/QĐ-UBND, mục 1"


def test_pillar_that_states_another_number_of_criteria() -> None:
    found = only(check(framework(pillar(criterion(), criteria_stated=2))))
    assert (found.kind, found.severity, found.code) == ("pillar_count", "error", "1")
    assert found.numbers == {"stated": 2, "counted": 1}
    assert check(framework(pillar(criterion(), criteria_stated=1))) == []


def test_total_that_the_pillars_do_not_add_up_to() -> None:
    found = only(check(framework(pillar(criterion()), total_stated="20")))
    assert (found.kind, found.severity, found.code) == ("total", "error", "")
    assert found.numbers == {"stated": 20, "added": 10}


def test_a_pillar_of_bonus_points_does_not_count_towards_the_total() -> None:
    bonus = pillar(criterion(code="2.1"), code="2", outside_maximum=True)
    assert check(framework(pillar(criterion()), bonus)) == []


def test_framework_that_states_another_number_of_criteria() -> None:
    found = only(check(framework(pillar(criterion()), criteria_stated=3)))
    assert (found.kind, found.severity, found.code) == ("count", "error", "")
    assert found.numbers == {"stated": 3, "counted": 1}


def test_a_frame_is_added_up_by_what_its_pillars_state() -> None:
    """Where the text gives the pillars only, their own numbers are all that can be added up."""
    frame = framework(pillar(criteria_stated=4), criteria_stated=4)
    assert check(frame) == []
    found = only(check(framework(pillar(criteria_stated=4), criteria_stated=5)))
    assert (found.kind, found.numbers) == ("count", {"stated": 5, "added": 4})


def test_a_plan_without_any_maximum_is_not_added_up() -> None:
    row = criterion(max_points=None)
    assert check(framework(pillar(row, max_points=None), total_stated=None)) == []


def _parent(*points: str, **other: Any) -> dict[str, Any]:
    """A row that is the sum of child rows with these points."""
    children = [criterion(code=f"1.1.{n}", max_points=p, **other) for n, p in enumerate(points, 1)]
    return criterion({"type": "sum_of_children"}, variables={}, provider=None, children=children)


def test_child_rows_are_no_criteria_of_their_own() -> None:
    assert check(framework(pillar(_parent("4", "6"), criteria_stated=1), criteria_stated=1)) == []


def test_child_rows_that_do_not_add_up_to_their_parent() -> None:
    found = only(check(framework(pillar(_parent("4", "5")))))
    assert (found.kind, found.severity, found.code) == ("children_total", "error", "1.1")
    assert found.numbers == {"stated": 10, "added": 9}
    assert "4 + 5 = 9" in found.message


def test_child_rows_that_only_split_up_the_figures_of_their_row_are_not_added_up() -> None:
    child = criterion({"type": "untabled"}, code="1.1.1", variables={}, max_points=None)
    found = only(check_row(children=[child]))
    assert (found.kind, found.severity, found.code) == ("no_rule", "note", "1.1.1")


# rows


def test_figure_that_no_rule_uses() -> None:
    extra = {"label": "Số hồ sơ trả lại", "kind": "count"}
    found = only(check_row(variables={**VARIABLES, "c": extra}))
    assert (found.kind, found.severity) == ("unused_variable", "warning")
    assert "biến c (“Số hồ sơ trả lại”) không dùng đến" in found.message


def test_a_figure_that_only_the_corrected_rule_uses_is_used() -> None:
    corrected = {"type": "ratio", "of": "a / (b + c)"}
    erratum = {"kind": "substantive", "note": "Mẫu số sót c", "corrected": corrected}
    extra = {"label": "Số hồ sơ trả lại", "kind": "count"}
    assert "unused_variable" not in kinds(
        check_row(variables={**VARIABLES, "c": extra}, erratum=erratum)
    )


def test_row_without_a_rule() -> None:
    found = only(check_row({"type": "untabled"}, variables={}))
    assert (found.kind, found.severity) == ("no_rule", "warning")


def test_row_whose_figures_nobody_gives() -> None:
    found = only(check_row(provider=None))
    assert (found.kind, found.severity) == ("no_provider", "error")
    assert only(check_row({"type": "appraised"}, variables={}, provider=None)).kind == "no_provider"


def test_figures_with_providers_of_their_own_need_none_for_the_row() -> None:
    own = {name: {**each, "provider": {"leads": ["so-a"]}} for name, each in VARIABLES.items()}
    assert check_row(variables=own, provider=None) == []
    half = {"a": own["a"], "b": VARIABLES["b"]}
    assert only(check_row(variables=half, provider=None)).kind == "no_provider"


def test_child_row_without_a_provider_under_a_row_that_names_one() -> None:
    parent = _parent("10", provider=None)
    found = only(check(framework(pillar({**parent, "provider": {"leads": ["so-a"]}}))))
    assert (found.kind, found.severity, found.code) == ("no_provider", "note", "1.1.1")
    assert only(check(framework(pillar(parent)))).severity == "error"


def _two_rows(**second: Any) -> Framework:
    rows = [criterion(evidence="Quyết định"), criterion(code="1.2", **second)]
    return of_rows(*rows)


def test_row_without_evidence_where_the_framework_asks_for_it() -> None:
    found = only(check(_two_rows()))
    assert (found.kind, found.severity, found.code) == ("no_evidence", "note", "1.2")
    assert check(_two_rows(evidence="Kế hoạch")) == []


def test_a_row_with_child_rows_is_asked_for_nothing_itself() -> None:
    assert check(framework(pillar(_parent("4", "6", evidence="Quyết định")))) == []


def test_the_gravest_findings_come_first() -> None:
    rows = [
        criterion({**RATIO, "full_at": "100%", "below": "zero"}, max_points="5"),
        criterion({"type": "untabled"}, code="1.2", max_points="5", variables={}),
        criterion(code="1.3", max_points="5", provider=None),
    ]
    found = check(framework(pillar(*rows)))
    assert [(f.severity, f.code) for f in found] == [
        ("error", "1"),
        ("error", "1.3"),
        ("warning", "1.2"),
        ("note", "1.1"),
    ]
    assert {f.framework for f in found} == {"d/so"}


# codes


def test_rows_that_are_not_numbered_one_after_another() -> None:
    found = only(check(of_rows(criterion(), criterion(code="1.3"))))
    assert (found.kind, found.severity, found.code) == ("numbering", "warning", "1.3")
    assert "đứng ở chỗ của mục 1.2" in found.message
    assert check(of_rows(criterion(), criterion(code="1.2"))) == []


def test_pillar_that_is_numbered_unlike_the_others() -> None:
    def numbered(first: str, third: str) -> list[Finding]:
        pillars = [
            pillar(criterion(), code=first),
            pillar(criterion(code="2.1"), code="2"),
            pillar(criterion(code="3.1"), code=third),
        ]
        return check(framework(*pillars, total_stated="30"))

    assert numbered("1", "3") == []
    style = only(numbered("I", "3"))
    assert (style.kind, style.severity, style.code) == ("numbering", "note", "I")
    jump = one(numbered("1", "4"), "numbering")
    assert (jump.severity, jump.code) == ("warning", "4")
