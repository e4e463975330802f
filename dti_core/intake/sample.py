"""Sample data of a round (dữ liệu mẫu): answers, arrivals, replies and awards that no agency gave.

Every file says so in its first line, and one that does not is refused: sample data must never be
taken for somebody's figures, nor somebody's figures for sample data. What stands in `text` and
`corrected` is what an official would type; the other numbers are plain decimals with a point.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeVar, get_args

from dti_core.figures import Figure, Value
from dti_core.framework.model import Slug, Variable
from dti_core.framework.rules import Strict
from dti_core.intake.layout import CHANGED, KEPT
from dti_core.intake.numbers import Number, read_frequency, read_number
from dti_core.intake.sample_file import MARK as MARK
from dti_core.intake.sample_file import header, is_wide, rows, text_of, wide_rows
from dti_core.program.load import RoundContext
from dti_core.strict_yaml import DataError, Document

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
    """The points that a unit gives itself for one row of its own workbook, with the evidence that
    it names and what it says of them."""

    unit: str
    criterion: str
    points: Fraction
    evidence: str = ""
    account: str = ""


@dataclass(frozen=True)
class Arrival:
    """The day on which a workbook comes back, with the hour in Viet Nam where that matters; None
    where it never does."""

    provider: str
    kind: AnswerKind
    date: date | None
    at: time | None = None


@dataclass(frozen=True)
class Petition:
    """What a unit objects to in its provisional result, and how that was decided."""

    unit: str
    criterion: str | None
    text: str
    upheld: bool
    points: Fraction | None
    reason: str


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
    """Points that an appraiser awards otherwise than computed, or where nothing is computed.

    verifier  who; None for everybody to whom the row is routed
    """

    unit: str
    criterion: str
    points: Fraction
    reason: str
    verifier: str | None = None


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
SELF_ACCOUNT_COLUMNS = (*SELF_COLUMNS, "evidence", "account")
WIDE_ANSWERS = ("provider", "kind", "unit")
"""A file for many units has a row for each and a column `criterion:variable` for each figure; an
empty cell is no answer. Self-assessed points likewise, a column for each row of the framework."""
WIDE_SELF = ("unit",)
PETITION_COLUMNS = ("unit", "criterion", "text", "decision", "points", "reason")
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
VERIFIED_COLUMNS = ("verifier", *APPRAISAL_COLUMNS)
"""The same where it matters who of several gives the points; empty for all of them."""


def load_answers(path: Path) -> list[Answer]:
    """Raises DataError, with the line, for a file that is no sample or has a bad row."""
    return [answer for _, answer in _answers(path)]


def load_self_points(path: Path) -> list[SelfPoints]:
    """Raises DataError as `load_answers` does."""
    if is_wide(path, WIDE_SELF):
        return [
            SelfPoints(row["unit"], code, row.number(code))
            for row, filled in wide_rows(path, WIDE_SELF)
            for code in filled
        ]
    more = header(path) == list(SELF_ACCOUNT_COLUMNS)
    return [
        SelfPoints(
            row["unit"],
            row["criterion"],
            row.number("points"),
            row.cells.get("evidence", ""),
            row.cells.get("account", ""),
        )
        for row in rows(path, SELF_ACCOUNT_COLUMNS if more else SELF_COLUMNS, key=2)
    ]


def load_arrivals(path: Path) -> list[Arrival]:
    """Raises DataError as `load_answers` does."""
    return [
        Arrival(row["provider"], row.one_of("kind", _kind), *row.moment("date"))
        for row in rows(path, ARRIVAL_COLUMNS, key=2)
    ]


def load_petitions(path: Path) -> list[Petition]:
    """Raises DataError as `load_answers` does, and where a decision or its reason is missing."""
    found: list[Petition] = []
    for row in rows(path, PETITION_COLUMNS, key=2):
        if row["decision"] not in ("upheld", "dismissed"):
            raise row.error("decision phải là upheld hoặc dismissed")
        if not row["text"] or not row["reason"]:
            raise row.error("text và reason không được để trống")
        found.append(
            Petition(
                unit=row["unit"],
                criterion=row["criterion"] or None,
                text=row["text"],
                upheld=row["decision"] == "upheld",
                points=row.number("points") if row["points"] else None,
                reason=row["reason"],
            )
        )
    return found


def load_replies(path: Path) -> list[Reply]:
    """Raises DataError as `load_answers` does, and where a change or a reason is not given."""
    replies: list[Reply] = []
    for row in rows(path, REPLY_COLUMNS, key=3):
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
    named = "verifier" in header(path)
    for row in rows(path, VERIFIED_COLUMNS if named else APPRAISAL_COLUMNS, key=3 if named else 2):
        if not row["reason"]:
            raise row.error("điểm thẩm định phải có lý do")
        who = (row["verifier"] or None) if named else None
        points = row.number("points")
        found.append(Appraisal(row["unit"], row["criterion"], points, row["reason"], who))
    return found


def load_faults(path: Path) -> list[PlantedFault]:
    """Raises DataError, with the line, for a file that is no sample or a fault badly written."""
    text_of(path)
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

    Those of units that are not in the round are left out. Raises DataError, with the line, for a
    unit that the program does not know, an unknown figure or a text with no single value.
    """
    here = {unit.id for unit in context.units}
    figures: dict[tuple[str, str, str], Figure] = {}
    for line, answer in _answers(path):
        if answer.unit not in context.program.unit:
            raise DataError(path, line, f"đợt {context.id} không có đơn vị {answer.unit!r}")
        if answer.unit not in here:
            continue
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


def _kind(text: str) -> AnswerKind | None:
    return next((each for each in get_args(AnswerKind) if each == text), None)


def _officer_decision(text: str) -> OfficerDecision | None:
    return next((each for each in get_args(OfficerDecision) if each == text), None)


def _answers(path: Path) -> Iterator[tuple[int, Answer]]:
    if not is_wide(path, WIDE_ANSWERS):
        yield from _long_answers(path)
        return
    for row, filled in wide_rows(path, WIDE_ANSWERS):
        kind: AnswerKind = row.one_of("kind", _kind)
        for place in filled:
            criterion, _, variable = place.partition(":")
            typed = Answer(row["provider"], kind, row["unit"], criterion, variable, row[place])
            yield row.line, typed


def _long_answers(path: Path) -> Iterator[tuple[int, Answer]]:
    for row in rows(path, ANSWER_COLUMNS, key=5):
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
