"""What was asked, what has arrived, who is late: by the records, on a given day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlmodel import Session, col, select

from dti_core.intake.evidence import EvidenceFile, files_named
from dti_core.program.calendar import local_day
from dti_core.records import audit
from dti_core.records.extensions import deadlines
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.tables import (
    EvidenceLinkRecord,
    FigureRecord,
    FindingRecord,
    QuarantineRecord,
    RemarkRecord,
    RequestRecord,
    SubmissionRecord,
)


@dataclass(frozen=True)
class Asked:
    """A request as it went out."""

    provider: str
    kind: str
    due: date
    items: int
    workbook: str
    sha256: str


@dataclass(frozen=True)
class Standing:
    """How one request stands on a day.

    due          its deadline as it is now: the round's day moved by its policy, or an extension
    received_on  the day of its first version, in Viet Nam; None where nothing has come
    items        how many figures it asks for
    """

    provider: str
    kind: str
    due: date
    received_on: date | None
    items: int = 0

    def late(self, day: date) -> bool:
        """Not received, and the deadline has passed."""
        return self.received_on is None and day > self.due

    @property
    def came_late(self) -> bool:
        return self.received_on is not None and self.received_on > self.due


@dataclass(frozen=True)
class Remark:
    """What a sender has to be told beside its figures; `kind` as `RemarkRecord` says."""

    kind: Literal["question", "notice", "evidence"]
    text: str
    sheet: str | None = None
    cell: str | None = None


def source_of(provider: str, kind: str) -> str:
    """The name under which all versions of one provider's workbook are filed."""
    return f"{provider}:{kind}"


def record_requests(session: Session, round_id: str, asked: Iterable[Asked], actor: str) -> int:
    """Record what was asked; returns how many requests are new or have another workbook."""
    actor = need(session, round_id, Right.OPERATE, actor)
    before = {
        (record.provider, record.kind): record
        for record in session.exec(select(RequestRecord).where(RequestRecord.round_id == round_id))
    }
    changed = 0
    for one in asked:
        record = before.get((one.provider, one.kind))
        new = RequestRecord(
            round_id=round_id,
            provider=one.provider,
            kind=one.kind,
            due=one.due.isoformat(),
            items=one.items,
            workbook=one.workbook,
            sha256=one.sha256,
        )
        if record is None:
            record = new
        elif record.model_dump(exclude={"id"}) == new.model_dump(exclude={"id"}):
            continue
        for name, value in new.model_dump(exclude={"id"}).items():
            setattr(record, name, value)
        session.add(record)
        changed += 1
    if changed:
        audit.append(session, round_id, "requests_made", round_id, {"changed": changed}, actor)
    return changed


def standings(session: Session, round_id: str) -> list[Standing]:
    """Every request of the round with its deadline and the day on which it was first answered."""
    due = deadlines(session, round_id)
    first: dict[str, date] = {}
    for record in session.exec(
        select(SubmissionRecord)
        .where(SubmissionRecord.round_id == round_id)
        .order_by(col(SubmissionRecord.version))
    ):
        first.setdefault(record.source, local_day(record.received_at))
    requests = session.exec(
        select(RequestRecord)
        .where(RequestRecord.round_id == round_id)
        .order_by(col(RequestRecord.id))
    )
    return [
        Standing(
            record.provider,
            record.kind,
            due[record.provider, record.kind],
            first.get(source_of(record.provider, record.kind)),
            record.items,
        )
        for record in requests
    ]


def set_aside(
    session: Session, round_id: str, name: str, sha256: str, reason: str, actor: str
) -> bool:
    """Record a file that could not be taken; the same file again is the same record (False)."""
    actor = need(session, round_id, Right.FILE, actor)
    one_writer(session, round_id)
    known = session.exec(
        select(QuarantineRecord).where(
            QuarantineRecord.round_id == round_id,
            QuarantineRecord.name == name,
            QuarantineRecord.sha256 == sha256,
        )
    ).first()
    if known:
        return False
    session.add(
        QuarantineRecord(round_id=round_id, name=name, sha256=sha256, reason=reason, at=audit.now())
    )
    detail = {"sha256": sha256, "reason": reason}
    audit.append(session, round_id, "file_set_aside", name, detail, actor)
    return True


def quarantined(session: Session, round_id: str) -> list[QuarantineRecord]:
    """The files that lie aside; not those that were taken later, after somebody allowed it."""
    taken = select(SubmissionRecord.sha256).where(SubmissionRecord.round_id == round_id)
    aside = select(QuarantineRecord).where(QuarantineRecord.round_id == round_id)
    known = set(session.exec(taken))
    return [
        each
        for each in session.exec(aside.order_by(col(QuarantineRecord.id)))
        if each.sha256 not in known
    ]


