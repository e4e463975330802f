"""Supposed figures on a command line: "a=1204", "x=có", "b=?". Read like a unit's own cells."""

from collections.abc import Iterable
from fractions import Fraction

from dti_core.errors import Refused
from dti_core.figures import Value
from dti_core.framework.model import RATIO, Criterion, Variable
from dti_core.framework.rules import stated_ratio
from dti_core.intake.cells import Unclear, is_blank, read_cell

UNKNOWN = "?"
_RATIO = Variable(label="Tỷ lệ nêu thẳng", kind="percent")


class BadAssignment(Refused):
    """A supposed figure that cannot be taken. The text says which, why, and what to type."""


def read_assignments(texts: Iterable[str], criterion: Criterion) -> dict[str, Value | None]:
    """Variable → its supposed value, None for unknown; in the order in which they were typed.

    `ratio` states the row's one quotient outright. Raises BadAssignment.
    """
    may_be = askable(criterion)
    if not may_be:
        raise BadAssignment(_nothing_to_suppose(criterion))
    values: dict[str, Value | None] = {}
    for text in texts:
        name, sign, typed = text.partition("=")
        name = name.strip()
        if not sign or name not in may_be:
            wrong = f"“{text}” phải viết như a=12" if not sign else f"không có số liệu {name!r}"
            raise BadAssignment(f"Mục {criterion.code}: {wrong}. Có: {_list(may_be)}.")
        if name in values:
            raise BadAssignment(f"Mục {criterion.code}: số liệu {name} được nêu hai lần.")
        values[name] = None if typed.strip() == UNKNOWN else _value(typed, may_be[name], criterion)
    if not values:
        raise BadAssignment(f"Hãy nêu ít nhất một số liệu giả định. Có: {_list(may_be)}.")
    return values


def askable(criterion: Criterion) -> dict[str, Variable]:
    """The figures that may be supposed for a row."""
    ratio = {} if stated_ratio(criterion.rule) is None else {RATIO: _RATIO}
    return {**criterion.variables, **ratio}


def _value(typed: str, variable: Variable, criterion: Criterion) -> Value:
    where = f"Mục {criterion.code}, {variable.label}: "
    if is_blank(typed):
        raise BadAssignment(f"{where}chưa nêu giá trị. Số liệu chưa biết thì viết dấu {UNKNOWN}.")
    if typed.strip() in variable.choices:
        return typed.strip()
    value = read_cell(typed, variable)
    if value is None or isinstance(value, Unclear):
        states = "".join(f"\n  {key}: {words}" for key, words in variable.choices.items())
        reason = value.reason if value else "trống"
        raise BadAssignment(
            f"{where}“{typed}” không phải một mức. Hãy nêu mã hoặc nguyên văn một mức:{states}"
            if states
            else where + reason
        )
    if variable.kind == "count" and isinstance(value, Fraction) and value.denominator > 1:
        raise BadAssignment(f"{where}“{typed}” phải là số nguyên.")
    if variable.kind == "percent" and isinstance(value, Fraction) and value > 1:
        raise BadAssignment(f"{where}“{typed}” không phải tỷ lệ từ 0 đến 100 %.")
    return value


def _nothing_to_suppose(criterion: Criterion) -> str:
    if criterion.children:
        codes = ", ".join(child.code for child in criterion.children)
        return f"Mục {criterion.code} cộng điểm các mục con. Hãy thử ở một mục con: {codes}."
    return f"Mục {criterion.code} không tính từ số liệu nào nên không có gì để giả định."


def _list(may_be: dict[str, Variable]) -> str:
    return "; ".join(f"{name} ({variable.label})" for name, variable in may_be.items())
