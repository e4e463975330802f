"""The waits for real: a served deployment, suspended, approved by command, resumed elsewhere."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dti_core.program.load import load_round
from flows.sample_people import (
    judge_explanations,
    send_again,
    send_appraisals,
    send_explanations,
    send_figures,
)
from tests.flows.round_of_units import ROUND

pytestmark = pytest.mark.prefect
ROOT = Path(__file__).parents[2]
PATIENCE = 180


@pytest.fixture
def served(server: Path) -> Iterator[Path]:
    """The cycle served by a process of its own."""
    with (server / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.serve"],
            env={**os.environ, "PREFECT_RUNNER_POLL_FREQUENCY": "1"},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            yield server
        finally:
            process.terminate()
            process.wait(timeout=60)


def _start() -> Any:
    """A run of the served deployment, as soon as the serving process has announced it."""
    from prefect.deployments import run_deployment
    from prefect.exceptions import ObjectNotFound

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return run_deployment(
                "danh-gia-don-vi/don-vi", parameters={"round_id": ROUND}, timeout=0
            ).id
        except ObjectNotFound:
            assert time.monotonic() < deadline, "the deployment never came up"
            time.sleep(1)


def _until(run_id: Any, wanted: str) -> None:
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


def _approve(step: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "flows.cli", "approve", ROUND, step, "--as", "Lãnh đạo"],
        env=dict(os.environ),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_a_suspended_round_goes_on_when_people_approve(served: Path) -> None:
    from flows.stages import intake
    from flows.unit_stages import appraise, explain

    context = load_round(ROUND)
    run_id = _start()
    _until(run_id, "Suspended")
    send_figures(context, late=False)
    send_figures(context, late=True)
    intake(ROUND)
    assert "1 luồng" in _approve("thu-thap")
    time.sleep(2)
    _until(run_id, "Suspended")
    send_explanations(context)
    send_again(context)
    explain(ROUND)
    intake(ROUND)
    judge_explanations(context, "Cán bộ")
    _approve("thu-thap")  # the workbook that was sent again voided the first approval
    _approve("giai-trinh")
    time.sleep(2)
    _until(run_id, "Suspended")
    send_appraisals(context)
    appraise(ROUND)
    _approve("tham-dinh")
    time.sleep(2)
    _until(run_id, "Suspended")
    assert (served / "rounds" / ROUND / "documents" / "du-thao-quyet-dinh.docx").exists()
    assert "1 luồng" in _approve("du-thao")
    time.sleep(2)
    _until(run_id, "Completed")
