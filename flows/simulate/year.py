"""A simulated year: its rounds, its agenda, what people did, and what the machinery made of it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from dti_core.clock import CIVIL_TIME, now
from dti_core.framework.load import home
from dti_core.intake.fill import fill
from dti_core.program.load import RoundContext
from dti_core.records.files import round_folder
from flows.simulate.agenda import Agenda
from flows.simulate.habits import Habits
from flows.simulate.passes import Through
from tasks.inbox import inbox

ROLE = "Mẫu: người có trách nhiệm"
CLERK = "Mẫu: văn thư"


@dataclass(frozen=True)
class Arrival:
    """A file that somebody sent: the truth, whatever the records say of it.

    what    own, about_units, explanation, appraisal
    good    whether an office could take it as it is
    expected_aside  why the office may not take it, in words; empty where it has to
    """

    round_id: str
    who: str
    what: str
    name: str
    moment: datetime
    good: bool = True
    expected_aside: str = ""


@dataclass(frozen=True)
class Approval:
    """A step that was shown to somebody and then approved, or refused because it had changed."""

    round_id: str
    step: str
    shown_at: datetime
    moment: datetime
    digest: str
    refused: str = ""


@dataclass
class Round:
    """What is known of one round while its year runs.

    waits   what the newest pass waits for: a step and its words; None before the first pass
    done    whether a pass came to the round's end
    passes  how many passes ran
    """

    context: RoundContext
    waits: tuple[str, str] | None = None
    done: bool = False
    passes: int = 0


@dataclass
class Year:
    """Everything about one simulated year of one program."""

    program: str
    year: int
    seed: int
    through: Through
    habits: Habits
    rounds: dict[str, Round]
    agenda: Agenda = field(default_factory=Agenda)
    events: list[tuple[datetime, str, str]] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    extensions: list[tuple[str, str, date, datetime]] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    refusals: list[tuple[datetime, str, str]] = field(default_factory=list)
    notes: list[tuple[datetime, str, str]] = field(default_factory=list)

    def note(self, round_id: str, words: str) -> None:
        """Something that happened and that the organiser would want to read about."""
        self.notes.append((now(), round_id, words))

    def send(
        self,
        arrival: Arrival,
        source: str,
        values: dict[tuple[str, str], object],
        spoilt: bytes | None = None,
    ) -> None:
        """Put a filled copy of a workbook that was sent out into the inbox, stamped with the
        moment; or the bytes of a file that is none."""
        target = inbox(arrival.round_id) / arrival.name
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}")
        if spoilt is None:
            shutil.copyfile(round_folder(arrival.round_id) / source, partial)
            if values:
                fill(partial, values)
        else:
            partial.write_bytes(spoilt)
        stamp = arrival.moment.timestamp()
        os.utime(partial, (stamp, stamp))
        partial.replace(target)
        self.arrivals.append(arrival)


SAMPLE_KEY = "mau-chay-thu-tren-dong-ho-mo-phong-khong-dung-that"
"""The key of a simulated office's workbooks: the same seed gives the same year."""


def local(moment: datetime) -> datetime:
    """A moment as an office's clock shows it."""
    return moment.astimezone(CIVIL_TIME)


@contextmanager
def a_home_of_its_own(folder: Path) -> Iterator[None]:
    """Run inside with DTI_HOME in `folder`, a database of its own, and a province's own programs
    and frameworks beside it; nothing of the user's is opened for writing."""
    theirs = home()
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("programs", "frameworks", "holidays", "templates"):
        if (theirs / kind).is_dir() and not (folder / kind).exists():
            shutil.copytree(theirs / kind, folder / kind)
    own = {"DTI_HOME": str(folder), "DTI_DATABASE_URL": None, "DTI_PDF": "off"}
    # a key drawn by lot would make every workbook's hash another one, and with it what happens
    own["DTI_WORKBOOK_KEY"] = SAMPLE_KEY
    own |= {name: None for name in os.environ if name.startswith("DTI_CHANNEL")}
    before = {name: os.environ.get(name) for name in own}
    _set(own)
    try:
        yield
    finally:
        _set(before)


def _set(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
