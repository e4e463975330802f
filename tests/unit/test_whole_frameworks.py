"""Scoring, totals and ranks over whole random rounds, against what the clauses say in plain words
(`tests.unit.plain_words`), and by hand where a policy decides.
"""

from dataclasses import replace
from fractions import Fraction
from math import isnan
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from dti_core.figures import Figure
from dti_core.framework.model import READINGS, Criterion, Reading
from dti_core.framework.rules import metrics, stated_ratio, sub_rules, variables_used
from dti_core.program.policies import Scoring
from dti_core.scoring import engine
from dti_core.scoring.compare import columns, disagreements
from dti_core.scoring.exact import Peers
from dti_core.scoring.problems import Problem
from dti_core.scoring.rank import Ties, rank
from dti_core.scoring.score import Score, score
from dti_core.scoring.standings import Group, officially, standings
from dti_core.scoring.total import Total, totals
from tests.unit.plain_words import (
    Added,
    Counts,
    added_up,
    half_up,
    own_rows,
    plain_points,
    policy,
    ranked_by_definition,
    total,
)
from tests.unit.random_rounds import Round, rounds
from tests.unit.strategies import (
    NUMBERS,
    FigureMap,
    decided,
    figures,
    framework_of,
    policies,
)

Scores = dict[tuple[str, str], Score]

whole_rounds = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def scored(round_: Round, reading: Reading) -> Scores:
    return score(round_.framework, round_.units, round_.figures, round_.policies, reading)


@whole_rounds
@given(rounds(lacking=False, decisive=True))
def test_where_all_is_known_points_are_what_the_clause_says(round_: Round) -> None:
    for reading in READINGS:
        scores = scored(round_, reading)
        for unit in round_.units:
            for row in round_.framework.criteria:
                points, inner = plain_points(row, unit, round_, reading)
                for code, expected in {row.code: points, **inner}.items():
                    assert scores[unit, code].points == expected, (reading, unit, code)
                    assert scores[unit, code].settled is None


@settings(whole_rounds, max_examples=120)
@given(rounds())
def test_the_engine_publishes_what_the_referee_says(round_: Round) -> None:
    for reading in READINGS:
        scores = scored(round_, reading)
        wrong = disagreements(
            round_.framework, round_.units, round_.figures, round_.policies, scores, reading
        )
        assert wrong == [], reading
        scoring = Scoring.of(round_.policies)
        laid_out = columns(round_.framework, round_.units, round_.figures, scoring, reading)
        for code, column in engine.points(round_.framework, reading, laid_out, scoring).items():
            for index, unit in enumerate(round_.units):
                # at a threshold the float may stand on the other side: then it says so
                if column.close is None or not column.close[index]:
                    each = scores[unit, code]
                    bounds = column.low[index], column.high[index]
                    exact = float(each.low), float(each.high)
                    assert bounds == pytest.approx(exact), (reading, unit, code)


@whole_rounds
@given(rounds())
def test_points_stay_within_the_maximum_and_their_bounds(round_: Round) -> None:
    for reading in READINGS:
        for (_, code), each in scored(round_, reading).items():
            row = round_.framework.by_code[code]
            most = row.max_points or Fraction(0)
            if row.rule.type == "sum_of_children":
                # what the children can earn; a stated maximum beside it is the checker's matter
                most = total(own.max_points or 0 for own in own_rows(row))
            assert min(Fraction(0), most) <= each.low <= each.high <= max(Fraction(0), most)
            assert each.points is None or each.points == each.low == each.high
            rounding = policy(round_.policies, "rounding")
            if each.points is None or rounding is None:
                assert each.published(rounding) is None
            else:
                assert each.published(rounding) == half_up(each.points, rounding.digits)


# What is open stays true once it is known


