"""What the report on the appraisal is made of: who appraised, what came of it, who objected."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True)
class Verifier:
    """Who appraised what.

    name    an agency, or a member of the council by position
    fields  what was given to it, in words
    rows    how many rows it gave points on
    asked   how many it was asked about; None where the records keep no assignment
    closed  whether its part has been closed; None where it was never assigned apart
    """

    name: str
    fields: tuple[str, ...]
    rows: int
    asked: int | None = None
    closed: bool | None = None


@dataclass(frozen=True)
class Tally:
    """Official points of a pillar's rows over a group's units, against those from before.

    kept, up, down  how many equal, exceed and fall short of the points before
    outright        how many had none before: the appraiser alone gave them
    change          exact points that all adjustments add or take
    """

    name: str
    kept: int
    up: int
    down: int
    outright: int
    change: Fraction

    @property
    def appraised(self) -> int:
        return self.kept + self.up + self.down + self.outright


@dataclass(frozen=True)
class Scope:
    """Units of one framework and what became of their rows.

    name  the framework's; `criteria` how many rows with points it has
    open  how many rows still have no official points
    left  how many are exempted
    """

    name: str
    units: int
    criteria: int
    tallies: tuple[Tally, ...]
    open: int
    left: int


@dataclass(frozen=True)
class Unplaced:
    """A unit without a place in the ranking; `state` says whether it was evaluated."""

    unit: str
    state: str
    reason: str


@dataclass(frozen=True)
class Petition:
    """A unit's objection; `status` as `PetitionRecord`, `points` what an upheld one awards."""

    number: int
    unit: str
    about: str
    text: str
    received_on: date
    status: str
    points: Fraction | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Quality:
    """How far the figures came: a number for each stage by its name; who gave them, who late."""

    stages: tuple[tuple[str, str, int], ...]
    providers: int
    answered: int
    late: int
