"""The lost points of one unit, and what would win them back, the cheapest first.

Every gain told is what the referee gives for the changed figures, exactly: nothing here knows how a
rule is scored. `win_back_ways` says which changes are worth trying.

What a step costs nobody here knows; the order claims no more than can be defended. Decisions (a
paper issued, a state reached: yes or no) stand first, the most points first. Then amounts, by
points per effort, where effort is the change as a part of the figure that would earn the most: from
46 to 60 files, where 96 earn everything, it is 14/96. After them stand rows of which no number can
be told: figures that lack, points that people award, points that hang on other units.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from dti_core.figures import Figure, Value
from dti_core.framework.expression import Expression
from dti_core.framework.model import RATIO, Criterion, Framework, Reading
from dti_core.framework.rules import MinMax, RelativeToBest, stated_ratio, sub_rules
from dti_core.program.policies import Policies
from dti_core.scoring.exact import ZERO
from dti_core.scoring.score import FigureMap, Score, score_row
from dti_core.scoring.standings import ReadingUndecided, ScoreMap
from dti_core.scoring.total import scored_rows
from dti_core.scoring.win_back_ways import Way, ways

Kind = Literal[
    "decision",  # the next step is a yes, or another state
    "amount",  # the next step is an amount
    "figures",  # figures lack: give them first
    "appraised",  # people award the points, or awarded others than the rule gives
    "relative",  # the points hang on what other units, or other provinces, reach
    "closed",  # no change of the unit's own figures that the rule rewards
]
_ORDER: tuple[Kind, ...] = ("decision", "amount", "figures", "appraised", "relative", "closed")


@dataclass(frozen=True)
class Change:
    """A figure as it is, and as it would have to be; `before` None where there is none."""

    variable: str
    before: Value | None
    after: Value

    @property
    def by(self) -> Fraction | None:
        """How much is added (negative: taken away); None for a yes, a no or a state."""
        numbers = (self.before, self.after)
        if any(isinstance(each, bool | str) for each in numbers):
            return None
        return Fraction(self.after) - Fraction(self.before or 0)


@dataclass(frozen=True)
class Step:
    """Changes and what they win.

    gain     points on the row, exact
    full     whether nothing is lost any more
    effort   the largest change, as a part of the figure that would earn the most, 0 … 1; 0 for a
             decision
    metric, reached  the clause's value and what it becomes; None where several change together
    """

    changes: tuple[Change, ...]
    gain: Fraction
    full: bool
    effort: Fraction = ZERO
    metric: Expression | None = None
    reached: Fraction | None = None


@dataclass(frozen=True)
class Chance:
    """A row on which the unit lost points.

    lost   points below the best that the row can give, exact
    steps  the cheapest step that wins anything, then the one that wins the most; one where they
           are the same, none where no number can be told
    """

    criterion: str
    lost: Fraction
    kind: Kind
    steps: tuple[Step, ...] = ()


def win_back(
    framework: Framework,
    unit: str,
    figures: FigureMap,
    policies: Policies,
    scores: Mapping[Reading, ScoreMap],
    official: Mapping[str, Fraction],
    leave_out: Collection[str] = (),
) -> tuple[Chance, ...]:
    """The rows on which a unit lost points, those first that are the cheapest to win back.

    scores     of the round as it is, under each reading
    official   row code → the unit's official points; a row that is not there has none yet
    leave_out  rows on which the unit is not assessed, or exempted

    A gain is of the row alone: a pillar that is capped, or a figure that other rows use as well,
    may make more or less of it. Raises ReadingUndecided.
    """
    mine: dict[str, dict[tuple[str, str, str], Figure]] = {}
    for key, figure in figures.items():
        if key[0] == unit:
            mine.setdefault(key[1], {})[key] = figure
    found = []
    for row in (row for each in framework.criteria for row in scored_rows(each)):
        if row.max_points is None or row.code in leave_out:
            continue
        reading = policies.reading_of(row.code)
        if reading is None:
            raise ReadingUndecided(
                "Chưa đặt chính sách “reading” (cách đọc chính thức) trong program.yaml nên chưa"
                " biết điểm nào là điểm chính thức. Hãy đặt chính sách ấy trước."
            )
        chance = _chance(
            row,
            scores[reading][unit, row.code],
            official.get(row.code),
            mine.get(row.code, {}),
            policies,
        )
        if chance is not None:
            found.append(chance)
    return tuple(sorted(found, key=_place))


def _place(chance: Chance) -> tuple[int, Fraction, Fraction]:
    """Where a chance stands; rows that are alike stay in the framework's order."""
    order = _ORDER.index(chance.kind)
    if chance.kind == "decision":
        return order, -chance.steps[0].gain, -chance.lost
    if chance.kind == "amount":
        return order, -(chance.steps[0].gain / chance.steps[0].effort), -chance.lost
    return order, -chance.lost, ZERO


