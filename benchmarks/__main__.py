"""`make bench`: what a command costs beside its imports, and the engine beside plain numpy."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from dti_core.framework.load import load_framework
from dti_core.framework.rules import Ratio
from dti_core.program.policies import Scoring
from dti_core.scoring import engine
from dti_core.scoring.columns import Figures, certain

REPEATS = 5


def command_cost(*arguments: str) -> float:
    """Median seconds of a command, started fresh."""
    runs = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        runs.append(time.perf_counter() - started)
    return statistics.median(runs)


def commands() -> dict[str, float]:
    """Light commands as a ratio of importing pandas."""
    pandas = command_cost("-c", "import pandas")
    return {
        "import pandas, seconds": round(pandas, 3),
        "dti --help / import pandas": round(command_cost("-m", "flows.cli", "--help") / pandas, 2),
        "dti frameworks show / import pandas": round(
            command_cost("-m", "flows.cli", "frameworks", "show", "vinh-long-2554/tinh", "--json")
            / pandas,
            2,
        ),
    }


def _best(work: Callable[[], object]) -> float:
    runs = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        runs.append(time.perf_counter() - started)
    return min(runs)


def scoring(units: int) -> dict[str, float]:
    """The engine on the plain ratios of 2074's department set, beside the same in bare numpy."""
    framework = load_framework("vinh-phuc-2074/so")
    rows = [
        row
        for row in framework.rows
        if isinstance(row.rule, Ratio) and row.rule.full_at is None and len(row.variables) == 2
    ]
    random = np.random.default_rng(2074)
    whole = {row.code: random.integers(1, 500, units).astype(float) for row in rows}
    part = {code: np.floor(column * random.random(units)) for code, column in whole.items()}
    numbers = {(code, "a"): certain(part[code]) for code in part}
    numbers |= {(code, "b"): certain(whole[code]) for code in whole}
    figures = Figures([str(number) for number in range(units)], numbers, {}, {})

    def ours() -> None:
        for row in rows:
            share = engine.shares(row, row.rule, figures, Scoring())
            _ = share.low * float(row.max_points or 0)

    def plain() -> None:
        for row in rows:
            ratio = part[row.code] / whole[row.code]
            _ = np.clip(ratio, 0.0, 1.0) * float(row.max_points or 0)

    mine, bare = _best(ours), _best(plain)
    return {
        "scores per second": round(units * len(rows) / mine),
        "ratio to plain numpy": round(mine / bare, 2),
    }


def main() -> None:
    result = {
        "commands": commands(),
        "scoring": {str(units): scoring(units) for units in (20, 200, 2_000, 20_000)},
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
