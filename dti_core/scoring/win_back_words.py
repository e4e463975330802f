"""What wins lost points back, in Vietnamese sentences for page and report alike."""

from collections.abc import Mapping
from fractions import Fraction

from dti_core.figures import Figure, Value
from dti_core.framework.model import RATIO, Criterion
from dti_core.rational import percent, round_half_up, vietnamese
from dti_core.scoring.exact import ZERO
from dti_core.scoring.win_back import Chance, Change, Kind, Step

_NO_NUMBER: Mapping[Kind, str] = {
    "figures": "Còn thiếu số liệu hoặc số liệu chưa rõ; phải cung cấp đủ số liệu kèm tài liệu kiểm"
    " chứng thì mới tính được điểm.",
    "appraised": "Điểm do người thẩm định cho; xem lý do ở tiêu chí. Không nêu được mức tăng bằng"
    " số liệu.",
    "relative": "Điểm so với đơn vị (hoặc tỉnh) đạt cao nhất; tăng được bao nhiêu còn tùy kết quả"
    " của nơi khác.",
    "closed": "Không có mức tăng nào của số liệu hiện có được quy tắc cho thêm điểm.",
}

ORDER = (
    "Xếp theo thứ tự: trước hết là việc chỉ cần có (ban hành, kết nối, phân công…), việc được"
    " nhiều điểm hơn đứng trước; sau đó là số lượng, theo số điểm được trên phần phải thêm so với"
    " mức được nhiều điểm nhất; cuối cùng là chỗ không nêu được bằng số. Phần mềm không biết chi"
    " phí của từng việc."
)
"""How the list is ordered and what it does not know."""


def sentences(
    row: Criterion, chance: Chance, figures: Mapping[str, Figure], digits: int
) -> tuple[str, ...]:
    """One sentence a step, or one that says why there is none.

    figures  variable → figure of the unit on the row
    digits   decimals of published points
    """
    if not chance.steps:
        return (_NO_NUMBER[chance.kind],)
    return tuple(_sentence(row, step, figures, digits) for step in chance.steps)


def gain_text(gain: Fraction, digits: int) -> str:
    """Points won: "+3 điểm", "+3,33 điểm (làm tròn)"."""
    shown = round_half_up(gain, digits)
    rounded = "" if Fraction(shown) == gain else " (làm tròn)"
    return f"+{vietnamese(shown, digits)} điểm{rounded}"


def _sentence(row: Criterion, step: Step, figures: Mapping[str, Figure], digits: int) -> str:
    changes = "; ".join(_change(row, each) for each in step.changes)
    whole, reached = _whole(row, step, figures), _reached(step)
    full = ", đủ điểm tối đa" if step.full and (row.max_points or ZERO) > 0 else ""
    return (
        f"{changes[:1].upper()}{changes[1:]}{whole}{reached}: {gain_text(step.gain, digits)}{full}."
    )


def _change(row: Criterion, change: Change) -> str:
    if change.variable == RATIO:
        return (
            f"tỷ lệ từ {_value(row, change, change.before)} thành {percent(_number(change.after))}"
        )
    label = row.variables[change.variable].label
    if change.by is None:
        before = "" if change.before is None else f"từ “{_value(row, change, change.before)}” "
        return f"“{label}”: {before}thành “{_value(row, change, change.after)}”"
    then = _value(row, change, change.after)
    if row.variables[change.variable].kind == "percent":
        return f"“{label}”: từ {_value(row, change, change.before)} thành {then}"
    verb = "thêm" if change.by > 0 else "bớt"
    unit = row.variables[change.variable].unit
    amount = vietnamese(abs(change.by)) + (f" {unit}" if unit else "")
    return f"{verb} {amount} ở “{label}” (từ {_value(row, change, change.before)} thành {then})"


def _value(row: Criterion, change: Change, value: Value | None) -> str:
    if value is None:
        return "chưa có"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, str):
        return row.variables[change.variable].choices[value]
    if change.variable == RATIO or row.variables[change.variable].kind == "percent":
        return percent(value)
    return vietnamese(value)


def _whole(row: Criterion, step: Step, figures: Mapping[str, Figure]) -> str:
    """What the changed figures are a part of: ", trên 120 hồ sơ,"."""
    halves = None if step.metric is None else step.metric.quotient
    if halves is None or any(each.variable == RATIO for each in step.changes):
        return ""
    known = {n: figure.value for n, figure in figures.items() if isinstance(figure.value, Fraction)}
    if not set(halves[1].variables) <= known.keys():
        return ""
    total = halves[1].evaluate(known, lambda number: number)
    unit = row.variables[halves[1].variables[0]].unit if halves[1].variables else None
    return f", trên {vietnamese(total)}" + (f" {unit}," if unit else ",")


def _reached(step: Step) -> str:
    if step.metric is None or step.reached is None or not step.metric.is_quotient:
        return ""
    if any(each.variable == RATIO for each in step.changes):
        return ""
    return f" thì đạt {percent(step.reached)}"


def _number(value: Value) -> Fraction:
    assert isinstance(value, Fraction)
    return value
