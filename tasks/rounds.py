"""Open a round."""

from prefect import task

from dti_core.program.load import load_round
from dti_core.records.database import session
from dti_core.records.rounds import open_round
from tasks.retrying import RETRY


@task(name="mo-dot", **RETRY)
def open_round_task(round_id: str, actor: str) -> bool:
    """Record the round with the hashes of its law; returns whether it was new."""
    context = load_round(round_id)
    with session() as records:
        return open_round(records, context, actor)
