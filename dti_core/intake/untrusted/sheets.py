"""Bytes of a spreadsheet → its keyed pages as plain values. Runs in the guarded process."""

import html
import io
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

from dti_core.intake import limits
from dti_core.intake.layout import DECORATION, HEAD, KEY, META_KEYS, META_SHEET
from dti_core.intake.untrusted import excel, macros, opendocument
from dti_core.intake.untrusted.archive import Archive, stored
from dti_core.intake.untrusted.excel import Formula
from dti_core.intake.untrusted.fault import (
    DAMAGED,
    ORIGINAL,
    RESAVE,
    TOO_MUCH_MEMORY,
    Fault,
)
from dti_core.intake.untrusted.formulas import CannotReckon, reckon

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_STREAM = "Workbook".encode("utf-16-le")
_BOOK_STREAM = "Book".encode("utf-16-le")
_OTHERS = {
    b"%PDF": "tệp PDF",
    b"MZ": "chương trình (.exe)",
    b"\x7fELF": "chương trình",
    b"Rar!": "tệp nén .rar",
    b"7z\xbc\xaf": "tệp nén .7z",
    b"{\\rtf": "văn bản .rtf",
    b"\xff\xd8\xff": "ảnh",
    b"\x89PNG": "ảnh",
}
_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"\xef\xbb\xbf<")

_FIRST = 60
"""Rows and columns from the corner within which the marked cell of a keyed page stands."""


def read(content: bytes) -> dict[str, Any]:
    """The keyed pages of a spreadsheet and its identity. Raises Fault.

    pages    {name, rows, top, left, merged, formulas}: rows of values from A1 on, the place of the
             cell that marks the keys, merged areas, and of every formula (row, column, its text,
             verdict, the exact result)
    meta     key → value of the hidden identity; empty where there is none
    notices  what the sender should know
    """
    notices: list[str] = []
    told: dict[str, list[Formula]] = {}
    merged: dict[str, list[tuple[int, int, int, int]]] = {}
    old_results = False
    archive = Archive(content, limits.PACKAGE) if content[:4] == b"PK\x03\x04" else None
    if archive is None:
        _check_old(content)
        if _OLD_MACROS in content:
            macros.judge(content)
            notices.append("có macro; phần mềm không chạy macro, chỉ đọc các ô")
        book = _opened(content)
    elif opendocument.CONTENT in archive.entries:
        parts = opendocument.parts_of(archive, notices)
        for page in opendocument.pages_of(parts[opendocument.CONTENT]):
            told[page.name], merged[page.name] = page.formulas, page.merged
        book = _opened(stored(parts))
    else:
        _check_office(archive)
        parts = excel.parts_of(archive, notices)
        told, old_results = excel.formulas(parts), excel.manual(parts)
        book = _opened(stored(parts))
    return {**_Reader(book, told, merged, old_results).read(), "notices": notices}


def _check_office(archive: Archive) -> None:
    """Raises Fault where a ZIP is no .xlsx; what it is called says nothing."""
    names = {name.casefold() for name in archive.entries}
    if "[content_types].xml" not in names:
        raise Fault(f"không phải bảng tính .xlsx hay .ods, dù tên tệp nói thế. {RESAVE}")
    if not any(name.startswith("xl/") for name in names):
        raise Fault(f"là văn bản, không phải bảng tính. {ORIGINAL}")


def _check_old(content: bytes) -> None:
    """Raises Fault where a file that is no ZIP is no .xls either, and says what it is."""
    if content[:8] == _OLD:
        if _ENCRYPTED in content:
            raise Fault("có mật khẩu mở tệp. Hãy bỏ mật khẩu rồi gửi lại.")
        if _WORKBOOK_STREAM in content or _BOOK_STREAM in content:
            return
        raise Fault(f"không phải bảng tính, dù tên tệp nói thế. {RESAVE}")
    what = next((words for start, words in _OTHERS.items() if content.startswith(start)), None)
    if what is None and content.lstrip()[:200].lower().startswith(_MARKUP):
        what = "trang web hoặc tệp XML"
    if what:
        raise Fault(f"là {what}, không phải bảng tính .xlsx hay .ods. {RESAVE}")
    raise Fault(f"không phải bảng tính .xlsx hay .ods, dù tên tệp nói thế. {RESAVE}")


def _opened(content: bytes) -> CalamineWorkbook:
    book: CalamineWorkbook = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))
    return book


def _guarded(step: Callable[[], Any]) -> Any:
    try:
        return step()
    except PasswordError as error:
        raise Fault("có mật khẩu mở tệp. Hãy bỏ mật khẩu rồi gửi lại.") from error
    except CalamineError as error:
        raise Fault(DAMAGED) from error


