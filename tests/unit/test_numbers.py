"""Numbers as they are written in Vietnam: each text with its one reading, or with none."""

from fractions import Fraction

import hypothesis.strategies as st
import pytest
from hypothesis import given

from dti_core.framework.model import Kind, Variable
from dti_core.intake.cells import Unclear, read_cell, reading
from dti_core.intake.money import read_amount
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
from dti_core.intake.numerals import number_of
from dti_core.intake.old_letters import from_tcvn3, from_vni, readable
from dti_core.rational import vietnamese
from tests.sample.old_letters import tcvn3, vni


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


COUNT = Variable(label="Số", kind="count", unit="cuộc họp")
MEAN = Variable(label="Số", kind="mean", unit="tin, bài/tháng")
MONEY = Variable(label="Tiền", kind="money", unit="triệu đồng")
BILLIONS = Variable(label="Tiền", kind="money", unit="tỷ đồng")
PERCENT = Variable(label="Tỷ lệ", kind="percent")
FREQUENCY = Variable(label="Tần suất", kind="frequency", unit="lần/năm")
FLAG = Variable(label="Có", kind="flag")
CHOICE = Variable(
    label="Mức",
    kind="choice",
    choices={
        "dau": "Trưởng ban là Người đứng đầu Sở",
        "pho": "Trưởng ban là Cấp phó Sở",
        "khong": "Chưa có Ban chỉ đạo",
    },
)


@pytest.mark.parametrize(
    ("text", "variable", "meant"),
    [
        ("75,5%", PERCENT, "0.755"),
        ("97.97%", PERCENT, "0.9797"),
        ("15,85 %", PERCENT, "0.1585"),
        ("07%", PERCENT, "0.07"),
        ("98,5 phần trăm", PERCENT, "0.985"),
        ("4/7", PERCENT, "4/7"),
        ("0/7", PERCENT, "0"),
        ("1.337.124", COUNT, "1337124"),
        ("1 204", COUNT, "1204"),
        ("1\u00a0204", COUNT, "1204"),
        ("1\u202f204", COUNT, "1204"),
        ("１２３", COUNT, "123"),
        ("'123", COUNT, "123"),
        ("\n 12\t", COUNT, "12"),
        ("\u200b12\ufeff", COUNT, "12"),
        ("12 cuộc họp", COUNT, "12"),
        ("12CUỘC HỌP.", COUNT, "12"),
        ("12 cuộc", COUNT, "12"),
        ("-0", COUNT, "0"),
        ("−0,0", COUNT, "0"),
        ("12,00", COUNT, "12"),
        ("không có", COUNT, "0"),
        ("Không phát sinh.", COUNT, "0"),
        ("Kh«ng ph¸t sinh", COUNT, "0"),
        ("15 (mười lăm)", COUNT, "15"),
        ("1.204 (một nghìn hai trăm linh bốn) cuộc họp", COUNT, "1204"),
        ("30,9 tin", MEAN, "30.9"),
        ("30,9 bài/tháng", MEAN, "30.9"),
        ("0,5 tỷ", MONEY, "500"),
        ("0.5 tỉ đồng", MONEY, "500"),
        ("82.237.000.000 đồng", MONEY, "82237"),
        ("82.237.000.000 VNĐ", MONEY, "82237"),
        ("912.912 đồng", MONEY, "0.912912"),
        ("1 tỷ 200 triệu đồng", MONEY, "1200"),
        ("442,8 trđ", MONEY, "442.8"),
        ("442,8 tr.đ", MONEY, "442.8"),
        ("500 nghìn đồng", MONEY, "0.5"),
        ("2.438,0 triệu đồng", MONEY, "2438"),
        ("2,5 nghìn tỷ đồng", BILLIONS, "2500"),
        ("750 triệu", BILLIONS, "0.75"),
        ("1.234,50", MONEY, "1234.5"),
        ("1,234.50", MONEY, "1234.5"),
        ("1 lần/quý", FREQUENCY, "4"),
    ],
)
def test_an_answer_is_read_as_its_author_means_it(
    text: str, variable: Variable, meant: str
) -> None:
    assert read_cell(text, variable) == Fraction(meant)


