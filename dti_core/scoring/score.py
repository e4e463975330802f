"""Scores of units under a framework: exact points, their bounds, and why some are open.

`score` is the referee over whole units, `score_row` over one row of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from dti_core.figures import Figure
from dti_core.framework.model import RATIO, READINGS, Criterion, Framework, Reading
from dti_core.framework.rules import (
    MinMax,
    RelativeToBest,
    Rule,
    SumOfChildren,
    stated_ratio,
    sub_rules,
    variables_used,
)
from dti_core.program.policies import Policies, RoundingRule, Scoring
from dti_core.rational import round_half_up
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
    "followed",  # the text gives no maximum: followed up, not scored
    "exempt",  # the unit is exempted here: what it gets instead is decided after all others
]

Settled = Literal["least", "most"]

FigureMap = Mapping[tuple[str, str, str], Figure]


@dataclass(frozen=True)
class Score:
    """The computed points of one unit for one row under one reading.

    low, high   bounds in points, equal where decided
    points      the exact points; None while they are open
    unclipped   the share of the maximum before it was cut to 0 … 1
    settled     a policy decided what a figure earns that is not there: the least or the most
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
    settled: Settled | None = None

    @property
    def points(self) -> Fraction | None:
        return self.low if self.status == "computed" else None

    def published(self, rounding: RoundingRule | None) -> Decimal | None:
        """The points as they are published; None while they, or the rounding, are open."""
        if self.points is None or rounding is None:
            return None
        return round_half_up(self.points, rounding.digits)


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
    scores: dict[tuple[str, str], Score] = {}
    for criterion in framework.criteria:
        scores |= score_row(criterion, units, figures, policies, reading, peers)
    return {(unit, row.code): scores[unit, row.code] for unit in units for row in framework.rows}


def score_row(
    criterion: Criterion,
    units: Sequence[str],
    figures: FigureMap,
    policies: Policies,
    reading: Reading,
    peers: Mapping[str, Peers] | None = None,
) -> dict[tuple[str, str], Score]:
    """Score one row and its child rows. A row that compares needs every unit of the group."""
    scores: dict[tuple[str, str], Score] = {}
    for child in criterion.children:
        scores |= score_row(child, units, figures, policies, reading, peers)
    rule = criterion.rule_under(reading)
    if isinstance(rule, SumOfChildren):
        for unit in units:
            children = [scores[unit, child.code] for child in criterion.children]
            scores[unit, criterion.code] = _sum(criterion, unit, reading, children)
        return scores
    scoring = Scoring.of(policies)
    given = {unit: given_figures(criterion, unit, figures) for unit in units}
    settled = {unit: settle(criterion, rule, unit, figures, scoring) for unit in units}
    against = None
    if compared := _compared(rule):
        # a unit whose compared figure a policy replaces is nobody's peer; another figure may lack
        alike = [
            given[unit]
            for unit in units
            if settled[unit] is None
            or ((value := metric(compared, given[unit])) is not None and value.known)
        ]
        against = _group_peers(compared, alike, scoring)
    for unit in units:
        known = replace(given[unit], peers=against, others=(peers or {}).get(criterion.code))
        worth = criterion.max_points or ZERO
        result, decided = _settled(
            share(rule, known, criterion.max_points, scoring), settled[unit], worth
        )
        value = metric(rule, known)
        status = _status(criterion, unit, figures, result)
        if status == "exempt":
            result, decided = Share(ZERO, Fraction(1)), None
        ends = result.low * worth, result.high * worth
        scores[unit, criterion.code] = Score(
            unit=unit,
            criterion=criterion.code,
            reading=reading,
            max_points=criterion.max_points,
            low=min(ends),  # a penalty's maximum is below 0
            high=max(ends),
            status=status,
            problem=result.problem,
            metric=value.low if value and value.known else None,
            unclipped=result.unclipped,
            settled=decided,
        )
    return scores


def settle(
    criterion: Criterion, rule: Rule, unit: str, figures: FigureMap, policies: Scoring
) -> Settled | None:
    """What the policies say of figures that the unit's row lacks; None where nothing is lacking
    or where somebody has to be asked about any of it. An exempted row is nobody's peer either."""
    if exempted(criterion, unit, figures):
        return "most"
    decisions = {
        "missing": policies.missing,
        "not_available": policies.not_available,
        "not_applicable": policies.not_applicable,
    }
    if not any(decisions.values()):
        return None
    lacking = _lacking(criterion, rule, unit, figures)
    found = {decisions.get(status) for status in lacking}
    if not found or not found <= {"zero", "full"}:
        return None
    return "least" if "zero" in found else "most"


