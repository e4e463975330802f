"""What is wrong in a framework's workbook is told by its cell, all of it at once."""

from datetime import datetime
from pathlib import Path

import pytest

from dti_core.framework.sheets.layout import HEAD, TABLES
from dti_core.intake.framework_workbook import BrokenFrameworkWorkbook, read_framework
from dti_core.intake.framework_workbook.book import UnreadableFile
from tests.unit.framework_workbooks import HEADINGS, Edited

NAMES = [HEAD.name, *(sheet.name for sheet in TABLES)]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTI_HOME", str(tmp_path / "home"))


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path / "bo-chi-so.xlsx")


Edit = tuple[str, str, str, object] | tuple[str, str, str, object, int]
"""sheet, code of the row, heading, what is typed, which of the rows with that code"""

RULES, FIGURES, LEVELS, PARTS = "Tiêu chí", "Số liệu", "Mức điểm", "Phần của quy tắc"
EXPRESSION = "Số liệu hoặc phép tính"

# what is typed → the cell that is named, what is told of it
MISTAKES: dict[str, tuple[list[Edit], str, str]] = {
    "rule type unknown": (
        [(RULES, "1.1", "Loại quy tắc", "Theo trang thai")],
        "G4",
        "mục 1.1: “Theo trang thai” không có trong danh sách. Có phải “Theo trạng thái”? Hãy chọn",
    ),
    "thousands or decimals": (
        [(RULES, "2.2", "Điểm tối đa", "1.000")],
        "E10",
        "mục 2.2: “1.000” có thể là 1 hoặc 1000. Hãy gõ lại theo đúng một trong hai cách viết đó.",
    ),
    "per cent or times": (
        [(RULES, "2.4", "Ngưỡng", 80)],
        "I12",
        "mục 2.4: “80” có thể là 80 % hoặc 8000 %. Hãy ghi kèm dấu phần trăm",
    ),
    "figure undeclared": (
        [(RULES, "2.4", EXPRESSION, "a / c")],
        "H12",
        "mục 2.4: quy tắc dùng số liệu “c” chưa khai báo. Hãy thêm một dòng ở trang “Số liệu”",
    ),
    "figure undeclared deep inside": (
        [(PARTS, "6.17", EXPRESSION, "a / c", 3)],
        "G19",
        "mục 6.17: quy tắc dùng số liệu “c” chưa khai báo.",
    ),
    "figure of another kind": (
        [(RULES, "2.1", EXPRESSION, "x"), (FIGURES, "2.1", "Loại số liệu", "Số đếm")],
        "H9",
        "mục 2.1: quy tắc “Có thì tối đa” cần “x” là số liệu loại “Có hoặc không”, không phải"
        " “Số đếm”.",
    ),
    "formula out of the vocabulary": (
        [(RULES, "2.4", EXPRESSION, "a ** b")],
        "H12",
        "mục 2.4: biểu thức 'a ** b' chỉ được dùng tên biến, số nguyên",
    ),
    "code twice": (
        [(RULES, "6.20", "Mã mục", "6.19")],
        "A56",
        "mục 6.19: mã “6.19” có hai lần, lần đầu ở ô A55.",
    ),
    "code in doubt": (
        [(RULES, "5.1", "Mã mục", 5.1)],
        "A27",
        "mục 5.1: bảng tính đã đổi mã thành số 5,1, có thể là “5.1” hoặc “5.10”. Hãy định dạng ô"
        " là Văn bản (Text) rồi gõ lại mã.",
    ),
    "code became a day": (
        [(RULES, "1.2.1", "Mã mục", datetime(2001, 2, 1))],
        "A6",
        "bảng tính đã đổi nội dung thành ngày giờ “01/02/2001 00:00”. Hãy định dạng ô là Văn bản",
    ),
    "step without a share": (
        [(LEVELS, "5.5", "Phần của điểm tối đa", None, 1)],
        "I25",
        "mục 5.5: thiếu “Phần của điểm tối đa”. Hãy ghi phần điểm của mức này, ví dụ 1/2.",
    ),
    "step with two lower ends": (
        [(LEVELS, "5.5", "Trên (>)", "1", 1)],
        "F25",
        "mục 5.5: một mức chỉ có một cận dưới.",
    ),
    "state unknown": (
        [(LEVELS, "1.1", "Trạng thái", "cap-truong")],
        "D4",
        "mục 1.1: trạng thái “cap-truong” không có ở cột “Các trạng thái” của trang “Số liệu”.",
    ),
    "agency unknown": (
        [(RULES, "2.5", "Cơ quan chủ trì", "so-ttt")],
        "T13",
        "mục 2.5: “so-ttt” không phải mã hay tên cơ quan nào ở trang “Cơ quan”. Có phải “so-tttt”?",
    ),
    "row of no criterion": (
        [(FIGURES, "6.20", "Mục", "6.99")],
        "A90",
        "mục 6.99, số liệu a: trang “Tiêu chí” không có mục “6.99”. Hãy sửa mã",
    ),
    "part that no rule asks for": (
        [(PARTS, "6.17", "Phần", "3.1", 3)],
        "C19",
        "mục 6.17: không có quy tắc nào cần dòng này.",
    ),
    "weight missing": (
        [(PARTS, "6.15", "Trọng số", None, 1)],
        "E15",
        "mục 6.15: thiếu “Trọng số”. Hãy ghi trọng số của phần",
    ),
    "threshold without what is below": (
        [(RULES, "2.4", "Dưới ngưỡng", None)],
        "J12",
        "mục 2.4: có ngưỡng nhưng chưa rõ dưới ngưỡng được bao nhiêu.",
    ),
    "column that the rule does not use": (
        [(RULES, "2.1", "Điểm mỗi cái", 5)],
        "N9",
        "mục 2.1: quy tắc “Có thì tối đa” không dùng cột “Điểm mỗi cái”.",
    ),
    "points left blank": (
        [(RULES, "2.1", "Điểm tối đa", None)],
        "E9",
        "mục 2.1: thiếu “Điểm tối đa”. Hãy ghi số điểm; nếu văn bản không nêu thì ghi “không nêu”.",
    ),
    "formula of the spreadsheet": (
        [(RULES, "2.1", "Điểm tối đa", "=10+5")],
        "E9",
        "mục 2.1: ô là công thức hoặc báo lỗi, phần mềm không lấy kết quả tính sẵn.",
    ),
    "parent with a rule of its own": (
        [(RULES, "2.2", "Mục cha", "2.1")],
        "G9",
        "mục 2.1: mục này có mục con 2.2 với quy tắc riêng. Hãy chọn “Cộng mục con”",
    ),
    "parents in a circle": (
        [(RULES, "1.2", "Mục cha", "1.2.1")],
        "C5",
        "mục 1.2: mục cha vòng trở lại chính mục này.",
    ),
    "nobody to ask": (
        [(RULES, "2.1", "Nguồn số liệu", None), (RULES, "2.1", "Cơ quan phối hợp", "so-tttt")],
        "T9",
        "mục 2.1: không rõ hỏi ai: cần “Cơ quan chủ trì” hoặc “Nguồn số liệu”.",
    ),
}


