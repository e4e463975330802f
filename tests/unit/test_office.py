"""The parts of `dti up`, without Prefect: the lock, the watcher, children, what is left behind."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import pytest

from dti_core.errors import Refused
from flows.office import processes, surroundings, up
from flows.office.api import NoAnswer, NotThere, ask, is_healthy
from flows.office.lock import Busy, held, holder
from flows.office.marked import MARK, RUN, end_all, marked
from flows.office.processes import Child
from flows.office.unfinished import has_other_workers, put_back, unfinished
from flows.office.watcher import Inbox, Watcher, key_of, listing
from flows.runtime import free_port, office_url
from flows.schedules import WORK_POOL

ROUND = "thu/2023"
ROOT = Path(__file__).parents[2]


def test_the_supervisor_knows_the_pool_of_the_deployments() -> None:
    assert up.POOL == WORK_POOL


def test_the_supervisor_imports_no_prefect() -> None:
    """It runs for a year: what it imports it keeps in memory."""
    code = (
        "import sys, flows.office.up\n"
        "print([each for each in ('prefect', 'sqlmodel') if each in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_one_at_a_time_and_free_after_a_kill(empty_home: Path) -> None:
    code = (
        "import time\nfrom flows.office.lock import held\n"
        "with held('http://127.0.0.1:4/api'):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        found = holder()
        assert found is not None
        assert (found.pid, found.url) == (other.pid, "http://127.0.0.1:4/api")
        with pytest.raises(Busy, match=f"tiến trình {other.pid}"), held(""):
            pass
        other.kill()
    assert holder() is None
    with held(""):
        assert (empty_home / "up.lock").exists()
    assert office_url() is None


class _Asked:
    """A server for the watcher: keeps what was asked for; one run a key, as Prefect does."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.states: dict[str, str] = {}
        self.said: list[str] = []

    def ask_for(self, round_id: str, key: str) -> str:
        assert round_id == ROUND
        if key not in self.keys:
            self.keys.append(key)
            self.states[key] = "SCHEDULED"
        return key

    def watcher(self) -> Watcher:
        return Watcher(
            lambda: [ROUND], self.ask_for, lambda run: self.states[run], self.said.append, rest=5
        )


@pytest.fixture
def box(empty_home: Path) -> Path:
    folder = empty_home / "rounds" / ROUND / "in" / "inbox"
    folder.mkdir(parents=True)
    return folder


def test_a_file_is_taken_in_once_it_rests(box: Path) -> None:
    server = _Asked()
    watcher = server.watcher()
    watcher.look(0)
    assert server.keys == []  # an empty inbox asks for nothing
    file = box / "Sở Y tế.xlsx"
    for second in range(1, 20, 3):
        file.write_bytes(b"x" * second)  # it grows while it is copied
        watcher.look(second)
    assert server.keys == []
    watcher.look(23)
    assert server.keys == []
    watcher.look(24)
    assert len(server.keys) == 1
    server.states[server.keys[0]] = "COMPLETED"
    for second in range(25, 60):
        watcher.look(second)
    assert len(server.keys) == 1
    (box / "khác.xlsx").write_bytes(b"y")
    for second in range(60, 70):
        watcher.look(second)
    assert len(server.keys) == 2


def test_two_watchers_ask_for_one_run(box: Path) -> None:
    server = _Asked()
    one, other = server.watcher(), server.watcher()
    (box / "a.xlsx").write_bytes(b"x")
    for second in range(20):
        one.look(second)
        other.look(second + 0.5)
    assert len(server.keys) == 1


def test_a_failed_run_is_tried_again_later_each_time(box: Path) -> None:
    server = _Asked()
    watcher = server.watcher()
    (box / "a.xlsx").write_bytes(b"x")
    moments = []
    for second in range(0, 400):
        before = len(server.keys)
        watcher.look(second)
        if len(server.keys) > before:
            moments.append(second)
            server.states[server.keys[-1]] = "CRASHED"
    pauses = [after - before for before, after in pairwise(moments)]
    assert pauses == [31, 61, 121]  # 30, 60, 120 s after the look that saw the failure
    assert len(set(server.keys)) == len(server.keys)
    assert any("thử lại sau 30 giây" in text for text in server.said)