class _Reader:
    """Reads the pages that have keys, and others where a formula points at them."""

    def __init__(
        self,
        book: CalamineWorkbook,
        formulas: dict[str, list[Formula]],
        merged: dict[str, list[tuple[int, int, int, int]]],
        old_results: bool,
    ) -> None:
        self._book = book
        self._formulas = formulas
        self._merged = merged
        self._old_results = old_results
        self._names: list[str] = []
        self._rows: dict[str, list[list[Any]]] = {}

    def read(self) -> dict[str, Any]:
        pages: list[dict[str, Any]] = []
        meta: dict[str, str] = {}
        for each in self._book.sheets_metadata:
            if each.typ == SheetTypeEnum.MacroSheet:
                raise Fault(
                    "có trang macro kiểu cũ (Excel 4.0). Hãy xóa trang ấy, lưu thành .xlsx rồi gửi"
                    " lại."
                )
            if each.typ == SheetTypeEnum.WorkSheet:
                self._names.append(each.name)
        if len(self._names) > limits.SHEETS:
            raise Fault(f"có quá {limits.SHEETS} trang tính. {ORIGINAL}")
        for name in self._names:
            sheet = self._sheet(name)
            rows = self._rows[name]
            if name == META_SHEET or (not meta and _is_meta(rows)):
                meta = {str(row[0]): str(row[1]) for row in rows if len(row) > 1}
            elif (corner := _corner(rows)) is not None:
                pages.append(self._page(name, sheet, corner))
        return {"pages": pages, "meta": meta}

    def _sheet(self, name: str) -> CalamineSheet:
        sheet: CalamineSheet = _guarded(lambda: self._book.get_sheet_by_name(name))
        if sheet.total_height * sheet.total_width > limits.CELLS:
            raise Fault(TOO_MUCH_MEMORY)
        self._rows[name] = _guarded(lambda: sheet.to_python(skip_empty_area=False))
        return sheet

    def _page(self, name: str, sheet: CalamineSheet, corner: tuple[int, int]) -> dict[str, Any]:
        top, left = corner
        rows = self._rows[name]
        answers = {place for place, row in enumerate(rows) if place > top and _takes(row[left])}
        areas = sheet.merged_cell_ranges
        merged = (
            self._merged.get(name, [])
            if areas is None
            else [(*first, *last) for first, last in areas]
        )
        told = [
            (each.row, each.column, html.unescape(each.text), *self._verdict(name, each))
            for each in self._formulas.get(name, ())
            if each.row in answers and self._value(name, top, each.column)
        ]
        return {
            "name": name,
            # most of a page is what we wrote above the answers: it stays here
            "rows": [
                row if place <= top or place in answers or _is_head(row[left]) else row[: left + 1]
                for place, row in enumerate(rows)
            ],
            "top": top,
            "left": left,
            "merged": [
                area for area in merged if not answers.isdisjoint(range(area[0], area[2] + 1))
            ],
            "formulas": told,
        }

    def _verdict(self, page: str, formula: Formula) -> tuple[str, str | None]:
        """What to make of a formula's result, and the exact one where it was reckoned.

        right  the kept result is the exact one        new      none was kept, this is it
        old    another one was kept                    none     none was kept, nor can be reckoned
        unsure kept, cannot be checked, and may be old  kept     kept and cannot be checked
        error  the result is an error, which stands in the place of the exact one
        """
        if formula.error:
            return "error", formula.error
        before = self._value(page, formula.row, formula.column) if formula.kept else None
        try:
            result = reckon(html.unescape(formula.text), self._cell_of(page, 0))
        except CannotReckon:
            if before is None or before == "":
                return "none", None
            # a program that does not reckon leaves 0; any other result was reckoned at some time
            return ("unsure" if self._old_results or before == 0 else "kept"), None
        if before is None or before == "":
            return "new", str(result)
        same = isinstance(before, float | int) and math.isclose(
            float(before), float(result), rel_tol=1e-12, abs_tol=1e-12
        )
        return ("right" if same else "old"), str(result)

    def _cell_of(self, page: str, depth: int) -> Callable[[str | None, int, int], object]:
        """Looks cells up for a formula on `page`; formulas among them are reckoned in turn."""

        def look(other: str | None, row: int, column: int) -> object:
            name = self._named(other) if other else page
            formula = next(
                (f for f in self._formulas.get(name, []) if (f.row, f.column) == (row, column)),
                None,
            )
            if formula is None:
                return self._value(name, row, column)
            if depth > 8:
                raise CannotReckon
            inner: Fraction = reckon(html.unescape(formula.text), self._cell_of(name, depth + 1))
            return inner

        return look

    def _named(self, page: str) -> str:
        for name in self._names:
            if name.casefold() == page.casefold():
                if name not in self._rows:
                    self._sheet(name)
                return name
        raise CannotReckon

    def _value(self, page: str, row: int, column: int) -> object:
        rows = self._rows[page]
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


def _takes(key: object) -> bool:
    """Whether a row with this key takes answers, or has none and may hold something stray."""
    return not isinstance(key, str) or not key.startswith(DECORATION)


def _is_head(key: object) -> bool:
    return isinstance(key, str) and key.startswith(HEAD)


def _corner(rows: list[list[Any]]) -> tuple[int, int] | None:
    """Row and column of the cell that marks the keys."""
    for row, values in enumerate(rows[:_FIRST]):
        if KEY in values[:_FIRST]:
            return row, values.index(KEY)
    return None


def _is_meta(rows: list[list[Any]]) -> bool:
    """The identity on a page that was renamed."""
    return len(rows) < 2 * len(META_KEYS) and set(META_KEYS) <= {row[0] for row in rows if row}
