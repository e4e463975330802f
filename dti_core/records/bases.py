"""What appraisers start from: the points that the rules give, else those that the unit gave
itself (2001/QĐ-UBND, II.1.3b: "công nhận hoặc điều chỉnh điểm tự chấm")."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col, select

from dti_core.program.load import RoundContext
from dti_core.program.routing import Pair
from dti_core.rational import round_half_up
from dti_core.records.flags import left_to_appraiser
from dti_core.records.stored import COMPUTED
from dti_core.records.tables import AwardRecord

SELF, APPRAISED, HANDED_OVER = "self", "appraised", "handed_over"
"""Kinds of awards beside the computed ones; handed over: what the unit above gave in its own
sub-round (2074/QĐ-UBND, III.2b)."""


@dataclass(frozen=True)
class Bases:
    """Points before appraisal, by (unit, row).

    computed     what the rules give under the reading that officially applies, or what the unit
                 above has given where it evaluates first
    own          what units gave themselves
    to_decide    rows with a doubt that is the appraiser's to decide, with a reason
    digits       decimals of published points; None while nobody decided
    """

    computed: Mapping[Pair, Fraction]
    own: Mapping[Pair, Fraction]
    to_decide: frozenset[Pair]
    digits: int | None

    def of(self, pair: Pair) -> Fraction | None:
        """The base of a row: computed, else self-assessed; None where there is neither."""
        return self.computed.get(pair, self.own.get(pair))

    def settled(self, pair: Pair, points: Fraction) -> Fraction:
        """The points that an appraiser means: whoever types the base as it is shown, rounded,
        leaves the base as it is."""
        base = self.of(pair)
        if base is None or self.digits is None:
            return points
        return base if points == Fraction(round_half_up(base, self.digits)) else points

    def needs_reason(self, pair: Pair, points: Fraction) -> bool:
        """Whether points may not stand without a reason."""
        return pair in self.to_decide or self.settled(pair, points) != self.of(pair)


def bases(session: Session, context: RoundContext) -> Bases:
    """The bases of a round, as recorded."""
    policies = context.program.policies
    given: dict[str, dict[Pair, Fraction]] = {COMPUTED: {}, HANDED_OVER: {}, SELF: {}}
    for unit, row, reading, kind, points in session.exec(_points(context.id, given)):
        if kind != COMPUTED or reading == policies.reading_of(row):
            given[kind][unit, row] = Fraction(points)
    return Bases(
        computed=given[COMPUTED] | given[HANDED_OVER],
        own=given[SELF],
        to_decide=frozenset(left_to_appraiser(session, context.id)),
        digits=policies.rounding.value.digits if policies.rounding else None,
    )


def _points(round_id: str, kinds: Collection[str]) -> Any:
    """Where the points of some kinds stand, as plain rows: they are many, and often asked for."""
    award = AwardRecord
    return (
        select(award.unit, award.criterion, award.reading, award.kind, award.points)  # type: ignore[call-overload]
        .where(award.round_id == round_id, col(award.kind).in_(sorted(kinds)))
        .where(col(award.points).is_not(None))
        .order_by(col(award.id))
    )
