"""What comes back in an explanation workbook and in an appraiser's workbook."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from dti_core.errors import Refused
from dti_core.framework.model import Variable
from dti_core.intake.belonging import check_kind
from dti_core.intake.cells import Reading, Unclear, plain, reading
from dti_core.intake.layout import (
    APPRAISED,
    CHANGED,
    CORRECTED,
    DECISION,
    KEPT,
    REASON,
    split_key,
)
from dti_core.intake.workbook import Cell, Workbook

Decision = Literal["kept", "changed"]

_DECISIONS: dict[str, Decision] = {plain(KEPT): "kept", plain(CHANGED): "changed"}
_POINTS = Variable(label="Điểm thẩm định", kind="mean", unit="điểm")


class UnreadablePoints(Refused):
    """Appraised points that are none, or in doubt. The text lists the cells."""


@dataclass(frozen=True)
class Reply:
    """A unit's answer to one flag.

    decision   None where the unit wrote something but did not choose
    corrected  the corrected figure's cell, None where it is blank: `said` reads its value
    cell       the cell of the decision
    question   what has to be asked before the answer can be taken, in Vietnamese
    """

    flag: str
    decision: Decision | None
    corrected: Cell | None
    reason: str | None
    cell: Cell
    question: str | None = None

    @property
    def corrected_raw(self) -> str | None:
        return self.corrected.raw if self.corrected else None


@dataclass(frozen=True)
class Appraisal:
    """The points that an appraiser gives one unit for one criterion."""

    unit: str
    criterion: str
    points: Fraction
    reason: str | None
    cell: Cell


def replies_of(workbook: Workbook, file: str) -> tuple[Reply, ...]:
    """The answers of an explanation workbook; a row left blank is no answer.

    `file` is its name, for questions. Raises WrongWorkbook for a workbook of another kind. Whether
    it is this round's: `belonging.check_origin`.
    """
    check_kind(workbook, "explanation")
    return tuple(_replies(workbook, file))


def appraisals_of(workbook: Workbook, file: str) -> tuple[Appraisal, ...]:
    """The points of an appraiser's workbook; a row without points is not appraised yet.

    `file` is its name, for the reasons. The maximum is the caller's to check: a workbook does not
    know it. Raises WrongWorkbook for a workbook of another kind, UnreadablePoints where points are
    not a number ≥ 0 or a cell is in doubt.
    """
    check_kind(workbook, "appraisal")
    found: list[Appraisal] = []
    faults: list[str] = []
    for key in _rows(workbook):
        cell = workbook.cells.get((key, APPRAISED))
        points = said(cell, _POINTS).value if cell else None
        if cell is None or points is None:
            continue
        why = workbook.cells.get((key, REASON))
        if not isinstance(points, Fraction):
            reason = points.reason if isinstance(points, Unclear) else f"“{cell.raw}” không phải số"
            faults.append(f"{_at(file, cell)}: {reason}")
        elif points < 0:
            faults.append(
                f"{_at(file, cell)}: điểm {cell.raw} nhỏ hơn 0. Hãy nhập từ 0 đến điểm tối đa."
            )
        elif why is not None and why.doubt:
            faults.append(f"{_at(file, why)}: {why.doubt}")
        else:
            unit, criterion = split_key(key)
            found.append(Appraisal(unit, criterion, points, _text(why), cell))
    if faults:
        raise UnreadablePoints("\n".join(faults))
    return tuple(found)


def said(cell: Cell, variable: Variable) -> Reading:
    """What a cell says, and how it was read; a cell in doubt says nothing but its doubt."""
    return Reading(Unclear(cell.doubt)) if cell.doubt else reading(cell.value, variable)


def _replies(workbook: Workbook, file: str) -> Iterator[Reply]:
    for flag in _rows(workbook):
        cell = workbook.cells.get((flag, DECISION))
        if cell is None:
            continue
        corrected = workbook.cells.get((flag, CORRECTED))
        why = workbook.cells.get((flag, REASON))
        doubtful = next((each for each in (cell, corrected, why) if each and each.doubt), None)
        corrected = None if corrected is None or corrected.blank else corrected
        reason = _text(why)
        if doubtful is None and cell.blank and corrected is None and reason is None:
            continue
        decision = _DECISIONS.get(plain(cell.raw))
        if doubtful is not None:
            doubt = doubtful.doubt
        else:
            doubt = _doubt(cell, decision, corrected, reason)
        question = f"{_at(file, doubtful or cell)}: {doubt}" if doubt else None
        yield Reply(flag, decision, corrected, reason, cell, question)


def _doubt(
    cell: Cell, decision: Decision | None, corrected: Cell | None, reason: str | None
) -> str | None:
    """What keeps an answer from being taken."""
    if decision is None:
        chosen = "chưa chọn" if cell.blank else f"“{cell.raw}” không phải {KEPT} hay {CHANGED}"
        return f"{chosen}. Hãy chọn {KEPT} hoặc {CHANGED}."
    if decision == "changed" and corrected is None:
        return f"đã chọn {CHANGED} nhưng chưa có số liệu điều chỉnh. Hãy nhập số liệu đúng."
    if decision == "kept" and corrected is not None:
        return (
            f"đã chọn {KEPT} nhưng lại nhập số liệu điều chỉnh “{corrected.raw}” ở ô"
            f" {corrected.address}. Hãy xóa số ấy hoặc chọn {CHANGED}."
        )
    if reason is None:
        return "chưa có lý do. Hãy ghi lý do và tài liệu kiểm chứng."
    return None


def _rows(workbook: Workbook) -> list[str]:
    """The row keys in their order, each once."""
    return list(dict.fromkeys(row for row, _ in workbook.cells))


def _text(cell: Cell | None) -> str | None:
    return None if cell is None or cell.blank else cell.raw


def _at(file: str, cell: Cell) -> str:
    return f"Tệp {file}, trang “{cell.sheet}”, ô {cell.address}"
