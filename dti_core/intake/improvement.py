"""A plan to improve as its unit sends it back: taken whole, or not at all with every cell named."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from dti_core.errors import Refused
from dti_core.framework.model import Criterion
from dti_core.framework.rules import Rule
from dti_core.intake.belonging import WrongWorkbook, check_kind, check_origin
from dti_core.intake.cell_values import plain, quoted
from dti_core.intake.layout import (
    ADDED,
    DECORATION,
    LEAD,
    PARTNERS,
    RESULT,
    TARGET,
    TITLE,
    UNTIL,
)
from dti_core.intake.pages import Cell
from dti_core.intake.quantities import Unclear
from dti_core.intake.targets import target_text
from dti_core.intake.workbook import Workbook
from dti_core.program.load import RoundContext
from dti_core.scoring.improvement import Line

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_WORDS = {
    TITLE: "tên nhiệm vụ",
    RESULT: "kết quả",
    TARGET: "chỉ tiêu",
    UNTIL: "thời hạn",
    LEAD: "đơn vị chủ trì",
    PARTNERS: "đơn vị phối hợp",
}


class UnclearPlan(Refused):
    """A plan with cells that cannot be taken. The text lists them; nothing of it was recorded."""


@dataclass(frozen=True)
class SentPlan:
    """A unit's plan. `notices` are what the unit should know and need not answer."""

    unit: str
    lines: tuple[Line, ...]
    notices: tuple[str, ...]


def plan_of(
    workbook: Workbook,
    context: RoundContext,
    file: str,
    rule: Callable[[Criterion], Rule],
    told: Callable[[str, Criterion], str],
) -> SentPlan:
    """The plan in a workbook that came back.

    file  its name, for messages
    rule  a row's rule under the reading that officially counts
    told  (unit, row) → its result in words: what the locked cell says is not trusted

    Raises WrongWorkbook for a workbook of another kind, round, framework or unit, NoKey,
    UnclearPlan.
    """
    check_kind(workbook, "improvement")
    check_origin(workbook, context, file)
    unit = workbook.provider
    if unit not in {each.id for each in context.units}:
        raise WrongWorkbook(
            f"Tệp {file} là kế hoạch của {unit}, không phải đơn vị của đợt {context.id}."
        )
    return _Reader(workbook, context, file, rule, told).read()


