"""What detecting costs: a province beside an import, many units, impacts beside the long way."""

import subprocess
import sys
import time
from dataclasses import replace
from math import log
from random import Random

from benchmarks.timing import best, command_cost
from dti_core.plausibility.detect import detect
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.impact import Impact, Impacts
from dti_core.program.policies import Policies
from dti_core.scoring.score import score
from dti_core.scoring.standings import Group, ranked
from dti_core.scoring.total import totals
from tests.sample.planted.kinds import LEVELS, clean_round, planted_round
from tests.sample.planted.rounds import POLICIES, PlantedRound, unplanted

SIZES = (2_000, 20_000)


def group_of(made: PlantedRound) -> Group:
    return Group(made.years.level, made.framework, tuple(made.units))


def long_way(made: PlantedRound, flag: Flag, policies: Policies = POLICIES) -> Impact:
    """The impact by scoring every row of every unit twice."""
    assert flag.expected is not None
    key = (flag.unit, flag.criterion, flag.variable or "")
    changed = {**made.figures, key: replace(made.figures[key], value=flag.expected)}
    found = []
    for figures in (made.figures, changed):
        scores = score(made.framework, made.units, figures, policies, "as_written")
        wholes = {unit: totals(made.framework, unit, scores, policies)[1] for unit in made.units}
        found.append(
            (
                scores[flag.unit, flag.criterion].points,
                wholes[flag.unit].computed,
                ranked(wholes, policies)[flag.unit],
            )
        )
    (points, total, rank), (points_then, total_then, rank_then) = found
    open_ = points is None or points_then is None
    return Impact(
        None if open_ else (points_then or 0) - (points or 0),
        total_then - total,
        None if rank is None or rank_then is None else rank - rank_then,
    )


def impacts_equal(count: int) -> str:
    """How many of so many random flags have the impact that the long way gives."""
    chance, checked, equal = Random(1), 0, 0
    seed = 1
    while checked < count:
        made = planted_round(seed)
        seed += 2
        if made.years.level == "xa":
            continue  # the long way takes a second a flag there
        flags = [
            flag
            for flag in detect(made.framework, made.units, made.figures, made.prior, {}, {})
            if flag.expected is not None
            and (flag.unit, flag.criterion, flag.variable or "") in made.figures
        ]
        worth = Impacts(group_of(made), made.figures, made.scores(), POLICIES, "as_written")
        for flag in chance.sample(flags, min(len(flags), count - checked)):
            checked += 1
            equal += worth.of(flag) == long_way(made, flag)
    return f"{equal} / {checked}"


def one_province() -> dict[str, float]:
    """165 units of three levels: validating and flagging, as a multiple of the import that
    validating needs."""
    from expectations.frame import pooled_frame
    from expectations.run import run_checks

    imported = command_cost("-c", "import great_expectations")
    levels = [clean_round(level, 1) for level in LEVELS]
    scores = [made.scores() for made in levels]
    begun = time.perf_counter()
    for made in levels:
        run_checks(pooled_frame(made.framework, made.units, made.figures))
    validated = time.perf_counter() - begun

    def flag() -> None:
        for made, points in zip(levels, scores, strict=True):
            flags = detect(
                made.framework, made.units, made.figures, made.prior, made.points, points
            )
            worth = Impacts(group_of(made), made.figures, points, POLICIES, "as_written")
            for each in flags:
                worth.of(each)

    flagged = best(flag, 3)
    return {
        "import great_expectations, seconds": round(imported, 2),
        "validate, seconds": round(validated, 2),
        "flag with impacts, seconds": round(flagged, 2),
        "together / import": round((validated + flagged) / imported, 2),
    }


def sizes() -> dict[str, object]:
    """Communes by the thousand: seconds and peak memory of detecting, and how they grow. Each size
    in a process of its own, so that one's peak is not the other's."""
    seconds, found = [], {}
    for units in SIZES:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.plausibility_size", str(units)],
            check=True,
            capture_output=True,
            text=True,
        )
        took, before, peak = (float(each) for each in done.stdout.split())
        seconds.append(took)
        found[str(units)] = {
            "seconds": round(took, 2),
            "peak memory, MB": round(peak),
            "of which the figures themselves, MB": round(before),
        }
    exponent = log(seconds[1] / seconds[0]) / log(SIZES[1] / SIZES[0])
    return {"communes": found, "growth exponent": round(exponent, 2)}


def _size(units: int) -> None:
    import resource

    made = unplanted("xa", 1, units)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.perf_counter()
    detect(made.framework, made.units, made.figures, made.prior, {}, {})
    took = time.perf_counter() - begun
    print(took, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _size(int(sys.argv[1]))
