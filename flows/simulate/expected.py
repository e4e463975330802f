"""Which documents a round has to end with, from what the program says about it."""

from collections.abc import Iterator

from sqlmodel import Session

from dti_core.program.load import SUB_ROUND, RoundContext
from dti_core.records.files import holds, round_folder
from dti_core.records.issued import issues
from dti_core.records.ranking import ranks
from dti_core.records.rounds import documents
from dti_core.records.sittings import sittings

Expected = tuple[str, str]
"""(path under the round's folder, what it is)"""


def publishes(context: RoundContext) -> bool:
    """Whether the round ends with a decision that is issued: a sub-round hands over, the province's
    own index is reported."""
    round_ = context.round
    return not round_.data and not round_.own_index and SUB_ROUND not in context.id


def expected(records: Session, context: RoundContext) -> Iterator[Expected]:
    """Every paper that the round owes when it is over."""
    if context.round.own_index:
        yield "documents/bao-cao.html", "báo cáo chỉ số tỉnh (trang)"
        yield "documents/bao-cao.docx", "báo cáo chỉ số tỉnh"
    if context.round.data:
        return
    yield "out/ke-hoach-huong-dan.docx", "kế hoạch, hướng dẫn"
    yield "documents/chat-luong-so-lieu.html", "báo cáo chất lượng số liệu"
    if context.round.own_index:
        return  # reported, ranked by nobody
    yield "documents/du-thao-quyet-dinh.docx", "dự thảo quyết định"
    yield "documents/bao-cao-tham-dinh.docx", "báo cáo thẩm định"
    yield "documents/to-trinh.docx", "tờ trình"
    if context.program.appraisal.council is not None:
        yield "documents/du-thao-quyet-dinh-hoi-dong.docx", "dự thảo quyết định lập Hội đồng"
        for sitting in sittings(records, context.id):
            yield f"documents/bien-ban-{sitting.held_on}.docx", "biên bản họp Hội đồng"
        if not sittings(records, context.id):
            yield "documents/bien-ban-….docx", "biên bản họp Hội đồng"
    if SUB_ROUND in context.id:
        return  # its result is handed over; the round that it is a part of publishes
    yield "documents/quyet-dinh-cong-bo.docx", "quyết định công bố"
    yield "site/index.html", "trang kết quả"
    yield "site/du-lieu/ranking.csv", "dữ liệu mở"
    if context.program.personnel is not None:
        yield "documents/trich-ket-qua.xlsx", "trích kết quả cho cơ quan nội vụ"
    for entry in ranks(records, context.id):
        if entry.status != "not_evaluated":
            yield f"out/{entry.unit}/thong-bao-ket-qua.docx", "thông báo kết quả"


def lacking(records: Session, context: RoundContext) -> list[str]:
    """What a round should have at its end and has not, in words; empty where all is there."""
    made = {each.path: each.sha256 for each in documents(records, context.id)}
    folder = round_folder(context.id)
    found = [
        f"thiếu {what} ({path})"
        for path, what in expected(records, context)
        if path not in made or not holds(folder / path, made[path])
    ]
    if publishes(context) and not issues(records, context.id):
        found.append("chưa ghi nhận ban hành")
    return found
