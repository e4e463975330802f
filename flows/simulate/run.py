"""Run a program's year: fire every event at its virtual moment, people's deeds in between."""

from collections.abc import Callable
from datetime import datetime, timedelta

from dti_core.clock import now, standing_at
from dti_core.errors import Refused
from dti_core.program.load import SUB_ROUND, RoundContext, load_program, load_round
from dti_core.program.timetable import NAMES, Event, timetable
from flows.simulate import answerers, appraisers, organiser, senders
from flows.simulate.habits import habits
from flows.simulate.passes import Through, on_schedule, one_pass
from flows.simulate.year import Round, Year
from flows.stages import OPERATOR
from flows.waits import Waiting
from flows.wake import Woken

BY_HAND = "cho-di-tiep-bang-tay"
"""What the report calls a pass that no schedule started."""

LONGEST_BY_HAND = 60
"""Days after the timetable's last for which an organiser keeps a round going; a round that is not
through by then does not end."""


class NoRounds(Refused):
    """The program has no round in the year."""


def events_of(program_id: str, year: int) -> list[Event]:
    """The events of the rounds that touch a year, also those of their days outside it.

    Raises UnknownRound, NoRounds; UnknownYear, UnsettledDay as `timetable` does.
    """
    events = timetable(load_program(program_id))
    touching = {e.round_id for e in events if any(m.year == year for m in e.moments())}
    if not touching:
        raise NoRounds(f"Chương trình {program_id} không có đợt nào trong năm {year}.")
    return [event for event in events if event.round_id in touching]


def run(
    program_id: str,
    year: int,
    seed: int,
    through: Through,
    each_week: Callable[[Year, datetime], None],
) -> Year:
    """Run the year in the home that is set. `each_week` is called on Monday mornings, before
    anything else of the week, and once at the end."""
    events = events_of(program_id, year)
    ids = dict.fromkeys(event.round_id for event in events)
    rounds = {each: Round(load_round(each)) for each in ids}
    made = Year(program_id, year, seed, through, habits(), rounds)
    _plan_events(made, events)
    for state in rounds.values():
        _plan_by_hand(made, state, [e for e in events if e.round_id == state.context.id])
    _plan_weeks(made, events, each_week)
    moment = None
    for moment, deed in made.agenda:
        with standing_at(moment):
            try:
                deed()
            except Refused as refusal:  # nothing that these people do should be refused
                made.refusals.append((moment, next(iter(rounds)), str(refusal)))
    assert moment is not None  # a round has events
    with standing_at(moment):
        each_week(made, moment)
    return made


def _plan_events(year: Year, events: list[Event]) -> None:
    for event in events:
        for moment in event.moments():
            name = ("event", event.slug, moment)
            year.agenda.add(moment, name, _firing(year, event))


def _firing(year: Year, event: Event) -> Callable[[], None]:
    context = load_round(event.round_id)

    def wake(round_id: str) -> Woken:
        # what falls on the same minute is one pass: a second would change nothing
        year.agenda.add(now(), ("pass", round_id, now()), lambda: go_on(year, context))
        return "resumed"

    def fire() -> None:
        year.events.append((now(), event.round_id, NAMES[event.kind]))
        try:
            on_schedule(context, event.kind, actor_of(context), year.through, wake)
        except Refused as refusal:
            year.refusals.append((now(), context.id, f"{NAMES[event.kind]}: {refusal}"))

    return fire


def _plan_by_hand(year: Year, state: Round, events: list[Event]) -> None:
    """Where the timetable is over and the round is not, whoever organises lets it go on himself
    every morning (`dti cycle ROUND`): nothing wakes it any more."""
    context, last = state.context, max(moment for event in events for moment in event.moments())

    def go(days: int) -> None:
        if state.done:
            return
        if days == 1:
            step = state.waits[0] if state.waits else "mở đợt"
            words = (
                f"Lịch đã hết mà đợt còn chờ bước {step}: đơn vị chủ trì tự cho đi tiếp mỗi sáng."
            )
            year.note(context.id, words)
        year.events.append((now(), context.id, BY_HAND))
        go_on(year, context)
        if days < LONGEST_BY_HAND:
            plan(days + 1)

    def plan(days: int) -> None:
        moment = last + timedelta(days=days)
        year.agenda.add(moment, ("by hand", context.id, days), lambda: go(days))

    plan(1)


def _plan_weeks(
    year: Year, events: list[Event], each_week: Callable[[Year, datetime], None]
) -> None:
    first = min(event.starts for event in events)
    last = max(moment for event in events for moment in event.moments())
    monday = (first - timedelta(days=first.weekday())).replace(hour=0, minute=0)
    while monday < last:
        monday += timedelta(days=7)
        year.agenda.add(monday, ("week", monday), _looking(year, monday, each_week))


def _looking(
    year: Year, monday: datetime, each_week: Callable[[Year, datetime], None]
) -> Callable[[], None]:
    return lambda: each_week(year, monday)


def go_on(year: Year, context: RoundContext) -> None:
    """One pass of a round's cycle; then everybody looks at what it left to them."""
    state = year.rounds[context.id]
    state.passes += 1
    try:
        one_pass(context, actor_of(context), year.through)
        state.waits, state.done = None, True
    except Waiting as waiting:
        state.waits, state.done = (waiting.step, str(waiting)), False
    except Refused as refusal:
        year.refusals.append((now(), context.id, str(refusal)))
        return
    if context.round.data:
        return
    senders.look(year, context)
    answerers.look(year, context)
    appraisers.look(year, context)
    organiser.look(year, context, lambda each: go_on(year, each))


def actor_of(context: RoundContext) -> str:
    """Who runs the round: in a sub-round the unit above."""
    parent = context.id.partition(SUB_ROUND)[2]
    return context.program.unit[parent].name if parent else OPERATOR
