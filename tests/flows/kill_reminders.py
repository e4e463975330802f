"""Kill the work of reminding at random moments, and count at the mail server what came of it.

    python -m tests.flows.kill_reminders --runs 50

Each run is a round of its own with late units and an empty mailbox. Two workers at once decide who
is reminded and send; they are killed with SIGKILL at random moments and started again; while both
are dead a unit may send its file. In the end they are let finish, and the server's mails must say:

- no late unit was left out, nor its head, nor the organiser's list;
- nobody got a mail twice, save where a kill fell between the server's acceptance and our commit:
  the server had that very mail when its worker died, and the records did not;
- no unit that had sent got a mail after it had.

Four runs of five are on PostgreSQL, the fifth on SQLite. A run is repeated by its number and seed.
"""

import argparse
import email
import email.policy
import json
import os
import random
import shutil
import signal
import smtplib
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import apprise
import psycopg

from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.database import database_url, engine, session
from dti_core.records.outbox import DROPPED, FAILED, PENDING, SENT, notifications
from flows.mailbox import mail_server
from tasks.ladder import AFTER, DIGEST, HEAD
from tasks.queueing import queue_reminders
from tasks.sending import send_pending
from tests.unit.reminded_round import DUE, LADDER, ROUND, all_but, arrives, opened

DAY = DUE + timedelta(days=5)
"""The day on which contact, head and organiser are all written to."""

LATE_UNITS = 8
KILLS = 5
LONGEST = 2.0
"""Seconds in which an undisturbed worker is about done with everything; kills fall within it."""

POSTGRES = os.environ.get("DTI_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")


@dataclass
class Counts:
    """What the mail server and the records say of one run, or of several together.

    held           messages that killed workers had in hand
    left_out       late units, heads, lists that never got their mail
    doubles        mails beyond the first to the same person for the same thing
    explained      those of them that the server had when their worker was killed
    after_sending  mails to units that had sent their file before
    unsettled      messages that are neither sent nor dropped in the end
    broken_trails  audit trails that are not whole
    """

    runs: int = 0
    kills: int = 0
    held: int = 0
    mails: int = 0
    left_out: int = 0
    doubles: int = 0
    explained: int = 0
    sent_meanwhile: int = 0
    after_sending: int = 0
    unsettled: int = 0
    broken_trails: int = 0

    def add(self, other: "Counts") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def good(self) -> bool:
        bad = self.left_out + self.after_sending + self.unsettled + self.broken_trails
        return bad == 0 and self.doubles == self.explained


