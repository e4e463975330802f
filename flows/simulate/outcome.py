"""What became of one seed of a simulated year."""

from dataclasses import dataclass
from datetime import datetime

from flows.simulate.check import Ended
from flows.simulate.passes import Through
from flows.simulate.week import Seen


@dataclass(frozen=True)
class Outcome:
    """What became of one seed. `events`: name of an event → how often it was fired; `deeds`: what
    people did, counted; `notes` in the order of time; `processor`: seconds of the processor's;
    `software`: digest of the code that it ran on."""

    program: str
    year: int
    seed: int
    through: Through
    seconds: float
    processor: float
    software: str
    events: dict[str, int]
    deeds: dict[str, int]
    mails: int
    weeks: tuple[Seen, ...]
    rounds: tuple[Ended, ...]
    notes: tuple[tuple[datetime, str, str], ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is left unexplained."""
        return not any(each.unexplained for each in self.rounds)
