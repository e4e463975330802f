"""What to ask about first: suspicion times impact."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from dti_core.framework.model import Framework
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.impact import Impact


def weight(framework: Framework, flag: Flag, impact: Impact | None) -> float:
    """Points that are in doubt, times how much they are.

    The points are those that the expected figure would move. Where a flag expects no number, or
    the points are open, all points of the rows that it concerns are in doubt.
    """
    if impact is not None and impact.points is not None:
        points = abs(impact.points)
    else:
        rows = [framework.by_code[code] for code in flag.criteria or (flag.criterion,)]
        points = sum((abs(row.max_points or Fraction(0)) for row in rows), Fraction(0))
    return flag.suspicion * float(points)


def by_weight(
    framework: Framework, flags: Sequence[Flag], impacts: Mapping[str, Impact | None]
) -> list[Flag]:
    """The weightiest first; of equal ones the more suspicious, then as they stand."""
    return sorted(
        flags,
        key=lambda flag: (-weight(framework, flag, impacts.get(flag.id)), -flag.suspicion),
    )


def questions(
    ordered: Sequence[Flag],
    most: int | None,
    before: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> tuple[dict[str, list[Flag]], dict[str, list[Flag]]]:
    """What each unit is asked, and what is only listed, both by unit.

    ordered  flags as `by_weight` orders them
    most     questions a unit, by policy; None where nobody has set a limit
    before   unit → ids of the flags that it has been asked about already: they count, also those
             that no longer stand, and none is taken back
    """
    asked: dict[str, list[Flag]] = {}
    listed: dict[str, list[Flag]] = {}
    spent = {unit: len(ids) for unit, ids in before.items()}
    for flag in ordered:
        known = flag.id in before.get(flag.unit, ())
        if known or most is None or spent.get(flag.unit, 0) < most:
            asked.setdefault(flag.unit, []).append(flag)
            spent[flag.unit] = spent.get(flag.unit, 0) + (not known)
        else:
            listed.setdefault(flag.unit, []).append(flag)
    return asked, listed