def test_a_server_that_is_away_is_asked_again(box: Path) -> None:
    server = _Asked()
    away = [True]

    def ask_for(round_id: str, key: str) -> str:
        if away[0]:
            raise NoAnswer("không trả lời")
        return server.ask_for(round_id, key)

    watcher = Watcher(lambda: [ROUND], ask_for, lambda run: server.states[run], server.said.append)
    (box / "a.xlsx").write_bytes(b"x")
    for second in range(20):
        watcher.look(second)
    assert server.keys == []
    away[0] = False
    watcher.look(21)
    assert len(server.keys) == 1


def test_what_programs_keep_for_themselves_is_not_mail(box: Path) -> None:
    for name in (".a.xlsx", "~$a.xlsx"):
        (box / name).write_bytes(b"x")
    (box / "thư mục").mkdir()
    assert listing(ROUND) == ()
    (box / "a.xlsx").write_bytes(b"x")
    assert [name for name, _, _ in listing(ROUND)] == ["a.xlsx"]
    assert key_of(ROUND, listing(ROUND), 0) != key_of(ROUND, listing(ROUND), 1)
    assert listing("chưa/có") == ()
    assert Inbox(ROUND).look(0, 5) is False


def _module(folder: Path, name: str, code: str) -> dict[str, str]:
    (folder / f"{name}.py").write_text(code, encoding="utf-8")
    return {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def test_a_child_that_dies_comes_back_later_each_time(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(processes, "LONGEST_PAUSE", 0.2)
    environment = _module(empty_home, "dies", "print('lời cuối')\nraise SystemExit(7)\n")
    child = Child("dies", "Phần thử", "dies", environment=environment, _pause=0.05)
    log = logging.getLogger("test-office")
    log.setLevel(logging.INFO)
    child.start()
    deadline = time.monotonic() + 30
    while caplog.text.count("được chạy lại") < 3 and time.monotonic() < deadline:
        child.look(log)
        time.sleep(0.01)
    child.stop(5)
    assert caplog.text.count("Phần thử được chạy lại") == 3
    assert "mã 7" in caplog.text
    assert child._pause == 0.2
    assert "lời cuối" in (empty_home / "logs" / "dies.log").read_text(encoding="utf-8")


def test_a_child_ends_with_a_parent_that_is_killed(empty_home: Path) -> None:
    environment = _module(
        empty_home, "waits", "import time\nprint('da', flush=True)\ntime.sleep(99)"
    )
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, subprocess, sys, time\n"
            "c = subprocess.Popen([sys.executable, '-m', 'flows.office.child', str(os.getpid()),"
            " 'waits'], stdout=subprocess.PIPE)\n"
            "c.stdout.readline()\nprint(c.pid, flush=True)\ntime.sleep(99)\n",
        ],
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _ends(child)


def _ends(pid: int) -> bool:
    """Whether a process that is not ours to wait for has ended, or is dead and unburied."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def _deaf(mark: str, **more: str) -> subprocess.Popen[bytes]:
    """A process in a session of its own that does not listen to SIGTERM."""
    code = (
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('da', flush=True)\ntime.sleep(99)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, MARK: mark, **more},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_what_bears_the_mark_is_ended_and_nothing_else() -> None:
    mark = f"/nha-{os.getpid()}|1"
    run, plain, other = _deaf(mark, **{RUN: "x"}), _deaf(mark), _deaf(f"/khac-{os.getpid()}|1")
    try:
        mine = lambda found: found == mark  # noqa: E731
        assert set(marked(mine)) == {run.pid, plain.pid}
        assert end_all(mine, runs_only=True, patience=0.3) == 1
        assert run.wait(5) == -signal.SIGKILL
        assert plain.poll() is None
        assert end_all(mine, patience=0.3) == 1
        assert plain.wait(5) == -signal.SIGKILL
        assert other.poll() is None
        assert end_all(mine) == 0
    finally:
        for each in (run, plain, other):
            each.kill()
            each.wait()
            assert each.stdout is not None
            each.stdout.close()


def test_a_page_for_the_whole_network_needs_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_SERVER_API_AUTH_STRING", raising=False)
    surroundings.require_guarded("127.0.0.1")
    with pytest.raises(Refused, match="PREFECT_SERVER_API_AUTH_STRING"):
        surroundings.require_guarded("0.0.0.0")
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "dti:mat-khau")
    surroundings.require_guarded("0.0.0.0")
    found = surroundings.surroundings("0.0.0.0", 4200, "x|y")
    assert found["PREFECT_API_AUTH_STRING"] == "dti:mat-khau"
    assert found["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"


def test_how_many_runs_at_once(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.delenv("DTI_DATABASE_URL", raising=False)
    prefect = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgresql+asyncpg://x/prefect"}
    assert surroundings.runs_at_once(prefect) == 1
    monkeypatch.setenv("DTI_DATABASE_URL", "postgresql://x/dti")
    assert surroundings.runs_at_once({}) == 1
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert surroundings.runs_at_once(prefect) == surroundings.MANY


def test_a_port_that_is_taken_is_said(empty_home: Path) -> None:  # noqa: ARG001
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(up.PortTaken, match=f"--port {port + 1}"):
            up.up("127.0.0.1", port, print)
    assert holder() is None


class _Api(BaseHTTPRequestHandler):
    """A few answers in the words of Prefect's server; their truth is tested by tests/flows."""

    runs: ClassVar[dict[str, str]] = {}
    set_states: ClassVar[list[tuple[str, dict[str, Any]]]] = []

    def do_GET(self) -> None:
        run = self.path.rpartition("/")[2]
        if self.path == "/api/health":
            self._say(True)
        elif run in self.runs:
            self._say({"state": {"type": self.runs[run]}})
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/flow_runs/filter":
            going = [run for run, state in self.runs.items() if state in ("RUNNING", "PENDING")]
            page = going[body["offset"] : body["offset"] + body["limit"]]
            self._say([{"id": run, "parent_task_run_id": None} for run in page])
        elif self.path.endswith("/set_state"):
            self.set_states.append((self.path.split("/")[3], body))
            self._say({})
        elif self.path.endswith("/workers/filter"):
            self._say([{"name": "dti-may-nay", "status": "ONLINE"}])
        else:
            self.send_error(401)

    def _say(self, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def api() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        _Api.runs.clear()
        _Api.set_states.clear()


def test_runs_that_were_cut_off_are_put_back(api: str) -> None:
    _Api.runs |= {f"r{n}": "RUNNING" for n in range(450)} | {"xong": "COMPLETED"}
    assert is_healthy(api)
    found = unfinished(api, "dti")
    assert len(found) == 450
    _Api.runs["r7"] = "COMPLETED"  # it ended in good order meanwhile
    assert len(put_back(api, [*found, "xong"], "vì sao")) == 449
    run, body = _Api.set_states[0]
    assert run == "r0"
    assert (body["force"], body["state"]["type"], body["state"]["message"]) == (
        True,
        "SCHEDULED",
        "vì sao",
    )
    assert has_other_workers(api, "dti", "dti-may-khac")
    assert not has_other_workers(api, "dti", "dti-may-nay")


def test_a_server_that_says_no_is_named(api: str) -> None:
    with pytest.raises(NotThere):
        ask(api, "/flow_runs/khong-co")
    with pytest.raises(NoAnswer, match="PREFECT_API_AUTH_STRING"):
        ask(api, "/bat-ky", {})
    with pytest.raises(NoAnswer, match="không trả lời"):
        ask(f"http://127.0.0.1:{free_port()}/api", "/x", seconds=2)
