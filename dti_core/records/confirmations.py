"""The unit's head stands for a workbook: the signed paper, registered against its exact content.

2074/QĐ-UBND asks for the approving leader (I.2.2), 2554/QĐ-UBND, VI.1 for the report on paper and
electronically. A later version of the workbook is another content: it has to be confirmed again.
"""

from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.intake.evidence import checked
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.collecting import source_of
from dti_core.records.evidence import keep
from dti_core.records.rights import Right, need
from dti_core.records.tables import ConfirmationRecord, SubmissionRecord


class NothingToConfirm(Refused):
    """The newest version does not have the code that the paper names. The text says which one."""


def newest(session: Session, round_id: str) -> dict[str, SubmissionRecord]:
    """Source → the newest version of every file of a round."""
    found = session.exec(
        select(SubmissionRecord)
        .where(SubmissionRecord.round_id == round_id)
        .order_by(col(SubmissionRecord.version))
    )
    return {record.source: record for record in found}


def confirm(
    session: Session,
    context: RoundContext,
    provider: str,
    kind: str,
    code: str,
    document: str,
    signed_by: str,
    signed_on: date,
    actor: str,
    scan: Path | None = None,
) -> bool:
    """Register the signed paper over the newest version. Returns whether that is new.

    code      what the paper names: the first characters of the workbook's SHA-256
    document  number and date of the paper
    scan      the signed PDF, kept among the evidence

    Raises NothingToConfirm, UnusableEvidence.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    record = newest(session, context.id).get(source_of(provider, kind))
    name = context.program.unit[provider].name
    if record is None:
        raise NothingToConfirm(f"{name} chưa gửi tệp nào trong đợt {context.id} để xác nhận.")
    if len(code) < 8 or not record.sha256.startswith(code.strip().lower()):
        raise NothingToConfirm(
            f"Bản ký ghi mã {code!r}, nhưng tệp mới nhất của {name} có mã"
            f" {record.sha256[:12].upper()} (lần gửi thứ {record.version}). Bản ký phải ghi đúng mã"
            " trên phiếu tiếp nhận của lần gửi mới nhất."
        )
    digest = None
    if scan is not None:
        file = checked(scan.name, scan.read_bytes())
        keep(session, context.id, [file], actor)
        digest = file.sha256
    known = session.exec(
        select(ConfirmationRecord).where(
            ConfirmationRecord.round_id == context.id,
            ConfirmationRecord.provider == provider,
            ConfirmationRecord.kind == kind,
            ConfirmationRecord.submission_sha256 == record.sha256,
        )
    ).first()
    values: dict[str, Any] = {
        "document": document,
        "document_sha256": digest,
        "signed_by": signed_by,
        "signed_on": signed_on.isoformat(),
        "actor": actor,
    }
    if known and {key: getattr(known, key) for key in values} == values:
        return False
    if known:
        session.delete(known)
        session.flush()
    session.add(
        ConfirmationRecord(
            round_id=context.id,
            provider=provider,
            kind=kind,
            submission_sha256=record.sha256,
            at=audit.now(),
            **values,
        )
    )
    detail = {**values, "submission": record.sha256, "kind": kind}
    audit.append(session, context.id, "figures_confirmed", provider, detail, actor)
    return True


def confirmed(session: Session, round_id: str) -> dict[tuple[str, str], ConfirmationRecord]:
    """(provider, kind) → the confirmation of its newest version; none for an older version."""
    latest = newest(session, round_id)
    found = {}
    for record in session.exec(
        select(ConfirmationRecord).where(ConfirmationRecord.round_id == round_id)
    ):
        submission = latest.get(source_of(record.provider, record.kind))
        if submission is not None and submission.sha256 == record.submission_sha256:
            found[record.provider, record.kind] = record
    return found
