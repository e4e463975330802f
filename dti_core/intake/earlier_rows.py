"""The rows of a workbook of an earlier year, and whose they are: by id, name or hidden key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dti_core.framework.similar import SAME_CODE, likeness, normal
from dti_core.intake.cells import plain, quoted
from dti_core.intake.earlier_form import (
    HEADINGS,
    UNIT_OF_RESULTS,
    YEAR,
    Line,
    column_words,
    lines,
    unit_key,
)
from dti_core.intake.labels import Words, moved
from dti_core.intake.pages import Cell, Page
from dti_core.program.load import RoundContext

_PLACE = re.compile(r"\d+$")  # the row in an address
_NEAR = 2  # units that a message offers for a name that is none


@dataclass
class Row:
    """A row of a page.

    level  whose figures the page takes; None for the page of points and ranks
    key    its hidden key, empty where it has none
    cells  by the key of the column that its heading names
    """

    level: str | None
    place: int
    key: str
    cells: dict[str, Cell] = field(default_factory=dict)

    @property
    def name(self) -> Cell | None:
        """The cell that names the unit."""
        return self.cells.get(unit_key(self.level) if self.level else UNIT_OF_RESULTS)

    @property
    def answers(self) -> dict[str, Cell]:
        """The cells that say something, apart from the unit and the year."""
        given = (UNIT_OF_RESULTS, YEAR, unit_key(self.level or ""))
        return {
            key: cell
            for key, cell in self.cells.items()
            if key not in given and (cell.doubt or not cell.blank)
        }


class Units:
    """The units that a row may speak of: those of the form, and any other of their levels."""

    def __init__(self, context: RoundContext) -> None:
        self.line = lines(context)
        for unit in context.program.units:
            if unit.level in context.frameworks:
                self.line.setdefault(unit.id, Line(unit.id, unit.name, unit.level))
        self._named: dict[str, list[str]] = {}
        for line in self.line.values():
            for words in dict.fromkeys(map(plain, (line.unit, line.name, line.shown))):
                self._named.setdefault(words, []).append(line.unit)

    def of(self, row: Row) -> Line | str:
        """Whose row it is, or in Vietnamese why that is not known. What stands there for the eye
        goes before the hidden key."""
        if row.name is None or row.name.blank:
            if row.key in self.line:
                return self.line[row.key]
            return "dòng này có số liệu mà chưa ghi tên đơn vị. Hãy ghi tên hoặc mã đơn vị."
        if row.name.doubt:
            return row.name.doubt
        words = row.name.raw
        found = self._named.get(plain(words), [])
        if row.key in found or len(found) == 1:
            return self.line[row.key if row.key in found else found[0]]
        if found:
            ids = ", ".join(found)
            return f"có {len(found)} đơn vị cùng tên {quoted(words)}. Hãy ghi mã: {ids}."
        return (
            f"{quoted(words)} không phải tên hay mã của đơn vị nào trong đợt."
            f"{self._near(words)} Hãy ghi đúng tên hoặc mã."
        )

    def _near(self, words: str) -> str:
        """The units that a name comes near, said so; empty for none."""
        syllables = normal(words)
        alike = sorted(
            ((likeness(syllables, normal(line.name)), line) for line in self.line.values()),
            key=lambda each: -each[0],
        )
        near = [f"{x.name} ({x.unit})" for how, x in alike[:_NEAR] if how >= SAME_CODE]
        return f" Gần nhất: {'; '.join(near)}." if near else ""


def rows_of(page: Page, context: RoundContext) -> Iterator[Row]:
    """The rows of a page from the top, headings apart."""
    keys = {key for key, _ in page.columns}
    level = next((each for each in context.frameworks if unit_key(each) in keys), None)
    words: Words = {key: (heading,) for key, heading in HEADINGS.items()}
    if level is not None:
        words = column_words(context.frameworks[level])
    strayed = moved({key: each for key, each in words.items() if key in keys}, page.heads)
    rows: dict[int, Row] = {}
    for row_key, column, cell in page.cells:
        found = _PLACE.search(cell.address)
        assert found is not None
        place = int(found[0])
        row = rows.setdefault(place, Row(level, place, row_key))
        right = strayed.get(column, column)
        if right is None and not cell.blank:
            doubt = (
                "cột này đã bị chuyển chỗ mà thiếu phần ẩn nên không rõ là số liệu nào. Hãy điền"
                " vào biểu mẫu gốc rồi nhập lại."
            )
            cell = cell._replace(doubt=doubt)
        row.cells[right or column] = cell
    yield from rows.values()
