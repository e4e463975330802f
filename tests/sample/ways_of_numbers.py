"""Ways to type a number: what the cell holds, and what it means."""

import datetime
from fractions import Fraction

from dti_core.rational import vietnamese
from tests.sample.spoilt import Asks, Case, Key, Means, way

COUNT, PERCENT, MONEY, MEAN = "count", "percent", "money", "mean"


def _number(case: Case, low: int, high: int) -> int:
    return case.random.randint(low, high)


def _each(case: Case, *kinds: str) -> list[Key]:
    return case.pick(*kinds)  # type: ignore[arg-type]


@way("Tỷ lệ gõ thành chữ với dấu phẩy và dấu %: “75,5%”", "typed", "about")
def percent_with_comma(case: Case) -> None:
    for key in _each(case, PERCENT):
        tenths = _number(case, 1, 999)
        case.type(key, f"{tenths // 10},{tenths % 10}%", Means(Fraction(tenths, 1000)))


@way("Tỷ lệ gõ thành chữ với dấu chấm: “97.97%”", "typed", "about")
def percent_with_dot(case: Case) -> None:
    for key in _each(case, PERCENT):
        hundredths = _number(case, 1, 9999)
        shown = f"{hundredths // 100}.{hundredths % 100:02d}%"
        case.type(key, shown, Means(Fraction(hundredths, 10_000)))


@way("Có dấu cách trước dấu %: “15,85 %”", "typed", "about")
def percent_after_space(case: Case) -> None:
    for key, space in zip(_each(case, PERCENT), (" ", "\u00a0"), strict=False):
        case.type(key, f"15,85{space}%", Means(Fraction("0.1585")))


@way("Tỷ lệ có số 0 đứng trước: “07%”", "typed", "about")
def percent_with_leading_zero(case: Case) -> None:
    for key in _each(case, PERCENT):
        digit = _number(case, 1, 9)
        case.type(key, f"0{digit}%", Means(Fraction(digit, 100)))


@way("Tỷ lệ viết bằng lời: “98,5 phần trăm”", "typed", "about")
def percent_in_words(case: Case) -> None:
    for key in _each(case, PERCENT):
        case.type(key, "98,5 phần trăm", Means(Fraction("0.985")))


@way("Ô định dạng % nhưng giữ số 98,6 (hiện 9860 %)", "typed", "about")
def percent_typed_as_whole_number(case: Case) -> None:
    for key in _each(case, PERCENT):
        tenths = _number(case, 110, 1000)
        case.type(key, tenths / 10, Means(Fraction(tenths, 1000)))


@way("Tỷ lệ gõ thành chữ không có dấu %: “98,6”", "typed", "about")
def percent_without_sign(case: Case) -> None:
    for key in _each(case, PERCENT):
        case.type(key, "98,6", Means(Fraction("0.986")))


@way("Tỷ lệ gõ thành phân số “4/7”", "typed", "about")
def percent_as_fraction(case: Case) -> None:
    for key in _each(case, PERCENT):
        whole = _number(case, 8, 99)
        part = _number(case, 1, whole)
        case.type(key, f"{part}/{whole}", Means(Fraction(part, whole)))


@way("Tỷ lệ “0,986” gõ thành chữ: 0,986 % hay 98,6 %", "typed", "about")
def percent_as_share_in_text(case: Case) -> None:
    for key in _each(case, PERCENT):
        case.type(key, "0,986", Asks(("0,986 %", "98,6 %")))


@way("Hàng nghìn ngăn bằng dấu chấm: “1.337.124”", "typed")
def thousands_by_dots(case: Case) -> None:
    for key in _each(case, COUNT):
        number = _number(case, 1000, 9_999_999)
        case.type(key, vietnamese(number), Means(Fraction(number)))


@way("Hàng nghìn ngăn bằng dấu phẩy: “1,337,124”", "typed")
def thousands_by_commas(case: Case) -> None:
    for key in _each(case, COUNT):
        number = _number(case, 1000, 9_999_999)
        case.type(key, f"{number:,}", Means(Fraction(number)))


@way("Hàng nghìn ngăn bằng dấu cách không ngắt: “1 204”", "typed")
def thousands_by_no_break_spaces(case: Case) -> None:
    for key in _each(case, COUNT):
        number = _number(case, 1000, 9_999_999)
        case.type(key, f"{number:,}".replace(",", "\u00a0"), Means(Fraction(number)))


