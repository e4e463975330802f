"""The organiser's people: exemptions, closing parts, sittings, approvals, petitions, the issue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlmodel import Session

from dti_core.clock import now, today
from dti_core.errors import Refused
from dti_core.framework.rules import Appraised
from dti_core.program.load import RoundContext
from dti_core.records import exemptions, petitions
from dti_core.records.approvals import allowed_roles
from dti_core.records.assignments import Progress, close, progress
from dti_core.records.collecting import standings
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.exemptions import granted
from dti_core.records.flags import ANSWERED, OPEN, all_flags
from dti_core.records.official import official_awards
from dti_core.records.opinions import differing
from dti_core.records.petition_period import announced_on, deadline_of
from dti_core.records.sign_off import NotApproved, petitions_in_the_way, sign
from dti_core.records.sittings import hold, sittings
from flows.simulate.expected import publishes
from flows.simulate.habits import day_between, dice, office_hour
from flows.simulate.year import CLERK, ROLE, Approval, Year
from tasks.final import issue_result
from tasks.sending import send_pending

Resume = Callable[[RoundContext], None]


@dataclass(frozen=True)
class _Appraisal:
    """How the appraisal stands at one look; `over`: every part is closed and nobody differs."""

    parts: tuple[Progress, ...]
    over: bool


def look(year: Year, context: RoundContext, resume: Resume) -> None:
    """Plan what the organiser does next. `resume`: lets the round go on, as `dti approve` does."""
    _exempt(year, context)
    waits = year.rounds[context.id].waits
    if waits is not None:
        step = waits[0]
        stands = None
        if step == "tham-dinh":
            with session() as records:
                stands = _appraisal(records, context)
            _close_parts(year, context, stands)
            _sit(year, context, stands)
        if step == "kien-nghi":
            _object(year, context)
        with session() as records:
            ready = _ready(records, year, context, step, stands)
            digest = digest_of(records, context.id, step) if ready else ""
        if ready:
            _approve_later(year, context, step, digest, resume)
    elif year.rounds[context.id].done and publishes(context):
        _issue_later(year, context)


def _after(year: Year, days: tuple[int, int], *what: object) -> datetime:
    fall = dice(year.seed, *what)
    return office_hour(today() + timedelta(days=fall.randint(*days)), fall)


def _exempt(year: Year, context: RoundContext) -> None:
    with session() as records:
        open_ = sorted({(e.unit, e.ground) for e in exemptions.undecided(records, context.id)})
    if not open_:
        return

    def grant() -> None:
        with session() as records:
            for unit, ground in open_:
                told = "Mẫu: đúng hồ sơ của đơn vị"
                exemptions.decide(records, context, unit, ground, True, told, ROLE)

    what = ("exempt", context.id, tuple(open_))
    year.agenda.add(_after(year, year.habits.exemption_days, *what), what, grant)


def _appraisal(records: Session, context: RoundContext) -> _Appraisal:
    parts = tuple(progress(records, context))
    closed = all(each.closed_on is not None for each in parts)
    decided = closed and all(each.decision is not None for each in differing(records, context))
    return _Appraisal(parts, decided)


def _ready(
    records: Session, year: Year, context: RoundContext, step: str, appraisal: _Appraisal | None
) -> bool:
    """Whether whoever approves would be shown the step now."""
    match step:
        case "thu-thap":
            stands = standings(records, context.id)
            patience = timedelta(days=year.habits.collection_patience)
            open_ = [each for each in stands if each.received_on is None]
            last = max((each.due for each in stands), default=today())
            all_in = not open_ and today() > max((e.due for e in stands), default=today())
            undecided = exemptions.undecided(records, context.id)
            return bool(stands) and not undecided and (all_in or today() > last + patience)
        case "giai-trinh":
            waiting = (OPEN, ANSWERED)
            return all(f.status not in waiting for f in all_flags(records, context.id))
        case "tham-dinh":
            council = context.program.appraisal.council
            return (
                appraisal is not None
                and appraisal.over
                and (council is None or bool(sittings(records, context.id)))
            )
        case "kien-nghi":
            return not petitions_in_the_way(records, context, today())
        case _:
            return True


def _approve_later(
    year: Year, context: RoundContext, step: str, digest: str, resume: Resume
) -> None:
    """Somebody is shown the step now and approves it a day or two later, over what he was shown."""
    shown_at = now()

    def approve() -> None:
        roles = allowed_roles(context, step)
        refused = ""
        try:
            with session() as records:
                sign(records, context, step, roles[0] if roles else ROLE, shown=digest)
        except NotApproved as refusal:
            refused = str(refusal)
        made = Approval(context.id, step, shown_at, now(), digest, refused)
        year.approvals.append(made)
        if not refused:
            resume(context)

    # who was refused is shown the new content by the next look; the same content again is a
    # matter of the day (petitions whose time is not over), so the day is part of the name
    what = ("approve", context.id, step, digest, today())
    pending = ("approve", context.id, step, digest)
    if not any(year.agenda.knows((*pending, today() - timedelta(days=n))) for n in range(1, 4)):
        year.agenda.add(_after(year, year.habits.approval_days, *what), what, approve)


def _close_parts(year: Year, context: RoundContext, stands: _Appraisal) -> None:
    """Parts that may be closed are: once the verifier has sent, rows he left alone keep their
    base."""
    sent = {a.who for a in year.arrivals if a.round_id == context.id and a.what == "appraisal"}
    ready = [
        each.verifier
        for each in stands.parts
        if each.closed_on is None and not each.lacking and each.verifier in sent
    ]
    for verifier in ready:

        def shut(verifier: str = verifier) -> None:
            try:
                with session() as records:
                    close(records, context, verifier, ROLE)
            except Refused as refusal:
                year.note(context.id, f"Chưa khép được phần của {verifier}: {refusal}")

        times = sum(1 for a in year.arrivals if (a.round_id, a.who) == (context.id, verifier))
        what = ("close", context.id, verifier, times, today())
        if not year.agenda.knows((*what[:4], today() - timedelta(days=1))):
            year.agenda.add(_after(year, (1, 1), *what), what, shut)


def _sit(year: Year, context: RoundContext, stands: _Appraisal) -> None:
    """The council sits on the day after everybody is through, one member away."""
    council = context.program.appraisal.council
    if council is None or not stands.over:
        return
    with session() as records:
        if sittings(records, context.id):
            return
    away = next(m.id for m in reversed(council.members) if m.duty == "member")
    present = [member.id for member in council.members if member.id != away]

    def sit() -> None:
        place = council.place or context.program.letterhead.place
        with session() as records:
            hold(records, context, today(), place, present, ROLE)

    what = ("sit", context.id)
    year.agenda.add(_after(year, (1, 1), *what), what, sit)


def _object(year: Year, context: RoundContext) -> None:
    """Some units object to their provisional result, each to one row; somebody decides."""
    with session() as records:
        sent, until = announced_on(records, context.id), deadline_of(records, context)
        official, exempt = official_awards(records, context), granted(records, context.id)
    if sent is None or until is None:
        return
    if until <= sent:
        what = ("late provisional", context.id, sent)
        words = (
            f"Kết quả dự kiến gửi ngày {sent:%d/%m/%Y}, hạn kiến nghị {until:%d/%m/%Y} đã qua hoặc"
            " đến ngay hôm đó: đơn vị không còn thời gian kiến nghị."
        )
        year.agenda.add(now(), what, lambda: year.note(context.id, words))
        return
    for unit in context.units:
        fall = dice(year.seed, "petition", context.id, unit.id)
        rows = [code for who, code in official if who == unit.id and (who, code) not in exempt]
        if fall.random() >= year.habits.petitions or not rows:
            continue
        code = fall.choice(sorted(rows))
        day = max(day_between(sent + timedelta(days=1), until, fall), today())
        if day > until:
            continue
        what = ("petition", context.id, unit.id, sent)
        moment = max(office_hour(day, fall), now() + timedelta(hours=1))
        year.agenda.add(moment, what, _lodging(year, context, unit.id, code))


def _lodging(year: Year, context: RoundContext, unit: str, code: str) -> Callable[[], None]:
    def lodge() -> None:
        text = f"Mẫu: đề nghị xem lại điểm mục {code}, đơn vị bổ sung tài liệu kiểm chứng."
        with session() as records:
            made = petitions.lodge(records, context, unit, text, today(), code, actor=ROLE)
            number = made.number
        what = ("decide", context.id, number)
        moment = _after(year, year.habits.petition_days, *what)
        year.agenda.add(moment, what, _deciding(year, context, unit, code, number))

    return lodge


def _deciding(
    year: Year, context: RoundContext, unit: str, code: str, number: int
) -> Callable[[], None]:
    def decide() -> None:
        fall = dice(year.seed, "decide", context.id, number)
        upheld = fall.random() < year.habits.petition_upheld
        row = context.framework_of(unit).by_code[code]
        most = row.max_points or Fraction(0)
        step = row.rule.step if isinstance(row.rule, Appraised) else None
        points = most if step is None else (most // step) * step
        told = "Mẫu: tài liệu bổ sung " + ("phù hợp." if upheld else "không thuộc kỳ số liệu.")
        with session() as records:
            petitions.decide(
                records, context, number, upheld, told, points if upheld else None, actor=ROLE
            )

    return decide


def _issue_later(year: Year, context: RoundContext) -> None:
    """The decision is signed, gets its number and is recorded; the round's other papers follow."""
    place = list(year.rounds).index(context.id) + 1

    def issue() -> None:
        try:
            issue_result(context, f"{100 + place}", today(), CLERK)
        except Refused as refusal:
            year.refusals.append((now(), context.id, f"ban hành: {refusal}"))
            return
        send_pending(context.id, CLERK)  # as the command says next: dti outbox ROUND --send

    what = ("issue", context.id)
    year.agenda.add(_after(year, year.habits.issue_days, *what), what, issue)
