"""The workbook in which an agency gives figures about the units that it knows of."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from dti_core.framework.model import Criterion, Framework
from dti_core.framework.sheets.words import LEVELS
from dti_core.intake.form_words import alone
from dti_core.intake.layout import EVIDENCE, HEADINGS, NOTE, VALUE, about_key, figure_key
from dti_core.program.load import RoundContext
from dti_core.program.requests import Item, Request
from reports.workbooks import wide
from reports.workbooks.book import Book
from reports.workbooks.cover import cover, due_on, figures_facts
from reports.workbooks.figure_rows import CENTRE, FigureRows, Prior
from reports.workbooks.prior import prior_text
from reports.workbooks.sheet import Column, Entry, Input, Sheet, Text, style

SHEET = "Số liệu"


def about_units_workbook(
    context: RoundContext, request: Request, prior: Prior, due: date | None = None
) -> bytes:
    """The .xlsx for the figures that one provider gives about units (`request.about_units`).

    A page of each framework: a row a unit, a column a figure; where the framework has one unit
    only, a row a figure. Last year's figures stand beside the cells, or on a page of their own that
    is only read. The same request gives the same bytes.

    due  where the provider has a deadline of its own
    """
    items = request.asked(own=False)
    book = Book(context, "about_units", request.provider, [item.unit for item in items])
    title = "Biểu mẫu cung cấp số liệu về các đơn vị"
    single = alone(context, items)
    several = len({item.unit for item in items} - single) > 0
    cover(book, title, figures_facts(book, due), _how(context, due, single, several=several))
    for framework in book.frameworks:
        mine = [item for item in items if context.framework_of(item.unit).id == framework.id]
        tail = f" {LEVELS[framework.level].lower()}" if len(book.frameworks) > 1 else ""
        if mine[0].unit in single:
            _upright(book, framework, request, mine[0].unit, prior, f"{SHEET}{tail}")
            continue
        _page(book, framework, mine, prior, f"{SHEET}{tail}")
        if any(item.key in prior for item in mine):
            year = context.round.evaluation_year - 1
            _page(book, framework, mine, prior, f"Năm {year}{tail}", past=year)
    return book.finish()


def _how(
    context: RoundContext, due: date | None, single: Iterable[str], *, several: bool
) -> Iterator[str]:
    round_ = context.round
    if several:
        yield f"Trang “{SHEET}”: mỗi dòng một đơn vị, mỗi cột một số liệu; chỉ điền ô nền vàng."
    for unit in sorted(single):
        name = context.program.unit[unit].name
        yield (
            f"Trang “{SHEET}”: mỗi dòng một số liệu về {name}; chỉ điền ô nền vàng. Mỗi số liệu"
            " nêu tài liệu kiểm chứng: số, ngày của văn bản hoặc tên tệp gửi kèm."
        )
    yield f"Số liệu tính từ {round_.data_from.on:%d/%m/%Y} đến hết {round_.data_to.on:%d/%m/%Y}."
    yield "Số nguyên viết liền, không có dấu chấm hay phẩy (1204); tỷ lệ viết kèm dấu % (98,6%)."
    yield "Không phát sinh thì ghi 0; chưa có số liệu thì để trống."
    yield "Không xóa, không chép thêm trang, dòng hay cột; được phép lưu thành .xlsx hoặc .ods."
    yield f"Gửi lại tệp này trước khi hết ngày {due_on(context, due):%d/%m/%Y}."


def _upright(
    book: Book,
    framework: Framework,
    request: Request,
    unit: str,
    prior: Prior,
    name: str,
) -> None:
    """The page of a framework with one unit: a row a figure under the heading of its criterion."""
    year = book.context.round.evaluation_year
    sheet = Sheet(
        book,
        name,
        f"{framework.title}: số liệu năm {year} về {book.context.program.unit[unit].name}",
        [
            Column("Mục", 7),
            Column("Số liệu", 60),
            Column("Đơn vị tính", 13),
            Column(f"Năm {year - 1}", 14),
            Column(f"Năm {year}", 26, VALUE),
            Column(HEADINGS[EVIDENCE], 32, EVIDENCE),
            Column(HEADINGS[NOTE], 22, NOTE),
        ],
    )
    rows = FigureRows(request, unit, prior)
    asked: dict[str, list[Item]] = {}
    for item in request.about_units:
        if item.unit == unit:
            asked.setdefault(item.criterion, []).append(item)
    for pillar in framework.pillars:
        mine = [
            row
            for row in pillar.rows
            if row.code in asked or any(child.code in asked for child in row.children)
        ]
        if mine:
            title, indented = f"{pillar.code}. {pillar.name}", style(indent=1)
            across = len(sheet.columns)
            sheet.band(f"pillar{pillar.code}", [Text(lead=title, span=across, style=indented)])
        for row in mine:
            items = asked.get(row.code, [])
            remark = told_of_parts(row, items)
            needs = [Text(f"Cần gửi: {row.evidence}", 2)] if row.evidence else []
            name = Text(f"\n{remark}" if remark else "", 4 if needs else 6, lead=row.name)
            sheet.band(row.code, [Text(lead=row.code, style=CENTRE), name, *needs])
            wanted = {item.variable for item in items}
            for variable in row.variables:
                if variable in wanted:
                    rows.add(sheet, about_key(unit, row.code, variable), row, variable)


def told_of_parts(row: Criterion, items: Iterable[Item]) -> str:
    """What a provider has to know where several give figures of a row; empty where it is alone."""
    shared = [row.provider_of(item.variable) for item in items if item.part]
    if any(each and each.aggregate == "sum" for each in shared):
        return (
            "Nhiều nơi cùng cung cấp, các phần được cộng lại: chỉ ghi phần của cơ quan, đơn vị"
            " mình."
        )
    return "Nhiều nơi cùng trả lời mục này." if shared else ""


def _page(
    book: Book,
    framework: Framework,
    items: Sequence[Item],
    prior: Prior,
    name: str,
    past: int | None = None,
) -> None:
    """A page to be filled in, or with `past` the figures of that year, without keys."""
    of_row: dict[str, list[Item]] = {}
    for item in items:
        of_row.setdefault(item.criterion, []).append(item)
    asked = [
        (row.code, name)
        for row in framework.rows
        for name in row.variables
        if any(item.variable == name for item in of_row.get(row.code, ()))
    ]
    remarks = {
        code: f" ({told})"
        for code, mine in of_row.items()
        if (told := told_of_parts(framework.by_code[code], mine))
    }
    columns = [
        Column("", wide.width(framework, each), "" if past else figure_key(*each)) for each in asked
    ]
    year = past or book.context.round.evaluation_year
    of_level = f", {LEVELS[framework.level].lower()}" if len(book.frameworks) > 1 else ""
    sheet = Sheet(
        book,
        name,
        # no longer than the columns that every printed page repeats
        f"Số liệu năm {year}{of_level}" + (" (để đối chiếu)" if past else ""),
        [Column("TT", 5), Column("Đơn vị", 34), *columns],
        heads=[
            wide.criteria(framework, asked, remarks),
            wide.evidence(framework, asked),
            *wide.labels(framework, asked),
        ],
        breaks=wide.breaks(asked, columns),
        frozen_columns=len(wide.NAMES),
    )
    wanted = {item.key for item in items}
    units = {item.unit for item in items}
    ordered = [unit for unit in book.context.program.units if unit.id in units]
    for number, unit in enumerate(ordered, 1):
        cells: list[Entry] = [Text(number, style=CENTRE), Text(unit.name)]
        for code, variable in asked:
            criterion = framework.by_code[code]
            before = prior.get((unit.id, code, variable))
            shown = prior_text(criterion, variable, before)
            if past or (unit.id, code, variable) not in wanted:
                cells.append(Text(shown if past else "", style=style(align="right")))
                continue
            hint = None
            if before is not None and before.value is not None:
                hint = f"Năm {book.context.round.evaluation_year - 1}: {shown}"
            cells.append(Input(criterion.variables[variable], hint=hint))
        sheet.add(f"#{unit.id}" if past else unit.id, cells)
