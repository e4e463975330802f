"""Policies: what the decrees leave open and somebody has to decide, with basis and date."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

from pydantic import Field, StrictInt

from dti_core.framework.model import Code, Reading
from dti_core.framework.rules import Strict

V = TypeVar("V")


class Policy(Strict, Generic[V]):
    """One decision: its value, on what basis, decided when."""

    value: V
    basis: str
    decided_on: date


Overlap = Literal["first_listed", "best"]
ZeroDenominator = Literal["full", "zero", "ask"]
MinMaxFormula = Literal["over_best", "range"]


class RoundingRule(Strict):
    """How points are published: decimals, and whether a total rounds the exact sum."""

    digits: StrictInt = Field(ge=0, le=6)
    total: Literal["sum_of_exact", "sum_of_published"]


class Policies(Strict):
    """Every open question that scoring and ranking meet. None is answered silently: an unset one
    leaves the points concerned open and stops publication."""

    reading: Policy[Reading] | None = None
    reading_overrides: dict[Code, Policy[Reading]] = Field(default_factory=dict)
    overlap: Policy[Overlap] | None = None
    zero_denominator: Policy[ZeroDenominator] | None = None
    min_max: Policy[MinMaxFormula] | None = None
    pillar_overflow: Policy[Literal["count_all", "cap_pillar"]] | None = None
    rounding: Policy[RoundingRule] | None = None
    ties: Policy[Literal["same_rank", "dense"]] | None = None
    rank_on: Policy[Literal["exact", "published"]] | None = None
    late_submission: Policy[Literal["accept", "refuse"]] | None = None

    def reading_of(self, criterion: str) -> Reading | None:
        """The reading that officially applies to one criterion."""
        chosen = self.reading_overrides.get(criterion) or self.reading
        return chosen.value if chosen else None


@dataclass(frozen=True)
class Scoring:
    """The policies as the scoring code takes them: bare values, None where nobody decided."""

    overlap: Overlap | None = None
    zero_denominator: ZeroDenominator | None = None
    min_max: MinMaxFormula | None = None

    @classmethod
    def of(cls, policies: Policies) -> "Scoring":
        return cls(
            overlap=policies.overlap.value if policies.overlap else None,
            zero_denominator=(
                policies.zero_denominator.value if policies.zero_denominator else None
            ),
            min_max=policies.min_max.value if policies.min_max else None,
        )
