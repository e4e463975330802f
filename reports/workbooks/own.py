"""The workbook in which a unit gives the figures about itself."""

from collections.abc import Iterator
from datetime import date

from dti_core.framework.describe import describe
from dti_core.framework.model import Criterion, Framework, Pillar
from dti_core.intake.layout import EVIDENCE, NOTE, SELF_POINTS, SELF_ROW, VALUE, figure_key
from dti_core.program.load import RoundContext
from dti_core.program.policies import Scoring
from dti_core.program.requests import INFORMATION, Request
from dti_core.rational import vietnamese
from dti_core.scoring.explain import providers
from reports.workbooks.book import Book
from reports.workbooks.cover import cover, due_on, figures_facts
from reports.workbooks.figure_rows import CENTRE, FigureRows, Prior
from reports.workbooks.formulas import points_formula
from reports.workbooks.general import general_information
from reports.workbooks.self_assessed import POINTS, SelfAssessed, how_points
from reports.workbooks.sheet import Column, Formula, Input, Sheet, Text, style


def own_workbook(
    context: RoundContext, request: Request, prior: Prior, due: date | None = None
) -> bytes:
    """The .xlsx for one unit's own figures (`request.own`), last year's beside them, and for the
    points that it gives itself.

    The same request gives the same bytes. `due`: where the unit has a deadline of its own.
    """
    unit = context.program.unit[request.provider]
    framework = context.framework_of(unit.id)
    book = Book(context, "own", unit.id, [unit.id])
    figures = bool(request.own)
    title = "Biểu mẫu cung cấp số liệu" if figures else "Biểu mẫu tự đánh giá, chấm điểm"
    how = _how(context, due) if figures else how_points(context, request, due)
    cover(book, title, figures_facts(book, due), how)
    told = general_information(book, framework, unit) if framework.information else {}
    pages = _Pages(book, framework, request, prior)
    pages.rows.cells |= {(INFORMATION, code): cell for code, cell in told.items()}
    for pillar in framework.pillars:
        if any(row.code in pages.asked for row in pillar.rows):
            pages.pillar(pillar)
        elif any(row.code in pages.points for row in pillar.rows):
            pages.points.page(book, pillar)
    return book.finish()


def _how(context: RoundContext, due: date | None) -> Iterator[str]:
    round_ = context.round
    yield "Chỉ điền vào các ô nền vàng; các ô khác được khóa."
    yield (
        f"Số liệu tính từ {round_.data_from.on:%d/%m/%Y} đến hết {round_.data_to.on:%d/%m/%Y};"
        f" cột “Năm {round_.evaluation_year - 1}” chỉ để đối chiếu."
    )
    yield "Số nguyên viết liền, không có dấu chấm hay phẩy (1204); tỷ lệ viết kèm dấu % (98,6%)."
    yield "Không phát sinh thì ghi 0; chưa thống kê được thì để trống và nói rõ ở cột Ghi chú."
    yield "Mỗi số liệu nêu tài liệu kiểm chứng: số, ngày của văn bản hoặc tên tệp gửi kèm."
    yield (
        "Cột “Điểm theo số liệu” tự tính để tham khảo khi số liệu đã đủ; dấu – là mục còn chờ số"
        " liệu của cơ quan khác hoặc so sánh trong nhóm."
    )
    yield "Điểm tự đánh giá ghi ở dòng cuối của từng tiêu chí, từ 0 đến điểm tối đa."
    yield "Không xóa, không chép thêm trang, dòng hay cột; được phép lưu thành .xlsx hoặc .ods."
    yield f"Gửi lại tệp này trước khi hết ngày {due_on(context, due):%d/%m/%Y}."


