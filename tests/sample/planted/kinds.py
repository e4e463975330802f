"""The kinds of faults: how large they are, and which detector is expected to see them.

`python -m tests.sample.planted.kinds` prints the table.
"""

from dataclasses import dataclass
from random import Random
from typing import Literal

from tests.sample.planted import sheets, slips
from tests.sample.planted.papers import evidence, self_points, versions
from tests.sample.planted.rounds import Hand, PlantedRound, unplanted
from tests.sample.planted.slips import Planter, planted
from tests.sample.planted.wholes import Level


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    range     of its magnitude, in words; `TIER` bounds it from below where it says so
    detector  which is expected to see it (others may too)
    on        what it is planted in: the figures, or the papers that come with them
    """

    name: str
    range: str
    detector: str
    plant: Planter
    on: Literal["figures", "papers"] = "figures"


KINDS = (
    Kind("times_ten", "×10, ×100 or ÷10, ÷100; from one tier on", "unit_mixup", slips.times_ten),
    Kind("times_thousand", "×1000, ÷1000; from one tier on", "unit_mixup", slips.times_thousand),
    Kind("percent_as_fraction", "×100 or ÷100", "unit_mixup", slips.percent_as_fraction),
    Kind(
        "percent_for_count",
        "100·a/b instead of a; from one tier on",
        "percent_for_count",
        slips.percent_for_count,
    ),
    Kind("across", "part above whole by 2 to 100 %, at least 1", "across_rows", slips.across),
    Kind("contradiction", "100 % beside a related 5 to 33 %", "contradicting", slips.contradiction),
    Kind(
        "denominator",
        "×1.08 to ×1.7 or ÷, in one row or in all; from 1/20 of the maximum on",
        "denominator",
        slips.denominator,
    ),
    Kind("jump", "×3 to ×8 or ÷; from one tier on", "prior_year", slips.jump),
    Kind("peer_change", "×1.35 to ×3 or ÷; from one tier on", "peer_change", slips.change),
    Kind(
        "peer_level",
        "log-odds of a share moved by 3 to 6, in both years; from one tier on",
        "peer_level",
        slips.level,
    ),
    Kind("heaping", "70 to 100 % of the counts rounded, six or more", "heaping", sheets.heaping),
    Kind("copy_between", "92 to 100 % of the own numbers", "copied", sheets.copy_between),
    Kind("shifted", "4 to 10 rows", "shifted", sheets.shifted),
    Kind("own_copy", "90 to 100 % of the own numbers", "own_copy", sheets.own_copy),
    Kind(
        "reused",
        "a number of 100 or more in 2 or 3 unlike rows; from 1/20 of the maximum on",
        "reused",
        slips.reused,
    ),
    Kind("late_change", "from one tier more on", "late_change", sheets.late_change, "papers"),
    Kind("changing", "3 to 5 versions, by 5 to 40 % each", "changing", sheets.changing, "papers"),
    Kind("self_score", "6 to 100 % of the maximum", "self_score", sheets.self_score, "papers"),
    Kind(
        "evidence_dates",
        "31 to 1000 days before the window, 3 to 100 after the deadline",
        "evidence_dates",
        sheets.evidence_dates,
        "papers",
    ),
    Kind("one_file", "one file for 5 to 15 rows", "evidence_file", sheets.one_file, "papers"),
)

LEVELS: tuple[Level, ...] = ("so", "huyen", "xa")
MOST_PLANTED: dict[Level, int] = {"so": 3, "huyen": 2, "xa": 8}
"""Units with a fault in one round: most units are clean, as they are in life."""


def planted_round(seed: int) -> PlantedRound:
    """The round of a seed. Kind and level go round with the number: 200 seeds of one use hold
    every kind in every level at least three times."""
    turn = seed // 2
    kind = KINDS[turn % len(KINDS)]
    level = LEVELS[turn // len(KINDS) % len(LEVELS)]
    return with_faults(unplanted(level, seed), kind, MOST_PLANTED[level])


def clean_round(level: Level, seed: int, units: int | None = None) -> PlantedRound:
    """A round without a fault, papers and all."""
    return _with_papers(unplanted(level, seed, units))


def with_faults(made: PlantedRound, kind: Kind, most: int) -> PlantedRound:
    """Plant a kind of fault in at most so many units."""
    made.kind = kind.name
    chance = Random(f"{made.seed} {kind.name}")
    if kind.on == "papers":
        _with_papers(made)
    for unit in chance.sample(made.units, len(made.units)):
        if len(made.faults) == most:
            break
        fault = planted(kind.name, Hand(made, unit, chance), kind.plant)
        if fault is not None:
            made.faults.append(fault)
    return made if kind.on == "papers" else _with_papers(made)


def seeds(use: Literal["tuning", "held_out"], count: int = 200) -> range:
    """Even seeds to tune on, odd ones to measure on."""
    first = 0 if use == "tuning" else 1
    return range(first, first + 2 * count, 2)


def _with_papers(made: PlantedRound) -> PlantedRound:
    """Versions, evidence and self-assessed points for the figures as the units send them."""
    made.versions = versions(made.units, made.figures, made.seed)
    made.evidence = evidence(made.framework, made.units, made.figures, made.seed)
    made.points = self_points(made.scores(), made.seed)
    return made


if __name__ == "__main__":
    for each in KINDS:
        print(f"{each.name:20} {each.range:72} {each.detector}")