def _chance(
    row: Criterion,
    score: Score,
    official: Fraction | None,
    figures: FigureMap,
    policies: Policies,
) -> Chance | None:
    """None where nothing is lost, or nothing is scored."""
    assert row.max_points is not None
    best = max(row.max_points, ZERO)  # of a penalty the best is nothing
    points = score.points if official is None else official
    lost = best - (score.low if points is None else points)
    if lost <= 0 or score.status in ("followed", "untabled", "exempt"):
        return None
    rule = row.rule_under(score.reading)
    if any(isinstance(sub, RelativeToBest | MinMax) for sub in sub_rules(rule)):
        return Chance(row.code, lost, "relative")
    if score.status == "appraised" or (official is not None and official != score.points):
        return Chance(row.code, lost, "appraised")
    if score.points is None or score.settled is not None:
        return Chance(row.code, lost, "figures")
    tried = (_try(row, score, figures, way, policies, lost) for way in ways(row, rule, figures))
    steps = _with_effort([step for step in tried if step is not None])
    if not steps:
        return Chance(row.code, lost, "closed")
    most = max(steps, key=lambda step: (step.gain, -step.effort, -len(step.changes)))
    near = min(steps, key=lambda step: (step.effort, -step.gain, len(step.changes)))
    decision = near.effort == 0
    told = (near,) if near.gain == most.gain else (near, most)
    return Chance(row.code, lost, "decision" if decision else "amount", told)


def _with_effort(steps: list[Step]) -> list[Step]:
    """The steps of one row, each measured by the figure that the farthest of them reaches."""
    farthest: dict[str, Fraction] = {}
    amounts = [each for step in steps for each in step.changes if each.by is not None]
    for each in amounts:
        ends = [abs(Fraction(end)) for end in (each.before or 0, each.after)]
        farthest[each.variable] = max(farthest.get(each.variable, ZERO), *ends)
    return [
        replace(
            step,
            effort=max(
                (abs(each.by) / farthest[each.variable] for each in step.changes if each.by),
                default=ZERO,
            ),
        )
        for step in steps
    ]


def _try(
    row: Criterion,
    score: Score,
    figures: FigureMap,
    way: Way,
    policies: Policies,
    lost: Fraction,
) -> Step | None:
    """What a way wins, by the referee; None where it wins nothing."""
    unit = score.unit
    then = supposed(row, unit, figures, way.values)
    after = score_row(row, [unit], then, policies, score.reading)[unit, row.code]
    if after.points is None or score.points is None or after.points <= score.points:
        return None
    changes = []
    for name, value in way.values.items():
        figure = figures.get((unit, row.code, name))
        changes.append(Change(name, None if figure is None else figure.value, value))
    gain = after.points - score.points
    return Step(tuple(changes), gain, gain == lost, metric=way.metric, reached=way.reached)


def supposed(
    row: Criterion, unit: str, figures: FigureMap, values: Mapping[str, Value]
) -> dict[tuple[str, str, str], Figure]:
    """The figures with other values of the unit's row put in.

    Who changes a part withdraws the ratio that was stated outright: it is of the part before.
    """
    then = dict(figures)
    ratio = stated_ratio(row.rule)
    if ratio is not None and set(ratio.variables) & set(values):
        then.pop((unit, row.code, RATIO), None)
    for name, value in values.items():
        key = unit, row.code, name
        then[key] = Figure(*key, "given", value)
    return then
