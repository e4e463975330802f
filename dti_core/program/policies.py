"""Policies: what the decrees leave open and somebody has to decide, with basis and date."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field, StrictInt

from dti_core.framework.model import Code, Reading
from dti_core.framework.rules import Strict
from dti_core.program.appraisal import OrganiserRows
from dti_core.program.ranking import Grade
from dti_core.rational import Exact

V = TypeVar("V")


class Policy(Strict, Generic[V]):
    """One decision: its value, on what basis, decided when."""

    value: V
    basis: str
    decided_on: date


Overlap = Literal["first_listed", "best"]
ZeroDenominator = Literal["full", "zero", "ask"]
MinMaxFormula = Literal["over_best", "range"]
Missing = Literal["ask", "zero"]
NotApplicable = Literal["ask", "zero", "full"]
Unanswered = Literal["to_appraiser", "keep"]
Step = Literal["thu-thap", "giai-trinh", "tham-dinh", "kien-nghi", "du-thao"]
"""A step that people approve; `records.approvals.STEPS` says what each declares."""


class RoundingRule(Strict):
    """How points are published: decimals, and whether a total rounds the exact sum."""

    digits: StrictInt = Field(ge=0, le=6)
    total: Literal["sum_of_exact", "sum_of_published"]


class Reminders(Strict):
    """When who is reminded, in calendar days from the deadline.

    before                  a reminder to the unit so many days ahead of it
    after                   and so many days past it
    then_every              and every so many days after the last of those
    escalate_to_head_after  so many days past it the unit's head is told, once
    digest_to_organiser     whether the organiser gets a list of who is late, every day
    """

    before: tuple[Annotated[StrictInt, Field(ge=1)], ...] = ()
    after: tuple[Annotated[StrictInt, Field(ge=1)], ...] = ()
    then_every: Annotated[StrictInt, Field(ge=1)] | None = None
    escalate_to_head_after: Annotated[StrictInt, Field(ge=1)] | None = None
    digest_to_organiser: Literal["daily", "none"]


class Policies(Strict):
    """Every open question that scoring and ranking meet. None is answered silently: an unset one
    leaves the points concerned open and stops publication.

    questions_per_unit  how many doubts a unit is asked about in a round, the weightiest ones; the
                        rest is listed for the appraiser. Unset: all of them
    unanswered_flags    what becomes of a doubt that its unit leaves unanswered until the deadline:
                        `to_appraiser`, who decides with a reason, or `keep` the reported figure.
                        Unset: the round waits
    grades              the grades, by share of the maximum. Unset: units are ranked, not graded
    organiser_rows      who appraises the organiser's own rows. Unset: they cannot be appraised
    quorum              share of the council that must be present; needed where there is one
    petition_days       how many days units may object to the provisional result; 0: not at all
    approvers           step → the roles that may approve it. Unset: any role, named in the trail
    separation          steps that nobody approves who was the last to change what they cover.
                        Unset: approving what one changed oneself is left to the office
    """

    reading: Policy[Reading] | None = None
    reading_overrides: dict[Code, Policy[Reading]] = Field(default_factory=dict)
    overlap: Policy[Overlap] | None = None
    zero_denominator: Policy[ZeroDenominator] | None = None
    missing_figure: Policy[Missing] | None = None
    not_available_figure: Policy[Missing] | None = None
    not_applicable_figure: Policy[NotApplicable] | None = None
    min_max: Policy[MinMaxFormula] | None = None
    pillar_overflow: Policy[Literal["count_all", "cap_pillar"]] | None = None
    rounding: Policy[RoundingRule] | None = None
    ties: Policy[Literal["same_rank", "dense"]] | None = None
    rank_on: Policy[Literal["exact", "published"]] | None = None
    late_submission: Policy[Literal["accept", "refuse"]] | None = None
    deadline_on_day_off: Policy[Literal["keep", "next_working_day"]] | None = None
    reminders: Policy[Reminders] | None = None
    questions_per_unit: Policy[Annotated[StrictInt, Field(ge=0)]] | None = None
    unanswered_flags: Policy[Unanswered] | None = None
    grades: Policy[tuple[Grade, ...]] | None = None
    organiser_rows: Policy[OrganiserRows] | None = None
    quorum: Policy[Exact] | None = None
    petition_days: Policy[Annotated[StrictInt, Field(ge=0)]] | None = None
    approvers: Policy[dict[str, tuple[str, ...]]] | None = None
    separation: Policy[Annotated[tuple[Step, ...], Field(min_length=1)]] | None = None

    def reading_of(self, criterion: str) -> Reading | None:
        """The reading that officially applies to one criterion."""
        chosen = self.reading_overrides.get(criterion) or self.reading
        return chosen.value if chosen else None


@dataclass(frozen=True)
class Scoring:
    """The policies as the scoring code takes them: bare values, None where nobody decided.

    missing, not_available, not_applicable  what a figure earns that the unit did not give, that
        its source does not have, that does not concern the unit: `ask` leaves the points open,
        `zero` gives what is earned without it, `full` what the best figure would earn
    """

    overlap: Overlap | None = None
    zero_denominator: ZeroDenominator | None = None
    min_max: MinMaxFormula | None = None
    missing: Missing | None = None
    not_available: Missing | None = None
    not_applicable: NotApplicable | None = None

    @classmethod
    def of(cls, policies: Policies) -> "Scoring":
        return cls(
            overlap=_value(policies.overlap),
            zero_denominator=_value(policies.zero_denominator),
            min_max=_value(policies.min_max),
            missing=_value(policies.missing_figure),
            not_available=_value(policies.not_available_figure),
            not_applicable=_value(policies.not_applicable_figure),
        )


def _value(policy: Policy[V] | None) -> V | None:
    return None if policy is None else policy.value
