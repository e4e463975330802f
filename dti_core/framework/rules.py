"""The rule vocabulary: what a clause may say about figures and points, as data.

A rule carries a *metric* (an expression over the criterion's figures) to a *share* of the
criterion's maximum. What a rule means is in `dti_core.scoring`: once on columns (`engine`),
once on one exact figure at a time (`exact`). Nothing here knows a province.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from dti_core.framework.expression import Expression, Metric
from dti_core.rational import Exact


class Strict(BaseModel):
    """A piece of law: immutable, and an unknown key is a mistake.

    Its validator is built when first used: whoever loads a framework needs the framework's only,
    not one for every piece of it.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Pydantic's copy, without the cached properties: they speak of the values before."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(copied).model_fields.keys():
            del copied.__dict__[name]
        return copied


class Interval(Strict):
    """Values `from` (≥) or `above` (>) one bound, `to` (≤) or `below` (<) another → `share`."""

    at_least: Exact | None = Field(None, alias="from")
    above: Exact | None = None
    at_most: Exact | None = Field(None, alias="to")
    below: Exact | None = None
    share: Exact

    @model_validator(mode="after")
    def _bounds(self) -> "Interval":
        if self.at_least is not None and self.above is not None:
            raise ValueError("một khoảng chỉ có một cận dưới: from (≥) hoặc above (>)")
        if self.at_most is not None and self.below is not None:
            raise ValueError("một khoảng chỉ có một cận trên: to (≤) hoặc below (<)")
        return self

    @property
    def bounds(self) -> tuple[Fraction, ...]:
        """The ends that are written."""
        ends = (self.at_least, self.above, self.at_most, self.below)
        return tuple(end for end in ends if end is not None)

    def holds(self, value: Fraction) -> bool:
        """Whether the interval holds a value, open and closed ends as written."""
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.above is None or value > self.above)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
        )


class Factor(Strict):
    """What a ratio below the threshold earns where the clause writes its own arithmetic.

    share = ratio / divide_by × times, as in "Tỷ lệ/1%*Điểm tối đa" or "Tỷ lệ*Điểm tối đa*100".
    """

    divide_by: Exact = Field(default=1, validate_default=True)
    times: Exact = Field(default=1, validate_default=True)


class Flag(Strict):
    """Yes → the whole maximum, no → nothing ("Đã ban hành: Điểm tối đa")."""

    type: Literal["flag"]
    of: str


class Options(Strict):
    """One choice → its share. A choice that the clause gives no share is *unassigned*."""

    type: Literal["options"]
    of: str
    shares: dict[str, Exact]


class Ratio(Strict):
    """A ratio → itself. From `full_at` on the whole maximum; what less earns says `below`:

    proportional  the ratio itself ("Tỷ lệ*Điểm tối đa" under a threshold of 80 %)
    scaled        ratio / full_at
    zero          nothing
    Factor        the clause's own arithmetic

    `scale_at` divides by a threshold without naming a cap ("Tỷ lệ/50%*Điểm tối đa").
    `below_includes_full_at` keeps a clause that gives the threshold itself to both branches.
    """

    type: Literal["ratio"]
    of: Metric
    full_at: Exact | None = None
    below: Literal["proportional", "scaled", "zero"] | Factor | None = None
    scale_at: Exact | None = None
    below_includes_full_at: StrictBool = False

    @model_validator(mode="after")
    def _branches(self) -> "Ratio":
        if (self.full_at is None) != (self.below is None):
            raise ValueError("full_at và below phải đi cùng nhau")
        if self.full_at is not None and self.scale_at is not None:
            raise ValueError("scale_at chỉ dùng khi không có full_at")
        if any(bound is not None and bound <= 0 for bound in (self.full_at, self.scale_at)):
            raise ValueError("ngưỡng phải lớn hơn 0")
        return self


class Steps(Strict):
    """A table of intervals over a count, mean, money, ratio or frequency, as written.

    Overlaps and gaps survive: the program's policy `overlap` resolves the first kind, a value
    in a gap is left without points and becomes a question.
    """

    type: Literal["steps"]
    of: Metric
    table: tuple[Interval, ...] = Field(min_length=1)

    @property
    def trial_values(self) -> tuple[Fraction, ...]:
        """Values ≥ 0 that between them meet every step: 0, each bound, one value between two
        neighbouring bounds and one beyond the last."""
        bounds = sorted({bound for step in self.table for bound in step.bounds} | {Fraction(0)})
        between = [(a + b) / 2 for a, b in pairwise(bounds)]
        return tuple(sorted({*bounds, *between, bounds[-1] + 1}))

    @property
    def whole_trials(self) -> tuple[Fraction, ...]:
        """The same for a metric that is always a whole number."""
        near = {
            Fraction(floor(value) + step) for value in self.trial_values for step in (-1, 0, 1, 2)
        }
        return tuple(sorted(value for value in near if value >= 0))


