"""Which units have a place in the ranking: the program's word, and what people decided since."""

from collections.abc import Mapping
from typing import get_args

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.program.ranking import KeptOut, Place
from dti_core.records import audit
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.tables import ParticipationRecord

VOLUNTARY = "tham gia tự nguyện, chấm điểm để tham khảo"


class NotKeptOut(Refused):
    """A decision about a unit's place that cannot be taken. The text says why."""


def places(session: Session, context: RoundContext) -> Mapping[str, KeptOut]:
    """Unit → why it has no place; units that are ranked are not in it."""
    found = {
        unit.id: KeptOut(place="voluntary", reason=VOLUNTARY, basis=context.program.decree)
        for unit in context.units
        if unit.voluntary
    }
    here = {unit.id for unit in context.units}
    found |= {unit: why for unit, why in context.round.kept_out.items() if unit in here}
    for record in session.exec(
        select(ParticipationRecord)
        .where(ParticipationRecord.round_id == context.id)
        .order_by(col(ParticipationRecord.id))
    ):
        if record.place == "ranked":
            found.pop(record.unit, None)
        elif record.unit in here:
            found[record.unit] = KeptOut.model_validate(
                {"place": record.place, "reason": record.reason, "basis": record.basis}
            )
    return found


def keep_out(
    session: Session,
    context: RoundContext,
    unit: str,
    place: str,
    reason: str,
    basis: str,
    actor: str,
) -> bool:
    """Decide a unit's place: `ranked` puts it back. Returns whether that is new.

    Raises NotKeptOut without a reason and a basis, for an unknown unit or place.
    """
    actor = need(session, context.id, Right.DECIDE, actor)
    one_writer(session, context.id)
    if unit not in {each.id for each in context.units}:
        raise NotKeptOut(f"Đợt {context.id} không đánh giá đơn vị {unit!r}.")
    if place not in get_args(Place):
        raise NotKeptOut(f"Không có cách {place!r}. Có: {', '.join(get_args(Place))}.")
    if not reason.strip() or not basis.strip():
        raise NotKeptOut(
            "Việc xếp hạng hay không của một đơn vị phải có lý do và căn cứ: --reason LÝ_DO"
            " --basis CĂN_CỨ."
        )
    now = places(session, context).get(unit)
    current = (now.place, now.reason, now.basis) if now else ("ranked", "", "")
    if current == (place, reason.strip(), basis.strip()) or (place == "ranked" and not now):
        return False
    record = session.exec(
        select(ParticipationRecord).where(
            ParticipationRecord.round_id == context.id, ParticipationRecord.unit == unit
        )
    ).first() or ParticipationRecord(
        round_id=context.id, unit=unit, place="", reason="", basis="", actor="", at=""
    )
    record.place, record.reason, record.basis = place, reason.strip(), basis.strip()
    record.actor, record.at = actor, audit.now()
    session.add(record)
    detail = {"before": current[0], "after": place, "reason": record.reason, "basis": record.basis}
    audit.append(session, context.id, "place_decided", unit, detail, actor)
    return True
