"""`dti up` for real: its processes, a file in an inbox, the end, and the end of its parent."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dti_core.records.database import session
from flows.office.api import is_healthy
from flows.office.marked import marked
from flows.runtime import free_port, office_url
from tests.unit.collected_round import sends
from tests.unit.reminded_round import ROUND, opened

pytestmark = pytest.mark.prefect
ROOT = Path(__file__).parents[2]
PATIENCE = 300
"""Seconds at most: on an idle machine the start takes 20, a file 15, the end 3."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own; whatever a test leaves running there is ended."""
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    monkeypatch.delenv("DTI_DATABASE_URL", raising=False)
    for name in [each for each in os.environ if each.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    yield tmp_path
    for pid in _left(tmp_path):
        os.kill(pid, signal.SIGKILL)


def _left(home: Path) -> list[int]:
    return marked(lambda mark: mark.startswith(f"{home}|"))


def _up(home: Path, port: int) -> subprocess.Popen[bytes]:
    with (home / "up.out").open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "up", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "DTI_WATCH_LOOK_SECONDS": "0.5", "DTI_WATCH_REST_SECONDS": "1"},
            stdout=out,
            stderr=out,
        )


def _until(what: str, happens: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, f"{what}\n{log.read_text() if log.exists() else ''}"
        time.sleep(0.2)


def test_an_office_for_a_while(home: Path) -> None:
    """Up; a second one is refused; a child that dies comes back; a file is taken in; and the end
    leaves nothing behind."""
    context = opened({})
    port, log = free_port(), home / "logs" / "up.log"
    process = _up(home, port)
    try:
        _until("start", lambda: "Đang chạy" in (home / "up.out").read_text(), log)
        assert f"http://127.0.0.1:{port}" in (home / "up.out").read_text()
        assert "Chưa chuẩn bị xong" not in log.read_text(), (
            home / "logs" / "up-ready.log"
        ).read_text()
        assert office_url() == f"http://127.0.0.1:{port}/api"

        watcher = _pid(log, "Phần theo dõi hộp nhận")
        os.kill(watcher, signal.SIGKILL)
        second = subprocess.run(
            [sys.executable, "-m", "flows.cli", "up", "--port", str(free_port())],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 1
        assert f"tiến trình {process.pid}" in second.stderr
        _until("watcher again", lambda: "được chạy lại" in log.read_text(), log)

        sends(context, "so-y-te", {}, day=context.round.opens.on)
        _until("taken in", lambda: "so-y-te" in _received(), home / "logs" / "watcher.log")
        groups = {os.getpgid(pid) for pid in _children(process.pid)}
        assert len(groups) == 1
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=60)
    assert code == 0, (home / "up.out").read_text()
    assert _left(home) == []
    assert not is_healthy(f"http://127.0.0.1:{port}/api")
    assert office_url() is None
    assert "Đã dừng hẳn" in log.read_text()


def test_when_it_is_killed_its_children_end(home: Path) -> None:
    process = _up(home, free_port())
    log = home / "logs" / "up.log"
    try:
        _until("children", lambda: len(_left(home)) >= 3, log)
    finally:
        process.kill()
        process.wait()
    _until("their end", lambda: _left(home) == [], log)


def _received() -> set[str]:
    from sqlmodel import select

    from dti_core.records.tables import SubmissionRecord

    with session() as records:
        return set(
            records.exec(select(SubmissionRecord.unit).where(SubmissionRecord.round_id == ROUND))
        )


def _pid(log: Path, title: str) -> int:
    found = re.findall(rf"{title}: tiến trình (\d+)", log.read_text())
    assert found, log.read_text()
    return int(found[-1])


def _children(parent: int) -> list[int]:
    folder = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in folder.read_text().split()]
