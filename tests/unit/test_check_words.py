"""The checker on one row's words: what its halves count, what its name says of its figures."""

from typing import Any

import pytest

from dti_core.framework.check.words import content, says, without_brackets, words
from tests.unit.small_frameworks import (
    RATIO,
    check_figures,
    check_row,
    kinds,
    one,
    only,
)

PEOPLE = "người"


def _figures(a: str, b: str, unit: str | None = None) -> dict[str, Any]:
    return {
        "a": {"label": a, "kind": "count", "unit": unit},
        "b": {"label": b, "kind": "count", "unit": unit},
    }


# numerator and denominator alike


@pytest.mark.parametrize("metric", ["a / a", "(a + b) / (b + a)", "a * 2 / (a * 2)"])
def test_one_expression_over_itself(metric: str) -> None:
    found = one(check_row({"type": "ratio", "of": metric}), "same_expression")
    assert (found.severity, found.numbers) == ("error", {"ratio": 1})


@pytest.mark.parametrize("metric", ["a / b", "a / (a + b)"])
def test_a_part_over_a_sum_that_holds_it_is_no_fault(metric: str) -> None:
    assert check_row({"type": "ratio", "of": metric}) == []


@pytest.mark.parametrize(
    ("top", "bottom"),
    [
        ("Số hồ sơ", "Số hồ sơ"),
        ("Số hồ sơ", "Tổng số hồ sơ"),
        ("Số hồ sơ", "SỐ LƯỢNG HỒ SƠ"),
        ("Tổng hồ sơ được xử lý (kể cả trả lại)", "Tổng số hồ sơ xử lý."),
        ("Số TTHC", "Tổng số thủ tục hành chính"),
        ("Hồ sơ hoà giải", "Tổng số hồ sơ hòa giải"),
    ],
)
def test_numerator_and_denominator_that_are_called_alike(top: str, bottom: str) -> None:
    found = only(check_row(variables=_figures(top, bottom)))
    assert (found.kind, found.severity) == ("same_label", "warning")
    assert "tử số a và mẫu số b" in found.message


def test_digital_firms_are_not_called_like_all_firms() -> None:
    assert check_row(variables=_figures("Số doanh nghiệp số", "Tổng số doanh nghiệp")) == []


def test_a_kind_over_that_kind_and_another_may_be_called_alike() -> None:
    """2074/QĐ-UBND, Phụ lục 1, mục 6.9: processed online / (processed online + on paper)."""
    figures = {
        "a": "Tổng hồ sơ được xử lý trên mạng",
        "b": "Tổng hồ sơ xử lý trên mạng",
        "c": "Tổng hồ sơ xử lý trực tiếp",
    }
    assert check_figures({"type": "ratio", "of": "a / (b + c)"}, figures) == set()


def test_two_figures_of_one_row_with_one_name() -> None:
    label = {"label": "Số nền tảng số", "kind": "count"}
    part = {"weight": "1/2", "rule": RATIO}
    other = {"weight": "1/2", "rule": {"type": "ratio", "of": "c / d"}}
    rule = {"type": "parts", "parts": [part, other]}
    variables = {
        "a": {"label": "Số nền tảng số dùng chung", "kind": "count"},
        "b": label,
        "c": {"label": "Số nền tảng số dùng AI", "kind": "count"},
        "d": label,
    }
    assert kinds(check_row(rule, variables=variables)) == {"label_twice"}
    once = {**label, "quantity": "nen-tang-so"}
    assert check_row(rule, variables={**variables, "b": once, "d": once}) == []


