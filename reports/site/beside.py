"""What the result pages say beside points and ranks: years before, strengths, points to win back,
and the files that anybody may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class YearLine:
    """A unit's result of one evaluation year, as text.

    rank  "3 / 20"
    """

    year: str
    rank: str
    points: str
    percent: str
    grade: str
    source: str


@dataclass(frozen=True)
class StrengthLine:
    """A criterion in which a unit is at or near the best of its group."""

    code: str
    name: str
    points: str
    best: str
    median: str


@dataclass(frozen=True)
class ChanceLine:
    """A criterion on which a unit lost points. `steps` are sentences: what wins how much back."""

    code: str
    name: str
    lost: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Chances:
    """The lost points that are the cheapest to win back.

    lost    of all criteria together
    order   how they are ordered, and what that does not say
    others  how many further criteria lost points
    """

    lost: str
    order: str
    lines: tuple[ChanceLine, ...]
    others: str = ""


@dataclass(frozen=True)
class DataFile:
    """A file of open data beside the pages: path from the index, what it holds, its size."""

    path: str
    about: str
    size: str
