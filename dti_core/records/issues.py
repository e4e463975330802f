"""Issue: number and day of the signed decision, and of what corrects it (đính chính) afterwards."""

import hashlib
import json
from datetime import date
from pathlib import PurePosixPath

from sqlmodel import Session

from dti_core.clock import today
from dti_core.errors import Refused
from dti_core.intake.evidence import EvidenceFile
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.digests import DRAFT_DECISION, digest_of
from dti_core.records.files import round_folder, write_whole
from dti_core.records.gates import require_issuable
from dti_core.records.issued import (
    CORRECTION,
    DECISION,
    FOLDER,
    SNAPSHOT,
    STARTED,
    Difference,
    correction_reason,
    differences,
    issues,
    snapshot,
    snapshot_path,
)
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.rounds import DRAFT, documents, record_documents
from dti_core.records.tables import IssueRecord

SIGNED = "signed_paper"
"""The kind of document that a signed and issued paper is."""


class NotIssued(Refused):
    """An issue that cannot be recorded as wished. The text says why and what to do."""


def issue(
    session: Session,
    context: RoundContext,
    number: str,
    issued_on: date,
    *,
    actor: str,
    signed: EvidenceFile | None = None,
    correction: bool = False,
    day: date | None = None,
) -> bool:
    """Record that the decision, or a correction of it, was signed and issued under a number.

    The very same again changes nothing; a signed file may still be handed in later. Returns
    whether anything is new. What was published is kept as a snapshot.

    signed  the signed paper, kept whole
    day     the day that it is: today

    Raises NotIssued for another number or day of what is issued already, for a correction that
    nobody started, for a day that is still to come; NotIssuable with all that is missing.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    kind, number = (CORRECTION if correction else DECISION), number.strip()
    if not number:
        raise NotIssued("Phải nêu số văn bản: --issued SỐ NGÀY.")
    if issued_on > (day or today()):
        raise NotIssued(f"Ngày ban hành {issued_on:%d/%m/%Y} chưa đến. Hãy xem lại --issued.")
    before = issues(session, context.id)
    for place, record in enumerate(before, 1):
        if (record.kind, record.number) == (kind, number):
            return _again(session, record, place, issued_on, signed, actor)
    _check_order(session, context, before, kind)
    require_issuable(session, context, day)
    place = len(before) + 1
    draft = next(d for d in documents(session, context.id) if d.kind == DRAFT_DECISION)
    record = IssueRecord(
        round_id=context.id,
        kind=kind,
        number=number,
        issued_on=issued_on.isoformat(),
        digest=digest_of(session, context.id, DRAFT),
        document=draft.path,
        content=draft.sha256,
        reason=correction_reason(session, context.id),
        actor=actor,
        at=audit.now(),
    )
    session.add(record)
    session.flush()
    _keep_snapshot(session, context, record, place, actor)
    detail = {
        "kind": kind,
        "issued_on": record.issued_on,
        "digest": record.digest,
        "draft": draft.sha256,
        "reason": record.reason,
    }
    audit.append(session, context.id, "result_issued", number, detail, actor)
    if signed is not None:
        _keep_signed(session, record, place, signed, actor)
    return True


def start_correction(
    session: Session, context: RoundContext, reason: str, *, actor: str
) -> list[Difference]:
    """Start to correct what was issued; returns what the present result says otherwise.

    From here the approvals are needed anew over what changed. A correction that is under way goes
    on; another reason for it is recorded beside the first.

    Raises NotIssued without a reason, where nothing was issued, and where nothing differs.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    if not reason.strip():
        raise NotIssued("Đính chính phải có lý do: --reason LÝ_DO.")
    if not issues(session, context.id):
        raise NotIssued(
            f"Đợt {context.id} chưa ban hành quyết định nên không có gì để đính chính; cứ sửa rồi"
            f" viết lại dự thảo: dti publish {context.id}"
        )
    changes = differences(session, context)
    if not changes:
        raise NotIssued(
            "Kết quả hiện nay không khác kết quả đã ban hành. Sửa điểm trước (dti appraise, dti"
            f" petition --decide), xếp hạng lại (dti rank {context.id}), rồi mới đính chính."
        )
    if correction_reason(session, context.id) != reason.strip():
        detail = {"reason": reason.strip(), "differences": [vars(each) for each in changes]}
        audit.append(session, context.id, STARTED, context.id, detail, actor)
    return changes


