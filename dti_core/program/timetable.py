"""The timetable of a program: what happens when, from the dates of its rounds.

A round's dates are law or policy, each with its basis; this only puts them in order and adds what
an office decides about its own work (`Timetable`): how long ahead it asks, at what hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from dti_core.clock import CIVIL_TIME
from dti_core.program.calendar import closing_of
from dti_core.program.load import SUB_ROUND, RoundContext, load_round
from dti_core.program.model import Dated, Program

Kind = Literal[
    "requests",
    "daily",
    "close",
    "explanation",
    "hand_over",
    "appraisal",
    "petitions",
    "publication",
]

NAMES: dict[Kind, str] = {
    "requests": "gui-yeu-cau",
    "daily": "hang-ngay",
    "close": "khep-thu-thap",
    "explanation": "het-han-giai-trinh",
    "hand_over": "het-han-cap-duoi",
    "appraisal": "het-han-tham-dinh",
    "petitions": "het-han-kien-nghi",
    "publication": "cong-bo",
}
"""What an event is called where officials see it, and in the slug of its schedule."""


@dataclass(frozen=True)
class Event:
    """Something that the timetable makes happen in a round.

    starts  the first moment, in Viet Nam's time
    last    the last day of an event that comes back every day; None for one that comes once
    basis   the clause, decision or policy that sets the date
    """

    kind: Kind
    round_id: str
    starts: datetime
    last: date | None
    basis: str

    @property
    def slug(self) -> str:
        """What the event's schedule is known by; it stays when the date moves. Two rounds never
        share one: "@" is written apart from "/"."""
        return f"{self.round_id.replace('/', '-').replace(SUB_ROUND, '--')}-{NAMES[self.kind]}"

    def moments(self) -> Iterator[datetime]:
        """Every moment at which it happens, in order."""
        at = self.starts
        while True:
            yield at
            at += timedelta(days=1)
            if self.last is None or at.date() > self.last:
                return


def timetable(program: Program) -> tuple[Event, ...]:
    """The events of all rounds and sub-rounds of a program, in the order of time.

    Raises UnknownYear, UnsettledDay where a deadline moves with days off that are not known.
    """
    events = [
        event
        for round_ in program.rounds
        for event in events_of_round(load_round(f"{program.id}/{round_.id}"))
    ]
    return tuple(sorted(events, key=lambda event: (event.starts, event.slug)))


def events_of_round(context: RoundContext) -> tuple[Event, ...]:
    """The events of one round and of its sub-rounds, in the order of its course."""
    events = list(_events(context))
    for each in context.sub_rounds:
        events += _events(load_round(each))
    return tuple(events)


def _events(context: RoundContext) -> Iterator[Event]:
    """A deadline's event comes on the morning after it: the day itself belongs to the units."""
    round_, habits = context.round, context.program.timetable
    closing = closing_of(context.program, round_)

    def on(kind: Kind, day: date, basis: str, last: date | None = None) -> Event:
        return Event(kind, context.id, _at(day, habits.at), last, basis)

    asked = round_.opens.on - timedelta(days=habits.ask_days_ahead)
    yield on("requests", asked, f"{round_.opens.basis}; {habits.basis}")
    final = max(
        [closing.on]
        + [
            each.on
            for each in (
                round_.explain_by,
                round_.appraise_by,
                round_.petition_by,
                round_.publish_by,
            )
            if each
        ]
    )
    last = final + timedelta(days=habits.days_after)
    yield on("daily", asked + timedelta(days=1), habits.basis, last)
    yield on("close", closing.on + timedelta(days=1), round_.closes.basis)
    for kind, stage in _deadlines(context):
        yield on(kind, stage.on + timedelta(days=1), stage.basis)
    if round_.publish_by:
        yield on("publication", round_.publish_by.on, round_.publish_by.basis)


def _deadlines(context: RoundContext) -> Iterator[tuple[Kind, Dated]]:
    round_ = context.round
    stages: tuple[tuple[Kind, Dated | None], ...] = (
        ("explanation", round_.explain_by),
        ("appraisal", round_.appraise_by),
        ("petitions", round_.petition_by),
    )
    yield from ((kind, stage) for kind, stage in stages if stage)
    due = [each.due for each in round_.through.values()]
    if due:
        yield "hand_over", max(due, key=lambda each: each.on)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CIVIL_TIME)