@way("Hàng nghìn ngăn bằng dấu cách hẹp không ngắt", "typed")
def thousands_by_narrow_spaces(case: Case) -> None:
    for key in _each(case, COUNT):
        number = _number(case, 1000, 9_999_999)
        case.type(key, f"{number:,}".replace(",", "\u202f"), Means(Fraction(number)))


@way("Một dấu ngăn ở ô số lượng: “912.912” chỉ có thể là 912912", "typed")
def one_separator_in_a_count(case: Case) -> None:
    for key in _each(case, COUNT):
        case.type(key, "912.912", Means(Fraction(912_912)))


@way("Ô số bị máy hiểu dấu chấm là thập phân: gõ 1.204 thành số 1,204", "typed")
def thousands_taken_for_decimals(case: Case) -> None:
    for key in _each(case, COUNT):
        case.type(key, 1.204, Asks(("1,204", "1.204")))


@way("Chữ số toàn khổ (bộ gõ Đông Á): “１２３”", "typed")
def full_width_digits(case: Case) -> None:
    for key in _each(case, COUNT):
        number = _number(case, 10, 999)
        wide = "".join(chr(ord("０") + int(digit)) for digit in str(number))
        case.type(key, wide, Means(Fraction(number)))


@way("Dấu nháy đứng trước số: “'123”", "typed")
def leading_apostrophe(case: Case) -> None:
    for key, mark in zip(_each(case, COUNT), "'’", strict=False):
        case.type(key, f"{mark}123", Means(Fraction(123)))


@way("Số đi kèm đơn vị tính của chính ô: “12 hồ sơ”", "typed")
def trailing_unit(case: Case) -> None:
    for key in _each(case, COUNT):
        number = _number(case, 1, 999)
        case.type(key, f"{number} {case.variable(key).unit}", Means(Fraction(number)))


@way("Đơn vị tính viết hoa, liền số, có dấu chấm cuối: “12HỒ SƠ.”", "typed")
def trailing_unit_in_capitals(case: Case) -> None:
    for key in _each(case, COUNT):
        number, unit = _number(case, 1, 999), case.variable(key).unit or ""
        case.type(key, f"{number}{unit.upper()}.", Means(Fraction(number)))


@way("Đơn vị tính viết tắt phần sau: “12 cuộc” ở ô “cuộc họp”", "typed")
def trailing_unit_shortened(case: Case) -> None:
    long_units = [key for key in case.figures if " " in (case.variable(key).unit or "")]
    for key in case.pick("count", when=long_units.__contains__):
        unit = (case.variable(key).unit or "").split()[0]
        case.type(key, f"12 {unit}", Means(Fraction(12)))


@way("Đơn vị tính của số liệu khác: “12 máy bay”", "typed")
def another_unit(case: Case) -> None:
    for key in _each(case, COUNT):
        case.type(key, "12 máy bay", Asks(("12 máy bay",)))


@way("Số kèm chữ trong ngoặc: “15 (mười lăm)”", "typed")
def number_with_its_words(case: Case) -> None:
    spelt = {
        15: "mười lăm",
        21: "Hai mươi mốt",
        104: "một trăm linh bốn",
        1204: "một nghìn hai trăm linh bốn",
    }
    for key, number in zip(_each(case, COUNT), case.random.sample(sorted(spelt), 2), strict=False):
        case.type(key, f"{number} ({spelt[number]})", Means(Fraction(number)))


@way("Số và chữ trong ngoặc không khớp: “15 (năm mươi)”", "typed")
def number_against_its_words(case: Case) -> None:
    for key in _each(case, COUNT):
        case.type(key, "15 (năm mươi)", Asks(("15", "50")))


@way("Xuống dòng, tab và dấu cách thừa quanh câu trả lời", "typed")
def surrounding_newlines(case: Case) -> None:
    for key in _each(case, COUNT):
        number = _number(case, 1, 99_999)
        case.type(key, f"\n {number}\t\n", Means(Fraction(number)))


@way("Ký tự vô hình dán từ trang web quanh số", "typed")
def invisible_characters(case: Case) -> None:
    for key in _each(case, COUNT):
        number = _number(case, 1, 99_999)
        case.type(key, f"\ufeff\u200b{number}\u200e", Means(Fraction(number)))


@way("Số có cả hai dấu: “1.234,50” và “1,234.50”", "typed", "own")
def both_separators(case: Case) -> None:
    for key, shown in zip(_each(case, MONEY), ("1.234,50", "1,234.50"), strict=False):
        case.type(key, shown, Means(Fraction("1234.5")))


