"""The processes of a round, forked by a stem that has imported everything.

So a run pays for its own work only, and its kills fall into that work and not into imports, which
change nothing on disk. The stem must never have a thread, an event loop or a connection of its own
when it forks. A round's first moments, the database's creation, Prefect's client and engine are the
child's own, and die with it.
"""

import gc
import os
import signal
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

from dti_core.clock import standing_at
from dti_core.program.load import load_round
from dti_core.records.database import database_url, engine
from tests.flows.kills import whereabouts
from tests.flows.kills.program import ROUND

NOW = datetime(2024, 2, 8, 2, tzinfo=UTC)
"""The moment at which the whole round happens: events of two runs can only be equal under a clock
that stands. It is past the five days that units have to object in."""

LONGEST = 1800.0
"""Seconds after which a round counts as stuck, on a machine with much else to do."""

MODULES = "modules.txt"
"""Where a round that has come to its end tells what it imported, in its home."""

_living: set[int] = set()
"""The rounds that run, by process."""


class Failed(Exception):
    """A round's process ended by an error."""


def start() -> int:
    """The round, from wherever it stands to its end, in a process of its own."""
    if threading.active_count() > 1:
        raise SystemExit(f"the stem has threads: {threading.enumerate()}")
    forget_connections()
    gc.freeze()  # Prefect collects garbage at every flow: what the stem has is none
    whereabouts.turn()
    pid = os.fork()
    if pid:
        _living.add(pid)
        return pid
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with (Path(os.environ["DTI_HOME"]) / "log.txt").open("a") as log_:
            os.dup2(log_.fileno(), 1)
            os.dup2(log_.fileno(), 2)
            _live()
            (Path(os.environ["DTI_HOME"]) / MODULES).write_text("\n".join(sys.modules))
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _live() -> None:
    # imported here: the flows bring Prefect, whose settings the stem makes first
    from tests.flows.kills import people

    whereabouts.mark_stages()
    with standing_at(NOW):
        people.live(load_round(ROUND))


def worked(pid: int) -> float | None:
    """Seconds of the processor that a process has had; None where it has finished."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    if fields[0] == "Z":
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kill(pid: int) -> tuple[int, float]:
    """SIGKILL; returns how the process ended, perhaps by itself, and its processor's seconds."""
    os.kill(pid, signal.SIGKILL)
    _, status, used = os.wait4(pid, 0)
    _living.discard(pid)
    return status, used.ru_utime + used.ru_stime


def finish(pid: int) -> tuple[int, float]:
    """Let a process come to its end; returns how it ended, and its processor's seconds."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        gone, status, used = os.wait4(pid, os.WNOHANG)
        if gone:
            _living.discard(pid)
            return status, used.ru_utime + used.ru_stime
        time.sleep(0.02)
    raise SystemExit(f"the round is stuck: {log()}")


def stop_all() -> None:
    """Whoever stops the stem stops what it started."""
    for pid in list(_living):
        kill(pid)


def log() -> str:
    """The last that the round's processes said."""
    return (Path(os.environ["DTI_HOME"]) / "log.txt").read_text()[-4000:]


def forget_connections() -> None:
    """No connection may be shared with a child."""
    if "DTI_DATABASE_URL" in os.environ and engine.cache_info().currsize:
        engine(database_url()).dispose()
    engine.cache_clear()
