"""What was asked, what has arrived, who is late: by the records, on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from dti_core.program.calendar import local_day
from dti_core.records import audit
from dti_core.records.extensions import deadlines
from dti_core.records.tables import QuarantineRecord, RequestRecord, SubmissionRecord


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


def source_of(provider: str, kind: str) -> str:
    """The name under which all versions of one provider's workbook are filed."""
    return f"{provider}:{kind}"


def record_requests(session: Session, round_id: str, asked: Iterable[Asked], actor: str) -> int:
    """Record what was asked; returns how many requests are new or have another workbook."""
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
    return list(
        session.exec(
            select(QuarantineRecord)
            .where(QuarantineRecord.round_id == round_id)
            .order_by(col(QuarantineRecord.id))
        )
    )
