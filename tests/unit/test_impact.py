"""Impact of a doubt: as a full recomputation gives it, and in what order doubts are asked about."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from benchmarks.plausibility_size import group_of, long_way
from dti_core.figures import Figure
from dti_core.framework.model import RATIO
from dti_core.plausibility.detect import detect
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.impact import Impact, Impacts
from dti_core.plausibility.priority import by_weight, questions, weight
from dti_core.program.policies import Policies
from tests.sample.planted.kinds import KINDS, MOST_PLANTED, with_faults
from tests.sample.planted.rounds import POLICIES, PlantedRound, unplanted

KIND = {kind.name: kind for kind in KINDS}


def doubted(name: str) -> tuple[PlantedRound, list[Flag]]:
    """Departments with one kind of fault, and the flags that expect a number."""
    made = with_faults(unplanted("so", 12), KIND[name], MOST_PLANTED["so"])
    flags = detect(made.framework, made.units, made.figures, made.prior, {}, {})
    return made, [flag for flag in flags if flag.variable and flag.expected is not None]


def worth(made: PlantedRound, policies: Policies = POLICIES) -> Impacts:
    return Impacts(group_of(made), made.figures, made.scores(), policies, "as_written")


@pytest.mark.parametrize("name", ["times_thousand", "denominator", "jump", "peer_level"])
def test_impact_equals_a_full_recomputation(name: str) -> None:
    """A few here; `make bench` does 1,000 of every kind."""
    made, flags = doubted(name)
    before = dict(made.figures)
    impacts = worth(made)
    some = Random(3).sample(flags, min(8, len(flags)))
    assert some
    assert [impacts.of(flag) for flag in some] == [long_way(made, flag) for flag in some]
    assert made.figures == before


def test_equal_ranks_and_dense_ranks_are_counted_as_ranking_does() -> None:
    made, flags = doubted("jump")
    unit = flags[0].unit
    twin = next(each for each in made.units if each != unit)
    for (who, row, name), figure in list(made.figures.items()):
        if who == unit:
            made.figures[twin, row, name] = replace(figure, unit=twin)
    for ties in ("same_rank", "dense"):
        assert POLICIES.ties is not None
        policies = POLICIES.model_copy(
            update={"ties": POLICIES.ties.model_copy(update={"value": ties})}
        )
        impacts = worth(made, policies)
        for flag in flags[:6]:
            assert impacts.of(flag) == long_way(made, flag, policies)


def test_a_doubt_without_an_expected_figure_has_no_impact() -> None:
    made, flags = doubted("jump")
    flag = flags[0]
    assert worth(made).of(replace(flag, expected=None)) is None
    assert worth(made).of(replace(flag, variable=None)) is None
    assert worth(made).of(replace(flag, variable="not_asked")) is None


def test_an_expected_part_withdraws_the_ratio_that_stands_beside_it() -> None:
    """The stated 100 % was reckoned with the part that is doubted: without the whole, the points
    for the expected part are open."""
    made = unplanted("so", 12)
    unit = made.units[0]
    for name, value in (("a", "5"), (RATIO, "1")):
        made.figures[unit, "1.3", name] = Figure(unit, "1.3", name, "given", Fraction(value))
    del made.figures[unit, "1.3", "b"]
    flag = Flag(unit, "1.3", "a", "prior_year", "", Fraction(5), Fraction(4), ("1.3",))
    change = worth(made).of(flag)
    assert change is not None
    assert change.points is None
    assert change.total == -25


def test_without_the_policies_that_ranking_needs_there_are_no_places() -> None:
    made, flags = doubted("jump")
    change = worth(made, POLICIES.model_copy(update={"ties": None})).of(flags[0])
    assert change is not None
    assert change.rank is None
    assert change.points is not None


def test_what_moves_most_and_is_doubted_most_is_asked_first() -> None:
    made, _ = doubted("jump")
    flags = [
        Flag("u", "1.3", "a", "prior_year", "", Fraction(1), Fraction(2), ("1.3",), suspicion=s)
        for s in (0.5, 0.9, 0.6)
    ]
    flags = [replace(flag, reported=Fraction(n)) for n, flag in enumerate(flags)]
    points = [Fraction(-20), Fraction(10), Fraction(0)]
    impacts: dict[str, Impact | None] = {
        flag.id: Impact(each, each, 0) for flag, each in zip(flags, points, strict=True)
    }
    assert by_weight(made.framework, flags, impacts) == [flags[0], flags[1], flags[2]]
    assert weight(made.framework, flags[0], None) == 0.5 * 25  # all points of the row in doubt
    asked, listed = questions(flags, 2)
    assert asked == {"u": flags[:2]}
    assert listed == {"u": flags[2:]}
    assert questions(flags, None) == ({"u": flags}, {})
    assert questions(flags, 0) == ({}, {"u": flags})
    before = {"u": {flags[2].id, "one that no longer stands"}}
    assert questions(flags, 2, before) == ({"u": flags[2:]}, {"u": flags[:2]})
    assert questions(flags, 3, before) == ({"u": [flags[0], flags[2]]}, {"u": [flags[1]]})