@pytest.mark.parametrize(
    ("text", "variable", "naming"),
    [
        ("2.438 triệu đồng", MONEY, ["2,438", "2.438"]),
        ("912.912", MONEY, ["912,912", "912.912"]),
        ("3,000", MONEY, ["3 hoặc 3.000"]),
        ("2.438 tỷ", MONEY, ["2.438 hoặc 2.438.000"]),
        ("4/7", COUNT, ["4 trên 7"]),
        ("60-70", COUNT, ["khoảng"]),
        ("khoảng 120", COUNT, ["ước chừng"]),
        (">50", COUNT, ["ước chừng"]),
        ("31¹", COUNT, ["31¹"]),
        ("15 (năm mươi)", COUNT, ["15 hoặc 50"]),
        ("12 máy bay", COUNT, ["12 máy bay"]),
        ("không có", MONEY, ["0 hoặc là chưa có số liệu"]),
        ("không có", PERCENT, ["0 hoặc là chưa có số liệu"]),
        ("-", COUNT, ["0 hoặc là chưa có số liệu"]),
        ("chưa có", COUNT, ["0 hoặc là chưa có số liệu"]),
        ("1 triệu 2 tỷ", MONEY, ["1 triệu 2 tỷ"]),
        ("2 tỷ 438", MONEY, ["2 tỷ 438"]),
        ("1 tỷ 1.200 triệu", MONEY, ["1 tỷ 1.200 triệu"]),
        ("5 tỷ đồng", COUNT, ["5 tỷ đồng"]),
        ("7/4", PERCENT, ["7 trên 4"]),
        ("#REF!", COUNT, ["lỗi của công thức"]),
        ("9" * 5000, COUNT, ["…"]),
    ],
)
def test_what_a_person_could_not_tell_either_is_asked(
    text: str, variable: Variable, naming: list[str]
) -> None:
    read = read_cell(text, variable)
    assert isinstance(read, Unclear)
    assert read.status == "to_ask"
    assert all(words in read.reason for words in naming)
    assert len(read.reason) < 400


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("chưa thống kê", "not_available"),
        ("Chưa thống kê được.", "not_available"),
        ("chưa có số liệu", "not_available"),
        ("Chưa tổng hợp", "not_available"),
        (tcvn3("chưa thống kê"), "not_available"),
        ("N/A", "not_applicable"),
        ("không áp dụng", "not_applicable"),
        ("Không thuộc phạm vi", "not_applicable"),
    ],
)
@pytest.mark.parametrize("variable", [COUNT, MONEY, PERCENT, FLAG, CHOICE])
def test_words_for_no_figure_are_an_answer(text: str, status: str, variable: Variable) -> None:
    read = read_cell(text, variable)
    assert isinstance(read, Unclear)
    assert read.status == status


@pytest.mark.parametrize(
    ("text", "variable", "meant"),
    [
        *((text, FLAG, True) for text in ("có", "x", "X", "1", "Đã có", "✓", "Có.", "Cã", "Coù")),
        *((text, FLAG, False) for text in ("chưa", "Chưa có", "không có", "KHÔNG", "Kh«ng")),
        ("Có, Quyết định số 12/QĐ-STP", FLAG, True),
        ("Có (QĐ 12/QĐ-STP ngày 4/7/2023)", FLAG, True),
        ("- TRƯỞNG BAN LÀ CẤP PHÓ SỞ.", CHOICE, "pho"),
        ("Trưởng ban là Cấp phó", CHOICE, "pho"),
        (tcvn3("Chưa có Ban chỉ đạo"), CHOICE, "khong"),
    ],
)
def test_yes_no_and_choices_in_other_words(text: str, variable: Variable, meant: object) -> None:
    assert read_cell(text, variable) == meant


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("Có nhưng chưa ban hành", FLAG),
        ("Có, dự thảo Quyết định 12", FLAG),
        ("Có, Quyết định 12 chưa ký", FLAG),
        ("đang xây dựng", FLAG),
        ("2", FLAG),
        (2.0, FLAG),
        ("Trưởng ban", CHOICE),
        ("Ban chỉ đạo", CHOICE),
        ("Không", CHOICE),
    ],
)
def test_words_that_leave_it_open_are_asked(text: str | float, variable: Variable) -> None:
    read = read_cell(text, variable)
    assert isinstance(read, Unclear)
    assert read.status == "to_ask"


def test_a_reading_that_is_not_plain_says_how_it_was_read() -> None:
    assert reading("không có", COUNT).remark == "Ghi “không có”, hiểu là 0."
    assert reading("0,5 tỷ", MONEY).remark == "Ghi “0,5 tỷ”, hiểu là 500 triệu đồng."
    assert reading("x", FLAG).remark == "Ghi “x”, hiểu là Có."
    assert reading("Có", FLAG).remark is None
    assert reading(12, COUNT).remark is None
    assert reading(98.6, PERCENT).remark == "Ghi số 98,6, hiểu là 98,6 %."


def _count_forms(count: int) -> list[str]:
    """Every way to write a count that leaves one reading."""
    grouped = f"{count:,}"
    forms = [grouped.replace(",", sign) for sign in (".", ",", " ", "\u00a0", "\u202f", "\u2009")]
    wide = "".join(chr(ord("０") + int(digit)) for digit in str(count))
    forms += [f"{count}", wide, f"'{count}", f"\n{count} ", f"{count},0"]
    forms += [f"{count} cuộc họp", f"{count} Cuộc.", f"{count} ({_spelt(count)})"]
    return forms


