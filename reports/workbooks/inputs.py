"""What a cell takes, by the kind of its figure: number format, list or bounds, words for errors."""

from typing import Any

from dti_core.framework.model import Kind, Variable
from dti_core.intake.cells import NO, YES
from reports.workbooks.book import Book

_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "mean": "#,##0.00",
    "money": "#,##0.00",
    "percent": "0.00%",
    "frequency": "General",
}

_TITLE = "Chưa đúng"  # at most 32 characters
_LONGEST_HINT = 255


def number_format(variable: Variable | None) -> str:
    """The number format of an answer; "@" (text) keeps the 0 in front of a telephone number."""
    return _FORMATS.get(variable.kind, "@") if variable else "@"


def widest_answer(variable: Variable | None) -> str:
    """The longest text that will stand in the cell, as far as it is known beforehand."""
    return max(variable.choices.values(), key=len) if variable and variable.choices else ""


def validation(
    book: Book, variable: Variable | None, most: float | None, hint: str | None
) -> dict[str, Any] | None:
    """The data validation of a cell as XlsxWriter takes it; None where anything may be typed."""
    rule: dict[str, Any] = {}
    match variable.kind if variable else "text":
        case "flag":
            message = f"Hãy chọn {YES} hoặc {NO}."
            rule = {"validate": "list", "source": [YES, NO]}
        case "choice":
            assert variable is not None
            message = "Hãy chọn một mức trong danh sách của ô."
            rule = {
                "validate": "list",
                "source": book.list_range(tuple(variable.choices.values())),
            }
        case "count":
            message = "Hãy nhập số nguyên từ 0 trở lên, viết liền, ví dụ 1204."
            rule = {"validate": "integer", "criteria": ">=", "value": 0}
        case "percent":
            message = "Hãy nhập tỷ lệ từ 0 % đến 100 %, kèm dấu phần trăm, ví dụ 98,6%."
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        case "mean" | "money":
            message = "Hãy nhập số từ 0 trở lên, viết liền phần nguyên."
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}
            if most is not None:
                shown = f"{most:g}".replace(".", ",")
                message = f"Hãy nhập điểm từ 0 đến {shown}."
                rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most}
        case _:
            message = ""
            rule = {"validate": "any"}
    if hint:
        rule |= {"input_message": hint[:_LONGEST_HINT]}
    elif rule["validate"] == "any":
        return None
    if message:
        rule |= {"error_title": _TITLE, "error_message": message, "error_type": "stop"}
    return rule
