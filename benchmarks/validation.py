"""Validation beside the import of Great Expectations, and how it grows with the units.

Figures of three levels of 2074/QĐ-UBND as the tests draw them: plausible, some missing, the
evidence of one row in fifty never sent. Each size runs in a process of its own, so that its peak of
memory is its own.
"""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import cycle, pairwise
from math import log
from pathlib import Path
from statistics import median

from dti_core.framework.model import Framework
from expectations.beside import Beside
from expectations.grid import Figures
from tests.sample.planted.clean import years

PROVINCE = {"so": 20, "huyen": 9, "xa": 136}
"""Vĩnh Phúc: 165 units of three levels."""
SIZES = (200, 2_000, 20_000)
IMPORTS = 3
LACKING = 50
"""The evidence of one row in so many never came."""

Level = tuple[Framework, list[str], Figures, Beside]


def levels(units: int) -> Iterator[Level]:
    """Frameworks, units and what they gave; communes spread evenly over the districts."""
    whole = sum(PROVINCE.values())
    drawn = {
        level: years(level, 2074, max(2, round(units * share / whole)))  # type: ignore[arg-type]
        for level, share in PROVINCE.items()
    }
    figures = {level: each.figures()[0] for level, each in drawn.items()}
    everybody = {key: figure for given in figures.values() for key, figure in given.items()}
    below: dict[str, list[str]] = {}
    for commune, district in zip(drawn["xa"].units, cycle(drawn["huyen"].units), strict=False):
        below.setdefault(district, []).append(commune)
    communes = dict.fromkeys(drawn["xa"].units, drawn["xa"].framework)
    for each in drawn.values():
        framework = each.framework
        rows = [(unit, row.code) for row in framework.rows for unit in each.units]
        beside = Beside(
            evidence={key: "" for at, key in enumerate(rows) if at % LACKING},
            self_points={
                (unit, row.code): row.max_points or Fraction(0)
                for row in framework.criteria
                for unit in each.units
            },
            below=below,
            frameworks=communes,
        )
        yield framework, list(each.units), everybody, beside


def validation_cost(units: int) -> dict[str, float]:
    """Seconds to validate so many units for the first time, imports apart, and the memory that it
    took at its peak beside the figures (MB). Meant for a process of its own."""
    from expectations.frame import pooled_frame
    from expectations.run import run_checks

    made = list(levels(units))
    gc.collect()
    before = _peak(reset=True)
    started = time.perf_counter()
    done = [
        run_checks(pooled_frame(framework, names, figures, beside))
        for framework, names, figures, beside in made
    ]
    seconds = time.perf_counter() - started
    outcomes = [outcome for each in done for outcome in each.outcomes]
    return {
        "units": sum(len(names) for _, names, _, _ in made),
        "figures": len(made[0][2]),
        "checks": sum(outcome.status != "nothing_to_check" for outcome in outcomes),
        "findings": sum(len(each.findings) for each in done),
        "seconds": round(seconds, 3),
        "peak MB": round(_peak(reset=False) - before),
    }


def validation_costs() -> dict[str, object]:
    """One province beside the import of Great Expectations, and the growth over `SIZES`."""
    imports = [
        float(
            _python(
                "-c",
                "import time; t = time.perf_counter(); import great_expectations;"
                " print(time.perf_counter() - t)",
            )
        )
        for _ in range(IMPORTS)
    ]
    imported = median(imports)
    province = _in_child(sum(PROVINCE.values()))
    sizes = [_in_child(units) for units in SIZES]
    return {
        "import of great_expectations, seconds": round(imported, 2),
        "province": province,
        "province, ratio to the import": round(province["seconds"] / imported, 3),
        "sizes": sizes,
        "growth exponent of time": [_exponent(*pair, "seconds") for pair in pairwise(sizes)],
        "growth exponent of memory": [_exponent(*pair, "peak MB") for pair in pairwise(sizes)],
    }


def _exponent(small: dict[str, float], large: dict[str, float], what: str) -> float:
    """1 where twice the units cost twice as much."""
    grown = max(large[what], 1e-9) / max(small[what], 1e-9)
    return round(log(grown) / log(large["units"] / small["units"]), 2)


def _in_child(units: int) -> dict[str, float]:
    told: dict[str, float] = json.loads(_python("-m", "benchmarks.validation", str(units)))
    return told


def _python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip().splitlines()[-1]


def _peak(*, reset: bool) -> float:
    """The most memory that this process has held since the last reset, in MB (Linux)."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(validation_cost(int(sys.argv[1]))))
