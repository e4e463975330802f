"""The workbook in which an agency gives figures about the units that it knows of."""

from collections.abc import Iterator, Sequence

from dti_core.framework.model import Framework
from dti_core.intake.layout import figure_key
from dti_core.program.load import RoundContext
from dti_core.program.requests import Item, Request
from reports.workbooks.book import Book
from reports.workbooks.cover import cover, figures_facts
from reports.workbooks.own import Prior, unit_of_measure
from reports.workbooks.prior import prior_text
from reports.workbooks.sheet import Column, Entry, Input, Sheet, Text, style

SHEET = "Số liệu"
_PAGE = 150.0
"""Widths of figure columns, in characters, that one printed page takes."""

_PLAIN = style(bold=False, font_size=9)


def about_units_workbook(context: RoundContext, request: Request, prior: Prior) -> bytes:
    """The .xlsx for the figures that one provider gives about units (`request.about_units`).

    A row a unit, a column a figure; a page of each framework. Last year's figures stand on a page
    of their own, which is only read, and beside each cell when it is chosen. The same request
    gives the same bytes.
    """
    items = request.asked(own=False)
    book = Book(context, "about_units", request.provider, [item.unit for item in items])
    title = "Biểu mẫu cung cấp số liệu về các đơn vị"
    cover(book, title, figures_facts(book), _how(context))
    for framework in book.frameworks:
        mine = [item for item in items if context.framework_of(item.unit).id == framework.id]
        tail = f" {framework.level}" if len(book.frameworks) > 1 else ""
        _page(book, framework, mine, prior, f"{SHEET}{tail}")
        if any((item.unit, item.criterion, item.variable) in prior for item in mine):
            year = context.round.evaluation_year - 1
            _page(book, framework, mine, prior, f"Năm {year}{tail}", past=year)
    return book.finish()


def _how(context: RoundContext) -> Iterator[str]:
    round_ = context.round
    yield f"Điền vào trang “{SHEET}”: mỗi dòng một đơn vị, mỗi cột một số liệu, chỉ ô nền vàng."
    yield f"Số liệu tính từ {round_.data_from.on:%d/%m/%Y} đến hết {round_.data_to.on:%d/%m/%Y}."
    yield "Số nguyên viết liền, không có dấu chấm hay phẩy (1204); tỷ lệ viết kèm dấu % (98,6%)."
    yield "Không phát sinh thì ghi 0; chưa có số liệu thì để trống."
    yield "Không xóa, không chép thêm trang, dòng hay cột; được phép lưu thành .xlsx hoặc .ods."
    yield f"Gửi lại tệp này trước khi hết ngày {round_.closes.on:%d/%m/%Y}."


def _page(
    book: Book,
    framework: Framework,
    items: Sequence[Item],
    prior: Prior,
    name: str,
    past: int | None = None,
) -> None:
    """A page to be filled in, or with `past` the figures of that year, without keys."""
    figures = {(item.criterion, item.variable) for item in items}
    asked = [
        (row.code, name)
        for row in framework.rows
        for name in row.variables
        if (row.code, name) in figures
    ]
    wanted = {(item.unit, item.criterion, item.variable) for item in items}
    columns = [
        Column("", _width(framework, *each), "" if past else figure_key(*each)) for each in asked
    ]
    year = past or book.context.round.evaluation_year
    title = f"{framework.title}: số liệu năm {year}"
    sheet = Sheet(
        book,
        name,
        f"{title} (chỉ để đối chiếu)" if past else title,
        [Column("TT", 5), Column("Đơn vị", 34), *columns],
        heads=_heads(framework, asked),
        breaks=_breaks(asked, columns),
        frozen_columns=2,
    )
    units = list(dict.fromkeys(item.unit for item in items))
    order = {unit.id: place for place, unit in enumerate(book.context.program.units)}
    for number, unit in enumerate(sorted(units, key=order.__getitem__), 1):
        cells: list[Entry] = []
        for code, variable in asked:
            criterion = framework.by_code[code]
            before = prior.get((unit, code, variable))
            shown = prior_text(criterion, variable, before)
            if past or (unit, code, variable) not in wanted:
                cells.append(Text(shown if past else "", style=style(align="right")))
                continue
            hint = None
            if before is not None and before.value is not None:
                hint = f"Năm {book.context.round.evaluation_year - 1}: {shown}"
            cells.append(Input(criterion.variables[variable], hint=hint))
        label = [
            Text(number, style=style(align="center")),
            Text(book.context.program.unit[unit].name),
        ]
        sheet.add(f"#{unit}" if past else unit, [*label, *cells])


def _breaks(asked: Sequence[tuple[str, str]], columns: Sequence[Column]) -> list[int]:
    """Places of the columns that begin a printed page, so that no criterion is cut in two."""
    breaks: list[int] = []
    used = 0.0
    first = 1 + 2  # the hidden key, the number, the unit
    for code in dict.fromkeys(code for code, _ in asked):
        places = [place for place, (each, _) in enumerate(asked) if each == code]
        width = sum(columns[place].width for place in places)
        if used and used + width > _PAGE:
            breaks.append(first + places[0])
            used = 0.0
        used += width
    return breaks


def _width(framework: Framework, code: str, name: str) -> float:
    """A column as wide as its label and its choices need."""
    variable = framework.by_code[code].variables[name]
    if variable.choices:
        return 26
    return 16 if len(variable.label) < 60 else 23


def _heads(framework: Framework, asked: Sequence[tuple[str, str]]) -> Iterator[list[Text]]:
    """Three rows: the criterion and its evidence over its figures, the labels, the units."""
    criteria = list(dict.fromkeys(code for code, _ in asked))
    spans = {code: sum(1 for each, _ in asked if each == code) for code in criteria}
    rows = framework.by_code
    yield [
        Text("TT"),
        Text("Đơn vị"),
        *(Text(f". {rows[code].name}", spans[code], lead=code) for code in criteria),
    ]
    yield [
        Text(),
        Text("Tài liệu kiểm chứng", style=_PLAIN),
        *(Text(rows[code].evidence or "", spans[code], style=_PLAIN) for code in criteria),
    ]
    labels = [rows[code].variables[name] for code, name in asked]
    names = [name if len(name) == 1 < spans[code] else "" for code, name in asked]
    yield [
        Text(),
        Text("Số liệu", style=_PLAIN),
        *(
            Text(f"{name}: {each.label}" if name else each.label, style=_PLAIN)
            for name, each in zip(names, labels, strict=True)
        ),
    ]
    yield [
        Text(),
        Text("Đơn vị tính", style=_PLAIN),
        *(Text(unit_of_measure(each), style=_PLAIN) for each in labels),
    ]