class _Pages:
    """The pages of a unit's own figures, one a pillar.

    asked   row code → the variables that the unit gives
    points  the rows that take its points and no figures
    """

    def __init__(self, book: Book, framework: Framework, request: Request, prior: Prior) -> None:
        self.book, self.framework = book, framework
        # the points that the figures give, and those that the unit gives itself
        self.rows = FigureRows(request, request.provider, prior, between=(Text(), Text()))
        self.points = SelfAssessed(book.context, request)
        self.asked: dict[str, list[str]] = {}
        for item in request.own:
            self.asked.setdefault(item.criterion, []).append(item.variable)

    def pillar(self, pillar: Pillar) -> None:
        year = self.book.context.round.evaluation_year
        most = pillar.max_points
        points = "" if most is None else f" (tối đa {vietnamese(most)} điểm)"
        sheet = Sheet(
            self.book,
            f"{pillar.code}. {pillar.name}",
            f"{pillar.code}. {pillar.name}{points}",
            [
                Column("Mục", 7),
                Column("Số liệu", 54),
                Column("Đơn vị tính", 12),
                Column(f"Năm {year - 1}", 13),
                Column(f"Năm {year}", 24, VALUE),
                Column("Điểm theo số liệu", 9),
                Column("Điểm tự đánh giá", 9, SELF_POINTS),
                Column("Tài liệu kiểm chứng", 28, EVIDENCE),
                Column("Ghi chú", 20, NOTE),
            ],
        )
        elsewhere: dict[str, list[str]] = {}
        for row in pillar.rows:
            if row.code in self.asked:
                self._criterion(sheet, row)
            elif row.code in self.points:
                _heading(self.book, sheet, row)
                self.points.among_figures(sheet, row)
            elif any(child.code in self.asked for child in row.children):
                _heading(self.book, sheet, row)
            elif row.variables:
                who = dict.fromkeys(
                    w for v in row.variables for w in providers(self.framework, row, v)
                )
                elsewhere.setdefault(", ".join(who), []).append(row.code)
        if elsewhere:
            words = "; ".join(f"{', '.join(rows)} ({who})" for who, rows in elsewhere.items())
            told = f"Do cơ quan khác cung cấp, đơn vị không phải điền: {words}."
            sheet.remark("elsewhere", told)

    def _criterion(self, sheet: Sheet, row: Criterion) -> None:
        _heading(self.book, sheet, row)
        for name in row.variables:
            if name in self.asked[row.code]:
                self.rows.add(sheet, figure_key(row.code, name), row, name)
        if row.max_points:
            self._points(sheet, row)

    def _points(self, sheet: Sheet, row: Criterion) -> None:
        """The row that takes the self-assessed points, the computed ones beside."""
        policies = self.book.context.program.policies
        rule = row.rule_under(policies.reading_of(row.code) or "as_written")
        mine = {name: cell for (code, name), cell in self.rows.cells.items() if code == row.code}
        digits = policies.rounding.value.digits if policies.rounding else 2
        formula = points_formula(row, rule, mine, Scoring.of(policies), digits)
        looks = style(align="right", italic=True, num_format="General")
        sheet.add(
            figure_key(row.code, SELF_ROW),
            [
                Text(),
                Text(
                    f"Điểm tự đánh giá (từ 0 đến {vietnamese(row.max_points or 0)})",
                    style=style(italic=True),
                ),
                Text("điểm", style=CENTRE),
                Text(),
                Text(),
                Formula(formula, looks) if formula else Text("–", style=CENTRE),
                Input(POINTS, most=float(row.max_points or 0)),
                Text(),
                Input(),
            ],
        )


def _heading(book: Book, sheet: Sheet, row: Criterion) -> None:
    """The criterion: code, official name, rule in words, maximum, evidence asked for."""
    reading = book.context.program.policies.reading_of(row.code) or "as_written"
    rule = "\n".join(describe(row, row.rule_under(reading)))
    most = "Không tính điểm" if not row.max_points else f"Tối đa {vietnamese(row.max_points)} điểm"
    sheet.band(
        row.code,
        [
            Text(lead=row.code, style=CENTRE),
            Text(f"\n{rule}", 3, lead=row.name),
            Text(lead=most, span=3, style=CENTRE),
            Text(f"Cần gửi: {row.evidence}" if row.evidence else "", 2),
        ],
    )
