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
from reports.workbooks import wide
from reports.workbooks.book import Book
from reports.workbooks.cover import cover
from reports.workbooks.sheet import Column, Input, Sheet, Text, style

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
    widths = [Column("", wide.width(framework, place), figure_key(*place)) for place in columns]
    sheet = Sheet(
        book,
        f"{FIGURES} {LEVELS[level].lower()}" if several else FIGURES,
        # no longer than the columns that every printed page repeats
        f"Số liệu năm {year}" + (f", {LEVELS[level].lower()}" if several else ""),
        [Column("TT", 5), Column("Đơn vị", 34, unit_key(level)), *widths],
        heads=[
            wide.criteria(framework, columns, {}),
            *wide.labels(framework, columns),
            *_also(columns),
        ],
        breaks=wide.breaks(columns, widths),
        frozen_columns=len(wide.NAMES),
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


def _also(columns: Mapping[Place, Sequence[Place]]) -> Iterator[list[Text]]:
    """The row of headings that says where a quantity that is asked once counts too."""
    also = [", ".join(code for code, _ in every[1:]) for every in columns.values()]
    if any(also):
        yield wide.head("Dùng cho cả mục", also)
