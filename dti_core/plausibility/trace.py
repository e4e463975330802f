"""What is known about figures beside their values: when they came, on what evidence."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

Key = tuple[str, str, str]
"""(unit, criterion, variable)"""


@dataclass(frozen=True)
class Version:
    """One version of one figure: which submission of the unit it is of (1, 2 …), received when.

    value   None where the version takes the figure back, or is no number
    asked   whether the change was asked for: an answer to a doubt, a returned workbook
    """

    key: Key
    submission: int
    received: date
    value: Fraction | None
    asked: bool = False


@dataclass(frozen=True)
class Evidence:
    """What a unit names as evidence of a figure. `file` is the SHA-256 of what it sent, if any."""

    key: Key
    words: str
    file: str | None = None


@dataclass(frozen=True)
class Window:
    """The time that figures are about, and the last day on which they were to come."""

    data_from: date
    data_to: date
    closes: date
