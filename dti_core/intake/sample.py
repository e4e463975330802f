"""Sample data of a round (dữ liệu mẫu): answers, arrivals, replies and awards that no agency gave.

Every file says so in its first line, and one that does not is refused: sample data must never be
taken for somebody's figures, nor somebody's figures for sample data. What stands in `text` and
`corrected` is what an official would type; the other numbers are plain decimals with a point.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeVar, get_args

from dti_core.figures import Figure, Value
from dti_core.framework.model import Slug, Variable
from dti_core.framework.rules import Strict
from dti_core.intake.layout import CHANGED, KEPT
from dti_core.intake.numbers import Number, read_frequency, read_number
from dti_core.program.load import RoundContext
from dti_core.rational import parse_exact
from dti_core.strict_yaml import DataError, Document

MARK = "# MẪU:"
YES, NO = "Có", "Không"

AnswerKind = Literal["own", "about_units"]
Stage = Literal["remind", "validate", "flag"]
OfficerDecision = Literal["accepted", "refused"]
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What a provider typed for one figure of one unit."""

    provider: str
    kind: AnswerKind
    unit: str
    criterion: str
    variable: str
    text: str


@dataclass(frozen=True)
class SelfPoints:
    """The points that a unit gives itself for one row of its own workbook."""

    unit: str
    criterion: str
    points: Fraction


@dataclass(frozen=True)
class Arrival:
    """The day on which a workbook comes back; None where it never does."""

    provider: str
    kind: AnswerKind
    date: date | None


@dataclass(frozen=True)
class Reply:
    """A unit's answer to a doubt, and what the organiser's officer says to it.

    criterion  None where the answer speaks for the whole workbook
    variable   None where it speaks for the row: its points, or all of its figures
    corrected  the figure (or points) as typed, where the decision is to change it
    """

    unit: str
    criterion: str | None
    variable: str | None
    decision: str
    corrected: str | None
    reason: str
    officer_decision: OfficerDecision
    officer_reason: str


@dataclass(frozen=True)
class Appraisal:
    """Points that the appraiser awards otherwise than computed, or where nothing is computed."""

    unit: str
    criterion: str
    points: Fraction
    reason: str


class PlantedFault(Strict):
    """A fault that the sample holds on purpose.

    variables  the figures that are wrong; none where the fault is not in single figures
    source     the unit whose figures were copied
    stage      the stage of the round that must find it
    """

    kind: Literal[
        "late", "missing", "part_above_whole", "wrong_unit", "jump", "copied", "unsupported_self"
    ]
    unit: Slug
    criterion: str | None = None
    variable: str | None = None
    variables: tuple[str, ...] = ()
    source: Slug | None = None
    stage: Stage
    words: str


ANSWER_COLUMNS = ("provider", "kind", "unit", "criterion", "variable", "text")
SELF_COLUMNS = ("unit", "criterion", "points")
ARRIVAL_COLUMNS = ("provider", "kind", "date")
REPLY_COLUMNS = (
    "unit",
    "criterion",
    "variable",
    "decision",
    "corrected",
    "reason",
    "officer_decision",
    "officer_reason",
)
APPRAISAL_COLUMNS = ("unit", "criterion", "points", "reason")


def load_answers(path: Path) -> list[Answer]:
    """Raises DataError, with the line, for a file that is no sample or has a bad row."""
    return [answer for _, answer in _answers(path)]


def load_self_points(path: Path) -> list[SelfPoints]:
    """Raises DataError as `load_answers` does."""
    return [
        SelfPoints(row["unit"], row["criterion"], row.number("points"))
        for row in _rows(path, SELF_COLUMNS, key=2)
    ]


def load_arrivals(path: Path) -> list[Arrival]:
    """Raises DataError as `load_answers` does."""
    return [
        Arrival(row["provider"], row.one_of("kind", _kind), row.day("date"))
        for row in _rows(path, ARRIVAL_COLUMNS, key=2)
    ]


def load_replies(path: Path) -> list[Reply]:
    """Raises DataError as `load_answers` does, and where a change or a reason is not given."""
    replies: list[Reply] = []
    for row in _rows(path, REPLY_COLUMNS, key=3):
        decision = row["decision"]
        if decision not in (KEPT, CHANGED):
            raise row.error(f"decision phải là “{KEPT}” hoặc “{CHANGED}”")
        if decision == KEPT and row["corrected"]:
            raise row.error(f"“{KEPT}” thì corrected phải để trống")
        if decision == CHANGED and row["criterion"] and not row["corrected"]:
            raise row.error(f"“{CHANGED}” mà không nêu giá trị mới ở corrected")
        if not row["reason"] or not row["officer_reason"]:
            raise row.error("reason và officer_reason không được để trống")
        replies.append(
            Reply(
                unit=row["unit"],
                criterion=row["criterion"] or None,
                variable=row["variable"] or None,
                decision=decision,
                corrected=row["corrected"] or None,
                reason=row["reason"],
                officer_decision=row.one_of("officer_decision", _officer_decision),
                officer_reason=row["officer_reason"],
            )
        )
    return replies


def load_appraisals(path: Path) -> list[Appraisal]:
    """Raises DataError as `load_answers` does, and where a reason is not given."""
    found: list[Appraisal] = []
    for row in _rows(path, APPRAISAL_COLUMNS, key=2):
        if not row["reason"]:
            raise row.error("điểm thẩm định phải có lý do")
        found.append(Appraisal(row["unit"], row["criterion"], row.number("points"), row["reason"]))
    return found