# a denominator that does not contain its numerator


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Số người dân trong độ tuổi lao động được tập huấn", "Tổng dân số"),
        ("Số người lao động được tập huấn", "Tổng dân số"),
        ("Số người dân trưởng thành có điện thoại thông minh", "Tổng dân số"),
        ("Số cán bộ, công chức có máy tính", "Tổng cán bộ, công chức, viên chức"),
    ],
)
def test_denominator_that_counts_more_people_than_the_numerator_could(a: str, b: str) -> None:
    found = only(check_row(variables=_figures(a, b, PEOPLE)))
    assert (found.kind, found.severity) == ("denominator_wider", "warning")
    assert "tỷ lệ không lên tới 100 %, không ai được trọn 10 điểm" in found.message


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Số người có chữ ký số", "Tổng dân số từ 15 tuổi trở lên"),
        ("Số người từ 15 tuổi trở lên có tài khoản", "Tổng dân số từ 18 tuổi trở lên"),
        ("Số công chức, viên chức, hợp đồng chuyên trách", "Tổng số công chức, viên chức"),
    ],
)
def test_numerator_that_counts_people_whom_the_denominator_leaves_out(a: str, b: str) -> None:
    found = only(check_row(variables=_figures(a, b, PEOPLE)))
    assert (found.kind, found.severity) == ("denominator_misses", "warning")
    assert "tỷ lệ có thể vượt 100 %" in found.message


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Số người lao động được tập huấn", "Tổng số người trong độ tuổi lao động"),
        ("Số người từ 15 tuổi trở lên có tài khoản", "Tổng dân số từ 15 tuổi trở lên"),
        ("Số người dân có danh tính số", "Tổng dân số"),
        ("Số cán bộ, công chức, viên chức có chữ ký số", "Tổng cán bộ công chức, viên chức"),
        ("Số cán bộ chuyên trách được tập huấn", "Tổng cán bộ, công chức, viên chức"),
    ],
)
def test_people_over_all_such_people_are_no_fault(a: str, b: str) -> None:
    assert check_row(variables=_figures(a, b, PEOPLE)) == []


def test_computers_of_some_people_over_all_computers_are_no_fault() -> None:
    """2074/QĐ-UBND, Phụ lục 1, mục 5.4: the machines are contained, whoever uses them."""
    a, b = "Số máy tính của cán bộ, công chức được cài đặt", "Tổng số máy tính của đơn vị"
    assert check_row(variables=_figures(a, b, "máy tính")) == []


def test_exclusion_that_only_one_half_makes() -> None:
    a, b = "Số hồ sơ xử lý trên mạng", "Tổng số hồ sơ công việc"
    secret = " (trừ hồ sơ mật)"
    wider = only(check_row(variables=_figures(a + secret, b)))
    assert wider.kind == "denominator_wider"
    assert "sau khi trừ “hồ sơ mật”" in wider.message
    assert only(check_row(variables=_figures(a, b + secret))).kind == "denominator_misses"
    assert check_row(variables=_figures(a + secret, b + " (không bao gồm hồ sơ mật)")) == []
    unknown = only(check_row(variables=_figures("Số phiếu" + secret, "Tổng số phiếu tốt")))
    assert unknown.kind == "denominator_wider"
    both = " (gồm cả trực tuyến và không trực tuyến)"
    assert check_row(variables=_figures(a, b + both)) == []


def test_part_of_the_reports_and_of_the_firms() -> None:
    reports = _figures("Số báo cáo được gửi", "Tổng số báo cáo định kỳ", "báo cáo")
    assert kinds(check_row(variables=reports)) == {"denominator_misses"}
    firms = _figures("Số doanh nghiệp nhỏ và vừa", "Tổng số doanh nghiệp", "doanh nghiệp")
    assert kinds(check_row(variables=firms)) == {"denominator_wider"}


@pytest.mark.parametrize(
    ("top", "bottom", "found"),
    [
        ("người", "hộ", {"denominator_kind"}),
        ("doanh nghiệp", "đơn vị", {"denominator_kind"}),
        ("máy", "máy tính", set()),
        ("việc gì đó", "việc khác", set()),
    ],
)
def test_units_of_numerator_and_denominator(top: str, bottom: str, found: set[str]) -> None:
    figures = {"a": ("Số a đạt yêu cầu", top), "b": ("Tổng số b", bottom)}
    assert check_figures(RATIO, figures) == found


def test_without_units_the_first_words_of_the_labels_tell_the_thing() -> None:
    figures = {"a": "Số lượng doanh nghiệp nộp thuế", "b": "Tổng số hộ gia đình"}
    assert check_figures(RATIO, figures) == {"denominator_kind"}
    figures["b"] = "Tổng số doanh nghiệp"
    assert check_figures(RATIO, figures) == set()


def test_an_average_under_a_cap_is_a_note_and_a_density_nothing() -> None:
    figures = {"a": ("Số giao dịch", "giao dịch"), "b": ("Số bưu gửi", "bưu gửi")}
    variables = {n: {"label": t[0], "kind": "count", "unit": t[1]} for n, t in figures.items()}
    free = only(check_row(variables=variables))
    capped = only(check_row({**RATIO, "full_at": "5%", "below": "scaled"}, variables=variables))
    assert (free.severity, capped.severity) == ("warning", "note")
    density = {"type": "relative_to_best", "of": "a / b", "peers": "group"}
    assert check_row(density, variables=variables) == []