@pytest.mark.parametrize(("edits", "address", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_by_its_cell(
    edited: Edited, edits: list[Edit], address: str, told: str
) -> None:
    for edit in edits:
        edited.put(*edit)
    with pytest.raises(BrokenFrameworkWorkbook) as refusal:
        edited.read()
    named = [each for each in refusal.value.mistakes if each.address == address]
    assert any(told in str(each) for each in named), [*map(str, refusal.value.mistakes)]
    assert f"ô {address}" in str(refusal.value)
    assert str(refusal.value).startswith(f"Tệp {edited.path.name} có ")


def test_one_mistake_is_told_once_with_nothing_around_it(edited: Edited) -> None:
    edited.put("Tiêu chí", "2.4", "Loại quy tắc", "Tỷ lệ phần trăm")
    with pytest.raises(BrokenFrameworkWorkbook) as refusal:
        edited.read()
    assert [each.address for each in refusal.value.mistakes] == ["G12"]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_sheets(edited: Edited) -> None:
    """Also several in one row, and in rows that belong to it."""
    edited.put("Phần của quy tắc", "6.15", "Trọng số", "40 phần")
    edited.put("Tiêu chí", "6.15", "Điểm tối đa", "mười")
    edited.put("Tiêu chí", "6.15", "Cơ quan thẩm định", "so-x")
    edited.put("Số liệu", "6.15", "Loại số liệu", "Đếm", nth=1)
    edited.put("Tiêu chí", "2.4", "Số liệu hoặc phép tính", "a / c")
    edited.put("Chỉ số chính", "3", "Điểm tối đa", "sáu mươi")
    with pytest.raises(BrokenFrameworkWorkbook) as refusal:
        edited.read()
    assert [(each.sheet, each.address) for each in refusal.value.mistakes] == [
        ("Chỉ số chính", "C6"),
        ("Tiêu chí", "H12"),
        ("Tiêu chí", "E51"),
        ("Tiêu chí", "X51"),
        ("Số liệu", "D82"),
        ("Phần của quy tắc", "E14"),
    ]


@pytest.mark.parametrize("sheet", NAMES)
def test_a_sheet_that_was_deleted_is_missed_by_name_and_nothing_else(
    edited: Edited, sheet: str
) -> None:
    del edited.book[sheet]
    with pytest.raises(BrokenFrameworkWorkbook) as refusal:
        edited.read()
    [told] = map(str, refusal.value.mistakes)
    assert told.startswith(f"trang “{sheet}”: không có trang này. Hãy đặt lại đúng tên trang")


def test_a_column_that_was_deleted_or_doubled_is_named(edited: Edited) -> None:
    page = edited.book["Tiêu chí"]
    page.delete_cols(edited.at("Tiêu chí", "1.1", "Ngưỡng").column)
    page.cell(HEADINGS, page.max_column + 1).value = "Mục cha"
    with pytest.raises(BrokenFrameworkWorkbook) as refusal:
        edited.read()
    told = " | ".join(map(str, refusal.value.mistakes))
    assert "trang “Tiêu chí”: thiếu cột “Ngưỡng”. Hãy chèn lại cột" in told
    assert "trang “Tiêu chí”, ô AG3: cột “Mục cha” có hai lần." in told


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"khong phai bang tinh")
    (tmp_path / "a.ods").write_bytes(b"")
    for name, told in {
        "a.xlsx": "bị hỏng, có mật khẩu hoặc không phải bảng tính",
        "a.ods": "không phải .xlsx",
        "b.xlsx": "Không có tệp",
    }.items():
        with pytest.raises(UnreadableFile, match=told):
            read_framework(tmp_path / name)
