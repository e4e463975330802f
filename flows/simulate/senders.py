"""Offices that are asked for figures: early, at the last hour, late, never; with what mistakes."""

from datetime import date, datetime, timedelta

from dti_core.clock import now
from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.records.collecting import Standing, standings
from dti_core.records.database import session
from dti_core.records.rounds import gate_of
from flows.simulate import typed
from flows.simulate.habits import day_between, dice, last_hour, office_hour
from flows.simulate.year import Arrival, Year, local
from flows.stages import OPERATOR
from tasks.dispatching import FILES
from tasks.extending import extend_deadline

SPOILT = (
    ("{stem}.xlsx", b"PK\x03\x04 tep bi cat ngang khi gui qua thu dien tu"),
    ("{stem}.xlsx", b"%PDF-1.4 ban chup doi duoi thanh xlsx"),
    ("{stem}.docx", b"Kinh gui So, don vi se gui so lieu sau."),
)
"""(name, bytes) of files that are no workbook: cut off on the way, a scan with another ending, a
letter instead of the form."""


def look(year: Year, context: RoundContext) -> None:
    """Let every office that was asked and has not planned its answer yet do so."""
    with session() as records:
        stands = standings(records, context.id)
    for stand in stands:
        if not year.agenda.knows(_name(context, stand)):
            _plan(year, context, stand)


def _name(context: RoundContext, stand: Standing) -> tuple[object, ...]:
    return ("plan", context.id, stand.provider, stand.kind)


def _plan(year: Year, context: RoundContext, stand: Standing) -> None:
    habits, fall = year.habits, dice(year.seed, context.id, stand.provider, stand.kind)
    opens, due = context.round.opens.on, stand.due
    way = habits.sending.draw(fall)
    asks = way != "never" and fall.random() < habits.asks_for_time
    if asks:
        due += timedelta(days=habits.time_granted)
        way = "late"
        granted = office_hour(stand.due - timedelta(days=2), fall)
        moment = office_hour(day_between(stand.due + timedelta(days=1), due, fall), fall)
        year.agenda.add(
            granted,
            ("extend", *_name(context, stand)),
            lambda: _extend(year, context, stand.provider, due),
        )
    elif way == "early":
        moment = office_hour(day_between(opens, due - timedelta(days=1), fall), fall)
    elif way == "last_day":
        moment = last_hour(due, fall)
    else:
        days = timedelta(days=fall.randint(*habits.late_days))
        moment = office_hour(due + days, fall)
    moment = max(moment, _soon(opens))
    year.agenda.add(now(), _name(context, stand), _nothing)  # the plan is made once
    if way == "never":
        return
    if fall.random() < habits.broken_first:
        name, spoilt = fall.choice(SPOILT)
        file = name.format(stem=f"{stand.provider}-{stand.kind}")
        told = "tệp không đọc được"
        broken = Arrival(
            context.id, stand.provider, stand.kind, file, moment, good=False, expected_aside=told
        )
        year.agenda.add(
            moment, ("broken", *_name(context, stand)), lambda: year.send(broken, "", {}, spoilt)
        )
        moment = office_hour(local(moment).date() + timedelta(days=fall.randint(1, 2)), fall)
    slip = fall.random() < habits.slip
    year.agenda.add(
        moment, ("send", *_name(context, stand)), lambda: _send(year, context, stand, 1, slip=slip)
    )
    if slip and fall.random() < habits.sends_again:
        days = timedelta(days=fall.randint(*habits.sends_again_days))
        again = office_hour(local(moment).date() + days, fall)
        year.agenda.add(
            again,
            ("again", *_name(context, stand)),
            lambda: _send(year, context, stand, 2, slip=False),
        )


def _send(year: Year, context: RoundContext, stand: Standing, place: int, *, slip: bool) -> None:
    fall = dice(year.seed, "figures", context.id, stand.provider, stand.kind)
    values = typed.values(context, stand.provider, stand.kind, fall)
    if slip:
        values = typed.with_slip(values, fall)
    file = FILES[stand.kind].format(provider=stand.provider)
    with session() as records:
        taken = gate_of(records, context.id).takes_figures(stand.provider)
    aside = "" if taken else "đến sau khi khép việc thu thập"
    name = file if place == 1 else f"{file.removesuffix('.xlsx')}-lan-{place}.xlsx"
    arrival = Arrival(
        context.id, stand.provider, stand.kind, name, now(), good=taken, expected_aside=aside
    )
    year.send(arrival, f"out/{stand.provider}/{file}", values)


def _extend(year: Year, context: RoundContext, provider: str, until: date) -> None:
    document = f"{10 + len(year.extensions)}/CV-MAU"
    try:
        extend_deadline(
            context, provider, until, "Mẫu: đơn vị đang kiểm kê lại số liệu", document, OPERATOR
        )
    except Refused as refusal:
        year.note(context.id, f"Không gia hạn được cho {provider}: {refusal}")
        return
    year.extensions.append((context.id, provider, until, now()))


def _soon(opens: date) -> datetime:
    """Nobody answers before the round opens, nor at the very moment at which he is asked."""
    first = datetime.combine(opens, datetime.min.time(), local(now()).tzinfo)
    return max(first, now() + timedelta(hours=2))


def _nothing() -> None:
    """An office that does nothing."""
