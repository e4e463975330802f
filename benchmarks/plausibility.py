"""What the detectors find of planted faults, on seeds that tuning never saw, and what they cost.

`python -m benchmarks.plausibility` prints this part alone; `--tuning` measures the tuning seeds.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Literal

from dti_core.figures import Figure
from dti_core.plausibility import heaping, own_copy, revised, self_score
from dti_core.plausibility.copied import DETECTOR as COPIED
from dti_core.plausibility.detect import DETECTORS, detect
from dti_core.plausibility.evidence_fit import DATES, FILE
from dti_core.plausibility.flag import Flag
from tests.sample.planted.kinds import KINDS, LEVELS, clean_round, planted_round, seeds
from tests.sample.planted.papers import WINDOW
from tests.sample.planted.rounds import Fault, Key, PlantedRound

ROUNDS = 200
NOISE = Fraction(2, 100)
"""No figure of last year's round moves by more, where it is to be found plausible."""

OF_PAPERS = frozenset(
    {heaping.DETECTOR, revised.LATE, revised.CHANGING, DATES, FILE, self_score.DETECTOR}
)
WHOLE_SHEETS = frozenset({COPIED, own_copy.DETECTOR, "shifted"})
ONLY_BY_NAME = OF_PAPERS | WHOLE_SHEETS
"""Detectors of one thing: a fault of their kind counts as found only by them, and they find no
other. A slip in one figure is found by whichever detector asks about that figure."""


def found_in(made: PlantedRound) -> list[Flag]:
    """Every flag on a round, with all that detectors can be given."""
    return detect(
        made.framework,
        made.units,
        made.figures,
        made.prior,
        made.points,
        made.scores(),
        versions=made.versions,
        evidence=made.evidence,
        window=WINDOW,
    )


def hits(flag: Flag, fault: Fault, expected: str) -> bool:
    """Whether a flag asks about what was planted."""
    if expected in ONLY_BY_NAME and flag.detector != expected:
        return False
    if expected not in ONLY_BY_NAME and flag.detector in OF_PAPERS:
        return False
    rows = {row for _, row, _ in fault.cells}
    return flag.unit == fault.unit and not rows.isdisjoint(flag.criteria)


def recall(use: Literal["tuning", "held_out"] = "held_out") -> dict[str, object]:
    """Recall and precision by kind, questions a clean unit by level.

    Precision: of the flags of a kind's expected detector, in the rounds of that kind, the part that
    hits a planted fault.
    """
    expected = {kind.name: kind.detector for kind in KINDS}
    planted: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    as_such: Counter[str] = Counter()
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    clean_units: Counter[str] = Counter()
    questions: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in seeds(use, ROUNDS):
        made = planted_round(seed)
        name, detector = made.kind, expected[made.kind]
        flags = found_in(made)
        hit = {
            id(flag): any(hits(flag, fault, detector) for fault in made.faults) for flag in flags
        }
        planted[name] += len(made.faults)
        seen[name] += sum(
            any(hits(flag, fault, detector) for flag in flags) for fault in made.faults
        )
        own = [flag for flag in flags if flag.detector == detector]
        as_such[name] += sum(
            any(hits(flag, fault, detector) for flag in own) for fault in made.faults
        )
        asked[name] += len(own)
        right[name] += sum(hit[id(flag)] for flag in own)
        faulty = {fault.unit for fault in made.faults}
        level = made.years.level
        clean_units[level] += len(made.units) - len(faulty)
        questions[level].update(flag.detector for flag in flags if flag.unit not in faulty)
    return {
        "recall": {name: _share(seen[name], planted[name]) for name in expected},
        "recall by the expected detector alone": {
            name: _share(as_such[name], planted[name]) for name in expected
        },
        "precision of the expected detector": {
            name: _share(right[name], asked[name]) for name in expected
        },
        "planted": planted.total(),
        "recall overall": _share(seen.total(), planted.total()),
        "questions per clean unit": {
            level: round(questions[level].total() / clean_units[level], 2) for level in LEVELS
        },
        "by detector": {
            level: {
                name: round(count / clean_units[level], 3)
                for name, count in questions[level].most_common()
            }
            for level in LEVELS
        },
    }


def false_alarms(rounds: Iterable[int] = range(1, 21, 2)) -> dict[str, object]:
    """Last year's round, given again with small noise: the part of the figures on which each
    detector fires (the most of the three levels), and whether an exact copy is flagged as such."""
    fired: dict[str, Counter[str]] = defaultdict(Counter)
    figures: Counter[str] = Counter()
    copies: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for seed in rounds:
        for level in LEVELS:
            made = clean_round(level, seed)
            settled = [unit for unit in made.units if (unit, "2.1", "x") in made.prior]
            shaken = _shaken(made, settled, seed)
            flags = detect(made.framework, settled, shaken, made.prior, {}, {})
            fired[level].update(flag.detector for flag in flags)
            figures[level] += sum(key[0] in set(settled) for key in shaken)
            same = detect(
                made.framework, settled, _one_copy(made, settled, shaken), made.prior, {}, {}
            )
            copies[level] += any(
                flag.detector == own_copy.DETECTOR and flag.unit == settled[0] for flag in same
            )
            units[level] += 1
    return {
        "share of figures, per cent": {
            name: round(100 * max(fired[level][name] / figures[level] for level in LEVELS), 3)
            for name in DETECTORS
            if any(fired[level][name] for level in LEVELS)
        },
        "exact copies of last year flagged": _share(copies.total(), units.total()),
    }


def _shaken(made: PlantedRound, units: Sequence[str], seed: int) -> dict[Key, Figure]:
    """Last year's figures, each moved by at most `NOISE`; one quantity alike in all its rows, and
    no part above its whole."""
    found: dict[Key, Figure] = {}
    here = set(units)
    for (unit, code, name), figure in made.prior.items():
        if unit not in here:
            continue
        variable = made.framework.by_code[code].variables[name]
        value = figure.value
        if isinstance(value, Fraction) and variable.kind in ("count", "money", "mean", "percent"):
            chance = Random(f"{seed} {unit} {variable.quantity or (code, name)}")
            value *= 1 + NOISE * Fraction(round(chance.uniform(-1, 1) * 1000), 1000)
            value = Fraction(round(value)) if variable.kind == "count" else value
            value = min(value, Fraction(1)) if variable.kind == "percent" else value
        found[unit, code, name] = replace(figure, value=value)
    for (unit, code, name), figure in found.items():
        whole = found.get((unit, code, "b"))
        if name == "a" and whole is not None and Fraction(figure.value or 0) > whole.value:
            found[unit, code, name] = replace(figure, value=whole.value)
    return found


def _one_copy(
    made: PlantedRound, units: Sequence[str], shaken: dict[Key, Figure]
) -> dict[Key, Figure]:
    """One unit sends last year's file again; the others' figures have grown as they did."""
    return {
        key: made.prior[key] if key[0] == units[0] else made.figures.get(key, figure)
        for key, figure in shaken.items()
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def plausibility_costs() -> dict[str, object]:
    """All of it: what is found, what is asked for nothing, what it costs."""
    from benchmarks.plausibility_size import impacts_equal, one_province, sizes

    return {
        "found": recall(),
        "noise": false_alarms(),
        "impacts equal to a full recomputation": impacts_equal(1000),
        "one province": one_province(),
        "sizes": sizes(),
    }


if __name__ == "__main__":
    result = recall("tuning") if "--tuning" in sys.argv else plausibility_costs()
    print(json.dumps(result, indent=1))
