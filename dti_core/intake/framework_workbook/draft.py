"""A piece of a framework on its way from cells to the model: data in the YAML's shape, and the
cell of every key path in it."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from dti_core.framework.references import Where
from dti_core.intake.framework_workbook.book import Row
from dti_core.intake.framework_workbook.cell import Cell, Unreadable
from dti_core.intake.framework_workbook.mistakes import Mistakes, nearest


@dataclass
class Draft:
    """Data, the cells that it comes from, and what is missing from it.

    data    what could be read
    cells   key path → cell; the empty path is the row itself
    failed  key paths that could not be read: their mistakes are told already
    """

    data: dict[str, Any]
    cells: dict[Where, Cell]
    failed: set[Where] = field(default_factory=set)

    def nest(self, path: Where, inner: "Draft", *, data: bool = False) -> None:
        """Take over the cells of a piece that stands under a path, and its data if asked to."""
        if data:
            self.data[str(path[0])] = inner.data
        for place, cell in inner.cells.items():
            if path or place:
                self.cells[*path, *place] = cell
        self.failed.update((*path, *place) for place in inner.failed)


class Reader:
    """Reads the cells of a row into a draft; a cell that cannot be read is a mistake.

    what  the row in words ("mục 4.12"); it begins what is told of its cells
    """

    def __init__(self, row: Row, mistakes: Mistakes, what: str) -> None:
        self.row = row
        self.mistakes = mistakes
        self.what = what

    def has(self, key: str) -> bool:
        """Whether something stands in the column."""
        return key in self.row.cells and not self.row.cells[key].blank

    def cell(self, key: str) -> Cell:
        """The cell of a column, or that of the row's first column where the sheet lacks it."""
        return self.row.cells.get(key) or next(iter(self.row.cells.values()))

    def draft(self, key: str) -> Draft:
        """An empty draft whose own cell is that of a column."""
        return Draft({}, {(): self.cell(key)})

    def into(
        self, draft: Draft, name: str, key: str, read: Callable[[Cell], Any], needs: str = ""
    ) -> Any:
        """Read a column into a key of the draft. `needs` says what to write where it is blank;
        without it a blank cell leaves the key out."""
        draft.cells[name,] = self.cell(key)
        if key not in self.row.cells:
            draft.failed.add((name,))  # the heading is missing, which is told of the sheet
            return None
        with self.telling(key) as told:
            value = read(self.row.cells[key])
            if value not in (None, [], {}):
                draft.data[name] = value
                return value
            if not needs:
                return None
            heading = self.row.sheet.column(key).heading
            raise Unreadable(f"thiếu “{heading}”. {needs}")
        if told:
            draft.failed.add((name,))
        return None

    @contextmanager
    def telling(self, key: str) -> Iterator[list[str]]:
        """Add what cannot be read in a column to the mistakes; the list tells whether there was."""
        told: list[str] = []
        try:
            yield told
        except Unreadable as reason:
            told.append(str(reason))
            self.wrong(key, str(reason))

    def wrong(self, key: str, message: str) -> None:
        self.mistakes.at(self.cell(key), message, self.what)


def validated(draft: Draft, kind: Hashable, mistakes: Mistakes, what: str) -> Any:
    """The draft as a piece of the model, or None after its mistakes are told."""
    try:
        return _adapter(kind).validate_python(draft.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = _path(draft, detail["loc"])
            if any(_same_branch(path, failed) for failed in draft.failed):
                continue
            cell = nearest(draft.cells, path)
            mistakes.at(cell, _told(detail, cell), what)
        return None


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(kind)  # type: ignore[arg-type]


def _path(draft: Draft, location: tuple[str | int, ...]) -> Where:
    """The key path of a mistake; pydantic adds the tags of chosen rule types to it."""
    path: Where = ()
    for step in location:
        longer = (*path, step)
        if any(known[: len(longer)] == longer for known in draft.cells):
            path = longer
    return path


def _same_branch(path: Where, failed: Where) -> bool:
    shorter = min(len(path), len(failed))
    return path[:shorter] == failed[:shorter]


def _told(detail: Any, cell: Cell) -> str:
    match detail["type"]:
        case "missing":
            return f"thiếu “{cell.heading}”. Hãy ghi vào ô này."
        case "value_error":
            return f"{detail['ctx']['error']}. Hãy sửa ô này."
        case "string_pattern_mismatch":
            return f"“{detail['input']}” viết sai dạng. Hãy xem cách ghi ở trang “Hướng dẫn”."
        case _:
            return f"“{detail['input']}” không dùng được ở đây. Hãy sửa ô này."
