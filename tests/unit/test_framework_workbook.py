"""A framework goes out as a workbook and comes back the same; what is wrong is told by cell."""

import shutil
import subprocess
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dti_core.framework.dump import dump_decree, dump_framework
from dti_core.framework.load import SHIPPED, framework_ids, load_framework
from dti_core.framework.sheets.layout import HEAD, TABLES
from dti_core.intake.framework_workbook import read_framework
from reports.framework_workbook import framework_workbook
from tests.unit.framework_workbooks import HEADINGS, SAMPLE, Edited, same

NAMES = [HEAD.name, *(sheet.name for sheet in TABLES)]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTI_HOME", str(tmp_path / "home"))


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path / "bo-chi-so.xlsx")


# what goes out comes back


@pytest.mark.parametrize("framework_id", framework_ids())
def test_every_framework_comes_back_as_it_went_out(framework_id: str, tmp_path: Path) -> None:
    framework = load_framework(framework_id)
    path = tmp_path / "bo-chi-so.xlsx"
    path.write_bytes(framework_workbook(framework))
    read = read_framework(path)
    assert same(read, framework)
    assert dump_framework(read) == dump_framework(framework)
    assert framework_workbook(framework) == path.read_bytes(), "the same bytes every time"


def test_the_sample_that_ships_is_what_the_workbook_gives(edited: Edited) -> None:
    read = edited.read()
    folder = SHIPPED / SAMPLE.partition("/")[0]
    assert (folder / "so.yaml").read_text(encoding="utf-8") == dump_framework(read)
    assert (folder / "decree.yaml").read_text(encoding="utf-8") == dump_decree(read.decree)


def test_the_sample_says_everywhere_that_it_is_invented() -> None:
    framework = load_framework(SAMPLE)
    names = [each.name for each in (*framework.information, *framework.pillars, *framework.rows)]
    titles = [framework.title, framework.decree.title, framework.decree.number]
    assert all(text.endswith(" (MẪU)") for text in (*names, *titles))
    assert "cho đến khi tỉnh cung cấp Phụ lục II–V" in framework.decree.source
    frame = load_framework("vinh-long-2554/so")
    stated = [(p.code, f"{p.name} (MẪU)", p.max_points, p.criteria_stated) for p in frame.pillars]
    assert stated == [(p.code, p.name, p.max_points, len(p.criteria)) for p in framework.pillars]


@pytest.mark.tools
def test_a_copy_that_libreoffice_saved_comes_back_the_same(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("không có LibreOffice (soffice) trên máy này")
    for framework_id in (SAMPLE, "vinh-phuc-2074/so"):
        framework = load_framework(framework_id)
        path, saved = tmp_path / "bo-chi-so.xlsx", tmp_path / "saved"
        path.write_bytes(framework_workbook(framework))
        profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "xlsx"]
        run = subprocess.run(
            [*command, "--outdir", str(saved), str(path)],
            check=True,
            capture_output=True,
            text=True,
            timeout=180,
        )
        if not (saved / path.name).exists() and "could not be loaded" in run.stderr:
            pytest.skip("LibreOffice trên máy này không có Calc (libreoffice-calc)")
        assert same(read_framework(saved / path.name), framework)


# what a hand may do without harm


def test_moved_and_inserted_columns_blank_rows_and_moved_sheets_do_no_harm(edited: Edited) -> None:
    book = edited.book
    page = book["Tiêu chí"]
    page.insert_cols(2, 2)  # beside the codes, and filled with remarks
    page.cell(HEADINGS, 2).value = "Ghi chú của tôi"
    page.cell(HEADINGS + 1, 2).value = "xem lại"
    page.insert_rows(HEADINGS + 3, 4)
    page.insert_rows(1)  # a line above the headings
    levels = book["Mức điểm"]
    last = levels.max_column
    for row in range(HEADINGS, levels.max_row + 1):  # the share before the bounds
        first = levels.cell(row, 5).value
        levels.cell(row, 5).value = levels.cell(row, last - 1).value
        levels.cell(row, last - 1).value = first
    book.move_sheet("Sai sót", -5)
    book.create_sheet("Nháp", 0)["A1"] = "Việc cần làm"
    book["Cơ quan"].title = "  cơ  QUAN "
    assert same(edited.read(), load_framework(SAMPLE))


