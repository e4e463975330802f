"""Untrusted files are read by a process of their own; one that takes too much is killed.

calamine spreads every page out from corner to corner, and a page with a cell in its last row and
column asks for 550 gigabytes; the process that asks is aborted, without an exception. So no file is
read in the process that serves a round. The reading process is started once and used again: a file
costs what calamine takes for it, and the pages once through a pipe.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import dti_core
from dti_core.intake import limits
from dti_core.intake.untrusted.fault import TOO_MUCH_MEMORY, TOO_SLOW, Fault

_KEPT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP")
"""The environment that the reading process gets: it has no use for anybody's passwords."""

_READER = "dti_core.intake.untrusted"
_AT_ONCE = 0.1  # seconds; a workbook of ours takes 0.003
_RESTART_AFTER = 1000  # files; no reader lives for ever


class Guard:
    """Reads files one at a time. Several threads may share one."""

    def __init__(
        self,
        seconds: float = limits.SECONDS,
        memory: int = limits.MEMORY,
        cpu_seconds: int = limits.CPU_SECONDS,
    ) -> None:
        self._seconds = seconds
        self._arguments = [str(memory), str(cpu_seconds)]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._read = 0

    def read(self, content: bytes) -> dict[str, Any]:
        """The pages of a spreadsheet, as `untrusted.sheets.read` describes them.

        Raises Fault where the file is refused, takes too long or too much memory.
        """
        with self._lock:
            answer = self._ask(content)
        found: dict[str, Any] = json.loads(answer, object_hook=_time)
        if "fault" in found:
            raise Fault(found["fault"])
        return found

    def close(self) -> None:
        """End the reading process; another file starts a new one."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _ask(self, content: bytes) -> bytes:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._seconds, stop)
        try:
            process.stdin.write(len(content).to_bytes(8, "big") + content)
            process.stdin.flush()
            if not _soon(process.stdout, self._seconds):
                timer.start()
            length = process.stdout.read(8)
            answer = process.stdout.read(int.from_bytes(length, "big")) if length else b""
        except (BrokenPipeError, OSError):
            length, answer = b"", b""
        finally:
            timer.cancel()
        if not length or len(answer) != int.from_bytes(length, "big"):
            self.close()
            raise Fault(TOO_SLOW if late.is_set() or _out_of_time(process) else TOO_MUCH_MEMORY)
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        mine = self._process is not None and self._owner == os.getpid()
        if mine and self._read >= _RESTART_AFTER:
            self.close()
            mine = False
        if not mine or self._process is None or self._process.poll() is not None:
            environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
            environment["PYTHONPATH"] = str(Path(dti_core.__file__).parents[1])
            self._process = subprocess.Popen(
                [sys.executable, "-B", "-X", "utf8", "-m", _READER, *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
            self._owner, self._read = os.getpid(), 0
        self._read += 1
        return self._process


def _soon(pipe: IO[bytes], seconds: float) -> bool:
    """Whether the answer begins at once, as for nearly every file: no clock has to be started,
    which is a thread and takes longer than much of the reading."""
    try:
        return bool(select.select([pipe], [], [], min(_AT_ONCE, seconds))[0])
    except (OSError, ValueError):  # Windows waits for no pipe, select(2) for none above 1023
        return False


def _out_of_time(process: subprocess.Popen[bytes]) -> bool:
    """Whether the system ended the process for its computing time."""
    import signal

    ended = getattr(signal, "SIGXCPU", None)
    return ended is not None and process.returncode == -ended


def _time(found: dict[str, Any]) -> Any:
    """Dates and times from their kind and text."""
    match found.get("$"):
        case "date":
            return date.fromisoformat(found["of"])
        case "datetime":
            return datetime.fromisoformat(found["of"])
        case "time":
            return time.fromisoformat(found["of"])
        case "timedelta":
            return timedelta(seconds=float(found["of"]))
        case _:
            return found


_shared = Guard()
atexit.register(_shared.close)


def read_guarded(content: bytes) -> dict[str, Any]:
    """`Guard.read` with the limits of `dti_core.intake.limits`, by the process that all share."""
    return _shared.read(content)
