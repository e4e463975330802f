"""A flow served by a process of its own, its runs, and the forms that they wait with."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
PATIENCE = 180


@contextmanager
def served(module: str, log: Path) -> Iterator[None]:
    """`python -m module` in a process of its own, looking for runs every second."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            env={**os.environ, "PREFECT_RUNNER_POLL_FREQUENCY": "1"},
            cwd=ROOT,
            stdout=file,
            stderr=file,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)


def start_run(deployment: str, **parameters: Any) -> UUID:
    """A run of a served deployment, as soon as the serving process has announced it."""
    from prefect.deployments import run_deployment
    from prefect.exceptions import ObjectNotFound

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            run: Any = run_deployment(deployment, parameters=parameters, timeout=0)
            return UUID(str(run.id))
        except ObjectNotFound:
            assert time.monotonic() < deadline, "the deployment never came up"
            time.sleep(1)


def until(run_id: UUID, wanted: str) -> None:
    from prefect.client.orchestration import get_client

    deadline = time.monotonic() + PATIENCE
    while True:
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(run_id).state
        assert state is not None
        if state.name == wanted:
            return
        assert state.name not in ("Failed", "Crashed"), state.message
        assert time.monotonic() < deadline, f"still {state.name}"
        time.sleep(0.5)


class Form:
    """What a suspended run shows on Prefect's page, one form after the other."""

    def __init__(self, run_id: UUID) -> None:
        self.run_id = run_id
        self.key = ""

    def shown(self) -> str:
        """What stands over the next form, once the run is suspended with it."""
        from prefect.client.orchestration import get_client

        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            until(self.run_id, "Suspended")
            with get_client(sync_client=True) as client:
                state = client.read_flow_run(self.run_id).state
                keys = state.state_details.run_input_keyset if state else None
                key = keys["description"] if keys else self.key
                if key != self.key and (
                    found := client.filter_flow_run_input(self.run_id, key, 1, set())
                ):
                    self.key = key
                    return str(found[0].decoded_value)
            time.sleep(0.3)
        raise AssertionError("the run never showed another form")

    def fill(self, role: str, *, agree: bool) -> None:
        """Somebody fills it in and resumes the run, as Prefect's page does."""
        from prefect.flow_runs import resume_flow_run

        resume_flow_run(self.run_id, run_input={"role": role, "agree": agree})

    def answered(self, role: str, *, agree: bool) -> str:
        """Fill it in; what stands over the next one."""
        self.fill(role, agree=agree)
        return self.shown()


def approve(round_id: str, step: str, role: str = "Lãnh đạo", *, apart: bool = False) -> str:
    """`dti approve`; what it printed. `apart`: in a process of its own, as an office runs it."""
    words = ["approve", round_id, step, "--as", role]
    if not apart:
        from flows.cli import app

        found = CliRunner().invoke(app, words)
        assert found.exit_code == 0, found.output
        return found.output
    run = subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        env=dict(os.environ),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
