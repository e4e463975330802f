"""How a workbook that goes out is laid out, so that it can be read when it comes back.

Cells are found by keys, not by place: row 1 of a data sheet is hidden and holds the column keys,
the column whose key is `key` is hidden and holds the row keys. Moved columns and inserted rows,
also above and left of the keys, do no harm. A row whose key begins with "#" takes no answer;
"#head0", "#head1" … are the rows of headings. The sheet `_dti` (very hidden) says what the workbook
is, as key and value per row; its signature vouches for that (`signature.py`).
"""

from typing import Literal

META_SHEET = "_dti"
META_KEYS = ("kind", "round", "provider", "framework", "sha256")
SIGNATURE = "signature"
KEY = "key"

DECORATION = "#"
"""A row whose key starts so is ours and takes no answer."""
HEAD = "#head"
"""A row whose key starts so holds headings."""

WorkbookKind = Literal["own", "about_units", "explanation", "appraisal", "earlier", "improvement"]

# Column keys of the sheets of an `own` workbook; a row key is "criterion|variable", or
# "criterion|@self" on the row that takes the self-assessed points of the criterion.
VALUE, SELF_POINTS, EVIDENCE, NOTE = "value", "self", "evidence", "note"
SELF_ROW = "@self"

HEADINGS = {
    VALUE: "Trả lời",
    SELF_POINTS: "Điểm tự đánh giá",
    EVIDENCE: "Tài liệu kiểm chứng",
    NOTE: "Ghi chú",
}
ACCOUNT = "Kết quả thực hiện, giải trình điểm tự chấm"
"""The heading over the notes on a page of an `own` workbook that takes points and no figures."""
"""The headings over those columns; over answers on the pages of figures stands "Năm 2023"."""

# An `about_units` workbook: row keys are units, column keys "criterion|variable". On the page of a
# framework with one unit the row keys are "unit|criterion|variable" beside the columns of answer,
# evidence and note of an `own` workbook.

# An `explanation` workbook: row keys are flag ids.
DECISION, CORRECTED, REASON = "decision", "corrected", "reason"
KEPT, CHANGED = "Giữ nguyên", "Điều chỉnh"

# An `appraisal` workbook: row keys are "unit|criterion".
APPRAISED = "appraised"

# An `improvement` workbook: row keys are criteria, or "+1", "+2" … on lines that the unit adds.
TITLE, RESULT, TARGET, UNTIL, LEAD, PARTNERS = (
    "title",
    "result",
    "target",
    "until",
    "lead",
    "partners",
)
ADDED = "+"
"""A row whose key starts so holds a line that the unit adds itself."""


def figure_key(criterion: str, variable: str) -> str:
    return f"{criterion}|{variable}"


def about_key(unit: str, criterion: str, variable: str) -> str:
    return f"{unit}|{figure_key(criterion, variable)}"


def split_key(key: str) -> tuple[str, str]:
    """("1.2.2", "a") of "1.2.2|a". Raises ValueError for anything else."""
    first, separator, second = key.partition("|")
    if not separator or not first or not second:
        raise ValueError(key)
    return first, second
