"""What the report needs of a round's records: one query a kind of record, however many units."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlmodel import Session, col, select

from dti_core.figures import KNOWN
from dti_core.framework.model import RATIO
from dti_core.intake.layout import SELF_ROW
from dti_core.plausibility.self_score import DETECTOR as SELF_SCORE
from dti_core.program.load import RoundContext
from dti_core.program.requests import PART, Key, plan
from dti_core.records.awards import findings
from dti_core.records.collecting import Standing, quarantined, remarks, source_of, standings
from dti_core.records.confirmations import confirmed
from dti_core.records.files import round_folder
from dti_core.records.flags import ACCEPTED, OPEN, WITHDRAWN, all_flags
from dti_core.records.progress import FATAL, STATED
from dti_core.records.tables import (
    FigureRecord,
    FindingRecord,
    FlagRecord,
    InformationRecord,
    QuarantineRecord,
    RemarkRecord,
    SubmissionRecord,
)
from reports.quality.private import masks
from reports.quality.stages import Counts

MISSING = "missing"
REQUIRED = "required"
"""The check that a figure is there: what it finds is counted as missing, not as wrong."""
EVIDENCE = "evidence"
"""The check that the evidence is there which the decree asks for."""
CHECKS = "validation/{level}.json"
"""What became of every check of a level, under the round's folder."""


@dataclass(frozen=True)
class Asked:
    """One figure asked of one provider. `stored` is where its answer is kept: a part of a figure
    that several give has a name of its own."""

    key: Key
    provider: str
    kind: str
    stored: Key


@dataclass(frozen=True)
class Check:
    """One check of a level's figures. `status` not_run: it could not be carried out, and what it
    found before stands; `reason` says why."""

    level: str
    name: str
    status: str
    reason: str


@dataclass(frozen=True)
class Known:
    """What the records say of a round.

    versions   figure → its versions, the newest last
    aside      files set aside
    checks     what became of the checks when they last ran; empty before they first did
    confirmed  (provider, kind) that a head stands for
    hide       keeps contacts out of a unit's text
    """

    context: RoundContext
    asked: Mapping[str, Sequence[Asked]]
    versions: Mapping[Key, Sequence[FigureRecord]]
    findings: Sequence[FindingRecord]
    flags: Sequence[FlagRecord]
    standings: Sequence[Standing]
    submissions: Sequence[SubmissionRecord]
    remarks: Mapping[int, Sequence[RemarkRecord]]
    aside: Sequence[QuarantineRecord]
    checks: Sequence[Check]
    confirmed: frozenset[tuple[str, str]]
    hide: Callable[[str | None, str], str]

    def status(self, key: Key) -> str:
        """The status of a figure's newest version; that of the bare ratio that stands for it."""
        found = self.versions.get(key)
        status = found[-1].status if found else MISSING
        if status in STATED:
            return status
        ratio = self.versions.get((key[0], key[1], RATIO))
        return ratio[-1].status if ratio and ratio[-1].status in KNOWN else status

    @cached_property
    def needed(self) -> tuple[Key, ...]:
        """Every figure that the criteria of the round's units need, each once."""
        return tuple(
            (unit.id, row.code, variable)
            for unit in self.context.units
            for row in self.context.framework_of(unit.id).rows
            for variable in row.needed
        )

    @cached_property
    def provided(self) -> Mapping[Key, Sequence[Asked]]:
        """Figure → everybody who is asked for it."""
        found: dict[Key, list[Asked]] = defaultdict(list)
        for items in self.asked.values():
            for item in items:
                found[item.key].append(item)
        return found

    @cached_property
    def came(self) -> frozenset[tuple[str, str]]:
        """(provider, kind) of which a file has come."""
        sources = {submission.source for submission in self.submissions}
        return frozenset(
            (provider, item.kind)
            for provider, items in self.asked.items()
            for item in items
            if source_of(provider, item.kind) in sources
        )

    def has_come(self, key: Key) -> bool:
        """Whether every file that should give this figure, or a part of it, has come."""
        asked = self.provided.get(key, ())
        return bool(asked) and all((one.provider, one.kind) in self.came for one in asked)

    @cached_property
    def answers(self) -> Mapping[Key, str]:
        """Figure → the status of its newest version."""
        return {key: self.status(key) for key in self.needed}

    @cached_property
    def wrong(self) -> frozenset[Key]:
        """Figures that a grave finding stands against; not those about self-assessed points."""
        return frozenset(
            key
            for f in self.findings
            if f.severity == FATAL and f.variable != SELF_ROW
            for key in self.figures_of(f.unit, f.criterion, f.variable)
        )

    @cached_property
    def doubts(self) -> Mapping[Key, frozenset[str]]:
        """Figure → the states of the doubts about it. Doubts about self-assessed points are none
        about a figure."""
        found: dict[Key, set[str]] = defaultdict(set)
        for flag in self.flags:
            if flag.detector != SELF_SCORE:
                for code in flag.criteria or (flag.criterion,):
                    for key in self.figures_of(flag.unit, code, flag.variable):
                        found[key].add(flag.status)
        return {key: frozenset(states) for key, states in found.items()}

    def counts(self, keys: Sequence[Key]) -> Counts:
        """How far these figures came."""
        received = [key for key in keys if self.answers[key] != MISSING]
        readable = [key for key in received if self.answers[key] in STATED]
        valid = [key for key in readable if key not in self.wrong]
        plausible = [key for key in valid if OPEN not in self.doubts.get(key, ())]
        explained = [key for key in plausible if self.doubts.get(key, frozenset()) <= {ACCEPTED}]
        return Counts(
            asked=len(keys),
            received=len(received),
            readable=len(readable),
            valid=len(valid),
            plausible=len(plausible),
            explained=len(explained),
            confirmed=sum(self._is_confirmed(key) for key in explained),
            doubted=sum(key in self.doubts for key in explained),
        )

    def _is_confirmed(self, key: Key) -> bool:
        asked = self.provided.get(key, ())
        return bool(asked) and all((one.provider, one.kind) in self.confirmed for one in asked)

    def figures_of(self, unit: str, code: str, variable: str | None) -> tuple[Key, ...]:
        """The figure that is meant; all of the row where none is named, or none of this name is
        asked for (a bare ratio, a figure of another row that the doubt compares it with)."""
        level = self.context.program.unit[unit].level
        framework = self.context.frameworks.get(level or "")
        row = framework.by_code.get(code) if framework else None
        if row is None:
            return ()
        names = (variable,) if variable in row.needed else row.needed
        return tuple((unit, code, name) for name in names if name)


