"""The runs of a round on the Prefect server: find them, wake the one that waits, start a missing
one. A round has one run at a time; two would do the same work twice, to the same result.
"""

import os
from datetime import timedelta
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from dti_core.clock import now
from dti_core.errors import Refused
from flows.schedules import PROVINCE, UNITS, Schedule, cycle_of, of_slug

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

LOST_AFTER = timedelta(hours=6)
"""A run that has been running for so long is taken for dead: its machine went down before it could
say so. A cycle takes seconds to minutes between two waits, a province's first an hour at most."""

SOON = timedelta(minutes=1)
"""A run that starts so soon counts as moving; later ones are only planned."""

PAGE = 200
"""How many runs the server gives at once, at most."""

Woken = Literal["resumed", "moving", "started", "paused"]

TOLD: dict[Woken, str] = {
    "resumed": "luồng đang treo đã chạy tiếp",
    "moving": "luồng của đợt đang chạy, không cần đánh thức",
    "started": "đã bắt đầu một luồng mới",
    "paused": "deployment của đợt đang tạm dừng nên không bắt đầu luồng mới",
}


class NoRound(Refused):
    """A run was started without saying for which round."""


class NoHome(Refused):
    """A run on a worker does not know where the records are."""


class NotDeployed(Refused):
    """The server does not know the round's deployment."""


def wake(round_id: str) -> Woken:
    """Let the round go on: resume its suspended run; start one where none is there.

    A deployment that somebody paused starts nothing; what is suspended goes on all the same.
    Raises NotDeployed.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        runs = runs_of(client, round_id)
        # the oldest is the one that goes on; see `in_other_hands`
        if any(run.state_name == "Suspended" and resumed(run.id) for run in runs):
            return "resumed"
        alive = [run for run in runs if not _lost(client, run)]
        if alive:
            return "moving"
        return _start(client, round_id)


def in_other_hands(round_id: str) -> bool:
    """Whether this run is to end, since an older run of the round is on its way or waits.

    Only of a deployment's run: `dti cycle` is somebody's wish to look now. A waiting run is woken.
    Raises NoHome.
    """
    from prefect.client.orchestration import get_client
    from prefect.runtime import flow_run

    if not deployed():
        return False
    require_deployed_home()
    me = str(flow_run.id)
    with get_client(sync_client=True) as client:
        runs = [run for run in runs_of(client, round_id) if not _lost(client, run)]
    if me not in [str(run.id) for run in runs]:
        return False  # a step of another deployed flow
    older = list(takewhile(lambda run: str(run.id) != me, runs))
    for run in older:
        if run.state_name == "Suspended":
            resumed(run.id)
    return bool(older)


def deployed() -> bool:
    """Whether this is the run of a deployment, or a part of one.

    What the run knows of itself is asked first: Prefect's own answer asks the server each time.
    """
    from prefect.context import FlowRunContext
    from prefect.runtime import deployment

    here = FlowRunContext.get()
    if here is None or here.flow_run is None:
        return bool(deployment.id)
    if here.flow_run.deployment_id is not None or here.flow_run.parent_task_run_id is None:
        return here.flow_run.deployment_id is not None
    return bool(deployment.id)


def newer_is_due() -> bool:
    """Whether this run is left over from a day on which no worker ran, and a later one of its
    schedule is due by now: that one alone does what is to be done."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter

    me = _this_run()
    if me is None or me.created_by is None or me.expected_start_time is None:
        return False
    wanted = FlowRunFilter.model_validate(
        {
            "state": {"type": {"any_": ["SCHEDULED"]}},
            "deployment_id": {"any_": [me.deployment_id]},
            "expected_start_time": {
                "after_": me.expected_start_time + timedelta(seconds=1),
                "before_": now(),
            },
        }
    )
    with get_client(sync_client=True) as client:
        due = client.read_flow_runs(flow_run_filter=wanted, limit=PAGE)
    return any(run.created_by and run.created_by.id == me.created_by.id for run in due)


