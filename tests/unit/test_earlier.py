"""Results and figures of earlier years: by a workbook into the records, and into comparisons."""

import hashlib
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from typer.testing import CliRunner

from dti_core.figures import Figure, Value
from dti_core.framework.load import SHIPPED as DECREES
from dti_core.framework.load import home
from dti_core.framework.model import Variable
from dti_core.intake.belonging import WrongWorkbook
from dti_core.intake.earlier import Earlier, earlier_of
from dti_core.intake.earlier_form import WrongYear, asked, lines
from dti_core.intake.fill import fill
from dti_core.intake.sample import MARK
from dti_core.intake.submission import figures_of
from dti_core.intake.workbook import read_workbook
from dti_core.program.load import RoundContext, load_round
from dti_core.program.replaced import replaced
from dti_core.records import audit
from dti_core.records.database import database_url, engine, session
from dti_core.records.earlier import Imported, prior_figures, prior_results, write_earlier
from dti_core.records.figures import receive, write_figures
from dti_core.records.rounds import RoundNotOpen, open_round
from dti_core.records.tables import Record
from flows.cli import app
from flows.commands.terminal import out
from reports.workbooks.earlier import earlier_workbook
from tasks.prior import prior_of
from tests.trail import events_of
from tests.unit.earlier_program import LAST, PROGRAM, ROUND, first_year

Key = tuple[str, str, str]


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RoundContext:
    """The round of 2023; nothing is known of 2022."""
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    return first_year()


@pytest.fixture
def opened(database: str, context: RoundContext) -> RoundContext:
    """The round in the records of either database."""
    assert database
    with session() as records:
        open_round(records, context, "test")
    return context


@pytest.fixture
def form(context: RoundContext, tmp_path: Path) -> Path:
    return new_form(context, tmp_path / "nam-2022.xlsx")


def new_form(context: RoundContext, path: Path) -> Path:
    path.write_bytes(earlier_workbook(context))
    return path


def edit(path: Path, change: Callable[[Book], None]) -> None:
    book = load_workbook(path, rich_text=True)
    change(book)
    book.save(path)


def read(path: Path, context: RoundContext, year: int | None = None) -> Earlier:
    return earlier_of(read_workbook(path), context, path.name, year)


def bring_in(path: Path, context: RoundContext) -> tuple[Earlier, Imported]:
    earlier = read(path, context)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with session() as records:
        return earlier, write_earlier(records, context, earlier, digest, path.name, "test")


def said(earlier: Earlier) -> dict[Key, Value | None]:
    return {figure.key: figure.value for figure in earlier.figures}


def recorded(year: int = 2022) -> dict[Key, Figure]:
    with session() as records:
        return prior_figures(records, PROGRAM, year)


def values(figures: dict[Key, Figure]) -> dict[Key, Value | None]:
    return {key: figure.value for key, figure in figures.items()}


def content() -> dict[str, list[tuple[str, ...]]]:
    """Every row of every table, to compare before and after."""
    with engine(database_url()).connect() as connection:
        return {
            table.name: sorted(tuple(map(str, row)) for row in connection.execute(table.select()))
            for table in Record.metadata.sorted_tables
        }


def row_of(book: Book, sheet: str, unit: str) -> int:
    return next(cell.row for cell in book[sheet]["A"] if cell.value == unit)


def answer(variable: Variable, number: int) -> tuple[object, Value]:
    """(what an office types, what it means); `number` keeps the answers apart."""
    match variable.kind:
        case "flag":
            return ("Có", True) if number % 2 else ("Không", False)
        case "choice":
            key = list(variable.choices)[number % len(variable.choices)]
            return variable.choices[key], key
        case "percent":
            return f"{number % 100},5%", Fraction(number % 100 * 10 + 5, 1000)
        case "mean" | "money":
            return Fraction(10 * number + 5, 10), Fraction(10 * number + 5, 10)
        case _:
            return number, Fraction(number)


