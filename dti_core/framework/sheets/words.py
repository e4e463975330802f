"""The words that stand in a framework's workbook for the values of the model."""

from dti_core.framework.describe import ERRATUM, READING

NOT_STATED = "không nêu"
"""Points that the decree does not state; a state to which it gives no share."""

YES = {"yes": "Có"}

LEVELS = {
    "tinh": "Cấp tỉnh",
    "so": "Sở, ban, ngành",
    "huyen": "Cấp huyện",
    "xa": "Cấp xã",
}

GROUPS = {
    "tinh": "Cấp tỉnh",
    "so": "Các sở, ban, ngành",
    "huyen": "Cấp huyện",
    "xa": "Cấp xã",
    "other": "Nhóm khác",
}

KINDS = {
    "flag": "Có hoặc không",
    "choice": "Chọn trạng thái",
    "count": "Số đếm",
    "mean": "Số trung bình",
    "money": "Số tiền",
    "percent": "Tỷ lệ phần trăm",
    "frequency": "Số lần trong năm",
    "text": "Chữ",
    "contact": "Người liên hệ",
}

RULES = {
    "flag": "Có thì tối đa",
    "options": "Theo trạng thái",
    "ratio": "Tỷ lệ",
    "steps": "Bảng mức",
    "per_item": "Mỗi cái",
    "percent": "Phần trăm theo báo cáo",
    "relative_to_best": "So với cao nhất",
    "min_max": "Min-Max",
    "parts": "Nhiều phần",
    "gate": "Có điều kiện",
    "sum_of_children": "Cộng mục con",
    "best_of": "Cách tốt nhất",
    "deductions": "Trừ điểm",
    "appraised": "Thẩm định",
    "untabled": "Chưa có quy tắc",
}

EVENT = "event"
"""What stands among the inner rules for an event that costs points: no rule of its own."""
INNER_RULES = {**RULES, EVENT: "Sự việc trừ điểm"}

FACTOR, UNCAPPED = "factor", "uncapped"
"""`below` as a clause's own arithmetic; `scale_at`, which divides and names no cap."""
BELOW = {
    "proportional": "Bằng chính tỷ lệ",
    "scaled": "Chia cho ngưỡng",
    "zero": "0 điểm",
    FACTOR: "Theo hệ số",
    UNCAPPED: "Chia cho ngưỡng, không trần",
}

PEERS = {"group": "Các đơn vị trong nhóm", "external": "Tỉnh khác"}

RELATIVE = {"self": "Đơn vị được đánh giá", "parent": "Đơn vị cấp trên"}
AGGREGATE = {"sum": "Cộng lại"}

READINGS = {reading: words.capitalize() for reading, words in READING.items()}
ERRATA = {kind: words.capitalize() for kind, words in ERRATUM.items()}
FOUND_BY = {"checker": "Phép kiểm tra", "reader": "Người đọc"}
