"""How made-up people behave: shares and days, read from `habits.yaml`."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Annotated

from pydantic import Field, model_validator

from dti_core.clock import CIVIL_TIME
from dti_core.framework.rules import Strict
from dti_core.strict_yaml import Document

FILE = Path(__file__).with_name("habits.yaml")

Share = Annotated[float, Field(ge=0, le=1)]
Days = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]
"""At least, at most."""


class _Ways(Strict):
    """Ways to behave, each with its share; they add up to 1."""

    @model_validator(mode="after")
    def _whole(self) -> "_Ways":
        if abs(sum(self.model_dump().values()) - 1) > 1e-9:
            raise ValueError("các tỷ lệ phải cộng lại bằng 1")
        return self

    def draw(self, dice: Random) -> str:
        shares = self.model_dump()
        return dice.choices(list(shares), list(shares.values()))[0]


class Answering(_Ways):
    """When somebody who is asked answers."""

    early: Share
    last_day: Share
    late: Share
    never: Share


class Appraising(_Ways):
    """How an appraiser sends his workbook."""

    early: Share
    partly: Share
    forgets: Share


class Habits(Strict):
    """Assumptions about people; the file says what each of them is."""

    sending: Answering
    late_days: Days
    asks_for_time: Share
    time_granted: int
    broken_first: Share
    slip: Share
    sends_again: Share
    sends_again_days: Days
    explaining: Answering
    explains_in_days: Days
    corrects: Share
    officer_days: Days
    officer_accepts: Share
    officer_patience: int
    appraising: Appraising
    appraisal_days: Days
    forgets_days: Days
    left_out: Share
    collection_patience: int
    approval_days: Days
    exemption_days: Days
    petitions: Share
    petition_upheld: Share
    petition_days: Days
    issue_days: Days


@lru_cache(maxsize=4)
def habits(file: Path = FILE) -> Habits:
    """Raises DataError, with the line, for a file that is not as it should be."""
    return Document(file).parse(Habits)


def dice(seed: int, *what: object) -> Random:
    """The dice for one decision: the same seed and subject fall the same way, whatever else
    happens before."""
    return Random("|".join(map(str, (seed, *what))))


def office_hour(day: date, dice: Random) -> datetime:
    """A moment of a day between 8:00 and 16:59 in Viet Nam."""
    return datetime.combine(day, time(dice.randint(8, 16), dice.randint(0, 59)), CIVIL_TIME)


def last_hour(day: date, dice: Random) -> datetime:
    """A moment of the evening of a day, to the last minute."""
    return datetime.combine(day, time(dice.randint(20, 23), dice.randint(0, 59)), CIVIL_TIME)


def day_between(first: date, last: date, dice: Random) -> date:
    """One of the days, both ends among them; the first where the last lies before it."""
    return first + timedelta(days=dice.randint(0, max((last - first).days, 0)))
