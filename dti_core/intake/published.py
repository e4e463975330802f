"""Figures read from a published document, as a data file in which every reading can be checked.

The file keeps the document's words per cell. A figure names the words that it was read from
(`read`) and the cells that it rests on; loading reads those words again and refuses the file
where they are not in the cell or do not give the figure. So a figure cannot drift away from its
source, nor the source from the figure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pydantic import Field, StrictInt, model_validator

from dti_core.figures import Figure, FigureStatus
from dti_core.framework.model import RATIO, Code, Criterion, Framework, Slug, Variable
from dti_core.framework.rules import Strict, stated_ratio
from dti_core.intake.numbers import Number, Pair, Range, read_frequency, read_number
from dti_core.rational import Exact, parse_exact
from dti_core.strict_yaml import Document

Column = Literal["result", "target", "deadline"]
COLUMNS: dict[Column, str] = {
    "result": "Kết quả",
    "target": "Mục tiêu",
    "deadline": "Thời gian hoàn thành",
}


class Cell(Strict):
    """A cell of the document: the row's code and one of its columns."""

    row: Code
    column: Column = "result"


class PublishedFigure(Strict):
    """One figure of a row.

    value  a number, true/false or the key of a choice, as the framework's variable wants it
    read   the words of the cell that say so; of a pair ("4/7") and a range, the whole pair
    part   which half of a pair the figure is
    cells  for a derived figure: every cell that it rests on; the first holds `read`
    """

    status: FigureStatus
    value: Exact | bool | str | None = None
    read: str | None = None
    part: Literal["part", "whole"] | None = None
    cells: tuple[Cell, ...] = ()
    between: tuple[Exact, Exact] | None = None
    among: tuple[str, ...] = ()
    question: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> "PublishedFigure":
        known = self.status in {"given", "given_as_ratio", "derived"}
        if known and (self.value is None or not self.read):
            raise ValueError(f"status {self.status} cần value và read")
        if not known and self.value is not None:
            raise ValueError(f"status {self.status} không có value")
        if self.status == "to_ask" and not self.question:
            raise ValueError("status to_ask cần question: hỏi điều gì")
        if self.status == "derived" and not self.cells:
            raise ValueError("status derived cần cells: lấy từ ô nào")
        return self


class PublishedRow(Strict):
    """A row of the document: its cells in its own words, and the figures read from them."""

    row: Code
    result: str | None
    target: str | None = None
    deadline: str | None = None
    figures: dict[str, PublishedFigure] = Field(default_factory=dict)
    note: str | None = None


class Published(Strict):
    """The data file."""

    title: str
    notice: str
    unit: Slug
    framework: str
    document: str
    appendix: str
    year: StrictInt
    rows: tuple[PublishedRow, ...]


@dataclass(frozen=True)
class PublishedFigures:
    """The figures of a data file, with its title and the notice that every output carries."""

    title: str
    notice: str
    unit: str
    year: StrictInt
    figures: tuple[Figure, ...]


def load_published(file: Path, framework: Framework) -> PublishedFigures:
    """Read a data file against the framework whose criteria it fills.

    Raises DataError, with the line, for a figure that its source does not support.
    """
    document = Document(file)
    data = document.parse(Published)
    if data.framework != framework.id:
        raise document.error(("framework",), f"tệp này dành cho {data.framework}")
    texts: dict[Cell, str | None] = {}
    for index, row in enumerate(data.rows):
        if Cell(row=row.row) in texts:
            raise document.error(("rows", index), f"mục {row.row} có hai lần")
        for column in COLUMNS:
            texts[Cell(row=row.row, column=column)] = getattr(row, column)
    figures = tuple(_figures(document, data, framework, texts, file.name))
    return PublishedFigures(data.title, data.notice, data.unit, data.year, figures)


def _figures(
    document: Document,
    data: Published,
    framework: Framework,
    texts: dict[Cell, str | None],
    file: str,
) -> Iterator[Figure]:
    for index, row in enumerate(data.rows):
        criterion = framework.by_code.get(row.row)
        for name, figure in row.figures.items():
            path = ("rows", index, "figures", name)
            if criterion is None:
                raise document.error(path, f"{framework.id} không có mục {row.row}")
            cells = figure.cells or (Cell(row=row.row),)
            if missing := [cell for cell in cells if cell not in texts]:
                raise document.error(path, f"ô {missing[0].row} không có trong tệp này")
            if blank := [cell for cell in cells if not texts[cell] and figure.value is not None]:
                raise document.error(path, f"ô {blank[0].row} ({blank[0].column}) để trống")
            value = _value(document, path, criterion, name, figure, texts[cells[0]])
            yield Figure(
                unit=data.unit,
                criterion=row.row,
                variable=name,
                status=figure.status,
                value=value,
                between=figure.between,
                among=figure.among,
                raw=texts[cells[0]],
                file=file,
                cells=tuple(_place(data, cell) for cell in cells),
                question=figure.question,
                note=figure.note,
            )


