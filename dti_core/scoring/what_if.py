"""What one unit would have under other figures for one row. Nothing is recorded.

The row is scored anew for the whole group, so that a rule that compares the units moves the others
too; every other row keeps the points that it has, people's awards included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dti_core.figures import Figure, Value
from dti_core.framework.model import RATIO, READINGS, Criterion, Reading
from dti_core.framework.rules import stated_ratio
from dti_core.program.policies import Policies
from dti_core.scoring.score import FigureMap, Score, score_row
from dti_core.scoring.standings import (
    Group,
    Points,
    ScoreMap,
    Standing,
    officially,
    standings,
)
from dti_core.scoring.total import RowPoints


@dataclass(frozen=True)
class Changed:
    """A figure of the row: as recorded, and as supposed (None: unknown).

    implied  nobody typed it: it had to go because a supposed figure contradicts it
    """

    variable: str
    before: Figure | None
    after: Figure | None
    implied: bool = False

    @property
    def differs(self) -> bool:
        """Whether scoring takes another value than the recorded one."""
        return _value(self.before) != _value(self.after)


@dataclass(frozen=True)
class Move:
    """What becomes of a unit: its total and place, now and then."""

    unit: str
    before: Standing
    after: Standing

    @property
    def gained(self) -> int | None:
        """Places that the unit gains (negative: loses)."""
        if self.before.rank is None or self.after.rank is None:
            return None
        return self.before.rank - self.after.rank


@dataclass(frozen=True)
class WhatIf:
    """The answer to one supposition.

    before, after  what the row officially counts for, now and then
    scored         how the supposed figures are scored
    other          … and how under the reading that does not officially apply
    set_aside      points that people awarded to the row for the figures as they are; they say
                   nothing of the supposed ones, so that the computed points stand there instead
    others         the other units of the group whose points or places move
    """

    figures: tuple[Changed, ...]
    before: RowPoints
    after: RowPoints
    scored: Score
    other: Score
    set_aside: Fraction | None
    move: Move
    others: tuple[Move, ...]


def what_if(
    groups: Sequence[Group],
    figures: FigureMap,
    scores: Mapping[Reading, ScoreMap],
    policies: Policies,
    awarded: Points,
    unit: str,
    code: str,
    values: Mapping[str, Value | None],
) -> WhatIf:
    """Suppose other values of a row's figures; None makes one unknown.

    figures, scores  of the round as it is, the scores under each reading
    awarded          (unit, row code) → points that people decided otherwise than computed
    values           variable → value; `ratio` is a percentage stated outright

    Raises ReadingUndecided; KeyError for a unit that there is not, or a row without points of
    its own.
    """
    group = next(each for each in groups if unit in each.units)
    row = group.framework.by_code[code]
    changes = _changes(row, unit, figures, values)
    now = officially(group, scores, policies, awarded)
    computed, kept, set_aside = {reading: scores[reading] for reading in READINGS}, awarded, None
    if any(each.differs for each in changes):
        supposed = dict(figures)
        for each in changes:
            supposed.pop((unit, code, each.variable), None)
            if each.after is not None:
                supposed[unit, code, each.variable] = each.after
        for reading in READINGS:
            anew = score_row(row, group.units, supposed, policies, reading)
            computed[reading] = {**scores[reading], **anew}
        set_aside = awarded.get((unit, code))
        kept = {key: points for key, points in awarded.items() if key != (unit, code)}
    then = officially(group, computed, policies, kept)
    before, after = standings(group, now, policies), standings(group, then, policies)
    moves = {each: Move(each, before[each], after[each]) for each in group.units}
    official: Reading = policies.reading_of(code) or "as_written"
    other: Reading = "as_written" if official == "corrected" else "corrected"
    return WhatIf(
        figures=changes,
        before=now[unit][code],
        after=then[unit][code],
        scored=computed[official][unit, code],
        other=computed[other][unit, code],
        set_aside=set_aside,
        move=moves[unit],
        others=tuple(m for m in moves.values() if m.unit != unit and m.before != m.after),
    )


def _changes(
    row: Criterion, unit: str, figures: FigureMap, values: Mapping[str, Value | None]
) -> tuple[Changed, ...]:
    """The figures supposed, and those that cannot stand beside them.

    A ratio may be stated outright ("75,5%") or follow from its parts: whoever supposes the one
    withdraws the other, else the rule would go on with the figure that nobody supposes any more.
    """
    changes = []
    for name, value in values.items():
        before = figures.get((unit, row.code, name))
        after = None if value is None else Figure(unit, row.code, name, "given", value)
        if _value(after) == _value(before):
            after = before  # with what is known of why there is none
        changes.append(Changed(name, before, after))
    ratio = stated_ratio(row.rule)
    if ratio is not None:
        parts, supposed = set(ratio.variables), {each.variable for each in changes if each.differs}
        against = {RATIO} if parts & supposed else parts if RATIO in supposed else set()
        for name in sorted(against - set(values)):
            before = figures.get((unit, row.code, name))
            if before is not None and before.known:
                changes.append(Changed(name, before, None, implied=True))
    return tuple(changes)


def _value(figure: Figure | None) -> object:
    """What scoring takes of a figure; None where it says nothing."""
    if figure is None or (figure.value is None and not figure.between and not figure.among):
        return None
    return figure.value, figure.between, figure.among
