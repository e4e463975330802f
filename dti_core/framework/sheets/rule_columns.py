"""The columns that hold a rule, and which of them each rule type takes."""

from dti_core.framework.sheets.column import Column
from dti_core.framework.sheets.words import BELOW, EVENT, PEERS, RULES, YES

RULE_COLUMNS = (
    Column("type", "Loại quy tắc", "word", 17, RULES),
    Column("of", "Số liệu hoặc phép tính", "text", 15),
    Column("threshold", "Ngưỡng", "exact", 9),
    Column("below", "Dưới ngưỡng", "word", 17, BELOW),
    Column("divide_by", "Chia cho", "exact", 8),
    Column("times", "Nhân với", "exact", 8),
    Column("both", "Ngưỡng thuộc cả hai nhánh", "word", 11, YES),
    Column("each", "Điểm mỗi cái", "points", 8),
    Column("peers", "So sánh với", "word", 13, PEERS),
    Column("floor", "Điểm sàn", "points", 8),
    Column("step", "Bước điểm", "points", 8),
)

NEEDED: dict[str, tuple[str, ...]] = {
    "flag": ("of",),
    "options": ("of",),
    "ratio": ("of",),
    "steps": ("of",),
    "per_item": ("of", "each"),
    "percent": ("of",),
    "relative_to_best": ("of", "peers"),
    "min_max": ("of", "peers"),
    "gate": ("of",),
    EVENT: ("of", "each"),
}
"""Rule type → the columns that must be filled."""

ALLOWED: dict[str, tuple[str, ...]] = {
    "ratio": ("threshold", "below", "divide_by", "times", "both"),
    "deductions": ("floor",),
    "appraised": ("step",),
}
"""Rule type → the columns that may be filled beside them."""

WITH_LEVELS = ("steps", "options")
"""Rule types whose levels stand in the sheet of levels."""

WITH_INNER: dict[str, str] = {
    "parts": "phần",
    "gate": "quy tắc khi điều kiện đạt",
    "best_of": "cách",
    "deductions": "sự việc",
}
"""Rule types that hold others → what those are called."""
