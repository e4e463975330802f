"""Whole rounds that hypothesis draws: pillars, rows with and without children, units, policies."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import hypothesis.strategies as st

from dti_core.figures import Figure
from dti_core.framework.model import READINGS, Criterion, Framework
from dti_core.framework.rules import Ratio, Steps, metrics, sub_rules
from dti_core.program.policies import Policies, Policy
from tests.unit.strategies import (
    RULES,
    SCORING_POLICIES,
    SIMPLE,
    FigureMap,
    criterion_of,
    decided,
    figures,
    framework_with,
    nested,
    pillar_of,
)


@dataclass(frozen=True)
class Round:
    """What a round needs to be scored and ranked: one group of units under one framework."""

    framework: Framework
    units: tuple[str, ...]
    figures: FigureMap
    policies: Policies

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Short: a failing example is read by people."""
        told = [f"units {', '.join(self.units)}"]
        for name, value in self.policies:
            if isinstance(value, Policy):
                told.append(f"policy {name}: {value.value}")
        for code, override in self.policies.reading_overrides.items():
            told.append(f"policy reading of {code}: {override.value}")
        for pillar in self.framework.pillars:
            outside = " outside the maximum" if pillar.outside_maximum else ""
            told.append(f"pillar {pillar.code}, {pillar.max_points} points{outside}")
            for row in pillar.rows:
                told.append(f"  row {row.code}, {row.max_points} points: {_told(row.rule)}")
                if row.erratum and row.erratum.corrected:
                    told.append(f"    corrected: {_told(row.erratum.corrected)}")
                for (unit, code, name), figure in self.figures.items():
                    if code == row.code:
                        value = figure.between or figure.among or figure.value
                        told.append(f"    {unit} {name}: {value} ({figure.status})")
        printer.text("\n".join(told))


def _told(rule: Any) -> str:
    return str(rule.model_dump(exclude_defaults=True, by_alias=True, mode="json"))


CATCH_ALL = {"share": "0"}
CHOSEN = {"type": "options", "of": "state", "shares": {"x": "1", "y": "1/2", "z": "0"}}
SURE = {
    **{kind: rule for kind, rule in SIMPLE.items() if kind not in ("appraised", "untabled")},
    "options": st.just(CHOSEN),
    "steps": SIMPLE["steps"].map(lambda rule: {**rule, "table": [*rule["table"], CATCH_ALL]}),
}
DECIDABLE = st.one_of(*SURE.values(), *nested(st.one_of(*SURE.values())).values(), RULES["group"])
"""Rules that give points as soon as figures and policies are there."""
ANY_RULE = st.one_of(*RULES.values())


def _without_deductions(rule: dict[str, Any]) -> bool:
    return "deductions" not in str(rule)


FITTING = {
    # (decisive, whether full marks less points have full marks to start from)
    (True, True): DECIDABLE,
    (True, False): DECIDABLE.filter(_without_deductions),
    (False, True): ANY_RULE,
    (False, False): ANY_RULE.filter(_without_deductions),
}
SHAPES = st.sampled_from(["alone", "alone", "alone", "splits", "adds_up"])
MAXIMA = st.sampled_from(["10", "10", "15", "40", "1", "7.5", "0", None])
PENALTIES = st.sampled_from(["-10", "-7.5", "-1"])
FEW = st.sampled_from([1, 1, 2, 3])
UP_TO_FOUR = st.sampled_from([1, 2, 2, 3, 4])


@st.composite
def _row(draw: st.DrawFn, decisive: bool, penalty: bool, depth: int) -> dict[str, Any]:
    """A row of code 0: alone, with child rows that it adds up, or with some that only split its
    figures."""
    shape = draw(SHAPES)
    if shape == "adds_up" and depth < 2:
        inside = ROWS[decisive, penalty, depth + 1]
        children = [renumbered(draw(inside), f"0.{index}") for index in range(1, draw(FEW) + 1)]
        added = str(sum(Fraction(child["max_points"] or 0) for child in children))
        maximum = draw(st.sampled_from([added, added, None]))
        return criterion_of("0", maximum, {"type": "sum_of_children"}, children=children)
    most = draw(PENALTIES if penalty else MAXIMA)
    rules = FITTING[decisive, not penalty and most is not None]
    more: dict[str, Any] = {}
    if draw(FEW) == 3:
        more["erratum"] = {"kind": "substantive", "note": "x", "corrected": draw(rules)}
    if shape == "splits":
        split = None if penalty else draw(st.sampled_from(["5", None]))
        more["children"] = [
            criterion_of(f"0.{index}", split, {"type": "untabled"}) for index in (1, 2)
        ]
    return criterion_of("0", most, draw(rules), **more)


ROWS = {
    (decisive, penalty, depth): _row(decisive, penalty, depth)
    for decisive in (True, False)
    for penalty in (True, False)
    for depth in (0, 1, 2)
}


def renumbered(row: dict[str, Any], code: str) -> dict[str, Any]:
    """The row and its child rows under another code."""
    old = row["code"]
    children = [
        renumbered(child, code + child["code"][len(old) :]) for child in row.get("children", ())
    ]
    return {**row, "code": code, **({"children": children} if children else {})}


PILLAR_KINDS = st.sampled_from(["plain", "plain", "plain", "bonus", "penalty"])