def exempted(criterion: Criterion, unit: str, figures: FigureMap) -> bool:
    """Whether the unit is exempted on the row."""
    return any(
        (figure := figures.get((unit, criterion.code, name))) is not None
        and figure.status == "exempt"
        for name in criterion.variables
    )


def _lacking(criterion: Criterion, rule: Rule, unit: str, figures: FigureMap) -> list[str]:
    """The statuses of the figures that the rule needs and that have no value."""
    names = variables_used(rule)
    stated = figures.get((unit, criterion.code, RATIO))
    quotient = stated_ratio(rule)
    if stated is not None and stated.known and quotient is not None:
        names = tuple(name for name in names if name not in quotient.variables)
    each = [figures.get((unit, criterion.code, name)) for name in names]
    asked = [] if stated is None or stated.known else [str(stated.status)]
    return asked + [
        "missing" if figure is None else figure.status
        for figure in each
        if figure is None or figure.value is None
    ]


def _settled(
    result: Share, policy: Settled | None, worth: Fraction
) -> tuple[Share, Settled | None]:
    """The share once the policy has spoken; it does not speak where the share is known anyway. Of a
    penalty both ends of the policy take nothing off."""
    if policy is None or result.problem or result.low == result.high:
        return result, None
    end = result.low if policy == "least" or worth < 0 else result.high
    return Share(end, end), policy


def compares_in_group(criterion: Criterion) -> bool:
    """Whether a row's points, or a child row's, depend on the other units of the round."""
    rules = [criterion.rule_under(reading) for reading in READINGS]
    return any(_compared(rule) is not None for rule in rules) or any(
        compares_in_group(child) for child in criterion.children
    )


def _compared(rule: Rule) -> RelativeToBest | MinMax | None:
    """The comparison with the group inside a rule; a framework has at most one metric there."""
    for sub in sub_rules(rule):
        if isinstance(sub, RelativeToBest | MinMax) and sub.peers == "group":
            return sub
    return None


def given_figures(criterion: Criterion, unit: str, figures: FigureMap) -> Given:
    """One unit's figures for one row, as the referee takes them."""
    numbers: dict[str, Span] = {}
    choices: dict[str, tuple[str, ...]] = {}
    for name in (*criterion.variables, RATIO):
        figure = figures.get((unit, criterion.code, name))
        if name in criterion.variables and criterion.variables[name].kind == "choice":
            choices[name] = tuple(criterion.variables[name].choices)  # any, until it is known
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
    counts = {name for name, variable in criterion.variables.items() if variable.kind == "count"}
    return Given(numbers, choices, counts=frozenset(counts))


def _group_peers(
    rule: RelativeToBest | MinMax, given: Iterable[Given], policies: Scoring
) -> Peers | None:
    """Best and worst of the round's own group; None until every unit's value is known.

    A unit whose denominator is 0 has no value to compare once a policy says what it earns.
    """
    values = [metric(rule, each) for each in given]
    if policies.zero_denominator in ("full", "zero"):
        values = [value for value in values if value is not None]
    if not values or any(value is None or not value.known for value in values):
        return None
    lows = [value.low for value in values if value is not None]
    return Peers(best=max(lows), worst=min(lows))


def _status(criterion: Criterion, unit: str, figures: FigureMap, result: Share) -> Status:
    if exempted(criterion, unit, figures):
        return "exempt"
    if result.known:
        return "followed" if criterion.max_points is None else "computed"
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
    """The child rows added. Those without a maximum of their own, nor below them, add nothing."""
    counting = [
        child for row, child in zip(criterion.children, children, strict=True) if _counts(row)
    ]
    statuses = {child.status for child in counting or children}
    status: Status = statuses.pop() if len(statuses) == 1 else "partial"
    return Score(
        unit=unit,
        criterion=criterion.code,
        reading=reading,
        max_points=criterion.max_points,
        low=sum((child.low for child in counting), ZERO),
        high=sum((child.high for child in counting), ZERO),
        status=status,
    )


def _counts(row: Criterion) -> bool:
    if isinstance(row.rule, SumOfChildren):
        return any(_counts(child) for child in row.children)
    return row.max_points is not None
