"""What appraisal changed, and why: for the council's minutes and the report that goes up with the
draft (2001/QĐ-UBND, II.1.3b: "điều chỉnh điểm tự chấm")."""

from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from dti_core.program.load import RoundContext
from dti_core.program.routing import verifier_name
from dti_core.records.appraising import official_rows
from dti_core.records.bases import bases


@dataclass(frozen=True)
class Adjustment:
    """A row whose official points are other than its base.

    before  computed points, else self-assessed ones; None where there was neither
    after   the official points before exemptions, exact
    by      names of those who gave them
    """

    unit: str
    criterion: str
    before: Fraction | None
    after: Fraction
    by: tuple[str, ...]
    reason: str


def adjustments(session: Session, context: RoundContext) -> list[Adjustment]:
    """Every adjustment as the opinions stand, by unit and row of the framework. Raises
    NotRouted."""
    known = bases(session, context)
    return [
        Adjustment(
            *pair,
            known.of(pair),
            each.points,
            tuple(verifier_name(context, who) for who in each.by),
            each.reason or "",
        )
        for pair, each in official_rows(session, context).items()
        if each.points != known.of(pair)
    ]
