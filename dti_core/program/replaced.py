"""Which unit of a round stands where another stood the year before."""

from collections import Counter
from collections.abc import Mapping

from dti_core.program.load import RoundContext


def replaced(context: RoundContext) -> Mapping[str, str]:
    """Unit of the round → the one unit that it replaced, renamed or moved as a whole.

    A unit that came from several, or a part of one, replaced none: their figures add up for some
    criteria and not for others (merged offices had been at the same meetings), which no decree
    says, so last year's are compared only where somebody states them for the whole.
    """
    came_from = Counter(
        before for unit in context.program.units for before in set(unit.predecessors)
    )
    here = {unit.id for unit in context.units}
    return {
        unit.id: before
        for unit in context.units
        if len(set(unit.predecessors)) == 1
        for before in unit.predecessors[:1]
        if came_from[before] == 1 and before not in here
    }
