"""Doubt figures and ask the units about them."""

import hashlib
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session, col, select

from dti_core.clock import today
from dti_core.plausibility.detect import detect
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.impact import Impact, Impacts
from dti_core.plausibility.priority import by_weight, questions
from dti_core.plausibility.trace import Evidence, Window
from dti_core.program.calendar import closing_of
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import plan
from dti_core.records.appraising import SELF
from dti_core.records.awards import awards
from dti_core.records.collecting import source_of
from dti_core.records.database import session
from dti_core.records.evidence import links
from dti_core.records.flags import (
    LISTED,
    OPEN,
    STATUS_TEXT,
    all_flags,
    asked_before,
    flag_of,
    weightiest,
    write_flags,
)
from dti_core.records.outbox import Message, enqueue
from dti_core.records.rounds import require_round
from dti_core.records.scoring import scored_round
from dti_core.records.tables import FlagRecord, SubmissionRecord
from dti_core.records.versions import versions
from dti_core.scoring.standings import Group
from reports.messages import message
from tasks.papers import Paper, write_papers
from tasks.prior import prior_of
from tasks.retrying import RETRY
from tasks.unchanged import unless_done


@task(name="nghi-van", **RETRY)
def flag_task(round_id: str, actor: str, day: date | None = None) -> int:
    """Doubt figures and ask about them; see `flag`. Returns how many flags are open."""
    context, day = load_round(round_id), day or today()
    # of the day it only hangs on which deadline is told
    given = actor, _due(context, day)
    return unless_done("nghi-van", context, given, lambda: _flag(context, actor, day))


def _due(context: RoundContext, day: date) -> date | None:
    """The last day for answers that are asked for on a day; none once it has passed."""
    by = context.round.explain_by
    return by.on if by and day <= by.on else None


def _flag(context: RoundContext, actor: str, day: date) -> int:
    stored = flag(context, actor, day)
    create_table_artifact(
        key="nghi-van",
        description=f"Nghi vấn đợt {context.id}",
        table=[
            {
                "đơn vị": one.unit,
                "mục": one.criterion,
                "nội dung": one.message,
                "tình trạng": STATUS_TEXT[one.status],
            }
            for one in stored
        ],
    )
    return sum(one.status == OPEN for one in stored)


def flag(context: RoundContext, actor: str, day: date) -> list[FlagRecord]:
    """Record the flags that stand, and ask every unit about as many as the policy allows.

    Returns the open and the listed ones, the weightiest first. A deadline for answers that has
    passed by `day` holds for none that is asked now.
    """
    limit = context.program.policies.questions_per_unit
    most = limit.value if limit else None
    if context.round.data:
        most = 0  # published elsewhere: nobody of this round can be asked
    with session() as records:
        require_round(records, context)
        flags, impacts = _flags(records, context)
        before = asked_before(records, context.id)
        own = {unit.id for unit in context.own_units}
        _, rest = questions([one for one in flags if one.unit in own], most, before)
        listed = {one.id for each in rest.values() for one in each}
        # whoever evaluated a unit in a sub-round has asked it already: the appraiser is told
        listed |= {one.id for one in flags if one.unit not in own}
        write_flags(records, context.id, flags, impacts, actor, listed, _due(context, day))
    with session() as records:
        frameworks = {unit.id: context.framework_of(unit.id) for unit in context.units}
        stored = weightiest(
            (one for one in all_flags(records, context.id) if one.status in (OPEN, LISTED)),
            frameworks,
        )
        by_unit: dict[str, list[FlagRecord]] = {}
        for one in stored:
            if one.status == OPEN:
                by_unit.setdefault(one.unit, []).append(one)
        asked = [_asked(context, unit, mine) for unit, mine in by_unit.items()]
        papers = [paper for made, _ in asked for paper in made]
        write_papers(records, context.id, papers, actor)
        enqueue(records, context.id, [told for _, told in asked], actor)
    return stored


