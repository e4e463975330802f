"""How papers write points, dates and the decrees that they rest on."""

from datetime import date, time
from fractions import Fraction

from dti_core.errors import Refused
from dti_core.framework.model import Decree
from dti_core.rational import round_half_up, vietnamese

# Nghị định 30/2020/NĐ-CP, Phụ lục III: types that set or plan an evaluation
_TYPES = {"QĐ": "Quyết định", "KH": "Kế hoạch", "HD": "Hướng dẫn", "TB": "Thông báo"}


class UnknownType(Refused):
    """The number of a decree does not say what type of paper it is."""


def points(value: Fraction | None, digits: int) -> str:
    """Points as they are published, rounded half up; a dash where there are none."""
    return "–" if value is None else vietnamese(round_half_up(value, digits), digits)


def whole(number: int) -> str:
    """A number of things: grouped thousands, and a leading 0 under 10 ("05")."""
    return f"{number:02}" if number < 10 else vietnamese(number)


def day(value: date) -> str:
    """A date in words, a leading 0 before days under 10 and the months 1 and 2 (Phụ lục I)."""
    month = f"{value.month:02}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02} tháng {month} năm {value.year}"


def clock(value: time | None) -> str:
    """An hour in words; room to write it by hand where it is None."""
    return "… giờ … phút" if value is None else f"{value:%H} giờ {value:%M} phút"


def within(title: str) -> str:
    """A title as it reads in the middle of a sentence."""
    return title[:1].lower() + title[1:]


def cite(decree: Decree) -> str:
    """A decree as a basis: "Quyết định số 1/QĐ-UBND ngày … của … ban hành …".

    Raises UnknownType where its number names no type of paper ("1/QĐ-UBND" names QĐ).
    """
    symbol = decree.number.partition("/")[2].partition("-")[0]
    if symbol not in _TYPES:
        raise UnknownType(
            f"Văn bản {decree.number}: không rõ tên loại văn bản từ ký hiệu {symbol!r}."
            f" Hãy ghi number trong decree.yaml như 1/QĐ-UBND (biết: {', '.join(_TYPES)})."
        )
    kind = _TYPES[symbol]
    what = within(decree.title.removeprefix(kind).strip())
    return f"{kind} số {decree.number} {day(decree.issued)} của {decree.issuer} {what}"
