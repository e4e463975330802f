"""A framework's workbook in tests: written, changed by hand, read back."""

from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import Cell

from dti_core.framework.load import load_framework
from dti_core.framework.model import Framework
from dti_core.intake.framework_workbook import read_framework
from reports.framework_workbook import framework_workbook

SAMPLE = "vinh-long-mau/so"
HEADINGS = 3
"""The row of the headings in every sheet but the guide."""


class Edited:
    """A workbook of a framework that somebody changes.

    `at` finds a cell as a person does: the row by its code, the column by its heading.
    """

    def __init__(self, path: Path, framework_id: str = SAMPLE) -> None:
        self.path = path
        path.write_bytes(_exported(framework_id))
        self.book = load_workbook(path)

    def at(self, sheet: str, code: str, heading: str, nth: int = 0) -> Cell:
        page = self.book[sheet]
        column = next(c.column for c in page[HEADINGS] if c.value == heading)
        rows = [r for r in range(HEADINGS + 1, page.max_row + 1) if page.cell(r, 1).value == code]
        cell: Cell = page.cell(rows[nth], column)
        return cell

    def put(self, sheet: str, code: str, heading: str, value: Any, nth: int = 0) -> None:
        """Type a value."""
        self.at(sheet, code, heading, nth).value = value

    def read(self) -> Framework:
        self.book.save(self.path)
        return read_framework(self.path)


@cache
def _exported(framework_id: str) -> bytes:
    return framework_workbook(load_framework(framework_id))


def same(read: Framework, framework: Framework) -> bool:
    """Whether two frameworks are equal; a workbook has no digest."""
    return read.model_copy(update={"sha256": framework.sha256}) == framework