@st.composite
def frameworks(draw: st.DrawFn, *, decisive: bool = False) -> Framework:
    """One to four pillars; bonus and penalty pillars stand outside the maximum; stated maxima are
    those of the criteria, or less, or more, or none."""
    pillars = []
    for code in "1234"[: draw(UP_TO_FOUR)]:
        kind = draw(PILLAR_KINDS)
        inside = ROWS[decisive, kind == "penalty", 0]
        criteria = [
            renumbered(draw(inside), f"{code}.{index}") for index in range(1, draw(FEW) + 1)
        ]
        added = sum(Fraction(row["max_points"] or 0) for row in criteria)
        less = [] if kind == "penalty" else [added / 2, added * 3 / 4]
        stated = [added, added * 2, None, *less]
        maximum = draw(st.sampled_from(stated))
        pillars.append(
            pillar_of(
                code,
                None if maximum is None else str(maximum),
                criteria,
                outside_maximum=kind != "plain",
            )
        )
    return framework_with(pillars)


HAIR = st.sampled_from([Fraction(0)] * 4 + [Fraction(1, 10**12), Fraction(-1, 10**12)])


@st.composite
def edges(draw: st.DrawFn, row: Criterion, unit: str, digits: int) -> FigureMap:
    """Figures that bring the row exactly to a threshold, to a step's bound or to points that end
    on a rounding half; or a hair beside it. Nothing where the row compares no number."""
    rule = draw(st.sampled_from([row.rule_under(reading) for reading in READINGS]))
    bounds = {Fraction(1)}
    half = (draw(st.integers(0, 40)) * 2 + 1) * Fraction(1, 2 * 10**digits)
    worth = half / abs(row.max_points) if row.max_points else half
    if worth <= 1:
        bounds.add(worth)
    for sub in sub_rules(rule):
        match sub:
            case Ratio(full_at=Fraction() as full_at):
                bounds |= {full_at, full_at * worth}
            case Ratio(scale_at=Fraction() as scale_at):
                bounds |= {scale_at, scale_at * worth}
            case Steps():
                bounds |= {bound for step in sub.table for bound in step.bounds}
            case _:
                pass
    used = metrics(rule)
    if not used:
        return {}
    value = max(Fraction(0), draw(st.sampled_from(sorted(bounds))) + draw(HAIR))
    whole = draw(st.sampled_from([1, 3, 7, 100, 9973])) * Fraction(1)
    values = {
        "a": {"a": value},
        "a / b": {"a": value * whole, "b": whole},
        "(a + b) / (c + d)": {
            "a": value * whole / 3,
            "b": value * whole * 2 / 3,
            "c": whole / 7,
            "d": whole * 6 / 7,
        },
        "a / 7": {"a": value * 7},
        "a + b": {"a": value / 3, "b": value * 2 / 3},
        "(a + b) / c": {"a": value * whole / 3, "b": value * whole * 2 / 3, "c": whole},
    }[str(draw(st.sampled_from(used)))]
    return {
        (unit, row.code, name): Figure(unit, row.code, name, "given", each)
        for name, each in values.items()
    }


ROUND_POLICIES: dict[str, list[Any]] = {
    **SCORING_POLICIES,
    "reading": ["as_written", "corrected"],
    "pillar_overflow": [None, "count_all", "cap_pillar", "cap_pillar"],
    "rounding": [
        None,
        *(
            {"digits": digits, "total": total}
            for digits in (0, 1, 2, 3)
            for total in ("sum_of_exact", "sum_of_published")
        ),
    ],
    "ties": ["same_rank", "dense"],
    "rank_on": ["exact", "published"],
}


def _each(values: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: st.sampled_from(each) for name, each in values.items()})


ANY_POLICIES = _each(ROUND_POLICIES)
DECISIVE = _each(
    {
        **ROUND_POLICIES,
        "overlap": ["first_listed", "best"],
        "zero_denominator": ["full", "zero"],
        "min_max": ["over_best", "range"],
        "rounding": ROUND_POLICIES["rounding"][1:],
    }
)
"""Policies that leave no question open where every figure is known."""

FRAMEWORKS = {decisive: frameworks(decisive=decisive) for decisive in (True, False)}
UNITS = ("u1", "u2", "u3", "u4")


@st.composite
def rounds(draw: st.DrawFn, *, lacking: bool = True, decisive: bool = False) -> Round:
    """A whole round of one to four units.

    lacking   some figures are not there, or not known
    decisive  rules and policies that leave nothing open once the figures are known
    """
    framework = draw(FRAMEWORKS[decisive])
    units = UNITS[: draw(UP_TO_FOUR)]
    found = draw(DECISIVE if decisive else ANY_POLICIES)
    codes = [row.code for row in framework.rows]
    other = draw(st.sampled_from([None, *codes]))
    policies = decided(found)
    if other is not None:
        override = decided({"reading": draw(st.sampled_from(READINGS))}).reading
        policies = policies.model_copy(update={"reading_overrides": {other: override}})
    digits = policies.rounding.value.digits if policies.rounding else 2
    # all units alike, the last a twin of the first, or each its own
    alike = draw(st.sampled_from(["each", "each", "twin", "all"]))
    apart = units[:1] if alike == "all" else units[:-1] if alike == "twin" else units
    apart = apart or units
    known: FigureMap = {}
    for row in framework.rows:
        known |= draw(figures(apart, row, lacking=lacking))
        if draw(st.booleans()):
            known |= draw(edges(row, draw(st.sampled_from(apart)), digits))
    for unit in units:
        if unit not in apart:
            for (source, code, name), figure in list(known.items()):
                if source == units[0]:
                    key = unit, code, name
                    known[key] = Figure(
                        *key, figure.status, figure.value, figure.between, figure.among
                    )
    return Round(framework, units, known, policies)
