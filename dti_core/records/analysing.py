"""A scored round as the analyses take it: groups, scores, people's awards, figures in doubt."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from dti_core.figures import Value
from dti_core.program.load import RoundContext
from dti_core.records.appraising import APPRAISED
from dti_core.records.awards import awards
from dti_core.records.flags import ACCEPTED, WITHDRAWN, all_flags
from dti_core.records.rounds import require_round
from dti_core.records.scoring import ScoredRound, scored_round
from dti_core.scoring.readings import Readings, readings
from dti_core.scoring.robustness import Doubt, Robustness, robustness
from dti_core.scoring.standings import Group, groups_of
from dti_core.scoring.what_if import WhatIf, what_if


@dataclass(frozen=True)
class Analysed:
    """What every analysis starts from.

    awarded    (unit, row code) → points that people decided otherwise than computed
    appraised  whether official points have been awarded at all
    """

    context: RoundContext
    groups: tuple[Group, ...]
    scored: ScoredRound
    awarded: dict[tuple[str, str], Fraction]
    appraised: bool
    doubts: tuple[Doubt, ...]

    def readings(self) -> Readings:
        return readings(
            self.groups, self.scored.scores, self.context.program.policies, self.awarded
        )

    def robustness(self) -> Robustness:
        """Raises ReadingUndecided."""
        return robustness(
            self.groups,
            self.scored.scores,
            self.context.program.policies,
            self.awarded,
            self.doubts,
        )

    def what_if(self, unit: str, code: str, values: Mapping[str, Value | None]) -> WhatIf:
        """Raises ReadingUndecided; KeyError for a unit or row that there is not."""
        return what_if(
            self.groups,
            self.scored.figures,
            self.scored.scores,
            self.context.program.policies,
            self.awarded,
            unit,
            code,
            values,
        )


def analysed(session: Session, context: RoundContext) -> Analysed:
    """Read a round for analysis; writes nothing. Raises RoundNotOpen, LawChanged, StaleScores."""
    require_round(session, context)
    scored = scored_round(session, context)
    official = awards(session, context.id, APPRAISED)
    policies = context.program.policies
    awarded: dict[tuple[str, str], Fraction] = {}
    for award in official:
        reading = policies.reading_of(award.criterion)
        computed = scored.scores[reading][award.unit, award.criterion].points if reading else None
        if award.points is None:
            continue
        points = Fraction(award.points)
        # the appraiser's own, where a reason is given; else the computed points, confirmed
        if award.reason is not None or points != computed:
            awarded[award.unit, award.criterion] = points
    return Analysed(
        context=context,
        groups=groups_of(context),
        scored=scored,
        awarded=awarded,
        appraised=bool(official),
        doubts=doubts(session, context.id),
    )


def doubts(session: Session, round_id: str) -> tuple[Doubt, ...]:
    """The figures that are still in doubt: those flagged, unless the flag was withdrawn or the
    unit gave another figure and the officer accepted it."""
    return tuple(
        Doubt(flag.flag_id, flag.unit, tuple(flag.criteria) or (flag.criterion,))
        for flag in all_flags(session, round_id)
        if flag.status != WITHDRAWN and not (flag.status == ACCEPTED and flag.decision == "changed")
    )
