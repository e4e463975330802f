"""One cell that a unit typed → an exact value, a question, or nothing. Never a guess.

A spreadsheet holds a number as a float and shows 15 significant digits of it: those digits are
the number. So 0.986 is 493/500, and 0.7 + 0.1, which a float keeps as 0.7999999999999999, is the
4/5 that its author sees.
"""

from datetime import date, datetime, time, timedelta
from fractions import Fraction

from dti_core.figures import Value
from dti_core.framework.model import Variable
from dti_core.intake import words
from dti_core.intake.cell_values import (
    NO,
    SHOWN_DIGITS,
    YES,
    CellValue,
    exact,
    is_blank,
    plain,
    quoted,
    raw_text,
)
from dti_core.intake.old_letters import spellings
from dti_core.intake.quantities import (
    Reading,
    Unclear,
    advice,
    from_number,
    from_text,
    understood,
)

__all__ = [
    "NO",
    "SHOWN_DIGITS",
    "YES",
    "CellValue",
    "Reading",
    "Unclear",
    "exact",
    "is_blank",
    "plain",
    "quoted",
    "raw_text",
    "read_cell",
    "reading",
]

_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:")


def read_cell(value: CellValue, variable: Variable) -> Value | Unclear | None:
    """What a cell says of a variable: its exact value, why there is none, or None for a blank."""
    return reading(value, variable).value


def reading(value: CellValue, variable: Variable) -> Reading:
    """As `read_cell`, and how it was read."""
    if value is None or is_blank(value):
        return Reading(None)
    if isinstance(value, date | datetime | time | timedelta):
        return Reading(
            Unclear(
                f"“{raw_text(value)}” là ngày giờ, không phải số liệu (bảng tính có thể đã tự đổi,"
                f" ví dụ 4/7 thành ngày 4 tháng 7). {advice(variable)}"
            )
        )
    if variable.kind in ("text", "contact"):
        return Reading(raw_text(value))
    if variable.kind == "flag" and value in (YES, NO):
        return Reading(value == YES)
    if isinstance(value, str):
        return _from_words(raw_text(value), variable)
    if variable.kind == "choice":
        return Reading(_no_choice(raw_text(value), variable))
    if variable.kind == "flag":
        wrong = Unclear(f"“{raw_text(value)}” không phải {YES} hay {NO}. {advice(variable)}")
        return Reading(value if isinstance(value, bool) else wrong)
    if isinstance(value, bool):
        return Reading(Unclear(f"“{raw_text(value)}” không phải số. {advice(variable)}"))
    return from_number(exact(value), variable)


def _from_words(text: str, variable: Variable) -> Reading:
    shown = quoted(text)
    if text.startswith(_ERRORS):
        return Reading(Unclear(f"{shown} là lỗi của công thức. {advice(variable)}"))
    said = words.clean(text)
    if variable.kind == "flag":
        return _flag(text)
    if variable.kind == "choice":
        return _choice(text, variable)
    if nothing := _nothing(text):
        return Reading(nothing)
    if variable.kind == "count" and any(words.clean(e) in words.NONE for e in spellings(text)):
        return Reading(Fraction(0), understood(shown, "0"))
    if said in words.NONE or said in words.NONE_OR_UNKNOWN:
        return Reading(
            Unclear(
                f"{shown} có thể là 0 hoặc là chưa có số liệu. Hãy ghi 0, hoặc ghi “chưa có số"
                " liệu”."
            )
        )
    return from_text(text, variable)


def _flag(text: str) -> Reading:
    for each in map(words.clean, spellings(text)):
        if (answer := words.says_yes(each)) is not None:
            meant = YES if answer else NO
            return Reading(
                answer, None if each == plain(meant) else understood(quoted(text), meant)
            )
    wrong = Unclear(f"{quoted(text)} không phải {YES} hay {NO}. Hãy chọn {YES} hoặc {NO}.")
    return Reading(_nothing(text) or wrong)


def _choice(text: str, variable: Variable) -> Reading:
    for each in map(words.clean, spellings(text)):
        if key := words.chosen(each, variable.choices).key:
            full = variable.choices[key]
            same = words.clean(full) == each
            return Reading(key, None if same else understood(quoted(text), f"“{full}”"))
    return Reading(_nothing(text) or _no_choice(text, variable))


def _nothing(text: str) -> Unclear | None:
    """The cell says that there is no figure, and why."""
    for each in map(words.clean, spellings(text)):
        if status := words.says_nothing(each):
            what = "chưa có số liệu" if status == "not_available" else "số liệu này không áp dụng"
            return Unclear(f"{quoted(text)}: {what}.", status=status)
    return None


def _no_choice(text: str, variable: Variable) -> Unclear:
    maybe = words.chosen(words.clean(text), variable.choices).maybe
    if maybe:
        meant = " hoặc ".join(f"“{variable.choices[key]}”" for key in maybe)
        return Unclear(f"{quoted(text)} có thể là {meant}. Hãy chọn một mức trong danh sách.")
    options = "; ".join(f"“{each}”" for each in variable.choices.values())
    return Unclear(
        f"{quoted(text)} không phải một mức của danh sách. Hãy chọn một trong: {options}."
    )
