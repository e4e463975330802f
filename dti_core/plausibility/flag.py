"""One doubt about one figure."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Flag:
    """A figure that somebody should explain.

    criteria   every row that the flag concerns; the first is `criterion`
    detector   which check doubts it
    reported   the figure as given; `expected` what would not be doubted, where that is a number
    message    one Vietnamese sentence with the arithmetic, for a head of office
    suspicion  one scale for all detectors: 1 where logic says that something is wrong, a half
               where a limit is just passed, in between how far beyond it the figure lies
    """

    unit: str
    criterion: str
    variable: str | None
    detector: str
    message: str
    reported: Fraction | None = None
    expected: Fraction | None = None
    criteria: tuple[str, ...] = ()
    suspicion: float = 1.0

    @property
    def id(self) -> str:
        """A short stable name: the same doubt about the same figure is the same flag."""
        content = "|".join(
            [self.unit, self.criterion, self.variable or "", self.detector, str(self.reported)]
        )
        return hashlib.sha256(content.encode()).hexdigest()[:12]
