"""What comes in one file: CSV and its identity, keys against words, formulas reckoned again."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from dti_core.errors import Refused
from dti_core.intake.labels import moved
from dti_core.intake.received import ACCEPTED, open_received
from dti_core.intake.submission import Submitted, figures_of
from dti_core.intake.untrusted.formulas import CannotReckon, reckon
from dti_core.intake.workbook import UnreadableWorkbook, read_workbook
from dti_core.program.load import RoundContext
from dti_core.program.requests import requests
from tests.sample.spoilt import ABOUT, OWN, ROUND, Case, filled, sent_out
from tests.sample.worksheets import columns_of, header, rows_with_answers


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return sent_out("about")[0]


def _csv(text: str | bytes, folder: Path, context: RoundContext) -> Submitted:
    path = folder / "so-lieu.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return figures_of(open_received(path, context).workbook, context, path.name)


def _values(read: Submitted) -> dict[tuple[str, str, str], object]:
    return {figure.key: figure.value for figure in read.figures if figure.status == "given"}


def test_a_csv_of_keys_says_by_its_keys_whose_figures_it_gives(
    context: RoundContext, tmp_path: Path
) -> None:
    text = "key;6.4|a;6.13|x;3.3|x\nso-y-te;1.204;98,6%;Có\nban-dan-toc;;;\n"
    read = _csv(text, tmp_path, context)
    assert _values(read) == {
        ("so-y-te", "6.4", "a"): 1204,
        ("so-y-te", "6.13", "x"): Fraction("0.986"),
        ("so-y-te", "3.3", "x"): True,
    }
    places = {figure.key[1]: (figure.sheet, figure.cells) for figure in read.figures}
    assert places["6.4"] == ("so-lieu.csv", ("B2",))


def test_a_csv_of_windows_in_vietnam_is_read(context: RoundContext, tmp_path: Path) -> None:
    text = "key,3.3|x,6.4|a\r\nso-y-te,Không,1204\r\n".encode("cp1258")
    assert _values(_csv(text, tmp_path, context)) == {
        ("so-y-te", "3.3", "x"): False,
        ("so-y-te", "6.4", "a"): 1204,
    }


def test_a_csv_may_carry_the_identity_of_its_workbook(
    context: RoundContext, tmp_path: Path
) -> None:
    framework = context.frameworks["so"]
    told = {
        "kind": "about_units",
        "round": ROUND,
        "provider": ABOUT,
        "framework": framework.id,
        "sha256": framework.sha256,
    }

    def text(identity: Mapping[str, str]) -> str:
        head = "".join(f"#dti,{key},{value}\n" for key, value in identity.items())
        return f"{head}key,6.4|a\nso-y-te,12\n"

    assert _values(_csv(text(told), tmp_path, context)) == {("so-y-te", "6.4", "a"): 12}
    with pytest.raises(Refused, match="vinh-phuc/2024"):
        _csv(text({**told, "round": "vinh-phuc/2024"}), tmp_path, context)
    with pytest.raises(Refused, match="một bản khác của bộ chỉ số"):
        _csv(text({**told, "sha256": "0" * 64}), tmp_path, context)
    # it carries no signature: nobody speaks of himself in it
    with pytest.raises(Refused, match="CSV chỉ dùng để cung cấp số liệu về các đơn vị"):
        _csv(text({**told, "kind": "own", "provider": "so-y-te"}), tmp_path, context)


def test_what_a_partial_csv_leaves_out_is_one_question(
    context: RoundContext, tmp_path: Path
) -> None:
    """Whole rows and columns are named as such; single cells with their units."""
    asked = [
        item
        for request in requests(context)
        if request.provider == ABOUT
        for item in request.asked(own=False)
    ]
    units = list(dict.fromkeys(item.unit for item in asked))
    columns = list(dict.fromkeys(f"{item.criterion}|{item.variable}" for item in asked))
    lines = [";".join(["key", *columns[1:]])]
    lines += [";".join([unit, *["1"] * (len(columns) - 1)]) for unit in units[2:]]
    read = _csv("\n".join(lines), tmp_path, context)
    (question,) = [each.text for each in read.questions if "không còn" in each.text]
    names = [context.program.unit[unit].name for unit in units]
    criterion, _, variable = columns[0].partition("|")
    lost = 2 * len(columns) + len(units) - 2
    assert question.startswith(f"Tệp so-lieu.csv không còn {lost} ô của biểu mẫu: ")
    assert f"cả dòng {names[0]}; cả dòng {names[1]}; " in question
    assert f"cả cột mục {criterion}, số liệu {variable}. Hãy" in question
    assert names[2] not in question


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "rỗng"),
        ("STT,Đơn vị,Số\n1,Sở Y tế,12\n", "không có dòng khóa"),
        ("key,9.9|a\nso-y-te,12\n", "không khớp với phần hỏi riêng"),
        ("key,6.4|a\nso-nao-do,12\n", "không khớp với phần hỏi riêng"),
        ("key,value\n1.3|a,12\n", "không khớp với phần hỏi riêng"),
        ("key,6.4|a\nso-y-te,12\nso-y-te,13\n", r"dòng bị chép thành hai \(dòng 2, 3\)"),
        ("key,6.4|a,6.4|a\nso-y-te,12,13\n", r"cột bị chép thành hai \(cột B, C\)"),
    ],
)
def test_a_csv_that_says_too_little_or_too_much_is_refused(
    text: str, says: str, context: RoundContext, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableWorkbook, match=says) as refused:
        _csv(text, tmp_path, context)
    assert "so-lieu.csv" in str(refused.value)


def test_a_file_of_no_accepted_kind_is_refused_with_the_kinds(
    context: RoundContext, tmp_path: Path
) -> None:
    path = tmp_path / "so-lieu.docx"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(UnreadableWorkbook, match=r"\.xlsx") as refused:
        open_received(path, context)
    assert all(suffix in str(refused.value) for suffix in ACCEPTED)


SEEN = {"a": ("Số a",), "b": ("b: Số b", "12"), "c": ("SỐ C ",)}
WORDS = {"a": ("Số a",), "b": ("Số b", "b: Số b"), "c": ("Số c",)}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"a": ("b: Số b",), "b": ("Số a",)}, {"a": "b", "b": "a"}),
        ({"a": ("Số b",), "b": ("Số c",), "c": ("Số a",)}, {"a": "b", "b": "c", "c": "a"}),
        ({"a": ("ghi chú của phòng",)}, {}),  # written over: nobody's words
        ({"a": ()}, {}),
        ({"a": ("Số b",)}, {"a": None}),  # two rows with one row's words
        ({"a": ("Số b",), "b": ("ghi chú",)}, {"a": None}),
    ],
)
def test_words_beside_other_keys_move_the_keys_or_leave_them_in_doubt(
    changes: dict[str, tuple[str, ...]], found: dict[str, str | None]
) -> None:
    assert moved(WORDS, {**SEEN, **changes}) == found


def test_a_name_that_stands_twice_is_asked_about(tmp_path: Path) -> None:
    """One unit's name over another's row: whose figures they are nobody can tell."""
    case = filled("about", tmp_path, seed=1)
    (sheet,) = case.keyed
    first, second = rows_with_answers(sheet)[:2]
    sheet.cell(first, 3).value = sheet.cell(second, 3).value
    name = sheet.cell(second, 3).value
    key = sheet.cell(first, header(sheet)[1]).value
    case.save()
    read = figures_of(read_workbook(case.path), case.context, "x")
    doubtful = {figure.key[0] for figure in read.figures if figure.status == "to_ask"}
    assert doubtful == {key}
    question = next(figure.question for figure in read.figures if figure.question)
    assert f"“{name}”" in question
    assert any("bị chuyển chỗ" in notice for notice in read.notices)


def test_columns_of_a_units_own_page_follow_their_headings(tmp_path: Path) -> None:
    """Notes and evidence changed places, below the hidden row."""
    case = filled("own", tmp_path, seed=1)
    for sheet in case.keyed:
        columns, (top, _) = columns_of(sheet), header(sheet)
        for row in (row for row in range(top + 2, sheet.max_row + 1)):
            left, right = (sheet.cell(row, columns[key]) for key in ("evidence", "note"))
            if "MergedCell" not in (type(left).__name__, type(right).__name__):
                left.value, right.value = right.value, left.value
    case.save()
    read = figures_of(read_workbook(case.path), case.context, "x")
    assert (read.evidence, read.notes) == (case.evidence, case.notes)


def test_evidence_merged_over_two_answers_belongs_to_both(tmp_path: Path) -> None:
    case = filled("own", tmp_path, seed=1)
    first, second = (OWN, "1.3", "a"), (OWN, "1.3", "b")
    upper, lower = case.cell(first, "evidence"), case.cell(second, "evidence")
    lower.value = None
    upper.value = "Báo cáo chung"
    upper.parent.merge_cells(f"{upper.coordinate}:{lower.coordinate}")
    case.save()
    read = figures_of(read_workbook(case.path), case.context, "x")
    assert read.evidence[first] == read.evidence[second] == "Báo cáo chung"


def _cells(page: str | None, row: int, column: int) -> object:
    cells: Mapping[tuple[str | None, int, int], object] = {
        (None, 0, 0): 5.0,
        (None, 1, 0): 0.1,
        (None, 2, 0): "chữ",
        (None, 3, 0): "",
        ("Trang 'một'", 4, 1): 7,
    }
    return cells.get((page, row, column))


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("3+4", "7"),
        ("2+3*4-6/4", "12.5"),
        ("-(2+3)*-2", "10"),
        ("50%*8", "4"),
        ("A1*2", "10"),
        ("$A$1-A2", "4.9"),
        ("A1+A4", "5"),
        ("SUM(A1:A4)", "5.1"),
        ("SUM(A1,A2*10,1)", "7"),
        ("sum(a1:a2)/2", "2.55"),
        ("'Trang ''một'''!B5+1", "8"),
        (" 1 + .5 ", "1.5"),
    ],
)
def test_a_small_formula_is_reckoned_exactly(formula: str, result: str) -> None:
    assert reckon(formula, _cells) == Fraction(result)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "1/0",
        "A3+1",
        "A1:A4",
        "COUNTIF(A1:A4,5)",
        '"12"',
        "1+",
        "(1",
        "1 2",
        "SUM(A1:XFD1048576)",
        "SUM(A1",
        "-" * 100 + "1",
        "1+" * 600 + "1",
        "A1B",
        "[1]Sheet1!A1",
        "#REF!+1",
    ],
)
def test_a_formula_that_cannot_be_reckoned_is_left(formula: str) -> None:
    with pytest.raises(CannotReckon):
        reckon(formula, _cells)


def _formula_case(folder: Path, formula: str, kept: str | None) -> tuple[Case, object]:
    case = filled("own", folder, seed=1)
    key = (OWN, "1.3", "a")
    case.reckon(key, formula, kept, case.figures[key])
    case.save()
    read = figures_of(read_workbook(case.path), case.context, "x")
    return case, next(figure for figure in read.figures if figure.key == key)


@pytest.mark.parametrize(
    ("formula", "kept", "status", "value"),
    [
        ('=COUNTIF(A1:A9,"x")', "4", "given", 4),  # somebody reckoned it: it is not 0
        ('=COUNTIF(A1:A9,"x")', "0", "to_ask", None),  # or nobody did
        ("=1/3*3", "1", "given", 1),
        ("=F999+5", "5", "given", 5),
    ],
)
def test_a_kept_result_is_believed_where_it_is_right_or_was_reckoned(
    formula: str, kept: str, status: str, value: int | None, tmp_path: Path
) -> None:
    _, figure = _formula_case(tmp_path, formula, kept)
    assert (figure.status, figure.value) == (status, value)  # type: ignore[attr-defined]
