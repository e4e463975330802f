"""The national run: provinces evaluated side by side, collected and merged into one table."""

import sys
from collections.abc import Sequence
from typing import Any, Literal

from prefect import flow

from dti_core.program.load import load_round
from flows.national.batches import batches
from flows.national.province import evaluate_province
from flows.national.table import Merged, write_table
from tasks.national import evaluate_group_task, record_province_task

Runner = Literal["processes", "dask"]
OPERATOR = "Người vận hành"


@flow(name="danh-gia-toan-quoc")
def evaluate_nation(
    rounds: list[str], workers: int = 1, batch: int | None = None, actor: str = OPERATOR
) -> Merged:
    """Every province a sub-flow, then the national table.

    workers  1: one after another in this process; more: so many workers of this machine on the work
             pool; 0: on the work pool, by workers that others have started
    batch    provinces a run on the pool
    """
    if workers == 1:
        for each in rounds:
            evaluate_province(each, actor)
    else:
        from flows.national.pool import prepare_pool, run_batches
        from flows.national.pool import workers as working

        prepare_pool()
        with working(workers) as ours:
            run_batches(batches(rounds, workers or 1, batch), actor, ours.start, _tell)
    return write_table(rounds)


@flow(name="danh-gia-toan-quoc-dask")
def evaluate_nation_on_tasks(rounds: list[str], actor: str = OPERATOR) -> Merged:
    """Every level of every province a task of the flow's task runner; recorded here, by one writer,
    province by province."""
    waiting: dict[str, dict[str, Any]] = {
        each: {
            level: evaluate_group_task.submit(each, level) for level in load_round(each).frameworks
        }
        for each in rounds
    }
    for each in rounds:
        futures = waiting.pop(each)
        results = {level: future.result() for level, future in futures.items()}
        record_province_task(each, results, actor)
    return write_table(rounds)


def run_nation(
    rounds: Sequence[str],
    runner: Runner = "processes",
    workers: int = 1,
    scheduler: str | None = None,
    batch: int | None = None,
    actor: str = OPERATOR,
) -> Merged:
    """The national run, on a Prefect server that is there. Raises NoDask, ProvincesFailed,
    Refused."""
    if runner == "processes":
        return evaluate_nation(list(rounds), workers, batch, actor)
    from flows.national.dask_runner import dask_runner

    on_dask = evaluate_nation_on_tasks.with_options(task_runner=dask_runner(workers, scheduler))
    return on_dask(list(rounds), actor)


def _tell(done: int) -> None:
    print(f"{done} lượt chạy xong", file=sys.stderr, flush=True)
