"""One cell that a unit typed → an exact value, a question, or nothing. Never a guess.

A spreadsheet holds a number as a float and shows 15 significant digits of it: those digits are
the number. So 0.986 is 493/500, and 0.7 + 0.1, which a float keeps as 0.7999999999999999, is the
4/5 that its author sees.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from dti_core.figures import Value
from dti_core.framework.model import Kind, Variable
from dti_core.intake.numbers import Ambiguous, Number, Range, read_frequency, read_number
from dti_core.rational import percent, vietnamese

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

YES, NO = "Có", "Không"
SHOWN_DIGITS = 15
"""Significant digits that Excel and LibreOffice keep of a number that is typed."""


@dataclass(frozen=True)
class Unclear:
    """A cell that cannot be read as the figure that it should hold.

    reason   what is wrong and what to type, in Vietnamese, without the place
    between  bounds that the cell does support ("60-70")
    """

    reason: str
    between: tuple[Fraction, Fraction] | None = None


def read_cell(value: CellValue, variable: Variable) -> Value | Unclear | None:
    """What a cell says of a variable: its exact value, why that is unclear, or None for a blank."""
    if is_blank(value):
        return None
    if isinstance(value, date | datetime | time | timedelta):
        return Unclear(
            f"“{raw_text(value)}” là ngày giờ, không phải số liệu (bảng tính có thể đã tự đổi, ví"
            f" dụ 4/7 thành ngày 4 tháng 7). {_advice(variable)}"
        )
    match variable.kind:
        case "flag":
            return _flag(value)
        case "choice":
            return _choice(value, variable)
        case "text" | "contact":
            return raw_text(value)
        case _:
            return _quantity(value, variable)


def is_blank(value: CellValue) -> bool:
    """Nothing was typed: no value, or spaces only."""
    return value is None or (isinstance(value, str) and not plain(value))


def raw_text(value: CellValue) -> str:
    """The cell in words, as it stands there; numbers with a decimal comma, nothing rounded."""
    match value:
        case None:
            return ""
        case str():
            return unicodedata.normalize("NFC", value).strip()
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return vietnamese(exact(value), SHOWN_DIGITS).replace(".", "")
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)


def exact(value: int | float) -> Fraction:
    """The number that a spreadsheet shows for a float: its 15 significant digits, exactly."""
    return Fraction(value) if isinstance(value, int) else Fraction(f"{value:.{SHOWN_DIGITS}g}")


def plain(text: str) -> str:
    """Text without what a hand may vary: spaces, letter case, the form of the accents."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _flag(value: CellValue) -> bool | Unclear:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        known = {plain(YES): True, plain(NO): False}
        if plain(value) in known:
            return known[plain(value)]
    return Unclear(f"“{raw_text(value)}” không phải {YES} hay {NO}. Hãy chọn {YES} hoặc {NO}.")


def _choice(value: CellValue, variable: Variable) -> str | Unclear:
    text = raw_text(value)
    found = [key for key, words in variable.choices.items() if plain(words) == plain(text)]
    if len(found) == 1:
        return found[0]
    words = "; ".join(f"“{each}”" for each in variable.choices.values())
    return Unclear(f"“{text}” không phải một mức của danh sách. Hãy chọn một trong: {words}.")


def _quantity(value: CellValue, variable: Variable) -> Fraction | Unclear:
    if isinstance(value, bool):
        return Unclear(f"“{raw_text(value)}” không phải số. {_advice(variable)}")
    if isinstance(value, int | float):
        return _from_number(exact(value), variable)
    return _from_text(raw_text(value), variable)


def _from_number(number: Fraction, variable: Variable) -> Fraction | Unclear:
    """A number cell. Signs and whole numbers are left to validation, which names its rule."""
    if variable.kind == "percent":
        return _share(number, variable)
    if variable.kind == "count" and number.denominator > 1:
        grouped = number * 1000
        if 1 <= number < 1000 and grouped.denominator == 1:
            # an office whose computer groups thousands with commas types 1.204 and gets a fraction
            return _either(raw_text(float(number)), (number, grouped), variable)
    return number


def _share(number: Fraction, variable: Variable) -> Fraction | Unclear:
    """A number without a per cent sign in a percent cell: 0.986 is what the cell keeps for 98,6 %.

    From 10 to 100 only the percentage can be meant, since the share would be over 1000 %. From
    1 to 10 both can: 1.05 is 1,05 %, or 105 % by mistake.
    """
    if number <= 1:
        return number
    if number < 10:
        shown = vietnamese(number, SHOWN_DIGITS)
        return Unclear(
            f"“{shown}” có thể là {percent(number / 100, 6)} hoặc {percent(number, 6)}."
            f" {_advice(variable)}"
        )
    return number / 100 if number <= 100 else _too_large(number, variable)


def _too_large(number: Fraction, variable: Variable) -> Unclear:
    shown = vietnamese(number, SHOWN_DIGITS)
    return Unclear(f"“{shown}” không phải tỷ lệ từ 0 đến 100 %. {_advice(variable)}")


def _from_text(text: str, variable: Variable) -> Fraction | Unclear:
    if variable.kind == "frequency" and (times := read_frequency(text)) is not None:
        return times
    number = read_number(_without_unit(text, variable.unit), variable.kind)
    match number:
        case Number(value, percent=True):
            if variable.kind == "percent":
                return value
            return Unclear(f"“{text}” là tỷ lệ phần trăm. {_advice(variable)}")
        case Number(value):
            if variable.kind != "percent":
                return value
            if 0 < value <= 1:
                either = f"{percent(value / 100, 6)} hoặc {percent(value, 6)}"
                return Unclear(f"“{text}” có thể là {either}. {_advice(variable)}")
            return _share(value, variable)
        case Ambiguous(readings):
            return _either(text, readings, variable)
        case Range(low, high):
            between = None if variable.kind == "percent" and high > 1 else (low, high)
            return Unclear(f"“{text}” là một khoảng. {_advice(variable)}", between)
        case _:
            return Unclear(f"“{text}” không đọc được thành số. {_advice(variable)}")


def _without_unit(text: str, unit: str | None) -> str:
    """The text without the variable's own unit of measure behind it ("12 hội nghị")."""
    if unit and plain(text).endswith(f" {plain(unit)}"):
        return plain(text)[: -len(plain(unit))]
    return text


def _either(text: str, readings: tuple[Fraction, ...], variable: Variable) -> Unclear:
    shown = percent if variable.kind == "percent" else vietnamese
    options = " hoặc ".join(shown(each, 6) for each in readings)
    return Unclear(f"“{text}” có thể là {options}. {_advice(variable)}")


_EXAMPLES: dict[Kind, str] = {
    "count": "số nguyên, không có dấu chấm hay phẩy, ví dụ 1204",
    "mean": "số, ví dụ 24 hoặc 24,5",
    "money": "số, không có dấu chấm giữa các hàng nghìn, ví dụ 120450 hoặc 120450,5",
    "percent": "tỷ lệ kèm dấu phần trăm, ví dụ 98,6%",
    "frequency": "số lần trong một năm, ví dụ 12",
}


def _advice(variable: Variable) -> str:
    """What to type instead."""
    if variable.kind == "flag":
        return f"Hãy chọn {YES} hoặc {NO}."
    if variable.kind == "choice":
        return "Hãy chọn một mức trong danh sách của ô."
    example = _EXAMPLES.get(variable.kind)
    if example is None:
        return "Hãy nhập bằng chữ."
    unit = f" (đơn vị: {variable.unit})" if variable.unit else ""
    return f"Hãy nhập {example}{unit}."
