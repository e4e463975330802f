"""Who may do what, asked where the records are changed: every door calls `need` first.

As long as nobody is registered the office works as one, as small ones do. From the first person on
every change needs the token of somebody who has the right to it, whatever command, flow or program
it comes from; what is recorded as the actor is the registered name. A change that is refused leaves
an event in the audit chain, written after the refused transaction has ended, so that it stays.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NoReturn

from sqlmodel import Session, select

from dti_core import clock
from dti_core.errors import Refused
from dti_core.program.load import SUB_ROUND, load_program
from dti_core.records import tokens
from dti_core.records.bookkeeping import apart
from dti_core.records.refusals import OFFICE, note_later
from dti_core.records.tables import PersonRecord

OPERATOR, DISTRICT, APPRAISER, APPROVER, READER = (
    "operator",
    "district",
    "appraiser",
    "approver",
    "reader",
)

ROLES = {
    OPERATOR: "Người vận hành",
    DISTRICT: "Người vận hành cấp huyện",
    APPRAISER: "Người thẩm định",
    APPROVER: "Người xác nhận",
    READER: "Người xem",
}
"""Role → what an official calls it."""

EVERY = "*"
"""Among a person's verifiers: whoever's rows."""


class Right(Enum):
    """What a door asks for; the value says it to people."""

    PEOPLE = "đăng ký, thu hồi người dùng"
    PROGRAM = "ghi dữ liệu chung của chương trình, mở và nhận kết quả đợt thành phần"
    OPERATE = "vận hành đợt (mở, nhận số liệu, tính, gửi, viết văn bản)"
    FILE = "lưu tệp nhận được"
    SETTLE = "tính điểm chính thức từ ý kiến đã ghi"
    APPRAISE = "cho điểm thẩm định"
    DECIDE = "quyết định giải trình, miễn, xếp hạng, kiến nghị"
    APPROVE = "xác nhận bước"


GRANTED: dict[Right, frozenset[str]] = {
    Right.PEOPLE: frozenset({OPERATOR}),
    Right.PROGRAM: frozenset({OPERATOR}),
    Right.OPERATE: frozenset({OPERATOR, DISTRICT}),
    Right.FILE: frozenset({OPERATOR, DISTRICT, APPRAISER}),
    Right.SETTLE: frozenset({OPERATOR, DISTRICT, APPRAISER}),
    Right.APPRAISE: frozenset({APPRAISER}),
    Right.DECIDE: frozenset({OPERATOR, DISTRICT, APPROVER}),
    Right.APPROVE: frozenset({APPROVER}),
}
"""Right → the roles that have it. A reader has none: reading is not asked about here."""


class NotAllowed(Refused):
    """Somebody tried a change without the right to it. The text says who has it."""


@dataclass(frozen=True)
class Person:
    """A registered person, as `PersonRecord` says."""

    name: str
    roles: tuple[str, ...]
    titles: tuple[str, ...]
    units: tuple[str, ...]
    verifiers: tuple[str, ...]
    agencies: tuple[str, ...]
    program: str | None
    salt: str = field(repr=False)
    digest: str = field(repr=False)
    until: str | None = None
    revoked_at: str | None = None

    @property
    def in_force(self) -> bool:
        """Whether the token still holds today."""
        ended = self.until is not None and clock.today().isoformat() > self.until
        return self.revoked_at is None and not ended

    def has(self, right: Right, round_id: str, fields: Collection[str] = ()) -> bool:
        """Whether a change of this round (or program) is theirs, in all these fields."""
        mine = GRANTED[right] & set(self.roles)
        if not self.in_force or not mine or not self._reaches(round_id):
            return False
        if mine == {DISTRICT} and not self.units:
            return False
        return right is not Right.APPRAISE or self._judges(round_id, fields)

    def _reaches(self, round_id: str) -> bool:
        """Whether the round is of their program, and a sub-round of their units where they have
        any."""
        if self.program is not None and round_id.partition("/")[0] not in (self.program, OFFICE):
            return False
        return not self.units or round_id.partition(SUB_ROUND)[2] in self.units

    def _judges(self, round_id: str, fields: Collection[str]) -> bool:
        if EVERY in self.verifiers:
            return True
        mine = set(self.verifiers)
        if self.agencies:
            units = load_program(round_id.partition("/")[0]).units
            mine |= {unit.id for unit in units if unit.agency in self.agencies}
        return bool(fields) and mine.issuperset(fields)

    def speaks_as(self, role: str, right: Right) -> bool:
        """Whether they hold the role that a change is said to be made in.

        The operator's is what commands say where nobody says anything; only an approval is given in
        a role that counts.
        """
        said = role.strip().casefold()
        held = {self.name, *self.titles, *(ROLES[each] for each in self.roles if each in ROLES)}
        if right is not Right.APPROVE:
            held |= {"", ROLES[OPERATOR]}
        return said in {each.casefold() for each in held}


def need(
    session: Session, round_id: str, right: Right, actor: str = "", *, fields: Collection[str] = ()
) -> str:
    """Go on where whoever acts has the right; returns who is recorded as the actor.

    round_id  the round that changes; a program's id, or OFFICE, for what is of no round
    actor     the role that the change is said to be made in; it has to be one of theirs
    fields    of Right.APPRAISE: the verifiers in whose name points are given

    Call it before anything is written. The people are read once a session. Raises NotAllowed,
    UnreadableToken.
    """
    known = _known(session)
    if not known.closed:
        return actor
    person, why = known.acting()
    if person is None:
        _refuse(session, known, round_id, right, fields, why, None)
    if not person.has(right, round_id, fields):
        told = f"{person.name} ({roles_told(person)}) không có quyền này"
        _refuse(session, known, round_id, right, fields, told, person)
    if not person.speaks_as(actor, right):
        told = f"{person.name} không giữ vai trò “{actor}”, nên không được ghi dưới tên đó"
        _refuse(session, known, round_id, right, fields, told, person)
    return person.name


def recorded_as(session: Session, actor: str) -> str:
    """Who is recorded as the actor of what ends something that was allowed when it began."""
    person = acting_person(session)
    return person.name if person is not None and is_closed(session) else actor


def may(session: Session, round_id: str, right: Right, *, fields: Collection[str] = ()) -> bool:
    """Whether whoever acts has the right; asking is not trying: nothing is recorded."""
    known = _known(session)
    if not known.closed:
        return True
    person, _ = known.acting()
    return person is not None and person.has(right, round_id, fields)


def is_closed(session: Session) -> bool:
    """Whether people are registered, so that changes need a token."""
    return _known(session).closed


def acting_person(session: Session) -> Person | None:
    """Who acts now; None where nobody shows a token that holds. Raises UnreadableToken."""
    return _known(session).acting()[0]


def forget(session: Session) -> None:
    """Read the people anew: somebody was added, or lost their token."""
    session.info.pop(_PEOPLE, None)


def roles_told(person: Person) -> str:
    """Roles and limits in words: "Người vận hành cấp huyện: huyen-a"."""
    told = ", ".join(ROLES.get(each, each) for each in person.roles)
    limits = [*person.units, *person.verifiers, *person.agencies, *person.titles]
    return told + (f": {', '.join(limits)}" if limits else "")


@dataclass
class _Known:
    """The people as one session reads them, and who acts in it."""

    people: tuple[Person, ...]
    _found: dict[object, tuple[Person | None, str]] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        """The first person is an operator and one remains: without any the office is open."""
        return any(OPERATOR in person.roles for person in self.people)

    def acting(self) -> tuple[Person | None, str]:
        """Who shows a token that holds; else None and why not."""
        source = tokens.source()
        if source not in self._found:
            self._found[source] = self._identified()
        return self._found[source]

    def _identified(self) -> tuple[Person | None, str]:
        token = tokens.presented()
        if not token:
            return None, (
                "cơ quan đã đăng ký người dùng nên phải có mã cá nhân: đặt biến môi trường"
                f" {tokens.TOKEN_FILE} là tệp chứa mã (quyền 0600), hoặc {tokens.TOKEN} là mã"
            )
        for person in self.people:
            if tokens.fits(token, person.salt, person.digest):
                return (person, "") if person.in_force else (None, _ended(person))
        return None, "mã cá nhân không đúng, hoặc đã được thay bằng mã mới"

    def holders(self, right: Right, round_id: str, fields: Collection[str]) -> list[str]:
        return [each.name for each in self.people if each.has(right, round_id, fields)]


def _ended(person: Person) -> str:
    if person.revoked_at is not None:
        return f"mã của {person.name} đã bị thu hồi"
    return f"mã của {person.name} đã hết hạn ngày {person.until}"


_PEOPLE = "people"


def _known(session: Session) -> _Known:
    found = session.info.get(_PEOPLE)
    if found is None:
        table = PersonRecord.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
        with session.no_autoflush, apart():  # asking writes nothing, and is no part of the work
            rows = session.connection().execute(select(table).order_by(table.c.id)).mappings()
            found = session.info[_PEOPLE] = _Known(tuple(_person(row) for row in rows))
    known: _Known = found
    return known


def _person(row: Any) -> Person:
    return Person(
        row["name"],
        tuple(row["roles"]),
        tuple(row["titles"]),
        tuple(row["units"]),
        tuple(row["verifiers"]),
        tuple(row["agencies"]),
        row["program"],
        row["salt"],
        row["digest"],
        row["until"],
        row["revoked_at"],
    )


def _refuse(
    session: Session,
    known: _Known,
    round_id: str,
    right: Right,
    fields: Collection[str],
    why: str,
    person: Person | None,
) -> NoReturn:
    """Raise NotAllowed, and leave word of it for when the transaction has ended."""
    what = right.value + (f" ({', '.join(sorted(fields))})" if fields else "")
    detail = {"right": right.name.lower(), "fields": sorted(fields), "why": why}
    note_later(session, round_id, detail, person.name if person else "không rõ")
    names = known.holders(right, round_id, fields)
    if names:
        told = f"Người có quyền: {', '.join(names)}."
    else:
        told = "Chưa ai có quyền này; người vận hành đăng ký bằng: dti people add"
    where = f", {round_id}" if round_id != OFFICE else ""
    raise NotAllowed(f"Không được {what}{where}: {why}. Việc này không được ghi. {told}")
