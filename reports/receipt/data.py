"""What a receipt says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

FIGURES, POINTS = "số liệu", "điểm tự đánh giá"
"""What a workbook is asked for."""


@dataclass(frozen=True)
class Problem:
    """Something to be put right, and the cell where it stands; without one, what is missing.

    grave  the figure cannot be used as it is
    """

    text: str
    sheet: str | None = None
    cell: str | None = None
    grave: bool = True


@dataclass(frozen=True)
class Completeness:
    """How much of one part of the request has come: figures asked, given, unclear."""

    name: str
    asked: int
    given: int
    unclear: int

    @property
    def missing(self) -> int:
        return self.asked - self.given - self.unclear


@dataclass(frozen=True)
class Receipt:
    """The receipt of one version of a provider's workbook.

    code      the first characters of the hash, which the head's signed paper names
    late      days after the deadline; 0 where it came in time
    notices   what the sender should know and need not answer
    evidence  what the decree asks to be shown and no file or paper was named for
    changes   what differs from the version before, in words
    closed    the round takes no further version of it
    what      what it was asked for, in words
    """

    round_title: str
    issuer: str
    unit: str
    file: str
    sha256: str
    version: int
    received_at: datetime
    due: str
    late: int
    parts: Sequence[Completeness]
    problems: Sequence[Problem]
    notices: Sequence[str]
    missing: Sequence[str]
    evidence: Sequence[str]
    changes: Sequence[str]
    confirmed: str | None = None
    illustration: str | None = None
    closed: bool = False
    what: str = FIGURES

    @property
    def missing_answers(self) -> int:
        """How many of the answers that were asked for have not come."""
        return sum(part.missing for part in self.parts)

    @property
    def code(self) -> str:
        return self.sha256[:12].upper()

    @property
    def complete(self) -> bool:
        """Nothing is missing and nothing has to be put right."""
        return not self.missing and not any(problem.grave for problem in self.problems)

    @property
    def marks(self) -> bool:
        """Whether a cell of the workbook is to be marked; otherwise it is not sent back."""
        return any(problem.sheet and problem.cell for problem in self.problems)
