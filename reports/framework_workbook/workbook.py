"""A framework → a workbook. The sheets are those of `dti_core.framework.sheets.layout`."""

from dti_core.errors import Refused
from dti_core.framework.model import Framework
from dti_core.framework.sheets.column import Column, Sheet
from dti_core.framework.sheets.layout import HEAD, HEAD_FIELDS, TABLES
from dti_core.framework.sheets.numbers import CellContent
from dti_core.framework.sheets.rows import Row, head, tables
from reports.framework_workbook.book import Book
from reports.framework_workbook.guide import guide
from reports.framework_workbook.page import FieldPage, TablePage

_LONGEST = 32_767  # characters in a cell


class NotForWorkbooks(Refused):
    """A framework that a workbook cannot hold. The text says what is too long for a cell."""


def framework_workbook(framework: Framework) -> bytes:
    """The file; the same framework gives the same bytes.

    Raises NotForWorkbooks for a text that no cell can hold.
    """
    book = Book(framework)
    guide(book, framework)
    FieldPage(book, HEAD).write(HEAD_FIELDS, _checked(HEAD, head(framework)))
    rows = tables(framework)
    for sheet in TABLES:
        TablePage(book, sheet).write([_checked(sheet, row) for row in rows[sheet.key]])
    return book.finish()


def _checked(sheet: Sheet, row: Row) -> Row:
    return {key: _cut(sheet, key, content) for key, content in row.items()}


def _cut(sheet: Sheet, key: str, content: CellContent) -> CellContent:
    if not isinstance(content, str) or len(content) <= _LONGEST:
        return content
    shown = {column.key: column for column in sheet.columns if column.kind == "shown"}
    if key in shown:
        return content[: _LONGEST - 1] + "…"
    heading = _heading(sheet.columns, key)
    raise NotForWorkbooks(
        f"Trang “{sheet.name}”, cột “{heading}”: một nội dung dài {len(content)} ký tự, ô bảng tính"
        f" chỉ chứa {_LONGEST}. Hãy rút ngắn trong tệp YAML rồi xuất lại."
    )


def _heading(columns: tuple[Column, ...], key: str) -> str:
    return next((column.heading for column in columns if column.key == key), key)
