"""How a number is best written: 80%, 1/2, 3.75. One value has many spellings, each exact; what a
number is for decides which of them a decree expert expects to see."""

from fractions import Fraction

_DECIMALS = 6  # a longer row of decimals reads worse than the fraction that it stands for
_SMALL = 9  # the largest denominator of a share that people write as a fraction


def plain_number(value: Fraction) -> str:
    """Points, counts, factors: "5", "3.75", "1/3"."""
    return _decimal(value) or str(value)


def share_number(value: Fraction) -> str:
    """A part of the maximum: "0", "1", "1/2", "70%"."""
    if value in (0, 1) or (0 < value < 1 and value.denominator <= _SMALL):
        return str(value)
    return percent_number(value)


def percent_number(value: Fraction) -> str:
    """A threshold: "80%", "0.25%", "100%"; a fraction where no percentage is exact."""
    decimal = _decimal(value * 100)
    return f"{decimal}%" if decimal else str(value)


def factor_number(value: Fraction) -> str:
    """What a clause multiplies or divides by: "1%", "100"."""
    return percent_number(value) if 0 < value < 1 else plain_number(value)


def bound_number(value: Fraction, *, of_ratio: bool) -> str:
    """An end of a step: "20", "0.5"; of a ratio up to the whole "10%", "100%"."""
    return percent_number(value) if of_ratio and 0 < value <= 1 else plain_number(value)


def _decimal(value: Fraction) -> str | None:
    """The value as a decimal, None where it takes more than a few decimals."""
    for digits in range(_DECIMALS + 1):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            text = str(abs(scaled.numerator)).rjust(digits + 1, "0")
            sign = "-" if value < 0 else ""
            return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
    return None
