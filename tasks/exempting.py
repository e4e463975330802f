"""Propose the exemptions that the program's traits give."""

from prefect import task

from dti_core.program.load import load_round
from dti_core.records.database import session
from dti_core.records.exemptions import propose
from dti_core.records.rounds import require_round
from tasks.retrying import RETRY


@task(name="de-xuat-mien", **RETRY)
def propose_task(round_id: str, actor: str) -> int:
    """Record what units are proposed to be exempted from; returns how many proposals are new."""
    context = load_round(round_id)
    with session() as records:
        require_round(records, context)
        return propose(records, context, actor)
