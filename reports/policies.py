"""The policies of a program in words: the question that a decree leaves open, and the answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dti_core.program.policies import Policies, Reminders, RoundingRule

SCORING: Mapping[str, str] = {
    "reading": "Cách đọc quy tắc có sai sót",
    "overlap": "Giá trị thuộc nhiều mức",
    "zero_denominator": "Mẫu số bằng 0",
    "missing_figure": "Số liệu không được gửi",
    "not_available_figure": "Số liệu nguồn chưa thống kê được",
    "not_applicable_figure": "Số liệu không liên quan đến cơ quan, đơn vị",
    "min_max": "Công thức Min-Max",
    "pillar_overflow": "Tiêu chí vượt điểm chỉ số chính",
    "rounding": "Làm tròn",
    "ties": "Bằng điểm",
    "rank_on": "Điểm để xếp hạng",
    "late_submission": "Tệp gửi muộn",
}
"""Policy → its question; those that a result states."""

COLLECTING: Mapping[str, str] = {
    "deadline_on_day_off": "Hạn gửi rơi vào ngày nghỉ",
    "reminders": "Đôn đốc",
}
"""The others that have one answer for the whole round."""

EXPLAINING: Mapping[str, str] = {
    "questions_per_unit": "Số nội dung hỏi một đơn vị giải trình",
    "unanswered_flags": "Nghi vấn quá hạn không được giải trình",
}
"""About doubts. Unset, every one is asked about and waited for: that leaves nothing open."""

_ANSWERS = {
    "as_written": "theo câu chữ",
    "corrected": "theo cách đọc đã chỉnh",
    "first_listed": "xét mức nêu trước",
    "best": "lấy mức cao nhất",
    "ask": "để ngỏ và hỏi lại",
    "full": "điểm tối đa",
    "zero": "0 điểm",
    "over_best": "giá trị / cao nhất",
    "range": "(giá trị − thấp nhất) / (cao nhất − thấp nhất)",
    "count_all": "tính đủ",
    "cap_pillar": "chặn ở điểm chỉ số chính",
    "sum_of_exact": "cộng số chính xác rồi làm tròn",
    "sum_of_published": "cộng số đã làm tròn",
    "exact": "điểm chính xác",
    "published": "điểm công bố",
    "same_rank": "đồng hạng, hạng kế tiếp để trống",
    "dense": "đồng hạng, hạng kế tiếp liền sau",
    "accept": "vẫn nhận, ghi là muộn",
    "refuse": "không nhận",
    "keep": "giữ nguyên ngày",
    "next_working_day": "chuyển sang ngày làm việc kế tiếp",
}
_OF_A_FIGURE = {"zero": "phần đó không có điểm", "full": "phần đó có điểm tối đa"}
"""What a missing figure earns, where a share of a criterion's points hangs on it."""
_UNANSWERED = {
    "to_appraiser": "người thẩm định quyết định, ghi lý do",
    "keep": "giữ số liệu đã báo cáo, ghi rõ là chưa giải trình",
}


@dataclass(frozen=True)
class PolicyLine:
    """A policy in words; basis and day are empty where nobody decided."""

    name: str
    value: str
    basis: str
    decided_on: str


def policy_lines(policies: Policies) -> Iterator[PolicyLine]:
    """Every policy that a result states; of those on points also the ones that nobody has set."""
    for name, question in {**SCORING, **EXPLAINING}.items():
        policy = getattr(policies, name)
        if policy is not None:
            decided = f"{policy.decided_on:%d/%m/%Y}"
            yield PolicyLine(question, answer(name, policy.value), policy.basis, decided)
        elif name in SCORING:
            yield PolicyLine(question, "chưa đặt", "", "")


def answer(name: str, value: Any) -> str:
    """The value of the policy `name` in words."""
    if isinstance(value, RoundingRule):
        return f"{value.digits} chữ số thập phân, {_ANSWERS[value.total]}"
    if isinstance(value, Reminders):
        return ladder(value)
    if name == "questions_per_unit":
        return (
            f"nhiều nhất {value}, phần còn lại chỉ liệt kê" if value else "không hỏi, chỉ liệt kê"
        )
    if name == "unanswered_flags":
        return _UNANSWERED[value]
    if name.endswith("_figure") and value in _OF_A_FIGURE:
        return _OF_A_FIGURE[value]
    return _ANSWERS[value]


def ladder(reminders: Reminders) -> str:
    """When a provider is reminded, in words."""
    told = []
    if reminders.before:
        told.append(f"trước hạn {_days(reminders.before)} ngày")
    if reminders.after:
        told.append(f"quá hạn {_days(reminders.after)} ngày")
    if reminders.then_every:
        told.append(f"sau đó {reminders.then_every} ngày một lần")
    if reminders.escalate_to_head_after:
        told.append(f"quá hạn {reminders.escalate_to_head_after} ngày thì báo người đứng đầu")
    return "; ".join(told) or "không đặt lịch nhắc"


def _days(days: tuple[int, ...]) -> str:
    *some, last = (str(each) for each in days)
    return f"{', '.join(some)} và {last}" if some else last
