"""What a finding says: the sentence of its rule, with the figure, its place and the arithmetic."""

import re
from collections.abc import Callable
from fractions import Fraction

from dti_core.figures import Figure, Value
from dti_core.framework.contained import contained
from dti_core.framework.expression import Expression
from dti_core.framework.model import RATIO, Criterion, Kind
from dti_core.framework.rules import stated_ratio
from dti_core.intake.layout import SELF_ROW
from dti_core.intake.money import scale_of
from dti_core.rational import percent, vietnamese
from expectations.frame import Key, Pooled
from expectations.grid import STATED
from expectations.register import Rule
from expectations.wholes import below, shared, told

_ASK: dict[Kind, str] = {
    "flag": "Đề nghị chọn “Có” hoặc “Không”",
    "choice": "Đề nghị chọn một trạng thái trong danh sách của mục",
    "percent": "Đề nghị nhập tỷ lệ, ví dụ 98 %",
    "text": "Đề nghị ghi bằng chữ",
}
_ASK_NUMBER = "Đề nghị nhập số liệu; không phát sinh thì ghi 0"
_STATES = {
    "partial": "mới có một phần số liệu, còn nơi cung cấp chưa gửi phần của mình",
    "not_available": "nơi cung cấp báo không có số liệu",
}
_NOT_GIVEN = "chưa có số liệu"
_DIGITS = 6

Fields = dict[str, str]


def message(pooled: Pooled, rule: Rule, key: Key) -> str:
    """The Vietnamese sentence about one figure that a rule does not accept."""
    _, code, name = key
    row = pooled.grid.framework.by_code[code]
    figure = pooled.grid.figures.get(key)
    fields = {"figure": _figure(row, name, figure), "criterion": code}
    more = _FIELDS[rule.check](pooled, rule, row, key) if rule.check in _FIELDS else {}
    if name != SELF_ROW:
        variable = STATED if name == RATIO else row.variables[name]
        fields["ask"] = _ASK.get(variable.kind, _ASK_NUMBER)
        fields["measure"] = variable.unit or ""
        fields["value"] = _shown(row, name, figure.value if figure else None)
    return rule.message.format(**fields, **more)


def _figure(row: Criterion, name: str, figure: Figure | None) -> str:
    """ "Tệp a.xlsx, trang “1. Nhận thức số”, ô G14 (mục 1.3, số liệu a: …)"; without a place the
    figure alone."""
    if name == SELF_ROW:
        return f"Mục {row.code}, điểm tự đánh giá"
    what = (
        "tỷ lệ nêu thẳng"
        if name == RATIO
        else f"số liệu {name}: {row.variables[name].label.rstrip(' .;')}"
    )
    if figure is None or figure.file is None:
        return f"Mục {row.code}, {what}"
    place = [f"Tệp {figure.file}"]
    place += [f"trang “{figure.sheet}”"] if figure.sheet else []
    place += [f"ô {figure.cells[0]}"] if figure.cells else []
    return f"{', '.join(place)} (mục {row.code}, {what})"


def _shown(row: Criterion, name: str, value: Value | None) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, str):
        return row.variables[name].choices.get(value, value)
    if value is None:
        return ""
    kind = "percent" if name == RATIO else row.variables[name].kind
    return percent(value, 4) if kind == "percent" else vietnamese(value, _DIGITS)


def _number(pooled: Pooled, unit: str, code: str, name: str) -> Fraction | None:
    figure = pooled.grid.figures.get((unit, code, name))
    value = figure.value if figure is not None and figure.known else None
    return value if isinstance(value, Fraction) else None


def _values(
    pooled: Pooled, unit: str, row: Criterion, names: tuple[str, ...]
) -> dict[str, Fraction] | None:
    values = {name: _number(pooled, unit, row.code, name) for name in names}
    known = {name: value for name, value in values.items() if value is not None}
    return known if len(known) == len(names) else None


def _given(pooled: Pooled, _rule: Rule, _row: Criterion, key: Key) -> Fields:
    figure = pooled.grid.figures.get(key)
    if figure is not None and figure.status == "to_ask":
        return {"state": f"“{figure.raw}” chưa rõ là số liệu nào" if figure.raw else "chưa rõ"}
    return {"state": _STATES.get(figure.status, _NOT_GIVEN) if figure else _NOT_GIVEN}


