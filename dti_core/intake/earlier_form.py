"""What the workbook of earlier years holds: which units, which figures, under which keys.

One page takes points and ranks, and for each level a page takes the figures, a row a unit and a
column a figure. Row keys are units; the column of names has a key too, so that a row that somebody
added or sorted away from its key is known by the name that stands in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dti_core.errors import Refused
from dti_core.framework.model import Framework, Variable
from dti_core.intake.layout import figure_key
from dti_core.program.load import RoundContext

RESULTS, FIGURES = "Kết quả", "Số liệu"
"""How the pages are called; with several levels the level stands behind."""

UNIT_OF_RESULTS, YEAR, POINTS, RANK = "unit@results", "year", "points", "rank"
_UNIT_OF_FIGURES = "unit@"

HEADINGS = {UNIT_OF_RESULTS: "Đơn vị", YEAR: "Năm", POINTS: "Điểm", RANK: "Hạng"}
"""The headings of the page of points and ranks."""

Place = tuple[str, str]
"""(criterion, variable)"""


class WrongYear(Refused):
    """A year that is none, or not before the round's. The text says which year to name."""


@dataclass(frozen=True)
class Line:
    """A row of the form.

    unit   its id
    name   as the program writes it; the id where the program names the unit no more
    level  at which it was assessed
    now    the names of this round's units that it became, for a unit that is no more
    """

    unit: str
    name: str
    level: str
    now: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.name} (nay thuộc {', '.join(self.now)})" if self.now else self.name


def unit_key(level: str) -> str:
    """The key of the column of names on the page of one level's figures."""
    return f"{_UNIT_OF_FIGURES}{level}"


def check_year(year: int, context: RoundContext) -> None:
    """Raises WrongYear unless it is a year of four digits before the round's evaluation year."""
    if not 1000 <= year < context.round.evaluation_year:
        raise WrongYear(
            f"Năm {year} không phải năm trước năm đánh giá {context.round.evaluation_year} của đợt"
            f" {context.id}. Hãy ghi năm của số liệu, ví dụ --year"
            f" {context.round.evaluation_year - 1}."
        )


def lines(context: RoundContext) -> dict[str, Line]:
    """The rows of the form by unit: the round's units, behind each the units it came from."""
    found: dict[str, Line] = {}
    here = {unit.id for unit in context.units}
    for unit in context.units:
        if unit.level is None:
            continue
        found[unit.id] = Line(unit.id, unit.name, unit.level)
        for before in unit.predecessors:
            if before in here:
                continue
            known = context.program.unit.get(before)
            name = known.name if known else before
            others = found[before].now if before in found else ()
            found[before] = Line(before, name, unit.level, (*others, unit.name))
    return found


def asked(framework: Framework) -> dict[Place, tuple[Place, ...]]:
    """The columns of a level: figure → every figure that is the same quantity, itself first."""
    first: dict[tuple[str | None, ...], Place] = {}
    found: dict[Place, list[Place]] = {}
    for row in framework.rows:
        for name, variable in row.variables.items():
            if name not in row.needed:
                continue
            place = row.code, name
            if variable.quantity:
                same = variable.quantity, variable.kind, variable.unit
                place = first.setdefault(same, place)
            found.setdefault(place, []).append((row.code, name))
    return {place: tuple(every) for place, every in found.items()}


def column_words(framework: Framework) -> dict[str, tuple[str, ...]]:
    """Column key → the words that stand above the column, in any of their forms."""
    return {
        figure_key(code, name): tuple(_forms(name, framework.by_code[code].variables[name]))
        for code, name in asked(framework)
    }


def _forms(name: str, variable: Variable) -> Iterator[str]:
    yield variable.label
    yield f"{name}: {variable.label}"
