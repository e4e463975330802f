"""A page with keys → its cells by key, with what keeps a cell from being taken as it stands."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from dti_core.intake.cells import CellValue, is_blank, raw_text
from dti_core.intake.layout import (
    DECORATION,
    EVIDENCE,
    HEAD,
    NOTE,
    SELF_POINTS,
    SELF_ROW,
    VALUE,
)

_YEAR = re.compile(r"Năm \d{4}")


class Cell(NamedTuple):
    """One cell: the sheet and address at which it was found ("G14") and what stands in it.

    formula  the formula in it, as it was typed
    doubt    why it cannot be taken as it stands and what to do, in Vietnamese, without the place
    """

    sheet: str
    address: str
    value: CellValue
    formula: str | None = None
    doubt: str | None = None

    @property
    def blank(self) -> bool:
        return is_blank(self.value)

    @property
    def raw(self) -> str:
        """The cell in words, as its author sees it."""
        return raw_text(self.value)


@dataclass
class Page:
    """The cells of one page.

    cells    (row key, column key) → cell, blank ones too; the row key is empty in a row without one
    labels   row key → the words of the row that are nobody's answer
    heads    column key → the words above the column
    quoted   addresses of cells that a doubt about another cell has named
    rows, columns  the keys with their places from 0, also those that stand twice
    """

    name: str
    cells: list[tuple[str, str, Cell]] = field(default_factory=list)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    heads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    quoted: set[str] = field(default_factory=set)
    rows: list[tuple[str, int]] = field(default_factory=list)
    columns: list[tuple[str, int]] = field(default_factory=list)


def read_page(found: dict[str, Any], *, own: bool, about: bool) -> Page:
    """The cells of a page as the guarded process found it (`untrusted.sheets.read`)."""
    return _Reading(found, own=own, about=about).read()


def address(row: int, column: int) -> str:
    """The address of a cell by its places, both from 0: (13, 6) is "G14"."""
    return f"{_letters(column)}{row + 1}"


@cache
def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def key_of(value: CellValue) -> str:
    """A key is text; anything else in its place is none."""
    if not isinstance(value, str):
        return ""
    return value.strip() if value.isascii() else unicodedata.normalize("NFC", value).strip()


class _Reading:
    def __init__(self, found: dict[str, Any], *, own: bool, about: bool) -> None:
        self._rows: Sequence[Sequence[CellValue]] = found["rows"]
        self._top: int = found["top"]
        self._left: int = found["left"]
        self._merged: list[list[int]] = found["merged"]
        self._formulas = {(row, column): rest for row, column, *rest in found["formulas"]}
        self._own, self._about = own, about
        self._page = Page(found["name"])
        self._columns: dict[str, int] = {}
        self._taken: set[int] = set()
        self._keys: dict[int, str] = {}
        self._outside: list[int] = []
        self._past: list[int] = []
        self._doubts: dict[tuple[int, int], str] = {}
        self._copied: dict[tuple[int, int], tuple[int, int]] = {}

    def read(self) -> Page:
        page = self._page
        page.columns = [
            (key, place)
            for place, value in enumerate(self._rows[self._top])
            if (key := key_of(value))
        ]
        self._columns = {key: place for key, place in page.columns if place != self._left}
        self._taken = {*self._columns.values(), self._left}
        # figures about one unit stand one under the other, as in its own workbook
        self._own = self._own or (self._about and VALUE in self._columns)
        for place in range(self._top + 1, len(self._rows)):
            self._keys[place] = key = key_of(self._rows[place][self._left])
            if key:
                page.rows.append((key, place))
        self._read_heads()
        for area in self._merged:
            self._read_area(*area)
        for place, key in self._keys.items():
            if not key.startswith(DECORATION):
                self._read_row(place, key)
        return page

    def _read_heads(self) -> None:
        """What stands over the columns, and the columns that nothing stands over: not ours."""
        heads = [self._rows[place] for place, key in self._keys.items() if key.startswith(HEAD)]
        taken = self._taken
        width = len(self._rows[self._top])
        self._past = [
            column
            for column in range(width)
            if column not in taken and any(_YEAR.fullmatch(_words(row[column])) for row in heads)
        ]
        for key, column in self._columns.items():
            self._page.heads[key] = tuple(t for row in heads if (t := _words(row[column])))
        if heads:
            self._outside = [
                column
                for column in range(width)
                if column not in taken and all(is_blank(row[column]) for row in heads)
            ]

    def _read_row(self, place: int, key: str) -> None:
        row, page = self._rows[place], self._page
        if self._copied or self._doubts or self._formulas:
            cells = [(c, self._cell(place, at)) for c, at in self._columns.items()]
        else:  # as on nearly every page
            name, number = page.name, str(place + 1)
            cells = [
                (c, Cell(name, _letters(at) + number, None if is_blank(row[at]) else row[at]))
                for c, at in self._columns.items()
            ]
        page.cells += [(key, column_key, cell) for column_key, cell in cells]
        if not key:
            return
        page.labels[key] = tuple(
            [
                value
                for column, value in enumerate(row)
                if value and isinstance(value, str) and column not in self._taken
            ]
        )
        for column in self._answers(key):
            if is_blank(row[column]) and (place, column) not in self._formulas:
                self._look_beside(place, key, column)

    def _cell(self, place: int, column: int) -> Cell:
        at = self._copied.get((place, column), (place, column))
        value: CellValue = self._rows[at[0]][at[1]]
        value = None if is_blank(value) else value
        doubt = self._doubts.get((place, column))
        formula = None
        if told := self._formulas.get(at):
            text, verdict, result = told
            formula = f"={text}" if text else "=…"
            if verdict == "new":
                value = _plain(Fraction(result))
            else:
                doubt = doubt or _formula_doubt(verdict, formula, value, result)
        return Cell(self._page.name, address(place, column), value, formula, doubt)

    def _answers(self, key: str) -> Iterator[int]:
        """The columns of a row that take its answers."""
        if self._own:
            wanted = SELF_POINTS if key.endswith(f"|{SELF_ROW}") else VALUE
            if wanted in self._columns:
                yield self._columns[wanted]
        elif self._about:
            yield from self._columns.values()

    def _read_area(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merged cells: one content for several answers is nobody's, one evidence everybody's."""
        rows = [r for r in range(top, bottom + 1) if self._takes_answers(r)]
        if not rows or (top, left) == (bottom, right):
            return
        content: CellValue = self._rows[top][left] if top < len(self._rows) else None
        if is_blank(content):
            return
        answers = [
            (row, column)
            for row in rows
            for column in self._answers(self._keys[row])
            if left <= column <= right
        ]
        if len(answers) > 1 or (answers and answers[0] != (top, left)):
            named = ", ".join(address(*each) for each in answers[:4])
            area = f"{address(top, left)}:{address(bottom, right)}"
            for each in answers:
                self._doubts[each] = (
                    f"các ô {area} bị trộn thành một nên không rõ “{raw_text(content)}” là của ô"
                    f" nào ({named}). Hãy bỏ trộn ô rồi điền từng ô."
                )
        for beside in (EVIDENCE, NOTE):
            column = self._columns.get(beside)
            if self._own and column == left:
                self._copied |= {(row, column): (top, left) for row in rows}

    def _takes_answers(self, place: int) -> bool:
        key = self._keys.get(place, "")
        return bool(key) and not key.startswith(DECORATION)

    def _look_beside(self, place: int, key: str, column: int) -> None:
        """A blank answer with something beside it, where the form takes nothing: ask."""
        row = self._rows[place]
        places = list(self._outside)
        if self._own:
            unused = VALUE if key.endswith(f"|{SELF_ROW}") else SELF_POINTS
            places += [self._columns[unused]] if unused in self._columns else []
            # last year's figures are printed as text: a number there was typed over one
            places += [c for c in self._past if not (row[c] is None or isinstance(row[c], str))]
        for other in sorted(places):
            if not is_blank(row[other]):
                where = address(place, other)
                self._page.quoted.add(where)
                self._set_doubt(
                    place,
                    column,
                    f"ô này để trống mà ô {where} bên cạnh có “{raw_text(row[other])}”. Nếu đó là"
                    " câu trả lời, hãy chuyển vào ô này.",
                )
                return

    def _set_doubt(self, place: int, column: int, doubt: str) -> None:
        """Attach a doubt to a cell that has been read already."""
        at = address(place, column)
        cells = self._page.cells
        for index in range(len(cells) - 1, -1, -1):
            row_key, column_key, cell = cells[index]
            if cell.address == at:
                cells[index] = row_key, column_key, Cell(cell.sheet, at, cell.value, None, doubt)
                return


def _formula_doubt(verdict: str, formula: str, value: CellValue, result: str | None) -> str | None:
    advice = "Hãy gõ thẳng số đúng vào ô."
    match verdict:
        case "old":
            reckoned = raw_text(_plain(Fraction(result or 0)))
            return (
                f"công thức {formula} cho {reckoned} nhưng tệp giữ kết quả {raw_text(value)}."
                f" {advice}"
            )
        case "error":
            return f"công thức {formula} báo lỗi {result}. {advice}"
        case "none":
            return f"công thức {formula} chưa có kết quả trong tệp. {advice}"
        case "unsure":
            return (
                f"công thức {formula} đang cho {raw_text(value)} mà chưa chắc đã được tính lại."
                f" {advice}"
            )
    return None


def _plain(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _words(value: CellValue) -> str:
    return value.strip() if isinstance(value, str) else ""