def _again(
    session: Session,
    record: IssueRecord,
    place: int,
    issued_on: date,
    signed: EvidenceFile | None,
    actor: str,
) -> bool:
    """The same number told again: only a signed file that was not there yet is new."""
    if record.issued_on != issued_on.isoformat():
        known = date.fromisoformat(record.issued_on)
        raise NotIssued(
            f"Văn bản số {record.number} đã ghi ban hành ngày {known:%d/%m/%Y}, không phải"
            f" {issued_on:%d/%m/%Y}. Hãy xem lại ngày."
        )
    if signed is None or record.content == signed.sha256:
        return False
    if record.document.startswith(FOLDER):
        raise NotIssued(
            f"Văn bản số {record.number} đã có bản ký ({record.document}); không thay bằng tệp"
            " khác. Văn bản có sai sót thì đính chính: dti publish"
            f" {record.round_id} --correct --reason LÝ_DO"
        )
    _keep_signed(session, record, place, signed, actor)
    return True


def _check_order(
    session: Session, context: RoundContext, before: list[IssueRecord], kind: str
) -> None:
    decided = next((each for each in before if each.kind == DECISION), None)
    if kind == DECISION and decided is not None:
        raise NotIssued(
            f"Đợt {context.id} đã ban hành theo văn bản số {decided.number} ngày"
            f" {date.fromisoformat(decided.issued_on):%d/%m/%Y}; không ghi số khác. Cần sửa kết quả"
            f" đã ban hành: dti publish {context.id} --correct --reason LÝ_DO, rồi --issued SỐ NGÀY"
            " --correction."
        )
    if kind == CORRECTION and decided is None:
        raise NotIssued(f"Đợt {context.id} chưa ban hành quyết định nên chưa có gì để đính chính.")
    if kind == CORRECTION and correction_reason(session, context.id) is None:
        raise NotIssued(
            f"Chưa bắt đầu đính chính: dti publish {context.id} --correct --reason LÝ_DO"
        )
    if kind == CORRECTION and not differences(session, context):
        raise NotIssued("Kết quả hiện nay không khác kết quả đã ban hành; không có gì đính chính.")


def _keep_snapshot(
    session: Session, context: RoundContext, record: IssueRecord, place: int, actor: str
) -> None:
    content = {"number": record.number, "issued_on": record.issued_on}
    text = json.dumps(content | snapshot(session, context), ensure_ascii=False, indent=1)
    _keep(session, context.id, SNAPSHOT, snapshot_path(record.kind, place), text.encode(), actor)


def _keep_signed(
    session: Session, record: IssueRecord, place: int, signed: EvidenceFile, actor: str
) -> None:
    suffix = PurePosixPath(signed.name).suffix.lower()
    path = snapshot_path(record.kind, place).removesuffix(".json") + suffix
    _keep(session, record.round_id, SIGNED, path, signed.content, actor)
    record.document, record.content = path, signed.sha256
    session.add(record)
    detail = {"name": signed.name, "sha256": signed.sha256, "kind": record.kind}
    audit.append(session, record.round_id, "signed_paper_kept", record.number, detail, actor)


def _keep(
    session: Session, round_id: str, kind: str, path: str, content: bytes, actor: str
) -> None:
    write_whole(round_folder(round_id) / path, content)
    made = {path: (kind, hashlib.sha256(content).hexdigest())}
    record_documents(session, round_id, made, actor)
