"""How many provinces a run on the work pool takes."""

from collections.abc import Sequence

RUNS_A_WORKER = 4
"""A worker gets its provinces in so many runs: few, since each imports Prefect and Great
Expectations anew, and more than one, so that a slow worker does not hold up the nation."""


def batches(rounds: Sequence[str], workers: int, size: int | None = None) -> list[list[str]]:
    """The provinces run by run, in order; `size` provinces each, where somebody says so."""
    each = size or max(1, -(-len(rounds) // (workers * RUNS_A_WORKER)))
    return [list(rounds[start : start + each]) for start in range(0, len(rounds), each)]
