"""Doubt figures and ask the units about them."""

import hashlib
from collections.abc import Sequence
from fractions import Fraction

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session, col, select

from dti_core.plausibility.detect import detect
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.impact import Impacts
from dti_core.plausibility.priority import by_weight
from dti_core.plausibility.trace import Evidence, Window
from dti_core.program.calendar import closing_of
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import requests
from dti_core.records.appraising import SELF
from dti_core.records.awards import awards
from dti_core.records.collecting import source_of
from dti_core.records.database import session
from dti_core.records.evidence import links
from dti_core.records.flags import OPEN, all_flags, write_flags
from dti_core.records.outbox import Message, enqueue
from dti_core.records.rounds import require_round
from dti_core.records.scoring import scored_round
from dti_core.records.tables import FlagRecord, SubmissionRecord
from dti_core.scoring.standings import Group
from reports.messages import message
from tasks.papers import write_paper
from tasks.prior import prior_of
from tasks.retrying import RETRY


@task(name="nghi-van", **RETRY)
def flag_task(round_id: str, actor: str) -> int:
    """Record the flags that stand, and ask every unit with open ones; returns the open flags."""
    context = load_round(round_id)
    with session() as records:
        require_round(records, context)
        flags, impacts = _flags(records, context)
        write_flags(records, round_id, flags, impacts, actor)
    with session() as records:
        stored = [flag for flag in all_flags(records, round_id) if flag.status == OPEN]
        by_unit: dict[str, list[FlagRecord]] = {}
        for flag in stored:
            by_unit.setdefault(flag.unit, []).append(flag)
        for unit, mine in by_unit.items():
            _ask(records, context, unit, mine, actor)
    create_table_artifact(
        key="nghi-van",
        description=f"Nghi vấn đợt {round_id}",
        table=[
            {"đơn vị": flag.unit, "mục": flag.criterion, "nội dung": flag.message}
            for flag in stored
        ],
    )
    return len(stored)


def _flags(records: Session, context: RoundContext) -> tuple[list[Flag], dict[str, Fraction]]:
    scored = scored_round(records, context)
    prior = prior_of(context)
    # a unit that corrected a figure gave itself points for the figure that it has withdrawn; one
    # that sent its whole workbook again has withdrawn them all
    changed = [flag for flag in all_flags(records, context.id) if flag.decision == "changed"]
    corrected = {(flag.unit, code) for flag in changed for code in flag.criteria}
    sent_again = {flag.unit for flag in changed if flag.variable is None and len(flag.criteria) > 1}
    self_points = {
        (award.unit, award.criterion): Fraction(award.points)
        for award in awards(records, context.id, SELF)
        if award.points is not None
        and award.unit not in sent_again
        and (award.unit, award.criterion) not in corrected
    }
    submitters = {
        (item.unit, item.criterion): request.provider
        for request in requests(context)
        for item in (*request.own, *request.about_units)
    }
    names = {unit.id: unit.name for unit in context.units}
    policies = context.program.policies
    reading = policies.reading.value if policies.reading else "as_written"
    round_, closes = context.round, closing_of(context.program, context.round).on
    evidence = _evidence(records, context.id)
    flags: list[Flag] = []
    impacts: dict[str, Fraction] = {}
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
            evidence=evidence,
            window=Window(round_.data_from.on, round_.data_to.on, closes),
        )
        group = Group(level, framework, tuple(units))
        worth = Impacts(group, scored.figures, scored.scores[reading], policies, reading)
        changes = {flag.id: worth.of(flag) for flag in found}
        impacts |= {
            name: change.points
            for name, change in changes.items()
            if change and change.points is not None
        }
        flags += by_weight(framework, found, changes)
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


def _ask(
    records: Session, context: RoundContext, unit: str, flags: Sequence[FlagRecord], actor: str
) -> None:
    """The letter, the workbook to answer in, and the message that carries both."""
    from reports.letters import explanation as letter
    from reports.unit_round.letters import explanation_values
    from reports.workbooks.explanation import explanation_workbook

    asked = [_flag(flag) for flag in flags]
    workbook = f"out/{unit}/{unit}-giai-trinh.xlsx"
    paper = f"out/{unit}/cong-van-giai-trinh.docx"
    made = {
        workbook: ("explanation_workbook", explanation_workbook(context, unit, asked)),
        paper: (
            "explanation_letter",
            letter.render(explanation_values(context, unit, asked, workbook)),
        ),
    }
    for name, (kind, content) in made.items():
        write_paper(records, context.id, kind, name, content, actor)
    key = hashlib.sha256("|".join(sorted(flag.id for flag in asked)).encode()).hexdigest()[:12]
    by = context.round.explain_by
    body = message("explain", context, unit, count=len(asked), explain_by=by.on if by else None)
    title = f"Đề nghị giải trình số liệu: {context.round.title}"
    files = (workbook, paper)
    enqueue(
        records, context.id, [Message(f"explain:{unit}:{key}", unit, title, body, files)], actor
    )


def _flag(record: FlagRecord) -> Flag:
    return Flag(
        unit=record.unit,
        criterion=record.criterion,
        variable=record.variable,
        detector=record.detector,
        message=record.message,
        reported=None if record.reported is None else Fraction(record.reported),
        expected=None if record.expected is None else Fraction(record.expected),
        criteria=tuple(record.criteria),
    )
