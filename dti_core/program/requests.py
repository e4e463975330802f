"""Who is asked for which figures about whom (2074/QĐ-UBND: Nguồn thu thập số liệu)."""

from collections.abc import Mapping
from dataclasses import dataclass

from dti_core.errors import Refused
from dti_core.framework.model import Framework, Provider
from dti_core.framework.rules import variables_used
from dti_core.program.load import RoundContext


class NobodyToAsk(Refused):
    """A figure is asked of no unit of the program. The text names the rows."""


@dataclass(frozen=True, order=True)
class Item:
    """One figure asked about one unit. `row` is its place in the framework."""

    unit: str
    row: int
    criterion: str
    variable: str


@dataclass(frozen=True)
class Request:
    """Everything asked of one provider: about itself, and about units that it knows of."""

    provider: str
    own: tuple[Item, ...]
    about_units: tuple[Item, ...]


def requests(context: RoundContext) -> tuple[Request, ...]:
    """The requests of a round, in the order of the program's units.

    Raises NobodyToAsk where a lead agency of the decree is no unit of the program.
    """
    agencies = {unit.agency: unit.id for unit in context.program.units if unit.agency}
    own: dict[str, list[Item]] = {}
    about: dict[str, list[Item]] = {}
    nobody: list[str] = []
    for level, framework in context.frameworks.items():
        units = [unit for unit in context.units if unit.level == level]
        for place, row in enumerate(framework.rows):
            for variable in variables_used(row.rule):
                provider = row.provider_of(variable)
                for unit in units:
                    who = _asked(provider, unit.id, unit.parent, agencies)
                    if who is None:
                        nobody.append(f"{framework.id} mục {row.code}")
                        continue
                    target = own if who == unit.id and _is_own(provider) else about
                    item = Item(unit.id, place, row.code, variable)
                    target.setdefault(who, []).append(item)
    if nobody:
        rows = ", ".join(dict.fromkeys(nobody))
        raise NobodyToAsk(f"Không có đơn vị nào để hỏi số liệu của {rows}.")
    order = [unit.id for unit in context.program.units]
    return tuple(
        Request(who, tuple(sorted(own.get(who, []))), tuple(sorted(about.get(who, []))))
        for who in order
        if who in own or who in about
    )


def providers_of(context: RoundContext, framework: Framework) -> Mapping[tuple[str, str], str]:
    """(unit, criterion) → the provider that is asked, for rows with figures."""
    found: dict[tuple[str, str], str] = {}
    for request in requests(context):
        for item in (*request.own, *request.about_units):
            if item.criterion in framework.by_code:
                found[item.unit, item.criterion] = request.provider
    return found


def _is_own(provider: Provider | None) -> bool:
    return provider is not None and provider.relative == "self"


def _asked(
    provider: Provider | None, unit: str, parent: str | None, agencies: Mapping[str, str]
) -> str | None:
    if provider is None:
        return None
    if provider.relative == "self":
        return unit
    if provider.relative == "parent":
        return parent
    return next((agencies[lead] for lead in provider.leads if lead in agencies), None)
