"""Who approves a step, and when it can be: by role, in order, over what the person was shown."""

from datetime import date

from sqlmodel import Session

from dti_core.clock import today
from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.records.approvals import (
    PETITIONS,
    STEPS,
    ApprovalState,
    allowed_roles,
    approval_state,
    approval_states,
    approve,
    known,
    may_approve,
    steps_of,
)
from dti_core.records.digests import DRAFT_DECISION, digest_of
from dti_core.records.drafts import is_current
from dti_core.records.files import holds, round_folder
from dti_core.records.one_writer import one_writer
from dti_core.records.petition_period import announced_on, deadline_of, is_over
from dti_core.records.petitions import undecided
from dti_core.records.rights import Right, need
from dti_core.records.rounds import DRAFT, documents
from dti_core.records.separation import own_changes


class NotApproved(Refused):
    """A step that this person, or anybody, cannot approve now. The text says why."""


def sign(
    session: Session,
    context: RoundContext,
    step: str,
    role: str,
    *,
    shown: str | None = None,
    day: date | None = None,
) -> bool:
    """A person with `role` approves a step; returns whether that is new or over something else.

    shown  the digest of what the person was shown, where that was earlier; else the present one
    day    the day that it is, for the period of petitions: today

    Raises NotAllowed; UnknownStep; NotApproved for a role that the policy does not name, for who
    was the last to change what the step covers where a policy forbids it, where something changed
    after it was shown, and while what has to come before is not done.
    """
    person = need(session, context.id, Right.APPROVE, role)
    one_writer(session, context.id)
    known(step)
    if step not in steps_of(context):
        why = "không nhận kiến nghị"
        if context.round.own_index:
            why = "đo chỉ số của tỉnh, không xếp hạng ai"
        raise NotApproved(f"Đợt {context.id} {why} nên không có bước {step}.")
    _check_role(context, step, role)
    _refuse_own_changes(session, context, step, person)
    digest = digest_of(session, context.id, step)
    if shown is not None and shown != digest:
        raise NotApproved(
            f"Nội dung của bước {step} ({STEPS[step]}) đã đổi sau khi được đưa ra xác nhận. Hãy xem"
            f" lại rồi xác nhận trên nội dung mới: dti approve {context.id} {step} --as VAI_TRÒ"
        )
    if reasons := _in_the_way(session, context, step, day or today()):
        told = "".join(f"\n- {reason}" for reason in reasons)
        raise NotApproved(f"Chưa xác nhận được bước {step} ({STEPS[step]}) của {context.id}:{told}")
    anew = approval_state(session, context, step).state == "void"
    return approve(session, context.id, step, role.strip(), digest, anew=anew)


def _check_role(context: RoundContext, step: str, role: str) -> None:
    if not role.strip():
        raise NotApproved(f"Xác nhận bước {step} phải nêu vai trò: --as VAI_TRÒ.")
    policy = context.program.policies.approvers
    if policy is not None and not may_approve(context, step, role):
        raise NotApproved(
            f"“{role}” không được xác nhận bước {step} ({STEPS[step]}). Người được xác nhận:"
            f" {', '.join(allowed_roles(context, step) or ())} ({policy.basis})."
        )


def _refuse_own_changes(session: Session, context: RoundContext, step: str, person: str) -> None:
    policy = context.program.policies.separation
    if policy is not None and (mine := own_changes(session, context, step, person)):
        raise NotApproved(
            f"{person} là người cuối cùng {', '.join(mine)} của đợt {context.id}, nên không tự xác"
            f" nhận bước {step} ({policy.basis}). Hãy để người có quyền khác xác nhận."
        )


def _in_the_way(session: Session, context: RoundContext, step: str, day: date) -> list[str]:
    """What has to be done before the step can be approved."""
    if step == PETITIONS:
        return petitions_in_the_way(session, context, day)
    if step != DRAFT:
        return []
    found = [
        told_as_missing(context, each)
        for each in approval_states(session, context)
        if each.step != DRAFT and each.state != "valid"
    ]
    found += petitions_in_the_way(session, context, day)
    return found + draft_in_the_way(session, context)


def draft_in_the_way(session: Session, context: RoundContext) -> list[str]:
    """Why there is no draft decision to approve: none was made, or a file is no longer as made."""
    made = [each for each in documents(session, context.id) if each.kind == DRAFT_DECISION]
    if not made:
        return [f"Chưa có dự thảo quyết định: dti publish {context.id}"]
    if not is_current(session, context.id):
        return [
            "Dự thảo quyết định được viết trước khi điểm, xếp hạng, việc miễn hoặc chính sách thay"
            f" đổi: viết lại bằng dti publish {context.id}"
        ]
    return [
        f"Tệp {each.path} mất hoặc đã bị sửa so với bản đã ghi: viết lại bằng dti publish"
        f" {context.id}; bản sửa tay hãy lưu dưới tên khác."
        for each in made
        if not holds(round_folder(context.id) / each.path, each.sha256)
    ]


def petitions_in_the_way(session: Session, context: RoundContext, day: date) -> list[str]:
    """Why the petitions are not settled on a day, each with what to do; empty where they are."""
    found = []
    if not is_over(session, context, day):
        if announced_on(session, context.id) is None:
            found.append(
                "Kết quả dự kiến chưa được gửi cho các đơn vị. Gửi xong thì ghi ngày gửi: dti"
                f" petition {context.id} --announced NGÀY"
            )
        else:
            until = deadline_of(session, context)
            told = f"đến hết ngày {until:%d/%m/%Y}" if until else "chưa rõ đến ngày nào"
            found.append(f"Thời gian nhận kiến nghị còn {told}; chờ hết hạn rồi làm tiếp.")
    for each in undecided(session, context.id):
        found.append(
            f"Kiến nghị số {each.number} của {context.program.unit[each.unit].name} chưa có quyết"
            f" định: dti petition {context.id} --decide {each.number} --uphold|--dismiss --reason"
            " LÝ_DO"
        )
    return found


def told_as_missing(context: RoundContext, state: ApprovalState) -> str:
    """A step that is not approved, in words, with the command that mends it."""
    command = f"dti approve {context.id} {state.step} --as VAI_TRÒ"
    if state.state == "missing":
        return f"Bước {state.step} chưa được xác nhận ({STEPS[state.step]}): {command}"
    return (
        f"Xác nhận bước {state.step} của {state.role} mất hiệu lực vì sau đó đã đổi:"
        f" {'; '.join(state.changed)}. Xem lại rồi xác nhận lại: {command}"
    )
