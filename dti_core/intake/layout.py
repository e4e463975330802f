"""How a workbook that goes out is laid out, so that it can be read when it comes back.

Cells are found by keys, not by place: row 1 of a data sheet is hidden and holds the column keys,
the column whose key is `key` is hidden and holds the row keys. Moved columns and inserted rows do
no harm. The sheet `_dti` (very hidden) says what the workbook is, as key and value per row.
"""

from typing import Literal

META_SHEET = "_dti"
META_KEYS = ("kind", "round", "provider", "framework", "sha256")
KEY = "key"

WorkbookKind = Literal["own", "about_units", "explanation", "appraisal"]

# Column keys of the sheets of an `own` workbook; a row key is "criterion|variable", or
# "criterion|@self" on the row that takes the self-assessed points of the criterion.
VALUE, SELF_POINTS, EVIDENCE, NOTE = "value", "self", "evidence", "note"
SELF_ROW = "@self"

# An `about_units` workbook: row keys are units, column keys "criterion|variable".

# An `explanation` workbook: row keys are flag ids.
DECISION, CORRECTED, REASON = "decision", "corrected", "reason"
KEPT, CHANGED = "Giữ nguyên", "Điều chỉnh"

# An `appraisal` workbook: row keys are "unit|criterion".
APPRAISED = "appraised"


def figure_key(criterion: str, variable: str) -> str:
    return f"{criterion}|{variable}"


def split_key(key: str) -> tuple[str, str]:
    """("1.2.2", "a") of "1.2.2|a". Raises ValueError for anything else."""
    first, separator, second = key.partition("|")
    if not separator or not first or not second:
        raise ValueError(key)
    return first, second
