"""Type values into a workbook by its keys: the official's hand in the sample and the demo."""

import io
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook  # type: ignore[import-untyped]

from dti_core.intake.cells import NO, YES
from dti_core.intake.layout import KEY, META_SHEET

_PROPERTIES = "docProps/core.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def fill(path: Path, values: Mapping[tuple[str, str], object]) -> None:
    """Type each value into the cell of its (row key, column key); None empties the cell.

    A flag's True is typed as Có, a Fraction as the nearest number that a cell can hold; anything
    else goes in as it is. The same values give the same file, byte by byte. Raises KeyError, and
    changes nothing, for a key that the workbook does not have.
    """
    book = load_workbook(path, rich_text=True)
    places = {}
    for sheet in book.worksheets:
        if sheet.title == META_SHEET:
            continue
        columns = {cell.value: cell.column for cell in sheet[1] if cell.value}
        if KEY not in columns:
            continue
        for row in range(2, sheet.max_row + 1):
            row_key = sheet.cell(row, columns[KEY]).value
            for column_key, column in columns.items():
                if row_key and column_key != KEY:
                    places[row_key, column_key] = sheet, row, column
    for key in values:
        if key not in places:
            raise KeyError(key)
    for key, value in values.items():
        sheet, row, column = places[key]
        sheet.cell(row, column).value = _typed(value)
    buffer = io.BytesIO()
    book.save(buffer)
    _write(path, buffer.getvalue())


def _typed(value: object) -> object:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value


def _write(path: Path, content: bytes) -> None:
    """Write the archive with the properties that it had and without the time of saving."""
    with zipfile.ZipFile(path) as before:
        properties = before.read(_PROPERTIES)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept = item.filename == _PROPERTIES
            target.writestr(entry, properties if kept else source.read(item))
    path.write_bytes(out.getvalue())
