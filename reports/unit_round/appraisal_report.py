"""The values of the report on the appraisal, from the records of a round."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial

from sqlmodel import Session

from dti_core.framework.model import Framework, Pillar
from dti_core.program.appraisal import CHAIR, PETITION
from dti_core.program.load import RoundContext
from dti_core.program.routing import Pair, verifier_name
from dti_core.records.appraising import official_rows
from dti_core.records.assignments import assignments, rows_by_verifier
from dti_core.records.bases import Bases, bases
from dti_core.records.collecting import standings
from dti_core.records.exemptions import granted, undecided
from dti_core.records.flags import STATUS_TEXT, WITHDRAWN, all_flags
from dti_core.records.opinions import opinions
from dti_core.records.participation import places
from dti_core.records.petitions import petitions
from dti_core.records.sittings import sittings
from dti_core.records.tables import PetitionRecord
from dti_core.scoring.total import scored_rows
from reports.letters.appraisal_report import AppraisalReport
from reports.letters.appraised import Petition, Quality, Scope, Tally, Unplaced, Verifier
from reports.letters.paper import Paper, organisers_paper
from reports.letters.result_tables import PLACES
from reports.letters.wording import within
from reports.policies import PolicyLine, policy_lines
from reports.quality.records import known
from reports.quality.stages import STAGES
from reports.unit_round.appraised import adjusted, exempted
from reports.unit_round.council import basis_of, council_paper, organiser_of
from reports.unit_round.fields import fields_of
from reports.unit_round.result import rounding_of

_DECIDING = {
    CHAIR: "Tiêu chí mà những người thẩm định cho điểm khác nhau",
    PETITION: "Tiêu chí có kiến nghị được chấp nhận",
}
"""Opinions that stand under no verifier's name, and what they are about."""

OWN_ROWS = "Tiêu chí của cơ quan chủ trì đánh giá"
OTHERS = "Tiêu chí được giao theo bộ chỉ số hoặc không thuộc lĩnh vực nào"


def report_values(records: Session, context: RoundContext) -> AppraisalReport:
    """The report to the publisher, by the council where there is one, else by the organiser.

    Raises NotRouted, PolicyMissing.
    """
    round_, council = context.round, context.program.appraisal.council
    held = sittings(records, context.id)
    return AppraisalReport(
        paper=_paper(context),
        recipient=context.program.publisher,
        basis=basis_of(context),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        data_from=round_.data_from.on,
        data_to=round_.data_to.on,
        appraiser=council.name if council else organiser_of(context),
        office=council.chair.position if council else None,
        sittings=tuple(date.fromisoformat(each.held_on) for each in held),
        verifiers=tuple(_verifiers(records, context)),
        scopes=tuple(_scopes(records, context)),
        adjusted=tuple(adjusted(records, context)),
        exempted=tuple(exempted(records, context)),
        pending=len(undecided(records, context.id)),
        doubts=tuple(_doubts(records, context)),
        unplaced=tuple(
            Unplaced(
                context.program.unit[unit].name,
                within(PLACES[why.place]),
                f"{why.reason.rstrip(' .')} ({why.basis.rstrip(' .')})",
            )
            for unit, why in places(records, context).items()
        ),
        petitions=tuple(_petition(context, each) for each in petitions(records, context.id)),
        quality=_quality(records, context),
        policies=tuple(_policies(context)),
        digits=rounding_of(context).digits,
    )


def _paper(context: RoundContext) -> Paper:
    council = context.program.appraisal.council
    if council is None:
        return organisers_paper(context, "BC")
    paper = council_paper(context, council, "BC")
    return replace(paper, recipients=("Các thành viên Hội đồng",))


def _verifiers(records: Session, context: RoundContext) -> Iterator[Verifier]:
    """Everybody to whom rows are routed, then those whose decision goes before theirs."""
    given: dict[str, set[Pair]] = {}
    for each in opinions(records, context.id):
        given.setdefault(each.verifier, set()).add((each.unit, each.criterion))
    sent = {each.verifier: each for each in assignments(records, context.id)}
    for verifier, pairs in rows_by_verifier(records, context).items():
        record = sent.get(verifier)
        yield Verifier(
            name=verifier_name(context, verifier),
            fields=tuple(_fields(context, verifier)),
            rows=len(given.get(verifier, set()) & set(pairs)),
            asked=record.items if record else len(pairs),
            closed=record.closed_at is not None if record else None,
        )
    for verifier, about in _DECIDING.items():
        if verifier in given:
            yield Verifier(verifier_name(context, verifier), (about,), len(given[verifier]))