def test_every_cell_of_a_filled_workbook_is_recorded_and_no_other(
    opened: RoundContext, form: Path
) -> None:
    typed: dict[tuple[str, str], object] = {}
    meant: dict[Key, Value] = {}
    for number, line in enumerate(lines(opened).values(), 1):
        framework = opened.frameworks[line.level]
        typed[line.unit, "points"], typed[line.unit, "rank"] = Fraction(5 * number + 1, 4), number
        for place, (first, every) in enumerate(asked(framework).items(), 100 * number):
            variable = framework.by_code[first[0]].variables[first[1]]
            typed[line.unit, "|".join(first)], value = answer(variable, place)
            meant |= {(line.unit, *each): value for each in every}
    fill(form, typed)
    earlier, done = bring_in(form, opened)
    assert earlier.unread == ()
    assert (done.figures.added, done.results.added) == (len(meant), len(lines(opened)))
    assert values(recorded()) == meant
    with session() as records:
        results = prior_results(records, PROGRAM, 2022)
    assert {unit: (each.points, each.rank) for unit, each in results.items()} == {
        line.unit: (Fraction(5 * number + 1, 4), number)
        for number, line in enumerate(lines(opened).values(), 1)
    }
    assert {results["so-y-te"].group, results["huyen-1"].group} == {"so", "huyen"}
    assert recorded(2021) == {}


def test_a_quantity_is_asked_once_and_kept_for_every_figure_that_it_is(
    context: RoundContext, form: Path
) -> None:
    """2074/QĐ-UBND: the staff of a department stands in 3.2, 4.4 and 7.1 to 7.3."""
    fill(form, {("so-y-te", "3.2|b"): 63})
    earlier = read(form, context)
    assert said(earlier) == {
        ("so-y-te", code, "b"): 63 for code in ("3.2", "4.4", "7.1", "7.2", "7.3")
    }
    assert len({(figure.sheet, figure.cells) for figure in earlier.figures}) == 1


def test_percents_and_decimals_as_they_are_written_in_vietnam(
    opened: RoundContext, form: Path
) -> None:
    fill(
        form,
        {
            ("so-y-te", "6.13|x"): 0.986,
            ("so-tu-phap", "6.13|x"): "98,6%",
            ("so-y-te", "6.14|a"): "350,25",
            ("so-y-te", "1.2.2|b"): "1.204",
            ("so-y-te", "points"): "876,25",
            ("so-y-te", "rank"): "3",
        },
    )
    earlier, _ = bring_in(form, opened)
    assert earlier.unread == ()
    found = recorded()
    assert values(found) == {
        ("so-y-te", "6.13", "x"): Fraction(493, 500),
        ("so-tu-phap", "6.13", "x"): Fraction(493, 500),
        ("so-y-te", "6.14", "a"): Fraction(1401, 4),
        ("so-y-te", "1.2.2", "b"): 1204,
    }
    assert found["so-y-te", "6.13", "x"].raw == "98,6 %"
    assert found["so-tu-phap", "6.13", "x"].raw == "98,6%"
    with session() as records:
        result = prior_results(records, PROGRAM, 2022)["so-y-te"]
    assert (result.points, result.rank) == (Fraction(3505, 4), 3)


UNCLEAR = [
    ("6.14|a", "912.912", "912,912 hoặc 912.912"),
    ("1.1|x", "Trưởng ban là bạn của Giám đốc", "Hãy chọn một trong"),
    ("2.1|x", "có thể", "Hãy chọn Có hoặc Không"),
    ("6.13|x", "130%", "lớn hơn 100 %"),
    ("1.2.2|a", -3, "nhỏ hơn 0"),
    ("1.2.2|b", "2,5", "không phải số nguyên"),
    ("3.2|b", "khoảng 60", "ước chừng"),
    ("points", "12 điểm rưỡi", "không đọc được thành số"),
    ("rank", 0, "từ 1 trở lên"),
]


