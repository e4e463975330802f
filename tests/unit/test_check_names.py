"""The checker on one appendix: two things alike, one thing in two ways, documents that disagree."""

from typing import Any

import pytest

from dti_core.framework.check import Finding, check
from dti_core.framework.model import Framework
from tests.unit.small_frameworks import criterion, kinds, of_rows, only

# one appendix, two things alike


@pytest.mark.parametrize(
    ("second", "alike"),
    [
        ("Có chuyên mục về chuyển đổi số", True),
        ("Có chuyên mục về CĐS.", True),
        ("Có chuyên trang về chuyển đổi số", False),
    ],
)
def test_two_criteria_with_one_name(second: str, alike: bool) -> None:
    first = "Có chuyên mục về chuyển đổi số"
    found = check(of_rows(criterion(name=first), criterion(code="1.2", name=second)))
    assert kinds(found) == ({"same_name"} if alike else set())
    if alike:
        assert (only(found).severity, only(found).code) == ("warning", "1.2")
        assert "Mục 1.1 và mục 1.2 cùng tên" in only(found).message
        assert (f"(mục 1.1: “{first}”)" in only(found).message) == (first != second)


def test_child_rows_of_different_rows_may_have_one_name() -> None:
    def parent(code: str, *names: str) -> dict[str, Any]:
        children = [
            criterion(code=f"{code}.{n}", name=name, max_points=10 // len(names))
            for n, name in enumerate(names, 1)
        ]
        return criterion(
            {"type": "sum_of_children"},
            code=code,
            variables={},
            name=f"Kênh {code}",
            children=children,
        )

    assert check(of_rows(parent("1.1", "Cổng", "Ứng dụng"), parent("1.2", "Cổng"))) == []
    assert kinds(check(of_rows(parent("1.1", "Cổng", "Cổng")))) == {"same_name"}


def _two_rows(first: dict[str, Any], second: dict[str, Any]) -> Framework:
    """Two rows, each of one figure."""
    rule = {"type": "per_item", "of": "x", "each": 1}
    base = {"label": "Số mục", "kind": "count"}
    return of_rows(
        criterion(rule, variables={"x": {**base, **first}}),
        criterion(rule, code="1.2", variables={"x": {**base, **second}}),
    )


def test_one_label_measured_in_two_units() -> None:
    money = {"label": "Tổng chi ngân sách nhà nước", "kind": "money", "unit": "tỷ đồng"}
    other = {**money, "label": "Tổng chi NSNN", "unit": "triệu đồng"}
    found = only(check(_two_rows(money, other)))
    assert (found.kind, found.severity, found.code) == ("label_units", "warning", "1.2")
    assert "số tiền (tỷ đồng)" in found.message
    assert "số tiền (triệu đồng)" in found.message
    assert check(_two_rows(money, {**other, "unit": "tỷ đồng"})) == []


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ({"label": "Tổng dân số"}, {"label": "Tổng số người dân trên địa bàn"}, False),
        ({"label": "Tổng dân số"}, {"label": "Tổng dân số", "unit": "người"}, False),
        ({"label": "Dân số", "unit": "người"}, {"label": "Tổng dân số", "unit": "người"}, False),
        ({"label": "Tổng dân số", "unit": "hộ"}, {"label": "Tổng dân số", "unit": "người"}, True),
        ({"label": "Tổng dân số"}, {"label": "Tổng dân số từ 15 tuổi trở lên"}, True),
        ({"label": "Tổng số hộ gia đình"}, {"label": "Tổng số doanh nghiệp"}, True),
        ({"label": "Số thôn"}, {"label": "Số tổ công nghệ"}, True),
        ({"label": "Tổng số công chức"}, {"label": "Tổng số công chức, viên chức"}, True),
        ({"label": "Cán bộ tại cơ quan"}, {"label": "Cán bộ trên địa bàn huyện"}, True),
        ({"label": "Tổng chi", "kind": "money"}, {"label": "Tổng chi", "kind": "count"}, True),
    ],
)
def test_one_quantity_with_two_meanings(
    first: dict[str, Any], second: dict[str, Any], differ: bool
) -> None:
    same = {"quantity": "mot-so-lieu"}
    found = kinds(check(_two_rows({**same, **first}, {**same, **second}))) - {"label_units"}
    assert found == ({"quantity_differs"} if differ else set())


