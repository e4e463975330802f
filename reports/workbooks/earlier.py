"""The workbook that takes results and figures of a year before this product."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dti_core.framework.model import Framework, Variable
from dti_core.framework.sheets.words import LEVELS
from dti_core.intake.earlier_form import (
    FIGURES,
    HEADINGS,
    POINTS,
    RANK,
    RESULTS,
    UNIT_OF_RESULTS,
    YEAR,
    Line,
    Place,
    asked,
    check_year,
    lines,
    unit_key,
)
from dti_core.intake.layout import figure_key
from dti_core.program.load import RoundContext
from dti_core.program.replaced import replaced
from reports.workbooks.book import Book
from reports.workbooks.cover import cover
from reports.workbooks.own import unit_of_measure
from reports.workbooks.sheet import Column, Input, Sheet, Text, style

_PAGE = 165.0
"""Widths of figure columns, in characters, that one printed page takes beside the names."""

_PLAIN = style(bold=False, font_size=9)
_CENTRE = style(align="center")
_POINTS = Variable(label=HEADINGS[POINTS], kind="mean", unit="điểm")
_RANK = Variable(label=HEADINGS[RANK], kind="count")


def earlier_workbook(context: RoundContext, year: int | None = None) -> bytes:
    """The empty .xlsx for points, ranks and figures of `year`, by default the one before the
    round's. The same round and year give the same bytes. Raises WrongYear.
    """
    year = context.round.evaluation_year - 1 if year is None else year
    check_year(year, context)
    form = lines(context)
    book = Book(context, "earlier", context.program.organiser, [unit.id for unit in context.units])
    title = f"Kết quả và số liệu năm {year}"
    cover(book, title, _facts(book, year), _how(context, year, form))
    _results(book, year, form)
    for framework in book.frameworks:
        _figures(book, framework, year, form)
    return book.finish()


def _facts(book: Book, year: int) -> list[tuple[str, str]]:
    context = book.context
    return [
        ("Năm đánh giá", f"{year} (năm của kết quả và số liệu ghi trong tệp này)"),
        ("Dùng để so sánh với", f"năm đánh giá {context.round.evaluation_year}, đợt {context.id}"),
        ("Bộ chỉ số của các cột", "; ".join(each.title for each in book.frameworks)),
        ("Đơn vị điền", book.provider_name),
    ]


def _how(context: RoundContext, year: int, form: Mapping[str, Line]) -> Iterator[str]:
    now = context.round.evaluation_year
    yield "Chỉ điền vào các ô nền vàng; có bao nhiêu điền bấy nhiêu, ô nào không có thì để trống."
    yield (
        f"Trang “{RESULTS}”: điểm và hạng đã công bố của năm {year}; không cần có đủ cả hai. Điểm"
        " dùng dấu phẩy thập phân (876,25)."
    )
    yield (
        f"Trang “{FIGURES}”: mỗi dòng một đơn vị, mỗi cột một số liệu. Các cột theo bộ chỉ số của"
        f" năm đánh giá {now}: mã và tên tiêu chí năm {year} có thể khác, hãy ghi số liệu cũ vào"
        " cột có cùng nội dung và cùng đơn vị tính; không có cột cùng nội dung thì bỏ qua."
    )
    yield "Số nguyên viết liền, không có dấu chấm hay phẩy (1204); tỷ lệ viết kèm dấu % (98,6%)."
    yield "Không phát sinh thì ghi 0. Ghi “chưa có số liệu” để rút lại một số đã nhập trước đó."
    yield from _changed_units(context, form)
    yield "Không xóa, không chép thêm trang, dòng hay cột; được phép lưu thành .xlsx hoặc .ods."
    yield (
        f"Điền xong, lưu tệp rồi chạy: dti earlier import {context.id} TỆP --year {year}. Ô nào"
        " chưa rõ được nêu đúng trang, đúng ô kèm cách sửa, các ô khác vẫn được nhận; sửa xong thì"
        " nhập lại cả tệp."
    )


def _changed_units(context: RoundContext, form: Mapping[str, Line]) -> Iterator[str]:
    """How to fill in the rows of units that are no more, where there are any."""
    if not any(line.now for line in form.values()):
        return
    words = "Đơn vị đã thay đổi có dòng riêng (“nay thuộc …”)."
    if replaced(context):
        words += " Đơn vị chỉ đổi tên: số liệu ghi ở dòng nào cũng được."
    yield (
        f"{words} Đơn vị hợp nhất hoặc tách ra: phần mềm không tự cộng, muốn so sánh thì ghi số"
        " liệu chung ở dòng của đơn vị mới."
    )


def _results(book: Book, year: int, form: Mapping[str, Line]) -> None:
    several = len(book.frameworks) > 1
    level = [Column("Cấp", 18)] if several else []
    sheet = Sheet(
        book,
        RESULTS,
        f"Kết quả đánh giá năm {year}",
        [
            Column("TT", 5),
            Column(HEADINGS[UNIT_OF_RESULTS], 60, UNIT_OF_RESULTS),
            *level,
            Column(HEADINGS[YEAR], 9, YEAR),
            Column(HEADINGS[POINTS], 16, POINTS),
            Column(HEADINGS[RANK], 12, RANK),
        ],
    )
    for number, line in _numbered(form.values()):
        which = [Text(LEVELS[line.level], style=_CENTRE)] if several else []
        sheet.add(
            line.unit,
            [
                Text(number, style=_CENTRE),
                Text(line.shown),
                *which,
                Text(year, style=_CENTRE),
                Input(_POINTS),
                Input(_RANK),
            ],
        )


def _figures(book: Book, framework: Framework, year: int, form: Mapping[str, Line]) -> None:
    """The page of a level: a row a unit, a column a figure, each quantity once."""
    level = framework.level
    several = len(book.frameworks) > 1
    columns = asked(framework)
    widths = [Column("", _width(framework, place), figure_key(*place)) for place in columns]
    sheet = Sheet(
        book,
        f"{FIGURES} {LEVELS[level].lower()}" if several else FIGURES,
        # no longer than the columns that every printed page repeats
        f"Số liệu năm {year}" + (f", {LEVELS[level].lower()}" if several else ""),
        [Column("TT", 5), Column("Đơn vị", 34, unit_key(level)), *widths],
        heads=_heads(framework, columns),
        breaks=_breaks(columns, widths),
        frozen_columns=2,
    )
    mine = [line for line in form.values() if line.level == level]
    for number, line in _numbered(mine):
        cells = [Input(framework.by_code[code].variables[name]) for code, name in columns]
        sheet.add(line.unit, [Text(number, style=_CENTRE), Text(line.shown), *cells])


def _numbered(form: Iterable[Line]) -> Iterator[tuple[int | str, Line]]:
    """The lines with their numbers; a unit that is no more stands without one."""
    number = 0
    for line in form:
        number += not line.now
        yield ("" if line.now else number), line


def _heads(framework: Framework, columns: Mapping[Place, Sequence[Place]]) -> Iterator[list[Text]]:
    """The criterion over its figures, the labels, the units of measure, and where a quantity that
    is asked once counts too."""
    rows = framework.by_code
    spans: dict[str, int] = {}
    for code, _ in columns:
        spans[code] = spans.get(code, 0) + 1
    yield [
        Text("TT"),
        Text("Đơn vị"),
        *(Text(f". {rows[code].name}", span, lead=code) for code, span in spans.items()),
    ]
    variables = [rows[code].variables[name] for code, name in columns]
    letters = [
        f"{name}: " if len(name) == 1 < len(rows[code].variables) else "" for code, name in columns
    ]
    labels = [f"{a}{each.label}" for a, each in zip(letters, variables, strict=True)]
    yield _head("Số liệu", labels)
    yield _head("Đơn vị tính", [unit_of_measure(each) for each in variables])
    also = [", ".join(code for code, _ in every[1:]) for every in columns.values()]
    if any(also):
        yield _head("Dùng cho cả mục", also)


def _head(name: str, words: Iterable[str]) -> list[Text]:
    return [Text(), Text(name, style=_PLAIN), *(Text(each, style=_PLAIN) for each in words)]


def _width(framework: Framework, place: Place) -> float:
    """A column as wide as its label and its choices need."""
    variable = framework.by_code[place[0]].variables[place[1]]
    if variable.choices:
        return 26
    return 16 if len(variable.label) < 60 else 23


def _breaks(columns: Iterable[Place], widths: Sequence[Column]) -> list[int]:
    """Places of the columns that begin a printed page, so that no criterion is cut in two."""
    breaks: list[int] = []
    used, first = 0.0, 1 + 2  # the hidden key, the number, the unit
    of_row: dict[str, list[int]] = {}
    for place, (code, _) in enumerate(columns):
        of_row.setdefault(code, []).append(place)
    for places in of_row.values():
        width = sum(widths[place].width for place in places)
        if used and used + width > _PAGE:
            breaks.append(first + places[0])
            used = 0.0
        used += width
    return breaks
