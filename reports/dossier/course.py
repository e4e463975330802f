"""The course of a round for one unit: asked, sent, reminded, decided, approved, issued."""

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction

from dti_core.clock import CIVIL_TIME
from dti_core.program.calendar import local_day
from dti_core.rational import vietnamese
from dti_core.records.approvals import STEPS
from dti_core.records.collecting import source_of
from dti_core.records.dossier import Collected
from dti_core.records.issued import DECISION
from dti_core.records.petitions import STATUS_TEXT
from dti_core.records.tables import AuditRecord, SubmissionRecord
from reports.dossier.data import (
    NotificationText,
    PetitionText,
    RequestText,
    StepText,
    SubmissionText,
)
from reports.dossier.enclosed import Enclosed
from reports.letters.result_tables import PLACES

KINDS = {"own": "số liệu về chính đơn vị", "about_units": "số liệu về các đơn vị khác"}
SOURCES = {
    "own": "biểu số liệu của đơn vị",
    "about_units": "biểu số liệu về các đơn vị",
    "explanation": "biểu giải trình",
    "sub_round": "kết quả đợt thành phần",
}
SENDING = {
    "pending": "chờ gửi",
    "sent": "đã gửi",
    "failed": "gửi chưa được",
    "dropped": "không gửi nữa",
    "given_up": "thôi gửi sau nhiều lần",
}
APPROVAL = {
    "missing": "chưa xác nhận",
    "valid": "còn hiệu lực",
    "void": "không còn hiệu lực",
}


def day(text: str | None) -> str:
    """A recorded date as people write it: "2024-01-31" → "31/01/2024"."""
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""


def moment(text: str | None) -> str:
    """A recorded moment in Viet Nam's time: "07:05 ngày 31/01/2024"."""
    if not text:
        return ""
    return f"{datetime.fromisoformat(text).astimezone(CIVIL_TIME):%H:%M ngày %d/%m/%Y}"


def source_text(source: str) -> str:
    """What a file is, in words."""
    kind = source.rpartition(":")[2]
    return SOURCES.get(kind, kind)


def requests(found: Collected) -> Iterator[RequestText]:
    """What the unit was asked for; a later deadline counts."""
    stands = {each.kind: each for each in found.standings}
    for record in found.requests:
        stand = stands[record.kind]
        late = ""
        if stand.received_on is None:
            late = "chưa nhận được"
        elif stand.came_late:
            late = f"muộn {(stand.received_on - stand.due).days} ngày"
        yield RequestText(
            kind=KINDS.get(record.kind, record.kind),
            asked_until=day(record.due),
            due=f"{stand.due:%d/%m/%Y}",
            items=record.items,
            received_on=f"{stand.received_on:%d/%m/%Y}" if stand.received_on else "",
            late=late or "đúng hạn",
            sha256=record.sha256,
        )


def submissions(
    found: Collected, files: Enclosed, received: dict[tuple[str, int], AuditRecord]
) -> Iterator[SubmissionText]:
    """Every file that the unit sent or that a figure of it was read from, by source and version."""
    newest: dict[str, int] = {}
    for record in found.submissions.values():
        newest[record.source] = max(record.version, newest.get(record.source, 0))
    due = {source_of(each.provider, each.kind): each.due for each in found.standings}
    for number, record in sorted(
        found.submissions.items(), key=lambda each: (each[1].source, each[1].version)
    ):
        taken = received.get((record.source, record.version))
        file = files.submissions[number]
        yield SubmissionText(
            source=source_text(record.source),
            sender=_sender(found, record),
            version=record.version,
            newest=record.version == newest[record.source],
            received_at=record.received_at,
            received_by=taken.actor if taken else "",
            sha256=record.sha256,
            path=file.path,
            why=file.why,
            late=max(0, (local_day(record.received_at) - due[record.source]).days)
            if record.source in due
            else 0,
            told=[each.text for each in found.remarks.get(number, ())],
        )


def steps(found: Collected) -> Iterator[StepText]:
    """Decisions about the unit's part, then the steps of the round that people closed."""
    for longer in found.extensions:
        yield StepText(
            what=f"Gia hạn {KINDS.get(longer.kind, longer.kind)} đến {day(longer.due)}",
            state=longer.document or "",
            by=longer.actor,
            at=longer.at,
            sha256="",
            note=longer.reason,
        )
    for head in found.confirmations:
        yield StepText(
            what=f"Thủ trưởng xác nhận {KINDS.get(head.kind, head.kind)}",
            state=f"{head.document}, ký ngày {day(head.signed_on)}",
            by=head.signed_by,
            at=head.at,
            sha256=head.submission_sha256,
            note=f"ghi nhận: {head.actor}",
        )
    for place in found.participation:
        yield StepText(
            what=PLACES[place.place],  # type: ignore[index]
            state=place.basis,
            by=place.actor,
            at=place.at,
            sha256="",
            note=place.reason,
        )
    for sitting in found.sittings:
        yield StepText(
            what=f"Hội đồng họp ngày {day(sitting.held_on)}",
            state=f"{len(sitting.present)} thành viên dự, chủ trì: {sitting.chaired_by}",
            by=sitting.actor,
            at=sitting.at,
            sha256="",
            note=sitting.place,
        )
    for each in found.approvals:
        approved = next(
            (
                event.detail["digest"]
                for event in reversed(found.events)
                if event.action == "step_approved" and event.subject == each.step
            ),
            "",
        )
        yield StepText(
            what=f"Bước {each.step}: {STEPS[each.step]}",
            state=APPROVAL[each.state],
            by=each.role or "",
            at=each.at or "",
            sha256=approved if each.state != "missing" else "",
            note=f"có thay đổi sau khi xác nhận: {'; '.join(_round_wide(each.changed))}"
            if each.changed
            else "",
        )
    for issue in found.issues:
        what = "Quyết định công bố" if issue.kind == DECISION else "Quyết định đính chính"
        yield StepText(
            what=f"{what} số {issue.number} ngày {day(issue.issued_on)}",
            state="đã ban hành",
            by=issue.actor,
            at=issue.at,
            sha256=issue.content,
            note=issue.reason or "",
        )


def petitions(found: Collected, files: Enclosed) -> Iterator[PetitionText]:
    """What the unit objected to."""
    for each in found.petitions:
        paper = files.petitions.get(each.number)
        yield PetitionText(
            number=each.number,
            criterion=each.criterion or "",
            text=each.text,
            received_on=day(each.received_on),
            status=STATUS_TEXT[each.status],
            points=_exact_words(each.points),
            reason=each.reason or "",
            decided_by=each.decided_by or "",
            decided_at=each.decided_at or "",
            path=paper.path if paper else "",
        )


def notifications(found: Collected) -> Iterator[NotificationText]:
    """What was sent to the unit: requests, reminders, receipts, results."""
    for each in found.notifications:
        yield NotificationText(
            key=each.key,
            title=each.title,
            body=each.body,
            status=SENDING.get(each.status, each.status),
            sent_at=each.sent_at or "",
            channel=each.channel or "",
            error=each.error or "",
        )


def _sender(found: Collected, record: SubmissionRecord) -> str:
    unit = found.context.program.unit.get(record.unit)
    return unit.name if unit else record.unit


def _round_wide(changed: tuple[str, ...]) -> Iterator[str]:
    """What changed, without the units: which of the others changed is not told."""
    for each in changed:
        yield each.partition(" (")[0]


def _exact_words(points: str | None) -> str:
    return "" if points is None else vietnamese(Fraction(points), 4)