def test_what_is_unclear_is_listed_by_cell_and_the_rest_is_imported(
    opened: RoundContext, form: Path
) -> None:
    fill(form, {("so-y-te", column): typed for column, typed, _ in UNCLEAR})
    fill(form, {("so-y-te", "1.2.1|a"): 7, ("so-tu-phap", "rank"): 4})
    earlier, done = bring_in(form, opened)
    assert (done.figures.added, done.results.added) == (1, 1)
    assert values(recorded()) == {("so-y-te", "1.2.1", "a"): 7}
    cells = read_workbook(form).cells
    assert {
        (each.sheet, each.cell, expected)
        for each in earlier.unread
        for column, _, expected in UNCLEAR
        if cells["so-y-te", column].address == each.cell
        and expected in each.text
        and f"trang “{each.sheet}”, ô {each.cell}" in each.text
    } == {
        (cells["so-y-te", column].sheet, cells["so-y-te", column].address, expected)
        for column, _, expected in UNCLEAR
    }
    assert len(earlier.unread) == len(UNCLEAR)


def test_corrected_cells_of_the_same_workbook_join_what_was_imported(
    opened: RoundContext, form: Path
) -> None:
    fill(form, {("so-y-te", "1.2.1|a"): 7, ("so-y-te", "1.2.1|b"): "chín"})
    bring_in(form, opened)
    fill(form, {("so-y-te", "1.2.1|b"): 9})
    earlier, done = bring_in(form, opened)
    assert earlier.unread == ()
    assert vars(done.figures) == {"added": 1, "changed": 0, "unchanged": 1}
    assert values(recorded()) == {("so-y-te", "1.2.1", "a"): 7, ("so-y-te", "1.2.1", "b"): 9}


def test_the_same_workbook_again_changes_nothing(opened: RoundContext, form: Path) -> None:
    fill(form, {("so-y-te", "1.2.1|a"): 7, ("so-y-te", "points"): 80, ("so-y-te", "2.1|x"): "Có"})
    _, first = bring_in(form, opened)
    assert first.anything
    before = content()
    _, again = bring_in(form, opened)
    assert not again.anything
    assert (again.figures.unchanged, again.results.unchanged) == (2, 1)
    assert content() == before


def test_another_workbook_replaces_what_it_gives_and_the_log_keeps_what_was(
    opened: RoundContext, form: Path, tmp_path: Path
) -> None:
    fill(
        form,
        {
            ("so-y-te", "1.2.1|a"): 7,
            ("so-y-te", "1.2.1|b"): 9,
            ("so-y-te", "points"): 80,
            ("so-y-te", "rank"): 2,
        },
    )
    bring_in(form, opened)
    other = new_form(opened, tmp_path / "sua.xlsx")
    fill(other, {("so-y-te", "1.2.1|a"): 8, ("so-y-te", "rank"): 1})
    _, done = bring_in(other, opened)
    assert vars(done.figures) == {"added": 0, "changed": 1, "unchanged": 0}
    found = recorded()
    assert values(found) == {("so-y-te", "1.2.1", "a"): 8, ("so-y-te", "1.2.1", "b"): 9}
    assert [found["so-y-te", "1.2.1", name].file for name in "ab"] == ["sua.xlsx", form.name]
    with session() as records:
        result = prior_results(records, PROGRAM, 2022)["so-y-te"]
        assert (result.points, result.rank) == (80, 1)
        assert result.source.startswith("sua.xlsx")
        assert form.name in result.source
        events = events_of(records, "earlier_imported")
        assert [event.round_id for event in events] == [ROUND, ROUND]
        assert audit.verify(records, ROUND) == []
        replaced_ = events[-1].detail["replaced"]
    assert [(each["before"]["raw"], each["after"]["raw"]) for each in replaced_[:1]] == [("7", "8")]
    assert [each["before"]["rank"] for each in replaced_[1:]] == [2]


def test_a_number_that_there_never_was_is_withdrawn(opened: RoundContext, form: Path) -> None:
    fill(form, {("so-y-te", "3.2|b"): 63, ("so-y-te", "1.2.1|a"): 7, ("so-y-te", "points"): 80})
    bring_in(form, opened)
    nothing = "chưa có số liệu"
    fill(form, {("so-y-te", "3.2|b"): nothing, ("so-y-te", "points"): nothing})
    earlier, done = bring_in(form, opened)
    assert (earlier.unread, done.withdrawn) == ((), 6)
    assert values(recorded()) == {("so-y-te", "1.2.1", "a"): 7}
    with session() as records:
        assert prior_results(records, PROGRAM, 2022) == {}
    assert not bring_in(form, opened)[1].anything


