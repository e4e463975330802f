"""Appraisers: in time, partly, or not until they are reminded; and whoever decides between them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

from sqlmodel import Session

from dti_core.clock import now
from dti_core.framework.model import Criterion
from dti_core.framework.rules import Appraised
from dti_core.intake import sample_round
from dti_core.intake.layout import APPRAISED, REASON, figure_key
from dti_core.program.appraisal import CHAIR
from dti_core.program.load import RoundContext
from dti_core.program.routing import Pair, assigned, decider_of
from dti_core.rational import round_half_up
from dti_core.records.assignments import Progress, assignments, due_of, progress, rows_by_verifier
from dti_core.records.bases import Bases, bases
from dti_core.records.database import session
from dti_core.records.opinions import differing
from dti_core.records.outbox import SENT, notifications
from dti_core.strict_yaml import DataError
from flows.sample_values import Values
from flows.simulate.habits import day_between, dice, office_hour
from flows.simulate.year import Arrival, Year, local
from tasks.appraising import workbook_of

NOTHING = "Mẫu: đơn vị không có số liệu hay tài liệu kiểm chứng cho mục này."
JUDGED = "Mẫu: theo tài liệu kiểm chứng và kết quả kiểm tra."
AGREED = "Mẫu: xem lại tài liệu kiểm chứng và thống nhất mức thấp hơn."


def look(year: Year, context: RoundContext) -> None:
    """Let every appraiser who owes points, and has planned nothing, plan when he sends them."""
    with session() as records:
        if not assignments(records, context.id):
            return
        told = {
            each.key.split(":")[1]
            for each in notifications(records, context.id)
            if each.key.startswith("appraise:") and each.status == SENT
        }
        parts = progress(records, context)
        undecided = _undecided(records, context)
    for part in parts:
        times = _times(year, context, part.verifier)
        if part.verifier in told and (part.lacking or not times) and part.closed_on is None:
            _plan(year, context, part, times)
    if undecided and CHAIR in told:
        pairs = tuple(sorted(undecided))
        fall = dice(year.seed, context.id, CHAIR, pairs)
        day = local(now()).date() + timedelta(days=fall.randint(1, 2))
        name = ("chair", context.id, pairs)
        year.agenda.add(office_hour(day, fall), name, lambda: _decide(year, context))


def _times(year: Year, context: RoundContext, verifier: str) -> int:
    """How often an appraiser has sent something."""
    mine = [a for a in year.arrivals if (a.round_id, a.who) == (context.id, verifier)]
    return sum(each.what == "appraisal" for each in mine)


def _plan(year: Year, context: RoundContext, part: Progress, times: int) -> None:
    habits, verifier = year.habits, part.verifier
    fall = dice(year.seed, "appraiser", context.id, verifier, times)
    way = habits.appraising.draw(fall) if not times else "early"
    name = ("appraise", context.id, verifier, times)
    moment = _when(year, fall, way, due_of(context), times)
    year.agenda.add(moment, name, _sending(year, context, verifier, times, partly=way == "partly"))


def _when(year: Year, fall: Random, way: str, due: date | None, times: int) -> datetime:
    """When he sends: before or after his deadline; a second time, or past it, a little later."""
    today, habits = local(now()).date(), year.habits
    if due is None or due <= today + timedelta(days=1):
        # the deadline has passed or there is none; a second time is quicker
        days = (1, 3) if times or due else habits.appraisal_days
        return office_hour(today + timedelta(days=fall.randint(*days)), fall)
    if way == "forgets" or times:
        days = habits.forgets_days
        return office_hour(due + timedelta(days=fall.randint(*days)), fall)
    return office_hour(day_between(today + timedelta(days=1), due, fall), fall)


def _sending(
    year: Year, context: RoundContext, verifier: str, times: int, *, partly: bool
) -> Callable[[], None]:
    def send() -> None:
        with session() as records:
            mine = next(
                (each for each in progress(records, context) if each.verifier == verifier), None
            )
            if mine is None or mine.closed_on is not None:
                return
            pairs = rows_by_verifier(records, context)[verifier]
            known = bases(records, context)
        fall = dice(year.seed, "points", context.id, verifier, times)
        lacking = [p for p in mine.lacking if not partly or fall.random() >= year.habits.left_out]
        values: Values = {}
        if not times:
            values = _of_sample(context, verifier, pairs)
        for pair in lacking:
            points, why = _points(context, known, pair, year.seed)
            values |= _typed(pair, points, why)
        name = f"tham-dinh-{verifier}-{times + 1}.xlsx"
        arrival = Arrival(context.id, verifier, "appraisal", name, now())
        year.send(arrival, workbook_of(verifier), values)

    return send


def _points(context: RoundContext, known: Bases, pair: Pair, seed: int) -> tuple[Fraction, str]:
    """What he gives on a row that cannot go without him, and why: what the unit gave itself, or
    nothing where there is nothing to judge by."""
    base = known.of(pair)
    if base is None:
        return Fraction(0), NOTHING
    row = context.framework_of(pair[0]).by_code[pair[1]]
    fall = dice(seed, "judged", context.id, pair)
    least, most = sorted((Fraction(0), row.max_points or Fraction(0)))
    points = min(max(base * Fraction(fall.randint(7, 10), 10), least), most)
    return _allowed(row, points, known.digits), JUDGED


def _allowed(row: Criterion, points: Fraction, digits: int | None) -> Fraction:
    """The nearest points below that the row may have."""
    step = row.rule.step if isinstance(row.rule, Appraised) else None
    if step is not None:
        return (points // step) * step
    return Fraction(round_half_up(points, min(digits or 2, 2)))


def _of_sample(context: RoundContext, verifier: str, pairs: tuple[Pair, ...]) -> Values:
    """What the program's sample lets him award otherwise than computed."""
    try:
        given = sample_round.appraisals(context)
    except DataError:
        return {}
    mine, routed = set(pairs), assigned(context)
    values: Values = {}
    for each in given:
        pair = each.unit, each.criterion
        if each.verifier in (None, verifier) and pair in mine and verifier in routed.get(pair, ()):
            values |= _typed(pair, each.points, each.reason)
    return values


def _typed(pair: Pair, points: Fraction, why: str) -> Values:
    key = figure_key(*pair)
    return {(key, APPRAISED): points, (key, REASON): why}


def _undecided(records: Session, context: RoundContext) -> dict[Pair, Fraction]:
    """(unit, row) on which appraisers differ → the lowest of their points."""
    return {
        (each.unit, each.criterion): min(Fraction(o.points) for o in each.opinions)
        for each in differing(records, context)
        if each.decision is None and decider_of(context, each.unit) is not None
    }


def _decide(year: Year, context: RoundContext) -> None:
    """Whoever chairs decides on every row that is open at this moment."""
    with session() as records:
        undecided = _undecided(records, context)
    values: Values = {}
    for pair, lowest in undecided.items():
        values |= _typed(pair, lowest, AGREED)
    if not values:
        return
    name = f"tham-dinh-{Path(workbook_of(CHAIR)).stem}-{now():%m%d}.xlsx"
    year.send(Arrival(context.id, CHAIR, "appraisal", name, now()), workbook_of(CHAIR), values)
