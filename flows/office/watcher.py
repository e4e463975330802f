"""Watches the inboxes of the open rounds, and has what came to rest in one taken in.

    python -m flows.office.watcher

Taking in is a run on the server like any other. The run is known by what lies in the inbox: two
watchers that see the same ask for the same run, which the server makes once. A run beside an
operator's `dti intake` finds each file taken once as well: the records see to that.
"""

import hashlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

from dti_core.errors import Refused
from dti_core.records.files import round_folder
from flows.office.api import ask

LOOK_SECONDS = 2.0
"""How often the inboxes are looked into."""
REST_SECONDS = 6.0
"""For how long nothing may change in an inbox before it is taken in: a file that is copied over a
network grows in steps, and several often come together."""
SOONEST, LATEST = 30.0, 1800.0
"""Seconds until a taking-in that failed is tried again: doubled each time, up to the latest."""
DEPLOYMENT = "nhan-tep-den/hop-nhan"
"""Flow and deployment that take in what lies in an inbox (flows/office/arrivals.py)."""
LOOK_VARIABLE, REST_VARIABLE = "DTI_WATCH_LOOK_SECONDS", "DTI_WATCH_REST_SECONDS"
"""The environment variables that may hold other times; a slow network folder needs a longer rest"""

Listing = tuple[tuple[str, int, int], ...]
"""(name, size in bytes, modification time in ns) of every file in an inbox, by name"""
State = str
"""What has become of a run, as Prefect names the type of its state; "" where there is none."""


def listing(round_id: str) -> Listing:
    """What lies in a round's inbox. What programs keep for themselves is left out."""
    found = []
    try:
        with os.scandir(round_folder(round_id) / "in" / "inbox") as entries:
            for entry in entries:
                if not entry.name.startswith((".", "~$")) and entry.is_file():
                    stat = entry.stat()
                    found.append((entry.name, stat.st_size, stat.st_mtime_ns))
    except FileNotFoundError:
        return ()  # not asked yet, or a file that was moved away while we looked
    return tuple(sorted(found))


def key_of(round_id: str, seen: Listing, attempt: int) -> str:
    """What the run that takes in an inbox is known by: the same content, the same run."""
    content = hashlib.sha256(repr((round_id, seen)).encode()).hexdigest()
    return f"hop-nhan-{content[:32]}-{attempt}"


@dataclass
class Inbox:
    """One round's inbox, and how far it has been taken in.

    seen      what lay there at the last look
    since     since when nothing has changed (seconds of the monotonic clock)
    taken     what lay there when it was last taken in, or is being taken in now
    attempt   how often that has been tried
    run       the run that does it; None where none is under way
    again_at  when a failed one is tried again
    """

    round_id: str
    seen: Listing = ()
    since: float = 0.0
    taken: Listing = ()
    attempt: int = 0
    run: str | None = None
    again_at: float | None = None

    def look(self, now: float, rest: float) -> bool:
        """Look into it; returns whether it is to be taken in now."""
        found = listing(self.round_id)
        if found != self.seen:
            self.seen, self.since = found, now
            return False
        if self.again_at is not None and found == self.taken:
            return now >= self.again_at
        return bool(found) and found != self.taken and now - self.since >= rest

    def asked(self, run: str) -> None:
        """A run has been asked for what lies there."""
        self.run, self.taken, self.again_at = run, self.seen, None

    def next_attempt(self) -> int:
        """The number of the try that comes now: 0 for content that was not tried before."""
        self.attempt = self.attempt + 1 if self.seen == self.taken else 0
        return self.attempt

    def ended(self, state: State, now: float) -> float | None:
        """Its run has come to an end; returns the seconds until it is tried again, if it is."""
        self.run = None
        if state == "COMPLETED":
            self.attempt = 0
            return None
        pause = min(SOONEST * 2.0 ** min(self.attempt, 10), LATEST)
        self.again_at = now + pause
        return pause


