"""The workbook in which a unit gives the figures about itself."""

from collections.abc import Iterator, Mapping

from dti_core.figures import Figure
from dti_core.framework.describe import describe
from dti_core.framework.model import Criterion, Framework, Pillar, Variable
from dti_core.intake.layout import EVIDENCE, NOTE, SELF_POINTS, SELF_ROW, VALUE, figure_key
from dti_core.program.load import RoundContext
from dti_core.program.policies import Scoring
from dti_core.program.requests import INFORMATION, Request
from dti_core.rational import vietnamese
from dti_core.scoring.explain import providers
from reports.workbooks.book import Book
from reports.workbooks.cover import cover, figures_facts
from reports.workbooks.formulas import points_formula
from reports.workbooks.general import general_information
from reports.workbooks.inputs import number_format
from reports.workbooks.prior import prior_text
from reports.workbooks.sheet import Column, Formula, Input, Sheet, Text, style

Prior = Mapping[tuple[str, str, str], Figure]
"""Last year's figures by (unit, criterion, variable)."""

CENTRE, RIGHT = style(align="center"), style(align="right")


def own_workbook(context: RoundContext, request: Request, prior: Prior) -> bytes:
    """The .xlsx for one unit's own figures (`request.own`), last year's beside them.

    The same request gives the same bytes.
    """
    unit = context.program.unit[request.provider]
    framework = context.framework_of(unit.id)
    book = Book(context, "own", unit.id, [unit.id])
    cover(book, "Biểu mẫu cung cấp số liệu", figures_facts(book), _how(context))
    told = general_information(book, framework, unit)
    pages = _Pages(book, framework, request, prior)
    pages.cells |= {(INFORMATION, code): cell for code, cell in told.items()}
    for pillar in framework.pillars:
        if any(row.code in pages.asked for row in pillar.rows):
            pages.pillar(pillar)
    return book.finish()


def _how(context: RoundContext) -> Iterator[str]:
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
    yield f"Gửi lại tệp này trước khi hết ngày {round_.closes.on:%d/%m/%Y}."


class _Pages:
    """The pages of a unit's own figures, one a pillar.

    asked  row code → the variables that the unit gives
    cells  (row code, variable) → the address of its cell, for formulas on this page and later ones
    """

    def __init__(self, book: Book, framework: Framework, request: Request, prior: Prior) -> None:
        self.book, self.framework, self.request, self.prior = book, framework, request, prior
        self.asked: dict[str, list[str]] = {}
        for item in request.own:
            self.asked.setdefault(item.criterion, []).append(item.variable)
        self.cells: dict[tuple[str, str], str] = {}

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
        for name, variable in row.variables.items():
            if name in self.asked[row.code]:
                self._figure(sheet, row, name, variable)
        if row.max_points:
            self._points(sheet, row)

    def _figure(self, sheet: Sheet, row: Criterion, name: str, variable: Variable) -> None:
        key = (self.request.provider, row.code, name)
        first = self.request.same.get(key)
        beside = [
            Text(name if len(name) == 1 < len(row.variables) else "", style=CENTRE),
            Text(_label(variable)),
            Text(unit_of_measure(variable), style=CENTRE),
            Text(prior_text(row, name, self.prior.get(key)), style=RIGHT),
        ]
        if first is not None:
            # the same quantity was asked above: shown, not asked again
            cell = self.cells[row.code, name] = self.cells[first[1:]]
            shown = style(align="right", num_format=number_format(variable))
            place = f"mục {first[1]}"
            if first[1] == INFORMATION:
                place = f"Thông tin chung, mục {first[2]}"
            told = Text(f"Lấy từ {place}", style=style(italic=True))
            same = Formula(f'=IF({cell}="","",{cell})', shown)
            sheet.add(f"#{row.code}|{name}", [*beside, same, Text(), Text(), told, Text()])
            return
        self.cells[row.code, name] = sheet.address(VALUE, sheet.next_row)
        sheet.add(
            figure_key(row.code, name),
            [*beside, Input(variable), Text(), Text(), Input(), Input()],
        )

    def _points(self, sheet: Sheet, row: Criterion) -> None:
        """The row that takes the self-assessed points, the computed ones beside."""
        policies = self.book.context.program.policies
        rule = row.rule_under(policies.reading_of(row.code) or "as_written")
        mine = {name: cell for (code, name), cell in self.cells.items() if code == row.code}
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
                Input(Variable(label="Điểm", kind="mean"), most=float(row.max_points or 0)),
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


def unit_of_measure(variable: Variable) -> str:
    """The unit of measure as the column shows it."""
    if variable.kind == "percent":
        return "%"
    if variable.kind == "flag":
        return "Có/Không"
    return "chọn một mức" if variable.kind == "choice" else variable.unit or ""


def _label(variable: Variable) -> str:
    """The label; a sum of money names its unit, so that nobody mistakes thousands."""
    if variable.kind == "money" and variable.unit and variable.unit not in variable.label:
        return f"{variable.label} ({variable.unit})"
    return variable.label