def test_a_figure_of_the_general_information_is_compared_too() -> None:
    information = {
        "code": "1",
        "name": "Số lượng dân số",
        "kind": "count",
        "quantity": "dan-so",
        "citation": {"decree": "1/QĐ-UBND", "row": "I.1"},
    }
    narrow = {"label": "Tổng dân số từ 15 tuổi", "kind": "count", "quantity": "dan-so"}
    row = criterion({"type": "per_item", "of": "x", "each": 1}, variables={"x": narrow})
    found = only(check(of_rows(row, information=[information])))
    assert (found.kind, found.code) == ("quantity_differs", "1.1")
    assert "mục I.1 là “Số lượng dân số”" in found.message
    assert "(không giới hạn khác người từ 15 tuổi trở lên)" in found.message


# cited documents


def _cited(first: str, second: str = "x") -> list[Finding]:
    return check(of_rows(criterion(evidence=first), criterion(code="1.2", evidence=second)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Quyết định số 749/QĐ-TTg ngày 03/6/2020", "Quyết định 749/QĐ-TTg ngày 3/6/2021"),
        ("Thông tư số 12/2022/TT-BTTTT", "Thông tư số 12/2021/TT-BTTTT"),
        ("Quyết định 749/QĐ-TTg ngày 03/6/2020", "Quyết định 794/QĐ-TTg ngày 03/6/2020"),
        ("Quyết định 749/QĐ-TTg ngày 03/6/2020", "Quyết định 748/QĐ-TTg ngày 03/6/2020"),
        ("x", "Thông tư số 03/2017/TT-BTTTT ngày 24/4/2018"),
        ("x", "Quyết định số 749/QĐ-TTg ngày 31/6/2020"),
        ("x", "Nghị quyết số 13-NQ/TU ngày 01 tháng 10 năm 2025"),
        ("x", "Quyết định số 1/QĐ-UBND ngày 02/01/2024"),
    ],
)
def test_documents_that_disagree(first: str, second: str) -> None:
    found = only(_cited(first, second))
    assert (found.kind, found.severity, found.code) == ("document_dates", "warning", "1.2")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Quyết định số 749/QĐ-TTg ngày 03/6/2020", "749/QĐ-TTg, ngày 03 tháng 6 năm 2020"),
        ("Thông tư số 03/2017/TT-BTTTT ngày 24/4/2017", "Thông tư 03/2017/TT- BTTTT"),
        ("Quyết định 749/QĐ-TTg ngày 03/6/2020", "Quyết định 749/QĐ-BTTTT ngày 03/6/2021"),
        ("Quyết định 749/QĐ-TTg ngày 03/6/2020", "Quyết định 942/QĐ-TTg ngày 15/6/2021"),
        ("Quyết định 749/QĐ-TTg ngày 03/6/2020", "Quyết định 785/QĐ-TTg ngày 03/6/2020"),
        ("Quyết định 749/QĐ-TTg ngày 03/6/2020", "Quyết định 947/QĐ-TTg ngày 03/6/2020"),
        ("Quyết định 12/QĐ-TTg ngày 03/6/2020", "Quyết định 13/QĐ-TTg ngày 03/6/2020"),
        ("Quyết định 749/QĐ-TTg ngày 03/6/2020", "Quyết định 1749/QĐ-TTg ngày 03/6/2020"),
        ("Quyết định số 1/QĐ-UBND ngày 01/01/2024", "1/2 điểm, 24/4 tài liệu, 5/10 bản"),
    ],
)
def test_documents_that_agree(first: str, second: str) -> None:
    assert _cited(first, second) == []


def test_both_dates_of_a_document_are_told() -> None:
    (found,) = _cited("749/QĐ-TTg ngày 03/6/2020", "749/QĐ-TTg ngày 03/6/2021")
    assert "749/QĐ-TTg mang hai ngày: 03/06/2020 (mục 1.1) và 03/06/2021" in found.message


def test_a_document_in_the_general_information_is_read_too() -> None:
    information = {
        "code": "1",
        "name": "Số lượng hệ thống thông tin",
        "kind": "count",
        "note": "Theo Thông tư số 03/2017/TT-BTTTT ngày 24/4/2018",
        "citation": {"decree": "1/QĐ-UBND", "row": "I.1"},
    }
    found = only(check(of_rows(criterion(), information=[information])))
    assert (found.kind, found.code) == ("document_dates", "I.1")
