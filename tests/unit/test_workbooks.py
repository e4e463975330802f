"""Workbooks that go out and come back: what is typed is what is read, cell by cell."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dti_core.figures import Figure
from dti_core.framework.model import Variable
from dti_core.intake.answers import UnreadablePoints
from dti_core.intake.belonging import check_origin
from dti_core.intake.cells import CellValue, Unclear, read_cell
from dti_core.intake.fill import fill
from dti_core.intake.layout import KEY, META_SHEET
from dti_core.intake.submission import (
    Submitted,
    WrongWorkbook,
    appraisals_of,
    figures_of,
    replies_of,
)
from dti_core.intake.workbook import UnreadableWorkbook, Workbook, address, read_workbook
from dti_core.plausibility.flag import Flag
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import Item, Request, requests
from reports.workbooks.about_units import about_units_workbook
from reports.workbooks.appraisal import AppraisalRow, appraisal_workbook
from reports.workbooks.explanation import explanation_workbook
from reports.workbooks.own import own_workbook

UNIT, ABOUT = "so-tu-phap", "so-tttt"
PILLAR = "1. Nhận thức số"


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return load_round("vinh-phuc/2023-so")


@pytest.fixture(scope="module")
def asked(context: RoundContext) -> dict[str, Request]:
    return {request.provider: request for request in requests(context)}


@pytest.fixture
def own(context: RoundContext, asked: dict[str, Request], tmp_path: Path) -> Path:
    path = tmp_path / f"{UNIT}.xlsx"
    path.write_bytes(own_workbook(context, asked[UNIT], {}))
    return path


@pytest.fixture
def about(context: RoundContext, asked: dict[str, Request], tmp_path: Path) -> Path:
    path = tmp_path / f"{ABOUT}-ve-cac-don-vi.xlsx"
    path.write_bytes(about_units_workbook(context, asked[ABOUT], {}))
    return path


def _read(path: Path, context: RoundContext) -> Submitted:
    return figures_of(read_workbook(path), context, path.name)


def _variable(context: RoundContext, item: Item) -> Variable:
    return context.framework_of(item.unit).by_code[item.criterion].variables[item.variable]


def _answer(variable: Variable, number: int) -> tuple[object, object]:
    """(what an official types, what it means); `number` keeps the answers apart."""
    match variable.kind:
        case "flag":
            return number % 2 == 0, number % 2 == 0
        case "choice":
            key = list(variable.choices)[number % len(variable.choices)]
            return variable.choices[key], key
        case "percent":
            share = Fraction(9000 + number, 10_000)
            return share, share
        case "mean" | "money":
            value = Fraction(1_000 * number + 5, 10)
            return value, value
        case _:
            return number * 7, Fraction(number * 7)


def _edit(path: Path, change: Callable[[Book], None]) -> None:
    book = load_workbook(path, rich_text=True)
    change(book)
    book.save(path)


def test_every_figure_typed_by_a_unit_is_read_and_no_other(
    context: RoundContext, asked: dict[str, Request], own: Path
) -> None:
    typed, meant = {}, {}
    for number, item in enumerate(asked[UNIT].asked(own=True), 1):
        key = f"{item.criterion}|{item.variable}"
        typed[key, "value"], meant[item.key] = _answer(_variable(context, item), number)
    fill(own, typed)
    read = _read(own, context)
    given = [figure for figure in read.figures if figure.status == "given"]
    assert {figure.key: figure.value for figure in given} == meant
    assert read.questions == ()
    assert (read.self_points, read.information, read.evidence, read.notes) == ({}, {}, {}, {})


def test_a_quantity_is_asked_once_and_taken_wherever_it_occurs(
    asked: dict[str, Request], context: RoundContext, own: Path
) -> None:
    """The staff of the unit: 3.2 asks, 4.4 and 7.1 to 7.3 take it over; its information systems:
    the general information asks, 5.5 takes it over."""
    same = {(code, name): at[1:] for (_, code, name), at in asked[UNIT].same.items()}
    assert same == {
        **{(code, "b"): ("3.2", "b") for code in ("4.4", "7.1", "7.2", "7.3")},
        ("5.5", "b"): ("info", "1.8"),
    }
    fill(own, {("3.2|b", "value"): 63, ("info|1.8", "value"): 7})
    read = _read(own, context)
    found = {(f.criterion, f.variable): (f.value, f.status) for f in read.figures}
    assert found == {
        ("3.2", "b"): (63, "given"),
        **{(code, "b"): (63, "derived") for code in ("4.4", "7.1", "7.2", "7.3")},
        ("5.5", "b"): (7, "derived"),
    }
    places = {f.key: (f.sheet, f.cells) for f in read.figures}
    assert places[UNIT, "7.1", "b"] == places[UNIT, "3.2", "b"]
    assert places[UNIT, "5.5", "b"][0] == "Thông tin chung"
    # what stands there for the eye cannot be typed over
    sheet = load_workbook(own)["4. Nhân lực số"]
    shown = [c for row in sheet.iter_rows() for c in row if "$F$" in str(c.value)]
    assert shown
    assert all(cell.protection.locked for cell in shown)


def test_points_information_evidence_and_notes_are_read(context: RoundContext, own: Path) -> None:
    fill(
        own,
        {
            ("1.1|@self", "self"): Fraction(25, 2),
            ("1.1|@self", "note"): "Theo quyết định mới",
            ("1.1|x", "evidence"): "Quyết định số 00/QĐ (MẪU)",
            ("2.5|x", "note"): "chưa thống kê được",
            ("info|1.6", "value"): 4,
            ("info|1.6", "note"): "máy ảo",
            ("info|2.1|Điện thoại liên hệ", "value"): "0210000000",
        },
    )
    read = _read(own, context)
    assert read.figures == ()
    assert read.self_points == {(UNIT, "1.1"): Fraction(25, 2)}
    assert read.information == {"1.6": Fraction(4), "2.1|Điện thoại liên hệ": "0210000000"}
    assert read.evidence == {(UNIT, "1.1", "x"): "Quyết định số 00/QĐ (MẪU)"}
    assert read.notes == {
        (UNIT, "2.5", "x"): "chưa thống kê được",
        (UNIT, "1.1", "@self"): "Theo quyết định mới",
        (UNIT, "info", "1.6"): "máy ảo",
    }


def test_every_figure_about_units_is_read_and_no_other(
    context: RoundContext, asked: dict[str, Request], about: Path
) -> None:
    typed, meant = {}, {}
    for number, item in enumerate(asked[ABOUT].asked(own=False), 1):
        key = item.unit, f"{item.criterion}|{item.variable}"
        typed[key], meant[item.key] = _answer(_variable(context, item), number)
    fill(about, typed)
    read = _read(about, context)
    given = [figure for figure in read.figures if figure.status == "given"]
    assert {figure.key: figure.value for figure in given} == meant
    assert read.questions == ()


def test_the_same_request_and_the_same_answers_are_the_same_bytes(
    context: RoundContext, asked: dict[str, Request], own: Path, about: Path
) -> None:
    assert own.read_bytes() == own_workbook(context, asked[UNIT], {})
    assert about.read_bytes() == about_units_workbook(context, asked[ABOUT], {})
    filled = []
    for _ in range(2):
        own.write_bytes(own_workbook(context, asked[UNIT], {}))
        fill(own, {("1.1|@self", "self"): 20})
        filled.append(own.read_bytes())
    assert filled[0] == filled[1]


def test_last_years_figure_stands_beside_the_cell(
    context: RoundContext, asked: dict[str, Request], tmp_path: Path
) -> None:
    prior = {
        figure.key: figure
        for figure in (
            Figure(UNIT, "1.2.2", "b", "given", Fraction(1204)),
            Figure(UNIT, "2.1", "x", "given", True),
            Figure(UNIT, "6.14", "a", "given", Fraction("350.5")),
            Figure(UNIT, "6.13", "x", "given", Fraction("0.986")),
        )
    }
    path = tmp_path / "own.xlsx"
    path.write_bytes(own_workbook(context, asked[UNIT], prior))
    shown = {}
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows(min_row=2):
            if isinstance(row[0].value, str) and len(row) > 4:
                shown[row[0].value] = row[4].value
    assert (shown["1.2.2|b"], shown["2.1|x"], shown["6.14|a"]) == ("1.204", "Có", "350,5")
    assert shown["1.2.2|a"] == "–"
    path.write_bytes(about_units_workbook(context, asked[ABOUT], prior))
    past = load_workbook(path)["Năm 2022"]
    assert "98,6 %" in [cell.value for row in past.iter_rows() for cell in row]
    assert _read(path, context).figures == ()


def test_only_the_cells_to_be_filled_in_are_unlocked(own: Path, about: Path) -> None:
    for path in (own, about):
        for sheet in load_workbook(path).worksheets:
            assert sheet.protection.sheet, sheet.title
            columns = {cell.column: cell.value for cell in sheet[1] if cell.value}
            for row in sheet.iter_rows():
                for cell in row:
                    key = sheet.cell(cell.row, 1).value
                    answers = (
                        KEY in columns.values()
                        and cell.row > 1
                        and bool(key)
                        and not str(key).startswith("#")
                        and columns.get(cell.column, KEY) != KEY
                    )
                    yellow = cell.fill.fgColor.rgb == "FFFFF9DB"
                    assert cell.protection.locked == (not yellow), (sheet.title, cell.coordinate)
                    assert answers or not yellow, (sheet.title, cell.coordinate)


def test_every_cell_that_is_asked_for_is_unlocked(
    asked: dict[str, Request], own: Path, about: Path
) -> None:
    mine = asked[UNIT].asked(own=True)
    wanted = {(f"{item.criterion}|{item.variable}", "value") for item in mine}
    wanted |= {(f"{item.criterion}|@self", "self") for item in mine}
    units = {(i.unit, f"{i.criterion}|{i.variable}") for i in asked[ABOUT].asked(own=False)}
    for path, keys in ((own, wanted), (about, units)):
        book, read = load_workbook(path), read_workbook(path)
        for key in keys:
            cell = read.cells[key]
            assert not book[cell.sheet][cell.address].protection.locked, key


def test_the_identity_is_very_hidden_and_keys_are_hidden(own: Path) -> None:
    book = load_workbook(own)
    assert book[META_SHEET].sheet_state == "veryHidden"
    sheet = book[PILLAR]
    assert sheet.row_dimensions[1].hidden
    assert sheet.column_dimensions["A"].hidden


def test_moved_columns_and_inserted_rows_are_read_right(context: RoundContext, own: Path) -> None:
    fill(own, {("1.2.2|a", "value"): 7, ("1.2.2|b", "value"): 8, ("1.3|a", "value"): 5})

    def move(book: Book) -> None:
        sheet = book[PILLAR]
        sheet.merged_cells.ranges.clear()
        sheet.insert_rows(6, 2)
        sheet.insert_cols(3)
        sheet.title = "Tên khác"

    _edit(own, move)
    read = _read(own, context)
    assert {f.key[1:]: f.value for f in read.figures} == {
        ("1.2.2", "a"): 7,
        ("1.2.2", "b"): 8,
        ("1.3", "a"): 5,
    }
    assert {figure.sheet for figure in read.figures} == {"Tên khác"}
    assert read.questions == ()


def test_something_typed_in_an_inserted_row_becomes_a_question(
    context: RoundContext, own: Path
) -> None:
    def insert(book: Book) -> None:
        sheet = book[PILLAR]
        sheet.merged_cells.ranges.clear()
        sheet.insert_rows(6)
        sheet["F6"] = 12

    _edit(own, insert)
    (question,) = _read(own, context).questions
    assert (question.sheet, question.cell) == (PILLAR, "F6")
    assert "“12”" in question.text
    assert own.name in question.text


def test_a_deleted_row_becomes_a_question(context: RoundContext, own: Path) -> None:
    def delete(book: Book) -> None:
        sheet = book[PILLAR]
        for row in range(2, sheet.max_row + 1):
            if sheet.cell(row, 1).value == "1.3|a":
                sheet.cell(row, 1).value = None

    _edit(own, delete)
    (question,) = _read(own, context).questions
    assert "mục 1.3, số liệu a" in question.text


def test_an_unclear_cell_is_a_question_that_names_its_place(
    context: RoundContext, own: Path
) -> None:
    fill(own, {("6.14|a", "value"): "1.204", ("1.3|b", "value"): "60-70", ("1.3|a", "value"): 61})
    figures = {figure.key[1:]: figure for figure in _read(own, context).figures}
    doubt = figures["6.14", "a"]
    assert (doubt.status, doubt.value, doubt.raw) == ("to_ask", None, "1.204")
    assert doubt.question is not None
    assert doubt.cells[0] in doubt.question
    for words in (own.name, "6. Hoạt động chính quyền số", "mục 6.14", "số liệu a", "hoặc 1.204"):
        assert words in doubt.question
    assert figures["1.3", "b"].between == (60, 70)
    assert figures["1.3", "a"].value == 61


def test_text_numbers_are_read(context: RoundContext, own: Path) -> None:
    fill(own, {("1.3|a", "value"): " 1.204 ", ("2.5|x", "value"): "12 hội nghị"})
    read = {figure.key[1:]: figure for figure in _read(own, context).figures}
    assert (read["1.3", "a"].value, read["1.3", "a"].raw) == (1204, "1.204")
    assert read["2.5", "x"].value == 12


def test_another_rounds_workbook_is_refused(context: RoundContext, own: Path) -> None:
    other = replace(context, id="vinh-phuc/2024")
    with pytest.raises(WrongWorkbook, match=r"vinh-phuc/2023.*vinh-phuc/2024"):
        _read(own, other)


def test_a_workbook_of_another_text_of_the_framework_is_refused(
    context: RoundContext, own: Path
) -> None:
    changed = {
        level: framework.model_copy(update={"sha256": "0" * 64})
        for level, framework in context.frameworks.items()
    }
    with pytest.raises(WrongWorkbook, match="vinh-phuc-2074/so"):
        _read(own, replace(context, frameworks=changed))


def test_keys_that_the_round_does_not_know_are_refused(context: RoundContext, own: Path) -> None:
    def rename(book: Book) -> None:
        sheet = book[PILLAR]
        for row in range(2, sheet.max_row + 1):
            if sheet.cell(row, 1).value == "1.3|a":
                sheet.cell(row, 1).value = "6.3|a"

    _edit(own, rename)
    with pytest.raises(WrongWorkbook, match=r"trang “1\. Nhận thức số” ô F"):
        _read(own, context)


def _not_ours(path: Path) -> None:
    book = Book()
    book.active["A1"] = "Số liệu"
    book.save(path)


def _no_keys(path: Path) -> None:
    def strip(book: Book) -> None:
        for sheet in book.worksheets:
            if sheet.title != META_SHEET:
                sheet["A1"] = None

    _edit(path, strip)


def _doubled_row(path: Path) -> None:
    _edit(path, lambda book: _double(book[PILLAR]))


def _double(sheet: Worksheet) -> None:
    sheet.cell(sheet.max_row + 1, 1).value = "1.1|x"


def _doubled_column(path: Path) -> None:
    def double(book: Book) -> None:
        book[PILLAR]["J1"] = "value"

    _edit(path, double)


def _doubled_page(path: Path) -> None:
    _edit(path, lambda book: book.copy_worksheet(book[PILLAR]))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_not_ours, "không phải biểu mẫu"),
        (lambda path: path.write_bytes(path.read_bytes()[:9000]), "bị hỏng hoặc chưa tải hết"),
        (lambda path: path.write_bytes(b""), "rỗng"),
        (lambda path: path.write_bytes(b"STT,a\n1,2\n"), "không phải bảng tính"),
        (_no_keys, "không còn dòng và cột ẩn"),
        (_doubled_row, r"dòng bị chép thành hai \(dòng 5, \d+\)"),
        (_doubled_column, r"cột bị chép thành hai \(cột F, J\)"),
        (_doubled_page, "lặp lại"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    own: Path, damage: Callable[[Path], object], says: str
) -> None:
    damage(own)
    with pytest.raises(UnreadableWorkbook, match=says) as refused:
        read_workbook(own)
    assert own.name in str(refused.value)


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "so-lieu.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(UnreadableWorkbook, match=r"\.xlsx hay \.ods"):
        read_workbook(path)


def test_fill_refuses_an_unknown_key_and_changes_nothing(own: Path) -> None:
    before = own.read_bytes()
    with pytest.raises(KeyError):
        fill(own, {("1.3|a", "value"): 1, ("9.9|z", "value"): 1})
    assert own.read_bytes() == before


COUNT = Variable(label="Số", kind="count", unit="hội nghị")
MEAN = Variable(label="Số", kind="mean")
MONEY = Variable(label="Số", kind="money", unit="triệu đồng")
PERCENT = Variable(label="Tỷ lệ", kind="percent")
FLAG = Variable(label="Có", kind="flag")
CHOICE = Variable(
    label="Mức", kind="choice", choices={"co": "Có kết nối, thường xuyên", "k": "Không kết nối"}
)


@pytest.mark.parametrize(
    ("value", "variable", "meant"),
    [
        (None, COUNT, None),
        ("  ", FLAG, None),
        (0.0, COUNT, Fraction(0)),
        (1204.0, COUNT, Fraction(1204)),
        (12, COUNT, Fraction(12)),
        ("1.204", COUNT, Fraction(1204)),
        ("12 Hội nghị", COUNT, Fraction(12)),
        (-5.0, COUNT, Fraction(-5)),  # validation names the rule that it breaks
        (24.5, MEAN, Fraction(49, 2)),
        (0.7 + 0.1, MEAN, Fraction(4, 5)),
        (120450.5, MONEY, Fraction(240901, 2)),
        ("1.337.124 triệu đồng", MONEY, Fraction(1_337_124)),
        ("5 tỷ đồng", MONEY, Fraction(5000)),
        (0.986, PERCENT, Fraction(493, 500)),
        (1.0, PERCENT, Fraction(1)),
        (98.6, PERCENT, Fraction(493, 500)),
        (100.0, PERCENT, Fraction(1)),
        ("98,6%", PERCENT, Fraction(493, 500)),
        ("98,6", PERCENT, Fraction(493, 500)),
        ("0", PERCENT, Fraction(0)),
        ("có", FLAG, True),
        (" KHÔNG ", FLAG, False),
        ("Co\u0301", FLAG, True),  # decomposed letters
        (True, FLAG, True),
        ("có  kết nối,\nthường xuyên", CHOICE, "co"),
        ("Không kết nối", CHOICE, "k"),
    ],
)
def test_a_cell_says(value: CellValue, variable: Variable, meant: object) -> None:
    assert read_cell(value, variable) == meant


@pytest.mark.parametrize(
    ("value", "variable", "says"),
    [
        (True, COUNT, "không phải số"),
        ("1.2O4", COUNT, "không đọc được thành số"),
        (1.204, COUNT, "1,204 hoặc 1.204"),  # thousands typed where a dot is decimal
        ("4/7", COUNT, "không đọc được thành số"),
        ("75%", COUNT, "phần trăm"),
        (datetime.date(2024, 7, 4), COUNT, "04/07/2024"),
        ("1.204", MEAN, "hoặc"),
        (1.05, PERCENT, "1,05 % hoặc 105 %"),
        (250.0, PERCENT, "từ 0 đến 100 %"),
        ("0,986", PERCENT, "hoặc"),
        ("1", PERCENT, "1 % hoặc 100 %"),
        (1.0, FLAG, "không phải Có hay Không"),
        ("rồi", FLAG, "không phải Có hay Không"),
        ("Có kết nối", CHOICE, "danh sách"),
        (datetime.time(4, 7), FLAG, "ngày giờ"),
    ],
)
def test_a_cell_that_could_mean_several_things_is_asked_about(
    value: CellValue, variable: Variable, says: str
) -> None:
    read = read_cell(value, variable)
    assert isinstance(read, Unclear)
    assert says in read.reason


def test_addresses_are_those_of_a_spreadsheet() -> None:
    assert [address(13, 6), address(0, 25), address(1, 26), address(9, 701)] == [
        "G14",
        "Z1",
        "AA2",
        "ZZ10",
    ]


FLAGS = (
    Flag(UNIT, "1.2.2", "a", "mau", "MẪU: gấp mười lần năm trước.", Fraction(120), Fraction(12)),
    Flag(UNIT, "6.1", "x", "mau", "MẪU: mười tin mỗi ngày.", Fraction(300), None, ("6.1", "1.4")),
    Flag(UNIT, "1.1", None, "mau", "MẪU: chưa rõ."),
    Flag(UNIT, "1.3", "a", "mau", "MẪU: lớn hơn mẫu số.", Fraction(9)),
)


def _explained(context: RoundContext, path: Path, **typed: object) -> Workbook:
    path.write_bytes(explanation_workbook(context, UNIT, FLAGS))
    keys = {}
    for place, value in typed.items():
        column, number = place.rsplit("_", 1)
        keys[FLAGS[int(number)].id, column] = value
    fill(path, keys)
    return read_workbook(path)


def test_answers_to_flags_are_read(context: RoundContext, tmp_path: Path) -> None:
    book = _explained(
        context,
        tmp_path / "giai-trinh.xlsx",
        decision_0="Điều chỉnh",
        corrected_0=12,
        reason_0="Gõ thừa một số 0",
        decision_1="giữ nguyên",
        reason_1="Có thống kê kèm theo",
    )
    check_origin(book, context, "giai-trinh.xlsx")
    first, second = replies_of(book, "giai-trinh.xlsx")
    assert (first.flag, first.decision, first.corrected_raw) == (FLAGS[0].id, "changed", "12")
    assert (first.reason, first.question) == ("Gõ thừa một số 0", None)
    assert (second.flag, second.decision, second.corrected) == (FLAGS[1].id, "kept", None)
    assert second.question is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"reason_0": "Đúng"}, "chưa chọn"),
        ({"decision_0": "Có", "reason_0": "Đúng"}, "“Có” không phải"),
        ({"decision_0": "Điều chỉnh", "reason_0": "Sai"}, "chưa có số liệu điều chỉnh"),
        ({"decision_0": "Giữ nguyên", "corrected_0": 5, "reason_0": "?"}, "nhưng lại nhập"),
        ({"decision_0": "Giữ nguyên"}, "chưa có lý do"),
    ],
)
def test_an_unfinished_answer_is_a_question_with_its_cell(
    context: RoundContext, tmp_path: Path, typed: dict[str, object], says: str
) -> None:
    book = _explained(context, tmp_path / "giai-trinh.xlsx", **typed)
    (reply,) = replies_of(book, "giai-trinh.xlsx")
    assert reply.question is not None
    assert says in reply.question
    assert reply.question.startswith("Tệp giai-trinh.xlsx, trang “")
    assert f"ô {reply.cell.address}" in reply.question


def _appraised(context: RoundContext, path: Path, typed: dict[tuple[str, str], object]) -> Workbook:
    whole = Fraction(105, 8)
    rows = [
        AppraisalRow(UNIT, "1.2.2", "a = 7; b = 8", Fraction(15), whole, whole, whole),
        AppraisalRow(UNIT, "1.3", "a = 5", None, None, Fraction(0), Fraction(25), "Thiếu b"),
        AppraisalRow("so-y-te", "1.3", "", None, Fraction(25), None, None),
    ]
    path.write_bytes(appraisal_workbook(context, ABOUT, rows))
    fill(path, typed)
    return read_workbook(path)


def test_appraised_points_are_read_exactly(context: RoundContext, tmp_path: Path) -> None:
    book = _appraised(
        context,
        tmp_path / "tham-dinh.xlsx",
        {
            (f"{UNIT}|1.2.2", "appraised"): Fraction("13.12"),
            (f"{UNIT}|1.2.2", "reason"): "Một cuộc họp không có giấy mời",
            ("so-y-te|1.3", "appraised"): "12,5",
        },
    )
    first, second = appraisals_of(book, "tham-dinh.xlsx")
    assert (first.unit, first.criterion, first.points) == (UNIT, "1.2.2", Fraction("13.12"))
    assert first.reason == "Một cuộc họp không có giấy mời"
    assert (second.unit, second.points, second.reason) == ("so-y-te", Fraction(25, 2), None)


def test_points_that_are_none_are_refused_with_their_cells(
    context: RoundContext, tmp_path: Path
) -> None:
    typed: dict[tuple[str, str], object] = {
        (f"{UNIT}|1.2.2", "appraised"): "mười",
        (f"{UNIT}|1.3", "appraised"): -1,
    }
    book = _appraised(context, tmp_path / "tham-dinh.xlsx", typed)
    with pytest.raises(UnreadablePoints, match=r"ô M5: “mười”(.|\n)*ô M6: điểm -1"):
        appraisals_of(book, "tham-dinh.xlsx")


def test_a_workbook_of_another_kind_is_refused(own: Path) -> None:
    book = read_workbook(own)
    for read in (replies_of, appraisals_of):
        with pytest.raises(WrongWorkbook, match="biểu mẫu số liệu của đơn vị"):
            read(book, "so-lieu.xlsx")
