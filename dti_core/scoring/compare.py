"""The engine held against the referee: no round is recorded where they differ."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from dti_core.figures import Figure
from dti_core.framework.model import Criterion, Framework, Reading
from dti_core.program.policies import Policies, Scoring
from dti_core.rational import round_half_up
from dti_core.scoring import engine
from dti_core.scoring.columns import Bits, Bools, Column, Figures, certain
from dti_core.scoring.exact import Span
from dti_core.scoring.score import FigureMap, Score, settle


def columns(
    framework: Framework,
    units: Sequence[str],
    figures: FigureMap,
    policies: Scoring | None = None,
    reading: Reading = "as_written",
) -> Figures:
    """The same figures laid out as columns for the engine, with what the policies settle."""
    numbers: dict[tuple[str, str], Column] = {}
    choices: dict[tuple[str, str], Bits] = {}
    position = {unit: index for index, unit in enumerate(units)}
    rows = framework.by_code
    for (unit, code, name), figure in figures.items():
        if unit not in position or code not in rows:
            continue
        index, key = position[unit], (code, name)
        variable = rows[code].variables.get(name)
        if variable and variable.kind == "choice":
            mask = choices.setdefault(key, np.zeros(len(units), np.int64))
            possible = (figure.value,) if isinstance(figure.value, str) else figure.among
            order = list(variable.choices)
            mask[index] = sum(1 << order.index(choice) for choice in possible)
            continue
        span = _span(figure)
        if span is None:
            continue
        if key not in numbers:
            numbers[key] = Column(np.zeros(len(units)), np.full(len(units), np.inf))
        numbers[key].low[index] = float(span.low)
        numbers[key].high[index] = np.inf if span.high is None else float(span.high)
    settled = {
        key: certain(column.low) if column.known.all() else column
        for key, column in numbers.items()
    }
    decided = _settled(framework, units, figures, policies or Scoring(), reading)
    return Figures(tuple(units), settled, choices, {}, decided)


def _settled(
    framework: Framework,
    units: Sequence[str],
    figures: FigureMap,
    policies: Scoring,
    reading: Reading,
) -> dict[tuple[str, str], Bools]:
    found: dict[tuple[str, str], Bools] = {}
    spoken = policies.missing or policies.not_available or policies.not_applicable
    if not spoken and all(figure.status != "exempt" for figure in figures.values()):
        return found
    for row in framework.rows:
        ends = [settle(row, row.rule_under(reading), unit, figures, policies) for unit in units]
        if any(ends):
            for end in ("least", "most"):
                found[row.code, end] = np.array([each == end for each in ends])
    return found


def _span(figure: Figure) -> Span | None:
    if figure.value is None:
        return Span(*figure.between) if figure.between else None
    return Span(Fraction(figure.value), Fraction(figure.value))


def disagreements(
    framework: Framework,
    units: Sequence[str],
    figures: FigureMap,
    policies: Policies,
    scores: Mapping[tuple[str, str], Score],
    reading: Reading,
) -> list[tuple[str, str]]:
    """(unit, row) pairs where the engine publishes other points than the referee.

    Empty, unless one of the two is wrong: then nothing may be recorded.
    """
    digits = policies.rounding.value.digits if policies.rounding else 2
    scoring = Scoring.of(policies)
    laid_out, rows = columns(framework, units, figures, scoring, reading), framework.by_code
    wrong: list[tuple[str, str]] = []
    for code, column in engine.points(framework, reading, laid_out, scoring).items():

        def decide(index: int, code: str = code) -> Fraction | None:
            return scores[units[index], code].points

        shown = engine.published(column, digits, decide)
        for unit, value in zip(units, shown, strict=True):
            if _exempted(rows[code], unit, scores):
                continue  # what it gets is nobody's computation
            points = scores[unit, code].points
            expected = float("nan") if points is None else float(round_half_up(points, digits))
            if value != expected and not (value != value and expected != expected):
                wrong.append((unit, code))
    return wrong


def _exempted(row: Criterion, unit: str, scores: Mapping[tuple[str, str], Score]) -> bool:
    return scores[unit, row.code].status == "exempt" or any(
        _exempted(child, unit, scores) for child in row.children
    )