def _fields(context: RoundContext, verifier: str) -> Iterator[str]:
    policy, named = context.program.policies.organiser_rows, False
    for field in fields_of(context):
        if verifier in field.verifiers:
            named = True
            yield field.field
    if policy is not None and policy.value.verifier == verifier:
        named = True
        yield OWN_ROWS
    if not named:
        yield OTHERS


def _scopes(records: Session, context: RoundContext) -> Iterator[Scope]:
    """What became of the rows of each framework's units; exempted ones are counted apart."""
    before, out = bases(records, context), set(granted(records, context.id))
    official = {
        pair: each.points
        for pair, each in official_rows(records, context).items()
        if pair not in out
    }
    for level, framework in context.frameworks.items():
        units = [unit.id for unit in context.units if unit.level == level]
        every = {(unit, code) for unit in units for code in _codes(framework)}
        left = len(every & out)
        yield Scope(
            name=framework.title,
            units=len(units),
            criteria=len(_codes(framework)),
            tallies=tuple(
                _tally(framework, pillar, units, before, official) for pillar in framework.pillars
            ),
            open=len(every) - left - len(every & set(official)),
            left=left,
        )


def _codes(framework: Framework, pillar: Pillar | None = None) -> list[str]:
    """The rows that have points of their own, of the framework or of one pillar."""
    criteria = framework.criteria if pillar is None else pillar.criteria
    return [
        row.code
        for criterion in criteria
        for row in scored_rows(criterion)
        if row.max_points is not None
    ]


def _tally(
    framework: Framework,
    pillar: Pillar,
    units: list[str],
    before: Bases,
    official: Mapping[Pair, Fraction],
) -> Tally:
    mine = {
        pair: official[pair]
        for unit in units
        for code in _codes(framework, pillar)
        if (pair := (unit, code)) in official
    }
    changes = [
        points - base for pair, points in mine.items() if (base := before.of(pair)) is not None
    ]
    return Tally(
        name=pillar.name,
        kept=sum(change == 0 for change in changes),
        up=sum(change > 0 for change in changes),
        down=sum(change < 0 for change in changes),
        outright=len(mine) - len(changes),
        change=sum(changes, Fraction(0)),
    )


def _doubts(records: Session, context: RoundContext) -> Iterator[tuple[str, int]]:
    """How many doubts stand in which state; those that no longer stand are not told."""
    counted = Counter(flag.status for flag in all_flags(records, context.id))
    for status, text in STATUS_TEXT.items():
        if counted[status] and status != WITHDRAWN:
            yield text, counted[status]


def _petition(context: RoundContext, record: PetitionRecord) -> Petition:
    return Petition(
        number=record.number,
        unit=context.program.unit[record.unit].name,
        about=f"mục {record.criterion}" if record.criterion else "kết quả chung",
        text=record.text,
        received_on=date.fromisoformat(record.received_on),
        status=record.status,
        points=None if record.points is None else Fraction(record.points),
        reason=record.reason,
    )


def _quality(records: Session, context: RoundContext) -> Quality:
    round_ = known(records, context)
    counts, stands = round_.counts(round_.needed), standings(records, context.id)
    providers = {each.provider for each in stands}
    return Quality(
        stages=tuple((stage.name, stage.meaning, getattr(counts, stage.field)) for stage in STAGES),
        providers=len(providers),
        answered=len(providers - {each.provider for each in stands if each.received_on is None}),
        late=len({each.provider for each in stands if each.came_late}),
    )


def _policies(context: RoundContext) -> Iterator[PolicyLine]:
    """The policies on which the result rests."""
    lines = policy_lines(context.program.policies, partial(verifier_name, context))
    yield from (line for line in lines if line.basis)
