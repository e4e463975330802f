"""A filled workbook while it is being spoilt, and the register of ways to spoil it.

A `Case` is a workbook that a unit has filled in, beside what it means: every cell of it. A *way*
changes the file and, where it types something, says what that now means.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Literal
from unittest import mock

from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.worksheet import Worksheet

from dti_core.figures import FigureStatus, Value
from dti_core.framework.model import Kind, Variable
from dti_core.intake.fill import fill
from dti_core.intake.layout import EVIDENCE, NOTE, SELF_POINTS, SELF_ROW, VALUE
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import INFORMATION, Request, requests
from reports.workbooks.about_units import about_units_workbook
from reports.workbooks.own import own_workbook
from tests.sample.worksheets import corner, header, keep_results
from tests.sample.years import two_years

ROUND = "vinh-phuc/2023-so"
OWN, ABOUT = "so-tu-phap", "so-tttt"
"""The unit that fills in its own workbook, and the provider that fills in one about units."""

Key = tuple[str, str, str]
"""(unit, criterion, variable)"""
Form = Literal["own", "about"]
Stage = Literal["typed", "reckoned", "sheet", "answer", "file"]
"""In this order: words and numbers, formulas, whole pages, single cells of pages, the file."""


@dataclass(frozen=True)
class Means:
    """The cell means this value, exactly, and so do all readers of it."""

    value: Value


@dataclass(frozen=True)
class Says:
    """The cell says that there is no figure."""

    status: FigureStatus


@dataclass(frozen=True)
class Asks:
    """A person could not tell either: a question that names all of these."""

    naming: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gone:
    """The cell is no longer there: a question that names the criterion and the variable."""


Expected = Means | Says | Asks | Gone


@dataclass
class Case:
    """A filled workbook while it is being spoilt, and what it means.

    path       the file as it will be sent; a way may change its name and its format
    figures    what each figure that was typed means; one that is taken from another is not here
    asking     questions that are about no figure: a pattern each
    attached   the evidence files that were sent beside the workbook
    touched    figures that some way has already changed: another leaves them alone
    """

    form: Form
    path: Path
    context: RoundContext
    request: Request
    random: Random
    figures: dict[Key, Expected] = field(default_factory=dict)
    self_points: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    information: dict[str, Value] = field(default_factory=dict)
    evidence: dict[Key, str] = field(default_factory=dict)
    notes: dict[Key, str] = field(default_factory=dict)
    asking: list[str] = field(default_factory=list)
    attached: dict[str, bytes] = field(default_factory=dict)
    touched: set[Key] = field(default_factory=set)
    _book: Book | None = None
    _kept: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def book(self) -> Book:
        """The workbook open for changes; `save` writes it."""
        if self._book is None:
            # drawing the borders of merged cells again is most of what loading takes
            with mock.patch.object(MergedCellRange, "format"):
                self._book = load_workbook(self.path, rich_text=True)
        return self._book

    @property
    def keyed(self) -> list[Worksheet]:
        """The pages with keys, by their first column and row as they were sent out."""
        return [sheet for sheet in self.book.worksheets if corner(sheet)]

    def save(self) -> None:
        """Write what was changed. A formula whose result was kept carries it."""
        if self._book is None:
            return
        titles = [sheet.title for sheet in self._book.worksheets]
        self._book.save(self.path)
        self._book = None
        if self._kept:
            keep_results(self.path, titles, self._kept)
            self._kept = {}

    def variable(self, key: Key) -> Variable:
        return self.context.framework_of(key[0]).by_code[key[1]].variables[key[2]]

    def pick(
        self, *kinds: Kind, most: int = 2, when: Callable[[Key], bool] | None = None
    ) -> list[Key]:
        """Some figures of these kinds that no way has touched; they count as touched now."""
        free = [
            key
            for key in self.figures
            if key not in self.touched
            and self.variable(key).kind in kinds
            and (when is None or when(key))
        ]
        chosen = self.random.sample(free, min(most, len(free)))
        self.touched |= set(chosen)
        return chosen

    def cell(self, key: Key, column: str = VALUE) -> Cell:
        """The cell of a figure, or in an own workbook that of a column beside it."""
        unit, criterion, variable = key
        own = self.form == "own"
        row_key = f"{criterion}|{variable}" if own else unit
        column_key = column if own else f"{criterion}|{variable}"
        for sheet in self.keyed:
            head = header(sheet)
            columns = {sheet.cell(head[0], c).value: c for c in range(1, sheet.max_column + 1)}
            if column_key not in columns:
                continue
            for row in range(head[0] + 1, sheet.max_row + 1):
                if sheet.cell(row, head[1]).value == row_key:
                    return sheet.cell(row, columns[column_key])
        raise KeyError(key)

    def type(self, key: Key, typed: object, expected: Expected) -> None:
        """Type into the cell of a figure. Text stays text, even where it begins with "="."""
        cell = self.cell(key)
        cell.value = typed
        if isinstance(typed, str):
            cell.data_type = "s"
        self.figures[key] = expected

    def reckon(self, key: Key, formula: str, result: str | None, expected: Expected) -> None:
        """Put a formula into the cell; `result` is what the file keeps of it, None for nothing."""
        cell = self.cell(key)
        cell.value = formula
        if result is not None:
            self._kept[cell.parent.title, cell.coordinate] = result
        self.figures[key] = expected


@dataclass(frozen=True)
class Way:
    """One way in which a workbook is spoilt."""

    name: str
    words: str
    stage: Stage
    forms: tuple[Form, ...]
    alone: bool
    office: bool
    spoil: Callable[[Case], None]


WAYS: dict[str, Way] = {}


def way(
    words: str,
    stage: Stage,
    *forms: Form,
    alone: bool = False,
    office: bool = False,
) -> Callable[[Callable[[Case], None]], Callable[[Case], None]]:
    """Register a way under the name of its function.

    forms   the workbooks in which it occurs; none says in both
    alone   it cannot be combined with others
    office  it needs LibreOffice
    """

    def register(spoil: Callable[[Case], None]) -> Callable[[Case], None]:
        name = spoil.__name__
        assert name not in WAYS, name
        WAYS[name] = Way(name, words, stage, forms or ("own", "about"), alone, office, spoil)
        return spoil

    return register


def filled(form: Form, folder: Path, seed: int) -> Case:
    """A workbook filled in without a fault, with points, information, evidence and notes."""
    context, request, _ = sent_out(form)
    case = Case(form, folder / f"{request.provider}.xlsx", context, request, Random(seed))
    _, true = _figures()
    typed: dict[tuple[str, str], object] = {}
    for item in request.asked(own=form == "own"):
        unit, criterion, variable = key = item.key
        value = true[key]
        case.figures[key] = Means(value)
        row, column = (unit, f"{criterion}|{variable}")
        place = (column, VALUE) if form == "own" else (row, column)
        typed[place] = case.variable(key).choices[value] if isinstance(value, str) else value
    if form == "own":
        typed |= _beside(case, list(case.figures))
    case.path.write_bytes(_filled_in(form, tuple(typed.items())))
    return case


@cache
def _filled_in(form: Form, typed: tuple[tuple[tuple[str, str], object], ...]) -> bytes:
    """The workbook that went out, with everything typed in."""
    _, _, content = sent_out(form)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "filled.xlsx"
        path.write_bytes(content)
        fill(path, dict(typed))
        return path.read_bytes()


def _beside(case: Case, keys: list[Key]) -> dict[tuple[str, str], object]:
    """What a unit writes beside its figures."""
    typed: dict[tuple[str, str], object] = {}
    for number, key in enumerate(keys[::4], 1):
        _, criterion, variable = key
        case.evidence[key] = f"Báo cáo số {number}/BC-STP (MẪU)"
        typed[f"{criterion}|{variable}", EVIDENCE] = case.evidence[key]
    for key in keys[1::9]:
        case.notes[key] = "Theo báo cáo năm, số liệu đến hết ngày 31/12"
        typed[f"{key[1]}|{key[2]}", NOTE] = case.notes[key]
    for number, criterion in enumerate(dict.fromkeys(key[1] for key in keys)):
        if number % 3 == 0:
            case.self_points[OWN, criterion] = Fraction(2 * number + 1, 2)
            typed[f"{criterion}|{SELF_ROW}", SELF_POINTS] = case.self_points[OWN, criterion]
    case.information = {"1.2": "Số 5, đường Mẫu", "1.6": Fraction(4), "2.1|Email": "mau@example.vn"}
    _, true = _figures()
    for key, (_, criterion, code) in case.request.same.items():
        if criterion == INFORMATION:
            case.information[code] = true[key]
    for code, value in case.information.items():
        typed[f"info|{code}", VALUE] = value
    return typed


@cache
def sent_out(form: Form) -> tuple[RoundContext, Request, bytes]:
    """The round, the request and the workbook that goes out for it."""
    context = load_round(ROUND)
    provider = OWN if form == "own" else ABOUT
    request = next(each for each in requests(context) if each.provider == provider)
    make = own_workbook if form == "own" else about_units_workbook
    return context, request, make(context, request, {})


@cache
def _figures() -> Any:
    return two_years()
