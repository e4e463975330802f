"""Everything that is recorded about one unit in one round, for an inspector's dossier.

One query a table. The chain of events is checked first: that holds the records still until the
session ends, so that all of it is of one moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.figures import Figure
from dti_core.framework.model import READINGS
from dti_core.program.load import SUB_ROUND, RoundContext
from dti_core.program.replaced import replaced
from dti_core.records.approvals import ApprovalState, approval_states
from dti_core.records.awards import recorded, scored
from dti_core.records.collecting import Standing, remarks, standings
from dti_core.records.earlier import prior_results
from dti_core.records.evidence import kept
from dti_core.records.exemptions import counted_figures
from dti_core.records.issued import issues
from dti_core.records.official import official_totals
from dti_core.records.prior import figures_of_last_year
from dti_core.records.ranking import ranks
from dti_core.records.rounds import require_round
from dti_core.records.scoring import Figures, ScoredRound, Scores
from dti_core.records.sittings import sittings
from dti_core.records.tables import (
    AuditRecord,
    AwardRecord,
    ConfirmationRecord,
    DocumentRecord,
    EvidenceLinkRecord,
    EvidenceRecord,
    ExemptionRecord,
    ExtensionRecord,
    FigureRecord,
    FindingRecord,
    FlagRecord,
    IssueRecord,
    NotificationRecord,
    OpinionRecord,
    ParticipationRecord,
    PetitionRecord,
    RankRecord,
    RemarkRecord,
    RequestRecord,
    RoundRecord,
    SittingRecord,
    SubmissionRecord,
)
from dti_core.records.verifying import verify
from dti_core.scoring.score import compares_in_group, score_row
from dti_core.scoring.total import Total

R = TypeVar("R")

_TO_THE_ASSESSED = frozenset(
    {
        "before",
        "escalate",
        "explain",
        "extension",
        "provisional",
        "receipt",
        "remind",
        "request",
        "result",
    }
)
"""How the keys of messages begin that go to a unit as one that is assessed. The others go to it as
organiser or appraiser, and tell of other units."""


class UnknownUnit(Refused):
    """The round does not assess such a unit."""


@dataclass(frozen=True)
class Collected:
    """The rows of one unit; of others only what a ranking publishes, and the chain of events.

    problems      what `verify` found in the round, in Vietnamese; empty where all is as recorded
    current       whether the recorded points are what the recorded figures give now
    scored        figures that count, and the scores of this unit, under each reading
    figures       every version, oldest first, with those that other providers gave
    submissions   id → the files that this unit sent or that figures of it were read from
    remarks       submission's id → what its sender was told
    ranks         of the unit's group
    last_year     its figures of the evaluation year before; its predecessor's where it had one
    events        of the whole round, others' too: what may be told of them says `disclosing`
    """

    context: RoundContext
    unit: str
    round: RoundRecord
    problems: Sequence[str]
    current: bool
    scored: ScoredRound
    whole: Total
    pillars: Mapping[str, Total]
    figures: Sequence[FigureRecord]
    submissions: Mapping[int, SubmissionRecord]
    remarks: Mapping[int, Sequence[RemarkRecord]]
    links: Sequence[EvidenceLinkRecord]
    evidence: Mapping[str, EvidenceRecord]
    findings: Sequence[FindingRecord]
    flags: Sequence[FlagRecord]
    awards: Sequence[AwardRecord]
    opinions: Sequence[OpinionRecord]
    exemptions: Sequence[ExemptionRecord]
    participation: Sequence[ParticipationRecord]
    petitions: Sequence[PetitionRecord]
    requests: Sequence[RequestRecord]
    standings: Sequence[Standing]
    extensions: Sequence[ExtensionRecord]
    confirmations: Sequence[ConfirmationRecord]
    notifications: Sequence[NotificationRecord]
    documents: Sequence[DocumentRecord]
    ranks: Sequence[RankRecord]
    last_year: Mapping[tuple[str, str], Figure]
    last_result: Any
    approvals: Sequence[ApprovalState]
    sittings: Sequence[SittingRecord]
    issues: Sequence[IssueRecord]
    events: Sequence[AuditRecord]

    @property
    def rank(self) -> RankRecord | None:
        return next((each for each in self.ranks if each.unit == self.unit), None)


def require_unit(context: RoundContext, unit: str) -> None:
    """Raises UnknownUnit."""
    units = [each.id for each in context.units]
    if unit not in units:
        raise UnknownUnit(
            f"Đợt {context.id} không đánh giá đơn vị {unit!r}. Có: {', '.join(units)}."
        )


def sub_round_of(session: Session, context: RoundContext, unit: str) -> str | None:
    """The sub-round that collected the unit first, where it was opened. Raises UnknownUnit."""
    require_unit(context, unit)
    parent = context.program.unit[unit].parent
    name = f"{context.id}{SUB_ROUND}{parent}"
    if name not in context.sub_rounds or context.program.unit[unit].level not in (
        context.round.through
    ):
        return None
    return name if session.get(RoundRecord, name) is not None else None


def collect(session: Session, context: RoundContext, unit: str) -> Collected:
    """Read everything about one unit. Raises UnknownUnit, RoundNotOpen, LawChanged."""
    require_unit(context, unit)
    problems = verify(session, context.id)  # first: from here on nobody else writes
    opened = require_round(session, context)

    def mine(table: type[R]) -> list[R]:
        key = table.unit if hasattr(table, "unit") else table.provider  # type: ignore[attr-defined]
        return _rows(session, table, context.id, col(key) == unit)

    current = counted_figures(session, context)
    scores = _scores(context, unit, current)
    # those that were read about this unit, whoever gave them
    figures = mine(FigureRecord)
    behind = {figure.submission_id for figure in figures}
    submissions = {
        record.id or 0: record
        for record in _rows(session, SubmissionRecord, context.id)
        if record.id in behind or record.unit == unit
    }
    wholes, pillars = official_totals(session, context)
    links = mine(EvidenceLinkRecord)
    confirmations = mine(ConfirmationRecord)
    named = {link.sha256 for link in links} | {each.document_sha256 for each in confirmations}
    group = next((each.group for each in ranks(session, context.id) if each.unit == unit), None)
    last_year = figures_of_last_year(session, context)
    before = prior_results(session, context.program.id, context.round.evaluation_year - 1)
    return Collected(
        context=context,
        unit=unit,
        round=opened,
        problems=problems,
        current=_follow(session, context, unit, scores),
        scored=ScoredRound(current, scores),
        whole=wholes[unit],
        pillars={code: total for (who, code), total in pillars.items() if who == unit},
        figures=figures,
        submissions=submissions,
        remarks={
            number: told
            for number, told in remarks(session, context.id).items()
            if number in submissions and submissions[number].unit == unit
        },
        links=links,
        evidence={sha: each for sha, each in kept(session, context.id).items() if sha in named},
        findings=mine(FindingRecord),
        flags=mine(FlagRecord),
        awards=mine(AwardRecord),
        opinions=mine(OpinionRecord),
        exemptions=mine(ExemptionRecord),
        participation=mine(ParticipationRecord),
        petitions=mine(PetitionRecord),
        requests=mine(RequestRecord),
        standings=[each for each in standings(session, context.id) if each.provider == unit],
        extensions=mine(ExtensionRecord),
        confirmations=confirmations,
        notifications=[
            each
            for each in _rows(
                session, NotificationRecord, context.id, col(NotificationRecord.recipient) == unit
            )
            if each.key.partition(":")[0] in _TO_THE_ASSESSED
            and "about_units" not in each.key.split(":")
        ],
        documents=_rows(session, DocumentRecord, context.id),
        ranks=[each for each in ranks(session, context.id) if each.group == group],
        last_year={key[1:]: figure for key, figure in last_year.items() if key[0] == unit},
        last_result=before.get(unit) or before.get(replaced(context).get(unit, unit)),
        approvals=approval_states(session, context),
        sittings=sittings(session, context.id),
        issues=issues(session, context.id),
        events=_rows(session, AuditRecord, context.id, order=col(AuditRecord.seq)),
    )


def _rows(
    session: Session, table: type[R], round_id: str, *conditions: Any, order: Any = None
) -> list[R]:
    wanted = select(table).where(table.round_id == round_id, *conditions)  # type: ignore[attr-defined]
    order = col(table.id) if order is None else order  # type: ignore[attr-defined]
    return list(session.exec(wanted.order_by(order)))


def _scores(context: RoundContext, unit: str, figures: Figures) -> Scores:
    """The unit's scores by the referee, under both readings; its level is read where rows compare
    with it."""
    framework, policies = context.framework_of(unit), context.program.policies
    level = context.program.unit[unit].level
    everybody = [each.id for each in context.units if each.level == level]
    found: Scores = {}
    for reading in READINGS:
        found[reading] = {}
        for criterion in framework.criteria:
            units = everybody if compares_in_group(criterion) else [unit]
            rows = score_row(criterion, units, figures, policies, reading)
            found[reading] |= {key: each for key, each in rows.items() if key[0] == unit}
    return found


def _follow(session: Session, context: RoundContext, unit: str, scores: Scores) -> bool:
    """Whether the unit's recorded points are what its figures give now."""
    rounding = context.program.policies.rounding
    every = [one for by_row in scores.values() for one in by_row.values()]
    now = scored(context.id, every, rounding.value if rounding else None)
    known = {key: row for key, row in recorded(session, context.id).items() if key[1] == unit}
    return known == now