def _spelt(number: int) -> str:
    """A whole number below 10^12 in words, as Vietnamese says it."""
    if number == 0:
        return "không"
    parts: list[str] = []
    for size, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, number = divmod(number, size)
        if group:
            parts.append(f"{_below_thousand(group, first=not parts)} {name}".strip())
    return " ".join(parts)


def _below_thousand(number: int, *, first: bool) -> str:
    digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = [] if first and not hundreds else [digits[hundreds], "trăm"]
    if tens == 0 and ones:
        said += (["linh"] if said else []) + [digits[ones]]
    elif tens:
        said += ["mười"] if tens == 1 else [digits[tens], "mươi"]
        last = {1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(ones, digits[ones])
        said += [last] if ones else []
    return " ".join(said)


@given(st.integers(0, 10**12 - 1))
def test_a_count_in_every_form_reads_back_as_itself(count: int) -> None:
    for form in _count_forms(count):
        assert read_cell(form, COUNT) == count, form


@given(st.integers(1, 10**12 - 1))
def test_words_of_a_number_are_that_number(number: int) -> None:
    assert number_of(_spelt(number)) == number


@given(st.integers(0, 10**4))
def test_a_percentage_in_every_form_reads_back_as_itself(hundredths: int) -> None:
    whole, decimals = divmod(hundredths, 100)
    share = Fraction(hundredths, 10_000)
    for form in (f"{whole},{decimals:02d}%", f"{whole}.{decimals:02d} %"):
        assert read_cell(form, PERCENT) == share
        assert read_cell(form.replace(" ", "\u00a0"), PERCENT) == share
    assert read_cell(f"{whole},{decimals:02d} phần trăm", PERCENT) == share


@given(st.integers(1, 10**9), st.sampled_from([MONEY, BILLIONS]))
def test_a_sum_in_every_unit_reads_back_as_itself(tenths: int, variable: Variable) -> None:
    """A sum with one decimal, written in đồng, nghìn, triệu and tỷ."""
    dong = Fraction(tenths * (10**6 if variable is MONEY else 10**9), 10)
    for name, size in (("đồng", 1), ("nghìn đồng", 10**3), ("triệu đồng", 10**6), ("tỷ", 10**9)):
        value = dong / size
        whole = value.denominator == 1
        for sign in ".," if whole else ",":
            shown = f"{value.numerator:,}".replace(",", sign) if whole else vietnamese(value, 12)
            read = read_cell(f"{shown} {name}", variable)
            if size > 1 and _may_be_thousands(shown):
                assert isinstance(read, Unclear), shown
            else:
                assert read == Fraction(tenths, 10), shown


def _may_be_thousands(form: str) -> bool:
    """One separator, three digits behind it and no lone zero before it."""
    head, separator, tail = form.replace(",", ".").partition(".")
    return bool(separator) and len(tail) == 3 and tail.isdigit() and head != "0" and len(head) <= 3


@given(st.integers(1, 10**6), st.integers(0, 999))
def test_a_sum_in_two_steps_is_their_sum(billions: int, millions: int) -> None:
    assert read_amount(f"{billions} tỷ {millions} triệu", "triệu đồng") == (
        Fraction(billions * 1000 + millions),
    )


_WORDS = "số liệu đã được phòng Hành chính đối chiếu cần kiểm tra kỹ từng ngày ở xã ủy lễ ỉ ỵ"


@given(st.lists(st.sampled_from(_WORDS.split()), min_size=1, max_size=8).map(" ".join))
def test_old_letters_come_back_as_they_were_typed(text: str) -> None:
    assert from_tcvn3(tcvn3(text)) == text
    assert from_vni(vni(text)) == text
    assert readable(text) == text


@pytest.mark.parametrize(
    "text", ["Số liệu đúng", "OK", "café", "12 % ± 1", "§ 5 khoản 2", "Sở TT&TT"]
)
def test_text_that_is_readable_stays_as_it_is(text: str) -> None:
    assert readable(text) == text


def test_a_note_in_old_letters_is_made_readable() -> None:
    note = "Số liệu đã được phòng Hành chính đối chiếu"
    assert readable(tcvn3(note)) == readable(vni(note)) == note


@given(st.text(max_size=80), st.sampled_from([COUNT, MONEY, PERCENT, FREQUENCY, FLAG, CHOICE]))
def test_no_text_crashes_the_reader(text: str, variable: Variable) -> None:
    read = read_cell(text, variable)
    assert read is None or isinstance(read, Fraction | bool | str | Unclear)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([COUNT, MONEY, PERCENT]))
def test_no_number_crashes_the_reader(number: float, variable: Variable) -> None:
    assert isinstance(read_cell(number, variable), Fraction | Unclear)
