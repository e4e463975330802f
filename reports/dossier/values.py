"""The values of a dossier, from what was collected about one unit."""

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial

from sqlmodel import Session

from dti_core.program.groups import group_of
from dti_core.program.routing import verifier_name
from dti_core.rational import exact_text, vietnamese
from dti_core.records.disclosing import chain
from dti_core.records.dossier import Collected
from dti_core.records.tables import RankRecord
from dti_core.scoring.explain import explain
from dti_core.scoring.total import Total
from reports.dossier.course import notifications, petitions, requests, steps, submissions
from reports.dossier.data import FORMAT, Dossier, PeerText, RankText
from reports.dossier.enclosed import Enclosed
from reports.dossier.events import lines
from reports.dossier.rows import Rows
from reports.letters.result_tables import PLACES
from reports.policies import policy_lines
from reports.score_sheet.records import sheet_values
from reports.shown import NOTHING, points

AROUND = 5
"""How many units above and below are shown beside the unit."""


def dossier_values(
    records: Session,
    found: Collected,
    files: Enclosed,
    exported_at: datetime,
    exported_by: str,
    recipient: str = "",
    within: str = "",
) -> Dossier:
    """What a dossier says. The same records and moment give the same values."""
    context, unit = found.context, found.unit
    framework, policies = context.framework_of(unit), context.program.policies
    digits = policies.rounding.value.digits if policies.rounding else 2
    explained = [
        explain(framework, unit, row.code, found.scored.figures, found.scored.scores, policies)
        for row in framework.rows
    ]
    sheet = sheet_values(records, context, unit, found.scored, explained)
    rows = Rows(found, files, digits)
    links = chain(found)
    return Dossier(
        format=FORMAT,
        round_id=context.id,
        round_title=context.round.title,
        evaluation_year=context.round.evaluation_year,
        decree=context.program.decree,
        unit_id=unit,
        unit=context.program.unit[unit].name,
        illustration=context.round.illustration or "",
        exported_at=exported_at.astimezone(UTC).isoformat(timespec="seconds"),
        exported_by=exported_by,
        recipient=recipient,
        problems=list(found.problems),
        current=found.current,
        head=links[-1].digest if links else "",
        rank=_rank(found, digits),
        peers=list(_peers(found, digits)),
        total=_total(found.whole, digits),
        total_exact=exact_text(found.whole.low) if found.whole.decided else "",
        total_max=vietnamese(found.whole.max_points),
        pillars=[
            rows.pillar(pillar, text)
            for pillar, text in zip(framework.pillars, sheet.pillars, strict=True)
        ],
        requests=list(requests(found)),
        submissions=list(submissions(found, files, rows.received)),
        steps=list(steps(found)),
        petitions=list(petitions(found, files)),
        notifications=list(notifications(found)),
        policies=[
            f"{line.name}: {line.value}. {line.basis}".strip()
            for line in policy_lines(policies, partial(verifier_name, context))
        ],
        pins=dict(sorted(found.round.pins.items())),
        files=files.files,
        within=within,
        events=list(lines(links)),
        links=links,
    )


def _total(whole: Total, digits: int) -> str:
    if not whole.decided:
        return "chưa đủ điểm"
    return points(whole.low if whole.published is None else Fraction(whole.published), digits)


def _rank(found: Collected, digits: int) -> RankText | None:
    """The unit's place; None before the ranking."""
    record = found.rank
    if record is None:
        return None
    previous = ""
    if record.previous_rank is not None:
        previous = f"{record.previous_rank} / {record.previous_of}"
    return RankText(
        group=group_of(found.context, found.unit).name,
        rank="" if record.rank is None else str(record.rank),
        of=sum(each.rank is not None for each in found.ranks),
        points=_points(record, digits),
        exact=record.points or "",
        max_points="" if record.max_points is None else vietnamese(Fraction(record.max_points)),
        percent=_percent(record, digits),
        percent_exact=record.percent or "",
        grade=record.grade or "",
        status=PLACES[record.status],  # type: ignore[index]
        reason=record.reason or "",
        previous=previous,
    )


def _peers(found: Collected, digits: int) -> Iterator[PeerText]:
    """The units just above and below, as a ranking publishes them; none beside a unit that has no
    place."""
    ranked = [each for each in found.ranks if each.rank is not None]
    place = next((n for n, each in enumerate(ranked) if each.unit == found.unit), None)
    if place is None:
        return
    for each in ranked[max(0, place - AROUND) : place + AROUND + 1]:
        yield PeerText(
            rank=str(each.rank),
            name=found.context.program.unit[each.unit].name,
            points=_points(each, digits),
            percent=_percent(each, digits),
            own=each.unit == found.unit,
        )


def _points(record: RankRecord, digits: int) -> str:
    """As published: by policy that may be the sum of rounded rows."""
    return NOTHING if record.published is None else vietnamese(Fraction(record.published), digits)


def _percent(record: RankRecord, digits: int) -> str:
    if record.percent_published is None:
        return ""
    return f"{vietnamese(Fraction(record.percent_published), digits)} %"
