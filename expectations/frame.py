"""The pooled frame: everything that the checks of one level look at, all units together.

A row is one asked figure of one unit (all units of a figure, then the next figure), and at the end
one self-assessed row of one unit. A column is what one rule looks at; a rule that compares two
things has a second one. Null where a rule does not look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from dti_core.framework.model import Framework
from dti_core.intake.layout import SELF_ROW
from expectations.beside import Beside
from expectations.columns import columns
from expectations.grid import Figures, Grid
from expectations.register import Rule, register

Key = tuple[str, str, str]
"""(unit, criterion, variable); the variable of self-assessed points is `SELF_ROW`."""


@dataclass(frozen=True, eq=False)
class Pooled:
    """The frame, and what its rows and columns are.

    rules      those that have columns: the framework has something that they look at
    not_built  rule → why its columns could not be made
    self_rows  (unit, criterion) of the rows at the end
    """

    grid: Grid
    beside: Beside
    frame: pd.DataFrame
    rules: tuple[Rule, ...]
    not_built: dict[str, str]
    self_rows: tuple[tuple[str, str], ...]

    def key(self, row: int) -> Key:
        """Which figure a row of the frame is about."""
        figures = self.grid.value.size
        if row >= figures:
            return (*self.self_rows[row - figures], SELF_ROW)
        column, line = divmod(row, len(self.grid.units))
        asked = self.grid.asked[column]
        return self.grid.units[line], asked.row.code, asked.name


def second(rule: Rule) -> str:
    """The name of the second column of a rule that compares two things."""
    return f"{rule.id}_to"


def pooled_frame(
    framework: Framework,
    units: Sequence[str],
    figures: Figures,
    beside: Beside | None = None,
) -> Pooled:
    """The frame of one level.

    A rule whose columns cannot be made is kept aside with the reason, so that the others still run.
    """
    beside = beside or Beside()
    grid = Grid.of(framework, units, figures)
    known = set(units)
    self_rows = tuple(
        key for key in beside.self_points if key[0] in known and key[1] in framework.by_code
    )
    frame: dict[str, object] = {}
    kept: list[Rule] = []
    not_built: dict[str, str] = {}
    for rule in register():
        try:
            made = _made(rule, grid, beside, self_rows)
        except Exception as error:  # whatever it is, it is told and the other checks go on
            not_built[rule.id] = f"{type(error).__name__}: {error}"
            continue
        if made:
            kept.append(rule)
            frame |= zip((rule.id, second(rule)), made, strict=False)
    return Pooled(grid, beside, pd.DataFrame(frame), tuple(kept), not_built, self_rows)


def _made(
    rule: Rule, grid: Grid, beside: Beside, self_rows: Sequence[tuple[str, str]]
) -> list[np.ndarray]:
    """The columns of a rule over the rows of the frame; none where it has nothing to look at."""
    if rule.check == "self_score":
        shares = _self_scores(grid.framework, beside, self_rows)
        return [np.concatenate([np.full(grid.value.size, np.nan), shares])] if self_rows else []
    return [_long(column, len(self_rows)) for column in columns(rule, grid, beside) or ()]


def _long(column: np.ndarray, more: int) -> np.ndarray:
    """All units of the first figure, of the second, …, and nulls for the rows at the end."""
    empty = np.full(more, None if column.dtype == object else np.nan, column.dtype)
    return np.concatenate([column.ravel("F"), empty])


def _self_scores(
    framework: Framework, beside: Beside, rows: Sequence[tuple[str, str]]
) -> np.ndarray:
    """Self-assessed points as a share of the row's maximum, which is 0 to 1 where they are lawful;
    of a row of penalties too, whose maximum is negative."""
    return np.array(
        [_share(beside.self_points[key], framework.by_code[key[1]].max_points) for key in rows],
        float,
    )


def _share(points: Fraction, most: Fraction | None) -> float:
    if most is None:
        return np.nan  # followed up, not scored
    if most == 0:
        return 0.0 if points == 0 else 2.0
    return float(points / most)
