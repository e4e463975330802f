"""Criteria with a row for each figure: label, unit of measure, last year's, answer, evidence."""

from collections.abc import Mapping, Sequence

from dti_core.figures import Figure
from dti_core.framework.model import Criterion, Variable
from dti_core.intake.layout import VALUE
from dti_core.program.requests import INFORMATION, Request
from reports.workbooks.inputs import number_format
from reports.workbooks.prior import prior_text
from reports.workbooks.sheet import Entry, Formula, Input, Sheet, Text, style

Prior = Mapping[tuple[str, str, str], Figure]
"""Last year's figures by (unit, criterion, variable)."""

CENTRE, RIGHT = style(align="center"), style(align="right")


class FigureRows:
    """Writes the rows of the figures of one unit, on whatever pages.

    between  cells that the page has between an answer and its evidence
    cells    (row code, variable) → the address of its cell, for formulas on this page and later
             ones
    """

    def __init__(
        self, request: Request, unit: str, prior: Prior, between: Sequence[Text] = ()
    ) -> None:
        self._request, self._unit, self._prior = request, unit, prior
        self._between = between
        self.cells: dict[tuple[str, str], str] = {}

    def add(self, sheet: Sheet, key: str, row: Criterion, name: str) -> None:
        """Write the row of a figure under `key`."""
        variable = row.variables[name]
        place = (self._unit, row.code, name)
        beside: list[Entry] = [
            Text(name if len(name) == 1 < len(row.variables) else "", style=CENTRE),
            Text(_label(variable)),
            Text(unit_of_measure(variable), style=CENTRE),
            Text(prior_text(row, name, self._prior.get(place)), style=RIGHT),
        ]
        first = self._request.same.get(place)
        if first is None:
            self.cells[row.code, name] = sheet.address(VALUE, sheet.next_row)
            free = Input(lines=2)
            sheet.add(key, [*beside, Input(variable), *self._between, free, free])
            return
        # the same quantity was asked above: shown, not asked again
        cell = self.cells[row.code, name] = self.cells[first[1:]]
        where = f"mục {first[1]}"
        if first[1] == INFORMATION:
            where = f"Thông tin chung, mục {first[2]}"
        shown = style(align="right", num_format=number_format(variable))
        same = Formula(f'=IF({cell}="","",{cell})', shown)
        told = Text(f"Lấy từ {where}", style=style(italic=True))
        sheet.add(f"#{key}", [*beside, same, *self._between, told, Text()])


def unit_of_measure(variable: Variable) -> str:
    """The unit of measure as the column shows it."""
    if variable.kind == "percent":
        return "%"
    if variable.kind == "flag":
        return "Có/Không"
    return "chọn một mức" if variable.kind == "choice" else variable.unit or ""


def _label(variable: Variable) -> str:
    """The label; a sum of money names its unit, so that nobody mistakes thousands."""
    if variable.kind == "money" and variable.unit and variable.unit not in variable.label:
        return f"{variable.label} ({variable.unit})"
    return variable.label
