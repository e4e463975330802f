"""Petitions: what units object to in the provisional result, and the decision on each.

The provisional result is sent on a day (`announce`); from then on units may object until the
petition deadline. Every petition is decided with a reason before anything is published.

open        lodged, nobody has decided
upheld      decided for the unit, with points where a row is awarded anew
dismissed   decided against it
withdrawn   by the unit, before it was decided
"""

from datetime import date
from fractions import Fraction
from pathlib import PurePosixPath

from sqlmodel import Session, col, select

from dti_core.clock import today
from dti_core.intake.evidence import EvidenceFile
from dti_core.program.load import RoundContext
from dti_core.rational import exact_text
from dti_core.records import audit
from dti_core.records.files import holds, round_folder, write_whole
from dti_core.records.one_writer import one_writer
from dti_core.records.petition_period import (
    announce,
    announced_on,
    deadline_of,
    is_over,
    takes_petitions,
)
from dti_core.records.petition_points import (
    PetitionRefused,
    award,
    check_points,
    refuse_exempted,
    scored_row,
)
from dti_core.records.rights import Right, need
from dti_core.records.tables import PetitionRecord

__all__ = [
    "DISMISSED",
    "OPEN",
    "STATUS_TEXT",
    "UPHELD",
    "WITHDRAWN",
    "PetitionRefused",
    "altered",
    "announce",
    "announced_on",
    "deadline_of",
    "decide",
    "is_over",
    "lodge",
    "petitions",
    "takes_petitions",
    "undecided",
    "withdraw",
]

OPEN, UPHELD, DISMISSED, WITHDRAWN = "open", "upheld", "dismissed", "withdrawn"

STATUS_TEXT = {
    OPEN: "chờ quyết định",
    UPHELD: "chấp nhận",
    DISMISSED: "không chấp nhận",
    WITHDRAWN: "đơn vị đã rút",
}

FOLDER = "kien-nghi"
"""Where the papers of petitions lie under the round's folder, each once by its content."""


def lodge(
    session: Session,
    context: RoundContext,
    unit: str,
    text: str,
    received_on: date,
    criterion: str | None = None,
    document: EvidenceFile | None = None,
    *,
    actor: str,
) -> PetitionRecord:
    """Take a unit's objection in under the next number; the very same one again is that one.

    document  the paper that it came by; kept whole, once by its content

    Raises PetitionRefused before the provisional results were sent, after the deadline, without
    words, and for an unknown unit or row.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    _check_day(session, context, unit, received_on)
    if not text.strip():
        raise PetitionRefused("Kiến nghị phải có nội dung: --text NỘI_DUNG.")
    if criterion is not None:
        scored_row(context, unit, criterion)
    every = petitions(session, context.id)
    said = (unit, criterion, text.strip(), received_on.isoformat())
    for record in every:
        if (record.unit, record.criterion, record.text, record.received_on) == said:
            _keep(session, record, document, actor)
            return record
    record = PetitionRecord(
        round_id=context.id,
        number=max((each.number for each in every), default=0) + 1,
        unit=unit,
        criterion=criterion,
        text=text.strip(),
        received_on=received_on.isoformat(),
        status=OPEN,
        actor=actor,
        at=audit.now(),
    )
    session.add(record)
    session.flush()
    detail = {"unit": unit, "criterion": criterion, "text": record.text, "on": record.received_on}
    audit.append(session, context.id, "petition_lodged", str(record.number), detail, actor)
    _keep(session, record, document, actor)
    return record


def decide(
    session: Session,
    context: RoundContext,
    number: int,
    upheld: bool,
    reason: str,
    points: Fraction | None = None,
    *,
    actor: str,
) -> bool:
    """Decide a petition, or decide it anew; returns whether that says something new.

    points  what the row is awarded, 0 … maximum: becomes the official points, with the reason

    Raises PetitionRefused without a reason, for points that cannot be, for a withdrawn petition.
    """
    actor = need(session, context.id, Right.DECIDE, actor)
    one_writer(session, context.id)
    record = _found(session, context, number)
    if record.status == WITHDRAWN:
        raise PetitionRefused(f"Kiến nghị số {number} đã được đơn vị rút; không còn gì quyết định.")
    if not reason.strip():
        raise PetitionRefused(
            f"Kiến nghị số {number}: chấp nhận hay không đều phải ghi lý do: --reason LÝ_DO."
        )
    if points is not None:
        check_points(context, record, upheld, points)
        if record.criterion is not None:
            refuse_exempted(session, context, record.unit, record.criterion)
    status, shown = UPHELD if upheld else DISMISSED, None if points is None else exact_text(points)
    if (record.status, record.reason, record.points) == (status, reason.strip(), shown):
        return False
    before = {"status": record.status, "points": record.points, "reason": record.reason}
    record.status, record.reason, record.points = status, reason.strip(), shown
    record.decided_by, record.decided_at = actor, audit.now()
    session.add(record)
    session.flush()
    award(session, record, petitions(session, context.id), actor)
    detail = {"status": status, "points": shown, "reason": record.reason, "before": before}
    audit.append(session, context.id, "petition_decided", str(number), detail, actor)
    return True


def withdraw(
    session: Session, context: RoundContext, number: int, reason: str, *, actor: str
) -> bool:
    """The unit takes its petition back; returns whether that is new.

    Raises PetitionRefused without a reason, and where it has been decided.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    record = _found(session, context, number)
    if record.status == WITHDRAWN:
        return False
    if record.status != OPEN:
        raise PetitionRefused(
            f"Kiến nghị số {number} đã có quyết định ({STATUS_TEXT[record.status]}) nên không rút"
            f" được nữa. Cần quyết định lại: dti petition {context.id} --decide {number} …"
        )
    if not reason.strip():
        raise PetitionRefused(f"Rút kiến nghị số {number} phải ghi lý do: --reason LÝ_DO.")
    record.status, record.reason = WITHDRAWN, reason.strip()
    record.decided_by, record.decided_at = actor, audit.now()
    session.add(record)
    detail = {"reason": record.reason}
    audit.append(session, context.id, "petition_withdrawn", str(number), detail, actor)
    session.flush()
    return True


