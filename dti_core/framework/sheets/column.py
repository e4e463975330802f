"""What a sheet and a column are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ColumnKind = Literal[
    "text",  # words
    "code",  # the code of a row ("1.10"); never a number
    "codes",  # agencies, one or several
    "lines",  # several texts, one a line
    "pairs",  # several "key: words", one a line
    "points",  # a number that a spreadsheet may add up
    "exact",  # an exact number in its spelling: 80%, 1/2, 3,75
    "whole",  # a whole number
    "date",  # a day
    "word",  # one of a few words
    "shown",  # written for people, never read back
]


@dataclass(frozen=True)
class Column:
    """A column; it is found by its heading, wherever it stands.

    width   in characters
    words   value of the model → the word for it, where the column takes one of a few
    source  key of the sheet whose codes the column takes
    """

    key: str
    heading: str
    kind: ColumnKind
    width: float
    words: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet with a heading row and a row a thing.

    hint    one sentence above the headings: what a row is
    frozen  how many columns stay in sight
    breaks  keys of the columns that begin a new printed page
    """

    key: str
    name: str
    title: str
    hint: str
    columns: tuple[Column, ...]
    frozen: int = 1
    breaks: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        """Raises KeyError for a key that the sheet does not have."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


@dataclass(frozen=True)
class Field:
    """A row of the sheet that holds one value a row, found by its label.

    hint  how the value is written
    """

    key: str
    label: str
    kind: ColumnKind
    hint: str
    words: Mapping[str, str] = field(default_factory=dict)
