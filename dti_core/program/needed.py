"""The questions that the decrees leave open, in words, and which of them a round meets."""

from collections.abc import Mapping

from dti_core.errors import Refused
from dti_core.framework.rules import MinMax, Ratio, Rule, Steps, sub_rules
from dti_core.program.calendar import day_off
from dti_core.program.load import RoundContext

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

DECIDING: Mapping[str, str] = {
    "organiser_rows": "Người thẩm định mục của cơ quan chủ trì đánh giá",
    "quorum": "Số thành viên Hội đồng phải có mặt",
    "petition_days": "Thời gian nhận kiến nghị về kết quả dự kiến",
    "grades": "Xếp loại",
    "approvers": "Người xác nhận từng bước",
    "separation": "Bước mà người sửa cuối không được tự xác nhận",
}
"""About appraisal and publication."""

QUESTIONS: Mapping[str, str] = {**SCORING, **COLLECTING, **EXPLAINING, **DECIDING}


def undecided(context: RoundContext) -> tuple[str, ...]:
    """The policies that this round meets and nobody decided, by name, in the order of QUESTIONS."""
    policies = context.program.policies
    return tuple(
        name for name in QUESTIONS if getattr(policies, name) is None and is_met(context, name)
    )


def is_met(context: RoundContext, name: str) -> bool:
    """Whether the round holds anything that the policy `name` bears on."""
    frameworks = context.frameworks.values()
    rows = [row for framework in frameworks for row in framework.rows]
    match name:
        case "reading":
            return any(row.erratum and row.erratum.corrected for row in rows)
        case "overlap":
            return any(_may_overlap(rule) for row in rows for rule in sub_rules(row.rule))
        case "min_max":
            return any(isinstance(rule, MinMax) for row in rows for rule in sub_rules(row.rule))
        case "pillar_overflow":
            return any(
                sum(row.max_points or 0 for row in pillar.criteria) > pillar.max_points
                for framework in frameworks
                for pillar in framework.pillars
                if pillar.max_points is not None
            )
        case (
            "zero_denominator" | "missing_figure" | "not_available_figure" | "not_applicable_figure"
        ):
            return any(row.needed for row in rows)
        case "deadline_on_day_off":
            return _may_be_off(context)
        case "reminders":
            return False  # without a ladder whoever is late is reminded: nothing is left open
        case "organiser_rows":
            return any(unit.id == context.program.organiser for unit in context.units)
        case "petition_days":
            return len(context.units) > 1 and context.round.petition_by is None
        case "quorum":
            return context.program.appraisal.council is not None
        case "grades" | "approvers" | "separation":
            return False  # without them units are ranked, and any role approves
        case "questions_per_unit" | "unanswered_flags":
            return False  # without them every doubt is asked about and waited for
    return True


def _may_overlap(rule: Rule) -> bool:
    """Whether a value may belong to two branches of the rule as it is written."""
    return isinstance(rule, Steps) or (isinstance(rule, Ratio) and rule.below_includes_full_at)


def _may_be_off(context: RoundContext) -> bool:
    """Whether the round closes on a day off, or on one that the calendar does not know."""
    try:
        return day_off(context.round.closes.on) is not None
    except Refused:
        return True
