"""A published data file: each figure is read again from the words of its source, or refused."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

import dti_core.program
from dti_core.figures import Figure
from dti_core.framework.load import load_framework
from dti_core.intake.published import PublishedFigures, load_published
from dti_core.strict_yaml import DataError

FRAMEWORK = "vinh-long-2554/tinh"
KON_TUM = Path(dti_core.program.__file__).parent / "programs/vinh-long/data/kon-tum-2023.yaml"


def _load(file: Path) -> PublishedFigures:
    return load_published(file, load_framework(FRAMEWORK))


@pytest.fixture(scope="module")
def kon_tum() -> dict[tuple[str, str], Figure]:
    """The figures that ship, by row and variable."""
    return {(f.criterion, f.variable): f for f in _load(KON_TUM).figures}


# what ships


def test_the_figures_of_kon_tum_load_as_they_are_counted() -> None:
    published = _load(KON_TUM)
    assert len(published.figures) == 112
    assert (published.unit, published.year) == ("kon-tum", 2023)
    assert "419/KH-UBND" in published.title
    assert published.notice.startswith("Minh họa")
    assert "không phải kết quả chính thức" in published.notice
    assert Counter(figure.status for figure in published.figures) == {
        "given": 51,
        "given_as_ratio": 27,
        "to_ask": 25,
        "derived": 9,
    }


def test_every_known_figure_has_a_value_and_every_question_is_asked_in_words(
    kon_tum: dict[tuple[str, str], Figure],
) -> None:
    for figure in kon_tum.values():
        assert figure.known == (figure.status != "to_ask")
        assert (figure.question is not None) == (figure.status == "to_ask")
        assert figure.unit == "kon-tum"
        assert figure.file == "kon-tum-2023.yaml"
        assert figure.cells


@pytest.mark.parametrize(
    ("row", "variable", "status", "value"),
    [
        ("3.1", "ratio", "given_as_ratio", Fraction(151, 200)),  # “Đã đạt 75,5%”
        ("5.2", "ratio", "given_as_ratio", Fraction(7, 100)),  # “Đã đạt 07%”
        ("3.6", "a", "given", Fraction(4)),  # “4/7”
        ("6.6", "b", "given", Fraction(21)),  # “18/21”
        ("5.8", "a", "given", Fraction(0)),  # “Chưa có”
        ("1.8", "tan_suat", "derived", Fraction(52)),  # “từ 1 tuần/1 lần”
        ("5.8", "b", "derived", Fraction(31)),  # “100% (31/31)” of another row
        ("2.9", "x", "given", False),  # “Chưa có”
        ("2.1", "x", "given", True),  # “Đã ban hành”
        ("6.20", "x", "given", "chua-trien-khai"),
        ("6.14", "ratio", "to_ask", None),
    ],
)
def test_words_of_the_source_become_the_value(
    kon_tum: dict[tuple[str, str], Figure],
    row: str,
    variable: str,
    status: str,
    value: Fraction | bool | str | None,
) -> None:
    figure = kon_tum[row, variable]
    assert (figure.status, figure.value) == (status, value)
    assert type(figure.value) is type(value)


def test_a_range_keeps_its_bounds_and_an_open_state_its_choices(
    kon_tum: dict[tuple[str, str], Figure],
) -> None:
    assert kon_tum["4.9", "a"].between == (60, 70)
    assert kon_tum["4.9", "a"].raw == "60-70 sinh viên"
    assert kon_tum["2.4", "x"].among == ("da-cap-nhat", "chua-cap-nhat")


def test_a_figure_names_every_cell_that_it_rests_on(
    kon_tum: dict[tuple[str, str], Figure],
) -> None:
    assert kon_tum["5.8", "b"].raw == "100% (31/31)"
    assert kon_tum["5.8", "b"].cells == (
        "419/KH-UBND, Phụ lục 2, mục 5.7, cột “Mục tiêu”",
        "419/KH-UBND, Phụ lục 2, mục 5.6, cột “Kết quả năm 2023”",
    )


# changed copies


def _copy(folder: Path, row: str, old: str, new: str) -> Path:
    """A copy of the file with one change in one row, or in the head where `row` is empty."""
    text = KON_TUM.read_text(encoding="utf-8")
    start = text.index(f'  - row: "{row}"\n') if row else 0
    end = text.find("  - row: ", start + 1)
    part = text[start : end if end > 0 else None]
    assert part.count(old) == 1, part
    file = folder / "kon-tum-2023.yaml"
    file.write_text(text[:start] + part.replace(old, new) + text[start + len(part) :], "utf-8")
    return file


def _line(file: Path, row: str, variable: str) -> int:
    """The line in which a figure of a row starts."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return lines.index(f"      {variable}:", lines.index(f'  - row: "{row}"')) + 1


