"""Workbooks of a round of 165 units: written beside XlsxWriter alone, read beside calamine alone.

XlsxWriter alone replays the very calls that our writer made, cells, formats and all; calamine
alone opens the same files and takes every sheet as rows.
"""

import io
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.timing import best
from dti_core.intake.fill import fill
from dti_core.intake.layout import VALUE, figure_key
from dti_core.intake.many import before_many
from dti_core.intake.submission import figures_of
from dti_core.intake.workbook import read_workbook
from dti_core.program.load import RoundContext, load_round
from dti_core.program.model import Unit
from dti_core.program.requests import Request, requests
from reports.workbooks import book
from reports.workbooks.own import own_workbook

UNITS = 165
REPEATS = 5
Call = tuple[int, str, tuple[Any, ...], dict[str, Any], int]
"""On which object, which method, with what, and the number of the object that it gave."""


class _Recorded:
    """An XlsxWriter object that notes what is done to it."""

    def __init__(self, real: Any, calls: list[Call], known: list[Any], number: int) -> None:
        self._real, self._calls, self._known, self._number = real, calls, known, number

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._real, name)
        if not callable(value):
            return value

        def call(*arguments: Any, **named: Any) -> Any:
            plain = tuple(_Reference.of(each) for each in arguments)
            given = value(*(_real(each) for each in arguments), **named)
            if name in ("add_worksheet", "add_format"):
                self._known.append(given)
                number = len(self._known) - 1
                self._calls.append((self._number, name, plain, named, number))
                return _Recorded(given, self._calls, self._known, number)
            self._calls.append((self._number, name, plain, named, -1))
            return given

        return call


class _Reference:
    """A recorded object among the arguments of a call."""

    def __init__(self, number: int) -> None:
        self.number = number

    @staticmethod
    def of(value: Any) -> Any:
        return _Reference(value._number) if isinstance(value, _Recorded) else value


def _real(value: Any) -> Any:
    return value._real if isinstance(value, _Recorded) else value


def _record(work: Callable[[], bytes]) -> tuple[list[Call], dict[str, Any]]:
    calls: list[Call] = []
    options: dict[str, Any] = {}
    real = xlsxwriter.Workbook

    def opened(target: Any, given: dict[str, Any]) -> _Recorded:
        options.update(given)
        made = real(target, given)
        return _Recorded(made, calls, [made], 0)

    book.xlsxwriter.Workbook = opened  # type: ignore[misc,assignment]
    try:
        work()
    finally:
        book.xlsxwriter.Workbook = real  # type: ignore[misc]
    return calls, options


def _replay(calls: list[Call], options: dict[str, Any]) -> bytes:
    target = io.BytesIO()
    known: dict[int, Any] = {0: xlsxwriter.Workbook(target, options)}
    for number, name, arguments, named, gives in calls:
        plain = [known[a.number] if isinstance(a, _Reference) else a for a in arguments]
        given = getattr(known[number], name)(*plain, **named)
        if gives >= 0:
            known[gives] = given
    return target.getvalue()


def _context() -> RoundContext:
    """2074's department round with so many units that are nobody's."""
    context = load_round("vinh-phuc/2023-so")
    units = tuple(
        Unit(id=f"don-vi-{number}", name=f"Đơn vị mẫu {number}", level="so", agency=agency)
        for number, agency in enumerate(
            ["vp-ubnd", "so-noi-vu", "so-tai-chinh", "so-tttt", *([None] * (UNITS - 4))]
        )
    )
    program = context.program.model_copy(update={"units": units})
    return replace(context, program=program, units=units)


def workbook_costs() -> dict[str, float]:
    """Seconds for all the workbooks, and the ratios to the libraries alone."""
    context = _context()
    asked = [request for request in requests(context) if request.own]
    with tempfile.TemporaryDirectory() as home:
        os.environ["DTI_HOME"] = home  # where the key of the signatures is made
        written, alone = _writing(context, asked)
        taken, bare = _reading(context, asked)
    return {
        "workbooks": len(asked),
        "written, seconds": round(written, 2),
        "written / XlsxWriter alone": round(written / alone, 2),
        "read into figures, seconds": round(taken, 2),
        "read / calamine alone": round(taken / bare, 2),
    }


def _writing(context: RoundContext, asked: Sequence[Request]) -> tuple[float, float]:
    """Seconds of our writer, and of XlsxWriter alone."""
    recorded = [
        _record(lambda request=request: own_workbook(context, request, {}))  # type: ignore[misc]
        for request in asked
    ]
    return _best_by_turns(
        lambda: [own_workbook(context, request, {}) for request in asked],
        lambda: [_replay(*each) for each in recorded],
    )


def _reading(context: RoundContext, asked: Sequence[Request]) -> tuple[float, float]:
    """Seconds of our reader, and of calamine alone."""
    with tempfile.TemporaryDirectory() as name:
        paths = []
        for request in asked:
            path = Path(name) / f"{request.provider}.xlsx"
            path.write_bytes(own_workbook(context, request, {}))
            fill(path, _answers(context, request))
            paths.append(path)

        def calamine() -> None:
            for path in paths:
                source = CalamineWorkbook.from_path(str(path))
                for sheet in source.sheet_names:
                    source.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

        def read() -> None:
            for path in paths:
                figures_of(read_workbook(path), context, path.name)

        before_many()  # as collection does
        return _best_by_turns(read, calamine)


def _answers(context: RoundContext, request: Request) -> dict[tuple[str, str], object]:
    """Something for every figure that the workbook asks for."""
    typed: dict[tuple[str, str], object] = {}
    for item in request.asked(own=True):
        variable = context.framework_of(item.unit).by_code[item.criterion].variables[item.variable]
        answer: object = "12,5%" if variable.kind == "percent" else 12
        if variable.kind == "flag":
            answer = True
        elif variable.choices:
            answer = next(iter(variable.choices.values()))
        typed[figure_key(item.criterion, item.variable), VALUE] = answer
    return typed


def _best_by_turns(ours: Callable[[], object], alone: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the fastest runs of both, by turns: a busy moment of the machine hits both."""
    pairs = [(best(ours, 1), best(alone, 1)) for _ in range(REPEATS)]
    return min(first for first, _ in pairs), min(second for _, second in pairs)
