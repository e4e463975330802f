"""People in the records: registered with a token that is shown once, renewed, revoked, never
deleted. Every change is an event of the chain `OFFICE`."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from dti_core import clock
from dti_core.errors import Refused
from dti_core.records import audit, tokens
from dti_core.records.refusals import OFFICE
from dti_core.records.rights import (
    APPRAISER,
    DISTRICT,
    OPERATOR,
    ROLES,
    Right,
    forget,
    is_closed,
    need,
)
from dti_core.records.tables import PersonRecord


class NotRegistered(Refused):
    """A person that cannot be added or changed as wished. The text says why and what to do."""


def add(
    session: Session,
    name: str,
    roles: Sequence[str],
    *,
    titles: Sequence[str] = (),
    units: Sequence[str] = (),
    verifiers: Sequence[str] = (),
    agencies: Sequence[str] = (),
    program: str | None = None,
    until: date | None = None,
    actor: str = "",
) -> str:
    """Register a person; returns the token, which nobody can be shown again.

    The first one is an operator without an end: from then on every change needs a token.

    titles  the roles of the policy `approvers` that they hold, beside their name

    Raises NotRegistered, NotAllowed.
    """
    actor = need(session, OFFICE, Right.PEOPLE, actor)
    name = name.strip()
    _check(name, roles, units, verifiers, agencies, until)
    if not is_closed(session) and (OPERATOR not in roles or until is not None):
        raise NotRegistered(
            "Người đăng ký đầu tiên phải là người vận hành, không có ngày hết hạn, để luôn có người"
            " đăng ký được những người khác: dti people add TÊN --role operator"
        )
    if _of(session, name) is not None:
        raise NotRegistered(
            f"Đã có {name!r}; tên đã ghi vào nhật ký thì không trao cho người khác. Cấp mã mới cho"
            f' chính người ấy: dti people renew "{name}"; người khác thì dùng tên khác.'
        )
    token, salt = tokens.new_token(), tokens.new_salt()
    record = PersonRecord(
        name=name,
        roles=list(roles),
        titles=list(titles),
        units=list(units),
        verifiers=list(verifiers),
        agencies=list(agencies),
        program=program,
        salt=salt,
        digest=tokens.digest(salt, token),
        added_at=audit.now(),
        until=until.isoformat() if until else None,
    )
    session.add(record)
    detail = record.model_dump(exclude={"id", "name", "salt", "digest", "revoked_at"})
    audit.append(session, OFFICE, "person_added", name, detail, actor or name)
    forget(session)
    return token


def renew(session: Session, name: str, until: date | None = None, *, actor: str = "") -> str:
    """Give a person a new token, the old one holds no more; returns it. Somebody revoked may act
    again. Raises NotRegistered, NotAllowed."""
    actor = need(session, OFFICE, Right.PEOPLE, actor)
    _alone(session)
    record = _found(session, name)
    _check_until(until)
    token = tokens.new_token()
    record.salt = tokens.new_salt()
    record.digest = tokens.digest(record.salt, token)
    record.until, record.revoked_at = until.isoformat() if until else None, None
    session.add(record)
    _require_operator(session)
    audit.append(session, OFFICE, "token_renewed", name, {"until": record.until}, actor)
    forget(session)
    return token


def revoke(session: Session, name: str, reason: str, *, actor: str = "") -> bool:
    """End a person's token at once; returns whether it held. Raises NotRegistered without a reason
    and for the last operator, NotAllowed."""
    actor = need(session, OFFICE, Right.PEOPLE, actor)
    _alone(session)
    record = _found(session, name)
    if not reason.strip():
        raise NotRegistered("Thu hồi mã phải có lý do: --reason LÝ_DO.")
    if record.revoked_at is not None:
        return False
    record.revoked_at = audit.now()
    session.add(record)
    _require_operator(session)
    audit.append(session, OFFICE, "token_revoked", name, {"reason": reason.strip()}, actor)
    forget(session)
    return True


def people(session: Session) -> list[PersonRecord]:
    """Everybody who was ever registered, in that order."""
    return list(session.exec(select(PersonRecord).order_by(col(PersonRecord.id))))


def standing(record: PersonRecord) -> str:
    """Whether a token holds, in words."""
    if record.revoked_at is not None:
        return "đã thu hồi"
    if record.until is None:
        return "còn hiệu lực"
    if clock.today().isoformat() > record.until:
        return f"hết hạn ngày {date.fromisoformat(record.until):%d/%m/%Y}"
    return f"đến hết ngày {date.fromisoformat(record.until):%d/%m/%Y}"


def office_told(session: Session) -> str:
    """Whether changes need a token, in words: for `dti people list` and `dti doctor`."""
    if not is_closed(session):
        return (
            "Chưa đăng ký người dùng: ai chạy được lệnh dti trên máy này cũng được làm mọi việc."
            " Cần phân quyền thì đăng ký người vận hành trước: dti people add TÊN --role operator"
        )
    return "Mọi thay đổi phải có mã cá nhân của người có quyền."


def _check(
    name: str,
    roles: Sequence[str],
    units: Sequence[str],
    verifiers: Sequence[str],
    agencies: Sequence[str],
    until: date | None,
) -> None:
    if not name or "\n" in name:
        raise NotRegistered("Phải nêu tên (họ tên hoặc chức danh) trên một dòng.")
    strange = [role for role in roles if role not in ROLES]
    if strange or not roles:
        known = ", ".join(f"{role} ({told})" for role, told in ROLES.items())
        raise NotRegistered(
            f"Không có vai trò {', '.join(strange) or 'nào được nêu'}. Có: {known}."
        )
    if OPERATOR in roles and units:
        raise NotRegistered(
            "Người vận hành (operator) làm việc với cả đợt nên không kèm --unit. Người chỉ vận hành"
            " đợt thành phần của một huyện thì đăng ký --role district --unit MÃ."
        )
    if DISTRICT in roles and not units:
        raise NotRegistered("Người vận hành cấp huyện phải có đơn vị của mình: --unit MÃ.")
    if (APPRAISER in roles) != bool(verifiers or agencies):
        raise NotRegistered(
            "Người thẩm định (appraiser) phải nêu lĩnh vực của mình: --verifier MÃ (xem dti"
            " appraise ĐỢT --list) hoặc --agency MÃ; các vai trò khác không kèm lĩnh vực."
        )
    _check_until(until)


def _check_until(until: date | None) -> None:
    if until is not None and until < clock.today():
        raise NotRegistered(f"Ngày hết hạn {until:%d/%m/%Y} đã qua. Hãy xem lại --until.")


def _alone(session: Session) -> None:
    """Nobody else changes people meanwhile: two operators could end each other's tokens at once.
    SQLite has one writer as it is."""
    session.exec(select(PersonRecord.id).order_by(col(PersonRecord.id)).with_for_update()).all()
    session.expire_all()


def _require_operator(session: Session) -> None:
    """Without an operator whose token has no end the office would lock itself out."""
    session.flush()
    for record in people(session):
        if OPERATOR in record.roles and record.revoked_at is None and record.until is None:
            return
    raise NotRegistered(
        "Phải còn ít nhất một người vận hành có mã không hết hạn, nếu không sẽ không ai đăng ký,"
        " cấp lại mã được nữa. Hãy đăng ký người khác trước: dti people add TÊN --role operator"
    )


def _of(session: Session, name: str) -> PersonRecord | None:
    """The person of a name, small and capital letters alike."""
    same = (each for each in people(session) if each.name.casefold() == name.strip().casefold())
    return next(same, None)


def _found(session: Session, name: str) -> PersonRecord:
    record = _of(session, name)
    if record is None:
        known = ", ".join(each.name for each in people(session)) or "chưa có ai"
        raise NotRegistered(f"Không có người dùng {name!r}. Đã đăng ký: {known}.")
    return record