@st.composite
def completed(draw: st.DrawFn, round_: Round) -> FigureMap:
    """The figures with every unknown one turned out to be something that it could be."""
    found = dict(round_.figures)
    for row in round_.framework.rows:
        rules = [row.rule_under(reading) for reading in READINGS]
        quotients = {quotient for rule in rules if (quotient := stated_ratio(rule))}
        used = dict.fromkeys(name for rule in rules for name in variables_used(rule))
        below = {
            name
            for rule in rules
            for metric in metrics(rule)
            for divisor in metric.divisors()
            for name in divisor.variables
        }
        for unit in round_.units:
            outright = (unit, row.code, "ratio") in found
            for name in used:
                key = unit, row.code, name
                figure = found.get(key) or Figure(*key, "missing")
                if outright and any(name in quotient.variables for quotient in quotients):
                    continue  # the ratio that was stated stands for it
                if figure.value is None:
                    value = draw(possible(figure, row.variables[name].kind))
                    # an unknown denominator is taken to be above 0: it would be none otherwise
                    value = value or (Fraction(1, 2) if name in below else value)
                    found[key] = Figure(*key, "given", value)
    return found


def possible(figure: Figure, kind: str) -> st.SearchStrategy[Any]:
    """What an unknown figure may turn out to be."""
    if kind == "flag":
        return st.booleans()
    if kind == "choice":
        return st.sampled_from(figure.among or tuple("xyzw"))
    if figure.between is None:
        return NUMBERS
    low, high = figure.between
    return NUMBERS.map(lambda number: min(max(number, low), high))


@whole_rounds
@given(rounds(), st.data())
def test_what_is_decided_stays_whatever_the_unknown_figures_turn_out_to_be(
    round_: Round, data: st.DataObject
) -> None:
    # what a policy settles is decided by that policy, not by the figures
    asks = dict.fromkeys(("missing_figure", "not_available_figure"))
    open_ = replace(
        round_, policies=round_.policies.model_copy(update={**asks, "not_applicable_figure": None})
    )
    later = replace(open_, figures=data.draw(completed(open_)))
    for reading in READINGS:
        before, after = scored(open_, reading), scored(later, reading)
        for key, each in before.items():
            # where the points were decided the bounds are one point: it stays
            assert each.low <= after[key].low <= after[key].high <= each.high, (reading, key)


# Units beside each other


@whole_rounds
@given(rounds(), st.data())
def test_the_order_of_units_and_figures_changes_nothing(round_: Round, data: st.DataObject) -> None:
    order = tuple(data.draw(st.permutations(round_.units)))
    shuffled = replace(round_, units=order, figures=dict(reversed(round_.figures.items())))
    for reading in READINGS:
        scores = scored(round_, reading)
        assert scored(round_, reading) == scores
        again = scored(shuffled, reading)
        assert again == scores
        assert list(again) == [(unit, row.code) for unit in order for row in round_.framework.rows]
        assert [
            totals(round_.framework, unit, again, round_.policies) for unit in round_.units
        ] == [totals(round_.framework, unit, scores, round_.policies) for unit in round_.units]


@whole_rounds
@given(rounds(), st.data())
def test_another_unit_changes_only_the_rows_that_compare(
    round_: Round, data: st.DataObject
) -> None:
    more = dict(round_.figures)
    for row in round_.framework.rows:
        more |= data.draw(figures(("another",), row))
    joined = replace(round_, units=(*round_.units, "another"), figures=more)
    comparing = {row.code for row in round_.framework.rows if compares(row)}
    for reading in READINGS:
        before, after = scored(round_, reading), scored(joined, reading)
        for (unit, code), each in before.items():
            if code not in comparing:
                assert after[unit, code] == each, (reading, unit, code)


def compares(row: Criterion) -> bool:
    """Whether the row, or a child row, is measured against the units of its group."""
    rules = [rule for reading in READINGS for rule in sub_rules(row.rule_under(reading))]
    return any(getattr(rule, "peers", None) == "group" for rule in rules) or any(
        compares(child) for child in row.children
    )


