"""Whether a target was reached: told where target and rule speak of the same exact value, and never
guessed elsewhere. Pure; exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from dti_core.framework.expression import Expression
from dti_core.framework.model import Criterion
from dti_core.framework.rules import (
    Interval,
    MinMax,
    Percent,
    PerItem,
    Ratio,
    RelativeToBest,
    Rule,
    Steps,
)

Verdict = Literal["reached", "not_reached", "unknown"]

VERDICT: dict[Verdict, str] = {
    "reached": "Đạt chỉ tiêu",
    "not_reached": "Chưa đạt chỉ tiêu",
    "unknown": "Chưa kết luận được",
}
"""The verdicts in words."""


@dataclass(frozen=True)
class Terms:
    """In what a row's result is measured.

    percent  a share of a whole, which targets state in per cent; else a number
    whole    always a whole number
    unit     of measure
    """

    percent: bool
    whole: bool = False
    unit: str | None = None


@dataclass(frozen=True)
class Target:
    """An exact target in a row's terms: a value to reach, or with `beyond` to pass."""

    value: Fraction
    beyond: bool = False

    def met(self, value: Fraction) -> bool:
        return value > self.value if self.beyond else value >= self.value


def terms(criterion: Criterion, rule: Rule) -> Terms | None:
    """In what the row is measured, where that is one value of which more is never worse.

    None for a row of several parts, of a state, of a yes or no, or of points that people award.
    """
    match rule:
        case Percent() | Ratio():
            return Terms(percent=True)
        case Steps():
            if not _rising(rule.table):
                return None
            shares = max((b for step in rule.table for b in step.bounds), default=Fraction(2)) <= 1
            return _measured(criterion, rule.of, percent=shares)
        case PerItem() | RelativeToBest() | MinMax():
            return _measured(criterion, rule.of, percent=rule.of.is_quotient)
        case _:
            return None


def verdict(
    target: Target | None,
    value: Fraction | None,
    *,
    full: bool,
    points: Fraction | None,
    maximum: Fraction | None,
) -> tuple[Verdict, str]:
    """Whether a target was reached, and why that cannot be told where it cannot.

    target  None for one in words
    value   this year's, in the terms of the target
    full    the target is the whole maximum, in the words that we proposed
    """
    if full:
        if points is None or maximum is None:
            return "unknown", "Chưa có điểm của năm nay."
        return ("reached" if points >= max(maximum, Fraction(0)) else "not_reached"), ""
    if target is None:
        return "unknown", "Chỉ tiêu nêu bằng lời: so hai cột bên cạnh."
    if value is None:
        return "unknown", "Chưa có số liệu của năm nay để so."
    return ("reached" if target.met(value) else "not_reached"), ""


def _measured(criterion: Criterion, metric: Expression, *, percent: bool) -> Terms:
    kinds = {criterion.variables[name].kind for name in metric.variables}
    lone = criterion.variables.get(metric.text)
    return Terms(
        percent=percent or kinds == {"percent"},
        whole=metric.is_whole and kinds == {"count"},
        unit=lone.unit if lone else None,
    )


def _rising(table: Sequence[Interval]) -> bool:
    """Whether a higher value never earns less."""
    steps = sorted(table, key=_lower_end)
    return all(one.share <= other.share for one, other in pairwise(steps))


def _lower_end(step: Interval) -> Fraction:
    low = step.at_least if step.at_least is not None else step.above
    return Fraction(-1) if low is None else low  # nothing that is counted is less than 0
