"""Readings that look right and are not: each was once accepted, none may be again."""

from fractions import Fraction
from pathlib import Path

import pytest

from dti_core.framework.check import check
from dti_core.framework.expression import Expression
from dti_core.framework.load import load_framework
from dti_core.intake.numbers import Unreadable, read_frequency, read_number
from dti_core.intake.published import load_published
from dti_core.rational import round_half_up, vietnamese
from dti_core.strict_yaml import DataError, Document
from tests.unit.test_engine_and_referee import framework_of


@pytest.mark.parametrize("text", ["12 34", "45\n60", "31¹", "10²", "0.123,4", "00.500"])
def test_digits_that_do_not_make_one_number_are_not_joined(text: str) -> None:
    assert isinstance(read_number(text), Unreadable)


def test_spaces_group_thousands() -> None:
    assert read_number("1 337 124").value == 1337124  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "1,5 lần/tuần",
        "1.204 lần/năm",
        "1-2 lần/tuần",
        "từ 1 tháng/1 lần đến dưới 1 lần/1 tuần",
        "0 tuần/1 lần",
    ],
)
def test_a_frequency_cut_out_of_something_longer_is_none(text: str) -> None:
    assert read_frequency(text) is None


def _published(tmp_path: Path, row: str, result: str, figure: str) -> None:
    file = tmp_path / "data.yaml"
    file.write_text(
        "title: x\nnotice: x\nunit: kon-tum\nframework: vinh-long-2554/tinh\ndocument: 1/KH\n"
        f'appendix: "2"\nyear: 2023\nrows:\n  - row: "{row}"\n    result: {result!r}\n'
        f"    figures: {{{figure}}}\n",
        encoding="utf-8",
    )
    load_published(file, load_framework("vinh-long-2554/tinh"))


@pytest.mark.parametrize(
    ("row", "result", "figure"),
    [
        ("7.2", "Chưa thống kê được", "a: {status: given, value: 0, read: Chưa thống kê được}"),
        ("2.9", "Chưa có", "x: {status: given, value: true, read: có}"),
        ("6.5", "Hiện chưa triển khai", "x: {status: given, value: true, read: Hiện}"),
        ("7.2", "60–70 sinh viên", 'a: {status: given, value: 60, read: "60"}'),
        ("7.2", "60- 70", 'a: {status: given, value: 70, read: "70"}'),
        ("7.2", "15 %", 'a: {status: given, value: 15, read: "15"}'),
        ("7.2", "1 337 124", 'a: {status: given, value: 337, read: "337"}'),
        ("4.9", "60-70%", "a: {status: to_ask, question: x, read: 60-70%, between: [60%, 70%]}"),
    ],
)
def test_words_are_not_read_out_of_their_context(
    tmp_path: Path, row: str, result: str, figure: str
) -> None:
    with pytest.raises(DataError):
        _published(tmp_path, row, result, figure)


def test_a_lost_plus_is_reported_beside_an_unrelated_finding() -> None:
    kinds = {f.kind for f in check(load_framework("vinh-long-2554/tinh")) if f.code == "5.12.1"}
    assert kinds == {"steps_overlap", "transcription_erratum"}


def test_a_jump_inside_a_part_weighs_as_much_as_the_part() -> None:
    half = {"type": "ratio", "of": "a / b", "full_at": "80%", "below": "proportional"}
    rule = {"type": "parts", "parts": [{"weight": "1/2", "rule": half}]}
    (jump,) = [f for f in check(framework_of(rule, "10")) if f.kind == "threshold_jump"]
    assert jump.numbers["jump"] == 1


def test_variables_keep_their_order_where_one_name_contains_another() -> None:
    assert Expression("so_tin / so").variables == ("so_tin", "so")
    assert Expression("ba + c + a").variables == ("ba", "c", "a")


def test_rounding_stays_exact_for_any_size() -> None:
    number = 12345678901234567890123456789
    assert str(round_half_up(Fraction(number), 2)) == f"{number}.00"
    assert vietnamese(Fraction("1.239")) == "1,24"


@pytest.mark.parametrize("text", ['n: "x\x07"', "? [a]\n: 1", "a: &x [*x]"])
def test_a_file_that_yaml_cannot_take_is_refused_not_a_crash(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.yaml"):
        Document(file)
