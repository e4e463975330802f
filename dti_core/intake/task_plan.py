"""The tasks of a province's yearly plan, from a table that an office types (as 833/QĐ-UBND, Phụ
lục 1).

Columns are known by the words of their headings, in any order; lines above the headings, columns
that are not ours and lines that only name a part are nobody's task. Texts are kept as written.
"""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from dti_core.errors import Refused
from dti_core.intake import limits
from dti_core.intake.cell_values import exact, plain, raw_text
from dti_core.intake.csv_file import decoded
from dti_core.rational import percent
from dti_core.scoring.improvement import Line

SUFFIXES = (".csv", ".xlsx")

COLUMNS = {
    "number": re.compile(r"s?tt|số thứ tự"),
    "title": re.compile(r".*(nhiệm vụ|nội dung công việc).*"),
    "target": re.compile(r".*(mục tiêu|chỉ tiêu).*"),
    "deadline": re.compile(r".*(thời hạn|thời gian).*"),
    "lead": re.compile(r".*chủ trì.*"),
    "partners": re.compile(r".*phối hợp.*"),
    "basis": re.compile(r".*căn cứ.*"),
}
"""Column → the words of its heading, in small letters."""

_NEEDED = {"title": "Nhiệm vụ", "target": "Mục tiêu", "lead": "Cơ quan chủ trì"}
_FIRST, _MOST = 60, 5000  # rows within which the headings stand; rows of a table
_NUMBER = re.compile(r"(\d{1,4})\.?")


class UnreadableTable(Refused):
    """A file that holds no table of tasks, or lines that are not clear. The text lists them."""