def test_rows_are_known_by_name_or_id_where_their_key_is_gone(
    context: RoundContext, form: Path
) -> None:
    fill(form, {("so-y-te", "1.2.1|a"): 7, ("so-tu-phap", "1.2.1|a"): 8, ("so-noi-vu", "rank"): 4})

    def without_keys(book: Book) -> None:
        page = book["Số liệu sở, ban, ngành"]
        for unit, name in (("so-y-te", " SỞ  y tế "), ("so-tu-phap", "so-tu-phap")):
            row = row_of(book, page.title, unit)
            page.cell(row, 1).value = None
            page.cell(row, 3).value = name
        book["Kết quả"].cell(row_of(book, "Kết quả", "so-noi-vu"), 1).value = None

    edit(form, without_keys)
    earlier = read(form, context)
    assert earlier.unread == ()
    assert said(earlier) == {("so-y-te", "1.2.1", "a"): 7, ("so-tu-phap", "1.2.1", "a"): 8}
    assert [result.unit for result in earlier.results] == ["so-noi-vu"]


def test_what_stands_there_for_the_eye_goes_before_the_hidden_key(
    context: RoundContext, form: Path
) -> None:
    """The names were sorted without the hidden column."""
    fill(form, {("so-y-te", "1.2.1|a"): 7, ("so-tu-phap", "1.2.1|a"): 8})

    def swap(book: Book) -> None:
        page = book["Số liệu sở, ban, ngành"]
        one, other = (page.cell(row_of(book, page.title, u), 3) for u in ("so-y-te", "so-tu-phap"))
        one.value, other.value = other.value, one.value

    edit(form, swap)
    earlier = read(form, context)
    assert said(earlier) == {("so-y-te", "1.2.1", "a"): 8, ("so-tu-phap", "1.2.1", "a"): 7}
    assert sum("không theo mã ẩn" in notice for notice in earlier.notices) == 2


def test_columns_moved_without_their_keys_are_read_by_their_headings(
    context: RoundContext, form: Path
) -> None:
    fill(form, {("so-y-te", "1.2.1|a"): 7, ("so-y-te", "1.2.1|b"): 9})

    def swap(book: Book) -> None:
        page = book["Số liệu sở, ban, ngành"]
        places = [cell.column for cell in page[1] if cell.value in ("1.2.1|a", "1.2.1|b")]
        heads = next(cell.row for cell in page["A"] if cell.value == "#head1")
        one, other = (page.cell(heads, column) for column in places)
        one.value, other.value = other.value, one.value

    edit(form, swap)
    assert said(read(form, context)) == {
        ("so-y-te", "1.2.1", "a"): 9,
        ("so-y-te", "1.2.1", "b"): 7,
    }


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Sở Tư phap", "Gần nhất: Sở Tư pháp (so-tu-phap)"),
        ("Cục Thuế", "không phải tên hay mã của đơn vị nào trong đợt. Hãy ghi đúng"),
        (None, "chưa ghi tên đơn vị"),
    ],
)
def test_a_row_of_nobody_known_is_listed_and_taken_for_nobody(
    name: str | None, told: str, context: RoundContext, form: Path
) -> None:
    fill(form, {("so-tu-phap", "1.2.1|a"): 7, ("so-tu-phap", "1.2.1|b"): 9})

    def rename(book: Book) -> None:
        page = book["Số liệu sở, ban, ngành"]
        row = row_of(book, page.title, "so-tu-phap")
        page.cell(row, 3).value = name
        if name is None:
            page.cell(row, 1).value = None

    edit(form, rename)
    earlier = read(form, context)
    assert earlier.figures == ()
    (unread,) = earlier.unread
    assert told in unread.text
    assert "2 ô của dòng" in unread.text


def test_a_unit_that_stands_in_two_rows_is_listed(context: RoundContext, form: Path) -> None:
    fill(form, {("so-tu-phap", "1.2.1|a"): 7, ("so-y-te", "1.2.1|a"): 9, ("so-y-te", "rank"): 3})

    def rename(book: Book) -> None:
        page = book["Số liệu sở, ban, ngành"]
        page.cell(row_of(book, page.title, "so-tu-phap"), 3).value = "Sở Y tế"

    edit(form, rename)
    earlier = read(form, context)
    assert (len(earlier.figures), len(earlier.results)) == (0, 1)
    (unread,) = earlier.unread
    assert "Sở Y tế có ở các dòng" in unread.text


