"""Waiting for people. The decision lives in our records; a flow run only waits for it."""

import time
from uuid import UUID, uuid4

from dti_core.errors import Refused
from dti_core.program.load import load_round
from dti_core.records.approvals import STEPS, approved
from dti_core.records.database import session
from dti_core.records.digests import digest_of

STANDSTILL_SECONDS = 60
"""How long `dti approve` watches a run that is moving; a run takes seconds between two waits."""

HALF_A_YEAR = 180 * 24 * 3600
"""A council takes weeks (2001/QĐ-UBND, IV.1: quý I); a suspended run costs nothing meanwhile."""


class Waiting(Refused):
    """The round waits for people. The text says for what, and the command that goes on."""

    def __init__(self, round_id: str, step: str, hint: str) -> None:
        self.step = step
        super().__init__(
            f"Đợt {round_id} đang chờ: {hint}. Khi xong, người có trách nhiệm xác nhận"
            f" ({STEPS[step]}): dti approve {round_id} {step} --as VAI_TRÒ;"
            f" rồi chạy lại: dti cycle {round_id}"
        )


def wait_for(round_id: str, step: str, hint: str) -> None:
    """Go on where the step is approved over the records as they are; otherwise wait.

    In a deployment the run is suspended and `dti approve` resumes it, in whatever process; run by
    hand it ends by raising Waiting.
    """
    load_round(round_id)
    with session() as records:
        digest = digest_of(records, round_id, step)
        if approved(records, round_id, step, digest):
            return
    from prefect.flow_runs import suspend_flow_run
    from prefect.runtime import deployment

    if deployment.id:
        # a key of its own each time: a resumed run starts from its top, and a key that has fired
        # once does not suspend again
        suspend_flow_run(timeout=HALF_A_YEAR, key=f"{step}-{uuid4()}")
    raise Waiting(round_id, step, hint)


def resume(round_id: str) -> int:
    """Resume the suspended runs of a round on the Prefect server; returns how many there were.

    A run that is on its way to a wait may look at the records just before an approval and suspend
    just after it: runs that are moving are watched until they stand.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.flow_runs import resume_flow_run

    wanted = FlowRunFilter.model_validate(
        {"state": {"type": {"any_": ["PAUSED", "RUNNING", "PENDING", "SCHEDULED"]}}}
    )
    resumed: set[UUID] = set()
    deadline = time.monotonic() + STANDSTILL_SECONDS
    while True:
        with get_client(sync_client=True) as client:
            mine = [
                run
                for run in client.read_flow_runs(flow_run_filter=wanted)
                if run.parameters.get("round_id") == round_id
                and run.deployment_id is not None
                and run.id not in resumed
            ]
        for run in mine:
            if run.state_name == "Suspended":
                resume_flow_run(run.id)
                resumed.add(run.id)
        moving = [run for run in mine if run.id not in resumed]
        if not moving or time.monotonic() > deadline:
            return len(resumed)
        time.sleep(1)
