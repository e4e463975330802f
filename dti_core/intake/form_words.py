"""The words that our workbooks carry beside their rows and above their columns, by key."""

from collections.abc import Iterable

from dti_core.framework.model import Variable
from dti_core.intake.layout import EVIDENCE, HEADINGS, NOTE, SELF_POINTS, VALUE, figure_key
from dti_core.program.load import RoundContext
from dti_core.program.requests import Request

Words = dict[str, tuple[str, ...]]


def form_words(context: RoundContext, request: Request, *, own: bool) -> tuple[Words, Words]:
    """(words of the rows, words of the columns) in any form in which a workbook shows them.

    Kept short of what is only looks: the rows of self-assessed points, which all say the same.
    """
    labels: dict[str, set[str]] = {}
    units: dict[str, str] = {}
    for item in request.asked(own=own):
        key = figure_key(item.criterion, item.variable)
        variable = context.framework_of(item.unit).by_code[item.criterion].variables[item.variable]
        labels.setdefault(key, set()).update(_forms(item.variable, variable))
        units[item.unit] = context.program.unit[item.unit].name
    figures = {key: tuple(words) for key, words in labels.items()}
    if not own:
        return {unit: (name,) for unit, name in units.items()}, figures
    year = f"Năm {context.round.evaluation_year}"
    columns = {key: (HEADINGS[key],) for key in (SELF_POINTS, EVIDENCE, NOTE)}
    return figures, {VALUE: (year, HEADINGS[VALUE]), **columns}


def _forms(name: str, variable: Variable) -> Iterable[str]:
    """The label alone, with its unit behind it, with its letter before it."""
    yield variable.label
    yield f"{name}: {variable.label}"
    if variable.unit:
        yield f"{variable.label} ({variable.unit})"
