"""The rounds that detectors are tuned and measured on: faultless but for what is planted."""

from fractions import Fraction

import pytest

from tests.sample.planted.kinds import KINDS, LEVELS, clean_round, planted_round, seeds
from tests.sample.planted.papers import WINDOW
from tests.sample.planted.rounds import unplanted
from tests.sample.planted.wholes import Level

EVERY_KIND = range(0, 2 * len(KINDS), 2)


@pytest.mark.parametrize("level", LEVELS)
def test_a_faultless_round_is_possible(level: Level) -> None:
    made = clean_round(level, 7)
    for figures in (made.figures, made.prior):
        for (unit, row, name), figure in figures.items():
            whole = figures.get((unit, row, "b"))
            if name == "a" and whole is not None:
                assert Fraction(figure.value or 0) <= Fraction(whole.value or 0)
    first = {unit for unit in made.units if not any(key[0] == unit for key in made.prior)}
    assert len(first) < len(made.units) / 3
    values = [f.value for f in made.figures.values() if isinstance(f.value, Fraction)]
    assert any(value == 0 for value in values)
    assert any(0 < value < 5 for value in values)
    assert all(version.received <= WINDOW.closes or version.asked for version in made.versions)


@pytest.mark.parametrize("seed", EVERY_KIND)
def test_only_the_planted_cells_differ_from_the_faultless_round(seed: int) -> None:
    made = planted_round(seed)
    clean = unplanted(made.years.level, seed)
    assert made.faults
    cells = {cell for fault in made.faults for cell in fault.cells}
    changed = {key for key, figure in made.figures.items() if figure != clean.figures[key]}
    before = {key for key, figure in made.prior.items() if figure != clean.prior[key]}
    assert changed | before <= cells
    kind = next(each for each in KINDS if each.name == made.kind)
    if kind.on == "figures":
        assert all(any(cell in changed for cell in fault.cells) for fault in made.faults)
    else:
        assert not changed | before


def test_a_seed_makes_the_same_round_again() -> None:
    one, again = planted_round(14), planted_round(14)
    assert (one.figures, one.prior, one.faults) == (again.figures, again.prior, again.faults)
    assert (one.versions, one.evidence, one.points) == (
        again.versions,
        again.evidence,
        again.points,
    )


def test_no_seed_is_tuned_on_and_measured_on() -> None:
    assert not set(seeds("tuning")) & set(seeds("held_out"))
    assert len(seeds("held_out")) == 200
