"""What a unit's points add up to, by pillar and as a whole.

The program decides what happens where a pillar's criteria exceed its stated maximum
(`pillar_overflow`) and whether a published total rounds the exact sum or adds up what is
published (`rounding.total`).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dti_core.framework.model import Criterion, Framework, Pillar
from dti_core.framework.rules import SumOfChildren
from dti_core.program.policies import Policies
from dti_core.rational import round_half_up
from dti_core.scoring.exact import ZERO
from dti_core.scoring.score import Score


@dataclass(frozen=True)
class Total:
    """Points of a pillar or of a whole unit: what is decided, and what is possible.

    published  the points as they are published; None while they, or the rounding, are open
    """

    computed: Fraction
    low: Fraction
    high: Fraction
    max_points: Fraction
    published: Decimal | None = None

    @property
    def decided(self) -> bool:
        return self.low == self.high


def scored_rows(criterion: Criterion) -> Iterator[Criterion]:
    """The rows that have points of their own: not those that only add up their child rows."""
    if not isinstance(criterion.rule, SumOfChildren):
        yield criterion
        return
    for child in criterion.children:
        yield from scored_rows(child)


@dataclass(frozen=True)
class RowPoints:
    """What a row counts for: bounds, and the exact points once they are decided."""

    low: Fraction
    high: Fraction
    points: Fraction | None

    @classmethod
    def awarded(cls, points: Fraction) -> "RowPoints":
        return cls(points, points, points)

    @classmethod
    def open(cls, maximum: Fraction) -> "RowPoints":
        """Nobody has decided: anything up to the maximum, or down to it for a penalty."""
        return cls(min(ZERO, maximum), max(ZERO, maximum), None)


def totals(
    framework: Framework,
    unit: str,
    scores: Mapping[tuple[str, str], Score],
    policies: Policies,
) -> tuple[dict[str, Total], Total]:
    """A unit's computed points by pillar code, and its total over the pillars."""
    rows = {
        row.code: RowPoints(score.low, score.high, score.points)
        for criterion in framework.criteria
        for row in scored_rows(criterion)
        for score in (scores[unit, row.code],)
    }
    return add_up(framework, rows, policies)


def add_up(
    framework: Framework,
    rows: Mapping[str, RowPoints],
    policies: Policies,
    left_out: Collection[str] = (),
) -> tuple[dict[str, Total], Total]:
    """Totals by pillar code, and over the pillars. `rows` has every row of `scored_rows`.

    Points outside the maximum (bonus, penalty) count in the total and not in what is possible.

    left_out  rows that the unit is not assessed on: they give no points, and their maximum leaves
              that of the pillar and of the unit (2001/QĐ-UBND, II.1.3a)
    """
    by_pillar = {
        pillar.code: _pillar_total(pillar, rows, policies, left_out) for pillar in framework.pillars
    }
    whole = list(by_pillar.values())
    low, high = sum((t.low for t in whole), ZERO), sum((t.high for t in whole), ZERO)
    return by_pillar, Total(
        computed=sum((total.computed for total in whole), ZERO),
        low=low,
        high=high,
        max_points=sum((total.max_points for total in whole), ZERO),
        published=_published_whole(whole, low, policies),
    )


def _pillar_total(
    pillar: Pillar, rows: Mapping[str, RowPoints], policies: Policies, left_out: Collection[str]
) -> Total:
    every = [row for criterion in pillar.criteria for row in scored_rows(criterion)]
    mine = [rows[row.code] for row in every if row.code not in left_out]
    gone = sum((row.max_points or ZERO for row in every if row.code in left_out), ZERO)
    computed = sum((row.points for row in mine if row.points is not None), ZERO)
    low, high = sum((row.low for row in mine), ZERO), sum((row.high for row in mine), ZERO)
    published = _published(mine, low, policies) if low == high else None
    most = pillar.max_points
    if most is not None and gone:
        # a pillar may state less than its rows: what stays is never on the other side of nothing
        most = max(most - gone, ZERO) if most >= 0 else min(most - gone, ZERO)
    cap = policies.pillar_overflow is not None and policies.pillar_overflow.value == "cap_pillar"
    if cap and most is not None and most >= 0:
        open_ = low != high
        computed, low, high = (min(points, most) for points in (computed, low, high))
        if policies.rounding is not None:
            rounded = round_half_up(most, policies.rounding.value.digits)
            if published is not None:
                published = min(published, rounded)
            elif open_ and low == high and (_published(mine, low, policies) or 0) >= rounded:
                published = rounded  # the rest of the rows cannot add anything any more
    maximum = most
    if maximum is None:
        maximum = sum((c.max_points or ZERO for c in pillar.criteria), ZERO) - gone
    if pillar.outside_maximum:
        maximum = ZERO
    return Total(computed, low, high, maximum, published)


def _published(rows: list[RowPoints], exact: Fraction, policies: Policies) -> Decimal | None:
    """A decided sum as published: the exact one rounded, or the published rows added up."""
    if policies.rounding is None:
        return None
    rounding = policies.rounding.value
    if rounding.total == "sum_of_exact":
        return round_half_up(exact, rounding.digits)
    return _sum([round_half_up(row.low, rounding.digits) for row in rows], rounding.digits)


def _published_whole(pillars: list[Total], exact: Fraction, policies: Policies) -> Decimal | None:
    parts = [pillar.published for pillar in pillars if pillar.published is not None]
    if policies.rounding is None or len(parts) < len(pillars):
        return None
    rounding = policies.rounding.value
    if rounding.total == "sum_of_exact":
        return round_half_up(exact, rounding.digits)
    return _sum(parts, rounding.digits)


def _sum(parts: list[Decimal], digits: int) -> Decimal:
    return sum(parts, round_half_up(ZERO, digits))
