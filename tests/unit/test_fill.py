"""Values typed into a workbook by its keys: each in its cell, and nothing else changes."""

import re
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from dti_core.intake.fill import fill
from dti_core.intake.layout import KEY, META_SHEET, NOTE, VALUE
from dti_core.intake.workbook import read_workbook
from dti_core.program.load import load_round
from dti_core.program.requests import requests
from reports.workbooks.own import own_workbook

UNIT = "so-y-te"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    context = load_round("vinh-phuc/2023-so")
    request = next(each for each in requests(context) if each.provider == UNIT)
    path = tmp_path / f"{UNIT}.xlsx"
    path.write_bytes(own_workbook(context, request, {}))
    return path


def cell(path: Path, row_key: str, column_key: str) -> Cell:
    for sheet in load_workbook(path).worksheets:
        header = {each.value: each.column for each in sheet[1]}
        if sheet.title != META_SHEET and KEY in header and column_key in header:
            for row in range(2, sheet.max_row + 1):
                if sheet.cell(row, header[KEY]).value == row_key:
                    found = sheet.cell(row, header[column_key])
                    assert isinstance(found, Cell)
                    return found
    raise KeyError(row_key, column_key)


@pytest.mark.parametrize(
    ("value", "stands"),
    [
        (12, 12),
        (Fraction(7), 7),
        (Fraction(1, 8), 0.125),
        (True, "Có"),
        (False, "Không"),
        ("1.850,5 triệu", "1.850,5 triệu"),
        (' A & B <C> "D" ', ' A & B <C> "D" '),
        ("hai\ndòng", "hai\ndòng"),
        ("=1+2", "=1+2"),
        (None, None),
    ],
)
def test_a_value_stands_in_its_cell_as_it_was_typed(
    own: Path, value: object, stands: object
) -> None:
    empty = cell(own, "1.3|a", VALUE)
    fill(own, {("1.3|a", VALUE): 99, ("1.3|b", VALUE): 100})
    fill(own, {("1.3|a", VALUE): value})
    typed = cell(own, "1.3|a", VALUE)
    assert typed.value == stands
    assert typed.data_type == ("f" if value == "=1+2" else typed.data_type)
    assert (typed.coordinate, typed.number_format) == (empty.coordinate, empty.number_format)
    assert not typed.protection.locked
    assert cell(own, "1.3|b", VALUE).value == 100


def test_the_rest_of_the_file_stays_and_the_same_values_give_the_same_bytes(own: Path) -> None:
    before, content = _parts(own), own.read_bytes()
    values = {("1.3|a", VALUE): 7, ("1.3|a", NOTE): "theo sổ công văn"}
    fill(own, values)
    first, after = own.read_bytes(), _parts(own)
    assert list(after) == list(before)
    (changed,) = [name for name in before if before[name] != after[name]]
    assert changed.startswith("xl/worksheets/")
    own.write_bytes(content)
    fill(own, values)
    assert own.read_bytes() == first
    assert read_workbook(own).provider == UNIT


def test_a_workbook_that_an_office_program_saved_is_filled_too(own: Path) -> None:
    book = load_workbook(own)
    book.save(own)
    fill(own, {("1.3|a", VALUE): 7, ("1.4|co_chuyen_muc", VALUE): True})
    assert cell(own, "1.3|a", VALUE).value == 7
    assert cell(own, "1.4|co_chuyen_muc", VALUE).value == "Có"


def test_a_cell_that_was_cleared_away_is_made_again_in_its_place(own: Path) -> None:
    """A program that saves no empty cells leaves the row without it."""
    here = cell(own, "1.3|a", VALUE)
    page = f"xl/worksheets/sheet{here.parent.parent.index(here.parent) + 1}.xml"
    parts = _parts(own)
    bare = re.sub(rf'<c r="{here.coordinate}"[^>]*/>', "", parts[page].decode())
    assert f'r="{here.coordinate}"' not in bare
    with zipfile.ZipFile(own, "w") as archive:
        for name, content in {**parts, page: bare.encode()}.items():
            archive.writestr(name, content)
    fill(own, {("1.3|a", VALUE): 7})
    assert cell(own, "1.3|a", VALUE).value == 7
    row = re.findall(rf'<c r="([A-Z]+){here.row}"', _parts(own)[page].decode())
    assert row == sorted(row)


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {item.filename: archive.read(item) for item in archive.infolist()}
