"""The column engine and the exact referee say the same, for any rule, figures and policies.

Values are drawn around what decides: thresholds hit exactly, a hair beside them, steps' bounds,
zeros, unknowns, points that end on a rounding half.
"""

from fractions import Fraction

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from dti_core.framework.model import Criterion
from dti_core.program.policies import Scoring
from dti_core.rational import round_half_up
from dti_core.scoring import engine
from dti_core.scoring.compare import columns, disagreements
from dti_core.scoring.exact import Given, Span, share
from dti_core.scoring.score import score
from tests.unit.strategies import ANY, LETTERS, RULES, figures, framework_of, numbers, policies

UNITS = [["u1"], ["u1", "u2", "u3"]]
MAXIMA = ["10", "15", "40", "1", "7.5", "0"]


@pytest.mark.parametrize("kind", RULES)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_engine_equals_referee(kind: str, data: st.DataObject) -> None:
    units = data.draw(st.sampled_from(UNITS))
    rule = data.draw(RULES[kind])
    # a penalty has a maximum below 0, which full marks less points cannot have
    penalties = [] if "deductions" in str(rule) else ["-10", "-7.5"]
    framework = framework_of(rule, data.draw(st.sampled_from(MAXIMA + penalties)))
    known = data.draw(figures(units, framework.criteria[0]))
    chosen = data.draw(policies())
    scores = score(framework, units, known, chosen, "as_written")
    assert disagreements(framework, units, known, chosen, scores, "as_written") == []
    scoring = Scoring.of(chosen)
    laid_out = columns(framework, units, known, scoring)
    column = engine.points(framework, "as_written", laid_out, scoring)["1.1"]
    for index, unit in enumerate(units):
        exact = scores[unit, "1.1"]
        decided = exact.points is not None
        close = column.close is not None and column.close[index]
        # a threshold that is just reached by what is not known yet: the referee tells
        assert bool(column.known[index]) == decided or close, (exact, column)
        for mine, theirs in ((column.low[index], exact.low), (column.high[index], exact.high)):
            # at a threshold the float may stand on the other side: then it must say so
            near = abs(mine - float(theirs)) <= 1e-9 * max(1.0, abs(float(theirs)))
            assert near or close, (exact, mine)


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