def test_stray_spaces_and_other_spellings_of_the_same_do_no_harm(edited: Edited) -> None:
    edited.put("Tiêu chí", "1.1", "Loại quy tắc", "  theo   TRẠNG thái ")
    edited.put("Tiêu chí", "2.4", "Ngưỡng", 0.9)
    edited.at("Tiêu chí", "2.4", "Ngưỡng").number_format = "0%"
    edited.put("Tiêu chí", "2.6", "Điểm mỗi cái", " 3,75 ")
    edited.put("Tiêu chí", "2.7", "Cơ quan chủ trì", "Sở  Tài chính")
    edited.put("Tiêu chí", "4.3", "Số liệu hoặc phép tính", "a / b ")
    edited.put("Tiêu chí", "1.2", "Mã mục", " 1.2 ")
    edited.put("Số liệu", "6.17", "Ký hiệu", " duoc_cong_nhan\u200b")
    edited.put("Mức điểm", "1.1", "Phần của điểm tối đa", 0.5, nth=1)
    edited.put("Mức điểm", "1.1", "Trạng thái", "Chưa có Ban chỉ đạo", nth=2)
    edited.put("Phần của quy tắc", "6.15", "Trọng số", "0,4")
    edited.put("Chỉ số chính", "1", "Điểm tối đa", "40")
    for row in edited.book["Văn bản"].iter_rows(min_row=HEADINGS + 1):
        if row[0].value == "Ngày ban hành":
            row[1].value = datetime(2022, 12, 6)
    assert same(edited.read(), load_framework(SAMPLE))


def test_a_code_that_became_a_number_is_taken_where_it_can_be_but_one(edited: Edited) -> None:
    edited.put("Tiêu chí", "1.1", "Mục trong văn bản", 1.1)
    edited.put("Tiêu chí", "1.1", "Mã mục", 1.1)  # the pillar has five rows: no 1.10
    edited.put("Số liệu", "1.1", "Mục", 1.1)
    edited.put("Số liệu", "5.9", "Mục", 5.9, nth=1)
    edited.put("Chỉ số chính", "6", "Mã chỉ số chính", 6)
    edited.put("Tiêu chí", "6.1", "Chỉ số chính", 6)
    ten = edited.at("Tiêu chí", "5.10", "Mã mục")
    ten.value, ten.number_format = 5.1, "0.00"  # shown as 5.10
    assert same(edited.read(), load_framework(SAMPLE))


def test_a_criterion_that_is_added_by_hand_is_read(edited: Edited) -> None:
    page = edited.book["Tiêu chí"]
    page.append([])
    row = page.max_row + 1
    headings = {cell.value: cell.column for cell in page[HEADINGS]}
    for heading, value in {
        "Mã mục": "6.21",
        "Tên tiêu chí": "Dòng thêm",
        "Chỉ số chính": "6",
        "Điểm tối đa": "12,5",
        "Loại quy tắc": "Có thì tối đa",
        "Số liệu hoặc phép tính": "x",
        "Nguồn số liệu": "Đơn vị được đánh giá",
    }.items():
        page.cell(row, headings[heading]).value = value
    figures = edited.book["Số liệu"]
    for column, value in enumerate(["6.21", "x", "Đã làm", "Có hoặc không"], 1):
        figures.cell(figures.max_row + (column == 1), column).value = value
    added = edited.read().by_code["6.21"]
    assert (added.max_points, added.rule.type) == (Fraction(25, 2), "flag")
    assert added.variables["x"].label == "Đã làm"


# how it looks


def test_codes_are_texts_and_lists_stand_where_words_are_chosen(edited: Edited) -> None:
    book = load_workbook(edited.path)
    assert book.sheetnames == ["Hướng dẫn", *NAMES, "_lists"]
    assert book["_lists"].sheet_state == "hidden"
    page = book["Tiêu chí"]
    assert page.freeze_panes == "C4"
    assert page.page_setup.orientation == "landscape"
    assert all(page.cell(row, 1).number_format == "@" for row in range(4, page.max_row + 1))
    assert isinstance(page["E4"].value, int)
    lists = {str(each.sqref).split(":")[0]: each for each in page.data_validations.dataValidation}
    assert {"C4", "D4", "G4", "J4", "M4", "O4"} <= set(lists)
    assert lists["G4"].formula1.startswith("'_lists'!")