def load_faults(path: Path) -> list[PlantedFault]:
    """Raises DataError, with the line, for a file that is no sample or a fault badly written."""
    _text(path)
    return list(Document(path).parse(_FaultFile).faults)


def reply_to(
    replies: Iterable[Reply], unit: str, criterion: str, variable: str | None
) -> Reply | None:
    """The reply that answers a doubt: to its figure, else to its row, else to the whole workbook;
    for a doubt about a row, else to the first of its figures."""
    mine = [reply for reply in replies if reply.unit == unit]
    of_row = [reply for reply in mine if reply.criterion == criterion]
    choices = (
        [reply for reply in of_row if reply.variable == variable],
        [reply for reply in of_row if reply.variable is None],
        [reply for reply in mine if reply.criterion is None],
        of_row if variable is None else [],
    )
    return next((found[0] for found in choices if found), None)


def prior_figures(path: Path, context: RoundContext) -> dict[tuple[str, str, str], Figure]:
    """The figures of an answers file, read exactly; keys are (unit, criterion, variable).

    Raises DataError, with the line, for an unknown unit or figure or a text with no single value.
    """
    known = {unit.id for unit in context.units}
    figures: dict[tuple[str, str, str], Figure] = {}
    for line, answer in _answers(path):
        if answer.unit not in known:
            raise DataError(path, line, f"đợt {context.id} không có đơn vị {answer.unit!r}")
        row = context.framework_of(answer.unit).by_code.get(answer.criterion)
        variable = row.variables.get(answer.variable) if row else None
        if variable is None:
            where = f"mục {answer.criterion}, biến {answer.variable}"
            raise DataError(path, line, f"bộ chỉ số không có {where}")
        value = value_of(answer.text, variable)
        if value is None:
            raise DataError(path, line, f"“{answer.text}” không đọc được thành {variable.kind}")
        figure = Figure(
            unit=answer.unit,
            criterion=answer.criterion,
            variable=answer.variable,
            status="given",
            value=value,
            raw=answer.text,
            file=path.name,
            cells=(f"dòng {line}",),
        )
        figures[figure.key] = figure
    return figures


def value_of(text: str, variable: Variable) -> Value | None:
    """The one value that a text has for a variable; None where it has none, or several."""
    match variable.kind:
        case "flag":
            return {YES: True, NO: False}.get(text)
        case "choice":
            return {words: key for key, words in variable.choices.items()}.get(text)
        case "text" | "contact":
            return text or None
        case "frequency":
            return read_frequency(text)
        case kind:
            read = read_number(text, kind)
            if not isinstance(read, Number) or read.percent != (kind == "percent"):
                return None
            if kind == "count" and read.value.denominator != 1:
                return None
            return read.value


class _FaultFile(Strict):
    faults: tuple[PlantedFault, ...]


@dataclass(frozen=True)
class _Row:
    """One row of a file, with its line for whoever has to correct it."""

    path: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def error(self, message: str) -> DataError:
        return DataError(self.path, self.line, message)

    def number(self, column: str) -> Fraction:
        try:
            return parse_exact(self[column])
        except ValueError as error:
            raise self.error(f"{column}: {error}") from error

    def day(self, column: str) -> date | None:
        if not self[column]:
            return None
        try:
            return date.fromisoformat(self[column])
        except ValueError as error:
            raise self.error(f"{column}: viết ngày như 2024-01-31") from error

    def one_of(self, column: str, read: Callable[[str], T | None]) -> T:
        value = read(self[column])
        if value is None:
            raise self.error(f"{column}: không có giá trị {self[column]!r}")
        return value


def _kind(text: str) -> AnswerKind | None:
    return next((each for each in get_args(AnswerKind) if each == text), None)


def _officer_decision(text: str) -> OfficerDecision | None:
    return next((each for each in get_args(OfficerDecision) if each == text), None)


def _answers(path: Path) -> Iterator[tuple[int, Answer]]:
    for row in _rows(path, ANSWER_COLUMNS, key=5):
        yield (
            row.line,
            Answer(
                provider=row["provider"],
                kind=row.one_of("kind", _kind),
                unit=row["unit"],
                criterion=row["criterion"],
                variable=row["variable"],
                text=row["text"],
            ),
        )


def _rows(path: Path, columns: Sequence[str], key: int) -> Iterator[_Row]:
    """The rows of a file under its mark and header. The first `key` columns name a row, once."""
    reader = csv.reader(_text(path).splitlines()[1:])
    header = next(reader, [])
    if tuple(header) != tuple(columns):
        raise DataError(path, 2, f"dòng tiêu đề phải là {','.join(columns)}")
    seen: set[tuple[str, ...]] = set()
    for cells in reader:
        line = reader.line_num + 1
        if len(cells) != len(columns):
            raise DataError(path, line, f"có {len(cells)} cột, phải có {len(columns)}")
        name = tuple(cells[:key])
        if name in seen:
            raise DataError(path, line, f"{', '.join(filter(None, name))} có hai lần")
        seen.add(name)
        yield _Row(path, line, dict(zip(columns, cells, strict=True)))


def _text(path: Path) -> str:
    """The text of a sample file. Raises DataError where its first line does not say that it is."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(path, None, "tệp phải được lưu ở bảng mã UTF-8") from error
    except FileNotFoundError as error:
        raise DataError(path, None, "không có tệp này") from error
    if not text.startswith(MARK):
        raise DataError(path, 1, f"dòng đầu phải bắt đầu bằng “{MARK}”: đây không phải tệp mẫu")
    return text
