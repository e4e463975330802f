"""A rule as a spreadsheet formula: the points that the typed figures give, while they are typed.

2554/QĐ-UBND (IV.2) wants units able to assess themselves. The formula is a help only: what counts
is computed exactly from the figures (`dti_core.scoring`). It shows nothing where a figure is
blank, where the decree leaves the case open, or where other units decide.
"""

import re
from collections.abc import Mapping
from fractions import Fraction

from dti_core.framework.expression import Expression
from dti_core.framework.model import Criterion
from dti_core.framework.rules import (
    BestOf,
    Deductions,
    Factor,
    Flag,
    Gate,
    Interval,
    Options,
    Parts,
    Percent,
    PerItem,
    Ratio,
    Rule,
    Steps,
)
from dti_core.intake.cells import YES
from dti_core.program.policies import Scoring
from dti_core.scoring.exact import OverlapError, step_share

NOTHING = '""'
_LONGEST = 8000
"""Excel takes 8192 characters in a formula."""


class _Inexpressible(Exception):
    """The rule, or a case of it, is decided elsewhere than in this workbook."""


def points_formula(
    row: Criterion, rule: Rule, cells: Mapping[str, str], policies: Scoring, digits: int
) -> str | None:
    """The formula of a row's points, or None where the workbook cannot know them.

    cells  variable → the address of its cell ("$F$12")
    """
    if row.max_points is None:
        return None
    try:
        share = _Formula(row, cells, policies, row.max_points).share(rule)
    except _Inexpressible:
        return None
    points = f"ROUND(({share})*{_number(row.max_points)},{digits})"
    formula = f'=IFERROR(IF(({share})="","",{points}),"")'
    return formula if len(formula) <= _LONGEST else None


class _Formula:
    """Every method gives an expression that is a share from 0 to 1, or "" while it is open."""

    def __init__(
        self, row: Criterion, cells: Mapping[str, str], policies: Scoring, maximum: Fraction
    ) -> None:
        self.row, self.cells, self.policies, self.maximum = row, cells, policies, maximum

    def share(self, rule: Rule) -> str:
        match rule:
            case Flag():
                cell = self._cell(rule.of)
                return f'IF({cell}="","",IF({cell}="{YES}",1,0))'
            case Options():
                return self._options(rule)
            case Percent():
                return self._known([rule.of], _cut(self._cell(rule.of)))
            case Ratio():
                return self._metric(rule.of, _ratio(rule, self._value(rule.of)))
            case PerItem():
                if self.maximum == 0:
                    return "0"
                each = _number(rule.each / abs(self.maximum))
                return self._metric(rule.of, _cut(f"{self._value(rule.of)}*{each}"))
            case Steps():
                return self._metric(rule.of, self._steps(rule))
            case Parts():
                parts = [(part.weight, self.share(part.rule)) for part in rule.parts]
                added = "+".join(f"{_number(weight)}*({share})" for weight, share in parts)
                return _unless_open([share for _, share in parts], added)
            case Gate():
                flag = self._cell(rule.flag)
                return f'IF({flag}="","",IF({flag}="{YES}",{self.share(rule.then)},0))'
            case BestOf():
                ways = [self.share(way) for way in rule.alternatives]
                # one way that gives everything decides, whatever the others turn out to give
                whole = ",".join(f"({way})=1" for way in ways)
                decided = _unless_open(ways, f"MAX({','.join(ways)})")
                return f"IF(OR({whole}),1,{decided})"
            case Deductions():
                return self._deductions(rule)
            case _:
                raise _Inexpressible

    def _cell(self, variable: str) -> str:
        if variable not in self.cells:
            raise _Inexpressible
        return self.cells[variable]

    def _value(self, expression: Expression) -> str:
        """The metric in cells; the four operations read the same in a formula."""
        text = "".join(
            self._cell(word) if word.isidentifier() else word for word in _words(expression.text)
        )
        return f"({text})"

    def _known(self, variables: list[str], then: str) -> str:
        blank = ",".join(f'{self._cell(name)}=""' for name in variables)
        return f'IF(OR({blank}),"",{then})'

    def _metric(self, expression: Expression, then: str) -> str:
        """`then` once every figure is there and no denominator is 0."""
        for divisor in expression.divisors():
            zero = {"full": "1", "zero": "0"}.get(self.policies.zero_denominator or "", NOTHING)
            then = f"IF({self._value(divisor)}=0,{zero},{then})"
        return self._known(list(expression.variables), then)

    def _options(self, rule: Options) -> str:
        cell = self._cell(rule.of)
        shown = NOTHING
        for key, words in self.row.variables[rule.of].choices.items():
            share = _number(rule.shares[key]) if key in rule.shares else NOTHING
            if len(words) > _LONGEST_WORDS:  # Excel takes 255 characters in a text of a formula
                same = f'LEFT({cell},{_LONGEST_WORDS})="{_quoted(words[:_LONGEST_WORDS])}"'
            else:
                same = f'{cell}="{_quoted(words)}"'
            shown = f"IF({same},{share},{shown})"
        return shown

    def _steps(self, rule: Steps) -> str:
        table = rule.table
        try:
            for value in rule.trial_values:
                step_share(table, value, self.policies)
        except OverlapError as error:
            raise _Inexpressible from error
        if self.policies.overlap == "best":
            table = tuple(sorted(table, key=lambda step: -step.share))
        value, shown = self._value(rule.of), NOTHING
        for step in reversed(table):
            shown = f"IF({_inside(step, value)},{_number(step.share)},{shown})"
        return shown

    def _deductions(self, rule: Deductions) -> str:
        if self.maximum <= 0:
            return "0"
        off = "".join(f"-{self._value(e.of)}*{_number(e.each)}" for e in rule.events)
        left = f"MAX({_number(self.maximum)}{off},{_number(rule.floor)})/{_number(self.maximum)}"
        for event in rule.events:
            left = self._metric(event.of, left)
        return left


_LONGEST_WORDS = 200


def _ratio(rule: Ratio, value: str) -> str:
    if rule.full_at is None:
        scaled = f"{value}/{_number(rule.scale_at)}" if rule.scale_at else value
        return _cut(scaled)
    match rule.below:
        case "proportional":
            under = value
        case "scaled":
            under = f"{value}/{_number(rule.full_at)}"
        case Factor(divide_by=divide_by, times=times):
            under = f"{value}/{_number(divide_by)}*{_number(times)}"
        case _:
            under = "0"
    return f"IF({value}>={_number(rule.full_at)},1,{_cut(under)})"


def _inside(step: Interval, value: str) -> str:
    ends = (
        (">=", step.at_least),
        (">", step.above),
        ("<=", step.at_most),
        ("<", step.below),
    )
    tests = [f"{value}{sign}{_number(end)}" for sign, end in ends if end is not None]
    return f"AND({','.join(tests)})" if tests else "TRUE"


def _unless_open(shares: list[str], then: str) -> str:
    tests = ",".join(f'({share})=""' for share in shares)
    return f'IF(OR({tests}),"",{then})'


def _cut(value: str) -> str:
    return f"MIN(1,MAX(0,{value}))"


def _number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"({value.numerator}/{value.denominator})"


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _words(text: str) -> list[str]:
    """An expression cut into names, numbers and signs."""
    return re.findall(r"[a-z_][a-z0-9_]*|[0-9]+|[-+*/()]", text)
