"""A target that a plan sets → an exact value in the terms of its row, words, or a question.

"80%", "đạt từ 80% trở lên", ">50%", "tối thiểu 20 tin, bài" are exact where the row is measured so;
"Duy trì" is words. What may be two numbers ("1.204", "5" of a percentage) is asked about.
"""

import re
from fractions import Fraction

from dti_core.framework.model import Criterion, Variable
from dti_core.framework.rules import Rule
from dti_core.intake.cell_values import CellValue, exact, is_blank, quoted, raw_text
from dti_core.intake.quantities import Unclear, from_number, from_text
from dti_core.rational import percent
from dti_core.scoring.targets import Target, Terms, terms

_LEAD = re.compile(
    r"(?:phấn đấu|thực hiện|đạt|tỷ lệ|từ|tối thiểu|ít nhất|không dưới|bằng|là|≥|>=|:)\s*",
    re.IGNORECASE,
)
_BEYOND = re.compile(r"(?:trên|hơn|lớn hơn|>(?!=))\s*", re.IGNORECASE)
_TAIL = re.compile(r"\s*trở lên$", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d.,\s]*%?")
_NUMBER_AND_UNIT = re.compile(r"\d[\d.,\s]*\s*[^\W\d_][^\d]*", re.DOTALL)


def read_target(text: str, criterion: Criterion, rule: Rule) -> Target | Unclear | None:
    """What a target says in the terms of its row; None for words. Never a guess."""
    measured = terms(criterion, rule)
    if measured is None:
        return None
    rest, beyond = _bare(text)
    alone = _NUMBER.fullmatch(rest) is not None
    if not alone and not _NUMBER_AND_UNIT.fullmatch(rest):
        return None
    value = from_text(rest, _variable(measured)).value
    if isinstance(value, Fraction):
        return Target(value, beyond)
    # words behind the number that are no unit of the row make it words; a lone number has to be one
    return value if alone and isinstance(value, Unclear) else None


def target_text(value: CellValue, criterion: Criterion, rule: Rule) -> str | Unclear:
    """A target cell as the plan keeps it; a number that may be two things is a question."""
    if is_blank(value):
        return ""
    measured = terms(criterion, rule)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return Unclear(
            f"{quoted(raw_text(value))} không phải chỉ tiêu. Hãy ghi chỉ tiêu bằng chữ hoặc số;"
            " ngày tháng ghi ở cột “Thời hạn”."
        )
    if isinstance(value, int | float):
        if measured is None:
            return raw_text(value)
        number = from_number(exact(value), _variable(measured)).value
        if isinstance(number, Unclear):
            return number
        return (
            percent(number, 13)
            if measured.percent and isinstance(number, Fraction)
            else (raw_text(value))
        )
    found = read_target(raw_text(value), criterion, rule)
    return found if isinstance(found, Unclear) else raw_text(value)


def _bare(text: str) -> tuple[str, bool]:
    """The text without the words around a number, and whether it has to be passed."""
    rest, beyond = " ".join(text.split()).rstrip(" .;"), False
    rest = _TAIL.sub("", rest)
    while True:
        if match := _BEYOND.match(rest):
            beyond = True
        elif not (match := _LEAD.match(rest)):
            return rest, beyond
        rest = rest[match.end() :]


def _variable(measured: Terms) -> Variable:
    kind = "percent" if measured.percent else "count" if measured.whole else "mean"
    return Variable(label="Chỉ tiêu", kind=kind, unit=measured.unit)  # type: ignore[arg-type]