@dataclass
class Run:
    """One round while it is being disturbed.

    mailed_before  units that have sent since → how many mails they had got until then
    lost           message → mails of it that the server took and no worker lived to record
    """

    mailbox: Path
    channel: str
    context: RoundContext
    chance: random.Random
    late: set[str]
    mailed_before: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    held: int = 0

    def disturb(self) -> Counts:
        workers: dict[int, int] = {}  # place → process
        for _ in range(KILLS):
            for place in (0, 1):
                if place not in workers:
                    workers[place] = start()
            self.wait_for_a_bad_moment()
            victims = self.chance.choice([(0,), (1,), (0, 1)])
            for place in victims:
                pid = workers.pop(place)
                self.kill(pid, list(workers.values()))
            if not workers:
                self.maybe_somebody_sends()
        for pid in workers.values():
            finish(pid)
        for pid in [start(), start()]:
            finish(pid)
        finish(start())
        return self.count()

    def wait_for_a_bad_moment(self) -> None:
        """Any moment of a worker's life, or the one right after the server took another mail."""
        if self.chance.random() < 0.4:
            time.sleep(self.chance.uniform(0, LONGEST))
            return
        until = time.monotonic() + LONGEST
        more = len(list(self.mailbox.glob("*.eml"))) + self.chance.randint(1, 3)
        while time.monotonic() < until and len(list(self.mailbox.glob("*.eml"))) < more:
            time.sleep(0.001)
        time.sleep(self.chance.uniform(0, 0.02))

    def kill(self, pid: int, others: list[int]) -> None:
        """SIGKILL; what the worker held is noted, and whether the server had it by then.

        The others stand still meanwhile: one of them would take the message over at once.
        """
        for other in others:
            os.kill(other, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):  # else it had finished by itself
            self.kills += 1
            self.note_what_was_held(pid)
        for other in others:
            os.kill(other, signal.SIGCONT)

    def note_what_was_held(self, pid: int) -> None:
        self.let_the_server_catch_up()
        with session() as records:
            for each in notifications(records, ROUND):
                holder = (each.claimed_by or "").rsplit("-", 2)[-2:-1]
                if each.status in (PENDING, FAILED) and holder == [str(pid)]:
                    self.held += 1
                    # unsettled, so that every mail of it was taken by the server and then lost
                    self.lost[each.key] = self.arrived()[what(each.key, each.recipient)]
        forget_connections()

    def maybe_somebody_sends(self) -> None:
        """A unit's file comes in while no worker lives."""
        waiting = sorted(self.late - set(self.mailed_before))
        if len(waiting) > LATE_UNITS // 2 and self.chance.random() < 0.7:
            unit = self.chance.choice(waiting)
            arrives(unit, "own", DAY)
            self.mailed_before[unit] = sum(
                count
                for (to, _), count in self.arrived().items()
                if to in (address(unit), head(unit))
            )
            forget_connections()

    def let_the_server_catch_up(self) -> None:
        """What a dead worker had handed over is taken in before anybody counts."""
        time.sleep(0.03)
        host, port = self.channel.removeprefix("mailto://").partition("/")[0].split(":")
        with smtplib.SMTP(host, int(port), timeout=10) as client:
            client.noop()

    def arrived(self) -> Counter[tuple[str, str]]:
        """(recipient, kind of message) → how many mails."""
        found: Counter[tuple[str, str]] = Counter()
        for file in self.mailbox.glob("*.eml"):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            subject = str(mail["subject"])
            kind = next(kind for start, kind in KINDS.items() if subject.startswith(start))
            found[str(mail["to"]), kind] += 1
        return found

    def count(self) -> Counts:
        arrived = self.arrived()
        still_late = self.late - set(self.mailed_before)
        expected = {(address(unit), AFTER) for unit in still_late}
        expected |= {(head(unit), HEAD) for unit in still_late}
        expected.add((address(self.context.program.organiser), DIGEST))
        doubles = {
            each.key: arrived[what(each.key, each.recipient)] - 1 for each in self.messages()
        }
        with session() as records:
            broken = audit.verify(records, ROUND)
        unsettled = [each for each in self.messages() if each.status not in (SENT, DROPPED)]
        forget_connections()
        return Counts(
            runs=1,
            kills=self.kills,
            held=self.held,
            mails=arrived.total(),
            left_out=len(expected - set(arrived)),
            doubles=sum(max(0, n) for n in doubles.values()),
            explained=sum(max(0, min(n, self.lost.get(key, 0))) for key, n in doubles.items()),
            sent_meanwhile=len(self.mailed_before),
            after_sending=sum(
                arrived[address(unit), AFTER] + arrived[head(unit), HEAD] - before
                for unit, before in self.mailed_before.items()
            ),
            unsettled=len(unsettled),
            broken_trails=int(bool(broken)),
        )

    def messages(self) -> list[Any]:
        with session() as records:
            return notifications(records, ROUND)


KINDS = {"Đôn đốc gửi": AFTER, "Báo cáo việc chậm": HEAD, "Tổng hợp nơi quá hạn": DIGEST}


def what(key: str, recipient: str) -> tuple[str, str]:
    """The recipient's address and the kind of a message, as the mail server knows it."""
    kind = key.partition(":")[0]
    return (head(recipient) if kind == HEAD else address(recipient)), kind


def address(unit: str) -> str:
    return f"{unit}@mau.example"


