"""Waiting for people. The decision lives in our records; a flow run only waits for it."""

import time
from uuid import UUID

from dti_core.errors import Refused
from dti_core.program.load import RoundContext, load_round
from dti_core.records.approvals import STEPS, approval_state, steps_of
from dti_core.records.database import session
from flows.wake import deployed, resumed, runs_of

STANDSTILL_SECONDS = 60
"""How long `dti approve` watches a run that is moving; a run takes seconds between two waits."""


class Waiting(Refused):
    """The round waits for people. The text says for what, and the command that goes on."""

    def __init__(self, round_id: str, step: str, hint: str) -> None:
        self.step = step
        super().__init__(
            f"Đợt {round_id} đang chờ: {hint}. Khi xong, người có trách nhiệm xác nhận"
            f" ({STEPS[step]}): dti approve {round_id} {step} --as VAI_TRÒ;"
            f" rồi chạy lại: dti cycle {round_id}"
        )


def waits_for(round_id: str, step: str) -> bool:
    """Whether `wait_for` would wait: the round has the step, and nobody approved it as it is."""
    context = load_round(round_id)
    return step in steps_of(context) and not _is_approved(context, step)


def wait_for(round_id: str, step: str, hint: str) -> None:
    """Go on where the step is approved over the records as they are; otherwise wait.

    A step that the round does not have is not waited for. In a deployment the run is suspended with
    a form: who fills it in on Prefect's page approves by it, and `dti approve` resumes the run in
    whatever process. Run by hand it ends by raising Waiting.
    """
    context = load_round(round_id)
    if step not in steps_of(context):
        return
    if deployed():
        _wait_suspended(context, step, hint)
    elif not _is_approved(context, step):
        raise Waiting(round_id, step, hint)


def _wait_suspended(context: RoundContext, step: str, hint: str) -> None:
    """Take what was filled in since the last suspension; suspend again until the step is approved.

    Returns only once it is: suspending ends this process, and the resumed run starts from its top.
    """
    from flows.forms import suspend, take_answers

    refusals = take_answers(context, step)
    if not _is_approved(context, step):
        suspend(context, step, hint, refusals)


def _is_approved(context: RoundContext, step: str) -> bool:
    with session() as records:
        return approval_state(records, context, step).state == "valid"


def resume(round_id: str) -> int:
    """Resume the suspended runs of a round on the Prefect server; returns how many there were.

    A run that is on its way to a wait may look at the records just before an approval and suspend
    just after it: runs that are moving are watched until they stand.
    """
    from prefect.client.orchestration import get_client

    woken: set[UUID] = set()
    deadline = time.monotonic() + STANDSTILL_SECONDS
    while True:
        with get_client(sync_client=True) as client:
            mine = [run for run in runs_of(client, round_id) if run.id not in woken]
        woken |= {run.id for run in mine if run.state_name == "Suspended" and resumed(run.id)}
        moving = [run for run in mine if run.id not in woken]
        if not moving or time.monotonic() > deadline:
            return len(woken)
        time.sleep(1)
