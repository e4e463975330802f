"""What appraisal decided, as the council's minutes and the report on the appraisal tell it."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from sqlmodel import Session

from dti_core.program.appraisal import PETITION
from dti_core.program.calendar import local_day
from dti_core.program.load import RoundContext
from dti_core.program.routing import Pair, verifier_name
from dti_core.records.adjustments import adjustments
from dti_core.records.exemptions import GRANTED, PROPOSED, exemptions, granted
from dti_core.records.opinions import differing as differing_rows
from dti_core.records.opinions import opinions
from reports.letters.minutes import Adjusted, Differing, Exempted, Given

EFFECTS = {
    "best_of_group": "tính bằng điểm cao nhất của nhóm",
    "full": "tính điểm tối đa",
    "not_assessed": "không đánh giá, trừ khỏi điểm tối đa",
}
"""What an exempted row counts for (`program.ranking.Effect`), in words."""


def adjusted(
    records: Session,
    context: RoundContext,
    after: date | None = None,
    until: date | None = None,
    petitions_until: date | None = None,
) -> Iterator[Adjusted]:
    """Rows whose official points are other than before; those that were given their points after
    one day and until another, where these are set. Rows that an exemption decides are not in it.

    petitions_until  the last day for those that a petition awards, where that is another

    Raises NotRouted.
    """
    given = _last_given(records, context)
    out = granted(records, context.id)
    for each in adjustments(records, context):
        pair = each.unit, each.criterion
        by_petition, day = given[pair]
        end = (petitions_until or until) if by_petition else until
        if pair in out or not _within(day, after, end):
            continue
        yield Adjusted(
            unit=context.program.unit[each.unit].name,
            criterion=each.criterion,
            name=_name(context, *pair),
            before=each.before,
            after=each.after,
            by="; ".join(each.by),
            reason=each.reason,
        )


def differing(
    records: Session,
    context: RoundContext,
    after: date | None = None,
    until: date | None = None,
) -> Iterator[Differing]:
    """Rows on which verifiers differed and the chair has decided. Raises NotRouted."""
    for each in differing_rows(records, context):
        decision = each.decision
        if decision is None or not _within(local_day(decision.at), after, until):
            continue
        yield Differing(
            unit=context.program.unit[each.unit].name,
            criterion=each.criterion,
            name=_name(context, each.unit, each.criterion),
            given=tuple(
                Given(verifier_name(context, one.verifier), Fraction(one.points))
                for one in each.opinions
            ),
            decided=Fraction(decision.points),
            reason=decision.reason or "",
        )


def exempted(
    records: Session,
    context: RoundContext,
    after: date | None = None,
    until: date | None = None,
) -> Iterator[Exempted]:
    """Exemptions that were decided, the rows of one unit, ground and reason together."""
    grounds = {ground.id: ground.name for ground in context.program.exemptions}
    found: dict[tuple[str, str, str, bool, str], list[str]] = {}
    for each in exemptions(records, context.id):
        if each.status == PROPOSED or not _within(local_day(each.at), after, until):
            continue
        key = each.unit, each.ground, each.effect, each.status == GRANTED, each.reason or ""
        found.setdefault(key, []).append(each.criterion)
    for (unit, ground, effect, is_granted, reason), codes in found.items():
        yield Exempted(
            unit=context.program.unit[unit].name,
            criteria=tuple(codes),
            ground=grounds.get(ground, ground),
            effect=EFFECTS[effect],
            granted=is_granted,
            reason=reason or None,
        )


def _last_given(records: Session, context: RoundContext) -> dict[Pair, tuple[bool, date]]:
    """(unit, row) → whether a petition awards its points, and the day on which they were given: a
    petition's go before all others, then the newest."""
    found: dict[Pair, tuple[bool, date]] = {}
    for each in opinions(records, context.id):
        pair, this = (each.unit, each.criterion), (each.verifier == PETITION, local_day(each.at))
        found[pair] = max(this, found.get(pair, this))
    return found


def _within(day: date, after: date | None, until: date | None) -> bool:
    return (after is None or day > after) and (until is None or day <= until)


def _name(context: RoundContext, unit: str, code: str) -> str:
    return context.framework_of(unit).by_code[code].name