def known(session: Session, context: RoundContext) -> Known:
    """Read a round; the number of queries does not grow with the units."""
    versions: dict[Key, list[FigureRecord]] = defaultdict(list)
    for record in session.exec(
        select(FigureRecord)
        .where(FigureRecord.round_id == context.id)
        .order_by(col(FigureRecord.version), col(FigureRecord.id))
    ):
        versions[record.unit, record.criterion, record.variable].append(record)
    private = session.exec(
        select(InformationRecord)
        .where(
            InformationRecord.round_id == context.id,
            InformationRecord.private == True,  # noqa: E712 - SQL
        )
        .order_by(col(InformationRecord.id))
    ).all()
    return Known(
        context=context,
        asked=_asked(context),
        versions=versions,
        findings=findings(session, context.id),
        flags=[flag for flag in all_flags(session, context.id) if flag.status != WITHDRAWN],
        standings=standings(session, context.id),
        submissions=session.exec(
            select(SubmissionRecord)
            .where(SubmissionRecord.round_id == context.id)
            .order_by(col(SubmissionRecord.id))
        ).all(),
        remarks=remarks(session, context.id),
        aside=quarantined(session, context.id),
        checks=tuple(_checks(context)),
        confirmed=frozenset(confirmed(session, context.id)),
        hide=masks(private),
    )


def _asked(context: RoundContext) -> dict[str, tuple[Asked, ...]]:
    """Provider → what it is asked for."""
    return {
        request.provider: tuple(
            Asked(
                item.key,
                request.provider,
                kind,
                (item.unit, item.criterion, f"{item.variable}{PART}{request.provider}")
                if item.part
                else item.key,
            )
            for kind, items in (("own", request.own), ("about_units", request.about_units))
            for item in items
        )
        for request in plan(context).requests
    }


def _checks(context: RoundContext) -> Iterator[Check]:
    """Validation keeps what became of its checks beside the records, a file a level."""
    for level in context.frameworks:
        path = round_folder(context.id) / CHECKS.format(level=level)
        if path.is_file():
            for rule in json.loads(path.read_bytes())["rules"]:
                yield Check(level, rule["name"], rule["status"], rule["reason"] or "")
