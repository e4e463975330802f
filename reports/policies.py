"""The policies of a program in words: the question that a decree leaves open, and the answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dti_core.program.appraisal import OrganiserRows
from dti_core.program.needed import DECIDING, EXPLAINING, SCORING
from dti_core.program.policies import Policies, Reminders, RoundingRule
from dti_core.program.ranking import Grade
from dti_core.rational import percent

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


Named = Callable[[str], str]


@dataclass(frozen=True)
class PolicyLine:
    """A policy in words; basis and day are empty where nobody decided."""

    name: str
    value: str
    basis: str
    decided_on: str


def policy_lines(policies: Policies, named: Named = str) -> Iterator[PolicyLine]:
    """Every policy that a result states; of those on points also the ones that nobody has set.

    named  id of a verifier → the name that people know
    """
    for name, question in {**SCORING, **EXPLAINING, **DECIDING}.items():
        policy = getattr(policies, name)
        if policy is not None:
            decided = f"{policy.decided_on:%d/%m/%Y}"
            yield PolicyLine(question, answer(name, policy.value, named), policy.basis, decided)
        elif name in SCORING:
            yield PolicyLine(question, "chưa đặt", "", "")


def answer(name: str, value: Any, named: Named = str) -> str:
    """The value of the policy `name` in words; `named` as in `policy_lines`."""
    if isinstance(value, OrganiserRows):
        return _organiser_rows(value, named)
    if isinstance(value, RoundingRule):
        return f"{value.digits} chữ số thập phân, {_ANSWERS[value.total]}"
    if isinstance(value, Reminders):
        return ladder(value)
    if name == "questions_per_unit":
        return (
            f"nhiều nhất {value}, phần còn lại chỉ liệt kê" if value else "không hỏi, chỉ liệt kê"
        )
    if name in _SAID:
        return _SAID[name](value)
    if name == "unanswered_flags":
        return _UNANSWERED[value]
    if name.endswith("_figure") and value in _OF_A_FIGURE:
        return _OF_A_FIGURE[value]
    return _ANSWERS[value]


def _organiser_rows(value: OrganiserRows, named: Named) -> str:
    more = ", kể cả số liệu do cơ quan ấy cung cấp về đơn vị khác" if value.supplied else ""
    return f"{named(value.verifier)}{more}"


def _petition_days(days: int) -> str:
    return f"{days} ngày kể từ ngày gửi kết quả dự kiến" if days else "không nhận kiến nghị"


def _grades(steps: Sequence[Grade]) -> str:
    best_first = sorted(steps, key=lambda step: -step.at_least)
    return "; ".join(f"{step.name}: từ {percent(step.at_least)}" for step in best_first)


def _approvers(roles: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{step}: {', '.join(who)}" for step, who in roles.items())


_SAID: Mapping[str, Callable[[Any], str]] = {
    "quorum": lambda share: f"từ {share.numerator}/{share.denominator} số thành viên",
    "petition_days": _petition_days,
    "grades": _grades,
    "approvers": _approvers,
    "separation": ", ".join,
}


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
