"""A run waits, the Prefect server dies and comes back: the run is still there and goes on."""

import os
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dti_core.records.approvals import approval_state
from dti_core.records.database import session
from flows.runtime import free_port, server_arguments
from tests.flows.served import Form, approve, served, start_run, until
from tests.unit.signed_round import ROUND, opened

pytestmark = pytest.mark.prefect
PATIENCE = 120


class Server:
    """A server on a database of its own, which may be killed."""

    def __init__(self, database: Path, log: Path) -> None:
        self.port, self._database, self._log = free_port(), database, log
        self.url = f"http://127.0.0.1:{self.port}/api"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        address = f"sqlite+aiosqlite:///{self._database}"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", *server_arguments("127.0.0.1", self.port)],
                env={**os.environ, "PREFECT_API_DATABASE_CONNECTION_URL": address},
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()[-2000:]
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def own_server(server: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """On a copy of the shared server's database: to make one anew takes half a minute."""
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    copy = server / "prefect-own.db"
    shared = PREFECT_HOME.value() / "prefect.db"
    with closing(sqlite3.connect(shared)) as there, closing(sqlite3.connect(copy)) as here:
        there.backup(here)
    running = Server(copy, server / "own-server.log")
    running.start()
    monkeypatch.setenv("PREFECT_API_URL", running.url)
    try:
        with temporary_settings({PREFECT_API_URL: running.url}):
            yield running
    finally:
        running.kill()


def test_a_suspended_run_outlives_the_server(own_server: Server, server: Path) -> None:
    context = opened()
    with served("tests.flows.waiting_round", server / "waiting.log"):
        form = Form(start_run("cho-xac-nhan/thu", round_id=ROUND))
        form.shown()
        own_server.kill()
        own_server.start()
        assert "1 luồng" in approve(ROUND, "tham-dinh")
        assert "đã khép việc giải trình" in form.shown(), "the run has gone on to the next step"
        assert "1 luồng" in approve(ROUND, "giai-trinh")
        until(form.run_id, "Completed")
    with session() as records:
        assert approval_state(records, context, "tham-dinh").state == "valid"