def test_a_figure_on_the_page_of_another_level_is_listed(context: RoundContext, form: Path) -> None:
    fill(form, {("huyen-1", "1.1|x"): 7})

    def rename(book: Book) -> None:
        page = book["Số liệu cấp huyện"]
        page.cell(row_of(book, page.title, "huyen-1"), 3).value = "Sở Y tế"

    edit(form, rename)
    earlier = read(form, context)
    assert earlier.figures == ()
    assert "không thuộc số liệu của Sở Y tế" in earlier.unread[0].text


def test_one_number_over_several_units_is_nobodys(context: RoundContext, form: Path) -> None:
    fill(form, {("so-tu-phap", "rank"): 7})

    def merge(book: Book) -> None:
        page = book["Kết quả"]
        row = row_of(book, page.title, "so-tu-phap")
        column = next(cell.column for cell in page[1] if cell.value == "rank")
        page.merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column)

    edit(form, merge)
    earlier = read(form, context)
    assert earlier.results == ()
    assert [each.unit for each in earlier.unread] == ["so-tu-phap", "so-vhttdl"]
    assert all("bị trộn" in each.text for each in earlier.unread)


def test_the_year_is_the_one_in_the_file_and_before_the_rounds(
    context: RoundContext, form: Path, tmp_path: Path
) -> None:
    assert read(form, context).year == read(form, context, 2022).year == 2022
    with pytest.raises(WrongYear, match="tệp là của năm 2022, lệnh ghi năm 2021"):
        read(form, context, 2021)
    older = tmp_path / "nam-2021.xlsx"
    older.write_bytes(earlier_workbook(context, 2021))
    assert read(older, context).year == 2021
    with pytest.raises(WrongYear, match="trước năm đánh giá 2023"):
        earlier_workbook(context, 2023)
    row = row_of(load_workbook(form), "Kết quả", "so-y-te")
    edit(form, lambda book: setattr(book["Kết quả"].cell(row, 5), "value", 2021))
    with pytest.raises(WrongYear, match=f"E{row}: 2021"):
        read(form, context)
    edit(form, lambda book: book.remove(book["Kết quả"]))
    with pytest.raises(WrongYear, match="Hãy thêm --year"):
        read(form, context)
    assert read(form, context, 2022).year == 2022


def test_a_workbook_of_another_round_or_kind_is_refused(context: RoundContext, form: Path) -> None:
    with pytest.raises(WrongWorkbook, match=f"biểu mẫu của đợt {ROUND}"):
        read(form, load_round(LAST))
    with pytest.raises(WrongWorkbook, match="biểu mẫu số liệu những năm trước"):
        figures_of(read_workbook(form), context, form.name)


def test_the_form_holds_every_unit_and_figure_once_and_is_the_same_every_time(
    context: RoundContext, form: Path
) -> None:
    assert form.read_bytes() == earlier_workbook(context)
    book = load_workbook(form)
    assert book.sheetnames[:2] == ["Bìa", "Kết quả"]
    names = [row[2].value for row in book["Kết quả"].iter_rows(min_row=4)]
    at = names.index("Sở Tài chính")
    assert names[at + 1 : at + 3] == [
        "Sở Vật giá (nay thuộc Sở Tài chính)",
        "so-kho-bac (nay thuộc Sở Tài chính)",
    ]
    assert names.count("Sở Hạ tầng (nay thuộc Sở Giao thông vận tải, Sở Xây dựng)") == 1
    for level, sheet in (("so", "Số liệu sở, ban, ngành"), ("huyen", "Số liệu cấp huyện")):
        framework, page = context.frameworks[level], book[sheet]
        keys = [cell.value for cell in page[1] if cell.value]
        covered = [each for every in asked(framework).values() for each in every]
        assert keys[2:] == ["|".join(place) for place in asked(framework)]
        assert sorted(covered) == sorted((r.code, n) for r in framework.rows for n in r.needed)
        for line in lines(context).values():
            if line.level == level:
                cells = page[row_of(book, sheet, line.unit)]
                assert all(not cell.protection.locked for cell in cells[3:])
                assert all(cell.protection.locked for cell in cells[:3])


