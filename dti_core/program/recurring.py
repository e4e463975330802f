"""The windows that a decree opens every year, also for years whose round is not entered yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StrictInt, StringConstraints, field_validator, model_validator

from dti_core.framework.model import Slug
from dti_core.framework.rules import Strict

if TYPE_CHECKING:
    from dti_core.program.model import Program

MonthDay = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}-[0-9]{2}$")]
DaysAhead = Annotated[StrictInt, Field(ge=1, le=180)]

COMMON_YEAR = 2023
"""A year without 29 February: what does not exist in it does not come every year."""


class Recurring(Strict):
    """A window of every year.

    id      what it is called in its schedules
    opens, closes  month and day, "06-20"; both in the same year
    round   what the round of a year is called in the program: {year} stands for the year of the
            window, {before} for the year before it (2001/QĐ-UBND closes 2023 on 30/01/2024)
    remind_days_ahead  how long before it opens the organiser is told that its round is missing
    basis   the clause, and the policy where the clause gives no day
    """

    id: Slug
    title: str
    opens: MonthDay
    closes: MonthDay
    round: str
    remind_days_ahead: tuple[DaysAhead, ...] = Field((45, 20), min_length=1)
    basis: str = Field(min_length=1)

    @field_validator("opens", "closes")
    @classmethod
    def _a_day(cls, value: str) -> str:
        try:
            _on(COMMON_YEAR, value)
        except ValueError:
            raise ValueError(f"{value} không phải ngày có hằng năm (viết tháng-ngày)") from None
        return value

    @model_validator(mode="after")
    def _sound(self) -> "Recurring":
        if self.opens > self.closes:
            raise ValueError("ngày mở phải trước ngày khép, trong cùng một năm")
        try:
            names = {self.round_of(COMMON_YEAR), self.round_of(COMMON_YEAR + 1)}
        except (KeyError, IndexError, ValueError):
            names = set()
        if len(names) < 2:
            raise ValueError("round phải chứa {year} hoặc {before}")
        return self

    def window(self, year: int) -> tuple[date, date]:
        """Its first and last day in a year."""
        return _on(year, self.opens), _on(year, self.closes)

    def round_of(self, year: int) -> str:
        """What the round of the window of a year is called."""
        return self.round.format(year=year, before=year - 1)

    def next_window(self, day: date) -> int:
        """The year of the first window that is not over on a day."""
        return day.year if day <= self.window(day.year)[1] else day.year + 1


@dataclass(frozen=True)
class Missing:
    """A window whose round is not in the program.

    round_id  the round that has to be entered, "vinh-long/2027-06"
    """

    recurring: Recurring
    round_id: str
    opens: date
    closes: date


def missing(program: "Program", name: str, day: date) -> Missing | None:
    """The next window of a recurrence, where its round is not entered; None where it is.

    Raises KeyError for a recurrence that the program does not have.
    """
    each = {one.id: one for one in program.recurring}[name]
    year = each.next_window(day)
    round_name = each.round_of(year)
    if any(one.id == round_name for one in program.rounds):
        return None
    return Missing(each, f"{program.id}/{round_name}", *each.window(year))


def reminder_days(each: Recurring) -> Iterator[tuple[int, date]]:
    """(days ahead, the day of the reminder) as they fall for the window of COMMON_YEAR."""
    opens, _ = each.window(COMMON_YEAR)
    yield from ((ahead, opens - timedelta(days=ahead)) for ahead in each.remind_days_ahead)


def _on(year: int, month_day: str) -> date:
    return date(year, int(month_day[:2]), int(month_day[3:]))
