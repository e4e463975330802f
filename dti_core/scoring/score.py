"""Scores of units under a framework: exact points, their bounds, and why some are open.

`score` is the referee over whole units; `columns` lays the same figures out for the engine, and
`disagreements` holds the two against each other: no round is recorded where they differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from dti_core.figures import Figure
from dti_core.framework.model import RATIO, Criterion, Framework, Pillar, Reading
from dti_core.framework.rules import MinMax, RelativeToBest, SumOfChildren
from dti_core.program.policies import Policies, RoundingRule, Scoring
from dti_core.rational import round_half_up
from dti_core.scoring import engine
from dti_core.scoring.columns import Column, Figures
from dti_core.scoring.exact import (
    ZERO,
    Given,
    Peers,
    Share,
    Span,
    metric,
    share,
)
from dti_core.scoring.problems import Problem

Status = Literal[
    "computed",  # the figures decide the points
    "partial",  # some figures are known: bounds
    "question",  # something has to be asked or decided first
    "missing",  # no figure was given
    "not_available",  # the source says that there is no such figure
    "external",  # compares with other provinces
    "appraised",  # people award the points
    "untabled",  # the text has no rule
]

FigureMap = Mapping[tuple[str, str, str], Figure]


@dataclass(frozen=True)
class Score:
    """The computed points of one unit for one row under one reading.

    low, high   bounds in points, equal where decided
    points      the exact points; None while they are open
    share       the share of the maximum that they stand for, before and after clipping
    """

    unit: str
    criterion: str
    reading: Reading
    max_points: Fraction | None
    low: Fraction
    high: Fraction
    status: Status
    problem: Problem = Problem.NONE
    metric: Fraction | None = None
    unclipped: Fraction | None = None

    @property
    def points(self) -> Fraction | None:
        return self.low if self.status == "computed" else None

    def published(self, rounding: RoundingRule | None) -> Decimal | None:
        """The points as they are published; None while they, or the rounding, are open."""
        if self.points is None or rounding is None:
            return None
        return round_half_up(self.points, rounding.digits)


@dataclass(frozen=True)
class Total:
    """Points of a pillar or of a whole unit: what is decided, and what is possible."""

    computed: Fraction
    low: Fraction
    high: Fraction
    max_points: Fraction

    @property
    def decided(self) -> bool:
        return self.low == self.high


def score(
    framework: Framework,
    units: Sequence[str],
    figures: FigureMap,
    policies: Policies,
    reading: Reading,
    peers: Mapping[str, Peers] | None = None,
) -> dict[tuple[str, str], Score]:
    """Score units by the rules, exactly. Keys are (unit, row code), in framework order.

    `peers` are other provinces' best and worst values, where somebody entered them.
    """
    scoring = Scoring.of(policies)
    scores: dict[tuple[str, str], Score] = {}

    def visit(criterion: Criterion) -> None:
        for child in criterion.children:
            visit(child)
        rule = criterion.rule_under(reading)
        if isinstance(rule, SumOfChildren):
            for unit in units:
                children = [scores[unit, child.code] for child in criterion.children]
                scores[unit, criterion.code] = _sum(criterion, unit, reading, children)
            return
        given = {unit: given_figures(criterion, unit, figures) for unit in units}
        against = (peers or {}).get(criterion.code)
        if isinstance(rule, RelativeToBest | MinMax) and rule.peers == "group":
            against = _group_peers(rule, given.values())
        for unit in units:
            known = Given(given[unit].numbers, given[unit].choices, against)
            result = share(rule, known, criterion.max_points, scoring)
            value = metric(rule, known)
            worth = criterion.max_points or ZERO
            scores[unit, criterion.code] = Score(
                unit=unit,
                criterion=criterion.code,
                reading=reading,
                max_points=criterion.max_points,
                low=result.low * worth,
                high=result.high * worth,
                status=_status(criterion, unit, figures, result),
                problem=result.problem,
                metric=value.low if value and value.known else None,
                unclipped=result.unclipped,
            )

    for criterion in framework.criteria:
        visit(criterion)
    return {(unit, row.code): scores[unit, row.code] for unit in units for row in framework.rows}


def given_figures(criterion: Criterion, unit: str, figures: FigureMap) -> Given:
    """One unit's figures for one row, as the referee takes them."""
    numbers: dict[str, Span] = {}
    choices: dict[str, tuple[str, ...]] = {}
    for name in (*criterion.variables, RATIO):
        figure = figures.get((unit, criterion.code, name))
        if figure is None:
            continue
        if figure.value is None:
            if figure.between:
                numbers[name] = Span(*figure.between)
            elif figure.among:
                choices[name] = figure.among
        elif isinstance(figure.value, str):
            choices[name] = (figure.value,)
        else:
            value = Fraction(figure.value)
            numbers[name] = Span(value, value)
    return Given(numbers, choices)


