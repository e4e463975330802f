"""What a provider says in a workbook: figures, self-assessed points, information, with cells."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from dti_core.figures import Figure, Value
from dti_core.framework.model import Framework, Variable
from dti_core.intake.answers import Appraisal, Reply, appraisals_of, replies_of
from dti_core.intake.asked import request_of, words_of
from dti_core.intake.belonging import WrongWorkbook, check_kind, check_origin
from dti_core.intake.cells import Unclear, exact, quoted, reading
from dti_core.intake.information import (
    fields,
    information_code,
    information_key,
    information_variable,
)
from dti_core.intake.labels import straightened
from dti_core.intake.layout import (
    EVIDENCE,
    NOTE,
    SELF_POINTS,
    SELF_ROW,
    VALUE,
    about_key,
    figure_key,
)
from dti_core.intake.old_letters import readable
from dti_core.intake.self_points import out_of_bounds, said_without_points
from dti_core.intake.workbook import Cell, Workbook
from dti_core.program.load import RoundContext
from dti_core.program.requests import INFORMATION, PART, Item, Request
from dti_core.rational import percent

__all__ = [
    "Appraisal",
    "Question",
    "Reply",
    "Submitted",
    "WrongWorkbook",
    "appraisals_of",
    "figures_of",
    "replies_of",
]

Place = tuple[str, str]
"""(row key, column key)"""

Key = tuple[str, str, str]
"""(unit, criterion, variable)"""


@dataclass(frozen=True)
class Question:
    """Something to ask the sender that is about no figure: points, information, a stray cell, a
    cell that is gone. `text` is in Vietnamese and names file, sheet and cell."""

    text: str
    sheet: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class Submitted:
    """Everything read from one workbook. A blank cell gives nothing.

    figures      in the order of the request; status given or to_ask
    self_points  (unit, criterion) → self-assessed points; of rows with figures their maximum is
                 not checked here
    information  "1.4" → its value, "2.1|Email" → its text
    evidence     what the provider names as evidence of a figure; for general information the key
                 is (unit, "info", its code)
    notes        what it remarks on a figure, given or not; the variable is `@self` for a remark
                 on the self-assessed points
    questions    those that are about no figure; a figure carries its own
    notices      what the sender should know and need not answer, in Vietnamese
    """

    figures: tuple[Figure, ...] = ()
    self_points: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    information: dict[str, Value] = field(default_factory=dict)
    evidence: dict[Key, str] = field(default_factory=dict)
    notes: dict[Key, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    notices: tuple[str, ...] = ()


def figures_of(workbook: Workbook, context: RoundContext, file: str) -> Submitted:
    """What an `own` or `about_units` workbook says. `file` is its name, for questions and records.

    Raises WrongWorkbook for a workbook of another kind, round or framework, and for keys that the
    round did not ask this provider about.
    """
    check_kind(workbook, "own", "about_units")
    check_origin(workbook, context, file)
    asked = request_of(context, workbook.provider)
    if asked is None:
        raise WrongWorkbook(
            f"Tệp {file} ghi nơi cung cấp là {workbook.provider}, nơi mà đợt {context.id} không hỏi"
            " số liệu. Hãy gửi biểu mẫu mang tên đơn vị mình."
        )
    words = words_of(context, workbook.provider, own=workbook.kind == "own")
    return _Reader(straightened(workbook, *words), context, asked, file).read()


@dataclass(frozen=True)
class _Reader:
    workbook: Workbook
    context: RoundContext
    request: Request
    file: str

    def read(self) -> Submitted:
        places = {self._place(item): item for item in self._items}
        points, spared = self._points_places(), self._spared_places()
        information = self._information_places()
        known = {*places, *points, *spared, *information}
        questions = [*self._unused(known), *self._strays()]
        keys = {place: _key(item) for place, item in {**places, **points, **spared}.items()}
        for place, (code, _) in information.items():
            keys[place] = self.request.provider, INFORMATION, code
        notes, evidence = self._column(keys, NOTE), self._column(keys, EVIDENCE)
        figures, gone = [], []
        for place, item in places.items():
            cell = self.workbook.cells.get(place)
            if cell is None:
                gone.append(item)
            elif figure := self._figure(item, cell, notes.get(_key(item))):
                figures.append(figure)
        gone += [
            item
            for item in (self.request.self_assessed if self._own else ())
            if (figure_key(item.criterion, SELF_ROW), SELF_POINTS) not in self.workbook.cells
        ]
        if gone:
            questions.append(self._gone(gone))
        figures += self._repeated(figures)
        self_points = self._self_points(points, questions)
        told: dict[str, Value] = {}
        for place, (code, variable) in information.items():
            what = f"thông tin chung {code.partition('|')[0]}, {variable.label}"
            value = self._value(place, variable, what, questions)
            if value is not None:
                told[code] = value
        said = said_without_points(self.request, self_points, notes) if self._own else ()
        return Submitted(
            tuple(figures),
            self_points,
            told,
            evidence,
            notes,
            tuple(questions),
            (*self.workbook.notices, *said),
        )

    def _self_points(
        self, places: Mapping[Place, Item], questions: list[Question]
    ) -> dict[tuple[str, str], Fraction]:
        """The self-assessed points; what is unclear or cannot stand joins the questions."""
        alone = {item.key for item in self.request.self_assessed}
        found: dict[tuple[str, str], Fraction] = {}
        for place, item in places.items():
            what = f"mục {item.criterion}, điểm tự đánh giá"
            value = self._value(place, _POINTS, what, questions)
            if not isinstance(value, Fraction):
                continue
            row = self._framework(item.unit).by_code[item.criterion]
            # points beside figures are doubted by what those give
            if item.key in alone and (wrong := out_of_bounds(row, value)):
                cell = self.workbook.cells[place]
                text = f"{self._at(cell)} ({what}): {wrong}"
                questions.append(Question(text, cell.sheet, cell.address))
            else:
                found[item.unit, item.criterion] = value
        return found

    @property
    def _own(self) -> bool:
        return self.workbook.kind == "own"

    @property
    def _items(self) -> tuple[Item, ...]:
        return self.request.asked(own=self._own)

    def _place(self, item: Item) -> Place:
        """Where a figure stands; about units, one under the other or in the row of its unit."""
        key = figure_key(item.criterion, item.variable)
        if self._own:
            return key, VALUE
        upright = about_key(*item.key), VALUE
        return upright if upright in self.workbook.cells else (item.unit, key)

    def _repeated(self, figures: Sequence[Figure]) -> Iterator[Figure]:
        """The figures that are a quantity asked elsewhere in this workbook, taken from there."""
        asked = {figure.key: figure for figure in figures}
        for item in self.request.own if self._own else self.request.about_units:
            first = self.request.same.get(item.key)
            if first is None:
                continue
            if first[1] == INFORMATION:
                whole = self._information_figure(item, first[2])
                place = f"thông tin chung {first[2]}"
            else:
                whole = asked.get(first)
                place = f"mục {first[1]}, số liệu {first[2]}"
            if whole is not None:
                yield replace(
                    whole,
                    unit=item.unit,
                    criterion=item.criterion,
                    variable=item.variable,
                    status="derived" if whole.known else whole.status,
                    note=f"Cùng đại lượng với {place}.",
                )

    def _information_figure(self, item: Item, code: str) -> Figure | None:
        """A field of general information read as the figure that it is the quantity of."""
        cell = self.workbook.cells.get((figure_key(INFORMATION, code), VALUE))
        return None if cell is None else self._figure(item, cell, None)

    def _figure(self, item: Item, cell: Cell, note: str | None) -> Figure | None:
        variable = self._framework(item.unit).by_code[item.criterion].variables[item.variable]
        value, remark = _said(cell, variable)
        if value is None:
            return None
        unclear = value if isinstance(value, Unclear) else None
        question = None
        if unclear and _asks(unclear):
            what = f"mục {item.criterion}, số liệu {item.variable}: {variable.label}"
            whose = "" if self._own else f"{self._name(item.unit)}, "
            question = f"{self._at(cell)} ({whose}{what}): {unclear.reason}"
        return Figure(
            unit=item.unit,
            criterion=item.criterion,
            variable=f"{item.variable}{PART}{self.request.provider}"
            if item.part
            else item.variable,
            status=unclear.status if unclear else "given",
            value=None if isinstance(value, Unclear) else value,
            between=unclear.between if unclear else None,
            raw=_raw(cell, variable),
            file=self.file,
            sheet=cell.sheet,
            cells=(cell.address,),
            question=question,
            note=f"{note}\n{remark}" if note and remark else note or remark,
        )

    def _value(
        self, place: Place, variable: Variable, what: str, questions: list[Question]
    ) -> Value | None:
        """The value of a cell that holds no figure; what is unclear joins the questions."""
        cell = self.workbook.cells.get(place)
        if cell is None:
            return None
        value, _ = _said(cell, variable)
        if not isinstance(value, Unclear):
            return value
        if not _asks(value):
            return None
        text = f"{self._at(cell)} ({what}): {value.reason}"
        questions.append(Question(text, cell.sheet, cell.address))
        return None

    def _points_places(self) -> dict[Place, Item]:
        """Where the self-assessed points of a criterion stand → an item of that criterion."""
        items = (*self.request.own, *self.request.self_assessed) if self._own else ()
        return {
            (figure_key(item.criterion, SELF_ROW), SELF_POINTS): Item(
                item.unit, item.row, item.criterion, SELF_ROW
            )
            for item in items
        }

    def _spared_places(self) -> dict[Place, Item]:
        """Where a unit remarks on a row that takes no points: an exemption is proposed for it."""
        items = self.request.spared if self._own else ()
        return {(figure_key(item.criterion, SELF_ROW), NOTE): item for item in items}

    def _information_places(self) -> dict[Place, tuple[str, Variable]]:
        if not self._own:
            return {}
        return {
            (information_key(each, name), VALUE): (
                information_code(each, name),
                information_variable(each, name),
            )
            for each, name in fields(self._framework(self.request.provider))
        }

    def _column(self, keys: dict[Place, Key], column: str) -> dict[Key, str]:
        """The words beside answers in one column, where there are any."""
        found = {}
        for (row, _), key in keys.items():
            cell = self.workbook.cells.get((row, column))
            if cell is not None and not cell.blank:
                found[key] = readable(cell.raw)
        return found

    def _unused(self, known: set[Place]) -> Iterator[Question]:
        """Raises WrongWorkbook for rows and columns of another request; asks about answers that
        stand where the form takes none."""
        rows, columns = {row for row, _ in known}, {column for _, column in known}
        beside = {EVIDENCE, NOTE} if columns & {VALUE, SELF_POINTS} else set()
        columns |= beside
        strange = [
            f"trang “{cell.sheet}” ô {cell.address}"
            for (row, column), cell in self.workbook.cells.items()
            if row not in rows or column not in columns
        ]
        if strange:
            raise WrongWorkbook(
                f"Tệp {self.file} có {len(strange)} ô mà đợt {self.context.id} không hỏi"
                f" {self._name(self.request.provider)} ({'; '.join(strange[:3])}). Hãy điền vào"
                " đúng biểu mẫu đã nhận rồi gửi lại."
            )
        beside_blank = {(page.name, where) for page in self.workbook.pages for where in page.quoted}
        for (row, column), cell in self.workbook.cells.items():
            if cell.blank or column in beside or (row, column) in known:
                continue
            if (cell.sheet, cell.address) not in beside_blank:  # else that question says so
                yield self._unread(cell, "nằm ở ô không dùng")

    def _strays(self) -> Iterator[Question]:
        for cell in self.workbook.strays:
            yield self._unread(cell, "nằm ở dòng không thuộc biểu mẫu")

    def _unread(self, cell: Cell, why: str) -> Question:
        text = (
            f"{self._at(cell)}: “{cell.raw}” {why} nên chưa được đọc. Hãy chuyển vào đúng ô, hoặc"
            " xóa đi."
        )
        return Question(text, cell.sheet, cell.address)

    def _gone(self, items: Sequence[Item]) -> Question:
        """One question about all the cells that are gone: whole columns and rows by name first."""
        lost: dict[tuple[str, str], list[str]] = {}
        for item in items:
            lost.setdefault((item.criterion, item.variable), []).append(item.unit)
        if self._own:
            told = [f"mục {criterion}, {_asked_for(variable)}" for criterion, variable in lost]
        else:
            told = self._gone_about(lost)
        some = "; ".join(told[:_TOLD])
        rest = f"; và {len(told) - _TOLD} chỗ khác" if len(told) > _TOLD else ""
        return Question(
            f"Tệp {self.file} không còn {len(items)} ô của biểu mẫu: {some}{rest}. Hãy điền vào"
            " biểu mẫu gốc, giữ đủ dòng và cột, rồi gửi lại."
        )

    def _gone_about(self, lost: Mapping[tuple[str, str], Sequence[str]]) -> list[str]:
        asked = self._items
        columns: dict[tuple[str, str], int] = Counter(
            (item.criterion, item.variable) for item in asked
        )
        rows = Counter(item.unit for item in asked)
        missing = Counter(unit for units in lost.values() for unit in units)
        whole = [unit for unit in missing if missing[unit] == rows[unit]]
        told = [f"cả dòng {self._name(unit)}" for unit in whole]
        for (criterion, variable), units in lost.items():
            others = [unit for unit in units if unit not in whole]
            place = f"mục {criterion}, số liệu {variable}"
            if others and len(units) == columns[criterion, variable] > 1:
                told.append(f"cả cột {place}")
            elif others:
                named = ", ".join(self._name(unit) for unit in others[:_TOLD])
                rest = f" và {len(others) - _TOLD} nơi khác" if len(others) > _TOLD else ""
                told.append(f"{place} của {named}{rest}")
        return told

    def _at(self, cell: Cell) -> str:
        return f"Tệp {self.file}, trang “{cell.sheet}”, ô {cell.address}"

    def _framework(self, unit: str) -> Framework:
        return self.context.framework_of(unit)

    def _name(self, unit: str) -> str:
        return self.context.program.unit[unit].name


_TOLD = 12
"""How many places a question about lost cells names; the rest are counted."""

_POINTS = Variable(label="Điểm tự đánh giá", kind="mean", unit="điểm")


def _asked_for(variable: str) -> str:
    return "điểm tự đánh giá" if variable == SELF_ROW else f"số liệu {variable}"


def _key(item: Item) -> Key:
    return item.unit, item.criterion, item.variable


def _said(cell: Cell, variable: Variable) -> tuple[Value | Unclear | None, str | None]:
    """What a cell says, and how it was read where that is not plain."""
    if cell.doubt:
        return Unclear(cell.doubt), None
    found = reading(cell.value, variable)
    if found.value is None or not cell.formula:
        return found.value, found.remark
    formula = f"Ô có công thức {quoted(cell.formula)}."
    return found.value, " ".join(filter(None, (found.remark, formula)))


def _asks(value: Unclear) -> bool:
    """Not known, and somebody has to be asked; "chưa thống kê" is an answer."""
    return value.status == "to_ask"


def _raw(cell: Cell, variable: Variable) -> str:
    """The cell in words; a percent cell shows the number that it keeps as a percentage."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return cell.raw
    if variable.kind == "percent" and value <= 1:
        return percent(exact(value), 13)
    return cell.raw