def petitions(session: Session, round_id: str) -> list[PetitionRecord]:
    """All petitions of a round, by number."""
    return list(
        session.exec(
            select(PetitionRecord)
            .where(PetitionRecord.round_id == round_id)
            .order_by(col(PetitionRecord.number))
        )
    )


def undecided(session: Session, round_id: str) -> list[PetitionRecord]:
    """Petitions that nobody has decided."""
    return [each for each in petitions(session, round_id) if each.status == OPEN]


def altered(session: Session, round_id: str) -> list[str]:
    """Kept papers, by path under the round's folder, that are gone or no longer as received."""
    found = []
    for record in petitions(session, round_id):
        if record.document is None:
            continue
        if not holds(round_folder(round_id) / record.document, record.sha256):
            found.append(record.document)
    return found


def _check_day(session: Session, context: RoundContext, unit: str, received_on: date) -> None:
    if unit not in {each.id for each in context.units}:
        known = ", ".join(each.id for each in context.units)
        raise PetitionRefused(f"Đợt {context.id} không đánh giá đơn vị {unit!r}. Có: {known}.")
    if not takes_petitions(context):
        raise PetitionRefused(
            f"Đợt {context.id} không nhận kiến nghị: chính sách petition_days là 0 hoặc chưa đặt,"
            " và đợt không nêu ngày cuối (petition_by) trong program.yaml."
        )
    sent = announced_on(session, context.id)
    if sent is None:
        raise PetitionRefused(
            f"Kết quả dự kiến của đợt {context.id} chưa được gửi cho các đơn vị, nên chưa nhận kiến"
            f" nghị. Gửi xong thì ghi ngày gửi: dti petition {context.id} --announced NGÀY"
        )
    if received_on < sent:
        raise PetitionRefused(
            f"Ngày nhận {received_on:%d/%m/%Y} trước ngày gửi kết quả dự kiến {sent:%d/%m/%Y}. Hãy"
            " xem lại ngày nhận: --received NGÀY."
        )
    deadline = deadline_of(session, context)
    if deadline is not None and received_on > deadline:
        raise PetitionRefused(
            f"Kiến nghị của {context.program.unit[unit].name} nhận ngày {received_on:%d/%m/%Y}, sau"
            f" hạn {deadline:%d/%m/%Y}: không nhận. Nếu văn bản đến trong hạn thì nhập đúng ngày"
            " đến: --received NGÀY."
        )
    if received_on > today():
        raise PetitionRefused(f"Ngày nhận {received_on:%d/%m/%Y} chưa đến. Hãy xem lại --received.")


def _keep(
    session: Session, record: PetitionRecord, document: EvidenceFile | None, actor: str
) -> None:
    """Store the paper of a petition whole; a second paper for the same petition is refused."""
    if document is None or record.sha256 == document.sha256:
        return
    if record.sha256 is not None:
        raise PetitionRefused(
            f"Kiến nghị số {record.number} đã có văn bản {record.document}. Văn bản khác là một"
            " kiến nghị khác: hãy nhập với nội dung của nó."
        )
    suffix = PurePosixPath(document.name).suffix.lower()
    stored = f"{FOLDER}/{document.sha256[:2]}/{document.sha256}{suffix}"
    write_whole(round_folder(record.round_id) / stored, document.content)
    record.document, record.sha256 = stored, document.sha256
    session.add(record)
    detail = {"name": document.name, "sha256": document.sha256, "size": len(document.content)}
    audit.append(session, record.round_id, "petition_paper_kept", str(record.number), detail, actor)


def _found(session: Session, context: RoundContext, number: int) -> PetitionRecord:
    for record in petitions(session, context.id):
        if record.number == number:
            return record
    raise PetitionRefused(
        f"Đợt {context.id} không có kiến nghị số {number}. Xem: dti petition {context.id} --list"
    )