# what is refused → row, variable, the text changed, what it becomes, the message
REFUSALS = {
    "words that are not in the cell": (
        "3.1",
        "ratio",
        'value: "75.5%"\n        read: "75,5%"',
        'value: "75.6%"\n        read: "75,6%"',
        "ô nguồn không có chữ '75,6%' mà viết 'Đã đạt 75,5%'",
    ),
    "cell that no longer has the words": (
        "7.6",
        "a",
        'result: "1539 doanh nghiệp"',
        'result: "1540 doanh nghiệp"',
        "ô nguồn không có chữ '1539'",
    ),
    "start of a longer number": (
        "7.6",
        "a",
        'value: 1539\n        read: "1539"',
        'value: 153\n        read: "153"',
        "ô nguồn không có chữ '153'",
    ),
    "end of a longer number": (
        "7.6",
        "a",
        'value: 1539\n        read: "1539"',
        'value: 39\n        read: "39"',
        "ô nguồn không có chữ '39'",
    ),
    "whole part of a decimal": (
        "4.10",
        "a",
        'value: 8713\n        read: "8713"',
        'value: 2\n        read: "2"',
        "ô nguồn không có chữ '2'",
    ),
    "decimals without their whole part": (
        "3.1",
        "ratio",
        'value: "75.5%"\n        read: "75,5%"',
        'value: "5%"\n        read: "5%"',
        "ô nguồn không có chữ '5%'",
    ),
    "number cut out of a pair": (
        "3.6",
        "a",
        'value: 4\n        read: "4/7"\n        part: part\n      d:',
        'value: 7\n        read: "7"\n      d:',
        "ô nguồn không có chữ '7'",
    ),
    "number cut out of a range": (
        "4.9",
        "a",
        'status: to_ask\n        read: "60-70"\n        between: [60, 70]',
        'status: given\n        value: 70\n        read: "70"',
        "ô nguồn không có chữ '70'",
    ),
    "number without its per cent sign": (
        "5.6",
        "a",
        'value: 31\n        read: "31"',
        'value: 100\n        read: "100"',
        "ô nguồn không có chữ '100'",
    ),
    "value that the words do not give": (
        "7.6",
        "a",
        "value: 1539",
        "value: 1540",
        "'1539' không đọc thành 1540",
    ),
    "other half of a pair": (
        "6.7",
        "a",
        'value: 13\n        read: "13/21"\n        part: part',
        'value: 13\n        read: "13/21"\n        part: whole',
        "'13/21' không đọc thành 13",
    ),
    "pair without saying which half": (
        "6.7",
        "a",
        'read: "13/21"\n        part: part',
        'read: "13/21"',
        "'13/21' không đọc thành 13",
    ),
    "percentage as a number of things": (
        "5.6",
        "a",
        'value: 31\n        read: "31"',
        'value: "100%"\n        read: "100%"',
        "'100%' không đọc thành",
    ),
    "other frequency": (
        "1.8",
        "tan_suat",
        "value: 52",
        "value: 12",
        "không đọc thành 12",
    ),
    "seven out of “Chưa có”": (
        "5.8",
        "a",
        "value: 0",
        "value: 7",
        "'Chưa có' không đọc thành 7",
    ),
    "no money out of “Chưa có”": (
        "8.6",
        "x",
        "status: to_ask\n",
        "status: given\n        value: 0\n",
        "'Chưa có' không đọc thành 0",
    ),
    "true out of “Chưa có”": (
        "2.9",
        "x",
        "value: false",
        "value: true",
        "'Chưa có' không đọc thành True",
    ),
    "false out of “Đã ban hành”": (
        "2.1",
        "x",
        "value: true",
        "value: false",
        "'Đã ban hành' không đọc thành False",
    ),
    "word for a flag": (
        "2.1",
        "x",
        "value: true",
        "value: có",
        "biến loại flag nhận true hoặc false",
    ),
    "flag for a number": (
        "7.6",
        "a",
        "value: 1539",
        "value: true",
        "biến loại count nhận một số, không phải True",
    ),
    "word for a number": (
        "7.6",
        "a",
        "value: 1539",
        "value: nhiều",
        "'nhiều' không phải số chính xác",
    ),
    "unknown choice": (
        "6.20",
        "x",
        "value: chua-trien-khai",
        "value: chua",
        "lựa chọn 'chua' không có trong choices",
    ),
    "unknown choice among the open ones": (
        "2.4",
        "x",
        "among: [da-cap-nhat, chua-cap-nhat]",
        "among: [da-cap-nhat, chua-biet]",
        "lựa chọn lạ: ['chua-biet']",
    ),
    "bounds that the words do not give": (
        "4.9",
        "a",
        "between: [60, 70]",
        "between: [60, 80]",
        "'60-70' không phải khoảng",
    ),
    "unknown variable": (
        "7.6",
        "z",
        "      a:\n",
        "      z:\n",
        "mục 7.6 không có biến 'z'",
    ),
    "row that the framework does not have": (
        "8.8.2",
        "x",
        'target: "100%"\n',
        'target: "100%"\n    figures:\n      x:\n        status: missing\n',
        f"{FRAMEWORK} không có mục 8.8.2",
    ),
    "ratio of a rule with two": (
        "3.6",
        "ratio",
        "    figures:\n",
        "    figures:\n      ratio:\n        status: given_as_ratio\n"
        '        value: "4/7"\n        read: "4/7"\n',
        "quy tắc của mục 3.6 không có đúng một tỷ lệ",
    ),
    "ratio of a rule with none": (
        "2.1",
        "ratio",
        "    figures:\n",
        "    figures:\n      ratio:\n        status: given_as_ratio\n"
        '        value: "4/7"\n        read: "4/7"\n',
        "quy tắc của mục 2.1 không có đúng một tỷ lệ",
    ),
    "ratio that is called given": (
        "3.1",
        "ratio",
        "status: given_as_ratio",
        "status: given",
        "given_as_ratio là, và chỉ là, status của biến ratio",
    ),
    "figure that is called a ratio": (
        "7.6",
        "a",
        "status: given",
        "status: given_as_ratio",
        "given_as_ratio là, và chỉ là, status của biến ratio",
    ),
    "blank cell": (
        "7.11",
        "a",
        "    deadline: null\n",
        "    deadline: null\n    figures:\n      a:\n        status: given\n"
        '        value: 1\n        read: "1"\n',
        "ô 7.11 (result) để trống",
    ),
    "blank cell among several": (
        "3.7",
        "b",
        'cells: [{row: "3.6"}]',
        'cells: [{row: "3.6"}, {row: "7.11"}]',
        "ô 7.11 (result) để trống",
    ),
    "cell that the file does not have": (
        "3.7",
        "b",
        'cells: [{row: "3.6"}]',
        'cells: [{row: "9.1"}]',
        "ô 9.1 không có trong tệp này",
    ),
    "figure derived without cells": (
        "3.7",
        "b",
        '        cells: [{row: "3.6"}]\n',
        "",
        "status derived cần cells: lấy từ ô nào",
    ),
    "known figure without words": (
        "7.6",
        "a",
        '        read: "1539"\n',
        "",
        "status given cần value và read",
    ),
    "known figure without value": (
        "7.6",
        "a",
        "        value: 1539\n",
        "",
        "status given cần value và read",
    ),
    "value of a figure that is to be asked": (
        "4.2",
        "x",
        "status: to_ask\n",
        "status: to_ask\n        value: true\n",
        "status to_ask không có value",
    ),
    "question that is not asked": (
        "4.9",
        "a",
        "        question: >-\n",
        "        note: >-\n",
        "status to_ask cần question: hỏi điều gì",
    ),
}