@dataclass(frozen=True)
class TaskPlan:
    """The tasks of a file, in its order; `notices` are what its sender should know."""

    lines: tuple[Line, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    """A row of the sheet: its place from 1, its cells as text."""

    place: int
    cells: Sequence[str]


def read_tasks(path: Path) -> TaskPlan:
    """The tasks of a .csv or .xlsx.

    Raises UnreadableTable where it is neither, lacks a needed column or has lines in doubt;
    UnreadableWorkbook for a text in no known encoding.
    """
    name = path.name
    suffix = path.suffix.lower()
    if not path.is_file():
        raise UnreadableTable(f"Không có tệp {path}. Hãy kiểm tra đường dẫn.")
    if suffix not in SUFFIXES:
        raise UnreadableTable(
            f"Tệp {name} không phải .csv hay .xlsx. Hãy lưu bảng nhiệm vụ thành một trong hai loại."
        )
    if path.stat().st_size > limits.FILE:
        raise UnreadableTable(f"Tệp {name} quá lớn so với một bảng nhiệm vụ.")
    every = _csv(path) if suffix == ".csv" else _xlsx(path)
    rows = list(islice((row for row in every if any(row.cells)), _MOST + 1))
    if len(rows) > _MOST:
        raise UnreadableTable(f"Tệp {name} có hơn {_MOST} dòng. Hãy chỉ để bảng nhiệm vụ.")
    top, places = _headings(name, rows)
    return _tasks(name, [row for row in rows if row.place > top], places)


def _tasks(name: str, rows: Sequence[_Row], places: dict[str, int]) -> TaskPlan:
    lines: list[Line] = []
    faults: list[str] = []
    notices: list[str] = []
    seen: dict[int, int] = {}
    for row in rows:
        said = {key: _text(row.cells, at) for key, at in places.items()}
        filled = {key for key, text in said.items() if text}
        if not filled or filled == {"title"}:  # nothing, or the name of a part
            continue
        where = f"Tệp {name}, dòng {row.place}"
        number = _number(said.get("number", ""), len(lines) + 1)
        if not said["title"]:
            faults.append(f"{where}: không có tên nhiệm vụ. Hãy ghi tên, hoặc xóa dòng này.")
            continue
        if not said["lead"]:
            faults.append(f"{where} ({said['title']}): chưa có cơ quan chủ trì.")
            continue
        if number is None:
            faults.append(
                f"{where}: số thứ tự “{said['number']}” không phải số. Hãy ghi như 12 hoặc 12."
            )
            continue
        if number in seen:
            faults.append(
                f"{where}: số thứ tự {number} đã có ở dòng {seen[number]}. Hãy đánh số lại."
            )
            continue
        seen[number] = row.place
        if not said["target"]:
            notices.append(f"{where} ({said['title']}): chưa có mục tiêu.")
        lines.append(_line(number, said))
    if faults:
        raise UnreadableTable("\n".join([*faults, "Chưa ghi nhiệm vụ nào; sửa rồi nhập lại tệp."]))
    if not lines:
        raise UnreadableTable(f"Tệp {name} không có nhiệm vụ nào dưới dòng tiêu đề.")
    return TaskPlan(tuple(lines), tuple(notices))


def _line(number: int, said: dict[str, str]) -> Line:
    partners = re.split(r"[;\n]", said.get("partners", ""))
    return Line(
        number=number,
        criterion=None,
        title=said["title"],
        target=said["target"],
        deadline=said.get("deadline", ""),
        lead=said["lead"],
        partners=tuple(each.strip() for each in partners if each.strip()),
        basis=said.get("basis", ""),
    )


def _headings(name: str, rows: Sequence[_Row]) -> tuple[int, dict[str, int]]:
    """The place of the row of headings, and column → its place in the rows."""
    best: dict[str, list[int]] = {}
    top = 0
    for row in rows[:_FIRST]:
        found: dict[str, list[int]] = {}
        for at, text in enumerate(row.cells):
            key = next((k for k, words in COLUMNS.items() if words.fullmatch(plain(text))), None)
            if key:
                found.setdefault(key, []).append(at)
        if len(found) > len(best):
            best, top = found, row.place
    missing = [words for key, words in _NEEDED.items() if key not in best]
    if missing:
        raise UnreadableTable(
            f"Tệp {name} không có cột {', '.join(f'“{each}”' for each in missing)}. Dòng tiêu đề"
            " của bảng phải có các cột Nhiệm vụ, Mục tiêu, Cơ quan chủ trì; có thể thêm TT, Cơ quan"
            " phối hợp, Căn cứ pháp lý, Thời hạn."
        )
    twice = [key for key, at in best.items() if len(at) > 1]
    if twice:
        shown = ", ".join(f"“{_cell(rows, top, best[key][1])}”" for key in twice)
        raise UnreadableTable(
            f"Tệp {name}, dòng {top}: có hai cột cùng nghĩa với {shown}. Hãy để một cột."
        )
    return top, {key: at[0] for key, at in best.items()}


def _cell(rows: Sequence[_Row], place: int, at: int) -> str:
    """The text of a cell by the row's place."""
    return next(_text(row.cells, at) for row in rows if row.place == place)


def _text(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _number(text: str, next_one: int) -> int | None:
    if not text:
        return next_one
    match = _NUMBER.fullmatch(text)
    return int(match[1]) if match else None


def _csv(path: Path) -> Iterator[_Row]:
    text = decoded(path.read_bytes(), path.name)
    delimiter = max(";,\t", key=lambda sign: text[:4000].count(sign))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableTable(
            f"Tệp {path.name} bị hỏng ở chỗ dấu ngoặc kép. Hãy lưu lại kiểu “CSV UTF-8”."
        ) from error
    for place, cells in enumerate(rows, 1):
        yield _Row(place, cells)


def _xlsx(path: Path) -> Iterator[_Row]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > limits.PACKAGE:
                raise UnreadableTable(f"Tệp {path.name} quá lớn so với một bảng nhiệm vụ.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl cannot keep when it writes
            book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, OSError) as error:
        raise UnreadableTable(
            f"Tệp {path.name} bị hỏng, có mật khẩu hoặc không phải bảng tính. Hãy lưu lại thành"
            " .xlsx không mật khẩu rồi nhập lại."
        ) from error
    page = book.worksheets[0]
    for place, cells in enumerate(page.iter_rows(), 1):
        yield _Row(place, [_shown(cell) for cell in cells])


def _shown(cell: Any) -> str:
    """A cell as people see it: a share as a percentage, a date as a day."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "%" in (cell.number_format or ""):
            return percent(exact(value), 13).replace(" %", "%")
        return raw_text(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return unicodedata.normalize("NFC", raw_text(value))
