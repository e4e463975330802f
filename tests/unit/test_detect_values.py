"""Detectors of values in a group: each on its own fault, and silent on what is ordinary."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from dti_core.figures import Figure
from dti_core.plausibility.across_rows import across_rows
from dti_core.plausibility.contradicting import contradicting, related
from dti_core.plausibility.denominator import denominator
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.panel import Panel
from dti_core.plausibility.peer_change import peer_change
from dti_core.plausibility.peer_level import peer_level
from dti_core.plausibility.peers import doubt, median_of_others, spread
from dti_core.plausibility.percent_for_count import percent_for_count
from dti_core.plausibility.reused import reused
from tests.sample.planted.rounds import PlantedRound, unplanted

COMMUNES = unplanted("xa", 4)
DISTRICTS = unplanted("huyen", 4)
ONE = next(u for u in COMMUNES.units if (u, "3.2", "b") in COMMUNES.prior)
DISTRICT = next(u for u in DISTRICTS.units if (u, "3.2", "b") in DISTRICTS.prior)


def panel(
    made: PlantedRound, *changes: tuple[str, str, str, int], last_year: bool = False
) -> Panel:
    """The round with some figures replaced: (unit, row, variable, value); `last_year` too."""
    figures, prior = dict(made.figures), dict(made.prior)
    for unit, row, name, value in changes:
        figure = Figure(unit, row, name, "given", Fraction(value))
        figures[figure.key] = figure
        if last_year:
            prior[figure.key] = figure
    return Panel.of(made.framework, made.units, figures, prior)


def value(made: PlantedRound, unit: str, row: str, name: str) -> int:
    given = made.figures[unit, row, name].value
    assert isinstance(given, Fraction)
    return int(given)


def of_unit(flags: Iterable[Flag], unit: str = ONE) -> list[Flag]:
    return [flag for flag in flags if flag.unit == unit]


# Peers


def test_one_is_not_among_ones_own_peers() -> None:
    column = np.array([1.0, 2.0, 3.0, 100.0, np.nan])
    assert median_of_others(column).tolist() == [3.0, 3.0, 2.0, 2.0, 2.5]
    assert np.isnan(median_of_others(np.array([5.0, np.nan]))[0])
    assert np.isnan(median_of_others(np.array([np.nan]))).all()


def test_all_equal_but_one_divides_by_the_floor() -> None:
    assert spread(np.array([1.0, 1.0, 1.0, 9.0]), 0.5) == 0.5
    assert spread(np.array([np.nan]), 0.5) == 0.5


def test_suspicion_is_a_half_at_the_limit_and_grows_beyond() -> None:
    assert doubt(3, 3) == 0.5
    assert 0.5 < doubt(4, 3) < doubt(40, 3) < 1
    assert doubt(1, 0) == 1


# Wholes


def test_households_do_not_vanish_within_a_year() -> None:
    whole = value(COMMUNES, ONE, "3.2", "b")
    fewer = [(ONE, row, "b", whole * 8 // 10) for row in ("3.2", "3.3", "8.4")]
    (flag,) = of_unit(denominator(panel(COMMUNES, *fewer)))
    assert flag.criteria == ("3.2", "3.3", "8.4")
    assert flag.expected == COMMUNES.prior[ONE, "3.2", "b"].value
    assert "các đơn vị khác hầu như không đổi" in flag.message


def test_one_thing_given_differently_names_the_row_that_left_last_year() -> None:
    whole = value(COMMUNES, ONE, "3.2", "b")
    (flag,) = of_unit(denominator(panel(COMMUNES, (ONE, "3.3", "b", whole * 7 // 10))))
    assert (flag.criterion, flag.expected) == ("3.3", whole)
    assert "mục 3.2 cũng hỏi số này" in flag.message


def test_dossiers_come_and_go() -> None:
    whole = value(COMMUNES, ONE, "6.3", "b")
    more = [(ONE, row, "b", whole * 115 // 100) for row in ("6.3", "6.4", "6.5")]
    assert of_unit(denominator(panel(COMMUNES, *more))) == []


def test_nine_districts_draw_no_bounds_but_households_still_stand() -> None:
    whole = value(DISTRICTS, DISTRICT, "3.2", "b")
    rows = ("3.2", "3.3", "8.4", "8.9")
    more = [(DISTRICT, row, "b", whole * 12 // 10) for row in rows]
    (flag,) = of_unit(denominator(panel(DISTRICTS, *more)), DISTRICT)
    assert flag.criteria == rows
    dossiers = value(DISTRICTS, DISTRICT, "6.4", "b") * 2
    double = [(DISTRICT, row, "b", dossiers) for row in ("6.4", "6.5", "6.6")]
    assert of_unit(denominator(panel(DISTRICTS, *double)), DISTRICT) == []


def test_a_first_year_has_no_whole_to_have_left() -> None:
    new = {key: figure for key, figure in COMMUNES.prior.items() if key[0] != ONE}
    made = Panel.of(COMMUNES.framework, COMMUNES.units, COMMUNES.figures, new)
    assert of_unit(denominator(made)) == []
    assert of_unit(peer_change(made)) == []


# Across rows


def test_a_part_above_the_whole_of_another_row_is_impossible() -> None:
    people = value(COMMUNES, ONE, "8.1", "b")
    (flag,) = of_unit(across_rows(panel(COMMUNES, (ONE, "8.2", "b", people + 100))))
    assert (flag.criterion, flag.variable, flag.reported) == ("8.2", "b", people + 100)
    assert "Tổng điều tra dân số" in flag.message
    systems = value(COMMUNES, ONE, "5.1", "b")
    (flag,) = of_unit(across_rows(panel(COMMUNES, (ONE, "5.2", "b", systems + 1))))
    assert (flag.criterion, flag.expected, flag.suspicion) == ("5.2", systems, 1)


def test_all_systems_approved_is_possible() -> None:
    systems = value(COMMUNES, ONE, "5.1", "b")
    assert of_unit(across_rows(panel(COMMUNES, (ONE, "5.2", "b", systems)))) == []


# Percentages for counts


def test_a_percentage_in_place_of_a_count() -> None:
    whole = value(COMMUNES, ONE, "3.2", "b")
    share = round(100 * value(COMMUNES, ONE, "3.2", "a") / whole)
    (flag,) = of_unit(percent_for_count(panel(COMMUNES, (ONE, "3.2", "a", share))))
    assert flag.expected == round(Fraction(share, 100) * whole)
    assert f"({share} %) thay cho số lượng" in flag.message


def test_a_whole_of_a_hundred_says_nothing() -> None:
    changes = ((ONE, "3.2", "a", 80), (ONE, "3.2", "b", 100))
    assert of_unit(percent_for_count(panel(COMMUNES, *changes))) == []


# Change and level among peers


def test_a_share_that_falls_while_the_others_rise() -> None:
    whole = value(COMMUNES, ONE, "3.2", "b")
    part = (ONE, "3.2", "a", value(COMMUNES, ONE, "3.2", "a") // 2)
    assert "3.2" in {flag.criterion for flag in of_unit(peer_change(panel(COMMUNES, part)))}
    tiny = ((ONE, "4.1", "a", 4), (ONE, "4.1", "b", 9))
    assert "4.1" not in {flag.criterion for flag in of_unit(peer_change(panel(COMMUNES, *tiny)))}
    assert whole > 500


def test_peers_show_what_both_years_share() -> None:
    whole = value(COMMUNES, ONE, "3.2", "b")
    both = panel(COMMUNES, (ONE, "3.2", "a", whole // 50), last_year=True)
    (flag,) = [flag for flag in of_unit(peer_level(both)) if flag.criterion == "3.2"]
    assert "mức giữa (trung vị)" in flag.message
    assert flag.expected is not None
    assert flag.expected > whole // 3


@pytest.mark.parametrize("part", [0, 1])
def test_none_and_all_are_no_outliers(part: int) -> None:
    whole = value(COMMUNES, ONE, "3.2", "b")
    flags = of_unit(peer_level(panel(COMMUNES, (ONE, "3.2", "a", part * whole))))
    assert "3.2" not in {flag.criterion for flag in flags}


# Related rows


def test_related_rows_speak_of_one_matter() -> None:
    pairs = set(related(COMMUNES.framework))
    assert ("6.2", "6.3") in pairs
    assert not {pair for pair in pairs if pair[0].split(".")[0] != pair[1].split(".")[0]}


def test_every_dossier_online_beside_few_services() -> None:
    dossiers, services = value(COMMUNES, ONE, "6.3", "b"), value(COMMUNES, ONE, "6.2", "b")
    changes = ((ONE, "6.3", "a", dossiers), (ONE, "6.2", "a", services // 10))
    flags = of_unit(contradicting(panel(COMMUNES, *changes)))
    assert any(flag.criterion == "6.3" and "6.2" in flag.criteria for flag in flags)
    nothing = panel(COMMUNES, changes[0], (ONE, "6.2", "a", 0))
    assert not any("6.2" in flag.criteria for flag in of_unit(contradicting(nothing)))


# One number, several things


def test_one_number_for_unlike_things() -> None:
    changes = ((ONE, "8.1", "a", 3217), (ONE, "8.5", "a", 3217))
    (flag,) = of_unit(reused(panel(COMMUNES, *changes)))
    assert set(flag.criteria) == {"8.1", "8.5"}
    assert "3.217" in flag.message
    assert of_unit(reused(panel(COMMUNES, *changes, last_year=True))) == []


def test_all_of_the_staff_is_all_of_the_staff_in_each_row() -> None:
    whole = value(COMMUNES, ONE, "3.2", "b")
    everybody = [(ONE, row, "a", whole) for row in ("3.2", "3.3", "8.4")]
    assert of_unit(reused(panel(COMMUNES, *everybody))) == []


def test_without_last_year_only_long_numbers_are_no_coincidence() -> None:
    prior = {key: figure for key, figure in COMMUNES.prior.items() if key[0] != ONE}
    new = replace(COMMUNES, prior=prior)
    for number, asked in ((3217, 1), (3200, 0), (321, 0)):
        changes = ((ONE, "8.1", "a", number), (ONE, "8.5", "a", number))
        assert len(of_unit(reused(panel(new, *changes)))) == asked
