"""Last year's figures of a round: recorded here, else imported, else from the bundled file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlmodel import Session, col, select

from dti_core.figures import Figure
from dti_core.framework.load import UnknownFramework, load_framework
from dti_core.framework.model import RATIO, Criterion, Framework
from dti_core.framework.similar import normal
from dti_core.intake import sample
from dti_core.program.load import RoundContext
from dti_core.program.replaced import replaced
from dti_core.records.earlier import prior_figures
from dti_core.records.figures import current_figures
from dti_core.records.tables import RoundRecord

Figures = dict[tuple[str, str, str], Figure]
"""(unit, criterion, variable) → figure."""


def figures_of_last_year(session: Session, context: RoundContext) -> Figures:
    """The figures of the evaluation year before, under this round's units and codes.

    For each level the first that has any: the program's own rounds of that year, what was
    imported (`dti earlier import`), the file that the program ships. Sources are not mixed within
    a level: a unit that lacks a figure in the better one has none. A unit takes over the figures
    of the one that it replaced (`program.replaced`).
    """
    found: Figures = {}
    level = {unit.id: unit.level for unit in context.units}
    for source in (_recorded, _imported, _bundled):
        filled = {level[unit] for unit, _, _ in found}
        if len(filled) == len(context.frameworks):
            break
        for key, figure in _of_units_now(source(session, context), context).items():
            if level[key[0]] not in filled:
                found[key] = figure
    return found


def _recorded(session: Session, context: RoundContext) -> Figures:
    """What the rounds of last year hold, the later-opened before the earlier; nothing where the
    figure means another thing under the framework of that year."""
    rounds = session.exec(
        select(RoundRecord)
        .where(
            col(RoundRecord.id).startswith(f"{context.program.id}/", autoescape=True),
            RoundRecord.evaluation_year == context.round.evaluation_year - 1,
        )
        .order_by(col(RoundRecord.opened_at), col(RoundRecord.id))
    )
    found: Figures = {}
    for record in rounds:
        then: dict[str, Framework] = {
            framework.level: framework for framework in _frameworks(record.pins)
        }
        for key, figure in current_figures(session, record.id).items():
            level = _level(figure.unit, context)
            before, now = then.get(level or ""), context.frameworks.get(level or "")
            if figure.known and before and now and _same(before, now, figure):
                found[key] = figure
    return found


def _imported(session: Session, context: RoundContext) -> Figures:
    """What was imported, as far as this year's framework still asks for it."""
    found = {}
    year = context.round.evaluation_year - 1
    for key, figure in prior_figures(session, context.program.id, year).items():
        framework = context.frameworks.get(_level(figure.unit, context) or "")
        row = framework.by_code.get(figure.criterion) if framework else None
        variable = row.variables.get(figure.variable) if row else None
        if variable is None:
            continue
        if not isinstance(figure.value, str) or figure.value in variable.choices:
            found[key] = figure
    return found


def _bundled(_session: Session, context: RoundContext) -> Figures:
    if context.round.prior is None:
        return {}
    return sample.prior_figures(context.program.folder / context.round.prior, context)


def _of_units_now(figures: Mapping[tuple[str, str, str], Figure], context: RoundContext) -> Figures:
    """The figures of the round's units, those of a replaced unit under the one that replaced it,
    unless that one has the figure itself."""
    here = {unit.id for unit in context.units}
    found = {key: figure for key, figure in figures.items() if figure.unit in here}
    heirs = {before: unit for unit, before in replaced(context).items()}
    for figure in figures.values():
        if figure.unit in heirs:
            key = heirs[figure.unit], figure.criterion, figure.variable
            found.setdefault(key, replace(figure, unit=key[0]))
    return found


def _level(unit: str, context: RoundContext) -> str | None:
    """The level of a unit, or of those that came after it where the program names it no more."""
    known = context.program.unit.get(unit)
    if known is not None:
        return known.level
    return next((each.level for each in context.units if unit in each.predecessors), None)


def _frameworks(pins: Iterable[str]) -> list[Framework]:
    """The frameworks that a round was opened on. One that is there no more is left out: what its
    codes meant cannot be known."""
    found = []
    for pin in pins:
        if pin.startswith("program:"):
            continue
        try:
            found.append(load_framework(pin))
        except UnknownFramework:
            continue
    return found


def _same(before: Framework, now: Framework, figure: Figure) -> bool:
    """Whether a figure of last year's framework is the same thing in this year's."""
    old, new = before.by_code.get(figure.criterion), now.by_code.get(figure.criterion)
    if old is None or new is None or normal(old.name) != normal(new.name):
        return False
    if figure.variable == RATIO:
        return _meanings(old) == _meanings(new)
    name = figure.variable
    return name in new.variables and _meanings(old).get(name) == _meanings(new)[name]


def _meanings(row: Criterion) -> dict[str, tuple[object, ...]]:
    """What each variable of a row counts, and in what."""
    return {
        name: (normal(each.label), each.kind, each.unit, each.choices)
        for name, each in row.variables.items()
    }
