"""The workbook in which a unit gives the figures about itself."""

from collections.abc import Collection, Iterator, Mapping

from dti_core.figures import Figure
from dti_core.framework.describe import describe
from dti_core.framework.model import Criterion, Framework, Pillar, Variable
from dti_core.intake.layout import EVIDENCE, NOTE, SELF_POINTS, SELF_ROW, VALUE, figure_key
from dti_core.program.load import RoundContext
from dti_core.program.requests import Request
from dti_core.rational import vietnamese
from dti_core.scoring.explain import providers
from reports.workbooks.book import Book
from reports.workbooks.cover import cover, figures_facts
from reports.workbooks.general import general_information
from reports.workbooks.prior import prior_text
from reports.workbooks.sheet import Column, Input, Sheet, Text, style

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
    general_information(book, framework, unit)
    asked: dict[str, list[str]] = {}
    for item in request.own:
        asked.setdefault(item.criterion, []).append(item.variable)
    for pillar in framework.pillars:
        if any(row.code in asked for row in pillar.rows):
            _pillar(book, framework, pillar, unit.id, asked, prior)
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
    yield "Điểm tự đánh giá ghi ở dòng cuối của từng tiêu chí, từ 0 đến điểm tối đa."
    yield "Không xóa, không chép thêm trang, dòng hay cột; được phép lưu thành .xlsx hoặc .ods."
    yield f"Gửi lại tệp này trước khi hết ngày {round_.closes.on:%d/%m/%Y}."


def _pillar(
    book: Book,
    framework: Framework,
    pillar: Pillar,
    unit: str,
    asked: Mapping[str, list[str]],
    prior: Prior,
) -> None:
    year = book.context.round.evaluation_year
    points = "" if pillar.max_points is None else f" (tối đa {vietnamese(pillar.max_points)} điểm)"
    sheet = Sheet(
        book,
        f"{pillar.code}. {pillar.name}",
        f"{pillar.code}. {pillar.name}{points}",
        [
            Column("Mục", 7),
            Column("Số liệu", 56),
            Column("Đơn vị tính", 12),
            Column(f"Năm {year - 1}", 14),
            Column(f"Năm {year}", 24, VALUE),
            Column("Điểm tự đánh giá", 10, SELF_POINTS),
            Column("Tài liệu kiểm chứng", 30, EVIDENCE),
            Column("Ghi chú", 22, NOTE),
        ],
    )
    elsewhere: dict[str, list[str]] = {}
    for row in pillar.rows:
        if row.code in asked:
            _criterion(book, sheet, row, unit, asked[row.code], prior)
        elif any(child.code in asked for child in row.children):
            _heading(book, sheet, row)
        elif row.variables:
            who = dict.fromkeys(w for v in row.variables for w in providers(framework, row, v))
            elsewhere.setdefault(", ".join(who), []).append(row.code)
    if elsewhere:
        words = "; ".join(f"{', '.join(rows)} ({who})" for who, rows in elsewhere.items())
        sheet.remark("elsewhere", f"Do cơ quan khác cung cấp, đơn vị không phải điền: {words}.")


def _criterion(
    book: Book, sheet: Sheet, row: Criterion, unit: str, variables: Collection[str], prior: Prior
) -> None:
    _heading(book, sheet, row)
    for name, variable in row.variables.items():
        if name not in variables:
            continue
        sheet.add(
            figure_key(row.code, name),
            [
                Text(name if len(name) == 1 < len(row.variables) else "", style=CENTRE),
                Text(_label(variable)),
                Text(unit_of_measure(variable), style=CENTRE),
                Text(prior_text(row, name, prior.get((unit, row.code, name))), style=RIGHT),
                Input(variable),
                Text(),
                Input(),
                Input(),
            ],
        )
    if row.max_points:
        most = vietnamese(row.max_points)
        sheet.add(
            figure_key(row.code, SELF_ROW),
            [
                Text(),
                Text(f"Điểm tự đánh giá (từ 0 đến {most})", style=style(italic=True)),
                Text("điểm", style=CENTRE),
                Text(),
                Text(),
                Input(Variable(label="Điểm", kind="mean"), most=float(row.max_points)),
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
            Text(lead=most, span=2, style=CENTRE),
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
