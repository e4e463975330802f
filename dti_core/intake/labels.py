"""Keys against the words that people see: rows or columns moved without their hidden keys.

Somebody who sorts the units and forgets the hidden column leaves each key beside another unit's
name. What people see is what they filled in: where the words say plainly which row is whose, the
keys follow the words; where they do not, the cells are asked about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dti_core.intake.cells import plain, quoted
from dti_core.intake.pages import Cell, Page
from dti_core.intake.workbook import Workbook

Words = Mapping[str, tuple[str, ...]]
"""Key → the words that stand, or should stand, beside it."""

Moved = dict[str, str | None]
"""Key → the key that the words name; None where they only say that it is not this one."""


def straightened(workbook: Workbook, rows: Words, columns: Words) -> Workbook:
    """The workbook with its cells under the keys that its words name.

    rows, columns  key → the words that we wrote beside or above it, in any of their forms
    """
    cells = dict(workbook.cells)
    notices = list(workbook.notices)
    for page in workbook.pages:
        moved_rows = moved(rows, page.labels)
        moved_columns = moved(columns, page.heads)
        if moved_rows or moved_columns:
            keys = {(row, column) for row, column, _ in page.cells if row}
            taken = {key: cells.pop(key) for key in keys if key in cells}
            cells |= _under_their_words(taken, page, moved_rows, moved_columns)
            notices.append(_told(page, {**moved_rows, **moved_columns}))
    if len(notices) == len(workbook.notices):
        return workbook
    return replace(workbook, cells=cells, notices=tuple(notices))


def moved(expected: Words, seen: Words) -> Moved:
    """The keys beside which another key's words stand.

    Words that are no key's at all say nothing: somebody wrote over them.
    """
    wrong = [
        key
        for key, words in seen.items()
        if words and key in expected and not _fit(expected[key], words)
    ]
    if not wrong:
        return {}
    found: Moved = {}
    for key in wrong:
        fitting = [other for other in expected if other != key and _fit(expected[other], seen[key])]
        if fitting:
            among = [other for other in fitting if other in wrong]
            found[key] = among[0] if len(among) == 1 else None
    if set(found.values()) != set(found):
        return dict.fromkeys(found)
    return found


def _under_their_words(
    taken: Mapping[tuple[str, str], Cell], page: Page, rows: Moved, columns: Moved
) -> dict[tuple[str, str], Cell]:
    """The cells of a page under the keys that the words name; unsure ones get a doubt."""
    cells: dict[tuple[str, str], Cell] = {}
    for (row, column), cell in taken.items():
        right_row, right_column = rows.get(row, row), columns.get(column, column)
        if right_row is None or right_column is None:
            words = page.labels.get(row, ()) if right_row is None else page.heads.get(column, ())
            beside = quoted(max(words, key=len, default=""))
            doubt = (
                f"nhãn {beside} không phải nhãn của ô này, có lẽ do dòng hoặc cột đã bị chuyển chỗ"
                " mà thiếu phần ẩn. Hãy điền vào biểu mẫu gốc rồi gửi lại."
            )
            cells[row, column] = cell if cell.blank else cell._replace(doubt=doubt)
        else:
            cells[right_row, right_column] = cell
    return cells


def _told(page: Page, found: Moved) -> str:
    what = "được đọc theo nhãn" if None not in found.values() else "chưa được đọc, cần hỏi lại"
    return (
        f"Trang “{page.name}” có {len(found)} dòng hoặc cột bị chuyển chỗ mà thiếu phần ẩn; các ô"
        f" ấy {what}."
    )


def _fit(expected: Iterable[str], seen: Iterable[str]) -> bool:
    if not set(expected).isdisjoint(seen):
        return True
    return not {plain(each) for each in expected}.isdisjoint(plain(each) for each in seen)