class PerItem(Strict):
    """`each` points for every item, up to the maximum ("mỗi hội nghị 5 điểm, tối đa 20")."""

    type: Literal["per_item"]
    of: Metric
    each: Exact


class Percent(Strict):
    """A percentage that a named report states → itself."""

    type: Literal["percent"]
    of: str


Peers = Literal["group", "external"]


class RelativeToBest(Strict):
    """value / best value of the peers. External peers are other provinces, not in the round."""

    type: Literal["relative_to_best"]
    of: Metric
    peers: Peers


class MinMax(Strict):
    """ "Phương pháp Min-Max": the best peer earns the maximum, then decreasing.

    The decrees do not write the formula; the program's policy `min_max` does.
    """

    type: Literal["min_max"]
    of: Metric
    peers: Peers


class Part(Strict):
    """One weighted part: `weight` of the maximum, shared out by `rule`."""

    label: str | None = None
    weight: Exact
    rule: "Rule"


class Parts(Strict):
    """Weighted sub-rules; an unknown part leaves the rest standing with bounds."""

    type: Literal["parts"]
    parts: tuple[Part, ...] = Field(min_length=1)


class Gate(Strict):
    """A flag first: where it is no, nothing; where it is yes, the rule `then`."""

    type: Literal["gate"]
    flag: str
    then: "Rule"


class SumOfChildren(Strict):
    """The points of the child rows, added."""

    type: Literal["sum_of_children"]


class BestOf(Strict):
    """The best of several ways to earn the points."""

    type: Literal["best_of"]
    alternatives: tuple["Rule", ...] = Field(min_length=2)


class Deduction(Strict):
    """`each` points off for every one of `of`."""

    of: Metric
    each: Exact


class Deductions(Strict):
    """Full marks less points per event, never under `floor` points."""

    type: Literal["deductions"]
    events: tuple[Deduction, ...] = Field(min_length=1)
    floor: Exact = Field(default=0, validate_default=True)


class Appraised(Strict):
    """Points that people award, 0 … maximum, in multiples of `step` where one is set."""

    type: Literal["appraised"]
    step: Exact | None = None


class Untabled(Strict):
    """A row that the text shows without any rule."""

    type: Literal["untabled"]


Rule = Annotated[
    Flag
    | Options
    | Ratio
    | Steps
    | PerItem
    | Percent
    | RelativeToBest
    | MinMax
    | Parts
    | Gate
    | SumOfChildren
    | BestOf
    | Deductions
    | Appraised
    | Untabled,
    Field(discriminator="type"),
]


def sub_rules(rule: Rule) -> Iterator[Rule]:
    """The rule and every rule inside it, outermost first."""
    yield rule
    match rule:
        case Parts():
            inner: tuple[Rule, ...] = tuple(part.rule for part in rule.parts)
        case Gate():
            inner = (rule.then,)
        case BestOf():
            inner = rule.alternatives
        case _:
            inner = ()
    for sub in inner:
        yield from sub_rules(sub)


def weighted(rule: Rule, weight: Fraction = Fraction(1)) -> Iterator[tuple[Rule, Fraction]]:
    """Every rule inside, with the part of the maximum that it shares out."""
    yield rule, weight
    match rule:
        case Parts():
            for part in rule.parts:
                yield from weighted(part.rule, weight * part.weight)
        case Gate():
            yield from weighted(rule.then, weight)
        case BestOf():
            for way in rule.alternatives:
                yield from weighted(way, weight)
        case _:
            pass


def metrics(rule: Rule) -> tuple[Expression, ...]:
    """Every metric of the rule, outermost rule first."""
    found: list[Expression] = []
    for sub in sub_rules(rule):
        match sub:
            case Ratio() | Steps() | PerItem() | RelativeToBest() | MinMax():
                found.append(sub.of)
            case Deductions():
                found.extend(event.of for event in sub.events)
            case _:
                pass
    return tuple(found)


def stated_ratio(rule: Rule) -> Expression | None:
    """The one quotient that a bare percentage ("Đã đạt 75,5%") can stand for, or None.

    With two quotients in a rule nobody could tell which one a lone percentage states.
    """
    quotients = {metric for metric in metrics(rule) if metric.is_quotient}
    return quotients.pop() if len(quotients) == 1 else None


def variables_used(rule: Rule) -> tuple[str, ...]:
    """The figures that the rule needs, each once, in the order in which it names them."""
    names: list[str] = []
    for sub in sub_rules(rule):
        match sub:
            case Flag() | Options() | Percent():
                names.append(sub.of)
            case Gate():
                names.append(sub.flag)
            case Ratio() | Steps() | PerItem() | RelativeToBest() | MinMax():
                names.extend(sub.of.variables)
            case Deductions():
                names.extend(name for event in sub.events for name in event.of.variables)
            case _:
                pass
    return tuple(dict.fromkeys(names))
