"""The sub-rounds of a round side by side: each the same flow with an operator of its own."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context

from dti_core.errors import Refused
from dti_core.program.load import SUB_ROUND, RoundContext, load_round


@dataclass(frozen=True)
class Ran:
    """How far one sub-round came: its papers, or what it waits for or was refused for."""

    round_id: str
    paths: tuple[str, ...] = ()
    waits: str | None = None
    refused: str | None = None


def run_sub_rounds(
    context: RoundContext, day: date | None = None, workers: int | None = None
) -> Iterator[Ran]:
    """Run the cycle of every sub-round until it waits for people or is done; yields each as it
    comes to a stop. One that is refused does not hold up the others.

    Needs a Prefect server in PREFECT_API_URL: the processes share it. `workers`: how many run at
    once, a processor each.
    """
    most = min(workers or os.cpu_count() or 1, len(context.sub_rounds))
    if not most:
        return
    with ProcessPoolExecutor(most, mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(cycle_once, each, day) for each in context.sub_rounds]
        for run in as_completed(runs):
            yield run.result()


def cycle_once(round_id: str, day: date | None = None) -> Ran:
    """Run the cycle of one sub-round in this process, by the unit that runs it."""
    from flows.runtime import prepare

    prepare()
    from flows.unit_cycle import unit_cycle
    from flows.waits import Waiting

    actor = load_round(round_id).program.unit[round_id.partition(SUB_ROUND)[2]].name
    try:
        return Ran(round_id, paths=tuple(unit_cycle(round_id, actor, day)))
    except Waiting as waiting:
        return Ran(round_id, waits=str(waiting))
    except Refused as refusal:
        return Ran(round_id, refused=str(refusal))
