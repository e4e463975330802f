"""Prefect for one command: its own home, a server of its own where none is running, quiet.

Nothing here imports Prefect: settings must be in the environment before the first import, and the
server starts while the flows are still being imported.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dti_core.errors import Refused
from dti_core.framework.load import home
from flows.office.api import is_healthy
from flows.office.lock import holder

STARTUP_SECONDS = 180
"""A first start on a slow machine creates Prefect's whole database: 38 s were measured."""

NOT_FOR_A_WHILE = (
    "CANCELLATION_CLEANUP",
    "EVENT_PERSISTER",
    "FOREMAN",
    "LATE_RUNS",
    "PAUSE_EXPIRATIONS",
    "SCHEDULER",
    "TRIGGERS",
)
"""Services that look after schedules, workers and automations: nothing for a server that runs for
one command. They took half of what it used of the processor."""


class ServerDidNotStart(Refused):
    """The Prefect server did not come up. The text names its log."""


def prepare(place: Path | None = None) -> None:
    """Put Prefect's and Great Expectations' settings into the environment, unless set already.

    place  the home to which what Prefect keeps and logs belongs; DTI_HOME where none is named
    """
    place = place or home()
    logs = place / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    defaults = {
        "PREFECT_HOME": str(place / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_SETTINGS_PATH": str(Path(__file__).with_name("logging.yaml")),
        "PREFECT_LOGGING_HANDLERS_FILE_FILENAME": str(logs / "prefect.log"),
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


@contextmanager
def prefect() -> Iterator[None]:
    """Run flows inside: on the server of PREFECT_API_URL, else on that of a running `dti up`, else
    on one started for the while."""
    prepare()
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    url = office_url()
    if url is not None:
        with _addressed(url):
            yield
        return
    server, url = _start()
    os.environ["PREFECT_API_URL"] = url
    try:
        # the imports take as long as the server's start; they run side by side
        from prefect.settings import (
            PREFECT_API_URL,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
            temporary_settings,
        )

        import flows.cycle  # noqa: F401

        _wait(server, url)
        # nobody watches the heartbeat of a run on a server that goes when it ends, and every flow
        # would wait up to a second for the thread that beats
        with temporary_settings({PREFECT_API_URL: url, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            yield
            _deliver()
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def office_url() -> str | None:
    """The address (…/api) of the server that `dti up` runs over this home; None where none runs.

    One that is just starting is waited for: a second server on one database would lock it.
    """
    deadline = time.monotonic() + STARTUP_SECONDS
    while (found := holder()) is not None and found.url and time.monotonic() < deadline:
        if is_healthy(found.url):
            return found.url
        time.sleep(0.5)
    return None


def use_running_server() -> bool:
    """Let Prefect's client find the server that runs already; returns whether there is one. To be
    called before Prefect is imported."""
    if not os.environ.get("PREFECT_API_URL"):
        url = office_url()
        if url is not None:
            os.environ["PREFECT_API_URL"] = url
    return bool(os.environ.get("PREFECT_API_URL"))


@contextmanager
def _addressed(url: str) -> Iterator[None]:
    """Prefect's client speaks with the server at `url` inside, imported before or not."""
    os.environ["PREFECT_API_URL"] = url
    try:
        from prefect.settings import PREFECT_API_URL, temporary_settings

        with temporary_settings({PREFECT_API_URL: url}):
            yield
            _deliver()
    finally:
        os.environ.pop("PREFECT_API_URL", None)


def _deliver() -> None:
    """Let Prefect send the logs and events it still holds: it would retry for a minute, loudly,
    against a server that is gone."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.instance().drain()
    EventsWorker.drain_all(timeout=10)


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_arguments(host: str, port: int) -> tuple[str, ...]:
    """What uvicorn is told to run Prefect's server with, its page and its scheduler."""
    return (
        "--factory",
        "prefect.server.api.server:create_app",
        f"--host={host}",
        f"--port={port}",
        "--log-level=warning",
        "--timeout-graceful-shutdown=5",
    )


def _start() -> tuple[subprocess.Popen[bytes], str]:
    port = free_port()
    spared = {f"PREFECT_SERVER_SERVICES_{each}_ENABLED": "false" for each in NOT_FOR_A_WHILE}
    log = (home() / "logs" / "prefect-server.log").open("ab")
    command = [sys.executable, "-m", "uvicorn", *server_arguments("127.0.0.1", port)]
    with log:
        server = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=spared | os.environ
        )
    return server, f"http://127.0.0.1:{port}/api"


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if is_healthy(url):
            return
        time.sleep(0.1)
    raise ServerDidNotStart(
        "Máy chủ Prefect không khởi động được. Xem nhật ký:"
        f" {home() / 'logs' / 'prefect-server.log'}"
    )
