"""The workbook in which an appraiser gives points (thẩm định), and the one in which the chair
decides where appraisers differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from dti_core.framework.model import Variable
from dti_core.intake.layout import APPRAISED, REASON, figure_key
from dti_core.program.appraisal import CHAIR
from dti_core.program.load import RoundContext
from dti_core.program.routing import member_of, verifier_name
from dti_core.rational import round_half_up, vietnamese
from dti_core.records.assignments import due_of
from reports.workbooks.book import NOTICE, Book
from reports.workbooks.cover import cover
from reports.workbooks.sheet import Column, Formula, Input, Sheet, Text, style

SHEET = "Thẩm định"

_FIRST = 3
"""Place of the first row under the hidden keys, the title and the headings."""
_OWN, _COMPUTED = 7, 8
"""Places of columns on the page, the hidden key being 0."""


@dataclass(frozen=True)
class AppraisalRow:
    """One criterion of one unit as the appraiser sees it; what is told of it is in words.

    figures        the figures with their labels, a line each
    self_points    what the unit gave itself
    computed       what the rule gives; None where it cannot be, then low and high bound it;
                   all three None where the text has no rule to compute by
    flags          doubts, as `appraisal_words.doubts_told` puts them
    explanation    what the unit answered and the officer decided, as `answers_told` puts them
    prior          the figures of the year before
    evidence       the documents that were named, and whether the files came
    others         what each appraiser gave, and why: for the chair
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
    prior: str = ""
    evidence: str = ""
    others: str = ""


class _AppraisalBook(Book):
    """A workbook that somebody signs who may be a member of the council, or its chair."""

    @property
    def provider_name(self) -> str:
        return verifier_name(self.context, self.provider)


def appraisal_workbook(
    context: RoundContext, appraiser: str, rows: Sequence[AppraisalRow]
) -> bytes:
    """The .xlsx with a row for each criterion of each unit that one appraiser judges, unit by unit.

    `appraiser` is a unit of the program, a member of its council, or CHAIR: his has what the others
    gave. Rows of one unit follow each other. The same rows give the same bytes.
    """
    book = _AppraisalBook(context, "appraisal", appraiser, [row.unit for row in rows])
    columns = _columns(decides=appraiser == CHAIR)
    place = {column.key: number for number, column in enumerate(columns, 1) if column.key}
    last = _FIRST + len(rows) + len({row.unit for row in rows}) - 1
    cover(book, _title(appraiser), _facts(book, len(rows), place[APPRAISED], last), _how(appraiser))
    sheet = Sheet(book, SHEET, _heading(appraiser), columns, frozen_columns=2)
    number, one_line = 0, style(text_wrap=False)
    for unit, mine in groupby(rows, key=lambda row: row.unit):
        name = context.program.unit[unit].name
        sheet.band(
            f"unit-{unit}",
            [Text(), Text(lead=name, style=one_line), *(Text() for _ in columns[2:])],
        )
        for row in mine:
            number += 1
            _row(book, sheet, number, row, decides=appraiser == CHAIR)
    if rows:
        sheet.page.autofilter(_FIRST - 1, 1, last, len(columns))
        _remind_of_reason(book, sheet, last, always=appraiser == CHAIR)
    return book.finish()


def _columns(*, decides: bool) -> list[Column]:
    others = [Column("Điểm, lý do của từng nơi thẩm định", 32)] if decides else []
    return [
        Column("TT", 5),
        Column("Đơn vị", 14),
        Column("Tiêu chí", 30),
        Column("Tối đa", 7),
        Column("Số liệu", 30),
        Column("Số liệu năm trước", 12),
        Column("Điểm tự đánh giá", 9),
        Column("Điểm tính theo quy tắc", 10),
        Column("Điểm cần lưu ý", 24),
        Column("Giải trình của đơn vị, quyết định của cán bộ", 24),
        Column("Tài liệu kiểm chứng", 22),
        *others,
        Column("Điểm quyết định" if decides else "Điểm thẩm định", 10, APPRAISED),
        Column("Lý do", 26, REASON),
    ]


def _title(appraiser: str) -> str:
    if appraiser == CHAIR:
        return "Biểu mẫu quyết định điểm thẩm định"
    return "Biểu mẫu thẩm định điểm"


def _heading(appraiser: str) -> str:
    if appraiser == CHAIR:
        return "Các dòng có điểm thẩm định khác nhau"
    return "Điểm thẩm định từng tiêu chí"


