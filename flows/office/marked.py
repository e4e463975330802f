"""Every process of an office's server carries a mark in its environment, so that none is lost.

A run of a flow has a session of its own, so that no signal to a group reaches it, and whoever
started it may be gone: the mark is what still tells whose it is. Linux only (/proc); elsewhere the
group alone is ended.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MARK = "DTI_UP"
RUN = "PREFECT__FLOW_RUN_ID"
"""What Prefect puts into the environment of a flow's run, and of nothing else."""


def mark_of(home: Path, token: str) -> str:
    """The value of MARK: whose home, and which start of its server."""
    return f"{home}|{token}"


def marked(fits: Callable[[str], bool], runs_only: bool = False) -> list[int]:
    """The processes whose mark fits, this one apart; on wish only those that run a flow."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        try:
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue  # ended meanwhile, or another user's
        values = dict(entry.partition("=")[::2] for entry in os.fsdecode(environment).split("\0"))
        if runs_only and RUN not in values:
            continue
        if MARK in values and fits(values[MARK]) and pid != os.getpid():
            found.append(pid)
    return found


def end_all(fits: Callable[[str], bool], *, runs_only: bool = False, patience: float = 5.0) -> int:
    """End every process whose mark fits: asked at first, killed after `patience` seconds.

    Returns how many there were. A process that is killed is looked for again: it may have started
    another one at the last moment.
    """
    met: set[int] = set()
    deadline = time.monotonic() + patience
    while found := marked(fits, runs_only):
        last = time.monotonic() > deadline
        for pid in found:
            if last or pid not in met:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if last else signal.SIGTERM)
        met.update(found)
        if time.monotonic() > deadline + patience:
            break  # what does not even die by SIGKILL waits inside the system
        time.sleep(0.1)
    return len(met)
