"""Impossible: a part above the whole that holds it."""

import re
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from dti_core.framework.contained import contained, part_and_whole
from dti_core.framework.expression import Expression
from dti_core.framework.model import RATIO, Criterion
from dti_core.framework.rules import stated_ratio, variables_used
from dti_core.plausibility.amounts import COMPARED, Amount
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.panel import Floats, Panel, places
from dti_core.scoring.score import FigureMap

DETECTOR = "part_above_whole"


def part_above_whole(panel: Panel) -> Iterator[Flag]:
    """Numerators above their denominators, and percentages of one whole above 100 %.

    Source: logic, no threshold. Only where the rule (as written or corrected) divides a part by
    what holds it (`dti_core.framework.contained`).

    Limits: figures of one row only; `across_rows` looks further. A part that is small enough but
    wrong passes. Where the numerator is a sum, the flag names no single figure (`variable` is
    None).
    """
    for row in panel.framework.rows:
        told: set[str] = set()
        for halves in contained(row, COMPARED):
            for unit in _candidates(panel, row, *halves):
                if unit not in told:  # a part above two wholes is one question
                    told.add(unit)
                    yield from _above(row, unit, panel.figures, *halves)
        yield from _above_everything(panel, row)


def _candidates(panel: Panel, row: Criterion, part: Expression, whole: Expression) -> Iterator[str]:
    """Units whose part exceeds the whole."""
    names = (*part.variables, *whole.variables)
    if any((row.code, name) not in panel.place for name in names):
        return
    values = {name: panel.now[:, panel.place[row.code, name]] for name in names}
    top, bottom = part.evaluate(values, _float), whole.evaluate(values, _float)
    for place in places(top > bottom):
        yield panel.units[place]


def _above(
    row: Criterion, unit: str, figures: FigureMap, part: Expression, whole: Expression
) -> Iterator[Flag]:
    values: dict[str, Fraction] = {}
    for name in (*part.variables, *whole.variables):
        value = _amount(row, name).value(figures, unit)
        if value is None:
            return
        values[name] = value
    top, bottom = part.evaluate(values, _same), whole.evaluate(values, _same)
    if top <= bottom:
        return
    first = _amount(row, part.variables[0])
    asked = ", ".join((*part.variables, *whole.variables))
    yield Flag(
        unit=unit,
        criterion=row.code,
        variable=part.variables[0] if len(part.variables) == 1 else None,
        detector=DETECTOR,
        reported=top,
        expected=bottom,
        criteria=(row.code,),
        message=(
            f"Mục {row.code}: {_sum(first, part, values, top)} lớn hơn"
            f" {_sum(first, whole, values, bottom)}{first.bracket}, vượt"
            f" {first.shown(top - bottom)}; phần không thể lớn hơn tổng thể chứa nó."
            f" Đề nghị kiểm tra lại các số liệu {asked}."
        ),
    )


def _above_everything(panel: Panel, row: Criterion) -> Iterator[Flag]:
    """Percentages that the source states outright."""
    stated = [n for n in variables_used(row.rule) if row.variables[n].kind == "percent"]
    quotient = stated_ratio(row.rule)
    if quotient is not None and part_and_whole(row, quotient, COMPARED):
        stated.append(RATIO)
    for name in stated:
        column = panel.place[row.code, name]
        for place in places(panel.now[:, column] > 1):
            amount, value = panel.amounts[column], panel.value(place, column)
            yield Flag(
                unit=panel.units[place],
                criterion=row.code,
                variable=name,
                detector=DETECTOR,
                reported=value,
                expected=Fraction(1),
                criteria=(row.code,),
                message=(
                    f"{amount.subject}: {amount.shown(value)} lớn hơn 100 %; phần không thể lớn"
                    " hơn tổng thể chứa nó. Đề nghị kiểm tra lại tỷ lệ này."
                ),
            )


def _amount(row: Criterion, name: str) -> Amount:
    return Amount(row.code, name, row.variables[name].kind, row.variables[name].unit)


def _sum(amount: Amount, half: Expression, values: dict[str, Fraction], total: Fraction) -> str:
    """ "số liệu a = 7", "tổng b + c = 1.000 + 200 = 1.200"."""
    if len(half.variables) == 1:
        return f"số liệu {half.text} = {amount.shown(total)}"
    terms = re.sub(r"[a-z][a-z0-9_]*", lambda found: amount.shown(values[found[0]]), half.text)
    return f"tổng {half.text} = {terms} = {amount.shown(total)}"


def _same(value: Fraction) -> Fraction:
    return value


def _float(value: Fraction) -> Floats:
    return np.array(float(value))
