"""openpyxl's styles, each worked out once a workbook.

A style that is set on a cell is compared with all others by its content, and the cells of every
merged range are styled anew when a file is read: half of the time that a receipt took. What the
cells get is what openpyxl gives them; only asking again is spared.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.merge import MergedCellRange

_STYLES = "_styles_by_name"


def styled(
    cell: Cell | MergedCell, name: Hashable, style: Callable[[Cell | MergedCell], None]
) -> None:
    """Style a new cell; `name` stands for all that `style` does."""
    known: dict[Hashable, Any] = cell.parent.parent.__dict__.setdefault(_STYLES, {})
    if name in known:
        cell._style = copy(known[name])
    else:
        style(cell)
        known[name] = copy(cell._style)


@contextmanager
def quick_merges() -> Iterator[None]:
    """Merged ranges inside are styled by what ranges of the same looks got before."""
    slow = MergedCellRange.format
    known: dict[Hashable, Any] = {}

    def quick(merged: MergedCellRange) -> None:
        cells, start = merged.ws._cells, merged.start_cell._style
        looks = id(merged.ws.parent), *((start.borderId, start.protectionId) if start else ())
        edges = {
            (row, column): (
                row == merged.min_row,
                column == merged.min_col,
                column == merged.max_col,
                row == merged.max_row,
            )
            for row, column in merged.cells
            if (row, column) != (merged.min_row, merged.min_col)
        }
        if all((looks, edge) in known for edge in edges.values()):
            for place, edge in edges.items():
                cells[place]._style = copy(known[looks, edge])
            return
        slow(merged)
        for place, edge in edges.items():
            known[looks, edge] = copy(cells[place]._style)

    MergedCellRange.format = quick
    try:
        yield
    finally:
        MergedCellRange.format = slow
