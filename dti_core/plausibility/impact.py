"""What a doubt is worth: points, total and place, if the figure were the expected one."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from dti_core.figures import Figure
from dti_core.framework.model import RATIO, Criterion, Reading
from dti_core.framework.rules import stated_ratio
from dti_core.plausibility.flag import Flag
from dti_core.program.policies import Policies
from dti_core.scoring.exact import Peers
from dti_core.scoring.score import FigureMap, compares_in_group, score_row
from dti_core.scoring.standings import Group, ScoreMap, ranked, undecided
from dti_core.scoring.total import RowPoints, Total, add_up, scored_rows


@dataclass(frozen=True)
class Impact:
    """What the unit would gain (negative: lose).

    points  on the row; None where they are open, now or then
    total   on all decided points of the unit, caps of pillars included
    rank    places; None where the unit, or the other way of counting, has none
    """

    points: Fraction | None
    total: Fraction
    rank: int | None


class Impacts:
    """Impacts of many flags on one group, each as by a full recomputation, without doing one.

    Only the flagged row is scored again: of the unit alone, or of the whole group where the row
    compares its units.

    Source: selective editing (UNECE, Statistical Data Editing 2, 1997; Granquist and Kovar 1997):
    suspicion times impact tells what to ask about first.
    """

    def __init__(
        self,
        group: Group,
        figures: FigureMap,
        scores: ScoreMap,
        policies: Policies,
        reading: Reading,
        peers: Mapping[str, Peers] | None = None,
    ) -> None:
        """`scores`: of every unit and row under the reading; `peers`: other provinces' values."""
        self._group, self._figures, self._scores = group, figures, scores
        self._policies, self._reading, self._peers = policies, reading, peers
        self._rows = [row.code for each in group.framework.criteria for row in scored_rows(each)]
        self._totals = {unit: self._total(unit, scores) for unit in group.units}
        self._ladder = _Ladder(self._totals, policies)
        self._top = {
            row.code: criterion
            for criterion in group.framework.criteria
            for row in (criterion, *_below(criterion))
        }

    def of(self, flag: Flag) -> Impact | None:
        """None where the flag names no figure or expects no number."""
        key = (flag.unit, flag.criterion, flag.variable or "")
        if flag.variable is None or flag.expected is None or key not in self._figures:
            return None
        row = self._top[flag.criterion]
        units = self._group.units if compares_in_group(row) else (flag.unit,)
        supposed = self._supposed(key, flag.expected, units)
        changed = score_row(row, units, supposed, self._policies, self._reading, self._peers)
        now, then = self._scores[flag.unit, flag.criterion], changed[flag.unit, flag.criterion]
        both = now.points is not None and then.points is not None
        before, after = self._totals[flag.unit], self._total(flag.unit, changed)
        return Impact(
            points=(then.points or 0) - (now.points or Fraction(0)) if both else None,
            total=after.computed - before.computed,
            rank=self._places(flag.unit, after, changed, len(units) > 1),
        )

    def _supposed(
        self, key: tuple[str, str, str], expected: Fraction, units: tuple[str, ...]
    ) -> dict[tuple[str, str, str], Figure]:
        """The figures that scoring the row takes, with the expected one; a ratio that is stated
        beside its parts goes when a part changes, and the parts go when the ratio does."""
        unit, code, name = key
        top = self._top[code]
        codes = {top.code, *(row.code for row in _below(top))}
        supposed = {
            (each, row, variable): figure
            for each in units
            for row in codes
            for variable in (*self._group.framework.by_code[row].variables, RATIO)
            if (figure := self._figures.get((each, row, variable))) is not None
        }
        supposed[key] = replace(self._figures[key], value=expected, status="given")
        ratio = stated_ratio(self._group.framework.by_code[code].rule_under(self._reading))
        if ratio is not None and name == RATIO:
            for part in ratio.variables:
                supposed.pop((unit, code, part), None)
        elif ratio is not None and name in ratio.variables:
            supposed.pop((unit, code, RATIO), None)
        return supposed

    def _total(self, unit: str, scores: ScoreMap) -> Total:
        """Of the unit, with some rows' scores replaced."""
        rows = {}
        for code in self._rows:
            score = scores.get((unit, code)) or self._scores[unit, code]
            rows[code] = RowPoints(score.low, score.high, score.points)
        return add_up(self._group.framework, rows, self._policies)[1]

    def _places(self, unit: str, after: Total, changed: ScoreMap, others: bool) -> int | None:
        if not others:
            return self._ladder.gained(unit, after)
        totals = {each: self._total(each, changed) for each in self._group.units}
        now, then = (ranked(each, self._policies)[unit] for each in (self._totals, totals))
        return None if now is None or then is None else now - then


class _Ladder:
    """Places in a group where one unit's total changes: two look-ups instead of a new ranking."""

    def __init__(self, totals: Mapping[str, Total], policies: Policies) -> None:
        self._open = bool(policies.ties is None or policies.rank_on is None or undecided(policies))
        self._dense = policies.ties is not None and policies.ties.value == "dense"
        self._published = policies.rank_on is not None and policies.rank_on.value == "published"
        self._points = {unit: self._compared(total) for unit, total in totals.items()}
        known = [points for points in self._points.values() if points is not None]
        self._held = Counter(known)
        self._steps = sorted(self._held if self._dense else known)

    def gained(self, unit: str, after: Total) -> int | None:
        now, then = self._points[unit], self._compared(after)
        if self._open or now is None or then is None:
            return None
        return self._above(now, now) - self._above(then, now)

    def _above(self, points: Fraction, own: Fraction) -> int:
        """How many places stand above some points, the unit's own left out."""
        above = len(self._steps) - bisect_right(self._steps, points)
        alone = not self._dense or self._held[own] == 1
        return above - (own > points and alone)

    def _compared(self, total: Total) -> Fraction | None:
        if not total.decided:
            return None
        if self._published:
            return None if total.published is None else Fraction(total.published)
        return total.low


def _below(criterion: Criterion) -> Iterator[Criterion]:
    for child in criterion.children:
        yield child
        yield from _below(child)
