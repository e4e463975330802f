"""Keep people's addresses, numbers and names out of the report, whatever was typed where."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from dti_core.records.tables import InformationRecord

HIDDEN = "[thông tin liên hệ đã ẩn]"

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d.,/])(?:\+84|0)(?:[ .-]?\d){8,10}(?![\d/])")
_DIGITS = re.compile(r"\D")


def masks(private: Iterable[InformationRecord]) -> Callable[[str | None, str], str]:
    """What hides contacts in a text of a unit: those that it gave, and all that look like one.

    Called with the unit (None: any unit of the round) and the text. Contacts have columns of their
    own in the workbooks, and the report reads none of them; but people also type them elsewhere,
    and a question about a cell quotes it.
    """
    by_unit: dict[str | None, list[str]] = defaultdict(list)
    for record in private:
        if _is_personal(record):
            by_unit[record.unit].append(record.value)
            by_unit[None].append(record.value)
    known = {
        unit: re.compile("|".join(re.escape(v) for v in sorted(values, key=len, reverse=True)))
        for unit, values in by_unit.items()
    }

    def hide(unit: str | None, text: str) -> str:
        if unit in known:
            text = known[unit].sub(HIDDEN, text)
        return _PHONE.sub(HIDDEN, _ADDRESS.sub(HIDDEN, text))

    return hide


def _is_personal(record: InformationRecord) -> bool:
    """An address, a telephone number, a name of two words or more; a position is nobody's own."""
    value, field = record.value.strip(), record.code.partition("|")[2].casefold()
    if "@" in value or len(_DIGITS.sub("", value)) >= 8:
        return True
    return "tên" in field and " " in value
