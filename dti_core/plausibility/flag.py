"""One doubt about one figure."""

import hashlib
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Flag:
    """A figure that somebody should explain.

    criteria  every row that the flag concerns; the first is `criterion`
    detector  which check doubts it
    reported  the figure as given; `expected` what would not be doubted, where that is a number
    message   one Vietnamese sentence with the arithmetic, for a head of office
    """

    unit: str
    criterion: str
    variable: str | None
    detector: str
    message: str
    reported: Fraction | None = None
    expected: Fraction | None = None
    criteria: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A short stable name: the same doubt about the same figure is the same flag."""
        content = "|".join(
            [self.unit, self.criterion, self.variable or "", self.detector, str(self.reported)]
        )
        return hashlib.sha256(content.encode()).hexdigest()[:12]
