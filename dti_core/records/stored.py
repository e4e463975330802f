"""How figures and points stand in their rows, for whoever reads them: the ORM or plain SQL."""

from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol

from dti_core.figures import Figure, FigureStatus, Value
from dti_core.program.policies import RoundingRule
from dti_core.rational import exact_text
from dti_core.scoring.score import Score

COMPUTED = "computed"
"""The kind of an award that follows from figures and rules."""


class StoredFigure(Protocol):
    """A row of table `figure`, however it was read."""

    unit: str
    criterion: str
    variable: str
    status: str
    number: str | None
    flag: bool | None
    choice: str | None
    low: str | None
    high: str | None
    among: list[str]
    raw: str | None
    file: str | None
    sheet: str | None
    cells: list[str]
    question: str | None
    note: str | None


class StoredAward(Protocol):
    """A row of table `award`, however it was read."""

    unit: str
    criterion: str
    reading: str
    kind: str
    max_points: str | None
    points: str | None
    published: str | None
    low: str
    high: str
    status: str
    reasons: list[str]
    unclipped: str | None
    reason: str | None
    decided_by: str | None


FIGURE = tuple(StoredFigure.__annotations__)
"""The columns that make a figure."""


def to_figure(record: StoredFigure) -> Figure:
    """The figure that a row of table `figure` records."""
    return from_columns(*(getattr(record, name) for name in FIGURE))


def from_columns(
    unit: str,
    criterion: str,
    variable: str,
    status: FigureStatus,
    number: str | None,
    flag: bool | None,
    choice: str | None,
    low: str | None,
    high: str | None,
    among: list[str],
    raw: str | None,
    file: str | None,
    sheet: str | None,
    cells: list[str],
    question: str | None,
    note: str | None,
) -> Figure:
    """The figure that these columns record, in the order of `FIGURE`."""
    value: Value | None = choice
    if number is not None:
        value = _number(number)
    elif flag is not None:
        value = flag
    between = None
    if low is not None and high is not None:
        between = (_number(low), _number(high))
    return Figure(
        unit,
        criterion,
        variable,
        status,
        value,
        between,
        tuple(among),
        raw,
        file,
        sheet,
        tuple(cells),
        question,
        note,
    )


@lru_cache(maxsize=65536)
def _number(text: str) -> Fraction:
    """A number as it stands in a row; few of those in a round differ."""
    return Fraction(text)


def award_values(round_id: str, score: Score, rounding: RoundingRule | None) -> dict[str, Any]:
    """The columns of table `award` that record a computed score."""
    published = score.published(rounding)
    return {
        "round_id": round_id,
        "unit": score.unit,
        "criterion": score.criterion,
        "reading": score.reading,
        "kind": COMPUTED,
        "max_points": None if score.max_points is None else exact_text(score.max_points),
        "points": None if score.points is None else exact_text(score.points),
        "published": None if published is None else str(published),
        "low": exact_text(score.low),
        "high": exact_text(score.high),
        "status": score.status,
        "reasons": list(score.problem.reasons),
        "unclipped": None if score.unclipped is None else exact_text(score.unclipped),
    }
