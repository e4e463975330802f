"""What hypothesis draws: rules of every type, figures around what decides, policies.

Values are drawn around what decides: thresholds hit exactly, a hair beside them, steps' bounds,
zeros, unknowns, points that end on a rounding half.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import hypothesis.strategies as st

from dti_core.figures import Figure
from dti_core.framework.model import READINGS, Criterion, Decree, Framework
from dti_core.framework.rules import stated_ratio, variables_used
from dti_core.program.policies import Policies

CITE = {"decree": "1/QĐ", "row": "1"}
LETTERS = ("a", "b", "c", "d")
THRESHOLDS = [Fraction(n, 100) for n in (1, 3, 5, 20, 50, 70, 80, 100)]

FigureMap = dict[tuple[str, str, str], Figure]
"""(unit, row code, variable) → figure"""


def numbers() -> st.SearchStrategy[Fraction]:
    whole = st.integers(0, 200).map(Fraction)
    money = st.integers(0, 82_237_000_000).map(Fraction)
    # parts that end on halves of the last published digit
    # … and just above them
    hair = st.builds(Fraction, st.integers(0, 40_000), st.sampled_from([400, 4000, 9973, 40_000]))
    fine = st.one_of(
        hair, st.builds(Fraction, st.integers(0, 4000), st.sampled_from([1, 2, 8, 40, 200, 2000]))
    )
    few = st.integers(0, 25).map(Fraction)
    part = st.builds(lambda n: Fraction(n, 9973), st.integers(0, 9973))
    return st.one_of(few, few, part, part, whole, money, fine, st.sampled_from(THRESHOLDS))


NUMBERS = numbers()
LETTER_KINDS = st.sampled_from(["known"] * 6 + ["absent", "unknown", "between"])
LACKING = st.sampled_from(["to_ask", "missing", "not_available", "not_applicable"])
STATES = st.sampled_from(["x", "y", "z", "w", "xy", "yw", ""])
FLAGS = st.sampled_from([True, True, False, None])

METRICS = ["a", "a", "a", "a / b", "(a + b) / (c + d)", "a / 7", "a + b", "(a + b) / c"]


METRIC = st.sampled_from(METRICS)
THRESHOLD = st.sampled_from(["0.25%", "1%", "20%", "50%", "80%", "100%"])
BELOW = st.one_of(
    st.sampled_from(["proportional", "scaled", "zero"]),
    st.builds(lambda d: {"divide_by": d}, THRESHOLD),
    st.builds(lambda t: {"times": t}, st.sampled_from([2, 100])),
)
BOUND = st.sampled_from(["1/2", "3%", "7%", "10%", "5", "10", "20"])
Ends = st.SearchStrategy[dict[str, str]]
LOW: Ends = st.one_of(
    st.just({}), BOUND.map(lambda b: {"from": b}), BOUND.map(lambda b: {"above": b})
)
HIGH: Ends = st.one_of(
    st.just({}), BOUND.map(lambda b: {"to": b}), BOUND.map(lambda b: {"below": b})
)
STEP = st.builds(
    lambda low, high, share: {**low, **high, "share": share},
    LOW,
    HIGH,
    st.sampled_from(["0", "1/4", "1/2", "1", "5/4"]),
)

SIMPLE: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "flag": st.just({"type": "flag", "of": "yes"}),
    "options": st.sampled_from(
        [
            {"type": "options", "of": "state", "shares": {"x": "1", "y": "1/2", "z": "0"}},
            {"type": "options", "of": "state", "shares": {"x": "1", "w": "1"}},
        ]
    ),
    "ratio": METRIC.map(lambda m: {"type": "ratio", "of": m}),
    "uncapped": st.builds(
        lambda m, s: {"type": "ratio", "of": m, "scale_at": s}, METRIC, THRESHOLD
    ),
    "threshold": st.builds(
        lambda m, f, b, both: {
            "type": "ratio",
            "of": m,
            "full_at": f,
            "below": b,
            "below_includes_full_at": both,
        },
        METRIC,
        THRESHOLD,
        BELOW,
        st.booleans(),
    ),
    "steps": st.builds(
        lambda m, t: {"type": "steps", "of": m, "table": t},
        METRIC,
        st.lists(STEP, min_size=1, max_size=4),
    ),
    "per_item": st.builds(
        lambda m, e: {"type": "per_item", "of": m, "each": e},
        METRIC,
        st.sampled_from(["1", "3.75", "5"]),
    ),
    "percent": st.just({"type": "percent", "of": "p"}),
    "deductions": st.builds(
        lambda m, e, f: {"type": "deductions", "events": [{"of": m, "each": e}], "floor": f},
        METRIC,
        st.sampled_from(["1/2", "2"]),
        st.sampled_from(["0", "1", "-2", "12"]),
    ),
    "appraised": st.just({"type": "appraised"}),
    "untabled": st.just({"type": "untabled"}),
}
ANY = st.one_of(*SIMPLE.values())


def _compared(metric: st.SearchStrategy[str], peers: str) -> st.SearchStrategy[dict[str, Any]]:
    kind = st.sampled_from(["min_max", "relative_to_best"])
    return st.builds(lambda m, t: {"type": t, "of": m, "peers": peers}, metric, kind)


EXTERNAL = _compared(METRIC, "external")


def nested(simple: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    """The rules that hold other rules: simple ones, and comparisons. A row compares one thing with
    its group."""
    found = [_nested(st.one_of(simple, _compared(st.just(m), "group"))) for m in ("a", "a / b")]
    return {kind: st.one_of(*(each[kind] for each in found)) for kind in found[0]}


def _nested(inside: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    return {
        "parts": st.builds(
            lambda inner, whole: {
                "type": "parts",
                "parts": [{"weight": f"{whole}/{len(inner)}", "rule": rule} for rule in inner],
            },
            st.lists(inside, min_size=1, max_size=3),
            st.sampled_from([1, 1, 1, 2]),
        ),
        "gate": inside.map(lambda rule: {"type": "gate", "flag": "open", "then": rule}),
        "best_of": st.lists(inside, min_size=2, max_size=3).map(
            lambda inner: {"type": "best_of", "alternatives": inner}
        ),
    }


RULES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    **SIMPLE,
    "group": _compared(METRIC, "group"),
    "external": EXTERNAL,
    **nested(st.one_of(ANY, EXTERNAL)),
}


VARIABLES = {
    **{letter: {"label": letter, "kind": "mean"} for letter in LETTERS},
    "p": {"label": "p", "kind": "percent"},
    "yes": {"label": "yes", "kind": "flag"},
    "open": {"label": "open", "kind": "flag"},
    "state": {"label": "s", "kind": "choice", "choices": {"x": "X", "y": "Y", "z": "Z", "w": "W"}},
}


def framework_with(pillars: Sequence[dict[str, Any]]) -> Framework:
    """A framework of pillars as YAML would give them; `cited` fills in what is always the same."""
    decree = Decree(
        id="d", number="1/QĐ", issued="2024-01-01", issuer="x", title="x", source="x", agencies={}
    )
    return Framework.model_validate(
        {
            "id": "d/so",
            "decree": decree,
            "level": "so",
            "title": "x",
            "citation": CITE,
            "total_stated": None,
            "sha256": "x",
            "pillars": list(pillars),
        }
    )


def pillar_of(
    code: str, maximum: str | None, criteria: Sequence[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    return {
        "code": code,
        "name": "x",
        "max_points": maximum,
        "citation": CITE,
        "criteria": list(criteria),
        **more,
    }


def criterion_of(
    code: str, maximum: str | None, rule: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """A row that may use every variable that the rules here name."""
    return {
        "code": code,
        "name": "x",
        "max_points": maximum,
        "rule": rule,
        "variables": VARIABLES,
        "citation": CITE,
        **more,
    }


def framework_of(rule: dict[str, Any], maximum: str) -> Framework:
    """A framework of one row."""
    penalty = maximum.startswith("-")
    row = criterion_of("1.1", maximum, rule)
    return framework_with([pillar_of("1", maximum, [row], outside_maximum=penalty)])


@st.composite
def figures(
    draw: st.DrawFn, units: Sequence[str], criterion: Criterion, *, lacking: bool = True
) -> FigureMap:
    """Figures of the variables that the rule uses under either reading: mostly known, so that
    points are decided; without `lacking` all of them are."""
    found: FigureMap = {}

    def put(unit: str, name: str, value: Any, **more: Any) -> None:
        status = "given" if value is not None else draw(LACKING)
        key = unit, criterion.code, name
        found[key] = Figure(*key, status, value, **more)

    rules = [criterion.rule_under(reading) for reading in READINGS]
    names = list(dict.fromkeys(name for rule in rules for name in variables_used(rule)))
    for unit in units:
        for name in names:
            if name in LETTERS:
                kind = draw(LETTER_KINDS) if lacking else "known"
                if kind == "known":
                    put(unit, name, draw(NUMBERS))
                elif kind == "unknown":
                    put(unit, name, None)
                elif kind == "between":
                    low, high = sorted([draw(NUMBERS), draw(NUMBERS)])
                    put(unit, name, None, between=(low, high))
            elif name == "p":
                if not lacking or draw(st.booleans()):
                    put(unit, "p", draw(st.sampled_from(THRESHOLDS)))
            elif name == "state":
                choice = draw(STATES if lacking else st.sampled_from("xyz"))
                if len(choice) == 1:
                    put(unit, "state", choice)
                elif choice:
                    put(unit, "state", None, among=tuple(choice))
            elif (flag := draw(FLAGS if lacking else st.booleans())) is not None:
                put(unit, name, flag)
        if lacking and any(map(stated_ratio, rules)) and draw(st.integers(0, 3)) == 0:
            put(unit, "ratio", draw(st.sampled_from([Fraction(1, 3), *THRESHOLDS])))
    return found


def decided(values: dict[str, Any]) -> Policies:
    """Policies by bare values; None leaves one unset."""
    return Policies.model_validate(
        {
            name: {"value": value, "basis": "x", "decided_on": "2024-01-01"}
            for name, value in values.items()
            if value is not None
        }
    )


SCORING_POLICIES: dict[str, list[str | None]] = {
    "overlap": [None, "first_listed", "best"],
    "zero_denominator": [None, "full", "zero", "ask"],
    "min_max": [None, "over_best", "range"],
    "missing_figure": [None, "ask", "zero"],
    "not_available_figure": [None, "ask", "zero"],
    "not_applicable_figure": [None, "ask", "zero", "full"],
}


def policies() -> st.SearchStrategy[Policies]:
    """The policies that decide what a row's figures earn."""
    drawn = {name: st.sampled_from(values) for name, values in SCORING_POLICIES.items()}
    return st.fixed_dictionaries(drawn).map(decided)
