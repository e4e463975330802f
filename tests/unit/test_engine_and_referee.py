"""The column engine and the exact referee say the same, for any rule, figures and policies.

Values are drawn around what decides: thresholds hit exactly, a hair beside them, steps' bounds,
zeros, unknowns, points that end on a rounding half.
"""

from fractions import Fraction
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from dti_core.figures import Figure
from dti_core.framework.model import Criterion, Decree, Framework
from dti_core.framework.rules import stated_ratio, variables_used
from dti_core.program.policies import Policies, Scoring
from dti_core.rational import round_half_up
from dti_core.scoring import engine
from dti_core.scoring.exact import Given, Span, share
from dti_core.scoring.score import columns, disagreements, score

CITE = {"decree": "1/QĐ", "row": "1"}
LETTERS = ("a", "b", "c", "d")
THRESHOLDS = [Fraction(n, 100) for n in (1, 3, 5, 20, 50, 70, 80, 100)]


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


def exact_text() -> st.SearchStrategy[str]:
    return st.sampled_from(["1/4", "1/3", "1/2", "30%", "70%", "1"])


METRICS = ["a", "a", "a", "a / b", "(a + b) / (c + d)", "a / 7", "a + b", "(a + b) / c"]


METRIC = st.sampled_from(METRICS)
THRESHOLD = st.sampled_from(["0.25%", "1%", "20%", "50%", "80%", "100%"])
BELOW = st.one_of(
    st.sampled_from(["proportional", "scaled", "zero"]),
    st.builds(lambda d: {"divide_by": d}, THRESHOLD),
    st.builds(lambda t: {"times": t}, st.sampled_from([2, 100])),
)
BOUND = st.sampled_from(["1/2", "3%", "7%", "10%", "5", "10", "20"])
LOW = st.one_of(st.just({}), BOUND.map(lambda b: {"from": b}), BOUND.map(lambda b: {"above": b}))
HIGH = st.one_of(st.just({}), BOUND.map(lambda b: {"to": b}), BOUND.map(lambda b: {"below": b}))
STEP = st.builds(
    lambda low, high, share: {**low, **high, "share": share},
    LOW,
    HIGH,
    st.sampled_from(["0", "1/4", "1/2", "1"]),
)

SIMPLE: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "flag": st.just({"type": "flag", "of": "yes"}),
    "options": st.just(
        {"type": "options", "of": "state", "shares": {"x": "1", "y": "1/2", "z": "0"}}
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
        st.sampled_from(["0", "1"]),
    ),
    "appraised": st.just({"type": "appraised"}),
    "untabled": st.just({"type": "untabled"}),
}
ANY = st.one_of(*SIMPLE.values())
RULES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    **SIMPLE,
    "group": st.builds(
        lambda m, t: {"type": t, "of": m, "peers": "group"},
        METRIC,
        st.sampled_from(["min_max", "relative_to_best"]),
    ),
    "external": METRIC.map(lambda m: {"type": "min_max", "of": m, "peers": "external"}),
    "parts": st.lists(ANY, min_size=1, max_size=3).map(
        lambda inner: {
            "type": "parts",
            "parts": [{"weight": f"1/{len(inner)}", "rule": rule} for rule in inner],
        }
    ),
    "gate": ANY.map(lambda rule: {"type": "gate", "flag": "open", "then": rule}),
    "best_of": st.lists(ANY, min_size=2, max_size=3).map(
        lambda inner: {"type": "best_of", "alternatives": inner}
    ),
}


VARIABLES = {
    **{letter: {"label": letter, "kind": "mean"} for letter in LETTERS},
    "p": {"label": "p", "kind": "percent"},
    "yes": {"label": "yes", "kind": "flag"},
    "open": {"label": "open", "kind": "flag"},
    "state": {"label": "s", "kind": "choice", "choices": {"x": "X", "y": "Y", "z": "Z", "w": "W"}},
}


def framework_of(rule: dict[str, Any], maximum: str) -> Framework:
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
            "pillars": [
                {
                    "code": "1",
                    "name": "x",
                    "max_points": maximum,
                    "citation": CITE,
                    "criteria": [
                        {
                            "code": "1.1",
                            "name": "x",
                            "max_points": maximum,
                            "rule": rule,
                            "variables": VARIABLES,
                            "citation": CITE,
                        },
                    ],
                }
            ],
        }
    )


