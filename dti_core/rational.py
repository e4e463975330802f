"""Exact numbers: how they are read from YAML, rounded for publication and written for people.

Points, totals and ranks answer before the law, so that they are `Fraction` wherever they are
decided; a float is only ever a fast first look (see `dti_core.scoring.engine`).
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_EXACT = re.compile(r"(?P<num>-?\d+(?:\.\d+)?)(?:/(?P<den>\d+))?(?P<percent>%)?")


def parse_exact(value: object) -> Fraction:
    """Read an exact number as the YAML files write it: 5, "3.75", "1/2", "80%", "0.25%".

    Raises ValueError for anything else, floats included: a float has already lost the digits
    that were written.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, Decimal) and value.is_finite():
        return Fraction(value)
    if isinstance(value, str) and (match := _EXACT.fullmatch(value.strip())):
        denominator = int(match["den"] or 1)
        if denominator:
            number = Fraction(match["num"]) / denominator
            return number / 100 if match["percent"] else number
    raise ValueError(f"{value!r} không phải số chính xác (viết như 5, 3.75, 1/2 hoặc 80%)")


def exact_text(value: Fraction) -> str:
    """The canonical text of a fraction, as records and `--json` carry it: "151/20", "0"."""
    return str(value)


Exact = Annotated[
    Fraction,
    BeforeValidator(parse_exact),
    PlainSerializer(exact_text, return_type=str),
    WithJsonSchema({"type": "string"}),
]


def round_half_up(value: Fraction, digits: int) -> Decimal:
    """Round to `digits` decimals, a half away from zero, as a spreadsheet's ROUND does."""
    # in whole numbers: Fraction would look for common divisors at every step
    twice: int = 2 * abs(value.numerator) * 10**digits
    units = (twice + value.denominator) // (2 * value.denominator)
    # built from its digits: arithmetic on Decimal would round to the context's 28 digits
    return Decimal((int(value < 0 and units > 0), tuple(map(int, str(units))), -digits))


def vietnamese(value: Fraction | Decimal | int, digits: int = 2) -> str:
    """Write a number for people: decimal comma, dot between thousands, no trailing zeros.

    `digits` bounds the decimals; a value that needs more of them is rounded half up.
    """
    rounded = round_half_up(Fraction(value), digits)
    text = f"{rounded:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def percent(value: Fraction, digits: int = 2) -> str:
    """Write a share as a percentage for people: Fraction(151, 200) → "75,5 %"."""
    return f"{vietnamese(value * 100, digits)} %"


def as_json(value: Any) -> Any:
    """What `--json` prints for an exact number: its canonical text."""
    return exact_text(value) if isinstance(value, Fraction) else value
