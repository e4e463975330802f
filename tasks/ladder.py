"""Who is reminded on a day, of what: decided from the records, and again right before sending."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.program.reminders import owed, reaches_head
from dti_core.program.routing import verifier_name
from dti_core.records.collecting import Standing, standings
from dti_core.records.outbox import GIVEN_UP, SENT, Message, notifications, queued_keys
from dti_core.records.rounds import gate_of
from dti_core.records.tables import NotificationRecord
from reports.messages import Text, check_texts, letter
from tasks import appraisal_mail
from tasks.look_again import Dropped

WHAT = {"own": "số liệu của đơn vị", "about_units": "số liệu về các đơn vị"}

BEFORE, AFTER, HEAD, DIGEST, UNDELIVERED = "before", "remind", "escalate", "digest", "undelivered"
"""First word of a message's key: before:PROVIDER:KIND:DAY, remind:PROVIDER:KIND:DAY,
escalate:PROVIDER:KIND:DEADLINE:DAY, digest:DAY, undelivered:NUMBER."""


class NoOrganiser(Refused):
    """The program's organiser is no unit, so that nobody can be written to."""


@dataclass(frozen=True)
class Letter:
    """A reminder on paper to a provider's head: about which request, as of which day.

    path  where it is written, under the round's folder
    """

    path: str
    stand: Standing
    day: date


@dataclass(frozen=True)
class Plan:
    """What a day asks for.

    late      requests past their deadline
    messages  to be queued; those of them that are queued already are not queued twice
    letters   what is written of them on paper, to go with a message
    no_head   providers whose head should know, and has no address
    """

    late: tuple[Standing, ...] = ()
    messages: tuple[Message, ...] = ()
    letters: tuple[Letter, ...] = ()
    no_head: tuple[str, ...] = ()


def plan(records: Session, context: RoundContext, day: date) -> Plan:
    """The reminders of a day, by what has arrived. Queues nothing. Raises BrokenText."""
    check_texts()
    open_ = _open(records, context.id)
    late = tuple(each for each in open_ if each.late(day))
    queued = queued_keys(records, context.id)
    policy = context.program.policies.reminders
    ladder = policy.value if policy else None
    messages: list[Message] = []
    letters: list[Letter] = []
    no_head: list[str] = []
    for each in open_:
        last = _last(queued, each)
        rung = owed(ladder, each.due, context.round.opens.on, day, last)
        if rung:
            word = BEFORE if rung == "before" else AFTER
            text = _to_unit(context, each, day)
            messages.append(_message(f"{word}:{each.provider}:{each.kind}:{day}", each, text))
        if each.late(day) and reaches_head(ladder, each.due, day):
            if not context.program.unit[each.provider].head_address:
                no_head.append(each.provider)
            elif not _head_told(queued, each):
                key = f"{HEAD}:{each.provider}:{each.kind}:{each.due}:{day}"
                paper = Letter(_paper(each, day), each, day)
                letters.append(paper)
                messages.append(_message(key, each, _to_head(context, each, day), paper.path))
    if late and ladder and ladder.digest_to_organiser == "daily":
        organiser = context.program.organiser
        if organiser not in context.program.unit:
            raise NoOrganiser(
                f"Chính sách “reminders” gửi bản tổng hợp cho đơn vị chủ trì {organiser!r}, nhưng"
                " program.yaml không có đơn vị ấy trong units. Hãy thêm đơn vị với address."
            )
        text = _digest(context, late, day, _sent(records, context.id))
        messages.append(Message(f"{DIGEST}:{day}", organiser, text.title, text.body))
    messages += appraisal_mail.reminders(records, context, day, queued)
    return Plan(late, tuple(messages), tuple(letters), tuple(dict.fromkeys(no_head)))


def reminder_again(
    records: Session, context: RoundContext, message: NotificationRecord
) -> Text | Dropped:
    """A reminder to a unit or its head, by what has come until now."""
    word, provider, kind, *due, stamp = message.key.split(":")
    if not gate_of(records, context.id).takes_figures(provider):
        return Dropped("việc thu thập đã khép")
    stands = standings(records, context.id)
    stand = next(each for each in stands if (each.provider, each.kind) == (provider, kind))
    if stand.received_on is not None:
        return Dropped("đơn vị đã gửi trước lúc thư được gửi đi")
    day = date.fromisoformat(stamp)
    extended = Dropped(f"đơn vị được gia hạn đến {stand.due:%d/%m/%Y}")
    if word == HEAD:
        told_of = date.fromisoformat(due[0])
        return _to_head(context, stand, day) if told_of == stand.due else extended
    if (word == AFTER) != (day > stand.due):
        return extended
    last = _last(queued_keys(records, context.id), stand)
    if last is not None and last > day:
        return Dropped("đã có thư nhắc mới hơn")
    return _to_unit(context, stand, day)


