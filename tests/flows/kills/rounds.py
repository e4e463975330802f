"""Drive whole unit rounds in processes of their own, and kill them when a seed says so."""

import contextlib
import importlib
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dti_core.records.database import session
from dti_core.records.outbox import FAILED, PENDING, notifications
from tests.flows.kills import process
from tests.flows.kills.outcome import Outcome, differences, outcome
from tests.flows.kills.place import place
from tests.flows.kills.program import ROUND
from tests.flows.kills.whereabouts import last_known

TICK = 0.05
"""Seconds by the clock within which a kill falls, once the processor's time for it has come: where
a process waits for a server, that does not run."""

TRIES = 3
"""How often a round that failed is started, before the harness gives up; how often one is begun
anew that had finished before its moment came."""

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


@dataclass
class Run:
    """One round: what was killed when, and what came of it.

    seconds    by the clock
    processor  seconds of it, in the round's processes and the one that drives them
    head       whether the audit chain's head is the undisturbed one's
    failed     what a process said that ended by an error, as where the Prefect server did not
               answer; the round is started again, as after a kill
    kills      seconds that a process had worked, the stage that it was in, how many events there
               were by then, and the last
    """

    number: int
    database: str
    seed: int
    seconds: float = 0.0
    processor: float = 0.0
    head: bool = False
    failed: list[str] = field(default_factory=list)
    kills: list[dict[str, Any]] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def undisturbed(database: str) -> tuple[Outcome, float]:
    """What the round comes to when nobody kills it, and how many seconds of the processor it takes:
    how many by the clock hangs on what else the machine does.

    Twice: the first tells the stem what to import, and the second must come to the same.
    """
    for module in HEAVY:
        importlib.import_module(module)
    first, _ = _undisturbed(database)
    second, seconds = _undisturbed(database)
    if wrong := differences(second, first, Counter()):
        raise SystemExit(f"two undisturbed rounds differ: {wrong}")
    return first, seconds


def _undisturbed(database: str) -> tuple[Outcome, float]:
    with place(database) as mailbox:
        status, seconds = process.finish(process.start())
        if status:
            raise SystemExit(f"an undisturbed round failed: {process.log()}")
        found = outcome(ROUND, mailbox)
        _import_all()
    if found.wrong:
        raise SystemExit(f"an undisturbed round is not whole: {found.wrong}")
    return found, seconds


def killed(number: int, database: str, seed: int, expected: Outcome, seconds: float) -> Run:
    """A run that is killed once or twice, at moments of the seed's choosing, and let finish.

    seconds  of the processor that an undisturbed one takes: the kills fall anywhere within
    """
    chance = random.Random(f"{seed}:{database}:{number}")
    for _ in range(TRIES):
        run = Run(number, database, seed)
        began, own = time.monotonic(), time.process_time()
        with place(database) as mailbox:
            _disturb(run, chance, seconds)
            found = outcome(ROUND, mailbox)
        run.head = found.head == expected.head
        run.wrong = differences(found, expected, run.held)
        run.seconds = round(time.monotonic() - began, 2)
        run.processor = round(run.processor + time.process_time() - own, 2)
        if run.kills or run.wrong:
            break
    return run


def _disturb(run: Run, chance: random.Random, seconds: float) -> None:
    left = seconds
    for _ in range(2 if chance.random() < OFTEN else 1):
        moment = chance.uniform(0, left)
        left -= moment
        if not _kill(process.start(), moment, chance.uniform(0, TICK), run):
            break
    _finish_somehow(run)


def _kill(pid: int, moment: float, after: float, run: Run) -> bool:
    """SIGKILL once the process has worked for so many seconds, and `after` by the clock; False
    where it had finished by then."""
    while (worked := process.worked(pid)) is not None and worked < moment:
        time.sleep(TICK / 5)
    time.sleep(after)
    status, seconds = process.kill(pid)
    run.processor += seconds
    if not os.WIFSIGNALED(status):
        if status:
            run.failed.append(_last_line())
        return False
    with session() as records:
        for each in notifications(records, ROUND):
            if each.status in (PENDING, FAILED) and each.claimed_by:
                run.held[each.recipient] += 1
    events = _events()
    run.kills.append(
        {
            "after": round(moment, 3),
            "stage": last_known(),
            "events": len(events),
            "last": events[-1] if events else "",
        }
    )
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


def _finish_somehow(run: Run) -> None:
    """To the end, again where a process failed."""
    for left in reversed(range(TRIES)):
        status, seconds = process.finish(process.start())
        run.processor += seconds
        if not status:
            return
        if not left:
            raise process.Failed(f"status {status}\n{process.log()}")
        run.failed.append(_last_line())


def _last_line() -> str:
    return process.log().strip().splitlines()[-1][:300]


def _import_all() -> None:
    """Import whatever the round that has just run did."""
    for name in (Path(os.environ["DTI_HOME"]) / process.MODULES).read_text().splitlines():
        if name not in sys.modules and not name.startswith("__"):
            # some are made by their parents and cannot be asked for by name
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