def _facts(book: Book, rows: int, points: int, last: int) -> list[tuple[str, str | Formula]]:
    context, due = book.context, due_of(book.context)
    by = context.round.appraise_by
    member = member_of(context, book.provider)
    council = context.program.appraisal.council
    column = xl_col_to_name(points, col_abs=True)
    cells = f"'{SHEET}'!{column}${_FIRST + 1}:{column}${max(last, _FIRST) + 1}"
    found: list[tuple[str, str | Formula]] = [
        ("Người quyết định" if book.provider == CHAIR else "Người thẩm định", book.provider_name),
        ("Căn cứ", f"{context.program.decree}; {'; '.join(f.title for f in book.frameworks)}"),
        ("Năm đánh giá", str(context.round.evaluation_year)),
        (
            "Số dòng đã cho điểm",
            Formula(f'=COUNTA({cells})&" / {rows}"', value=f"0 / {rows}"),
        ),
    ]
    if member is not None and council is not None:
        found.insert(1, ("Hội đồng", council.name))
    if due is not None and by is not None:
        found.append(("Hạn thẩm định", f"hết ngày {due:%d/%m/%Y} ({by.basis})"))
    return [*found, ("Nơi nhận", context.program.letterhead.issuer)]


def _how(appraiser: str) -> Iterator[str]:
    yield "Mỗi dòng là một tiêu chí của một đơn vị; chỉ điền vào các ô nền vàng."
    if appraiser == CHAIR:
        yield "Các nơi thẩm định cho điểm khác nhau ở những dòng này; điểm quyết định là điểm cuối."
        yield "Mỗi điểm quyết định đều phải ghi lý do."
    else:
        yield "Điểm từ 0 đến điểm tối đa. Đồng ý với điểm tính thì nhập đúng điểm đó hoặc để trống."
        yield (
            "Điểm khác điểm tính (không có điểm tính thì khác điểm tự đánh giá) phải ghi lý do: ô"
            " lý do hiện màu đỏ."
        )
        yield (
            "Nghi vấn quá hạn không được giải trình, hoặc dòng không có điểm tính lẫn điểm tự đánh"
            " giá: phải cho điểm và ghi lý do."
        )
    yield (
        "Điểm tính: hai số ngăn bởi dấu “–” là khoảng điểm có thể, khi số liệu chưa đủ để tính; chỉ"
        " có dấu “–” là văn bản không có quy tắc tính."
    )
    yield "Gửi lại nhiều lần được: tệp sau thay điểm của tệp trước; ô để trống giữ điểm đã gửi."
    yield "Không xóa, không chép thêm trang, dòng hay cột; gửi lại chính tệp này."


def _row(book: Book, sheet: Sheet, number: int, row: AppraisalRow, *, decides: bool) -> None:
    criterion = book.context.framework_of(row.unit).by_code[row.criterion]
    most, digits = criterion.max_points, _digits(book)
    centre, right = style(align="center"), style(align="right")
    shown = (*right, ("num_format", f"#,##0.{'0' * digits}" if digits else "#,##0"))
    points = Variable(label="Điểm", kind="mean")
    sheet.add(
        figure_key(row.unit, row.criterion),
        [
            Text(number, style=centre),
            Text(book.context.program.unit[row.unit].name),
            Text(f"{row.criterion}. {criterion.name}"),
            Text("" if most is None else vietnamese(most), style=right),
            Text(row.figures),
            Text(row.prior),
            Text(
                "" if row.self_points is None else float(round_half_up(row.self_points, digits)),
                style=shown,
            ),
            Text(_computed(book, row), style=shown),
            Text(row.flags),
            Text(row.explanation),
            Text(row.evidence),
            *([Text(row.others)] if decides else []),
            Input(points, most=None if most is None or most < 0 else float(most)),
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
    if row.low is None and row.high is None:
        return "–"
    low, high = (
        "?" if bound is None else vietnamese(round_half_up(bound, digits))
        for bound in (row.low, row.high)
    )
    return f"{low} – {high}"


def _remind_of_reason(book: Book, sheet: Sheet, last: int, *, always: bool) -> None:
    """Frame the reason in red while points differ from the base without one."""
    place = {column.key: number for number, column in enumerate(sheet.columns, 1) if column.key}

    def at(column: int) -> str:
        return str(xl_rowcol_to_cell(_FIRST, column, col_abs=True))

    own, computed, points = at(_OWN), at(_COMPUTED), at(place[APPRAISED])

    def unlike(base: str) -> str:
        return f"ROUND({points}-{base},{_digits(book)})<>0"

    differs = f"IF(ISNUMBER({computed}),{unlike(computed)},IF(ISNUMBER({own}),{unlike(own)},TRUE))"
    criteria = f'AND({points}<>"",{"TRUE" if always else differs},TRIM({at(place[REASON])})="")'
    sheet.page.conditional_format(
        _FIRST,
        place[REASON],
        last,
        place[REASON],
        {
            "type": "formula",
            "criteria": f"={criteria}",
            "format": book.mark(border=1, border_color=NOTICE, bg_color="#FEE2E2"),
        },
    )