def test_a_unit_takes_over_from_the_one_that_it_replaced_and_from_no_other(
    opened: RoundContext, form: Path
) -> None:
    assert replaced(opened) == {"so-y-te": "so-dan-so"}
    fill(
        form,
        {
            ("so-dan-so", "1.2.1|a"): 7,
            ("so-dan-so", "1.2.1|b"): 9,
            ("so-y-te", "1.2.1|b"): 10,
            ("so-vat-gia", "1.2.1|a"): 3,
            ("so-kho-bac", "1.2.1|a"): 4,
            ("so-ha-tang", "1.2.1|a"): 5,
            ("so-gtvt", "1.2.1|a"): 2,
            ("so-kho-bac", "rank"): 6,
        },
    )
    earlier, done = bring_in(form, opened)
    assert (earlier.unread, done.figures.added, done.results.added) == ((), 7, 1)
    assert {unit for unit, _, _ in recorded()} >= {"so-dan-so", "so-kho-bac", "so-ha-tang"}
    assert values(prior_of(opened)) == {
        ("so-y-te", "1.2.1", "a"): 7,
        ("so-y-te", "1.2.1", "b"): 10,
        ("so-gtvt", "1.2.1", "a"): 2,
    }
    told = " ".join(earlier.notices)
    assert "Sở Vật giá, so-kho-bac được lưu nhưng không thành số liệu của Sở Tài chính" in told
    assert "không thành số liệu của Sở Xây dựng" in told
    assert "không thành số liệu của Sở Y tế" not in told
    assert "không thành số liệu của Sở Giao thông vận tải" not in told


def give(round_id: str, figures: list[Figure]) -> None:
    """Record figures in a round of last year."""
    context = load_round(round_id)
    with session() as records:
        open_round(records, context, "test")
        file, _ = receive(records, round_id, "so-y-te", "x", "a" * 64, "x.xlsx", "test")
        write_figures(records, round_id, file, figures, "test")


@pytest.mark.usefixtures("database")
def test_last_year_comes_from_its_round_else_the_import_else_the_bundled_file(
    form: Path, tmp_path: Path
) -> None:
    context = first_year(prior="prior.csv")
    bundled = tmp_path / "programs" / PROGRAM / "prior.csv"
    header = "provider,kind,unit,criterion,variable,text"
    lines_ = [f"{MARK}: thử", header, "vp-ubnd,own,so-y-te,1.2.1,a,1", "h,own,huyen-1,1.1,x,"]
    bundled.write_text("\n".join(lines_[:3]) + "\n", encoding="utf-8")
    key = ("so-y-te", "1.2.1", "a")
    assert values(prior_of(context)) == {key: 1}

    district = next(iter(asked(context.frameworks["huyen"])))
    variable = context.frameworks["huyen"].by_code[district[0]].variables[district[1]]
    typed, meant = answer(variable, 1)
    fill(form, {("huyen-1", "|".join(district)): typed})
    with session() as records:
        write_earlier(records, context, read(form, context), "a" * 64, form.name, "test")
    # nothing was imported of the departments: their level still has the file's
    assert values(prior_of(context)) == {key: 1, ("huyen-1", *district): meant}
    fill(form, {("so-y-te", "1.2.1|a"): 2, ("so-tu-phap", "1.2.1|a"): 20})
    with session() as records:
        write_earlier(records, context, read(form, context), "b" * 64, form.name, "test")
    imported = {("so-tu-phap", "1.2.1", "a"): 20, ("huyen-1", *district): meant}
    assert values(prior_of(context)) == {key: 2, **imported}

    give(LAST, [Figure(*key, "missing")])
    assert values(prior_of(context)) == {key: 2, **imported}
    give(LAST, [Figure("so-dan-so", "1.2.1", "a", "given", Fraction(3))])
    assert values(prior_of(context)) == {key: 3, ("huyen-1", *district): meant}
    assert prior_of(load_round(LAST)) == {}


