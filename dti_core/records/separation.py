"""Four eyes: by policy nobody approves a step who was the last to change what it covers.

Asked part by part: whoever took the last decision on a petition stays the last to change the
petitions, although somebody else ranked the units or wrote the draft after that.
"""

from collections.abc import Mapping

from sqlalchemy import func
from sqlmodel import Session, col, select

from dti_core.program.load import RoundContext
from dti_core.records.tables import AuditRecord

_FILES = {
    "file_received": "nhận tệp",
    "figures_read": "đọc số liệu",
    "parts_combined": "cộng số liệu của nhiều nơi",
    "sub_round_taken_over": "nhận kết quả đợt thành phần",
}
_FLAGS = {
    "flags_raised": "nêu nghi vấn",
    "flag_answered": "ghi giải trình",
    "flag_unanswered": "khép nghi vấn quá hạn",
    "flag_decided": "quyết định giải trình",
}
_POINTS = {
    "opinions_given": "cho điểm thẩm định",
    "points_appraised": "tính điểm chính thức",
    "rows_exempted": "tính điểm các mục được miễn",
    "exemptions_proposed": "ghi đề xuất miễn",
    "exemption_decided": "quyết định việc miễn",
}
_PETITIONS = {
    "petition_lodged": "nhận kiến nghị",
    "petition_decided": "quyết định kiến nghị",
    "petition_withdrawn": "ghi đơn vị rút kiến nghị",
    "provisional_sent": "ghi ngày gửi kết quả dự kiến",
}
_RESULT = {
    "units_ranked": "xếp hạng",
    "place_decided": "quyết định việc tham gia xếp hạng",
    "draft_written": "viết dự thảo",
}

CHANGES: Mapping[str, Mapping[str, str]] = {
    "thu-thap": _FILES,
    "giai-trinh": _FLAGS,
    "tham-dinh": _POINTS,
    "kien-nghi": _PETITIONS,
    "du-thao": {**_POINTS, **_PETITIONS, **_RESULT},
}
"""Step → the audit events that change what `digests` says it covers, in words."""


def last_changes(session: Session, round_id: str, step: str) -> dict[str, str]:
    """Audit event that changes what a step covers → who was the last to make one."""
    newest = (
        select(func.max(AuditRecord.seq))
        .where(
            AuditRecord.round_id == round_id,
            col(AuditRecord.action).in_(CHANGES[step]),
        )
        .group_by(col(AuditRecord.action))
    )
    found = session.exec(
        select(AuditRecord.action, AuditRecord.actor).where(
            AuditRecord.round_id == round_id, col(AuditRecord.seq).in_(newest)
        )
    )
    return dict(found.all())


def own_changes(session: Session, context: RoundContext, step: str, who: str) -> list[str]:
    """What a person was the last to change of what a step covers, in words; empty too where no
    policy keeps the two apart. `who`: as the audit chain names them."""
    policy = context.program.policies.separation
    if policy is None or step not in policy.value:
        return []
    mine = who.strip().casefold()
    last = last_changes(session, context.id, step)
    return [
        words
        for action, words in CHANGES[step].items()
        if last.get(action, "").strip().casefold() == mine
    ]
