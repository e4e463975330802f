"""What a workbook of an earlier year says: points, ranks and figures, cell by cell.

What is clear is taken, what is not is listed by cell with what to type; a blank cell says nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dti_core.figures import Figure, Value
from dti_core.framework.model import Variable
from dti_core.intake.belonging import check_kind, check_origin
from dti_core.intake.cells import Unclear, exact, quoted, read_cell
from dti_core.intake.earlier_form import (
    HEADINGS,
    POINTS,
    RANK,
    YEAR,
    Line,
    Place,
    WrongYear,
    asked,
    check_year,
)
from dti_core.intake.earlier_rows import Row, Units, rows_of
from dti_core.intake.layout import split_key
from dti_core.intake.pages import Cell
from dti_core.intake.workbook import Workbook
from dti_core.program.load import RoundContext
from dti_core.program.replaced import replaced
from dti_core.rational import percent

Key = tuple[str, str, str]
"""(unit, criterion, variable)"""

_RESULTS: Mapping[str, Variable] = {
    POINTS: Variable(label=HEADINGS[POINTS], kind="mean", unit="điểm"),
    RANK: Variable(label=HEADINGS[RANK], kind="count"),
}
_NO_RANK = "không phải thứ hạng. Hãy nhập số nguyên từ 1 trở lên, ví dụ 3, hoặc để trống."


@dataclass(frozen=True)
class EarlierResult:
    """Points and rank of a unit in its group; None for what is not stated.

    source  file, page and cells
    """

    unit: str
    group: str
    points: Fraction | None
    rank: int | None
    source: str


@dataclass(frozen=True)
class Unread:
    """A cell that was not taken: `text` says in Vietnamese where it is, why, and what to type."""

    text: str
    sheet: str
    cell: str
    unit: str | None = None
    criterion: str | None = None
    variable: str | None = None


@dataclass(frozen=True)
class Earlier:
    """What a workbook says of one year.

    figures       those that are clear, all `given`, under the units that the workbook names; a
                  quantity that is asked once is here for every figure that it is
    results       units of which points or rank are clear
    gone          figures of which the file says that there are none ("chưa có số liệu")
    gone_results  (unit, `POINTS` or `RANK`), likewise
    unread        what is not clear
    notices       what its sender should know and need not answer
    """

    file: str
    year: int
    figures: tuple[Figure, ...]
    results: tuple[EarlierResult, ...]
    gone: frozenset[Key]
    gone_results: frozenset[tuple[str, str]]
    unread: tuple[Unread, ...]
    notices: tuple[str, ...]


def earlier_of(
    workbook: Workbook, context: RoundContext, file: str, year: int | None = None
) -> Earlier:
    """What a workbook of an earlier year says.

    file  its name, for messages and records
    year  that it must speak of; None for the one that it names

    Raises WrongWorkbook for a workbook of another kind, round or framework, WrongYear.
    """
    check_kind(workbook, "earlier")
    check_origin(workbook, context, file)
    return _Reader(workbook, context, file).read(year)


class _Reader:
    def __init__(self, workbook: Workbook, context: RoundContext, file: str) -> None:
        self._workbook, self._context, self._file = workbook, context, file
        self._units = Units(context)
        self._same = {level: asked(each) for level, each in context.frameworks.items()}
        self._years: dict[str, Cell] = {}
        self._figures: dict[Key, Figure] = {}
        self._results: dict[str, dict[str, tuple[Fraction, Cell]]] = {}
        self._gone: set[Key] = set()
        self._gone_results: set[tuple[str, str]] = set()
        self._unread: list[Unread] = []
        self._notices = list(workbook.notices)

    def read(self, wanted: int | None) -> Earlier:
        for page in self._workbook.pages:
            of_unit: dict[str, list[Row]] = {}
            for row in rows_of(page, self._context):
                if (stated := row.cells.get(YEAR)) and not stated.blank:
                    self._years.setdefault(stated.raw, stated)
                if row.answers and (line := self._whose(row)):
                    of_unit.setdefault(line.unit, []).append(row)
            for unit, rows in of_unit.items():
                self._take(self._units.line[unit], rows)
        year = self._year(wanted)
        self._tell_uncompared()
        return Earlier(
            file=self._file,
            year=year,
            figures=tuple(self._figures.values()),
            results=tuple(self._result_of(unit) for unit in self._results),
            gone=frozenset(self._gone),
            gone_results=frozenset(self._gone_results),
            unread=tuple(self._unread),
            notices=tuple(self._notices),
        )

    def _year(self, wanted: int | None) -> int:
        """The year of the file. Raises WrongYear."""
        if len(self._years) > 1:
            cells = ", ".join(f"{cell.address}: {raw}" for raw, cell in self._years.items())
            raise WrongYear(
                f"Tệp {self._file} ghi nhiều năm ({cells}). Mỗi tệp chỉ chứa kết quả, số liệu của"
                " một năm; năm khác thì lấy biểu mẫu khác."
            )
        for raw, cell in self._years.items():
            if not re.fullmatch(r"\d{4}", raw):
                raise WrongYear(f"{self._at(cell)}: {quoted(raw)} không phải năm. Ghi như 2022.")
            if wanted not in (None, int(raw)):
                raise WrongYear(
                    f"{self._at(cell)}: tệp là của năm {raw}, lệnh ghi năm {wanted}. Hãy chọn đúng"
                    " tệp hoặc sửa --year."
                )
            wanted = int(raw)
        if wanted is None:
            raise WrongYear(f"Tệp {self._file} không còn ô ghi năm. Hãy thêm --year NĂM vào lệnh.")
        check_year(wanted, self._context)
        return wanted

    def _whose(self, row: Row) -> Line | None:
        """The unit of a row with answers; a row of which that is not known is listed."""
        line = self._units.of(row)
        where = row.name or next(iter(row.answers.values()))
        if isinstance(line, str):
            count = len(row.answers)
            text = f"{self._at(where)}: {line} {count} ô của dòng {row.place} chưa được nhập."
            self._unread.append(Unread(text, where.sheet, where.address))
            return None
        if row.key in self._units.line and row.key != line.unit:
            self._notices.append(
                f"{self._at(where)}: dòng này được đọc theo tên {line.name}, không theo mã ẩn."
            )
        return line

    def _take(self, line: Line, rows: list[Row]) -> None:
        """The answers of a unit on one page."""
        if len(rows) > 1:
            cell = next(iter(rows[-1].answers.values()))
            places = ", ".join(str(row.place) for row in rows)
            text = (
                f"Tệp {self._file}, trang “{cell.sheet}”: {line.name} có ở các dòng {places} nên"
                " chưa lấy dòng nào. Hãy để số liệu của đơn vị ở một dòng."
            )
            self._unread.append(Unread(text, cell.sheet, cell.address, line.unit))
            return
        for key, cell in rows[0].answers.items():
            if key in _RESULTS:
                self._result(line, key, cell)
            elif (place := _place(key)) in self._same[line.level] and rows[0].level in (
                None,
                line.level,
            ):
                self._figure(line, place, cell)
            else:
                text = (
                    f"{self._at(cell)}: {quoted(cell.raw)} không thuộc số liệu của {line.name}."
                    " Hãy ghi vào đúng trang và cột của biểu mẫu."
                )
                self._unread.append(Unread(text, cell.sheet, cell.address, line.unit))

    def _figure(self, line: Line, place: Place, cell: Cell) -> None:
        code, name = place
        variable = self._context.frameworks[line.level].by_code[code].variables[name]
        what = f"{line.name}, mục {code}, số liệu {name}: {variable.label}"
        value = self._value(cell, variable, what, (line.unit, code, name))
        for each in self._same[line.level][place]:
            if value is None:
                self._gone.add((line.unit, *each))
            elif not isinstance(value, Unclear):
                figure = Figure(
                    line.unit,
                    *each,
                    status="given",
                    value=value,
                    raw=_raw(cell, variable),
                    file=self._file,
                    sheet=cell.sheet,
                    cells=(cell.address,),
                )
                self._figures[figure.key] = figure

    def _result(self, line: Line, key: str, cell: Cell) -> None:
        what = f"{line.name}, {HEADINGS[key].lower()}"
        value = self._value(cell, _RESULTS[key], what, (line.unit, None, key))
        if value is None:
            self._gone_results.add((line.unit, key))
        elif isinstance(value, Fraction):
            self._results.setdefault(line.unit, {})[key] = value, cell

    def _result_of(self, unit: str) -> EarlierResult:
        said = self._results[unit]
        value = {key: number for key, (number, _) in said.items()}
        cells = [cell for _, cell in said.values()]
        places = ", ".join(cell.address for cell in cells)
        return EarlierResult(
            unit=unit,
            group=self._units.line[unit].level,
            points=value.get(POINTS),
            rank=int(value[RANK]) if RANK in value else None,
            source=f"{self._file}, trang “{cells[0].sheet}”, ô {places}",
        )

    def _value(
        self, cell: Cell, variable: Variable, what: str, key: tuple[str, str | None, str]
    ) -> Value | Unclear | None:
        """The value of a cell with an answer; None where it says that there is none. What is
        unclear is listed."""
        value = Unclear(cell.doubt) if cell.doubt else read_cell(cell.value, variable)
        if isinstance(value, Unclear) and value.status != "to_ask":
            return None
        if isinstance(value, Fraction) and (reason := _impossible(value, variable)):
            value = Unclear(f"{quoted(_raw(cell, variable))} {reason}")
        if isinstance(value, Unclear):
            if variable is _RESULTS[RANK] and not cell.doubt:
                value = Unclear(f"{quoted(cell.raw)} {_NO_RANK}")
            text = f"{self._at(cell)} ({what}): {value.reason}"
            self._unread.append(Unread(text, cell.sheet, cell.address, *key))
        return value

    def _tell_uncompared(self) -> None:
        """Say of which units that are no more the figures are kept and compared with nothing."""
        given = {figure.unit for figure in self._figures.values()}
        whole = replaced(self._context)
        for unit in self._context.units:
            parts = [each for each in unit.predecessors if each in given]
            if not parts or unit.id in given or unit.id in whole:
                continue
            names = ", ".join(self._units.line[each].name for each in parts)
            self._notices.append(
                f"Số liệu của {names} được lưu nhưng không thành số liệu của {unit.name}, đơn vị"
                " được hợp nhất hoặc tách ra. Muốn so sánh thì ghi số liệu chung ở dòng"
                f" {unit.name}."
            )

    def _at(self, cell: Cell) -> str:
        return f"Tệp {self._file}, trang “{cell.sheet}”, ô {cell.address}"


def _place(key: str) -> Place:
    """The figure of a column; a column that is none belongs to no framework."""
    try:
        return split_key(key)
    except ValueError:
        return "", key


def _impossible(value: Fraction, variable: Variable) -> str | None:
    """Why no figure of this kind has such a value, and what to type."""
    if value < 0:
        return "nhỏ hơn 0. Hãy nhập số từ 0 trở lên."
    if variable.kind == "count" and value.denominator > 1:
        return "không phải số nguyên. Hãy nhập số nguyên, viết liền, ví dụ 1204."
    if variable is _RESULTS[RANK] and value < 1:
        return _NO_RANK
    if variable.kind == "percent" and value > 1:
        return "lớn hơn 100 %. Hãy nhập tỷ lệ từ 0 % đến 100 %, kèm dấu phần trăm, ví dụ 98,6%."
    return None


def _raw(cell: Cell, variable: Variable) -> str:
    """The cell in words; a percent cell shows the number that it keeps as a percentage."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return cell.raw
    if variable.kind == "percent" and value <= 1:
        return percent(exact(value), 13)
    return cell.raw
