"""Everything that the result pages need of a ranked round, read once."""

from fractions import Fraction

from sqlmodel import Session

from dti_core.framework.model import READINGS, Reading
from dti_core.program.load import RoundContext
from dti_core.records.appraising import SELF
from dti_core.records.awards import awards
from dti_core.records.flags import LISTED, all_flags
from dti_core.records.official import EXEMPTED, official_awards, official_totals
from dti_core.records.ranking import ranks
from dti_core.records.scoring import Figures, scored_round
from dti_core.records.stored import StoredAward
from dti_core.records.tables import FlagRecord, RankRecord
from dti_core.scoring.score import Score

Awards = dict[tuple[str, str], StoredAward]
"""(unit, row code) → award"""


class Gathered:
    """A round's figures, scores, awards, doubts and places, as the pages look them up.

    own, official  the units' own points, and those that count
    flags          (unit, row code) → doubts, on drafts; what a unit was never asked about is not
                   told of it. Published pages have none: answers may name people, and what came of
                   them stands in the points and their reasons
    """

    def __init__(self, records: Session, context: RoundContext, *, draft: bool) -> None:
        self.context = context
        scored = scored_round(records, context)
        self.figures, self.scores = scored.figures, scored.scores
        self._of: dict[str, Figures] = {unit.id: {} for unit in context.units}
        for key, figure in scored.figures.items():
            if key[0] in self._of:
                self._of[key[0]][key] = figure
        self.own: Awards = {(a.unit, a.criterion): a for a in awards(records, context.id, SELF)}
        self.official: Awards = official_awards(records, context)
        self.wholes, self.pillars = official_totals(records, context)
        self.flags: dict[tuple[str, str], list[FlagRecord]] = {}
        for flag in all_flags(records, context.id) if draft else ():
            if flag.status != LISTED:
                self.flags.setdefault((flag.unit, flag.criterion), []).append(flag)
        self.ranks: dict[str, RankRecord] = {r.unit: r for r in ranks(records, context.id)}
        policies = context.program.policies
        self.digits = policies.rounding.value.digits if policies.rounding else 2

    def of(self, unit: str) -> Figures:
        """One unit's figures."""
        return self._of[unit]

    def reading(self, code: str) -> Reading:
        """The reading that officially applies; as written where nobody has decided."""
        return self.context.program.policies.reading_of(code) or READINGS[0]

    def score(self, unit: str, code: str) -> Score:
        return self.scores[self.reading(code)][unit, code]

    def points(self, unit: str, code: str) -> Fraction | None:
        """Official points of a row; None where it has none."""
        award = self.official.get((unit, code))
        return None if award is None or award.points is None else Fraction(award.points)

    def exempted(self, unit: str, code: str) -> StoredAward | None:
        """The award of a row on which the unit is exempted."""
        award = self.official.get((unit, code))
        return award if award is not None and award.kind == EXEMPTED else None

    @property
    def ranked(self) -> frozenset[str]:
        """The units that have a place."""
        return frozenset(unit for unit, entry in self.ranks.items() if entry.rank is not None)