def _flags(records: Session, context: RoundContext) -> tuple[list[Flag], dict[str, Impact | None]]:
    """Every doubt about the round's figures as they are, each level's weightiest first."""
    scored = scored_round(records, context)
    prior = prior_of(context)
    # a unit that corrected a figure gave itself points for the figure that it has withdrawn; one
    # that sent its whole workbook again has withdrawn them all
    changed = [one for one in all_flags(records, context.id) if one.decision == "changed"]
    corrected = {(one.unit, code) for one in changed for code in one.criteria}
    sent_again = {one.unit for one in changed if one.variable is None and len(one.criteria) > 1}
    self_points = {
        (award.unit, award.criterion): Fraction(award.points)
        for award in awards(records, context.id, SELF)
        if award.points is not None
        and award.unit not in sent_again
        and (award.unit, award.criterion) not in corrected
    }
    submitters = {
        (item.unit, item.criterion): request.provider
        for request in plan(context).requests
        for item in (*request.own, *request.about_units)
    }
    names = {unit.id: unit.name for unit in context.units}
    policies = context.program.policies
    reading = policies.reading.value if policies.reading else "as_written"
    round_, closes = context.round, closing_of(context.program, context.round).on
    evidence, revisions = _evidence(records, context.id), versions(records, context.id)
    flags: list[Flag] = []
    impacts: dict[str, Impact | None] = {}
    for level, framework in context.frameworks.items():
        units = [unit.id for unit in context.units if unit.level == level]
        found = detect(
            framework,
            units,
            scored.figures,
            prior,
            self_points,
            scored.scores[reading],
            submitters,
            names,
            versions=revisions,
            evidence=evidence,
            window=Window(round_.data_from.on, round_.data_to.on, closes),
        )
        group = Group(level, framework, tuple(units))
        worth = Impacts(group, scored.figures, scored.scores[reading], policies, reading)
        impacts |= {one.id: worth.of(one) for one in found}
        flags += by_weight(framework, found, impacts)
    return flags, impacts


def _evidence(records: Session, round_id: str) -> list[Evidence]:
    """What workbooks name as evidence; what comes with an explanation is of later days."""
    explanations = set(
        records.exec(
            select(SubmissionRecord.id).where(
                SubmissionRecord.round_id == round_id,
                col(SubmissionRecord.source).endswith(source_of("", "explanation")),
            )
        )
    )
    return [
        Evidence((link.unit, link.criterion, link.variable), link.words, link.sha256)
        for link in links(records, round_id)
        if link.submission_id not in explanations
    ]


def _asked(
    context: RoundContext, unit: str, flags: Sequence[FlagRecord]
) -> tuple[list[Paper], Message]:
    """The letter, the workbook to answer in, and the message that carries both.

    A province is no office that could be written to: the organiser answers for it.
    """
    from reports.letters import explanation as letter
    from reports.unit_round.letters import explanation_values
    from reports.workbooks.explanation import explanation_workbook

    asked = [flag_of(one) for one in flags]
    workbook = f"out/{unit}/{unit}-giai-trinh.xlsx"
    paper = f"out/{unit}/cong-van-giai-trinh.docx"
    values = explanation_values(context, unit, asked, workbook)
    papers: list[Paper] = [
        ("explanation_workbook", workbook, explanation_workbook(context, unit, asked)),
        ("explanation_letter", paper, letter.render(values)),
    ]
    key = hashlib.sha256("|".join(sorted(one.id for one in asked)).encode()).hexdigest()[:12]
    by = context.round.explain_by
    body = message("explain", context, unit, count=len(asked), explain_by=by.on if by else None)
    title = f"Đề nghị giải trình số liệu: {context.round.title}"
    files = (workbook, paper)
    to = context.program.organiser if context.round.own_index else unit
    return papers, Message(f"explain:{unit}:{key}", to, title, body, files)
