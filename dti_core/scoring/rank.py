"""Ranks: points from high to low, equal points by policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Ties = Literal["same_rank", "dense"]


@dataclass(frozen=True)
class RankLine:
    """A unit's place. `rank` is None where it is not ranked, with the reason."""

    unit: str
    points: Fraction | None
    rank: int | None
    reason: str | None = None


def rank(points: Mapping[str, Fraction | None], ties: Ties) -> list[RankLine]:
    """Rank units by their points; units without points come last, unranked.

    `same_rank`: equal points share a rank and the next ranks stay free (1, 2, 2, 4);
    `dense`: the next rank follows at once (1, 2, 2, 3). Equal means exactly equal.
    """
    ranked: Sequence[tuple[str, Fraction]] = sorted(
        ((unit, value) for unit, value in points.items() if value is not None),
        key=lambda pair: -pair[1],
    )
    lines: list[RankLine] = []
    for place, (unit, value) in enumerate(ranked, 1):
        before = lines[-1] if lines else None
        if before is not None and before.points == value:
            at = before.rank
        elif ties == "dense":
            at = (before.rank or 0) + 1 if before else 1
        else:
            at = place
        lines.append(RankLine(unit, value, at))
    open_ = [unit for unit, value in points.items() if value is None]
    return lines + [RankLine(unit, None, None, "chưa có điểm thẩm định") for unit in open_]