def _money(pooled: Pooled, rule: Rule, row: Criterion, key: Key) -> Fields:
    amount = _number(pooled, *key) or Fraction(0)
    dong = amount * (scale_of(row.variables[key[2]].unit) or 1)
    if rule.at_most is not None and dong > rule.at_most:
        beyond = f"nhiều hơn {vietnamese(rule.at_most)} đồng là tổng chi ngân sách cả nước"
    else:
        beyond = f"ít hơn {vietnamese(rule.at_least or 0)} đồng"
    return {"dong": vietnamese(dong), "beyond": beyond}


def _part_of_whole(pooled: Pooled, rule: Rule, row: Criterion, key: Key) -> Fields:
    unit, _, name = key
    for halves in contained(row, rule.kinds):
        values = _values(pooled, unit, row, (*halves[0].variables, *halves[1].variables))
        if values is None or halves[0].variables[0] != name:
            continue
        top, bottom = (half.evaluate(values, Fraction) for half in halves)
        if top > bottom:
            part = _half(row, "tử số", halves[0], values, top)
            return {"part": part, "whole": _half(row, "mẫu số", halves[1], values, bottom)}
    raise AssertionError(f"no part of {row.code} is above its whole for {unit}")


def _half(
    row: Criterion, what: str, half: Expression, values: dict[str, Fraction], total: Fraction
) -> str:
    """ "tử số a = 7", "mẫu số b + c = 1.000 + 200 = 1.200"."""
    first = half.variables[0]
    if len(half.variables) == 1:
        return f"{what} {half.text} = {_shown(row, first, total)}"
    terms = re.sub(
        r"[a-z][a-z0-9_]*", lambda name: _shown(row, name[0], values[name[0]]), half.text
    )
    return f"{what} {half.text} = {terms} = {_shown(row, first, total)}"


def _ratio_agrees(pooled: Pooled, _rule: Rule, row: Criterion, key: Key) -> Fields:
    metric = stated_ratio(row.rule)
    assert metric is not None
    values = _values(pooled, key[0], row, metric.variables)
    assert values is not None
    return {"worked_out": percent(metric.evaluate(values, Fraction))}


def _same_quantity(pooled: Pooled, rule: Rule, row: Criterion, key: Key) -> Fields:
    unit, at = key[0], pooled.grid.place[key[1:]]
    one = next(each for each in shared(pooled.grid, rule.kinds) if at in each.columns)
    field = one.field
    if (value := told(pooled.beside, unit, field)) is not None and field is not None:
        return {"other": vietnamese(value, _DIGITS), "elsewhere": f"thông tin chung {field.code}"}
    for column in one.columns:
        asked = pooled.grid.asked[column]
        value = _number(pooled, unit, asked.row.code, asked.name)
        if value is not None:
            where = f"mục {asked.row.code}, số liệu {asked.name}"
            return {"other": _shown(row, key[2], value), "elsewhere": where}
    raise AssertionError(f"{key} differs from nothing")


def _communes_sum(pooled: Pooled, _rule: Rule, row: Criterion, key: Key) -> Fields:
    unit, code, name = key
    quantity = row.variables[name].quantity
    assert quantity is not None
    found = below(pooled.beside, pooled.grid.figures, quantity, [unit])[unit]
    own = _number(pooled, unit, code, name) or 0
    who = f"{found.gave} đơn vị cấp dưới"
    if found.gave < found.asked:
        who = f"{found.gave} trong {found.asked} đơn vị cấp dưới đã báo"
    return {
        "compared": "nhỏ hơn" if own < found.total else "lớn hơn",
        "sum": vietnamese(found.total, _DIGITS),
        "below": who,
    }


def _evidence(pooled: Pooled, _rule: Rule, row: Criterion, key: Key) -> Fields:
    named = (pooled.beside.evidence or {}).get((key[0], row.code))
    return {
        "lacking": f"đã nêu tài liệu kiểm chứng “{named}” nhưng chưa kèm tệp"
        if named
        else "chưa nêu tài liệu kiểm chứng",
        "evidence": " ".join((row.evidence or "").split()),
    }


def _self_score(pooled: Pooled, _rule: Rule, row: Criterion, key: Key) -> Fields:
    most = row.max_points or Fraction(0)
    return {
        "value": vietnamese(pooled.beside.self_points[key[0], row.code], _DIGITS),
        "low": vietnamese(min(most, Fraction(0)), _DIGITS),
        "high": vietnamese(max(most, Fraction(0)), _DIGITS),
    }


_FIELDS: dict[str, Callable[[Pooled, Rule, Criterion, Key], Fields]] = {
    "given": _given,
    "money": _money,
    "part_of_whole": _part_of_whole,
    "ratio_agrees": _ratio_agrees,
    "same_quantity": _same_quantity,
    "communes_sum": _communes_sum,
    "evidence": _evidence,
    "self_score": _self_score,
}
