"""One cell of a framework's workbook, and what it says: a text, a code, a number. Never a guess."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from fractions import Fraction

from dti_core.intake.cells import CellValue, exact, plain, raw_text
from dti_core.intake.numbers import Ambiguous, Number, Pair, Range, read_number
from dti_core.intake.workbook import address
from dti_core.rational import percent, vietnamese


class Unreadable(ValueError):
    """What is wrong with a cell and what to do, in Vietnamese, without the place."""


@dataclass(frozen=True)
class Cell:
    """A cell: where it stands (row and column from 1, column heading) and what is in it.

    formula  the cell computes what it shows; only what is typed is taken
    shown    the number format
    """

    sheet: str
    heading: str
    row: int
    column: int
    value: CellValue = None
    formula: bool = False
    shown: str = "General"

    @property
    def address(self) -> str:
        return address(self.row - 1, self.column - 1)

    @property
    def blank(self) -> bool:
        return not self.formula and (self.value is None or raw_text(self.value) == "")


def text(cell: Cell) -> str | None:
    """Words; None for a blank cell. Spaces around them are dropped."""
    value = _typed(cell)
    if isinstance(value, bool | int | float):
        return raw_text(value)
    return _tidy(value) or None


def code(cell: Cell, known: Collection[str] = (), room: int | None = None) -> str | None:
    """A code, spaces dropped. A spreadsheet may have made a number of it: 1.1 was "1.1" or "1.10".

    known  codes that it can be; where exactly one fits, it is that one
    room   how many rows can be numbered alike: without ten of them there is no "1.10"
    """
    value = _typed(cell)
    if isinstance(value, bool):
        raise Unreadable(f"“{raw_text(value)}” không phải mã. Hãy gõ mã, ví dụ 4.12.")
    if not isinstance(value, int | float):
        return _UNSEEN.sub("", _tidy(value)) or None
    candidates = _spellings(value, cell.shown)
    likely = [each for each in candidates if each in known]
    if not likely and room is not None:
        likely = [each for each in candidates if each == candidates[0] or _last(each) <= room]
    if not likely:
        return candidates[0]
    if len(likely) == 1:
        return likely[0]
    either = " hoặc ".join(f"“{each}”" for each in likely)
    raise Unreadable(
        f"bảng tính đã đổi mã thành số {raw_text(value)}, có thể là {either}. Hãy định dạng ô là"
        " Văn bản (Text) rồi gõ lại mã."
    )


def number(cell: Cell, *, whole_of: bool = False) -> Fraction | None:
    """An exact number: 3,75, 80%, 1/2.

    `whole_of` asks for a part of a whole: 80 without a per cent sign is then refused, since it
    can be 80 % or eighty times the whole.
    """
    value = _typed(cell, wants="số")
    if isinstance(value, bool):
        raise Unreadable(f"“{raw_text(value)}” không phải số. {_NUMBER_ADVICE}")
    if isinstance(value, int | float):
        return _bare(exact(value), raw_text(value), whole_of)
    words = _tidy(value)
    if not words:
        return None
    negative = words[0] in "-−"
    match read_number(words[1:] if negative else words, "mean"):
        case Number(found, percent=True):
            pass
        case Number(found):
            _bare(found, words, whole_of)
        case Pair(part, whole) if whole:
            found = part / whole
        case Ambiguous(readings):
            either = " hoặc ".join(_shown(each, "%" in words) for each in readings)
            raise Unreadable(
                f"“{words}” có thể là {either}. Hãy gõ lại theo đúng một trong hai cách viết đó."
            )
        case Range():
            raise Unreadable(f"“{words}” là một khoảng. {_NUMBER_ADVICE}")
        case _:
            raise Unreadable(f"“{words}” không đọc được thành số. {_NUMBER_ADVICE}")
    return -found if negative else found


def points(cell: Cell) -> Fraction | None:
    """Points: an exact number that is no percentage."""
    value = cell.value
    if isinstance(value, str) and "%" in value:
        raise Unreadable(f"“{value.strip()}” là tỷ lệ phần trăm; ở đây cần số điểm, ví dụ 3,75.")
    return number(cell)


def whole(cell: Cell) -> int | None:
    """A whole number from 0 on."""
    found = number(cell)
    if found is None:
        return None
    if found.denominator != 1 or found < 0:
        raise Unreadable(f"“{raw_text(cell.value)}” không phải số nguyên. Hãy ghi số nguyên.")
    return int(found)


def day(cell: Cell) -> date | None:
    """A day: a date of the spreadsheet, or "09/11/2022", or "2022-11-09"."""
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    words = text(cell)
    if words is None:
        return None
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(words, pattern).date()
        except ValueError:
            continue
    raise Unreadable(f"“{words}” không phải ngày. Hãy ghi ngày/tháng/năm, ví dụ 09/11/2022.")


def word(cell: Cell, words: Mapping[str, str]) -> str | None:
    """One of a few words → the value that it stands for; the value itself is taken too."""
    value = _typed(cell)
    if value is True and "yes" in words:
        return "yes"
    written = raw_text(value)
    if not plain(written):
        return None
    for key, shown in words.items():
        if plain(written) in (plain(shown), plain(key)):
            return key
    near = get_close_matches(plain(written), [plain(each) for each in words.values()], 1)
    meant = [each for each in words.values() if near and plain(each) == near[0]]
    guess = f" Có phải “{meant[0]}”?" if meant else ""
    options = "; ".join(f"“{each}”" for each in words.values())
    raise Unreadable(f"“{written}” không có trong danh sách.{guess} Hãy chọn một trong: {options}.")


def lines(cell: Cell) -> list[str]:
    """Texts, one a line."""
    return [line for each in (text(cell) or "").split("\n") if (line := each.strip())]


def pairs(cell: Cell) -> dict[str, str]:
    """ "key: words", one a line."""
    found: dict[str, str] = {}
    for line in lines(cell):
        key, colon, words = line.partition(":")
        if not colon or not key.strip() or not words.strip():
            raise Unreadable(f"dòng “{line}” không đọc được. Hãy ghi mỗi dòng dạng “mã: nội dung”.")
        if key.strip() in found:
            raise Unreadable(f"mã “{key.strip()}” có hai lần trong ô. Hãy sửa một trong hai.")
        found[key.strip()] = words.strip()
    return found


_UNSEEN = re.compile(r"[\s\u200b\u2060\ufeff]+")  # what copying from a page may bring along
_NUMBER_ADVICE = "Hãy ghi số như 5, 3,75, 1/2 hoặc 80%."
_MOST_ZEROS = 2  # zeros that a spreadsheet may have dropped behind a code: a thousand rows are none


def _typed(cell: Cell, wants: str = "chữ") -> str | int | float | bool | None:
    """What was typed into the cell. Formulas and dates are refused."""
    if cell.formula:
        raise Unreadable(
            "ô là công thức hoặc báo lỗi, phần mềm không lấy kết quả tính sẵn. Hãy gõ thẳng giá"
            " trị vào ô."
        )
    if isinstance(cell.value, date | time | timedelta):
        example = "1/2" if wants == "số" else "mã hay chữ"
        raise Unreadable(
            f"bảng tính đã đổi nội dung thành ngày giờ “{raw_text(cell.value)}”. Hãy định dạng ô là"
            f" Văn bản (Text) rồi gõ lại {example}."
        )
    return cell.value


def _tidy(value: CellValue) -> str:
    if not isinstance(value, str):
        return ""
    unified = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return unified.strip()


def _spellings(value: int | float, shown: str) -> list[str]:
    """The codes that a number can have been, the shortest first."""
    digits = f"{value:.15g}"
    if "." not in digits:
        return [digits]
    if places := re.fullmatch(r"[#0]*0\.(0+)", shown):
        return [f"{value:.{len(places[1])}f}"]
    return [digits + "0" * more for more in range(_MOST_ZEROS + 1)]


def _last(code_: str) -> int:
    return int(code_.rpartition(".")[2])


def _shown(value: Fraction, as_percent: bool) -> str:
    """A reading, written so that it has no second one: nothing between the thousands."""
    return (percent(value, 6) if as_percent else vietnamese(value, 6)).replace(".", "")


def _bare(value: Fraction, written: str, whole_of: bool) -> Fraction:
    """A number without a per cent sign."""
    if whole_of and value > 1:
        raise Unreadable(
            f"“{written}” có thể là {_shown(value / 100, True)} hoặc {_shown(value, True)}. Hãy ghi"
            " kèm dấu phần trăm, ví dụ 80%, hoặc phân số, ví dụ 1/2."
        )
    return value
