"""Events in words, as the page of a dossier lists them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from dti_core.records.disclosing import Link
from reports.dossier.data import EventLine

ACTIONS = {
    "appraisal_assigned": "giao việc thẩm định",
    "appraisal_closed": "khép phần thẩm định",
    "appraisal_read": "đọc tệp thẩm định",
    "appraisal_reopened": "mở lại phần thẩm định",
    "arrival_told": "ghi thời điểm nhận",
    "correction_started": "bắt đầu đính chính",
    "deadline_extended": "gia hạn",
    "document_made": "viết văn bản",
    "dossier_exported": "xuất hồ sơ",
    "draft_written": "viết dự thảo quyết định",
    "earlier_imported": "nhập số liệu năm trước",
    "evidence_received": "nhận tài liệu kiểm chứng",
    "exemption_decided": "quyết định miễn đánh giá",
    "exemptions_proposed": "đề xuất miễn đánh giá",
    "figures_confirmed": "thủ trưởng xác nhận số liệu",
    "figures_read": "đọc số liệu",
    "figures_validated": "kiểm tra số liệu",
    "file_received": "nhận tệp",
    "file_set_aside": "để riêng tệp",
    "findings_outdated": "bỏ lỗi của số liệu cũ",
    "flag_answered": "đơn vị giải trình",
    "flag_decided": "quyết định về giải trình",
    "flag_unanswered": "quá hạn giải trình",
    "flags_raised": "nêu nghi vấn",
    "improvement_planned": "lập kế hoạch khắc phục",
    "information_read": "đọc thông tin chung",
    "message_settled": "gửi thông báo",
    "messages_queued": "xếp thông báo chờ gửi",
    "messages_retried": "gửi lại thông báo",
    "opinions_given": "người thẩm định cho điểm",
    "parts_combined": "gộp số liệu nhiều nơi cung cấp",
    "petition_decided": "quyết định kiến nghị",
    "petition_lodged": "nhận kiến nghị",
    "petition_paper_kept": "giữ văn bản kiến nghị",
    "petition_withdrawn": "đơn vị rút kiến nghị",
    "place_decided": "quyết định việc xếp hạng",
    "points_appraised": "ghi điểm thẩm định",
    "policies_set": "đặt hoặc đổi chính sách",
    "provisional_sent": "gửi kết quả dự kiến",
    "refused": "từ chối người không có quyền",
    "remarks_made": "ghi nhận xét cho người gửi",
    "requests_made": "lập yêu cầu",
    "result_issued": "ban hành kết quả",
    "round_opened": "mở đợt",
    "round_reopened": "mở lại đợt",
    "rows_exempted": "ghi điểm mục được miễn",
    "scores_computed": "tính điểm",
    "self_points_read": "đọc điểm tự đánh giá",
    "signed_paper_kept": "giữ bản ký",
    "sitting_held": "Hội đồng họp",
    "step_approved": "xác nhận bước",
    "sub_round_taken_over": "nhận kết quả đợt thành phần",
    "units_ranked": "xếp hạng",
    "upgraded_with_broken_seals": "nâng cấp dù có bản ghi bị sửa",
}
"""Action of an event → what happened. One that is not here is told by its own name."""


def lines(links: Sequence[Link]) -> Iterator[EventLine]:
    """The events that may be told, and each stretch of those that may not as one line."""
    for untold, stretch in groupby(links, key=lambda link: link.told == "none"):
        if untold:
            yield _stretch(list(stretch))
        else:
            yield from map(_line, stretch)


def _stretch(links: Sequence[Link]) -> EventLine:
    first, last = links[0], links[-1]
    numbers = str(first.seq) if first is last else f"{first.seq}–{last.seq}"
    what = f"{len(links)} sự kiện của đơn vị khác, chỉ giữ mã"
    return EventLine(numbers, "", "", what, "", last.digest, "none")


def _line(link: Link) -> EventLine:
    action = link.action or ""
    return EventLine(
        numbers=str(link.seq),
        at=link.at or "",
        actor=link.actor or "",
        what=ACTIONS.get(action, action),
        subject=link.subject or "",
        digest=link.digest,
        told=link.told,
    )
