"""What a doubt is worth: points and places, if the figure were the expected one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from dti_core.framework.model import Criterion, Framework, Reading
from dti_core.plausibility.flag import Flag
from dti_core.program.policies import Policies
from dti_core.scoring.exact import Peers
from dti_core.scoring.rank import Ties, rank
from dti_core.scoring.score import FigureMap, score


def impact(
    framework: Framework,
    units: Sequence[str],
    figures: FigureMap,
    policies: Policies,
    reading: Reading,
    flag: Flag,
    peers: Mapping[str, Peers] | None = None,
) -> Fraction | None:
    """Points that the unit would gain (negative: lose) on the row, exactly.

    The row is scored again on a copy of the figures with `flag.expected` in place of the figure.
    None where the flag names no figure or expects no number, or the points are open either way.
    Points that other units gain or lose where the row compares units are not counted, nor is a
    cap on the pillar.

    Source: selective editing, suspicion × impact: ask first about what changes a result.
    """
    key = (flag.unit, flag.criterion, flag.variable or "")
    if flag.variable is None or flag.expected is None or key not in figures:
        return None
    alone = _only(framework, framework.by_code[flag.criterion])
    changed = {**figures, key: replace(figures[key], value=flag.expected)}
    now, then = (
        score(alone, units, each, policies, reading, peers)[flag.unit, flag.criterion].points
        for each in (figures, changed)
    )
    return None if now is None or then is None else then - now


def places(
    points: Mapping[str, Fraction | None], unit: str, difference: Fraction, ties: Ties
) -> int | None:
    """Places that the unit would gain (negative: lose) with `difference` more points.

    points  total points by unit, None where open. Returns None where the unit has no rank.
    """
    before = points[unit]
    if before is None:
        return None
    now, then = (
        next(line.rank for line in rank(each, ties) if line.unit == unit)
        for each in (points, {**points, unit: before + difference})
    )
    return None if now is None or then is None else now - then


def _only(framework: Framework, row: Criterion) -> Framework:
    """The framework with one row, so that one row is scored and not all of them."""
    pillar = framework.pillar_of(row.code).model_copy(update={"criteria": (row,)})
    return framework.model_copy(update={"pillars": (pillar,)})