def test_sums_are_compared_as_a_whole() -> None:
    figures = {
        "a": ("Số người dân hài lòng", "người"),
        "b": ("Số doanh nghiệp hài lòng", "doanh nghiệp"),
        "c": ("Số người dân đánh giá", "người"),
        "d": ("Số doanh nghiệp đánh giá", "doanh nghiệp"),
    }
    assert check_figures({"type": "ratio", "of": "(a + b) / (c + d)"}, figures) == set()
    adults = {**figures, "a": ("Số người trưởng thành hài lòng", "người")}
    assert check_figures({"type": "ratio", "of": "(a + b) / (c + d)"}, adults) == set()
    del figures["d"]
    assert check_figures({"type": "ratio", "of": "(a + b) / c"}, figures) == {"denominator_kind"}


@pytest.mark.parametrize("metric", ["a / (b - c)", "a * 2 / b", "(b - a) / b", "a / 12"])
def test_a_half_that_does_more_than_add_is_not_judged(metric: str) -> None:
    figures = {
        "a": ("Số người có chữ ký số", PEOPLE),
        "b": ("Tổng dân số từ 15 tuổi trở lên", PEOPLE),
        "c": ("Số người trên 60 tuổi", PEOPLE),
    }
    found = check_figures({"type": "ratio", "of": metric, "full_at": 1, "below": "scaled"}, figures)
    assert found <= {"unused_variable"}


@pytest.mark.parametrize(("unit", "found"), [("triệu đồng", {"unit_differs"}), ("tỷ đồng", set())])
def test_money_over_money_in_another_unit(unit: str, found: set[str]) -> None:
    variables = {
        "a": {"label": "Chi cho chuyển đổi số", "kind": "money", "unit": unit},
        "b": {"label": "Tổng chi ngân sách", "kind": "money", "unit": "tỷ đồng"},
    }
    assert kinds(check_row(variables=variables)) == found


# a name that speaks of others than its figures


@pytest.mark.parametrize(
    ("name", "a", "b", "found"),
    [
        (
            "Tỷ lệ dân số trưởng thành có chữ ký số",
            "Số người từ 15 tuổi trở lên có chữ ký số",
            "Tổng dân số từ 15 tuổi trở lên",
            True,
        ),
        (
            "Tỷ lệ dân số từ 15 tuổi có chữ ký số",
            "Số người từ 15 tuổi trở lên có chữ ký số",
            "Tổng dân số từ 15 tuổi trở lên",
            False,
        ),
        (
            "Mức độ hài lòng của người dân, doanh nghiệp",
            "Số người dân hài lòng",
            "Số người dân tham gia đánh giá",
            True,
        ),
        (
            "Mức độ hài lòng của người dân",
            "Số người dân hài lòng",
            "Số người dân tham gia đánh giá",
            False,
        ),
        (
            "Tỷ lệ người dự họp (không bao gồm khách mời)",
            "Số người dự họp",
            "Số người được mời họp",
            True,
        ),
    ],
)
def test_name_that_speaks_of_others_than_the_figures(
    name: str, a: str, b: str, found: bool
) -> None:
    told = kinds(check_row(name=name, variables=_figures(a, b, PEOPLE)))
    assert told == ({"name_differs"} if found else set())


def test_what_name_and_figures_say_is_told() -> None:
    name = "Tỷ lệ người trưởng thành có chữ ký số"
    found = only(check_row(name=name, variables=_figures("Số người ký", "Tổng dân số", PEOPLE)))
    assert "Tên mục 1.1 nói người trưởng thành, các số liệu ghi mọi lứa tuổi" in found.message


# words


def test_words_are_compared_without_case_signs_spelling_and_abbreviations() -> None:
    assert words("Hằng năm; CẤP UỶ (TTHC)") == words("hàng năm cấp ủy thủ tục hành chính")
    assert words("hoa") != words("hòa")
    assert content("Tổng số lượng các hồ sơ đã được xử lý") == content("Hồ sơ xử lý")


def test_brackets_are_left_out_even_where_one_is_missing() -> None:
    assert without_brackets("a (b (c) d) e").split() == ["a", "e"]
    assert without_brackets("a) b (c").split() == ["a", "b"]


def test_an_expression_is_found_word_by_word() -> None:
    assert says("đơn vị có 0 tin bài", "0 tin bài")
    assert not says("đơn vị có 10 tin bài", "0 tin bài")
