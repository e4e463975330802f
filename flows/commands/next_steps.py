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
    return _explaining(records, context) or _deciding(records, context)


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


def _deciding(records: "Session", context: RoundContext) -> str:
    from dti_core.records.appraising import APPRAISED, ranks
    from dti_core.records.awards import awards
    from dti_core.records.rounds import documents

    if not awards(records, context.id, APPRAISED):
        return f"dti appraise {context.id}"
    if not _approved(records, context, "tham-dinh"):
        return f"khép việc thẩm định: dti approve {context.id} tham-dinh {ROLE}"
    if not ranks(records, context.id):
        return f"dti rank {context.id}"
    if "draft_decision" not in {each.kind for each in documents(records, context.id)}:
        return f"dti publish {context.id}"
    if not _approved(records, context, "du-thao"):
        return f"duyệt dự thảo: dti approve {context.id} du-thao {ROLE}"
    return f"đợt đã xong; cần sửa thì mở lại: dti rounds reopen {context.id} --reason LÝ_DO"


def _approved(records: "Session", context: RoundContext, step: str) -> bool:
    from dti_core.records.approvals import approved
    from dti_core.records.digests import digest_of

    return approved(records, context.id, step, digest_of(records, context.id, step))
