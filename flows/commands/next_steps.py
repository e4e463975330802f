"""Which command comes next in a round of units, by its records."""

from datetime import date
from typing import TYPE_CHECKING

from dti_core.program.load import RoundContext

if TYPE_CHECKING:
    from sqlmodel import Session

ROLE = "--as VAI_TRÒ"


def next_of(records: "Session", context: RoundContext, day: date) -> str:
    """What to do next, in the order of the round's flow (`flows.unit_cycle`)."""
    from dti_core.records.rounds import gate_of

    gate = gate_of(records, context.id)
    if gate.closed_by is None or gate.exceptions:
        return _while_open(records, context, day, bool(gate.exceptions))
    if step := _explaining(records, context):
        return step
    if context.round.own_index:
        return f"viết báo cáo chỉ số của tỉnh: dti report {context.id}"
    return _deciding(records, context, day)


def _while_open(records: "Session", context: RoundContext, day: date, reopened: bool) -> str:
    from dti_core.records.collecting import standings

    stands = standings(records, context.id)
    if not stands:
        return f"dti dispatch {context.id}"
    close = f"dti approve {context.id} thu-thap {ROLE}"
    if reopened:
        return f"nhận tệp gửi lại: dti intake {context.id}; rồi khép lại: {close}"
    if any(each.late(day) for each in stands):
        return f"dti remind {context.id}; hoặc khép việc thu thập: {close}"
    if any(each.received_on is None for each in stands):
        return f"đặt tệp nhận được vào hộp nhận, rồi: dti intake {context.id}"
    return f"khép việc thu thập: {close}"


def _explaining(records: "Session", context: RoundContext) -> str | None:
    """What the figures and the doubts about them still need; None once that is over."""
    from dti_core.records.awards import awards
    from dti_core.records.flags import ANSWERED, OPEN, all_flags

    if not awards(records, context.id):
        return f"dti cycle {context.id}"
    flags = {each.status for each in all_flags(records, context.id)}
    if OPEN in flags:
        return f"nhận tệp giải trình, rồi: dti explain {context.id}"
    if ANSWERED in flags:
        return f"xem từng giải trình: dti explain {context.id} --accept MÃ --reason LÝ_DO"
    if not _approved(records, context, "giai-trinh"):
        return f"khép việc giải trình: dti approve {context.id} giai-trinh {ROLE}"
    return None


def _deciding(records: "Session", context: RoundContext, day: date) -> str:
    from dti_core.records.issued import issues
    from dti_core.records.ranking import ranks
    from dti_core.records.rounds import documents

    if not _approved(records, context, "tham-dinh"):
        if step := appraising(records, context):
            return step
        return f"khép việc thẩm định: dti approve {context.id} tham-dinh {ROLE}"
    if not ranks(records, context.id):
        return f"dti rank {context.id}"
    if wanted := _petitions(records, context, day):
        return wanted
    if "draft_decision" not in {each.kind for each in documents(records, context.id)}:
        return f"dti publish {context.id}"
    if not _approved(records, context, "du-thao"):
        return f"duyệt dự thảo: dti approve {context.id} du-thao {ROLE}"
    if not issues(records, context.id):
        return f"ký, lấy số rồi ghi nhận: dti publish {context.id} --issued SỐ NGÀY"
    return f"đợt đã xong; cần sửa thì đính chính: dti publish {context.id} --correct --reason LÝ_DO"


def _petitions(records: "Session", context: RoundContext, day: date) -> str | None:
    """What the period of petitions still needs; None once it is closed, or where there is none."""
    from dti_core.records.approvals import PETITIONS, steps_of
    from dti_core.records.sign_off import petitions_in_the_way

    if PETITIONS not in steps_of(context) or _approved(records, context, PETITIONS):
        return None
    if found := petitions_in_the_way(records, context, day):
        return found[0]
    return f"khép việc kiến nghị: dti approve {context.id} {PETITIONS} {ROLE}"


def appraising(records: "Session", context: RoundContext) -> str | None:
    """What the appraisers or their chair still have to do; None once every row has its points."""
    from dti_core.records.appraising import APPRAISED
    from dti_core.records.assignments import assignments, progress
    from dti_core.records.awards import awards
    from dti_core.records.opinions import differing

    if not assignments(records, context.id) or not awards(records, context.id, APPRAISED):
        return f"dti appraise {context.id}"
    undecided = [each for each in differing(records, context) if each.decision is None]
    if undecided:
        return (
            f"người chủ trì quyết định {len(undecided)} dòng có điểm khác nhau (dti appraise"
            f" {context.id} --differing), rồi: dti appraise {context.id}"
        )
    parts = [each for each in progress(records, context) if each.closed_on is None]
    waiting = [each.verifier for each in parts if each.lacking]
    if waiting:
        return (
            f"nhận tệp thẩm định của {', '.join(waiting)}, rồi: dti appraise {context.id}; xem tiến"
            f" độ: dti appraise {context.id} --list"
        )
    if parts:
        return f"khép phần của {parts[0].verifier}: dti appraise {context.id} --close" + (
            f" {parts[0].verifier} {ROLE}"
        )
    return None


def _approved(records: "Session", context: RoundContext, step: str) -> bool:
    from dti_core.records.approvals import approval_state

    return approval_state(records, context, step).state == "valid"
