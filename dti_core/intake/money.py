"""Sums of money with their unit in words: "0,5 tỷ" in a cell that asks for triệu đồng is 500."""

import re
import unicodedata
from fractions import Fraction

from dti_core.intake.numbers import Ambiguous, Number, read_number

_DONG = {"đồng": 1, "đ": 1, "vnđ": 1, "vnd": 1}
_SCALES = {
    "nghìn": 10**3,
    "ngàn": 10**3,
    "triệu": 10**6,
    "tr": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
    "nghìntỷ": 10**12,
    "nghìntỉ": 10**12,
    "ngàntỷ": 10**12,
    "ngàntỉ": 10**12,
}
_UNITS = {
    **_DONG,
    **_SCALES,
    **{scale + end: size for scale, size in _SCALES.items() for end in ("đồng", "đ", "vnđ", "vnd")},
}
"""A unit without its spaces and dots → đồng."""

_TERM = re.compile(r"\s*(?P<number>\d[\d.,\s]*?)\s*(?P<unit>[^\d\s.,][^\d]*)")


def scale_of(unit: str | None) -> int | None:
    """How many đồng a unit of measure is; None for what is no sum in đồng."""
    return _UNITS.get(_plain(unit)) if unit else None


def read_amount(text: str, unit: str | None) -> tuple[Fraction, ...]:
    """What a sum with its unit in words can mean, in `unit`; nothing where it is no such text.

    Đồng are whole, so that one separator in them groups thousands; anywhere else it leaves two
    readings ("2.438 triệu" is 2,438 or 2438).
    """
    asked = scale_of(unit)
    terms = list(_TERM.finditer(text))
    if asked is None or not terms or "".join(term[0] for term in terms) != text:
        return ()
    totals = [Fraction(0)]
    before: int | None = None
    for term in terms:
        size = _UNITS.get(_plain(term["unit"]))
        readings = _readings(term["number"], whole=size == 1)
        if size is None or not readings or (before is not None and size >= before):
            return ()
        if before is not None and (len(readings) > 1 or readings[0] * size >= before):
            return ()
        totals = [total + reading * size for total in totals for reading in readings]
        before = size
    return tuple(total / asked for total in totals)


def _readings(number: str, *, whole: bool) -> tuple[Fraction, ...]:
    match read_number(number, "count" if whole else "money"):
        case Number(value, percent=False):
            return (value,)
        case Ambiguous(readings):
            return readings
        case _:
            return ()


def _plain(unit: str) -> str:
    composed = unicodedata.normalize("NFC", unit).casefold()
    return "".join(sign for sign in composed if sign.isalpha())