@way("Số âm không: “-0” và -0.0", "typed")
def negative_zero(case: Case) -> None:
    for key, typed in zip(_each(case, COUNT), ("-0", -0.0), strict=False):
        case.type(key, typed, Means(Fraction(0)))


@way("Số nguyên viết thừa phần thập phân: “12,0”, “12.00”", "typed")
def whole_number_with_decimals(case: Case) -> None:
    for key, shown in zip(_each(case, COUNT), ("12,0", "12.00"), strict=False):
        case.type(key, shown, Means(Fraction(12)))


@way("Tiền viết đơn vị lớn hơn: “0,5 tỷ” ở ô triệu đồng", "typed", "own")
def money_in_billions(case: Case) -> None:
    for key, shown in zip(_each(case, MONEY), ("0,5 tỷ", "0.5 tỉ đồng"), strict=False):
        case.type(key, shown, Means(Fraction(500)))


@way("Tiền viết đủ đồng: “82.237.000.000 đồng”", "typed", "own")
def money_in_dong(case: Case) -> None:
    for key, unit in zip(_each(case, MONEY), ("đồng", "VNĐ"), strict=False):
        case.type(key, f"82.237.000.000 {unit}", Means(Fraction(82_237)))


@way("Tiền viết hai bậc: “1 tỷ 200 triệu đồng”", "typed", "own")
def money_in_two_steps(case: Case) -> None:
    for key in _each(case, MONEY):
        case.type(key, "1 tỷ 200 triệu đồng", Means(Fraction(1200)))


@way("Tiền viết tắt đơn vị của ô: “442,8 trđ”", "typed", "own")
def money_with_short_unit(case: Case) -> None:
    for key, unit in zip(_each(case, MONEY), ("trđ", "tr.đ"), strict=False):
        case.type(key, f"442,8 {unit}", Means(Fraction("442.8")))


@way("“2.438 triệu đồng”: 2,438 hay 2438 triệu", "typed", "own")
def money_with_one_separator_and_unit(case: Case) -> None:
    for key in _each(case, MONEY):
        case.type(key, "2.438 triệu đồng", Asks(("2,438", "2.438")))


@way("“912.912” hay “3,000” ở ô tiền: hai cách đọc", "typed", "own")
def money_with_one_separator(case: Case) -> None:
    shown = {"912.912": Asks(("912,912", "912.912")), "3,000": Asks(("3 hoặc 3.000",))}
    for key, (text, asks) in zip(_each(case, MONEY), shown.items(), strict=False):
        case.type(key, text, asks)


@way("Cả tử và mẫu trong một ô số lượng: “4/7”", "typed")
def part_and_whole_in_one_cell(case: Case) -> None:
    for key in _each(case, COUNT):
        case.type(key, "4/7", Asks(("4", "7")))


@way("Máy tự đổi 4/7 thành ngày", "typed")
def turned_into_a_date(case: Case) -> None:
    for key in _each(case, COUNT):
        cell = case.cell(key)
        case.type(key, datetime.date(2024, 7, 4), Asks(("04/07/2024",)))
        cell.number_format = "d-mmm"


@way("Một khoảng thay cho một số: “60-70”", "typed")
def a_range(case: Case) -> None:
    for key in _each(case, COUNT):
        case.type(key, "60-70", Asks(("60-70", "khoảng")))


@way("Số ước chừng: “khoảng 120”, “trên 50”", "typed")
def an_estimate(case: Case) -> None:
    for key, shown in zip(_each(case, COUNT), ("khoảng 120", "trên 50"), strict=False):
        case.type(key, shown, Asks((shown,)))


@way("Số có chỉ số chú thích: “31¹”", "typed")
def with_a_footnote(case: Case) -> None:
    for key in _each(case, COUNT):
        case.type(key, "31¹", Asks(("31¹",)))


@way("Chữ O và l thay cho số: “1O5”, “l2”", "typed")
def letters_for_digits(case: Case) -> None:
    for key, shown in zip(_each(case, COUNT), ("1O5", "l2"), strict=False):
        case.type(key, shown, Asks((shown,)))


@way("Trung bình gõ thành chữ kèm đơn vị: “30,9 tin, bài/tháng”", "typed", "own")
def mean_with_unit(case: Case) -> None:
    for key in _each(case, MEAN):
        case.type(key, f"30,9 {case.variable(key).unit}", Means(Fraction("30.9")))


@way("Tỷ lệ nhập vào ô số lượng: “75%”", "typed")
def percent_in_a_count(case: Case) -> None:
    for key in _each(case, COUNT):
        case.type(key, "75%", Asks(("75%",)))
