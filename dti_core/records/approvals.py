"""People's go-ahead for a step, over the digest of what they approve; a later change voids it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.program.needed import QUESTIONS
from dti_core.records import audit
from dti_core.records.digests import Content, content_of, whole
from dti_core.records.petition_period import takes_petitions
from dti_core.records.rights import Right, need
from dti_core.records.tables import ApprovalRecord, AuditRecord

# step → what a person declares by approving it, in the order of the round
STEPS = {
    "thu-thap": "đã khép việc thu thập số liệu",
    "giai-trinh": "đã khép việc giải trình",
    "tham-dinh": "đã khép việc thẩm định",
    "kien-nghi": "đã hết thời gian kiến nghị, mọi kiến nghị đã có quyết định",
    "du-thao": "đồng ý dự thảo quyết định",
}
PETITIONS = "kien-nghi"
BEFORE_POINTS = ("thu-thap", "giai-trinh")

_PARTS = {
    "files": "tệp số liệu",
    "flags": "nghi vấn và giải trình",
    "awards": "điểm chính thức hoặc lý do",
    "opinions": "điểm của người thẩm định",
    "exemptions": "mục miễn đánh giá",
    "petitions": "kiến nghị",
    "sent": "ngày gửi kết quả dự kiến",
    "ranks": "xếp hạng, xếp loại",
    "participation": "việc tham gia xếp hạng",
    "policies": "chính sách",
    "draft": "dự thảo quyết định",
}
_NOT_HIS = "chính sách approvers: vai trò này không được xác nhận bước này"
_NAMED = 3
"""How many changed items of a part are named; more than that are counted."""


class UnknownStep(Refused):
    """There is no such step to approve."""


@dataclass(frozen=True)
class ApprovalState:
    """How the approval of a step stands.

    state    void: something changed after it was given
    role, at who gave it and when (UTC); None while nobody has
    changed  what changed since, in words; empty where nothing did
    """

    step: str
    state: Literal["missing", "valid", "void"]
    role: str | None = None
    at: str | None = None
    changed: tuple[str, ...] = ()


def steps_of(context: RoundContext) -> tuple[str, ...]:
    """The steps of a round in their order; without petitions where units may not object, and up to
    the explanations where nobody is ranked."""
    if context.round.own_index:
        return BEFORE_POINTS
    return tuple(step for step in STEPS if step != PETITIONS or takes_petitions(context))


def allowed_roles(context: RoundContext, step: str) -> tuple[str, ...] | None:
    """Who may approve a step by the policy on approvers; None where it may be anybody."""
    policy = context.program.policies.approvers
    return policy.value.get(step) if policy else None


def may_approve(context: RoundContext, step: str, role: str) -> bool:
    """Whether a role may approve a step; small and capital letters are the same."""
    roles = allowed_roles(context, step)
    return roles is None or role.strip().casefold() in {each.casefold() for each in roles}


def approve(
    session: Session, round_id: str, step: str, role: str, digest: str, *, anew: bool = False
) -> bool:
    """Record an approval over `digest`; returns whether it is new or over something else.

    anew  record it although the step is approved over the very same: by somebody who may not

    Only records: who may approve, and when, is asked by `sign_off.sign`.
    """
    known(step)
    actor = need(session, round_id, Right.APPROVE, role)
    record = approval(session, round_id, step)
    if record is not None and record.digest == digest and not anew:
        return False
    if record is None:
        record = ApprovalRecord(round_id=round_id, step=step, role=role, digest=digest, at="")
    record.role, record.digest, record.at = role, digest, audit.now()
    session.add(record)
    content = content_of(session, round_id, step)
    detail: dict[str, Any] = {"role": role, "digest": digest, "meaning": STEPS[step]}
    if whole(content) == digest:
        detail["content"] = content  # what changes later is told by it
    audit.append(session, round_id, "step_approved", step, detail, actor)
    return True


def approved(session: Session, round_id: str, step: str, digest: str) -> bool:
    """Whether the step is approved over exactly this content."""
    record = approval(session, round_id, step)
    return record is not None and record.digest == digest


def approval(session: Session, round_id: str, step: str) -> ApprovalRecord | None:
    return session.exec(
        select(ApprovalRecord).where(
            ApprovalRecord.round_id == round_id, ApprovalRecord.step == step
        )
    ).first()


def approval_state(session: Session, context: RoundContext, step: str) -> ApprovalState:
    """Whether a step is approved over the records as they are, by whom, and what changed since."""
    known(step)
    record = approval(session, context.id, step)
    if record is None:
        return ApprovalState(step, "missing")
    now = content_of(session, context.id, step)
    if record.digest == whole(now):
        if may_approve(context, step, record.role):
            return ApprovalState(step, "valid", record.role, record.at)
        return ApprovalState(step, "void", record.role, record.at, (_NOT_HIS,))
    then = _content_then(session, record)
    changed = _changes(context, then, now) if then is not None else ("nội dung của bước",)
    return ApprovalState(step, "void", record.role, record.at, changed)


def approval_states(session: Session, context: RoundContext) -> tuple[ApprovalState, ...]:
    """Every step of the round."""
    return tuple(approval_state(session, context, step) for step in steps_of(context))


def known(step: str) -> None:
    """Raises UnknownStep."""
    if step not in STEPS:
        raise UnknownStep(f"Không có bước {step!r}. Có: {', '.join(STEPS)}.")


def _content_then(session: Session, record: ApprovalRecord) -> Content | None:
    """What the approval was over, as its event tells; None of one that did not tell it."""
    event = session.exec(
        select(AuditRecord)
        .where(
            AuditRecord.round_id == record.round_id,
            AuditRecord.action == "step_approved",
            AuditRecord.subject == record.step,
        )
        .order_by(col(AuditRecord.seq).desc())
        .limit(1)
    ).first()
    if event is None or event.detail["digest"] != record.digest:
        return None
    found: Content | None = event.detail.get("content")
    return found


def _changes(context: RoundContext, then: Content, now: Content) -> tuple[str, ...]:
    """What is no longer as it was, part by part: "điểm chính thức hoặc lý do (Sở Y tế)"."""
    told = []
    order = {unit: place for place, unit in enumerate(context.program.unit)}
    for part, words in _PARTS.items():
        before, after = then.get(part, {}), now.get(part, {})
        items = [i for i in {**before, **after} if before.get(i) != after.get(i)]
        if items:
            items.sort(key=lambda item: (order.get(item, len(order)), item))
            told.append(f"{words} ({_named(context, part, items)})")
    return tuple(told)


def _named(context: RoundContext, part: str, items: Iterable[str]) -> str:
    names = [_name(context, part, item) for item in items]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" và {more} nơi khác" if more > 0 else "")


def _name(context: RoundContext, part: str, item: str) -> str:
    if part == "policies":
        return f"{QUESTIONS.get(item, item)} – {item}"
    if part == "draft":
        return item
    if part == "sent":
        return f"{date.fromisoformat(item):%d/%m/%Y}"
    unit = context.program.unit.get(item)
    return unit.name if unit else item
