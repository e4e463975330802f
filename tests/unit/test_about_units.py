"""An agency's figures about one unit only: a page that reads from the top, filled in and read."""

import csv
import datetime
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dti_core.figures import Figure, Value
from dti_core.framework.load import load_framework
from dti_core.framework.model import Variable
from dti_core.intake.fill import fill
from dti_core.intake.layout import KEY, about_key
from dti_core.intake.received import open_received
from dti_core.intake.submission import Submitted, WrongWorkbook, figures_of
from dti_core.intake.workbook import read_workbook
from dti_core.program.load import RoundContext, load_round
from dti_core.program.model import Unit
from dti_core.program.requests import Request, requests
from reports.workbooks.about_units import SHEET, about_units_workbook
from reports.workbooks.own import own_workbook
from tests.conftest import JUNE
from tests.sample.ways_of_files import save_with_office, soffice
from tests.unit.reminded_round import DUE, write_program

UNIT, WHO = "kon-tum", "so-tttt"
Key = tuple[str, str, str]


@pytest.fixture(scope="module")
def context() -> RoundContext:
    """The June round in a program that has every agency of 2554, and two of each class."""
    context = load_round(JUNE)
    agencies = load_framework("vinh-long-2554/tinh").decree.agencies
    here = context.program.units
    single = [
        Unit(id=name, name=each.name, agency=name)
        for name, each in agencies.items()
        if each.group is None
    ]
    classes = [
        Unit(id=f"{level}-{number}", name=f"Đơn vị mẫu {level} {number}", level=level)  # type: ignore[arg-type]
        for level in ("so", "huyen", "xa")
        for number in (1, 2)
    ]
    program = context.program.model_copy(update={"units": (*here, *single, *classes)})
    return replace(context, program=program)


@pytest.fixture(scope="module")
def asked(context: RoundContext) -> dict[str, Request]:
    return {request.provider: request for request in requests(context)}


@pytest.fixture
def sent(context: RoundContext, asked: dict[str, Request], tmp_path: Path) -> Path:
    path = tmp_path / f"{WHO}.xlsx"
    path.write_bytes(about_units_workbook(context, asked[WHO], {}))
    return path


def _answer(variable: Variable, number: int) -> tuple[object, Value]:
    """(what an official types, what it means); `number` keeps the answers apart."""
    match variable.kind:
        case "flag":
            return number % 2 == 0, number % 2 == 0
        case "choice":
            key = list(variable.choices)[number % len(variable.choices)]
            return variable.choices[key], key
        case "percent":
            return Fraction(9000 + number, 10_000), Fraction(9000 + number, 10_000)
        case _:
            return number * 7, Fraction(number * 7)


def _filled(context: RoundContext, request: Request, path: Path) -> dict[Key, Value]:
    """Type an answer for everything; what each means."""
    typed: dict[tuple[str, str], object] = {}
    meant: dict[Key, Value] = {}
    for number, item in enumerate(request.asked(own=False), 1):
        row = context.framework_of(item.unit).by_code[item.criterion]
        key = about_key(item.unit, item.criterion, item.variable), "value"
        typed[key], meant[item.key] = _answer(row.variables[item.variable], number)
    fill(path, typed)
    return meant


def _read(path: Path, context: RoundContext) -> Submitted:
    return figures_of(open_received(path, context).workbook, context, path.name)


def _given(read: Submitted) -> dict[Key, Value | None]:
    """The figures that were given, a part under the name of its figure."""
    return {
        (f.unit, f.criterion, f.variable.partition("@")[0]): f.value
        for f in read.figures
        if f.status == "given"
    }


@pytest.mark.parametrize(
    "suffix",
    [
        ".xlsx",
        pytest.param(".ods", marks=pytest.mark.tools),
        pytest.param(".xls", marks=pytest.mark.tools),
    ],
)
def test_every_figure_about_the_one_unit_is_read_and_no_other(
    suffix: str, context: RoundContext, asked: dict[str, Request], sent: Path
) -> None:
    meant = _filled(context, asked[WHO], sent)
    if suffix != ".xlsx":
        if soffice() is None:
            pytest.skip("LibreOffice (soffice) không có trên máy này")
        sent = save_with_office(sent, suffix)
    read = _read(sent, context)
    assert len(meant) > 50
    assert _given(read) == meant
    assert read.questions == ()


def test_every_provider_of_the_round_gets_a_page_no_wider_than_the_paper(
    context: RoundContext, asked: dict[str, Request], tmp_path: Path
) -> None:
    assert {"so-tttt", "vp-ubnd", "so-1", "huyen-2"} <= set(asked)
    path = tmp_path / "bieu-mau.xlsx"
    for request in asked.values():
        path.write_bytes(about_units_workbook(context, request, {}))
        meant = _filled(context, request, path)
        assert _given(_read(path, context)) == meant
        assert load_workbook(path)[SHEET].max_column == 8


