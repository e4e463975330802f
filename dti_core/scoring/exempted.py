"""Figures as they count where rows are exempted."""

from collections.abc import Collection
from dataclasses import replace

from dti_core.figures import Figure
from dti_core.program.load import RoundContext


def without_exempted(
    figures: dict[tuple[str, str, str], Figure],
    context: RoundContext,
    pairs: Collection[tuple[str, str]],
) -> dict[tuple[str, str, str], Figure]:
    """The figures with those of exempted rows, pairs of (unit, row), marked so."""
    exempted = set(pairs)
    if not exempted:
        return figures
    kept = {key: figure for key, figure in figures.items() if key[:2] not in exempted}
    for unit, code in exempted:
        if unit not in context.program.unit or code not in context.framework_of(unit).by_code:
            continue
        for name in context.framework_of(unit).by_code[code].variables:
            before = figures.get((unit, code, name)) or Figure(unit, code, name, "missing")
            kept[unit, code, name] = replace(
                before, status="exempt", value=None, between=None, among=(), question=None
            )
    return kept
