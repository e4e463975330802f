"""Read a sample file (mẫu): its mark, its header, its rows, each with its line."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from dti_core.rational import parse_exact
from dti_core.strict_yaml import DataError

MARK = "# MẪU:"

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One row of a file, with its line for whoever has to correct it."""

    path: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def error(self, message: str) -> DataError:
        return DataError(self.path, self.line, message)

    def number(self, column: str) -> Fraction:
        try:
            return parse_exact(self[column])
        except ValueError as error:
            raise self.error(f"{column}: {error}") from error

    def moment(self, column: str) -> tuple[date | None, time | None]:
        """A day, and the hour where one stands beside it."""
        if not self[column]:
            return None, None
        try:
            read = datetime.fromisoformat(self[column])
        except ValueError as error:
            words = f"{column}: viết ngày như 2024-01-31, kèm giờ như 2024-01-31T23:40"
            raise self.error(words) from error
        return read.date(), read.time() if "T" in self[column] else None

    def one_of(self, column: str, read: Callable[[str], T | None]) -> T:
        value = read(self[column])
        if value is None:
            raise self.error(f"{column}: không có giá trị {self[column]!r}")
        return value


def is_wide(path: Path, first: Sequence[str]) -> bool:
    """Whether a file has a column for each figure; any other is read, or refused, as a long one."""
    named = header(path)
    return named[: len(first)] == list(first) and "criterion" not in named


def wide_rows(path: Path, first: Sequence[str]) -> Iterator[tuple[Row, list[str]]]:
    """The rows of a wide file, each with its filled columns after the first ones."""
    named = header(path)
    for row in rows(path, named, key=len(first)):
        yield row, [column for column in named[len(first) :] if row[column]]


def header(path: Path) -> list[str]:
    """The names of a file's columns."""
    return next(csv.reader(text_of(path).splitlines()[1:2]), [])


def rows(path: Path, columns: Sequence[str], key: int) -> Iterator[Row]:
    """The rows of a file under its mark and header. The first `key` columns name a row, once."""
    reader = csv.reader(text_of(path).splitlines()[1:])
    if tuple(next(reader, [])) != tuple(columns):
        raise DataError(path, 2, f"dòng tiêu đề phải là {','.join(columns)}")
    seen: set[tuple[str, ...]] = set()
    for cells in reader:
        line = reader.line_num + 1
        if len(cells) != len(columns):
            raise DataError(path, line, f"có {len(cells)} cột, phải có {len(columns)}")
        name = tuple(cells[:key])
        if name in seen:
            raise DataError(path, line, f"{', '.join(filter(None, name))} có hai lần")
        seen.add(name)
        yield Row(path, line, dict(zip(columns, cells, strict=True)))


def text_of(path: Path) -> str:
    """The text of a sample file. Raises DataError where its first line does not say that it is."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(path, None, "tệp phải được lưu ở bảng mã UTF-8") from error
    except FileNotFoundError as error:
        raise DataError(path, None, "không có tệp này") from error
    if not text.startswith(MARK):
        raise DataError(path, 1, f"dòng đầu phải bắt đầu bằng “{MARK}”: đây không phải tệp mẫu")
    return text