@st.composite
def figures(
    draw: st.DrawFn, units: list[str], criterion: Criterion
) -> dict[tuple[str, str, str], Figure]:
    """Figures of the variables that the rule uses: mostly known, so that points are decided."""
    found: dict[tuple[str, str, str], Figure] = {}

    def put(unit: str, name: str, value: Any, **more: Any) -> None:
        status = "given" if value is not None else "to_ask"
        found[unit, "1.1", name] = Figure(unit, "1.1", name, status, value, **more)

    for unit in units:
        for name in variables_used(criterion.rule):
            if name in LETTERS:
                kind = draw(st.sampled_from(["known"] * 6 + ["unknown", "between"]))
                if kind == "known":
                    put(unit, name, draw(numbers()))
                elif kind == "between":
                    low, high = sorted([draw(numbers()), draw(numbers())])
                    put(unit, name, None, between=(low, high))
            elif name == "p":
                if draw(st.booleans()):
                    put(unit, "p", draw(st.sampled_from(THRESHOLDS)))
            elif name == "state":
                choice = draw(st.sampled_from(["x", "y", "z", "w", "xy", "yw", ""]))
                if len(choice) == 1:
                    put(unit, "state", choice)
                elif choice:
                    put(unit, "state", None, among=tuple(choice))
            elif (flag := draw(st.sampled_from([True, True, False, None]))) is not None:
                put(unit, name, flag)
        if stated_ratio(criterion.rule) and draw(st.integers(0, 3)) == 0:
            put(unit, "ratio", draw(st.sampled_from([Fraction(1, 3), *THRESHOLDS])))
    return found


def policies() -> st.SearchStrategy[Policies]:
    def made(overlap: str | None, zero: str | None, formula: str | None) -> Policies:
        values = {"overlap": overlap, "zero_denominator": zero, "min_max": formula}
        return Policies.model_validate(
            {
                name: {"value": value, "basis": "x", "decided_on": "2024-01-01"}
                for name, value in values.items()
                if value
            }
        )

    return st.builds(
        made,
        st.sampled_from([None, "first_listed", "best"]),
        st.sampled_from([None, "full", "zero", "ask"]),
        st.sampled_from([None, "over_best", "range"]),
    )


UNITS = [["u1"], ["u1", "u2", "u3"]]
MAXIMA = st.sampled_from(["10", "15", "40", "1", "7.5", "0"])


@pytest.mark.parametrize("kind", RULES)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_engine_equals_referee(kind: str, data: st.DataObject) -> None:
    units = data.draw(st.sampled_from(UNITS))
    framework = framework_of(data.draw(RULES[kind]), data.draw(MAXIMA))
    known = data.draw(figures(units, framework.criteria[0]))
    chosen = data.draw(policies())
    scores = score(framework, units, known, chosen, "as_written")
    assert disagreements(framework, units, known, chosen, scores, "as_written") == []
    column = engine.points(
        framework, "as_written", columns(framework, units, known), Scoring.of(chosen)
    )["1.1"]
    for index, unit in enumerate(units):
        exact = scores[unit, "1.1"]
        decided = exact.points is not None
        assert bool(column.known[index]) == decided, (exact, column)
        for mine, theirs in ((column.low[index], exact.low), (column.high[index], exact.high)):
            # at a threshold the float may stand on the other side: then it must say so
            near = abs(mine - float(theirs)) <= 1e-9 * max(1.0, float(theirs))
            assert near or column.close[index], (exact, mine)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_bounds_hold_whatever_the_unknown_figures_turn_out_to_be(data: st.DataObject) -> None:
    maximum = Fraction(10)
    rule = data.draw(st.one_of(ANY, RULES["parts"], RULES["gate"], RULES["best_of"]))
    criterion: Criterion = framework_of(rule, "10").criteria[0]
    chosen = Scoring.of(data.draw(policies()))
    spans = {}
    for name in LETTERS:
        low, high = sorted([data.draw(numbers()), data.draw(numbers())])
        spans[name] = data.draw(
            st.sampled_from([Span(low, low), Span(low, high), Span(Fraction(0), None)])
        )
    before = share(criterion.rule, Given(spans, {}), maximum, chosen)
    settled = {}
    for name, span in spans.items():
        value = span.low if span.known else data.draw(numbers())
        settled[name] = value if span.high is None else min(max(value, span.low), span.high)
    numbers_known = {name: Span(value, value) for name, value in settled.items()}
    for name in ("yes", "open", "p"):
        value = data.draw(st.sampled_from([Fraction(0), Fraction(1)]))
        numbers_known[name] = Span(value, value)
    state = data.draw(st.sampled_from(["x", "y", "z"]))
    after = share(criterion.rule, Given(numbers_known, {"state": (state,)}), maximum, chosen)
    if not after.problem and not before.problem:
        zero = any(
            numbers_known[name].low == 0 and not spans.get(name, Span(Fraction(0), None)).known
            for name in LETTERS
        )
        # an unknown denominator is taken to be above 0: what a policy gives for 0 is another case
        assert zero or before.low <= after.low <= before.high, (before, after, settled)


@given(st.fractions(min_value=0, max_value=1000), st.integers(0, 4))
def test_rounding_is_half_up(value: Fraction, digits: int) -> None:
    rounded = Fraction(round_half_up(value, digits))
    assert abs(rounded - value) <= Fraction(1, 2 * 10**digits)
    if abs(rounded - value) == Fraction(1, 2 * 10**digits):
        assert rounded > value
