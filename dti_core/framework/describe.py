"""A rule in Vietnamese words, for people who have the decree beside them."""

from fractions import Fraction

from dti_core.framework.model import Criterion
from dti_core.framework.rules import (
    Appraised,
    BestOf,
    Deductions,
    Factor,
    Flag,
    Gate,
    Interval,
    MinMax,
    Options,
    Part,
    Parts,
    Percent,
    PerItem,
    Ratio,
    RelativeToBest,
    Rule,
    Steps,
    SumOfChildren,
)
from dti_core.rational import percent, vietnamese

FIGURE_STATUS = {
    "given": "nguồn nêu",
    "given_as_ratio": "nguồn nêu thẳng tỷ lệ",
    "derived": "lấy từ ô khác, có dẫn",
    "partial": "mới có một phần",
    "missing": "chưa có",
    "not_available": "nguồn nói chưa thống kê được",
    "not_applicable": "không áp dụng",
    "exempt": "được miễn",
    "to_ask": "phải hỏi lại",
}

SCORE_STATUS = {
    "computed": "đã tính",
    "partial": "thiếu một phần",
    "question": "phải hỏi lại",
    "missing": "chưa có số liệu",
    "not_available": "chưa thống kê được",
    "external": "so với tỉnh khác",
    "appraised": "chờ thẩm định",
    "untabled": "không có quy tắc",
    "followed": "theo dõi, không tính điểm",
    "exempt": "được miễn",
}

READING = {"as_written": "theo câu chữ", "corrected": "đã chỉnh"}

ERRATUM = {
    "substantive": "văn bản sai về cách tính",
    "transcription": "bản sao bị hỏng",
    "editorial": "văn bản sơ suất về hình thức",
}


def describe(criterion: Criterion, rule: Rule) -> list[str]:
    """The rule in sentences, one a line."""
    match rule:
        case Flag():
            return ["Có: điểm tối đa; không: 0 điểm"]
        case Options():
            choices = criterion.variables[rule.of].choices
            return [
                f"{text}: {share_text(rule.shares[key])}"
                if key in rule.shares
                else f"{text}: văn bản không quy định điểm"
                for key, text in choices.items()
            ]
        case Ratio():
            return _ratio(rule)
        case Steps():
            return [f"{interval_text(step)}: {share_text(step.share)}" for step in rule.table]
        case PerItem():
            unit = criterion.variables[rule.of.variables[0]].unit or "mục"
            return [f"Mỗi {unit}: {vietnamese(rule.each)} điểm, không quá điểm tối đa"]
        case Percent():
            return ["Điểm = tỷ lệ theo báo cáo × điểm tối đa"]
        case RelativeToBest():
            return [f"Giá trị {rule.of} cao nhất được điểm tối đa; còn lại = giá trị / cao nhất"]
        case MinMax():
            return [f"Phương pháp Min-Max trên giá trị {rule.of}"]
        case Parts():
            return [_part(criterion, part) for part in rule.parts]
        case Gate():
            label = criterion.variables[rule.flag].label
            return [f"Không có “{label}”: 0 điểm. Có:", *describe(criterion, rule.then)]
        case SumOfChildren():
            return ["Cộng điểm các mục con"]
        case BestOf():
            return [
                "Lấy cách tốt nhất:",
                *("; ".join(describe(criterion, way)) for way in rule.alternatives),
            ]
        case Deductions():
            lines = [f"Trừ {vietnamese(e.each)} điểm cho mỗi {e.of}" for e in rule.events]
            return [*lines, f"Không thấp hơn {vietnamese(rule.floor)} điểm"]
        case Appraised():
            return ["Điểm do người thẩm định cho, từ 0 đến điểm tối đa"]
        case _:
            return ["Văn bản không có quy tắc tính điểm"]


def _part(criterion: Criterion, part: Part) -> str:
    label = f"{part.label}: " if part.label else ""
    worth = share_text(part.weight)
    match part.rule:
        case Flag():
            return f"{label}{worth} nếu có"
        case Ratio(full_at=None, scale_at=None):
            return f"{label}{worth} × ({part.rule.of})"
        case _:
            return f"{label}{worth} × [{'; '.join(describe(criterion, part.rule))}]"


def _ratio(rule: Ratio) -> list[str]:
    if rule.full_at is None:
        if rule.scale_at is None:
            return [f"Điểm = ({rule.of}) × điểm tối đa"]
        return [f"Điểm = ({rule.of}) / {percent(rule.scale_at)} × điểm tối đa"]
    threshold = percent(rule.full_at)
    match rule.below:
        case "proportional":
            under = f"({rule.of}) × điểm tối đa"
        case "scaled":
            under = f"({rule.of}) / {threshold} × điểm tối đa"
        case Factor(divide_by=divide_by, times=times):
            under = f"({rule.of})"
            under += f" / {percent(divide_by)}" if divide_by != 1 else ""
            under += " × điểm tối đa"
            under += f" × {vietnamese(times)}" if times != 1 else ""
        case _:
            under = "0 điểm"
    return [f"{rule.of} từ {threshold} trở lên: điểm tối đa; dưới {threshold}: {under}"]


def interval_text(step: Interval) -> str:
    """An interval as the decrees write it: "từ 22 đến 30", "trên 12", "dưới 15"."""
    low = high = ""
    if step.at_least is not None:
        low = f"từ {_bound(step.at_least)}"
    elif step.above is not None:
        low = f"trên {_bound(step.above)}"
    if step.at_most is not None:
        high = f"đến {_bound(step.at_most)}"
    elif step.below is not None:
        high = f"dưới {_bound(step.below)}"
    text = " ".join(part for part in (low, f"đến {high}" if low and step.below else high) if part)
    return text + (" trở lên" if low.startswith("từ") and not high else "")


def _bound(value: Fraction) -> str:
    return percent(value) if 0 < value < 1 and value.denominator > 2 else vietnamese(value, 4)


def share_text(share: Fraction) -> str:
    if share == 1:
        return "điểm tối đa"
    if share == 0:
        return "0 điểm"
    return f"{share} điểm tối đa" if share.denominator < 10 else f"{percent(share)} điểm tối đa"