def test_a_quantity_is_asked_once_and_shown_wherever_it_occurs(
    context: RoundContext, asked: dict[str, Request], sent: Path
) -> None:
    repeated = dict(asked[WHO].same)
    assert repeated
    key, first = next(iter(repeated.items()))
    fill(sent, {(about_key(*first), "value"): 63})
    read = _read(sent, context)
    taken = {f.key: (f.value, f.status) for f in read.figures}
    whole = {each for each, before in repeated.items() if before == first}
    assert taken == {first: (63, "given"), **dict.fromkeys(whole, (63, "derived"))}
    sheet = load_workbook(sent)[SHEET]
    shown = [row for row in sheet.iter_rows() if row[0].value == f"#{about_key(*key)}"]
    (row,) = shown
    assert row[5].protection.locked
    assert str(row[5].value).startswith("=IF(")
    assert row[6].value == f"Lấy từ mục {first[1]}"


def test_evidence_and_notes_about_the_unit_are_read(
    context: RoundContext, asked: dict[str, Request], sent: Path
) -> None:
    one, other = (item.key for item in asked[WHO].asked(own=False)[:2])
    fill(
        sent,
        {
            (about_key(*one), "evidence"): "Báo cáo số 12/BC (MẪU)",
            (about_key(*other), "note"): "chưa thống kê",
        },
    )
    read = _read(sent, context)
    assert read.figures == ()
    assert read.evidence == {one: "Báo cáo số 12/BC (MẪU)"}
    assert read.notes == {other: "chưa thống kê"}


def test_last_years_figures_stand_beside_the_cells(
    context: RoundContext, asked: dict[str, Request], sent: Path
) -> None:
    counts = [
        item.key
        for item in asked[WHO].asked(own=False)
        if context.framework_of(UNIT).by_code[item.criterion].variables[item.variable].kind
        == "count"
    ]
    prior = {counts[0]: Figure(*counts[0], "given", Fraction(1204))}
    sent.write_bytes(about_units_workbook(context, asked[WHO], prior))
    book = load_workbook(sent)
    before = {row[0].value: row[4].value for row in book[SHEET].iter_rows(min_row=2)}
    assert before[about_key(*counts[0])] == "1.204"
    assert before[about_key(*counts[1])] == "–"
    assert "Năm 2022" not in book.sheetnames
    assert _read(sent, context).figures == ()


def test_who_gives_a_part_only_is_told_so(
    context: RoundContext, asked: dict[str, Request], tmp_path: Path
) -> None:
    path = tmp_path / "huyen-1.xlsx"
    path.write_bytes(about_units_workbook(context, asked["huyen-1"], {}))
    framework = context.framework_of(UNIT)
    summed = set()
    for item in asked["huyen-1"].about_units:
        provider = framework.by_code[item.criterion].provider_of(item.variable)
        if item.part and provider and provider.aggregate == "sum":
            summed.add(f"#{item.criterion}")
    heads = {row[0].value: str(row[2].value) for row in load_workbook(path)[SHEET].iter_rows()}
    told = {key for key, words in heads.items() if "chỉ ghi phần của cơ quan" in words}
    assert told == summed != set()


