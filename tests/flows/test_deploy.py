"""The calendar on a real Prefect server: deployed, changed, paused, and a round that a worker
starts when its moment comes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, DeploymentUpdate
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.schedules import CronSchedule
from prefect.states import Running
from sqlmodel import select

from dti_core.clock import CIVIL_TIME, now
from dti_core.records.database import session
from dti_core.records.outbox import notifications
from dti_core.records.rounds import opened_rounds
from dti_core.records.tables import RequestRecord
from flows.deployments import deploy, ensure_pool
from flows.schedules import BEGIN, DAILY, MILESTONE, TIME_ZONE, UNITS, WORK_POOL, YEARLY, schedules
from flows.wake import runs_of, wake
from tests.flows.served import PATIENCE, ROOT, start_run, until
from tests.unit.scheduled_program import DAYS_OPEN, PROGRAM, ROUND, write_program

pytestmark = pytest.mark.prefect
YEARLY_REMINDERS = 2
"""of the window that 2074/QĐ-UBND opens every year: the program is made from its province's."""

SOON = timedelta(seconds=10)
"""How far ahead the schedule is set, at least, at which a worker has to start the round."""


def test_prefect_deploy_registers_what_dti_deploy_does(server: Path) -> None:  # noqa: ARG001
    programs = ["dien-bien", "vinh-long", "vinh-long-mau", "vinh-phuc"]
    with get_client(sync_client=True) as client:
        ensure_pool(client)
    _prefect("deploy", "--all")
    found = _on_the_server()
    assert found == {each.slug: (each.rule, each.parameters) for each in schedules(programs)}
    _switch(BEGIN.full_name, "vinh-phuc-2023-so-gui-yeu-cau", active=False)
    done = deploy(programs)
    assert (done.created, done.moved, done.removed) == ([], [], [])
    assert done.paused == ["vinh-phuc-2023-so-gui-yeu-cau"]
    assert _on_the_server() == found
    # nothing of 2024 is made up for: the yearly reminders are all that is planned
    _run_of(YEARLY.full_name, now() + timedelta(days=366))
    assert {run.created_by.display_value for run in _runs()} <= {
        each.slug for each in schedules(programs) if each.deployment == YEARLY
    }


def test_a_changed_calendar_changes_the_schedules_and_a_pause_stays(server: Path) -> None:  # noqa: ARG001
    opens = now().astimezone(CIVIL_TIME).date() + timedelta(days=30)
    write_program(opens, explain_by=opens + timedelta(days=40))
    first = deploy([PROGRAM])
    assert set(first.created) == {each.slug for each in schedules([PROGRAM])}
    assert len(first.created) == 4 + YEARLY_REMINDERS
    assert deploy([PROGRAM]).created == []
    _switch(MILESTONE.full_name, f"{PROGRAM}-2030-khep-thu-thap", active=False)
    _by_hand(DAILY.full_name)
    _set_paused(DAILY.full_name, paused=True)
    write_program(opens + timedelta(days=1))

    done = deploy([PROGRAM])

    assert done.created == []
    assert done.removed == [f"{PROGRAM}-2030-het-han-giai-trinh"]
    assert set(done.moved) == {
        f"{PROGRAM}-2030-{name}" for name in ("gui-yeu-cau", "hang-ngay", "khep-thu-thap")
    }
    assert done.held == [DAILY.full_name]
    assert done.paused == [f"{PROGRAM}-2030-hang-ngay", f"{PROGRAM}-2030-khep-thu-thap"]
    assert _deployment(DAILY.full_name).paused
    _set_paused(DAILY.full_name, paused=False)
    assert done.by_hand == 1
    closes = opens + timedelta(days=DAYS_OPEN + 1)
    at = f"{closes + timedelta(days=1):%Y%m%d}T073000"
    assert _on_the_server()[f"{PROGRAM}-2030-khep-thu-thap"][0].startswith(f"DTSTART:{at}")
    assert _active()[f"{PROGRAM}-2030-khep-thu-thap"] is False
    assert _active()[f"{PROGRAM}-2030-gui-yeu-cau"] is True
    assert any(slug.startswith("vinh-phuc-") for slug in _active())  # other programs stay


