"""The flows that a worker runs: one province, and a batch of them one after another.

Starting a process and importing Prefect and Great Expectations costs more than a small province:
a run on a work pool takes a batch.
"""

from typing import Any

from prefect import flow

from dti_core.framework.load import home
from dti_core.program.load import load_round
from dti_core.records.files import write_whole
from dti_core.records.workers import working
from tasks.national import evaluate_group_task, record_province_task

CLAIMS = "national/claims"
"""Where a run says which worker it is, under DTI_HOME: a run whose worker died is started again."""


@flow(name="danh-gia-tinh")
def evaluate_province(round_id: str, actor: str) -> dict[str, Any]:
    """Check, score and rank every level of one province, and record it."""
    levels = load_round(round_id).frameworks
    results = {level: evaluate_group_task(round_id, level) for level in levels}
    return record_province_task(round_id, results, actor)


@flow(name="danh-gia-cac-tinh")
def evaluate_batch(rounds: list[str], actor: str) -> list[dict[str, Any]]:
    """Provinces one after another, each a sub-flow."""
    from prefect.runtime import flow_run

    with working() as worker:
        claim = home() / CLAIMS / str(flow_run.id)
        write_whole(claim, worker.encode())
        try:
            return [evaluate_province(each, actor) for each in rounds]
        finally:
            claim.unlink()