def head(unit: str) -> str:
    return f"lanh-dao-{unit}@mau.example"


def start() -> int:
    """A worker in a process of its own, doing what `dti remind` does; its process number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        queue_reminders(ROUND, DAY, "kill test")
        send_pending(ROUND, "kill test")
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def finish(pid: int) -> None:
    _, status = os.waitpid(pid, 0)
    if status:
        raise SystemExit(f"a worker failed: status {status}")


def forget_connections() -> None:
    """No connection may be shared with a child."""
    engine(database_url()).dispose()
    engine.cache_clear()


def one(number: int, seed: int) -> Counts:
    """A run on a database, a home and a mail server of its own."""
    chance = random.Random(f"{seed}:{number}")
    home = Path(tempfile.mkdtemp(prefix="dti-kill-"))
    os.environ["DTI_HOME"] = str(home)
    schema = None
    if number % 5 == 4:
        os.environ["DTI_DATABASE_URL"] = f"sqlite:///{home / 'dti.sqlite'}"
    else:
        schema = f"dti_kill_{os.getpid()}_{number}"
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f'CREATE SCHEMA "{schema}"')
        os.environ["DTI_DATABASE_URL"] = f"{POSTGRES}?options=-csearch_path%3D{schema}"
    server, channel = serve(home / "mail")
    os.environ["DTI_CHANNEL"] = channel
    try:
        context = opened(
            {"reminders": LADDER}, {unit: {"head_address": head(unit)} for unit in UNITS}
        )
        late = set(chance.sample(UNITS, LATE_UNITS))
        all_but(context, late, DUE - timedelta(days=3))
        forget_connections()
        return Run(home / "mail", channel, context, chance, late).disturb()
    finally:
        os.kill(server, signal.SIGTERM)
        os.waitpid(server, 0)
        forget_connections()
        if schema:
            with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5) as connection:
                connection.execute(f'DROP SCHEMA "{schema}" CASCADE')
        shutil.rmtree(home, ignore_errors=True)


UNITS = (
    "so-cong-thuong",
    "so-gtvt",
    "so-gddt",
    "so-khcn",
    "so-khdt",
    "so-ldtbxh",
    "so-ngoai-vu",
    "so-noi-vu",
    "so-nnptnt",
    "so-tai-chinh",
    "so-tnmt",
    "so-tu-phap",
    "so-vhttdl",
    "so-xay-dung",
    "so-y-te",
    "thanh-tra-tinh",
)
"""Departments that are asked for their own figures only."""


def serve(folder: Path) -> tuple[int, str]:
    """A mail server in a process of its own, which outlives every worker; its number, channel."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        with mail_server(folder, "he-thong@mau.example") as channel:
            os.write(writer, channel.encode())
            os.close(writer)
            while True:
                signal.pause()
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        return pid, pipe.read().decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("--seed", type=int, default=date.today().toordinal())
    arguments = parser.parse_args()
    # loads Apprise's channels once: a forked worker has them
    apprise.Apprise().add("mailto://a@127.0.0.1:1/?from=a@mau.example&to=b@mau.example")
    total, started = Counts(), time.monotonic()
    for number in range(arguments.first, arguments.first + arguments.runs):
        counts = one(number, arguments.seed)
        total.add(counts)
        where = "sqlite" if number % 5 == 4 else "postgresql"
        print(f"run {number} ({where}): {'good' if counts.good else 'BAD'} {vars(counts)}")
    took = time.monotonic() - started
    print(f"seed {arguments.seed}, {total.runs} runs, {total.kills} kills, {took:.0f} s")
    print(f"messages in a killed worker's hand: {total.held}")
    print(f"late units left out: {total.left_out}")
    print(f"doubles: {total.doubles}, of them in the window: {total.explained}")
    print(f"mails to a unit that had sent: {total.after_sending} ({total.sent_meanwhile} had)")
    print(json.dumps(vars(total)))
    sys.exit(not total.good)


if __name__ == "__main__":
    main()