def test_a_figure_that_meant_another_thing_last_year_is_not_compared(opened: RoundContext) -> None:
    """Last year under another decree: 1.3 was another criterion, 6.14 in another unit of money."""
    folder = home() / "decrees" / "truoc-2021"
    folder.mkdir(parents=True)
    changes = {
        "decree.yaml": {"id: vinh-phuc-2074": "id: truoc-2021"},
        "so.yaml": {
            f"name: {opened.frameworks['so'].by_code['1.3'].name}": "name: Một tiêu chí khác",
            "unit: triệu đồng": "unit: tỷ đồng",
        },
    }
    for name, words in changes.items():
        text = (DECREES / "vinh-phuc-2074" / name).read_text(encoding="utf-8")
        for old, new in words.items():
            assert old in text
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    program = home() / "programs" / PROGRAM / "program.yaml"
    now = program.read_text(encoding="utf-8")
    program.write_text(now.replace("vinh-phuc-2074/so", "truoc-2021/so"), encoding="utf-8")
    codes = ("1.2.2", "1.3", "6.14")
    give(LAST, [Figure("so-y-te", code, "a", "given", Fraction(1)) for code in codes])
    program.write_text(now, encoding="utf-8")
    assert values(prior_of(load_round(ROUND))) == {("so-y-te", "1.2.2", "a"): 1}


def test_imported_figures_of_a_criterion_that_is_no_more_are_not_compared(
    opened: RoundContext, form: Path
) -> None:
    fill(form, {("so-y-te", "1.2.1|a"): 7})
    earlier = read(form, opened)
    stray = Figure("so-y-te", "9.9", "a", "given", Fraction(1), raw="1", file="x.xlsx")
    with session() as records:
        both = Earlier(**{**vars(earlier), "figures": (*earlier.figures, stray)})
        write_earlier(records, opened, both, "a" * 64, "x", "test")
    assert len(recorded()) == 2
    assert values(prior_of(opened)) == {("so-y-te", "1.2.1", "a"): 7}


def run(*arguments: object) -> tuple[int, str, BaseException | None]:
    result = CliRunner().invoke(app, ["earlier", *map(str, arguments)])
    exception = None if isinstance(result.exception, SystemExit) else result.exception
    return result.exit_code, result.stdout, exception


@pytest.mark.usefixtures("database")
def test_the_commands_write_the_form_import_it_and_keep_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "width", 1000)
    context = first_year()
    file = tmp_path / "truoc.xlsx"
    code, told, _ = run("template", ROUND, file)
    assert (code, file.read_bytes()) == (0, earlier_workbook(context))
    assert f"dti earlier import {ROUND} {file} --year 2022" in told
    fill(file, {("so-y-te", "1.2.1|a"): 7, ("so-y-te", "rank"): "nhất"})
    assert "có thể đang điền dở" in str(run("template", ROUND, file)[2])
    assert isinstance(run("import", ROUND, file)[2], RoundNotOpen)
    with session() as records:
        open_round(records, context, "test")
    code, told, _ = run("import", ROUND, file, "--year", 2022)
    assert code == 1
    assert "Năm 2022: 1 số liệu mới, 0 thay đổi, 0 giữ nguyên" in told
    assert "trang “Kết quả”" in told
    code, told, _ = run("import", ROUND, file, "--json")
    found = json.loads(told)
    assert (code, found["year"], found["figures"]["unchanged"]) == (1, 2022, 1)
    (unread,) = found["unread"]
    assert (unread["sheet"], unread["unit"], unread["variable"]) == ("Kết quả", "so-y-te", "rank")
    fill(file, {("so-y-te", "rank"): 1})
    code, told, _ = run("import", ROUND, file)
    assert (code, "dti flag" in told) == (0, True)
    received = home() / "rounds" / ROUND / "in" / "received"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    assert (received / f"{digest}-truoc.xlsx").read_bytes() == file.read_bytes()
    assert "Không có tệp" in str(run("import", ROUND, tmp_path / "khong-co.xlsx")[2])
