"""The whole cycle of 20, 165 and 1,650 units beside its fixed cost, each in processes of its own.

F is what an empty flow costs with the imports that the cycle needs; T(n) the cycle of n units to
the signed-off draft, people's answers coming from files. Both start and stop a Prefect server and
an empty database. What people do (filling in, deciding) is measured apart and is not in T.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from math import log
from typing import Any

SIZES = (20, 165, 1650)
TIMEOUT = 4 * 3600
NOT_OURS = ("imports", "flow", "artifacts", "prefect_up_and_down", "people")
"""What is measured beside the stages: imports, Prefect's own part, people."""


def cycle_costs(sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """F, T by size, stages, growth exponents and the two ratios that are promised."""
    fixed = told(run("empty"))
    by_size = {n: told(run("cycle", n)) for n in sizes}
    found: dict[str, Any] = {
        "F": fixed,
        "T": {str(n): cost for n, cost in by_size.items()},
        "growth exponent of T - F": [
            round(_exponent(a, b, by_size, fixed), 2) for a, b in pairwise(sizes)
        ],
    }
    for kind in ("seconds", "cpu"):
        if 165 in by_size:
            found[f"T(165) / F, {kind}"] = round(by_size[165][kind] / fixed[kind], 2)
        if {165, 1650} <= set(by_size):
            more = by_size[1650][kind] - fixed[kind]
            found[f"(T(1650) - F) / (T(165) - F), {kind}"] = round(
                more / (by_size[165][kind] - fixed[kind]), 2
            )
    return found


def run(mode: str, units: int = 0) -> dict[str, Any]:
    """One run in a home of its own; the raw figures of `benchmarks.cycle_run`."""
    with tempfile.TemporaryDirectory() as home:
        surroundings = {k: v for k, v in os.environ.items() if not k.startswith("DTI_")}
        surroundings |= {"DTI_HOME": home, "DTI_PDF": "off"}
        if units:
            make = f"from benchmarks.made_program import make_program; make_program({units})"
            _child(surroundings, "-c", make)
        raw: dict[str, Any] = json.loads(_child(surroundings, "-m", "benchmarks.cycle_run", mode))
        return raw


def told(raw: dict[str, Any]) -> dict[str, Any]:
    """Clock and processor of the whole without people's part, and where they went."""
    stages: dict[str, dict[str, float]] = raw["stages"]
    people = stages.get("people", {"wall": 0.0, "cpu": 0.0})
    ours = {name.partition(":")[2]: each for name, each in stages.items() if ":" in name}

    def part(*names: str) -> float:
        return round(sum(stages[name]["cpu"] for name in names if name in stages), 2)

    return {
        "seconds": round(raw["wall"] - people["wall"], 2),
        "cpu": round(raw["cpu"] + raw["server_cpu"] - people["cpu"], 2),
        "peak MB": round(raw["peak_mb"]),
        "cpu of Prefect's server": round(raw["server_cpu"], 2),
        "cpu of Prefect beside us": part("flow", "artifacts"),
        "cpu of imports": part("imports"),
        "cpu of our work": round(sum(each["cpu"] for each in ours.values()), 2),
        "stages": {
            name: {
                "cpu": round(each["cpu"], 2),
                "seconds": round(each["wall"], 2),
                "queries": each["queries"],
                "runs": each["runs"],
            }
            for name, each in sorted(ours.items(), key=lambda one: -one[1]["cpu"])
        },
    }


def _exponent(small: int, large: int, by_size: dict[int, Any], fixed: Any) -> float:
    """1 where ten times the units cost ten times as much."""
    more = [max(by_size[n]["cpu"] - fixed["cpu"], 1e-9) for n in (small, large)]
    return log(more[1] / more[0]) / log(large / small)


def _child(surroundings: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=surroundings,
        timeout=TIMEOUT,
    )
    return (done.stdout.strip().splitlines() or [""])[-1]
