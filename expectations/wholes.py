"""Which figures hold together: one quantity asked in several places, or of the units below."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from dti_core.framework.model import RATIO, Framework, Information, Kind
from dti_core.rational import parse_exact
from expectations.beside import Beside
from expectations.grid import Figures, Grid


@dataclass(frozen=True)
class Shared:
    """One quantity that a framework asks for: its columns in the grid, and the field of general
    information that asks for it too, if any. All are of one kind in one unit of measure."""

    quantity: str
    columns: tuple[int, ...]
    field: Information | None


def shared(grid: Grid, kinds: Collection[Kind]) -> list[Shared]:
    """Every quantity that figures of these kinds ask for."""
    found: dict[tuple[str, Kind, str | None], list[int]] = {}
    for at, asked in enumerate(grid.asked):
        thing = asked.variable
        if thing.quantity and thing.kind in kinds and asked.name != RATIO:
            found.setdefault((thing.quantity, thing.kind, thing.unit), []).append(at)
    fields = {(f.quantity, f.kind, f.unit): f for f in grid.framework.information}
    return [Shared(key[0], tuple(at), fields.get(key)) for key, at in found.items()]


def told(beside: Beside, unit: str, field: Information | None) -> Fraction | None:
    """What a unit gives in a field of general information."""
    text = beside.information.get((unit, field.code)) if field else None
    return None if text is None else parse_exact(text)


@dataclass(frozen=True)
class Below:
    """A quantity over the units below one: their sum, how many gave it, how many are asked."""

    total: Fraction
    gave: int
    asked: int


def below(
    beside: Beside, figures: Figures, quantity: str, units: Iterable[str]
) -> dict[str, Below]:
    """Unit → what the units below it give of a quantity; units without any such below are left
    out."""
    known: dict[str, tuple[list[tuple[str, str]], list[Information]]] = {}
    found = {}
    for unit in units:
        values: list[Fraction | None] = []
        for each in beside.below.get(unit, ()):
            framework = beside.frameworks[each]
            if framework.id not in known:
                known[framework.id] = _asking(framework, quantity)
            places, fields = known[framework.id]
            if places or fields:
                values.append(_first(beside, figures, each, places, fields))
        given = [value for value in values if value is not None]
        if values:
            found[unit] = Below(sum(given, Fraction(0)), len(given), len(values))
    return found


def _asking(framework: Framework, quantity: str) -> tuple[list[tuple[str, str]], list[Information]]:
    places = [
        (row.code, name)
        for row in framework.rows
        for name in row.needed
        if row.variables[name].quantity == quantity
    ]
    return places, [field for field in framework.information if field.quantity == quantity]


def _first(
    beside: Beside,
    figures: Figures,
    unit: str,
    places: list[tuple[str, str]],
    fields: list[Information],
) -> Fraction | None:
    for code, name in places:
        figure = figures.get((unit, code, name))
        if figure is not None and figure.known and isinstance(figure.value, Fraction):
            return figure.value
    return next((value for f in fields if (value := told(beside, unit, f)) is not None), None)