@pytest.mark.parametrize(
    ("row", "variable", "old", "new", "message"), REFUSALS.values(), ids=REFUSALS
)
def test_a_figure_that_its_source_does_not_support_is_refused(
    tmp_path: Path, row: str, variable: str, old: str, new: str, message: str
) -> None:
    file = _copy(tmp_path, row, old, new)
    with pytest.raises(DataError) as refusal:
        _load(file)
    assert str(refusal.value).startswith(f"{file}, dòng {_line(file, row, variable)}: ")
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (f"framework: {FRAMEWORK}", "framework: vinh-phuc-2074/so", 6, "tệp này dành cho"),
        ("year: 2023", "year: năm 2023", 9, "year: giá trị 'năm 2023' sai kiểu"),
        ("unit: kon-tum", "unit: Kon Tum", 5, "unit: 'Kon Tum' viết sai dạng"),
        ('appendix: "2"\n', "", 1, "thiếu khóa 'appendix'"),
    ],
)
def test_a_file_with_a_faulty_head_is_refused(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    file = _copy(tmp_path, "", old, new)
    with pytest.raises(DataError, match=message) as refusal:
        _load(file)
    assert refusal.value.line == line


def test_a_file_for_another_framework_is_refused() -> None:
    with pytest.raises(DataError, match=f"dòng 6: tệp này dành cho {FRAMEWORK}"):
        load_published(KON_TUM, load_framework("vinh-phuc-2074/so"))


def test_a_row_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    file = _copy(tmp_path, "1.2", 'row: "1.2"', 'row: "1.1"')
    with pytest.raises(DataError, match=r"mục 1\.1 có hai lần"):
        _load(file)


def test_a_changed_copy_that_its_source_supports_still_loads(tmp_path: Path) -> None:
    """The refusals above come from the figures, not from the copying."""
    file = _copy(tmp_path, "7.3", 'result: "03 doanh nghiệp"', 'result: "03 DN (theo báo cáo)"')
    assert len(_load(file).figures) == 112
