"""The children of `dti up`: started, heard into log files, and started again when they die."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from flows.office.logs import log_path, logger

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a child that died is started again: doubled each time, up to the longest."""
STEADY = 120.0
"""A child that lived for so many seconds had started well: the next pause is the first again."""


@dataclass
class Child:
    """A process of the office's server.

    title   what it is called in the log, in Vietnamese
    module  what it runs, as `python -m` would
    group   the process group that it joins; 0 for one of its own
    """

    name: str
    title: str
    module: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    group: int = 0
    process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _pause: float = FIRST_PAUSE
    _due: float | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "flows.office.child", str(os.getpid()), self.module]
        self.process = subprocess.Popen(
            [*command, *self.arguments],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=self.group,
        )
        self._started, self._due = time.monotonic(), None
        threading.Thread(target=_pump, args=(self.process, logger(self.name)), daemon=True).start()

    def look(self, log: logging.Logger) -> None:
        """Start it again where it has died, once its pause is over; says so in the log."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if self._due is None:
            if now - self._started > STEADY:
                self._pause = FIRST_PAUSE
            self._due = now + self._pause
            log.warning(
                "%s đã dừng (mã %s). Chạy lại sau %.0f giây. Xem nhật ký: %s",
                self.title,
                self.process.returncode,
                self._pause,
                log_path(self.name),
            )
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        elif now >= self._due:
            self.start()
            log.info("%s được chạy lại (tiến trình %s).", self.title, self.process.pid)

    def stop(self, patience: float) -> bool:
        """Ask it to end, kill it after `patience` seconds; returns whether it ended by itself."""
        process, self.process = self.process, None
        if process is None:
            return True
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return False
        return True


def _pump(process: subprocess.Popen[bytes], log: logging.Logger) -> None:
    """What a child says, line by line, into its log file."""
    assert process.stdout is not None
    for line in process.stdout:
        log.info("%s", line.decode("utf-8", "replace").rstrip("\n"))
    process.stdout.close()
