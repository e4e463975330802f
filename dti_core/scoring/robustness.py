"""How firm the ranks are: which places a unit takes under small, defensible changes.

After OECD/JRC, *Handbook on Constructing Composite Indicators: Methodology and User Guide* (2008),
step 7, uncertainty and sensitivity analysis: vary what could as well have been decided otherwise,
rank again, and report the interval of ranks that each unit meets. Three kinds of trials:

weight    one pillar's maximum times 1 ± 1/10, then every pillar's by one factor so that the total
          maximum stays; points keep their share of the maximum. The tenth is ours: the handbook
          leaves the size of the change to the author.
left out  one doubted figure counts for nothing: the rows that the doubt concerns leave the unit's
          points and the unit's maximum, and the unit is compared by its percentage of what is
          left, carried to the full maximum. The other units keep their totals.
reading   the whole round under one reading, or the other (`dti_core.scoring.readings`).

Every number is exact; ranks follow the program's policies. A pillar outside the maximum (bonus,
penalty) has no weight to vary.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from dti_core.framework.model import READINGS, Criterion, Framework, Pillar, Reading
from dti_core.framework.rules import SumOfChildren
from dti_core.program.policies import Policies
from dti_core.scoring.exact import ZERO
from dti_core.scoring.standings import (
    Counted,
    Group,
    Points,
    ScoreMap,
    Standing,
    officially,
    ranked,
    standings,
    under,
)
from dti_core.scoring.total import RowPoints, Total, add_up, scored_rows

STEP = Fraction(1, 10)
"""The part of its weight by which a pillar moves up and down."""

Kind = Literal["heavier", "lighter", "left_out", "reading"]

MOVES: dict[Kind, Fraction] = {"heavier": 1 + STEP, "lighter": 1 - STEP}


@dataclass(frozen=True)
class Doubt:
    """A doubted figure: its flag, its unit, the rows that it concerns."""

    id: str
    unit: str
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """One change. `subject` is the pillar's code, the flag's id or the reading; `group` the group
    whose ranks it tries, None where it is one change for all."""

    kind: Kind
    subject: str
    group: str | None = None


@dataclass(frozen=True)
class RankInterval:
    """The places that a unit meets: officially, at best, at worst, and in which trials.

    best_in, worst_in  the trials that give those places; empty where the official one is as good
    shaken             the place is within the noise: it moves, or another unit's interval meets
                       its own (a tie does)
    """

    unit: str
    group: str
    official: int
    best: int
    worst: int
    best_in: tuple[Trial, ...]
    worst_in: tuple[Trial, ...]
    shaken: bool


@dataclass(frozen=True)
class Robustness:
    """Intervals of the ranked units, best first in each group; who has no place; the trials."""

    intervals: tuple[RankInterval, ...]
    unranked: tuple[str, ...]
    trials: tuple[Trial, ...]


def robustness(
    groups: Sequence[Group],
    scores: Mapping[Reading, ScoreMap],
    policies: Policies,
    awarded: Points,
    doubts: Sequence[Doubt],
) -> Robustness:
    """Rank a round again under every trial.

    scores   computed points under each reading
    awarded  (unit, row code) → points that people decided otherwise than computed; they stand
             under either reading

    Raises ReadingUndecided.
    """
    intervals: list[RankInterval] = []
    unranked: list[str] = []
    trials: dict[Trial, None] = {}
    for group in groups:
        official = officially(group, scores, policies, awarded)
        base = standings(group, official, policies)
        met = [
            *_weights(group, official, policies),
            *_left_out(group, official, policies, base, doubts),
            *_readings(group, scores, policies, awarded),
        ]
        trials.update((trial, None) for trial, _ in met)
        intervals += _intervals(group, base, met)
        unranked += [unit for unit, standing in base.items() if standing.rank is None]
    return Robustness(
        tuple(intervals),
        tuple(unranked),
        tuple(trials),
    )


Ranks = Mapping[str, int | None]


def _weights(group: Group, official: Counted, policies: Policies) -> Iterator[tuple[Trial, Ranks]]:
    if not group.units:
        return
    pillars, whole = add_up(group.framework, official[group.units[0]], policies)
    maxima = {code: total.max_points for code, total in pillars.items() if total.max_points}
    for code, maximum in maxima.items():
        for kind, by in MOVES.items():
            # the factor that brings the total maximum back to what it was
            back = whole.max_points / (whole.max_points + (by - 1) * maximum)
            factors = {each: back * (by if each == code else 1) for each in maxima}
            totals = {
                unit: _scaled(group.framework, rows, maxima, factors, policies)
                for unit, rows in official.items()
            }
            yield Trial(kind, code, group.name), ranked(totals, policies)


def _left_out(
    group: Group,
    official: Counted,
    policies: Policies,
    base: Mapping[str, Standing],
    doubts: Sequence[Doubt],
) -> Iterator[tuple[Trial, Ranks]]:
    totals = {unit: standing.total for unit, standing in base.items()}
    for doubt in doubts:
        if doubt.unit not in base or base[doubt.unit].rank is None:
            continue
        less = without(group.framework, frozenset(doubt.criteria))
        rows = official[doubt.unit]
        pillars, left = add_up(less, rows, policies)
        maxima = {code: total.max_points for code, total in pillars.items() if total.max_points}
        carried = None  # a unit of which nothing is left has no percentage to compare by
        if left.max_points:
            factor = totals[doubt.unit].max_points / left.max_points
            carried = _scaled(less, rows, maxima, dict.fromkeys(maxima, factor), policies)
        yield (
            Trial("left_out", doubt.id, group.name),
            ranked({**totals, doubt.unit: carried}, policies),
        )


def _readings(
    group: Group, scores: Mapping[Reading, ScoreMap], policies: Policies, awarded: Points
) -> Iterator[tuple[Trial, Ranks]]:
    for reading in READINGS:
        found = standings(group, under(group, scores, reading, awarded), policies)
        yield Trial("reading", reading), {unit: each.rank for unit, each in found.items()}


def _scaled(
    framework: Framework,
    rows: Mapping[str, RowPoints],
    maxima: Mapping[str, Fraction],
    factors: Mapping[str, Fraction],
    policies: Policies,
) -> Total:
    """A unit's total where pillars weigh more or less: maximum and points times one factor.

    maxima, factors  by pillar code; a pillar that has none stays as it is
    """
    pillars = []
    scaled = dict(rows)
    for pillar in framework.pillars:
        factor = factors.get(pillar.code)
        if factor is not None:
            for row in (row for each in pillar.criteria for row in scored_rows(each)):
                was = rows[row.code]
                points = None if was.points is None else was.points * factor
                scaled[row.code] = RowPoints(was.low * factor, was.high * factor, points)
            pillar = pillar.model_copy(update={"max_points": maxima[pillar.code] * factor})
        pillars.append(pillar)
    return add_up(_with(framework, pillars), scaled, policies)[1]


def _intervals(
    group: Group, base: Mapping[str, Standing], met: Sequence[tuple[Trial, Ranks]]
) -> list[RankInterval]:
    ends: dict[str, tuple[int, int, int]] = {}
    for unit, standing in base.items():
        if standing.rank is not None:
            found = [rank for _, ranks in met if (rank := ranks[unit]) is not None]
            ends[unit] = standing.rank, min([standing.rank, *found]), max([standing.rank, *found])
    intervals = []
    for unit, (official, best, worst) in ends.items():
        meets = any(
            other != unit and best <= lowest and highest <= worst
            for other, (_, highest, lowest) in ends.items()
        )
        intervals.append(
            RankInterval(
                unit=unit,
                group=group.name,
                official=official,
                best=best,
                worst=worst,
                best_in=tuple(t for t, r in met if best != official and r[unit] == best),
                worst_in=tuple(t for t, r in met if worst != official and r[unit] == worst),
                shaken=best != worst or meets,
            )
        )
    return sorted(intervals, key=lambda each: each.official)


def without(framework: Framework, codes: frozenset[str]) -> Framework:
    """The framework as if some rows were not in it: their maxima leave parent and pillar too."""
    pillars = []
    for pillar in framework.pillars:
        kept, lost = _kept(pillar.criteria, codes)
        maximum = pillar.max_points
        if maximum is not None:
            # criteria may add up to more than their pillar's stated maximum
            maximum = max(maximum - lost, ZERO) if maximum > 0 else maximum - lost
        pillars.append(pillar.model_copy(update={"criteria": kept, "max_points": maximum}))
    return _with(framework, pillars)


def _with(framework: Framework, pillars: Sequence[Pillar]) -> Framework:
    return framework.model_copy(update={"pillars": tuple(pillars)})


def _kept(
    criteria: tuple[Criterion, ...], codes: frozenset[str]
) -> tuple[tuple[Criterion, ...], Fraction]:
    """The criteria that stay, and the points of those that go."""
    kept: list[Criterion] = []
    lost = ZERO
    for criterion in criteria:
        if criterion.code in codes:
            lost += criterion.max_points or ZERO
            continue
        # rows that are only shown under another add nothing to it
        adds = isinstance(criterion.rule, SumOfChildren)
        children, gone = _kept(criterion.children if adds else (), codes)
        if adds and not children:
            lost += criterion.max_points or ZERO
            continue
        if adds and children != criterion.children:
            maximum = None if criterion.max_points is None else criterion.max_points - gone
            criterion = criterion.model_copy(update={"children": children, "max_points": maximum})
            lost += gone
        kept.append(criterion)
    return tuple(kept), lost
