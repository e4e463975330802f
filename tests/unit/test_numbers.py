"""Numbers as they are written in Vietnam: each text with its one reading, or with none."""

from fractions import Fraction

import hypothesis.strategies as st
import pytest
from hypothesis import given

from dti_core.framework.model import Kind
from dti_core.intake.numbers import (
    Ambiguous,
    Number,
    Pair,
    Range,
    Read,
    Unreadable,
    read_frequency,
    read_number,
)
from dti_core.rational import vietnamese


def _number(value: int | str) -> Number:
    return Number(Fraction(value))


def _percent(value: str) -> Number:
    """A number with a per cent sign behind it, given in per cent."""
    return Number(Fraction(value) / 100, percent=True)


def _either(*readings: int | str) -> Ambiguous:
    return Ambiguous(tuple(Fraction(reading) for reading in readings))


def _pair(part: int | str, whole: int | str) -> Pair:
    return Pair(Fraction(part), Fraction(whole))


def _range(low: int | str, high: int | str, *, percent: bool = False) -> Range:
    return Range(Fraction(low), Fraction(high), percent)


READINGS: list[tuple[str, Kind, Read]] = [
    # percentages, comma or dot, with and without a space before the sign
    ("75,5%", "percent", _percent("75.5")),
    ("97.97%", "percent", _percent("97.97")),
    ("15,85 %", "percent", _percent("15.85")),
    ("07%", "percent", _percent("7")),
    ("100%", "count", _percent("100")),
    ("2.65%", "count", _percent("2.65")),
    ("0.25%", "percent", _percent("0.25")),
    ("97,970%", "percent", _either("0.9797", "979.7")),
    ("97,970%", "count", _either("0.9797", "979.7")),
    # whole numbers with grouped thousands
    ("8713", "count", _number(8713)),
    ("04", "count", _number(4)),
    ("0", "count", _number(0)),
    ("1.337.124", "count", _number(1_337_124)),
    ("1,337,124", "count", _number(1_337_124)),
    ("1.337.124", "money", _number(1_337_124)),
    ("82.237.000.000", "money", _number(82_237_000_000)),
    ("1 337 124", "count", _number(1_337_124)),
    ("1\u00a0337\u00a0124", "count", _number(1_337_124)),  # non-breaking space
    ("1\u2009337\u202f124", "count", _number(1_337_124)),  # thin space, narrow non-breaking space
    ("\u00a0566 ", "count", _number(566)),
    # full-width signs
    ("１２３", "count", _number(123)),
    ("７５，５％", "percent", _percent("75.5")),
    ("４／７", "count", _pair(4, 7)),
    # one separator before three digits: thousands of a count, either in anything else
    ("912.912", "count", _number(912_912)),
    ("912.912", "money", _either("912.912", 912_912)),
    ("3,000", "count", _number(3000)),
    ("3,000", "money", _either(3, 3000)),
    ("1.204", "mean", _either("1.204", 1204)),
    # decimals
    ("0,5", "money", _number("0.5")),
    ("0,5", "count", _number("0.5")),
    ("0,500", "count", _number("0.5")),
    ("1,5", "count", _number("1.5")),
    ("12,75", "mean", _number("12.75")),
    ("1.2345", "money", _number("1.2345")),
    ("1204,500", "money", _number("1204.5")),
    ("1.234,5", "money", _number("1234.5")),
    ("1,234,567.89", "money", _number("1234567.89")),
    # a part of a whole
    ("4/7", "count", _pair(4, 7)),
    ("31 / 31", "count", _pair(31, 31)),
    ("0/7", "count", _pair(0, 7)),
    ("1.204/1.337.124", "count", _pair(1204, 1_337_124)),
    # ranges, with every dash
    ("60-70", "count", _range(60, 70)),
    ("60 – 70", "count", _range(60, 70)),
    ("1—2", "count", _range(1, 2)),
    ("10-15%", "percent", _range("0.1", "0.15", percent=True)),
    ("1-1,5%", "percent", _range("0.01", "0.015", percent=True)),
    ("1.204-1.300", "count", _range(1204, 1300)),
]


@pytest.mark.parametrize(("text", "kind", "reading"), READINGS)
def test_number_is_read_as_it_is_meant(text: str, kind: Kind, reading: Read) -> None:
    assert read_number(text, kind) == reading


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "N/A",
        "-",
        "%",
        "Chưa có",
        "1.2O4",  # the letter O
        "l5",
        "-5",
        "5.",
        ",5",
        "1..5",
        "1.234.56",
        "1.23,4",
        "1.2345,6",
        "1.23,456.7",
        "1.234,567.8",
        "12345.678,9",
        "3/4/2023",
        "4/",
        "70-60",
        "60%-70%",
        "23 doanh nghiệp",
        "½",
    ],
)
@pytest.mark.parametrize("kind", ["count", "money", "percent"])
def test_text_that_is_no_number_is_not_read_at_all(text: str, kind: Kind) -> None:
    """The reason quotes what was written and says in Vietnamese that it cannot be read."""
    assert read_number(text, kind) == Unreadable(f"“{text}” không đọc được thành số")


def test_a_count_is_what_is_read_where_no_kind_is_named() -> None:
    assert read_number("1.204") == read_number("1.204", "count") == _number(1204)


def test_a_range_whose_ends_are_ambiguous_is_not_read() -> None:
    assert isinstance(read_number("1.204-1.300", "money"), Unreadable)


@given(st.integers(0, 10**15))
def test_a_count_written_for_people_reads_back_as_itself(count: int) -> None:
    assert read_number(vietnamese(count), "count") == _number(count)


@given(st.integers(0, 10**6))
def test_two_decimals_leave_one_reading_of_a_percentage(hundredths: int) -> None:
    """Only three digits behind a separator could be thousands."""
    whole, decimals = divmod(hundredths, 100)
    for separator in ".,":
        reading = read_number(f"{whole}{separator}{decimals:02d} %", "percent")
        assert reading == Number(Fraction(hundredths, 10_000), percent=True)


@pytest.mark.parametrize(
    ("text", "times_a_year"),
    [
        ("1 tuần/1 lần", 52),
        ("1 lần/tuần", 52),
        ("01 lần/tuần", 52),
        ("2 lần/1 tháng", 24),
        ("1 tháng/1 lần", 12),
        ("1 LẦN / QUÝ", 4),
        ("1 lần/năm", 1),
        ("3 tháng/1 lần", 4),
        ("1 lần/2 tuần", 26),
        ("1 tháng/2 lần", 24),
        ("2 năm/1 lần", Fraction(1, 2)),
        ("1\u00a0tuần/1\u00a0lần", 52),
        ("1 tua\u0302\u0300n/1 la\u0302\u0300n", 52),  # decomposed letters
        ("Duy trì Tần suất phát sóng từ 1 tuần/1 lần", 52),
    ],
)
def test_frequency_is_read_as_times_a_year(text: str, times_a_year: int | Fraction) -> None:
    assert read_frequency(text) == times_a_year


@pytest.mark.parametrize("text", ["", "52", "Đã đạt", "Hàng tuần", "1 tuần", "2 lần", "1 lần/ngày"])
def test_text_without_a_frequency_gives_none(text: str) -> None:
    assert read_frequency(text) is None
