"""Pages as openpyxl holds them: where their keys stand, and what openpyxl leaves undone."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dti_core.intake.layout import KEY, META_SHEET


def header(sheet: Worksheet) -> tuple[int, int]:
    """Row and column of the cell that marks the keys."""
    found = corner(sheet)
    assert found is not None, sheet.title
    return found


def columns_of(sheet: Worksheet) -> dict[str, int]:
    """Column key → the column in which it stands."""
    row, _ = header(sheet)
    found = {sheet.cell(row, column).value: column for column in range(1, sheet.max_column + 1)}
    return {key: column for key, column in found.items() if isinstance(key, str)}


def rows_with_answers(sheet: Worksheet) -> list[int]:
    """The rows of a keyed page that take answers, from the top."""
    top, column = header(sheet)
    keys = {row: sheet.cell(row, column).value for row in range(top + 1, sheet.max_row + 1)}
    return [row for row, key in keys.items() if isinstance(key, str) and not key.startswith("#")]


def corner(sheet: Worksheet) -> tuple[int, int] | None:
    """As `header`; None on a page without keys."""
    if sheet.title == META_SHEET:
        return None
    for row in range(1, min(sheet.max_row, 8) + 1):
        for column in range(1, min(sheet.max_column, 8) + 1):
            if sheet.cell(row, column).value == KEY:
                return row, column
    return None


def keep_results(path: Path, titles: list[str], kept: dict[tuple[str, str], str]) -> None:
    """Write the kept results of formulas: openpyxl leaves them empty."""
    with rewritten(path) as entries:
        for (title, address), result in kept.items():
            name = f"xl/worksheets/sheet{titles.index(title) + 1}.xml"
            pattern = rf'(<c r="{address}"[^>]*?)( t="\w+")?(>\s*<f>[^<]*</f>)<v\s*/?>(</v>)?'
            kind = "" if re.fullmatch(r"-?[\d.]+", result) else ' t="str"'
            kind = ' t="e"' if result.startswith("#") else kind
            changed, count = re.subn(
                pattern, rf"\g<1>{kind}\g<3><v>{result}</v>", entries[name].decode()
            )
            assert count == 1, (title, address)
            entries[name] = changed.encode()


@contextmanager
def rewritten(path: Path) -> Iterator[dict[str, bytes]]:
    """The entries of a ZIP, by name, to be changed; the file is written again from them."""
    with zipfile.ZipFile(path) as source:
        entries = {item.filename: source.read(item) for item in source.infolist()}
    yield entries
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)


def insert_rows(sheet: Worksheet, at: int, count: int = 1) -> None:
    """Insert rows as a spreadsheet does: merged cells below move down."""
    _insert(sheet, at, count, rows=True)


def insert_columns(sheet: Worksheet, at: int, count: int = 1) -> None:
    """Insert columns as a spreadsheet does: merged cells to the right move on, wider ones grow."""
    _insert(sheet, at, count, rows=False)


def _insert(sheet: Worksheet, at: int, count: int, *, rows: bool) -> None:
    merged = [each.bounds for each in sheet.merged_cells.ranges]
    for each in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(each))
    (sheet.insert_rows if rows else sheet.insert_cols)(at, count)
    for left, top, right, bottom in merged:
        across, down = (0, count) if rows else (count, 0)
        first = (top if rows else left) >= at
        last = (bottom if rows else right) >= at
        left, top = left + across * first, top + down * first
        right, bottom = right + across * last, bottom + down * last
        area = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        sheet.merge_cells(area)


def ungroup(sheet: Worksheet) -> None:
    """Merged cells are taken apart, as Excel demands before cells are moved."""
    for each in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(each))


def permute(random: Random, sheet: Worksheet, rows: list[int], first_column: int) -> None:
    order = rows.copy()
    while order == rows:
        random.shuffle(order)
    reorder(sheet, rows, order, first_column)


def reorder(sheet: Worksheet, rows: list[int], order: list[int], first_column: int) -> None:
    """Put the rows `order` into the places of `rows`, from `first_column` on."""
    columns = range(first_column, sheet.max_column + 1)
    before = {row: [sheet.cell(row, column) for column in columns] for row in order}
    taken = [[(cell.value, cell.number_format) for cell in before[row]] for row in order]
    for row, cells in zip(rows, taken, strict=True):
        for column, (value, shown) in zip(columns, cells, strict=True):
            sheet.cell(row, column).value = value
            sheet.cell(row, column).number_format = shown
