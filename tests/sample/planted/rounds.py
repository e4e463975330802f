"""What a planted round is, and how a planter changes its figures."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random

from dti_core.figures import Figure
from dti_core.framework.model import Criterion, Framework
from dti_core.plausibility.trace import Evidence, Version
from dti_core.program.load import load_round
from dti_core.program.policies import Policies
from dti_core.scoring.score import Score, score, score_row
from tests.sample.planted.clean import Years, years
from tests.sample.planted.wholes import Level

Key = tuple[str, str, str]
POLICIES: Policies = load_round("vinh-phuc/2023-so").program.policies

TIER = Fraction(1, 4)
"""The least part of a row's maximum that a planted fault must move: the finest step in the tables
of 2074/QĐ-UBND. Less would change no tier, and nobody should be asked about it first."""


@dataclass(frozen=True)
class Fault:
    """One planted fault.

    cells      the figures that it touches; (unit, row, "") for what concerns a row as a whole
    magnitude  what was drawn from the kind's range
    """

    kind: str
    unit: str
    cells: frozenset[Key]
    magnitude: float


@dataclass
class PlantedRound:
    """Everything that detectors are given, and what was planted. `sources` were copied from."""

    seed: int
    kind: str
    years: Years
    figures: dict[Key, Figure]
    prior: dict[Key, Figure]
    versions: list[Version] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    points: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)

    @property
    def framework(self) -> Framework:
        return self.years.framework

    @property
    def units(self) -> tuple[str, ...]:
        return self.years.units

    def scores(self) -> dict[tuple[str, str], Score]:
        """The points that the figures earn as they now are."""
        return score(self.framework, self.units, self.figures, POLICIES, "as_written")


def unplanted(level: Level, seed: int, units: int | None = None) -> PlantedRound:
    """The figures of a round without a fault."""
    drawn = years(level, seed, units)
    figures, prior = drawn.figures()
    return PlantedRound(seed, "clean", drawn, figures, prior)


@dataclass
class Hand:
    """One unit's figures in the hands of a planter."""

    made: PlantedRound
    unit: str
    chance: Random

    def value(self, row: str, name: str) -> Fraction | None:
        """A number that the unit gives; None where it gives none."""
        figure = self.made.figures.get((self.unit, row, name))
        return figure.value if figure and isinstance(figure.value, Fraction) else None

    def rows(self) -> list[Criterion]:
        """The rows with figures, in a random order."""
        rows = [row for row in self.made.framework.rows if row.needed]
        return self.chance.sample(rows, len(rows))

    def quotients(self) -> list[tuple[Criterion, Fraction, Fraction]]:
        """Rows that divide the unit's a by its b, both known and above 0, in a random order."""
        found = []
        for row in self.rows():
            part, whole = self.value(row.code, "a"), self.value(row.code, "b")
            if part and whole and "c" not in row.variables:
                found.append((row, part, whole))
        return found

    def moves(self, row: Criterion, least: Fraction = TIER, **values: Fraction) -> bool:
        """Whether other values move the row's points by at least so much of its maximum."""
        figures = {
            (self.unit, row.code, name): self.made.figures[self.unit, row.code, name]
            for name in row.variables
            if (self.unit, row.code, name) in self.made.figures
        }
        changed = {
            **figures,
            **{
                (self.unit, row.code, name): replace(
                    figures[self.unit, row.code, name], value=value
                )
                for name, value in values.items()
            },
        }
        now, then = (
            score_row(row, [self.unit], each, POLICIES, "as_written")[self.unit, row.code].points
            for each in (figures, changed)
        )
        worth = row.max_points or Fraction(1)
        return now is not None and then is not None and abs(now - then) >= least * worth

    def put(self, row: str, name: str, value: Fraction, *, year: str = "now") -> Key:
        """Give another value instead, in this year or (`before`) in the last."""
        figures = self.made.figures if year == "now" else self.made.prior
        key = self.unit, row, name
        figures[key] = replace(figures[key], value=value)
        return key