class Watcher:
    """Looks into every inbox, over and over.

    ask_for   (round, key) → the run that takes it in
    state_of  run → its state's type
    """

    def __init__(
        self,
        rounds: Callable[[], list[str]],
        ask_for: Callable[[str, str], str],
        state_of: Callable[[str], State],
        say: Callable[[str], None],
        rest: float = REST_SECONDS,
    ) -> None:
        self._rounds, self._ask_for, self._state_of = rounds, ask_for, state_of
        self._say, self._rest = say, rest
        self._inboxes: dict[str, Inbox] = {}

    def look(self, now: float) -> None:
        """One look at all of them. A refusal is said and the next look tries again."""
        for round_id in self._rounds():
            inbox = self._inboxes.setdefault(round_id, Inbox(round_id))
            try:
                self._follow(inbox, now)
                if inbox.look(now, self._rest) and inbox.run is None:
                    self._take_in(inbox)
            except Refused as refusal:
                self._say(f"Đợt {round_id}: {refusal}")

    def _take_in(self, inbox: Inbox) -> None:
        key = key_of(inbox.round_id, inbox.seen, inbox.next_attempt())
        inbox.asked(self._ask_for(inbox.round_id, key))
        self._say(f"Đợt {inbox.round_id}: {len(inbox.seen)} tệp trong hộp nhận, bắt đầu nhận.")

    def _follow(self, inbox: Inbox, now: float) -> None:
        if inbox.run is None:
            return
        state = self._state_of(inbox.run)
        if state not in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
            return
        pause = inbox.ended(state, now)
        if pause is None:
            self._say(f"Đợt {inbox.round_id}: đã nhận xong.")
        else:
            self._say(
                f"Đợt {inbox.round_id}: lần nhận không xong ({state}); thử lại sau {pause:.0f}"
                " giây. Lý do nằm ở trang Prefect, luồng nhan-tep-den."
            )


def asking(url: str) -> tuple[Callable[[str, str], str], Callable[[str], State]]:
    """How a Prefect server is asked for a run, and for its state."""

    def ask_for(round_id: str, key: str) -> str:
        deployment = ask(url, f"/deployments/name/{DEPLOYMENT}")["id"]
        body: dict[str, Any] = {"parameters": {"round_id": round_id}, "idempotency_key": key}
        return str(ask(url, f"/deployments/{deployment}/create_flow_run", body)["id"])

    def state_of(run: str) -> State:
        return str(ask(url, f"/flow_runs/{run}")["state_type"] or "")

    return ask_for, state_of


def open_rounds() -> list[str]:
    """The rounds that are open in the records, sub-rounds too."""
    from dti_core.records.database import session
    from dti_core.records.rounds import opened_rounds

    with session() as records:
        return sorted(record.id for record in opened_rounds(records))


def _say(text: str) -> None:
    print(time.strftime("%Y-%m-%d %H:%M:%S"), text, flush=True)


def _moments(every: float) -> Iterator[float]:
    while True:
        yield time.monotonic()
        time.sleep(every)


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def main() -> None:
    """Watch until stopped; a database or a server that is away for a while is waited for."""
    from sqlalchemy.exc import SQLAlchemyError

    signal.signal(signal.SIGTERM, _stop)
    ask_for, state_of = asking(os.environ["PREFECT_API_URL"])
    rest = float(os.environ.get(REST_VARIABLE, REST_SECONDS))
    watcher = Watcher(open_rounds, ask_for, state_of, _say, rest)
    _say("Bắt đầu theo dõi các hộp nhận.")
    for now in _moments(float(os.environ.get(LOOK_VARIABLE, LOOK_SECONDS))):
        try:
            watcher.look(now)
        except SQLAlchemyError as error:
            _say(f"Chưa đọc được cơ sở dữ liệu ({type(error).__name__}); thử lại ngay sau đây.")
            time.sleep(5)


if __name__ == "__main__":
    main()
