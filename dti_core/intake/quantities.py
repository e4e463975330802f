"""A number, share, frequency or sum that a unit typed → its exact value, or what it may be."""

import re
from dataclasses import dataclass
from fractions import Fraction

from dti_core.figures import FigureStatus, Value
from dti_core.framework.model import Kind, Variable
from dti_core.intake import words
from dti_core.intake.cell_values import NO, SHOWN_DIGITS, YES, plain, quoted, raw_text
from dti_core.intake.money import read_amount
from dti_core.intake.numbers import Ambiguous, Number, Pair, Range, read_frequency, read_number
from dti_core.intake.numerals import number_of
from dti_core.rational import percent, vietnamese


@dataclass(frozen=True)
class Unclear:
    """A cell that gives no figure.

    reason   what is wrong and what to type, in Vietnamese, without the place
    between  bounds that the cell does support ("60-70")
    status   not_available or not_applicable where the cell says just that: nothing has to be asked
    """

    reason: str
    between: tuple[Fraction, Fraction] | None = None
    status: FigureStatus = "to_ask"


@dataclass(frozen=True)
class Reading:
    """What a cell says. `remark` tells in Vietnamese how it was read, where that is not plain."""

    value: Value | Unclear | None
    remark: str | None = None


def from_number(number: Fraction, variable: Variable) -> Reading:
    """A number cell. Signs and whole numbers are left to validation, which names its rule."""
    if variable.kind == "percent":
        share = _share(number, variable)
        told = None
        if number > 1 and isinstance(share, Fraction):
            told = understood(f"số {vietnamese(number, SHOWN_DIGITS)}", percent(share, 6))
        return Reading(share, told)
    if variable.kind == "count" and number.denominator > 1:
        grouped = number * 1000
        if 1 <= number < 1000 and grouped.denominator == 1:
            # an office whose computer groups thousands with commas types 1.204 and gets a fraction
            return Reading(_either(raw_text(float(number)), (number, grouped), variable))
    return Reading(number)


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
            f" {advice(variable)}"
        )
    return number / 100 if number <= 100 else _too_large(number, variable)


def _too_large(number: Fraction, variable: Variable) -> Unclear:
    shown = vietnamese(number, SHOWN_DIGITS)
    return Unclear(f"“{shown}” không phải tỷ lệ từ 0 đến 100 %. {advice(variable)}")


def from_text(text: str, variable: Variable) -> Reading:
    if variable.kind == "frequency" and (times := read_frequency(text)) is not None:
        return Reading(times)
    bare = words.visible(text).strip().lstrip("'’‘`").strip()
    if variable.kind == "money" and (amounts := read_amount(bare, variable.unit)):
        return _money(text, amounts, variable)
    if spelt := _SPELT.fullmatch(bare):
        number, said = spelt["number"], number_of(words.clean(spelt["words"]))
        if said is not None:
            return _checked(text, f"{number} {spelt['rest']}".strip(), said, variable)
    return Reading(_number(text, bare, variable))


_SPELT = re.compile(r"(?P<number>[^()]*\d)\s*\((?P<words>[^()\d]+)\)\s*(?P<rest>[^()\d]*)")
_MINUS_ZERO = re.compile(r"[-−–] ?0+(?:[.,]0+)?")
_PER_CENT = re.compile(r"(?<=\d)\s*phần trăm$", re.IGNORECASE)


def _number(text: str, bare: str, variable: Variable) -> Fraction | Unclear:
    """A number in text, its sign and unit of measure taken off."""
    if _MINUS_ZERO.fullmatch(bare):
        return Fraction(0)
    shown = quoted(text)
    number = read_number(_without_unit(_PER_CENT.sub("%", bare), variable), variable.kind)
    match number:
        case Number(value, percent=True):
            if variable.kind == "percent":
                return value
            return Unclear(f"{shown} là tỷ lệ phần trăm. {advice(variable)}")
        case Number(value):
            if variable.kind != "percent":
                return value
            if 0 < value <= 1:
                either = f"{percent(value / 100, 6)} hoặc {percent(value, 6)}"
                return Unclear(f"{shown} có thể là {either}. {advice(variable)}")
            return _share(value, variable)
        case Ambiguous(readings):
            return _either(text, readings, variable)
        case Pair(part, whole):
            if variable.kind == "percent" and 0 <= part <= whole and whole:
                return part / whole
            return Unclear(
                f"{shown} không đọc được thành số: đó là hai số, {vietnamese(part, 6)} trên"
                f" {vietnamese(whole, 6)}. {advice(variable)}"
            )
        case Range(low, high):
            between = None if variable.kind == "percent" and high > 1 else (low, high)
            return Unclear(f"{shown} là một khoảng. {advice(variable)}", between)
        case _ if words.is_estimate(words.clean(bare)):
            return Unclear(f"{shown} là số ước chừng. {advice(variable)}")
        case _:
            return Unclear(f"{shown} không đọc được thành số. {advice(variable)}")


def _money(text: str, amounts: tuple[Fraction, ...], variable: Variable) -> Reading:
    if len(amounts) > 1:
        return Reading(_either(text, amounts, variable))
    told = f"{vietnamese(amounts[0], 6)} {variable.unit}"
    same = plain(text).endswith(plain(variable.unit or ""))
    return Reading(amounts[0], None if same else understood(quoted(text), told))


def _checked(text: str, number: str, said: int, variable: Variable) -> Reading:
    """A number whose words stand beside it: both must say the same."""
    value = _number(number, number, variable)
    if isinstance(value, Fraction) and variable.kind != "percent" and value != said:
        return Reading(_either(text, (value, Fraction(said)), variable))
    return Reading(value)


def _without_unit(text: str, variable: Variable) -> str:
    """The text without the variable's own unit of measure behind it: "12 hội nghị", "12 cuộc" where
    the unit is "cuộc họp"."""
    match = _WITH_UNIT.fullmatch(text)
    if match is None or variable.unit is None:
        return text
    typed, unit = _letters(match["unit"]), _letters(variable.unit)
    parts = {unit}
    for cut in (",", "/", "[,/]"):
        parts |= {_letters(part) for part in re.split(cut, variable.unit)}
    fits = any(part == typed or part.startswith(f"{typed} ") for part in parts)
    return match["number"] if typed and fits else text


_WITH_UNIT = re.compile(r"(?P<number>[\d.,/%\s–—-]*[\d%])\s*(?P<unit>[^\W\d_].*)", re.DOTALL)


def _letters(text: str) -> str:
    """The words of a unit of measure, without what stands between them."""
    return " ".join(re.findall(r"[^\W\d_]+", plain(text)))


def _either(text: str, readings: tuple[Fraction, ...], variable: Variable) -> Unclear:
    shown = percent if variable.kind == "percent" else vietnamese
    options = " hoặc ".join(shown(each, 6) for each in readings)
    return Unclear(f"{quoted(text)} có thể là {options}. {advice(variable)}")


def understood(shown: str, meaning: str) -> str:
    return f"Ghi {shown}, hiểu là {meaning}."


_EXAMPLES: dict[Kind, str] = {
    "count": "số nguyên, không có dấu chấm hay phẩy, ví dụ 1204",
    "mean": "số, ví dụ 24 hoặc 24,5",
    "money": "số, không có dấu chấm giữa các hàng nghìn, ví dụ 120450 hoặc 120450,5",
    "percent": "tỷ lệ kèm dấu phần trăm, ví dụ 98,6%",
    "frequency": "số lần trong một năm, ví dụ 12",
}


def advice(variable: Variable) -> str:
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