def is_known(session: Session, round_id: str, source: str, sha256: str) -> bool:
    """Whether this very file has been taken before, as whichever version."""
    found = select(SubmissionRecord.id).where(
        SubmissionRecord.round_id == round_id,
        SubmissionRecord.source == source,
        SubmissionRecord.sha256 == sha256,
    )
    return session.exec(found).first() is not None


def figure_files(session: Session, round_id: str) -> frozenset[str]:
    """SHA-256 of every file whose figures have been taken: it does not have to be read again."""
    found = select(SubmissionRecord.sha256, SubmissionRecord.source).where(
        SubmissionRecord.round_id == round_id
    )
    kinds = ("own", "about_units")
    return frozenset(
        sha256 for sha256, source in session.exec(found) if source.rpartition(":")[2] in kinds
    )


def write_remarks(
    session: Session, submission: SubmissionRecord, told: Sequence[Remark], actor: str
) -> None:
    """Record what the sender of a new version has to be told, in this order."""
    actor = need(session, submission.round_id, Right.OPERATE, actor)
    assert submission.id is not None
    for place, one in enumerate(told):
        session.add(
            RemarkRecord(
                round_id=submission.round_id,
                submission_id=submission.id,
                place=place,
                kind=one.kind,
                text=one.text,
                sheet=one.sheet,
                cell=one.cell,
            )
        )
    if told:
        detail: dict[str, list[str]] = {"questions": [], "notices": [], "evidence": []}
        lists = {"question": "questions", "notice": "notices", "evidence": "evidence"}
        for one in told:
            detail[lists[one.kind]].append(one.text)
        audit.append(session, submission.round_id, "remarks_made", submission.source, detail, actor)


def remarks(session: Session, round_id: str) -> dict[int, list[RemarkRecord]]:
    """Submission's number → what its sender has to be told."""
    found: dict[int, list[RemarkRecord]] = {}
    for record in session.exec(
        select(RemarkRecord)
        .where(RemarkRecord.round_id == round_id)
        .order_by(col(RemarkRecord.submission_id), col(RemarkRecord.place))
    ):
        found.setdefault(record.submission_id, []).append(record)
    return found


def link_answers(
    session: Session,
    submission: SubmissionRecord,
    named: Mapping[tuple[str, str, str], str],
    files: Sequence[EvidenceFile],
) -> None:
    """Link evidence that came with an explanation to the figures that its reasons name it for.

    What other files have been linked to stays: an explanation adds to a workbook, and to earlier
    explanations.

    named  (unit, criterion, variable) → the reason that the unit gives
    """
    need(session, submission.round_id, Right.OPERATE)
    assert submission.id is not None
    known = {
        (record.unit, record.criterion, record.variable, record.sha256)
        for record in session.exec(
            select(EvidenceLinkRecord).where(EvidenceLinkRecord.round_id == submission.round_id)
        )
    }
    for (unit, criterion, variable), words in named.items():
        for file in files_named(words, files):
            if (unit, criterion, variable, file.sha256) not in known:
                session.add(
                    EvidenceLinkRecord(
                        round_id=submission.round_id,
                        submission_id=submission.id,
                        unit=unit,
                        criterion=criterion,
                        variable=variable,
                        words=words,
                        sha256=file.sha256,
                    )
                )


def outdate_findings(session: Session, submission: SubmissionRecord, actor: str) -> int:
    """Drop the findings about rows that a new version changed: they are about another figure.

    Until the next validation nothing is known against the new ones. Returns how many there were.
    """
    actor = need(session, submission.round_id, Right.OPERATE, actor)
    session.flush()
    rows = set(
        session.exec(
            select(FigureRecord.unit, FigureRecord.criterion).where(
                FigureRecord.submission_id == submission.id
            )
        )
    )
    gone = [
        record
        for record in session.exec(
            select(FindingRecord).where(
                FindingRecord.round_id == submission.round_id,
                col(FindingRecord.unit).in_({unit for unit, _ in rows}),
            )
        )
        if (record.unit, record.criterion) in rows
    ]
    for record in gone:
        session.delete(record)
    if gone:
        audit.append(
            session,
            submission.round_id,
            "findings_outdated",
            submission.source,
            {"count": len(gone)},
            actor,
        )
    return len(gone)
