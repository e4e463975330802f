"""The groups in which units are ranked (2554/QĐ-UBND, VIII.2: one a level, unless a program says
otherwise)."""

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.program.ranking import RankGroup


class UnitWithoutGroup(Refused):
    """A unit belongs to no group, or to two."""


def groups_of(context: RoundContext) -> tuple[RankGroup, ...]:
    """The groups of a round that have units, in the program's order; one a level where the program
    names none. Raises UnitWithoutGroup."""
    return context.once(_groups)


def members(context: RoundContext, group: RankGroup) -> tuple[str, ...]:
    """The units of a group, in the order of the round."""
    return tuple(
        unit.id
        for unit in context.units
        if unit.level in group.levels and (not group.units or unit.id in group.units)
    )


def group_of(context: RoundContext, unit: str) -> RankGroup:
    """The group of one unit."""
    return context.once(_by_unit)[unit]


def _groups(context: RoundContext) -> tuple[RankGroup, ...]:
    named = [each for each in context.program.groups if set(each.levels) & set(context.frameworks)]
    if not named:
        named = [
            RankGroup(
                id=level,
                name=framework.title,
                levels=(framework.level,),
                basis=context.program.decree,
            )
            for level, framework in context.frameworks.items()
        ]
    return tuple(each for each in named if members(context, each))


def _by_unit(context: RoundContext) -> dict[str, RankGroup]:
    found: dict[str, list[RankGroup]] = {unit.id: [] for unit in context.units}
    for group in groups_of(context):
        for unit_id in members(context, group):
            found[unit_id].append(group)
    wrong = [unit for unit, groups in found.items() if len(groups) != 1]
    if wrong:
        names = ", ".join(context.program.unit[unit].name for unit in wrong)
        raise UnitWithoutGroup(
            f"Không thuộc đúng một nhóm xếp hạng: {names}. Hãy sửa khóa groups trong program.yaml"
            f" của chương trình {context.program.id}."
        )
    return {unit: groups[0] for unit, groups in found.items()}