def own_schedule() -> Schedule:
    """The schedule that started this run, by its slug: where Prefect gave no parameters, since
    somebody had switched the schedule off and on. Raises NoRound, NoSchedule."""
    me = _this_run()
    if me is None or me.created_by is None or not me.auto_scheduled:
        raise NoRound(
            "Lượt chạy không nêu đợt nào. Hãy nêu tham số round_id, ví dụ vinh-long/2024-06."
        )
    return of_slug(str(me.created_by.display_value))


def _this_run() -> "FlowRun | None":
    """This run as the server has it; None where it was not started by a deployment."""
    from prefect.client.orchestration import get_client
    from prefect.runtime import flow_run

    if not deployed():
        return None
    with get_client(sync_client=True) as client:
        return client.read_flow_run(UUID(str(flow_run.id)))


def runs_of(client: "SyncPrefectClient", round_id: str) -> list["FlowRun"]:
    """The deployed runs of a round that run, wait, or start now, the oldest first.

    Not those that only wake it or take in files for it, nor what is planned for later days.
    """
    from prefect.client.schemas.filters import FlowFilter, FlowRunFilter

    names = {"name": {"any_": [UNITS.flow, PROVINCE.flow]}}
    cycles = {flow.id for flow in client.read_flows(flow_filter=FlowFilter.model_validate(names))}
    wanted = FlowRunFilter.model_validate(
        {
            "state": {"type": {"any_": ["PAUSED", "RUNNING", "PENDING", "SCHEDULED"]}},
            "expected_start_time": {"before_": now() + SOON},
            "deployment_id": {"is_null_": False},
        }
    )
    found: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(flow_run_filter=wanted, limit=PAGE, offset=len(found))
        found += page
        if len(page) < PAGE:
            break
    mine = [
        run
        for run in found
        if run.parameters.get("round_id") == round_id
        and (run.flow_id in cycles or run.state_name == "Suspended")
    ]
    return sorted(mine, key=lambda run: (run.created or now(), run.id))


def resumed(run_id: UUID) -> bool:
    """Resume one run; False where it cannot be yet, or somebody else did just now."""
    from prefect.exceptions import NotPausedError
    from prefect.flow_runs import resume_flow_run

    from flows.forms import WAKE

    try:
        resume_flow_run(run_id, run_input=WAKE)
    except NotPausedError:
        return False
    except RuntimeError as error:
        # a run is suspended a moment before its form is saved
        if "schema not found" not in str(error):
            raise
        return False
    return True


def require_deployed_home() -> None:
    """Refuse to run on a worker whose DTI_HOME is not set: it runs in a folder that is thrown away
    afterwards, and the records with it. Raises NoHome."""
    if deployed() and not Path(os.environ.get("DTI_HOME", "")).is_absolute():
        raise NoHome(
            "Tiến trình chạy luồng chưa biết dữ liệu nằm ở đâu. Hãy đặt DTI_HOME là đường dẫn đầy"
            " đủ của thư mục dữ liệu rồi khởi động lại worker, hoặc dùng dti up."
        )


def _lost(client: "SyncPrefectClient", run: "FlowRun") -> bool:
    """Whether a run died without saying so; it is recorded as crashed, so that nobody waits."""
    from prefect.states import Crashed

    state = run.state
    if state is None or run.state_name not in ("Running", "Pending", "Cancelling"):
        return False
    if state.timestamp > now() - LOST_AFTER:
        return False
    message = "Không còn tín hiệu: máy hoặc tiến trình chạy luồng đã dừng đột ngột."
    client.set_flow_run_state(run.id, Crashed(message=message), force=True)
    return True


def _start(client: "SyncPrefectClient", round_id: str) -> Woken:
    from prefect.deployments import run_deployment
    from prefect.exceptions import ObjectNotFound

    name = cycle_of(round_id).full_name
    try:
        if client.read_deployment_by_name(name).paused:
            return "paused"
    except ObjectNotFound:
        raise NotDeployed(
            f"Máy chủ Prefect chưa có deployment {name}. Hãy chạy: dti deploy"
        ) from None
    run_deployment(name, parameters={"round_id": round_id}, timeout=0, as_subflow=False)
    return "started"
