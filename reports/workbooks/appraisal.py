"""The workbook in which an appraiser gives points (thẩm định)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlsxwriter.utility import xl_rowcol_to_cell

from dti_core.framework.model import Variable
from dti_core.intake.layout import APPRAISED, CHANGED, KEPT, REASON, figure_key
from dti_core.program.load import RoundContext
from dti_core.rational import round_half_up, vietnamese
from dti_core.records.flags import STATUS_TEXT
from dti_core.records.tables import FlagRecord
from reports.workbooks.book import NOTICE, Book
from reports.workbooks.cover import cover
from reports.workbooks.sheet import Column, Input, Sheet, Text, style

SHEET = "Thẩm định"

_UNIT, _COMPUTED, _POINTS, _REASON = 2, 7, 10, 11
"""Places of columns on the page, the hidden key being 0."""


@dataclass(frozen=True)
class AppraisalRow:
    """One criterion of one unit as the appraiser sees it.

    figures        the figures in words
    self_points    what the unit gave itself
    computed       what the rule gives; None where it cannot be computed, then low and high bound it
    flags          doubts in words, as `doubts_told` puts them
    explanation    what the unit answered and the officer decided, as `answers_told` puts them
    """

    unit: str
    criterion: str
    figures: str
    self_points: Fraction | None
    computed: Fraction | None
    low: Fraction | None
    high: Fraction | None
    flags: str = ""
    explanation: str = ""


def appraisal_workbook(
    context: RoundContext, appraiser: str, rows: Sequence[AppraisalRow]
) -> bytes:
    """The .xlsx with a row for each criterion of each unit that one appraiser judges.

    `appraiser` is a unit of the program, or the name of a role. The same rows give the same bytes.
    """
    book = Book(context, "appraisal", appraiser, [row.unit for row in rows])
    facts = [
        ("Người thẩm định", book.provider_name),
        ("Căn cứ", f"{context.program.decree}; {'; '.join(f.title for f in book.frameworks)}"),
        ("Năm đánh giá", str(context.round.evaluation_year)),
        ("Số dòng cần cho điểm", str(len(rows))),
    ]
    cover(book, "Biểu mẫu thẩm định điểm", facts, _how())
    sheet = Sheet(
        book,
        SHEET,
        "Điểm thẩm định từng tiêu chí",
        [
            Column("TT", 5),
            Column("Đơn vị", 20),
            Column("Tiêu chí", 36),
            Column("Tối đa", 8),
            Column("Số liệu", 26),
            Column("Điểm tự đánh giá", 9),
            Column("Điểm tính theo quy tắc", 12),
            Column("Điểm cần lưu ý", 30),
            Column("Giải trình của đơn vị, quyết định của cán bộ", 30),
            Column("Điểm thẩm định", 11, APPRAISED),
            Column("Lý do (khi khác điểm tính)", 30, REASON),
        ],
        frozen_columns=_UNIT,
    )
    first = sheet.next_row
    for number, row in enumerate(rows, 1):
        _row(book, sheet, number, row)
    if rows:
        last = sheet.next_row - 1
        sheet.page.autofilter(first - 1, 1, last, len(sheet.columns))
        _remind_of_reason(book, sheet, first, last)
    return book.finish()


def doubts_told(flags: Sequence[FlagRecord]) -> str:
    """Doubts about one row in words, a line each, numbered where there are several."""
    return "\n".join(f"{lead}{flag.message}" for lead, flag in _numbered(flags))


def answers_told(flags: Sequence[FlagRecord]) -> str:
    """What became of the same doubts: the unit's answer, then how they stand and the officer's
    reason."""
    return "\n".join(f"{lead}{_answered(flag)}" for lead, flag in _numbered(flags))


def _numbered(flags: Sequence[FlagRecord]) -> Iterator[tuple[str, FlagRecord]]:
    for number, flag in enumerate(flags, 1):
        yield (f"({number}) " if len(flags) > 1 else ""), flag


def _answered(flag: FlagRecord) -> str:
    status = STATUS_TEXT[flag.status].capitalize()
    decided = f"{status}: {flag.officer_reason}" if flag.officer_reason else status
    if not flag.explanation:
        return f"{decided}."
    chosen = f"{CHANGED} thành {flag.corrected}" if flag.corrected else CHANGED
    said = KEPT if flag.decision == "kept" else chosen
    return f"{said}: {flag.explanation} [{decided}]"


def _how() -> Iterator[str]:
    yield "Mỗi dòng là một tiêu chí của một đơn vị; chỉ điền vào các ô nền vàng."
    yield "Điểm thẩm định từ 0 đến điểm tối đa; dòng để trống là chưa thẩm định."
    yield "Điểm thẩm định khác điểm tính theo quy tắc thì phải ghi lý do (ô lý do hiện màu đỏ)."
    yield "Nghi vấn quá hạn không được giải trình: cho điểm và ghi lý do, dù giữ điểm tính."
    yield "Hai số ngăn bởi dấu “–” là khoảng điểm có thể, khi số liệu chưa đủ để tính."
    yield "Không xóa, không chép thêm trang, dòng hay cột; gửi lại chính tệp này."


def _row(book: Book, sheet: Sheet, number: int, row: AppraisalRow) -> None:
    criterion = book.context.framework_of(row.unit).by_code[row.criterion]
    most = criterion.max_points
    centre, right = style(align="center"), style(align="right")
    points = Variable(label="Điểm", kind="mean")
    sheet.add(
        figure_key(row.unit, row.criterion),
        [
            Text(number, style=centre),
            Text(book.context.program.unit[row.unit].name),
            Text(f"{row.criterion}. {criterion.name}"),
            Text("" if most is None else vietnamese(most), style=right),
            Text(row.figures),
            Text("" if row.self_points is None else vietnamese(row.self_points), style=right),
            Text(_computed(book, row), style=(*right, ("num_format", "#,##0.00"))),
            Text(row.flags),
            Text(row.explanation),
            Input(points, most=None if most is None else float(most)),
            Input(),
        ],
    )


def _digits(book: Book) -> int:
    rounding = book.context.program.policies.rounding
    return rounding.value.digits if rounding else 2


def _computed(book: Book, row: AppraisalRow) -> str | float:
    """The computed points as they will be published, or the bounds between which they lie."""
    digits = _digits(book)
    if row.computed is not None:
        return float(round_half_up(row.computed, digits))
    low, high = (
        "?" if bound is None else vietnamese(round_half_up(bound, digits))
        for bound in (row.low, row.high)
    )
    return f"{low} – {high}"


def _remind_of_reason(book: Book, sheet: Sheet, first: int, last: int) -> None:
    """Frame the reason in red while points differ from the computed ones without one."""

    def at(column: int) -> str:
        return xl_rowcol_to_cell(first, column, col_abs=True)

    computed, points, reason = at(_COMPUTED), at(_POINTS), at(_REASON)
    differs = f"OR(NOT(ISNUMBER({computed})),ROUND({points}-{computed},{_digits(book)})<>0)"
    sheet.page.conditional_format(
        first,
        _REASON,
        last,
        _REASON,
        {
            "type": "formula",
            "criteria": f'=AND({points}<>"",{differs},TRIM({reason})="")',
            "format": book.mark(border=1, border_color=NOTICE, bg_color="#FEE2E2"),
        },
    )
