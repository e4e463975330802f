"""How long work takes: the best of several runs, so that a busy machine spoils little."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

REPEATS = 7


def best(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Seconds of the fastest run."""
    runs = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        runs.append(time.perf_counter() - started)
    return min(runs)


def command_cost(*arguments: str) -> float:
    """Median seconds of a Python command, started fresh."""
    runs = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        runs.append(time.perf_counter() - started)
    return statistics.median(runs)