def digest_again(
    records: Session, context: RoundContext, message: NotificationRecord
) -> Text | Dropped:
    """The organiser's list of who is late, by what has come until now."""
    gate = gate_of(records, context.id)
    day = date.fromisoformat(message.key.partition(":")[2])
    late = [
        each
        for each in standings(records, context.id)
        if each.late(day) and gate.takes_figures(each.provider)
    ]
    if gate.closed_by is not None and not late:
        return Dropped("việc thu thập đã khép")
    queued = queued_keys(records, context.id)
    if any(key.startswith(f"{DIGEST}:") and key > message.key for key in queued):
        return Dropped("đã có bản tổng hợp mới hơn")
    if not late:
        return Dropped("không còn nơi quá hạn")
    return _digest(context, late, day, _sent(records, context.id))


def undelivered_again(
    records: Session, context: RoundContext, _message: NotificationRecord
) -> Text | Dropped:
    """The note about messages that nobody will try again, with all of them that there are now."""
    return _undelivered_text(records, context) or Dropped("không còn thư nào chưa gửi được")


def undelivered(records: Session, context: RoundContext, message_id: int) -> Message | None:
    """The note to the organiser about messages that nobody will try again, this one the newest.

    None while an earlier note still waits: it will list this one too.
    """
    notes = [
        each
        for each in notifications(records, context.id)
        if each.key.startswith(f"{UNDELIVERED}:") and each.status in ("pending", "failed")
    ]
    text = _undelivered_text(records, context)
    if notes or text is None:
        return None
    return Message(f"{UNDELIVERED}:{message_id}", context.program.organiser, text.title, text.body)


def is_to_head(key: str) -> bool:
    return key.startswith(f"{HEAD}:")


def is_note(key: str) -> bool:
    """Whether a message is itself the note about others that could not be delivered."""
    return key.startswith(f"{UNDELIVERED}:")


def _open(records: Session, round_id: str) -> list[Standing]:
    """The requests that nothing has come for and that may still be answered."""
    gate = gate_of(records, round_id)
    return [
        each
        for each in standings(records, round_id)
        if each.received_on is None and gate.takes_figures(each.provider)
    ]


def _sent(records: Session, round_id: str) -> set[str]:
    return {each.key for each in notifications(records, round_id) if each.status == SENT}


def _last(queued: set[str], stand: Standing) -> date | None:
    """The day of the newest reminder to the unit about one request."""
    starts = tuple(f"{word}:{stand.provider}:{stand.kind}:" for word in (BEFORE, AFTER))
    days = [date.fromisoformat(key.rpartition(":")[2]) for key in queued if key.startswith(starts)]
    return max(days, default=None)


def _head_told(keys: set[str], stand: Standing) -> bool:
    start = f"{HEAD}:{stand.provider}:{stand.kind}:{stand.due}:"
    return any(key.startswith(start) for key in keys)


def _message(key: str, stand: Standing, text: Text, *files: str) -> Message:
    return Message(key, stand.provider, text.title, text.body, files)


def _paper(stand: Standing, day: date) -> str:
    what = "" if stand.kind == "own" else "-cung-cap"
    return f"out/{stand.provider}/cong-van-don-doc{what}-{day}.docx"


def _to_unit(context: RoundContext, stand: Standing, day: date) -> Text:
    name = "remind" if day > stand.due else "remind_before"
    return _letter(name, context, stand, day)


def _to_head(context: RoundContext, stand: Standing, day: date) -> Text:
    return _letter("remind_head", context, stand, day)


def _letter(name: str, context: RoundContext, stand: Standing, day: date) -> Text:
    return letter(
        name,
        context,
        stand.provider,
        today=day,
        what=WHAT.get(stand.kind, stand.kind),
        due=stand.due,
        days=abs((day - stand.due).days),
    )


def _digest(
    context: RoundContext, late: list[Standing] | tuple[Standing, ...], day: date, sent: set[str]
) -> Text:
    lines = [
        {
            "unit": context.program.unit[each.provider].name,
            "what": WHAT.get(each.kind, each.kind),
            "due": f"{each.due:%d/%m/%Y}",
            "days": (day - each.due).days,
            "missing": each.items,
            "head_told": _head_told(sent, each),
        }
        for each in late
    ]
    return letter("digest", context, context.program.organiser, today=day, late=lines)


def _undelivered_text(records: Session, context: RoundContext) -> Text | None:
    lines = list(_given_up(records, context))
    if not lines or context.program.organiser not in context.program.unit:
        return None
    return letter("undelivered", context, context.program.organiser, messages=lines)


def _given_up(records: Session, context: RoundContext) -> Iterator[dict[str, object]]:
    for each in notifications(records, context.id):
        if each.status == GIVEN_UP and not is_note(each.key):
            yield {
                "unit": verifier_name(context, each.recipient),
                "title": each.title,
                "attempts": each.attempts,
                "error": each.error or "",
            }
