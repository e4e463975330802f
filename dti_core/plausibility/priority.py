"""What to ask about first: suspicion times impact."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

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
    ordered: Sequence[Flag], most: int | None
) -> tuple[dict[str, list[Flag]], dict[str, list[Flag]]]:
    """What each unit is asked, and what is only listed, both by unit.

    ordered  flags as `by_weight` orders them
    most     questions a unit, by policy; None where nobody has set a limit
    """
    asked: dict[str, list[Flag]] = {}
    listed: dict[str, list[Flag]] = {}
    for flag in ordered:
        mine = asked.setdefault(flag.unit, [])
        if most is None or len(mine) < most:
            mine.append(flag)
        else:
            listed.setdefault(flag.unit, []).append(flag)
    return asked, listed