def _group_peers(rule: RelativeToBest | MinMax, given: Iterable[Given]) -> Peers | None:
    """Best and worst of the round's own group; None until every unit's value is known."""
    values = [metric(rule, each) for each in given]
    if not values or any(value is None or not value.known for value in values):
        return None
    lows = [value.low for value in values if value is not None]
    return Peers(best=max(lows), worst=min(lows))


def _status(criterion: Criterion, unit: str, figures: FigureMap, result: Share) -> Status:
    if result.known:
        return "computed"
    if Problem.EXTERNAL_PEERS in result.problem:
        return "external"
    if Problem.APPRAISED in result.problem:
        return "appraised"
    if Problem.UNTABLED in result.problem:
        return "untabled"
    mine = [
        figures[key]
        for name in (*criterion.variables, RATIO)
        if (key := (unit, criterion.code, name)) in figures
    ]
    if any(figure.known for figure in mine) and not result.problem:
        return "partial"
    if result.problem or any(figure.status == "to_ask" for figure in mine):
        return "question"
    if any(figure.status == "not_available" for figure in mine):
        return "not_available"
    return "missing"


def _sum(criterion: Criterion, unit: str, reading: Reading, children: list[Score]) -> Score:
    statuses = {child.status for child in children}
    status: Status = statuses.pop() if len(statuses) == 1 else "partial"
    return Score(
        unit=unit,
        criterion=criterion.code,
        reading=reading,
        max_points=criterion.max_points,
        low=sum((child.low for child in children), ZERO),
        high=sum((child.high for child in children), ZERO),
        status=status,
    )


def totals(
    framework: Framework,
    unit: str,
    scores: Mapping[tuple[str, str], Score],
    policies: Policies,
) -> tuple[dict[str, Total], Total]:
    """A unit's points by pillar code, and its total over the pillars."""
    cap = policies.pillar_overflow is not None and policies.pillar_overflow.value == "cap_pillar"
    by_pillar = {
        pillar.code: _pillar_total(pillar, unit, scores, cap) for pillar in framework.pillars
    }
    whole = list(by_pillar.values())
    return by_pillar, Total(
        computed=sum((total.computed for total in whole), ZERO),
        low=sum((total.low for total in whole), ZERO),
        high=sum((total.high for total in whole), ZERO),
        max_points=sum((total.max_points for total in whole), ZERO),
    )


def _pillar_total(
    pillar: Pillar, unit: str, scores: Mapping[tuple[str, str], Score], cap: bool
) -> Total:
    mine = [scores[unit, criterion.code] for criterion in pillar.criteria]
    computed = sum((_computed(c, unit, scores) for c in pillar.criteria), ZERO)
    low = sum((one.low for one in mine), ZERO)
    high = sum((one.high for one in mine), ZERO)
    maximum = pillar.max_points
    if maximum is None:
        maximum = sum((c.max_points or ZERO for c in pillar.criteria), ZERO)
    if cap:
        computed, low, high = (min(points, maximum) for points in (computed, low, high))
    if pillar.outside_maximum:
        maximum = ZERO
    return Total(computed, low, high, maximum)


def _computed(criterion: Criterion, unit: str, scores: Mapping[tuple[str, str], Score]) -> Fraction:
    """Decided points: of a row whose children are only partly decided, those of the children."""
    points = scores[unit, criterion.code].points
    if points is not None:
        return points
    return sum((_computed(child, unit, scores) for child in criterion.children), ZERO)


def columns(framework: Framework, units: Sequence[str], figures: FigureMap) -> Figures:
    """The same figures laid out as columns for the engine."""
    numbers: dict[tuple[str, str], Column] = {}
    choices: dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
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
        key: Column(column.low, column.low) if column.known.all() else column
        for key, column in numbers.items()
    }
    return Figures(tuple(units), settled, choices, {})


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
    laid_out = columns(framework, units, figures)
    wrong: list[tuple[str, str]] = []
    for code, column in engine.points(framework, reading, laid_out, Scoring.of(policies)).items():

        def decide(index: int, code: str = code) -> Fraction:
            return scores[units[index], code].low

        shown = engine.published(column, digits, decide)
        for unit, value in zip(units, shown, strict=True):
            points = scores[unit, code].points
            expected = float("nan") if points is None else float(round_half_up(points, digits))
            if value != expected and not (value != value and expected != expected):
                wrong.append((unit, code))
    return wrong