KINDS_OF_PEER = st.sampled_from(
    ["known"] * 4 + ["missing", "not_available", "not_applicable", "to_ask"]
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["relative_to_best", "min_max"]),
    st.lists(st.tuples(KINDS_OF_PEER, NUMBERS.filter(bool)), min_size=1, max_size=5),
    st.fixed_dictionaries(
        {
            "min_max": st.sampled_from([None, "over_best", "range"]),
            "zero_denominator": st.sampled_from([None, "zero", "full"]),
            "missing_figure": st.sampled_from([None, "ask", "zero"]),
            "not_available_figure": st.sampled_from([None, "ask", "zero"]),
            "not_applicable_figure": st.sampled_from([None, "ask", "zero", "full"]),
        }
    ),
)
def test_a_row_that_compares_waits_for_every_peer_but_those_that_a_policy_settles(
    kind: str, units: list[tuple[str, Fraction]], values: dict[str, str | None]
) -> None:
    framework = framework_of({"type": kind, "of": "a", "peers": "group"}, "10")
    found, known, settled, asked = {}, {}, {}, set()
    for index, (status, value) in enumerate(units):
        unit = f"u{index}"
        key = unit, "1.1", "a"
        decision = values.get(f"{status}_figure")
        if status == "known":
            known[unit] = value
            found[key] = Figure(*key, "given", value)
        else:
            if status != "missing" or index % 2:  # a missing figure may have no record at all
                found[key] = Figure(*key, status)  # type: ignore[arg-type]
            if decision in ("zero", "full"):
                settled[unit] = Fraction(0 if decision == "zero" else 10)
            else:
                asked.add(unit)
    names = [f"u{index}" for index in range(len(units))]
    chosen = decided(values)
    scores = score(framework, names, found, chosen, "as_written")
    assert disagreements(framework, names, found, chosen, scores, "as_written") == []
    points = {unit: scores[unit, "1.1"].points for unit in names}
    formula = "over_best" if kind == "relative_to_best" else values["min_max"]
    if asked or not known:
        assert set(points.values()) == {None}
        assert {scores[unit, "1.1"].problem for unit in names} == {Problem.PEERS_UNKNOWN}
    elif formula is None:
        assert set(points.values()) == {None}
        assert {scores[unit, "1.1"].problem for unit in names} == {Problem.MIN_MAX_FORMULA}
    else:
        best, worst = max(known.values()), min(known.values())
        if formula == "range" and best == worst:
            everybody = {None: None, "zero": Fraction(0), "full": Fraction(10)}
            shown = dict.fromkeys(names, everybody[values["zero_denominator"]])
            assert points == shown
            return
        least = worst if formula == "range" else Fraction(0)
        assert points == settled | {
            unit: 10 * (value - least) / (best - least) for unit, value in known.items()
        }
        assert 10 in {points[unit] for unit in known}
        assert {unit for unit in names if scores[unit, "1.1"].settled} == {*settled}


@settings(whole_rounds, max_examples=60)
@given(st.sampled_from(["relative_to_best", "min_max"]), NUMBERS, NUMBERS, st.data())
def test_other_provinces_values_are_compared_with_alike(
    kind: str, one: Fraction, other: Fraction, data: st.DataObject
) -> None:
    framework = framework_of({"type": kind, "of": "a", "peers": "external"}, "10")
    values = data.draw(st.lists(st.one_of(NUMBERS, st.sampled_from([one, other])), min_size=1))
    units = [f"u{index}" for index in range(len(values))]
    known = {
        (unit, "1.1", "a"): Figure(unit, "1.1", "a", "given", value)
        for unit, value in zip(units, values, strict=True)
    }
    chosen = data.draw(policies())
    best, worst = max(one, other), min(one, other)
    scores = score(framework, units, known, chosen, "as_written", {"1.1": Peers(best, worst)})
    scoring = Scoring.of(chosen)
    laid_out = replace(columns(framework, units, known, scoring), peers={"1.1": (best, worst)})
    column = engine.points(framework, "as_written", laid_out, scoring)["1.1"]
    shown = engine.published(column, 2, lambda index: scores[units[index], "1.1"].low)
    formula = "over_best" if kind == "relative_to_best" else policy(chosen, "min_max")
    for unit, value, published in zip(units, values, shown, strict=True):
        least = worst if formula == "range" else Fraction(0)
        points = None
        if formula is not None and best != least:
            points = min(max(10 * (value - least) / (best - least), Fraction(0)), Fraction(10))
        elif formula is not None:
            points = {"full": Fraction(10), "zero": Fraction(0)}.get(
                policy(chosen, "zero_denominator")
            )
        assert scores[unit, "1.1"].points == points
        if points is None:
            assert isnan(published)
        else:
            assert published == float(half_up(points, 2))


