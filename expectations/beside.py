"""What units told beside their figures, and who stands below whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from dti_core.framework.model import Framework


@dataclass(frozen=True)
class Beside:
    """What the checks of one level look at beside its figures.

    information  (unit, code of a field of general information) → its value as exact text
    evidence     (unit, criterion) → "" where a file of evidence came, else the words that name a
                 document which did not come; None where nobody was asked for any
    self_points  (unit, criterion) → self-assessed points
    below        unit → the units below it
    frameworks   a unit below → the framework that it answers
    """

    information: Mapping[tuple[str, str], str] = field(default_factory=dict)
    evidence: Mapping[tuple[str, str], str] | None = None
    self_points: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)
    below: Mapping[str, Sequence[str]] = field(default_factory=dict)
    frameworks: Mapping[str, Framework] = field(default_factory=dict)
