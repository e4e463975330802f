"""Drive a whole unit round in processes that a stem process forks, and kill them.

The stem has imported everything, so that a run pays for its own work only: it must never have a
thread, an event loop or a connection of its own when it forks.
"""

import contextlib
import gc
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from dti_core.clock import standing_at
from dti_core.program.load import load_round
from dti_core.records.database import database_url, engine, session
from dti_core.records.outbox import FAILED, PENDING, notifications
from tests.flows.kill_reminders import POSTGRES, serve
from tests.flows.kills.outcome import Outcome, differences, outcome
from tests.flows.kills.program import ROUND, write_program

NOW = datetime(2024, 2, 8, 2, tzinfo=UTC)
"""The moment at which the whole round happens: events of two runs can only be equal under a clock
that stands. It is past the five days that units have to object in."""

TICK = 0.05
"""Seconds by the clock within which a kill falls, once the processor's time for it has come: where
a process waits for a server, that does not run."""

SETTINGS = ("DTI_HOME", "DTI_DATABASE_URL", "DTI_CHANNEL")

TRIES = 3
"""How often a round that failed is started, before the harness gives up."""

OFTEN = 0.3
"""How many of the killed runs are killed a second time."""

HEAVY = (
    "flows.unit_cycle",
    "expectations.run",
    "reports.letters.decision",
    "reports.quality.files",
    "reports.site.pages",
    "apprise",
)
"""What takes long to import in a round; what else one needs the stem learns from the first."""

LONGEST = 1800.0
"""Seconds after which a round counts as stuck, on a machine with much else to do."""


_living: set[int] = set()
"""The rounds that run, by process."""


@dataclass
class Run:
    """One round: what was killed when, and what came of it.

    head   whether the audit chain's head is the undisturbed one's
    failed what a process said that ended by an error, as where the Prefect server did not answer;
           the round is started again, as after a kill
    kills  seconds that a process had worked, how many events there were by then, and the last
    """

    number: int
    database: str
    seed: int
    seconds: float = 0.0
    head: bool = False
    failed: list[str] = field(default_factory=list)
    kills: list[dict[str, Any]] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def undisturbed(database: str) -> tuple[Outcome, float]:
    """What the round comes to when nobody kills it, and how many seconds of the processor it takes:
    how many by the clock hangs on what else the machine does."""
    for module in HEAVY:
        importlib.import_module(module)
    with _place(database) as mailbox:
        seconds = _finish(_start())
        found = outcome(ROUND, mailbox)
        _import_all()
        _forget_connections()
    if found.wrong:
        raise SystemExit(f"an undisturbed round is not whole: {found.wrong}")
    return found, seconds


def killed(number: int, database: str, seed: int, expected: Outcome, seconds: float) -> Run:
    """A run that is killed once or twice, at moments of the seed's choosing, and let finish.

    seconds  of the processor that an undisturbed one takes: the kills fall anywhere within
    """
    run = Run(number, database, seed)
    chance = random.Random(f"{seed}:{database}:{number}")
    began = time.monotonic()
    with _place(database) as mailbox:
        left = seconds
        for _ in range(2 if chance.random() < OFTEN else 1):
            moment = chance.uniform(0, left)
            left -= moment
            if not _kill(_start(), moment, chance.uniform(0, TICK), run):
                break
        _finish_somehow(run)
        found = outcome(ROUND, mailbox)
        run.head = found.head == expected.head
        run.wrong = differences(found, expected, run.held)
        _forget_connections()
    run.seconds = round(time.monotonic() - began, 2)
    return run


def _kill(pid: int, moment: float, after: float, run: Run) -> bool:
    """SIGKILL once the process has worked for so many seconds, and `after` by the clock; False
    where it had finished by then."""
    while (worked := _worked(pid)) is not None and worked < moment:
        time.sleep(TICK / 5)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    _living.discard(pid)
    if not os.WIFSIGNALED(status):
        if status:
            run.failed.append(_log().strip().splitlines()[-1][:300])
        return False
    with session() as records:
        for each in notifications(records, ROUND):
            if each.status in (PENDING, FAILED) and each.claimed_by:
                run.held[each.recipient] += 1
    events = _events()
    last = events[-1] if events else ""
    run.kills.append({"after": round(moment, 3), "events": len(events), "last": last})
    _forget_connections()
    return True