def test_only_cells_to_be_filled_in_are_unlocked(asked: dict[str, Request], sent: Path) -> None:
    sheet = load_workbook(sent)[SHEET]
    keys = {cell.column: cell.value for cell in sheet[1] if cell.value != KEY and cell.value}
    open_cells = {
        (sheet.cell(cell.row, 1).value, keys.get(cell.column))
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    mine = [about_key(*item.key) for item in asked[WHO].asked(own=False)]
    assert open_cells == {(k, c) for k in mine for c in ("value", "evidence", "note")}


def test_rows_sorted_without_their_keys_are_read_by_their_labels(
    context: RoundContext, asked: dict[str, Request], sent: Path
) -> None:
    meant = _filled(context, asked[WHO], sent)
    book = load_workbook(sent, rich_text=True)
    sheet = book[SHEET]
    mine = [about_key(*item.key) for item in asked[WHO].asked(own=False)]
    places = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    one, other = (places[key] for key in mine[:2])
    for column in range(2, sheet.max_column + 1):
        a, b = sheet.cell(one, column), sheet.cell(other, column)
        a.value, b.value = b.value, a.value
    book.save(sent)
    read = _read(sent, context)
    assert _given(read) == meant
    assert any("được đọc theo nhãn" in notice for notice in read.notices)


def test_a_deleted_row_is_asked_about(
    context: RoundContext, asked: dict[str, Request], sent: Path
) -> None:
    item = asked[WHO].asked(own=False)[3]
    book = load_workbook(sent, rich_text=True)
    for row in book[SHEET].iter_rows():
        if row[0].value == about_key(*item.key):
            row[0].value = None
    book.save(sent)
    (question,) = _read(sent, context).questions
    assert f"mục {item.criterion}, số liệu {item.variable} của Tỉnh Kon Tum" in question.text


def test_a_row_of_another_provider_is_refused(
    context: RoundContext, asked: dict[str, Request], sent: Path
) -> None:
    mine = {item.key for item in asked[WHO].about_units}
    other = next(i.key for i in asked["vp-ubnd"].about_units if i.key not in mine)
    book = load_workbook(sent, rich_text=True)
    sheet = book[SHEET]
    sheet.cell(sheet.max_row, 1).value = about_key(*other)
    book.save(sent)
    with pytest.raises(WrongWorkbook, match="không hỏi"):
        _read(sent, context)


def test_the_page_saved_as_csv_is_read_too(
    context: RoundContext, asked: dict[str, Request], sent: Path
) -> None:
    meant = _filled(context, asked[WHO], sent)
    path = sent.with_suffix(".csv")
    with path.open("w", encoding="utf-8", newline="") as target:
        for row in load_workbook(sent)[SHEET].iter_rows(values_only=True):
            csv.writer(target).writerow(row)
    counts = {
        key: value
        for key, value in meant.items()
        if context.framework_of(UNIT).by_code[key[1]].variables[key[2]].kind != "percent"
    }
    assert counts.items() <= _given(_read(path, context)).items()


def test_units_of_two_frameworks_have_a_page_each(context: RoundContext, tmp_path: Path) -> None:
    """One unit of a second level, whose rows carry the same codes: no cell is another's."""
    framework = context.frameworks["tinh"]
    second = framework.model_copy(update={"id": "vinh-long-2554/huyen", "level": "huyen"})
    two = replace(
        context,
        units=(*context.units, context.program.unit["huyen-1"]),
        frameworks={**context.frameworks, "huyen": second},
    )
    request = next(each for each in requests(two) if each.provider == WHO)
    path = tmp_path / "hai-trang.xlsx"
    path.write_bytes(about_units_workbook(two, request, {}))
    meant = _filled(two, request, path)
    assert {key[0] for key in meant} == {UNIT, "huyen-1"}
    assert _given(_read(path, two)) == meant


def _cover(content: bytes, path: Path) -> str:
    path.write_bytes(content)
    rows = load_workbook(path)["Bìa"].iter_rows(values_only=True)
    return "\n".join(str(each) for row in rows for each in row if each)


@pytest.mark.usefixtures("empty_home")
def test_covers_name_the_day_on_which_the_figures_are_really_due(tmp_path: Path) -> None:
    sunday = datetime.date(2024, 2, 4)
    context = write_program({"deadline_on_day_off": "next_working_day"}, closes=sunday)
    asked = {request.provider: request for request in requests(context)}
    for make in (own_workbook, about_units_workbook):
        told = _cover(make(context, asked["so-tttt"], {}), tmp_path / "a.xlsx")
        assert "hết ngày 05/02/2024. Hạn Chủ nhật 04/02/2024 là ngày nghỉ" in told
        assert "trước khi hết ngày 05/02/2024." in told
        own = _cover(
            make(context, asked["so-tttt"], {}, due=datetime.date(2024, 2, 20)), tmp_path / "b.xlsx"
        )
        assert "hết ngày 20/02/2024 (hạn riêng của đơn vị; hạn chung của đợt: 05/02/2024)" in own
        assert "trước khi hết ngày 20/02/2024." in own


@pytest.mark.usefixtures("empty_home")
def test_a_deadline_on_a_working_day_stands_with_its_basis(tmp_path: Path) -> None:
    context = write_program({"deadline_on_day_off": "next_working_day"})
    request = next(each for each in requests(context) if each.provider == "so-tttt")
    for due in (None, DUE):
        told = _cover(own_workbook(context, request, {}, due=due), tmp_path / "a.xlsx")
        assert "hết ngày 31/01/2024 (ví dụ)" in told


def test_one_row_a_unit_stays_where_there_are_several(tmp_path: Path) -> None:
    context = load_round("vinh-phuc/2023-so")
    request = next(each for each in requests(context) if each.provider == WHO)
    path = tmp_path / "nhieu-don-vi.xlsx"
    path.write_bytes(about_units_workbook(context, request, {}))
    keys = {row for row, _ in read_workbook(path).cells}
    assert keys == {item.unit for item in request.about_units}