def _place(data: Published, cell: Cell) -> str:
    column = COLUMNS[cell.column]
    column = f"{column} năm {data.year}" if cell.column == "result" else column
    return f"{data.document}, Phụ lục {data.appendix}, mục {cell.row}, cột “{column}”"


def _value(
    document: Document,
    path: tuple[str | int, ...],
    criterion: Criterion,
    name: str,
    figure: PublishedFigure,
    text: str | None,
) -> Fraction | bool | str | None:
    """The figure's value, after reading its words in the source again."""
    if (name == RATIO) != (figure.status == "given_as_ratio") and figure.status != "to_ask":
        raise document.error(path, "given_as_ratio là, và chỉ là, status của biến ratio")
    if name == RATIO and stated_ratio(criterion.rule) is None:
        raise document.error(path, f"quy tắc của mục {criterion.code} không có đúng một tỷ lệ")
    if name != RATIO and name not in criterion.variables:
        raise document.error(path, f"mục {criterion.code} không có biến {name!r}")
    variable = criterion.variables.get(name)
    if stray := set(figure.among) - set(variable.choices if variable else ()):
        raise document.error(path, f"lựa chọn lạ: {sorted(stray)}")
    if figure.read is not None and not _stands_in(figure.read, text or ""):
        raise document.error(path, f"ô nguồn không có chữ {figure.read!r} mà viết {text!r}")
    if figure.between is not None:
        found = read_number(figure.read or "", variable.kind if variable else "percent")
        wanted = Range(*figure.between, percent=variable is None or variable.kind == "percent")
        if found != wanted:
            raise document.error(path, f"{figure.read!r} không phải khoảng {figure.between}")
    if figure.value is None:
        return None
    return _known_value(document, path, variable, figure, text or "")


def _known_value(
    document: Document,
    path: tuple[str | int, ...],
    variable: Variable | None,
    figure: PublishedFigure,
    text: str,
) -> Fraction | bool | str:
    value, kind = figure.value, variable.kind if variable else "percent"
    assert value is not None
    assert figure.read is not None
    if kind == "flag":
        if not isinstance(value, bool):
            raise document.error(path, "biến loại flag nhận true hoặc false")
        if figure.status == "given" and value == _denies(text):
            raise document.error(path, f"{figure.read!r} không đọc thành {value}")
        return value
    if kind == "choice":
        assert variable is not None
        if value not in variable.choices:
            raise document.error(path, f"lựa chọn {value!r} không có trong choices")
        return str(value)
    if isinstance(value, bool):
        raise document.error(path, f"biến loại {kind} nhận một số, không phải {value}")
    try:
        exact = parse_exact(value)
    except ValueError as error:
        raise document.error(path, str(error)) from error
    match read_number(figure.read, kind):
        case Number(value=number, percent=percent) if percent == (kind == "percent"):
            agrees = number == exact
        case Pair(part=part, whole=whole):
            agrees = exact == {"part": part, "whole": whole}.get(figure.part or "")
        case _ if kind == "frequency":
            agrees = exact == read_frequency(figure.read)
        case _:
            agrees = exact == 0 and kind == "count" and figure.read.casefold() in _NONE
    if not agrees:
        raise document.error(path, f"{figure.read!r} không đọc thành {figure.value}")
    return exact


_NONE = {"chưa có", "không có"}
"""What says that a count is 0. "Chưa thống kê được" says that there is no count."""


def _denies(text: str) -> bool:
    """Whether the cell says anywhere that something is not there. A mixed cell is a question."""
    return re.search(r"\b(chưa|không)\b", text.casefold()) is not None


def _stands_in(words: str, text: str) -> bool:
    """Whether the cell has these very words, and not as a piece cut out of a longer number."""
    start = text.find(words)
    while start >= 0:
        before, after = text[:start], text[start + len(words) :]
        cut_left = words[:1].isdigit() and re.search(r"\d[\s.,/–—-]*$", before)
        cut_right = words[-1:].isdigit() and re.match(r"[.,]?\d|\s+\d|\s*[/–—-]\s*\d|\s*%", after)
        if not cut_left and not cut_right:
            return True
        start = text.find(words, start + 1)
    return False