class _Reader:
    def __init__(
        self,
        workbook: Workbook,
        context: RoundContext,
        file: str,
        rule: Callable[[Criterion], Rule],
        told: Callable[[str, Criterion], str],
    ) -> None:
        self._workbook, self._context, self._file = workbook, context, file
        self._unit, self._rule, self._told = workbook.provider, rule, told
        self._rows = context.framework_of(workbook.provider).by_code
        self._faults: list[str] = []
        self._notices: list[str] = []
        self._dropped = 0
        self._next = context.round.evaluation_year + 1

    def read(self) -> SentPlan:
        lines: list[Line] = []
        for key in dict.fromkeys(row for row, _ in self._workbook.cells):
            if not key.startswith(DECORATION):
                lines += self._line(key, len(lines) + 1)
        for cell in self._workbook.strays:
            self._fault(
                cell,
                "",
                f"{quoted(cell.raw)} đứng ngoài các dòng của biểu mẫu. Hãy chuyển vào một dòng"
                " “Nhiệm vụ khác”.",
            )
        if self._faults:
            raise UnclearPlan(
                "\n".join(
                    [*self._faults, "Kế hoạch chưa được ghi; hãy sửa các ô trên rồi gửi lại."]
                )
            )
        if self._dropped:
            self._notices.append(
                f"Tệp {self._file}: {self._dropped} tiêu chí mất điểm để trống chỉ tiêu nên không"
                " vào kế hoạch."
            )
        return SentPlan(self._unit, tuple(lines), tuple(self._notices))

    def _line(self, key: str, number: int) -> Iterator[Line]:
        """The line of a row; nothing where it is left blank or a cell of it cannot be taken."""
        added = key.startswith(ADDED)
        row = self._rows.get(key)
        cells = {column: self._workbook.cells.get((key, column)) for column in _WORDS}
        if row is None and not added:
            cell = next(each for each in cells.values() if each)
            self._fault(cell, key, "dòng không thuộc biểu mẫu. Hãy điền vào biểu mẫu đã nhận.")
            return
        about = key if row else ""
        before = len(self._faults)
        said = {column: self._said(column, cells[column], row, about) for column in _WORDS}
        if row is None and not any(said.values()):
            return
        if row is not None and not said[TARGET] and len(self._faults) == before:
            self._dropped += 1
            return
        self._check(cells, said, row, about)
        if len(self._faults) > before:
            return
        yield Line(
            number=number,
            criterion=key if row else None,
            title=row.name if row else said[TITLE],
            result=self._told(self._unit, row) if row else said[RESULT],
            target=said[TARGET],
            deadline=said[UNTIL],
            lead=said[LEAD],
            partners=tuple(p.strip() for p in re.split(r"[;\n]", said[PARTNERS]) if p.strip()),
            basis=str(row.citation) if row else "",
        )

    def _said(self, column: str, cell: Cell | None, row: Criterion | None, about: str) -> str:
        """The text of a cell; a fault for one that cannot be taken."""
        if cell is None or cell.blank:
            return ""
        if row is not None and column == RESULT:
            return ""  # ours; it is worked out anew
        if cell.doubt:
            self._fault(cell, about, cell.doubt, column)
        elif column == TARGET and row is not None:
            text = target_text(cell.value, row, self._rule(row))
            if not isinstance(text, Unclear):
                return text
            self._fault(cell, about, text.reason, column)
        elif column == UNTIL:
            return self._until(cell, about)
        elif isinstance(cell.value, date):
            self._fault(cell, about, f"{quoted(cell.raw)} là ngày. Hãy ghi bằng chữ.", column)
        else:
            return cell.raw
        return ""

    def _until(self, cell: Cell, about: str) -> str:
        """A deadline: a day, or words. A bare number is none."""
        value = cell.value
        day: date | None = None
        if isinstance(value, date):
            day = date(value.year, value.month, value.day)
        elif not isinstance(value, str):
            self._fault(
                cell,
                about,
                f"{quoted(cell.raw)} không rõ là ngày nào. Hãy ghi như 31/12/{self._next},"
                f" Quý III/{self._next} hoặc Năm {self._next}.",
                UNTIL,
            )
            return ""
        elif match := _DAY.fullmatch(value.strip()):
            try:
                day = date(int(match[3]), int(match[2]), int(match[1]))
            except ValueError:
                self._fault(
                    cell,
                    about,
                    f"{quoted(cell.raw)} không phải ngày có thật (ngày/tháng/năm).",
                    UNTIL,
                )
                return ""
        if day is None:
            return cell.raw
        if day <= self._context.round.data_to.on:
            self._fault(
                cell,
                about,
                f"{quoted(cell.raw)} không sau ngày {self._context.round.data_to.on:%d/%m/%Y}, ngày"
                " cuối của năm đánh giá. Hãy ghi ngày của năm thực hiện kế hoạch.",
                UNTIL,
            )
        return f"{day:%d/%m/%Y}"

    def _check(
        self, cells: dict[str, Cell | None], said: dict[str, str], row: Criterion | None, about: str
    ) -> None:
        """What a line that is planned must have, and whether its words still stand on its row."""
        beside = cells[TITLE]
        if row is not None and beside is not None and not beside.blank:
            wanted = f"{row.code}. {row.name}"
            if plain(beside.raw) != plain(wanted):
                self._fault(
                    beside,
                    about,
                    f"tên tiêu chí bên cạnh là {quoted(beside.raw)}: dòng bị chuyển chỗ hoặc bị sửa"
                    " tên. Hãy điền vào biểu mẫu đã nhận.",
                )
        for column in (TITLE, TARGET, LEAD):
            cell = cells[column]
            if (
                (row is None or column != TITLE)
                and not said[column]
                and (cell is None or cell.blank)
            ):
                self._fault(cell or beside, about, "chưa ghi.", column)
        until = cells[UNTIL]
        if until is None or until.blank:
            name = f"mục {about}" if about else quoted(said[TITLE])
            self._notices.append(f"Tệp {self._file}, {name}: chưa ghi thời hạn.")

    def _fault(self, cell: Cell | None, about: str, reason: str, column: str = "") -> None:
        place = f"trang “{cell.sheet}”, ô {cell.address}" if cell else "một ô đã bị xóa"
        what = ", ".join(each for each in (about and f"mục {about}", _WORDS.get(column)) if each)
        shown = f" ({what})" if what else ""
        self._faults.append(f"Tệp {self._file}, {place}{shown}: {reason}")
