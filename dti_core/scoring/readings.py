"""What the choice of reading does: the decree as written against the decree as its errata mend it.

The organising department reviews the framework and proposes amendments (2554/QĐ-UBND, IX.1;
2074/QĐ-UBND, IV.1d). This shows what one would move: which rows earn other points, whose total and
whose place change, which clauses it would touch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dti_core.framework.model import READINGS, Citation, Criterion, Reading
from dti_core.program.policies import Policies
from dti_core.scoring.score import Score
from dti_core.scoring.standings import (
    Group,
    Points,
    ReadingUndecided,
    ScoreMap,
    Standing,
    officially,
    standings,
    under,
)


@dataclass(frozen=True)
class Difference:
    """A row where the two readings give one unit different points, or different bounds.

    awarded  points that people awarded to the row: they stand under either reading
    """

    unit: str
    row: Criterion
    as_written: Score
    corrected: Score
    awarded: Fraction | None = None

    @property
    def difference(self) -> Fraction | None:
        """Points that the corrected reading adds (negative: takes); None while they are open."""
        if self.as_written.points is None or self.corrected.points is None:
            return None
        return self.corrected.points - self.as_written.points


@dataclass(frozen=True)
class UnitReadings:
    """A unit's total and place with the whole round under one reading, the other, and the policy.

    official  by the program's policy, its overrides included; None while it is undecided
    """

    unit: str
    group: str
    as_written: Standing
    corrected: Standing
    official: Standing | None

    @property
    def gained(self) -> int | None:
        """Places that the unit gains (negative: loses) where the corrected reading applies."""
        if self.as_written.rank is None or self.corrected.rank is None:
            return None
        return self.as_written.rank - self.corrected.rank


@dataclass(frozen=True)
class Clause:
    """A clause with a substantive erratum: what an amendment would touch.

    moved  units whose points on the row it decides in this round
    """

    group: str
    code: str
    citation: Citation
    note: str
    moved: tuple[str, ...]


@dataclass(frozen=True)
class Readings:
    """Everything that the choice of reading does in one round."""

    differences: tuple[Difference, ...]
    units: tuple[UnitReadings, ...]
    clauses: tuple[Clause, ...]


def readings(
    groups: Sequence[Group],
    scores: Mapping[Reading, ScoreMap],
    policies: Policies,
    awarded: Points,
) -> Readings:
    """Compare both readings of a round.

    scores   computed points under each reading, of every unit and row
    awarded  (unit, row code) → points that people decided otherwise than computed
    """
    differences: list[Difference] = []
    units: list[UnitReadings] = []
    clauses: list[Clause] = []
    for group in groups:
        for row in group.framework.rows:
            if row.erratum is None or row.erratum.corrected is None:
                continue
            found = []
            for unit in group.units:
                written, corrected = (scores[each][unit, row.code] for each in READINGS)
                if _possible(written) != _possible(corrected):
                    kept = awarded.get((unit, row.code))
                    found.append(Difference(unit, row, written, corrected, kept))
            moved = tuple(each.unit for each in found if each.difference is not None)
            clauses.append(Clause(group.name, row.code, row.citation, row.erratum.note, moved))
            differences += found
        units += _units(group, scores, policies, awarded)
    return Readings(tuple(differences), tuple(units), tuple(clauses))


def _units(
    group: Group,
    scores: Mapping[Reading, ScoreMap],
    policies: Policies,
    awarded: Points,
) -> list[UnitReadings]:
    written, corrected = (
        standings(group, under(group, scores, reading, awarded), policies) for reading in READINGS
    )
    try:
        official = standings(group, officially(group, scores, policies, awarded), policies)
    except ReadingUndecided:
        official = {}
    return [
        UnitReadings(unit, group.name, written[unit], corrected[unit], official.get(unit))
        for unit in group.units
    ]


def _possible(score: Score) -> tuple[Fraction, Fraction, bool]:
    """What the points can be; open scores are compared by their bounds."""
    return score.low, score.high, score.points is None
