"""Who is at work: a lock file for each worker, which the system frees when the worker dies.

It answers one question, for workers that share DTI_HOME: is the worker that claimed this still
alive? Of a worker elsewhere nothing is known, and its claim simply runs out.
"""

import fcntl
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from dti_core.framework.load import home


@contextmanager
def working() -> Iterator[str]:
    """A worker's name, held while it works."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    path = folder / f"{name}.lock"
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        # not LOCK_NB: somebody may be looking whether it is free at this very moment
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield name
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def has_died(name: str) -> bool:
    """Whether a worker died at its work; False for one that works, or that is not known here."""
    try:
        descriptor = os.open(_folder() / f"{name}.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def bury(claimants: Callable[[], set[str]], age: timedelta) -> None:
    """Remove the files of dead workers that hold no claim, `age` after they had begun.

    claimants  asked only once the dead are known, for the dead claim nothing any more
    """
    oldest = time.time() - age.total_seconds()
    dead = [
        path for path in _folder().glob("*.lock") if _begun(path) <= oldest and has_died(path.stem)
    ]
    if dead:
        keep = claimants()
        for path in dead:
            if path.stem not in keep:
                path.unlink(missing_ok=True)


def _begun(path: Path) -> float:
    """When a worker began; never, where it has ended in good order meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _folder() -> Path:
    return home() / "workers"