def _events() -> list[str]:
    from sqlmodel import col, select

    from dti_core.records.tables import AuditRecord

    with session() as records:
        found = records.exec(
            select(AuditRecord.action)
            .where(AuditRecord.round_id == ROUND)
            .order_by(col(AuditRecord.seq))
        )
        return list(found)


def _start() -> int:
    """The round, from wherever it stands to its end, in a process of its own."""
    if threading.active_count() > 1:
        raise SystemExit(f"the stem has threads: {threading.enumerate()}")
    _forget_connections()
    gc.freeze()  # Prefect collects garbage at every flow: what the stem has is none
    pid = os.fork()
    if pid:
        _living.add(pid)
        return pid
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with (Path(os.environ["DTI_HOME"]) / "log.txt").open("a") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            _live()
            (Path(os.environ["DTI_HOME"]) / "modules.txt").write_text("\n".join(sys.modules))
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _live() -> None:
    # imported here: the flows bring Prefect, whose settings the stem makes first
    from tests.flows.kills import people

    with standing_at(NOW):
        people.live(load_round(ROUND))


def _worked(pid: int) -> float | None:
    """Seconds of the processor that a process has had; None where it has finished."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    if fields[0] == "Z":
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _finish(pid: int) -> float:
    """Let a process come to its end; returns how many seconds of the processor it took."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        gone, status, used = os.wait4(pid, os.WNOHANG)
        if gone:
            _living.discard(pid)
            _refuse_failure(status)
            return used.ru_utime + used.ru_stime
        time.sleep(0.02)
    raise SystemExit(f"the round is stuck: {_log()}")


def _finish_somehow(run: Run) -> None:
    """To the end, again where a process failed."""
    for left in reversed(range(TRIES)):
        try:
            _finish(_start())
            return
        except Failed as failure:
            if not left:
                raise
            run.failed.append(str(failure).strip().splitlines()[-1][:300])


class Failed(Exception):
    """A round's process ended by an error."""


def _refuse_failure(status: int) -> None:
    if status:
        raise Failed(f"status {status}\n{_log()}")


def _log() -> str:
    return (Path(os.environ["DTI_HOME"]) / "log.txt").read_text()[-4000:]


def _import_all() -> None:
    """Import whatever the round that has just run did."""
    for name in (Path(os.environ["DTI_HOME"]) / "modules.txt").read_text().splitlines():
        if name not in sys.modules and not name.startswith("__"):
            # some are made by their parents and cannot be asked for by name
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


@contextlib.contextmanager
def _place(database: str) -> Iterator[Path]:
    """A home, a database and a mail server; gives the folder that letters land in."""
    home = Path(tempfile.mkdtemp(prefix="dti-kill-"))
    before = {name: os.environ.get(name) for name in SETTINGS}
    os.environ["DTI_HOME"] = str(home)
    schema = f"dti_kill_{os.getpid()}"
    if database == "postgres":
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f'CREATE SCHEMA "{schema}"')
        os.environ["DTI_DATABASE_URL"] = f"{POSTGRES}?options=-csearch_path%3D{schema}"
    else:
        os.environ["DTI_DATABASE_URL"] = f"sqlite:///{home / 'dti.sqlite'}"
    server, os.environ["DTI_CHANNEL"] = serve(home / "mail")
    try:
        write_program(home)
        yield home / "mail"
    finally:
        for pid in list(_living):  # whoever stops the stem stops what it started
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            _living.discard(pid)
        os.kill(server, signal.SIGTERM)
        os.waitpid(server, 0)
        _forget_connections()
        if database == "postgres":
            with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5) as connection:
                connection.execute(f'DROP SCHEMA "{schema}" CASCADE')
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        shutil.rmtree(home, ignore_errors=True)


def _forget_connections() -> None:
    """No connection may be shared with a child."""
    if "DTI_DATABASE_URL" in os.environ and engine.cache_info().currsize:
        engine(database_url()).dispose()
    engine.cache_clear()