def counts(score: Score) -> Counts:
    return Counts(score.low, score.high, score.points is not None)


def told(total: Total) -> Added:
    shown = None if total.published is None else Fraction(total.published)
    return Added(total.computed, total.low, total.high, total.max_points, shown)


ANY_ROUND = st.one_of(rounds(), rounds(lacking=False, decisive=True))


@whole_rounds
@given(ANY_ROUND)
def test_totals_add_up_what_the_rows_count_for(round_: Round) -> None:
    framework, policies = round_.framework, round_.policies
    for reading in READINGS:
        scores = scored(round_, reading)
        for unit in round_.units:
            rows = {
                own.code: counts(scores[unit, own.code])
                for row in framework.criteria
                for own in own_rows(row)
            }
            by_pillar, whole = totals(framework, unit, scores, policies)
            found = {code: told(each) for code, each in by_pillar.items()} | {"": told(whole)}
            assert found == added_up(framework, rows, policies), (reading, unit)


@whole_rounds
@given(ANY_ROUND, st.data())
def test_places_follow_from_the_official_reading_and_what_people_awarded(
    round_: Round, data: st.DataObject
) -> None:
    framework, policies = round_.framework, round_.policies
    scores = {reading: scored(round_, reading) for reading in READINGS}
    codes = [own.code for row in framework.criteria for own in own_rows(row)]
    keys = [(unit, code) for unit in round_.units for code in codes]
    awarded = data.draw(st.dictionaries(st.sampled_from(keys), NUMBERS, max_size=2))
    group = Group("so", framework, round_.units)
    found = standings(group, officially(group, scores, policies, awarded), policies)
    compared: dict[str, Fraction | None] = {}
    for unit in round_.units:
        rows = {}
        for code in codes:
            override = policies.reading_overrides.get(code)
            reading = override.value if override else policy(policies, "reading")
            rows[code] = counts(scores[reading][unit, code])
            if (unit, code) in awarded:
                rows[code] = Counts(awarded[unit, code], awarded[unit, code], True)
        whole = added_up(framework, rows, policies)[""]
        assert told(found[unit].total) == whole
        assert found[unit].points == (whole.low if whole.low == whole.high else None)
        on_exact = policy(policies, "rank_on") == "exact"
        compared[unit] = found[unit].points if on_exact else whole.published
    places = {unit: each.rank for unit, each in found.items()}
    if policies.rounding is None:
        assert set(places.values()) == {None}
    else:
        assert places == ranked_by_definition(compared, policy(policies, "ties"))


# close together on purpose: equal, a hair apart, equal once they are rounded
POINTS = st.one_of(
    st.none(),
    st.builds(
        lambda whole, part: whole + part,
        st.integers(-2, 3),
        st.sampled_from([Fraction(n, 1000) for n in (0, 0, 4, 5)] + [Fraction(1, 10**12)]),
    ),
)


@given(
    st.dictionaries(st.sampled_from("ABCDEFGH"), POINTS, min_size=1),
    st.sampled_from(["same_rank", "dense"]),
    st.randoms(use_true_random=False),
)
def test_a_place_counts_who_is_better(
    points: dict[str, Fraction | None], ties: Ties, random: Random
) -> None:
    lines = rank(points, ties)
    assert {line.unit: line.rank for line in lines} == ranked_by_definition(points, ties)
    assert {line.unit: line.points for line in lines} == points
    assert len(lines) == len(points)
    # best first, those without points last and with the reason
    order = [line.rank for line in lines]
    assert order == sorted(order, key=lambda place: (place is None, place))
    assert {line.unit for line in lines if line.reason} == {
        u for u, p in points.items() if p is None
    }
    shuffled = list(points.items())
    random.shuffle(shuffled)
    again = {line.unit: line.rank for line in rank(dict(shuffled), ties)}
    assert again == {line.unit: line.rank for line in lines}
