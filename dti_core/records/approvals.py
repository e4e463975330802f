"""People's go-ahead for a step, over the digest of what they approve; a later change voids it."""

from sqlmodel import Session, select

from dti_core.errors import Refused
from dti_core.records import audit
from dti_core.records.tables import ApprovalRecord

# step → what a person declares by approving it
STEPS = {
    "thu-thap": "đã khép việc thu thập số liệu",
    "giai-trinh": "đã khép việc giải trình",
    "tham-dinh": "đã khép việc thẩm định",
    "du-thao": "đồng ý dự thảo quyết định",
}


class UnknownStep(Refused):
    """There is no such step to approve."""


def approve(session: Session, round_id: str, step: str, role: str, digest: str) -> bool:
    """Record an approval over `digest`; returns whether it is new or over something else."""
    if step not in STEPS:
        raise UnknownStep(f"Không có bước {step!r}. Có: {', '.join(STEPS)}.")
    record = _find(session, round_id, step)
    if record is not None and record.digest == digest:
        return False
    if record is None:
        record = ApprovalRecord(round_id=round_id, step=step, role=role, digest=digest, at="")
    record.role, record.digest, record.at = role, digest, audit.now()
    session.add(record)
    detail = {"role": role, "digest": digest, "meaning": STEPS[step]}
    audit.append(session, round_id, "step_approved", step, detail, role)
    return True


def approved(session: Session, round_id: str, step: str, digest: str) -> bool:
    """Whether the step is approved over exactly this content."""
    record = _find(session, round_id, step)
    return record is not None and record.digest == digest


def approval(session: Session, round_id: str, step: str) -> ApprovalRecord | None:
    return _find(session, round_id, step)


def _find(session: Session, round_id: str, step: str) -> ApprovalRecord | None:
    return session.exec(
        select(ApprovalRecord).where(
            ApprovalRecord.round_id == round_id, ApprovalRecord.step == step
        )
    ).first()