def test_a_round_has_one_run_and_a_dead_one_is_replaced(
    server: Path,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quiet = "vinh-phuc/2023-so"
    _set_paused(UNITS.full_name, paused=True)
    assert wake(quiet) == "paused"
    _set_paused(UNITS.full_name, paused=False)
    with get_client(sync_client=True) as client:
        run = client.create_flow_run_from_deployment(
            _deployment(UNITS.full_name).id, parameters={"round_id": quiet}, state=Running()
        )
        assert wake(quiet) == "moving"
        monkeypatch.setattr("flows.wake.LOST_AFTER", timedelta(0))  # hours have passed
        assert wake(quiet) == "started"
        state = client.read_flow_run(run.id).state
        assert state is not None
        assert (state.name, "dừng đột ngột" in str(state.message)) == ("Crashed", True)
        (begun,) = runs_of(client, quiet)
        client.delete_flow_run(begun.id)


def test_a_worker_starts_the_round_at_its_moment_and_the_day_wakes_it(server: Path) -> None:
    """A round whose requests go out in a moment: a worker runs it, and it waits for the files."""
    started = time.monotonic()
    write_program(date(2030, 5, 1))
    deploy([PROGRAM])
    took = timedelta(seconds=time.monotonic() - started)  # a busy machine needs more time ahead
    moment = (now() + SOON + 3 * took).astimezone(CIVIL_TIME).replace(microsecond=0)
    write_program(moment.date(), at=f"{moment:%H:%M:%S}")
    deploy([PROGRAM])
    # switched off and on by a person: Prefect empties its parameters
    for active in (False, True):
        _switch(BEGIN.full_name, f"{PROGRAM}-2030-gui-yeu-cau", active=active)
    assert _on_the_server()[f"{PROGRAM}-2030-gui-yeu-cau"][1] == {}
    _plan_now(BEGIN.full_name)
    assert now() < moment
    with _worker(server / "worker.log"):
        begun = _run_of(BEGIN.full_name, moment)
        assert begun.auto_scheduled
        assert abs(begun.expected_start_time - moment) < timedelta(seconds=1)
        until(begun.id, "Completed")
        with get_client(sync_client=True) as client:
            (run,) = runs_of(client, ROUND)
        until(run.id, "Suspended")
        with session() as records:
            assert [each.id for each in opened_rounds(records)] == [ROUND]
            asked = records.exec(select(RequestRecord)).all()
            queued = notifications(records, ROUND)
        assert {"so-y-te", "so-tu-phap"} <= {each.provider for each in asked}
        assert {each.provider for each in asked} == {each.recipient for each in queued}
        folder = server / "rounds" / ROUND
        assert all((folder / each.workbook).is_file() for each in asked)

        # a second run of the round, asked for by an API call, leaves it to the first
        until(start_run(UNITS.full_name, round_id=ROUND), "Completed")
        until(run.id, "Suspended")
        # and the day wakes it: it looks at everything again, and waits again
        before = _state_of(run.id)
        until(start_run(DAILY.full_name, round_id=ROUND), "Completed")
        assert _state_of(run.id) != before


def _prefect(*words: str) -> None:
    """A command of Prefect's in a process of its own, as an office types it."""
    run = subprocess.run(
        [str(Path(sys.executable).with_name("prefect")), *words],
        cwd=ROOT,
        env={**os.environ, "PREFECT_CLI_PROMPT": "false"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@contextmanager
def _worker(log: Path) -> Iterator[None]:
    with log.open("wb") as file:
        worker = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("prefect")),
                *("worker", "start", "--pool", WORK_POOL, "--type", "process"),
            ],
            env={**os.environ, "PREFECT_WORKER_QUERY_SECONDS": "1"},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(worker.pid, signal.SIGINT)
            try:
                worker.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()


def _deployment(name: str) -> Any:
    with get_client(sync_client=True) as client:
        return client.read_deployment_by_name(name)


def _schedules() -> dict[str, Any]:
    """slug → the schedule as the server has it, of all deployments."""
    with get_client(sync_client=True) as client:
        return {
            each.slug: each
            for deployment in client.read_deployments()
            for each in deployment.schedules
            if each.slug
        }


def _on_the_server() -> dict[str, tuple[str, dict[str, Any]]]:
    found = _schedules()
    assert {each.schedule.timezone for each in found.values()} == {TIME_ZONE}
    return {slug: (each.schedule.rrule, each.parameters) for slug, each in found.items()}


def _active() -> dict[str, bool]:
    return {slug: each.active for slug, each in _schedules().items()}


def _switch(deployment: str, slug: str, *, active: bool) -> None:
    """What the switch beside a schedule on Prefect's page does."""
    found = _schedules()[slug]
    with get_client(sync_client=True) as client:
        client.update_deployment_schedule(_deployment(deployment).id, found.id, active=active)


def _set_paused(name: str, *, paused: bool) -> None:
    """What the switch beside a deployment on Prefect's page does."""
    with get_client(sync_client=True) as client:
        call = client.pause_deployment if paused else client.resume_deployment
        call(_deployment(name).id)


def _by_hand(deployment: str) -> None:
    """A schedule that somebody adds on Prefect's page: it has no slug."""
    schedule = DeploymentScheduleCreate(
        schedule=CronSchedule(cron="0 8 1 1 *"), parameters={"round_id": ROUND}
    )
    with get_client(sync_client=True) as client:
        client.create_deployment_schedules(_deployment(deployment).id, [schedule])


def _runs() -> list[Any]:
    """The runs that schedules have planned."""
    with get_client(sync_client=True) as client:
        return [run for run in client.read_flow_runs() if run.auto_scheduled]


def _run_of(deployment: str, until: datetime) -> Any:
    """The run of a deployment that starts by a moment at the latest, once it is planned."""
    deadline = time.monotonic() + PATIENCE
    wanted = FlowRunFilter.model_validate(
        {
            "deployment_id": {"any_": [_deployment(deployment).id]},
            "expected_start_time": {"before_": until},
        }
    )
    while True:
        with get_client(sync_client=True) as client:
            if found := client.read_flow_runs(flow_run_filter=wanted):
                return found[0]
        assert time.monotonic() < deadline, "the schedule planned no run"
        time.sleep(0.5)


def _plan_now(deployment: str) -> None:
    """Have the server plan runs within seconds: after a switch it looks only once a minute."""
    with get_client(sync_client=True) as client:
        update = DeploymentUpdate(description=_deployment(deployment).description)
        client.update_deployment(_deployment(deployment).id, update)


def _state_of(run_id: UUID) -> UUID:
    """Which state a run is in: a run that is suspended anew is in another one."""
    with get_client(sync_client=True) as client:
        state = client.read_flow_run(run_id).state
    assert state is not None
    return state.id
