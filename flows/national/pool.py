"""Provinces on a Prefect work pool: the pool, workers of this machine, and runs watched to the end.

A run whose worker died is started again with the provinces that it still owed. Provinces give the
same result whoever works them out, so that nothing is lost and nothing is doubled.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterParentFlowRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.deployments import run_deployment
from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.settings import get_current_settings
from prefect.states import Cancelled, Crashed

from dti_core.clock import now
from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.records.workers import has_died
from flows.national.province import CLAIMS, evaluate_batch, evaluate_province

POOL = "dti-toan-quoc"
DEPLOYMENT = "toan-quoc"
LOOK_EVERY = 1.0
"""Seconds between two looks at the runs: one query each."""
STARTS = 3
"""How often a batch is started, and a worker of ours, before somebody has to look."""
STOP_WITHIN = 15
"""Seconds that workers of ours have to end in good order."""
PENDING_FOR = timedelta(minutes=3)
"""A worker that took a run and did not begin it for so long has died: starting takes seconds."""
PAGE = 200
"""The most that the server returns at once (PREFECT_API_DEFAULT_LIMIT)."""


class ProvincesFailed(Refused):
    """Some provinces could not be evaluated. The text names their runs and what to do."""


def prepare_pool() -> None:
    """The work pool and the deployment that its workers run; there already, nothing changes."""
    # it may be there: somebody's before, or another run's at this moment
    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    deployment = RunnerDeployment.from_flow(
        evaluate_batch,
        name=DEPLOYMENT,
        work_pool_name=POOL,
        # workers elsewhere have the program installed, not our folder
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    deployment.apply()


@dataclass
class Workers:
    """Workers of this machine, as child processes that write to a log."""

    number: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    started: int = 0

    def start(self) -> None:
        """As many as are lacking. Raises ProvincesFailed where they die again and again."""
        self.processes = [each for each in self.processes if each.poll() is None]
        while len(self.processes) < self.number:
            if self.started == self.number * STARTS:
                raise ProvincesFailed(
                    "Tiến trình xử lý (worker) của Prefect dừng đi dừng lại. Xem nhật ký:"
                    f" {_log()}. Sửa xong, chạy lại đúng lệnh này."
                )
            self.processes.append(_worker(self.started))
            self.started += 1

    def stop(self) -> None:
        """Let them end in good order, then make sure: a run of theirs must not outlive them."""
        runs = [run for each in self.processes for run in _below(each.pid)]
        for each in self.processes:
            each.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for each in self.processes:
            with suppress(subprocess.TimeoutExpired):
                each.wait(timeout=max(0.0, deadline - time.monotonic()))
            each.kill()
            each.wait()
        for run in runs:
            with suppress(ProcessLookupError):  # it has ended with its worker
                os.kill(run, signal.SIGKILL)


def _below(pid: int) -> list[int]:
    """The processes that a process has started (Linux)."""
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


@contextmanager
def workers(number: int) -> Iterator[Workers]:
    """So many workers of this machine while inside."""
    ours = Workers(number)
    try:
        ours.start()
        yield ours
    finally:
        ours.stop()


def _log() -> str:
    return str(home() / "logs" / "worker.log")


def _worker(number: int) -> subprocess.Popen[bytes]:
    api = get_current_settings().api
    environment = os.environ | {
        "DTI_HOME": str(home()),
        "PREFECT_API_URL": str(api.url),
        # a worker looks for work every 10 s by itself; a province takes less
        "PREFECT_WORKER_QUERY_SECONDS": "2",
    }
    name = f"{POOL}-{os.getpid()}-{number}"
    options = ["--pool", POOL, "--type", "process", "--name", name, "--limit", "1"]
    # it ends with us, even where we are killed
    child = [sys.executable, "-m", "flows.office.child", str(os.getpid())]
    command = [*child, "prefect", "worker", "start", *options]
    (home() / "logs").mkdir(parents=True, exist_ok=True)
    with open(_log(), "ab") as log:
        return subprocess.Popen(
            command,
            env=environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )


@dataclass
class Batch:
    """Provinces that one run works out, and the run that is at it."""

    rounds: list[str]
    run: UUID | None = None
    starts: int = 0


def run_batches(
    batches: Sequence[Sequence[str]],
    actor: str,
    revive: Callable[[], None],
    tell: Callable[[int], None] = lambda _: None,
) -> None:
    """Start a run a batch on the pool and wait until all are done.

    revive  called at every look: starts workers of ours that died
    tell    called with the number of batches done, whenever one is
    Raises ProvincesFailed once all others are done.
    """
    open_ = [Batch(list(rounds)) for rounds in batches]
    try:
        failed = _watch(open_, actor, revive, tell)
    finally:
        _cancel(open_)  # nobody waits for them: the next command would run them a second time
    if failed:
        raise ProvincesFailed(
            f"{len(failed)} lượt chạy không xong: {'; '.join(failed)}. Lý do nằm trong nhật ký của"
            " từng lượt trên trang Prefect. Các tỉnh khác đã ghi kết quả; sửa xong, chạy lại đúng"
            " lệnh này."
        )


def _watch(
    open_: list[Batch], actor: str, revive: Callable[[], None], tell: Callable[[int], None]
) -> list[str]:
    """Take out of `open_` what is done; returns the runs that failed."""
    failed: list[str] = []
    for batch in open_:
        _start(batch, actor)
    done = 0
    while open_:
        revive()
        states = _runs([batch.run for batch in open_ if batch.run])
        for batch in list(open_):
            run = states.get(batch.run) if batch.run else None
            if run is None or run.state is None:
                continue
            if run.state.is_completed() or run.state.is_failed():
                if run.state.is_failed():
                    failed.append(f"{run.name} ({', '.join(batch.rounds)})")
                open_.remove(batch)
                done += 1
                tell(done)
            elif run.state.is_crashed() or run.state.is_cancelled() or _lost(run):
                if batch.starts == STARTS:
                    failed.append(f"{run.name} ({', '.join(batch.rounds)})")
                    open_.remove(batch)
                    continue
                _give_up(run)
                batch.rounds = _owed(batch, run)
                _start(batch, actor)
        if open_:
            time.sleep(LOOK_EVERY)
    return failed


def _start(batch: Batch, actor: str) -> None:
    run = run_deployment(
        f"{evaluate_batch.name}/{DEPLOYMENT}",
        parameters={"rounds": batch.rounds, "actor": actor},
        timeout=0,  # we look after them all together, and know when a worker died
    )
    batch.run, batch.starts = run.id, batch.starts + 1


def _runs(ids: Sequence[UUID]) -> dict[UUID, FlowRun]:
    found: dict[UUID, FlowRun] = {}
    with get_client(sync_client=True) as client:
        for start in range(0, len(ids), PAGE):
            wanted = FlowRunFilter(id=FlowRunFilterId(any_=list(ids[start : start + PAGE])))
            found |= {run.id: run for run in client.read_flow_runs(flow_run_filter=wanted)}
    return found


def _lost(run: FlowRun) -> bool:
    """Whether the worker of a run died at it. Of one that began, the lock tells (workers that share
    DTI_HOME); of one that did not, time does."""
    assert run.state is not None
    claim = home() / CLAIMS / str(run.id)
    if run.state.is_running() and claim.is_file():
        return has_died(claim.read_text())
    begun = run.state.is_pending() or run.state.is_running()
    return begun and now() - run.state.timestamp > PENDING_FOR


def _cancel(batches: Sequence[Batch]) -> None:
    with get_client(sync_client=True) as client:
        for batch in batches:
            if batch.run is not None:
                client.set_flow_run_state(batch.run, Cancelled(), force=True)


def _give_up(run: FlowRun) -> None:
    """Let Prefect's page say what became of a run that nobody works at any more."""
    (home() / CLAIMS / str(run.id)).unlink(missing_ok=True)
    if run.state is not None and not run.state.is_final():
        message = "Tiến trình xử lý đã dừng giữa chừng; các tỉnh còn lại được chạy lại."
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(run.id, Crashed(message=message), force=True)


def _owed(batch: Batch, run: FlowRun) -> list[str]:
    """The provinces of a run that are not recorded yet: those without a finished sub-flow."""
    with get_client(sync_client=True) as client:
        finished = _finished(client, run.id)
    return [each for each in batch.rounds if each not in finished]


def _finished(client: SyncPrefectClient, run: UUID) -> set[str]:
    completed = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.COMPLETED]))
    runs = client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[evaluate_province.name])),
        flow_run_filter=FlowRunFilter(
            parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run]), state=completed
        ),
        limit=PAGE,
    )
    return {str(each.parameters["round_id"]) for each in runs}
