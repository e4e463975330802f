"""Which rows of a unit are proposed for an exemption, and on which ground (2001/QĐ-UBND, II.1.3a;
2554/QĐ-UBND, VII). A proposal is the program's; a person grants or refuses it."""

from collections.abc import Mapping

from dti_core.program.load import RoundContext
from dti_core.program.model import Unit
from dti_core.program.ranking import Exemption
from dti_core.scoring.total import scored_rows


def proposed(context: RoundContext, unit: str) -> Mapping[str, Exemption]:
    """Code of a row with points of its own → the exemption that is proposed for it, by the unit's
    own list or by its traits. Empty for a unit that the round does not assess."""
    return context.once(_proposals).get(unit, {})


def _proposals(context: RoundContext) -> dict[str, dict[str, Exemption]]:
    return {
        unit.id: {
            row.code: exemption
            for exemption in context.program.exemptions
            if unit.level in exemption.levels
            for code in named(unit, exemption)
            if code in context.framework_of(unit.id).by_code
            for row in scored_rows(context.framework_of(unit.id).by_code[code])
        }
        for unit in context.units
    }


def named(unit: Unit, exemption: Exemption) -> tuple[str, ...]:
    """The rows that the program names: the unit's own where it lists some, else those of
    the exemption that its trait calls."""
    own = unit.exempt.get(exemption.id, ())
    called = exemption.trait is not None and exemption.trait in unit.traits
    return own or (exemption.criteria if called else ())
