"""The pooled frame: every figure that a round asked for, a row each, all units together."""

from collections.abc import Iterator, Mapping

import pandas as pd

from dti_core.figures import Figure
from dti_core.framework.model import RATIO, Criterion, Framework
from dti_core.framework.rules import Gate, Rule, stated_ratio, sub_rules, variables_used

KEY = ["unit", "criterion", "variable"]
NUMERIC = {"count", "mean", "money", "percent", "frequency"}

Figures = Mapping[tuple[str, str, str], Figure]


def pooled_frame(framework: Framework, units: list[str], figures: Figures) -> pd.DataFrame:
    """Every asked figure with what the checks need, one row a (unit, criterion, variable).

    present   what was given, as text; null where a figure is missing or has to be asked
    number    the value of a numeric figure
    count     the value of a figure that must be whole
    percent   the value of a stated percentage, as a share
    part, whole, whole_of    a numerator beside its denominator, where both are known
    same_thing               whether both are counted in the same unit of measure
    stated, worked_out       a ratio stated outright beside the one its figures give
    """
    rows = [
        row
        for criterion in framework.rows
        for unit in units
        for row in _rows(criterion, unit, figures)
    ]
    columns = [
        *KEY,
        "label",
        "file",
        "sheet",
        "cell",
        "present",
        "number",
        "count",
        "percent",
        "part",
        "whole",
        "same_thing",
        "stated",
        "worked_out",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    floats = ["number", "count", "percent", "part", "whole", "stated", "worked_out"]
    return frame.astype(dict.fromkeys(floats, "float64"))


def _rows(criterion: Criterion, unit: str, figures: Figures) -> Iterator[dict[str, object]]:
    mine = {
        name: figure
        for name in (*criterion.variables, RATIO)
        if (figure := figures.get((unit, criterion.code, name)))
    }
    ratio = mine.get(RATIO)
    metric = stated_ratio(criterion.rule)
    spared = set(metric.variables) if metric and ratio and ratio.known else set()
    spared |= _behind_closed_gates(criterion.rule, mine)
    for name in criterion.needed:
        variable, figure = criterion.variables[name], mine.get(name)
        given = figure is not None and figure.known
        if not given and name in spared:
            continue
        number = _number(figure) if variable.kind in NUMERIC else None
        yield {
            **_place(criterion, unit, name, variable.label, figure),
            "present": None if figure is None or figure.value is None else str(figure.value),
            "number": number,
            "count": number if variable.kind == "count" else None,
            "percent": number if variable.kind == "percent" else None,
            **_halves(criterion, name, mine),
        }
    if ratio is not None and ratio.known:
        yield {
            **_place(criterion, unit, RATIO, "Tỷ lệ nêu thẳng", ratio),
            "present": str(ratio.value),
            "number": _number(ratio),
            "percent": _number(ratio),
            "stated": _number(ratio),
            "worked_out": _worked_out(criterion, mine),
        }


def _place(
    criterion: Criterion, unit: str, name: str, label: str, figure: Figure | None
) -> dict[str, object]:
    return {
        "unit": unit,
        "criterion": criterion.code,
        "variable": name,
        "label": label,
        "file": figure.file if figure else None,
        "sheet": figure.sheet if figure else None,
        "cell": figure.cells[0] if figure and figure.cells else None,
    }


def _number(figure: Figure | None) -> float | None:
    if figure is None or figure.value is None or isinstance(figure.value, str | bool):
        return None
    return float(figure.value)


def _behind_closed_gates(rule: Rule, mine: Mapping[str, Figure]) -> set[str]:
    """Figures that nobody needs: their gate's flag is no."""
    closed: set[str] = set()
    for sub in sub_rules(rule):
        if isinstance(sub, Gate) and (flag := mine.get(sub.flag)) and flag.value is False:
            closed.update(variables_used(sub.then))
    return closed


def _halves(
    criterion: Criterion, name: str, mine: Mapping[str, Figure]
) -> dict[str, float | bool | None]:
    """The numerator `name` beside its denominator, where the rule divides one by the other."""
    metric = stated_ratio(criterion.rule)
    halves = metric.quotient if metric else None
    if halves is None or halves[0].variables != (name,) or len(halves[1].variables) != 1:
        return {}
    below = halves[1].variables[0]
    part, whole = _number(mine.get(name)), _number(mine.get(below))
    if part is None or whole is None:
        return {}
    units = {criterion.variables[each].unit for each in (name, below)}
    return {"part": part, "whole": whole, "same_thing": len(units) == 1}


def _worked_out(criterion: Criterion, mine: Mapping[str, Figure]) -> float | None:
    metric = stated_ratio(criterion.rule)
    if metric is None:
        return None
    numbers = {name: _number(mine.get(name)) for name in metric.variables}
    if any(value is None for value in numbers.values()):
        return None
    try:
        known = {name: value for name, value in numbers.items() if value is not None}
        return metric.evaluate(known, float)
    except ZeroDivisionError:
        return None
