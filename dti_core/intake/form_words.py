"""The words that our workbooks carry beside their rows and above their columns, by key."""

from collections.abc import Iterable

from dti_core.framework.model import Variable
from dti_core.intake.layout import (
    ACCOUNT,
    EVIDENCE,
    HEADINGS,
    NOTE,
    SELF_POINTS,
    SELF_ROW,
    VALUE,
    about_key,
    figure_key,
)
from dti_core.program.load import RoundContext
from dti_core.program.requests import Item, Request

Words = dict[str, tuple[str, ...]]


def form_words(context: RoundContext, request: Request, *, own: bool) -> tuple[Words, Words]:
    """(words of the rows, words of the columns) in any form in which a workbook shows them.

    Kept short of what is only looks: the rows of points below figures, which all say the same.
    """
    labels: dict[str, set[str]] = {}
    units: dict[str, str] = {}
    items = request.asked(own=own)
    single = alone(context, items)
    for item in items:
        key = figure_key(item.criterion, item.variable)
        variable = context.framework_of(item.unit).by_code[item.criterion].variables[item.variable]
        labels.setdefault(key, set()).update(_forms(item.variable, variable))
        units[item.unit] = context.program.unit[item.unit].name
    figures = {key: tuple(words) for key, words in labels.items()}
    year = f"Năm {context.round.evaluation_year}"
    columns: Words = {key: (HEADINGS[key],) for key in (SELF_POINTS, EVIDENCE, NOTE)}
    columns[VALUE] = (year, HEADINGS[VALUE])
    if own:
        columns[NOTE] = (HEADINGS[NOTE], ACCOUNT)
        return {**figures, **_points_rows(context, request)}, columns
    rows: Words = {unit: (name,) for unit, name in units.items()}
    for item in items:
        if item.unit in single:
            key = about_key(*item.key)
            rows[key] = figures[figure_key(item.criterion, item.variable)]
    return rows, {**figures, **columns}


def alone(context: RoundContext, items: Iterable[Item]) -> set[str]:
    """The units that are the only one of their framework among the items: their figures stand one
    under the other."""
    of_framework: dict[str, set[str]] = {}
    for item in items:
        of_framework.setdefault(context.framework_of(item.unit).id, set()).add(item.unit)
    return {unit for units in of_framework.values() if len(units) == 1 for unit in units}


def _points_rows(context: RoundContext, request: Request) -> Words:
    """The lines of criteria without figures, on pages that take nothing but points."""
    rows = (
        context.framework_of(item.unit).by_code[item.criterion] for item in request.self_assessed
    )
    return {
        figure_key(row.code, SELF_ROW): (row.name, f"{row.name}\nCần gửi: {row.evidence}")
        for row in rows
    }


def _forms(name: str, variable: Variable) -> Iterable[str]:
    """The label alone, with its unit behind it, with its letter before it."""
    yield variable.label
    yield f"{name}: {variable.label}"
    if variable.unit:
        yield f"{variable.label} ({variable.unit})"
