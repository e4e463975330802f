"""Sittings of the appraisal council: who was present, and whether they were enough
(2001/QĐ-UBND, V.2–V.3)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from sqlmodel import Session, col, select

from dti_core.clock import today
from dti_core.errors import Refused
from dti_core.program.appraisal import Council
from dti_core.program.load import RoundContext
from dti_core.rational import percent
from dti_core.records import audit
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.tables import SittingRecord


class NotHeld(Refused):
    """A sitting that does not count. The text says why and what to do."""


def hold(
    session: Session,
    context: RoundContext,
    held_on: date,
    place: str,
    present: Sequence[str],
    actor: str,
    chaired_by: str | None = None,
    note: str | None = None,
) -> bool:
    """Record a sitting; returns whether it is new or says something else than before.

    present     ids of the members who were there, whoever chaired among them
    chaired_by  who chaired; by default the chair, else the first vice chair who was there

    Raises NotHeld: no council, somebody who is no member, no place, a day to come, nobody to chair,
    no policy on the quorum, fewer than it asks for.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    council = _council(context)
    _refuse_strangers(council, present)
    if not place.strip():
        raise NotHeld("Phiên họp phải ghi nơi họp: --place NƠI_HỌP.")
    if held_on > today():
        raise NotHeld(f"Ngày họp {held_on:%d/%m/%Y} chưa đến. Hãy ghi sau khi họp.")
    there = [member.id for member in council.members if member.id in present]
    _require_quorum(context, council, len(there))
    chair = _chair(council, there, chaired_by)
    record = _of(session, context.id, held_on)
    was = None if record is None else _content(record)
    if record is None:
        record = SittingRecord(
            round_id=context.id,
            held_on=held_on.isoformat(),
            place="",
            chaired_by="",
            present=[],
            actor=actor,
            at="",
        )
    record.place, record.chaired_by, record.present = place.strip(), chair, there
    record.note = (note or "").strip() or None
    if was == _content(record):
        return False
    record.actor, record.at = actor, audit.now()
    session.add(record)
    detail = {"before": was, "after": _content(record), "of": len(council.members)}
    audit.append(session, context.id, "sitting_held", record.held_on, detail, actor)
    return True


def sittings(session: Session, round_id: str) -> list[SittingRecord]:
    """The sittings of a round, the earliest first."""
    return list(
        session.exec(
            select(SittingRecord)
            .where(SittingRecord.round_id == round_id)
            .order_by(col(SittingRecord.held_on))
        )
    )


def _council(context: RoundContext) -> Council:
    council = context.program.appraisal.council
    if council is None:
        raise NotHeld(
            f"Chương trình {context.program.id} không lập Hội đồng thẩm định. Nếu có, hãy ghi"
            " appraisal: council trong program.yaml."
        )
    return council


def _refuse_strangers(council: Council, named: Sequence[str]) -> None:
    known = [member.id for member in council.members]
    if strangers := [each for each in named if each not in known]:
        raise NotHeld(
            f"{', '.join(strangers)} không phải thành viên {council.name}. Có: {', '.join(known)}."
        )


def _require_quorum(context: RoundContext, council: Council, present: int) -> None:
    policy = context.program.policies.quorum
    if policy is None:
        raise NotHeld(
            "Chưa đặt chính sách “quorum” (tỷ lệ thành viên phải có mặt) nên không rõ phiên họp có"
            " hợp lệ không. Hãy đặt trong policies của program.yaml: quorum: {value: 2/3, basis: …,"
            " decided_on: …}."
        )
    whole = len(council.members)
    if Fraction(present, whole) < policy.value:
        raise NotHeld(
            f"Có mặt {present} trên {whole} thành viên, dưới mức {_share(policy.value)}"
            f" ({policy.basis}): phiên họp không hợp lệ nên không được ghi."
        )


def _share(quorum: Fraction) -> str:
    """2/3 as a fraction, 60 % as a percentage."""
    hundred = quorum * 100
    return percent(quorum) if hundred.denominator == 1 else str(quorum)


def _chair(council: Council, there: Sequence[str], chosen: str | None) -> str:
    if chosen is not None:
        _refuse_strangers(council, [chosen])
        if chosen not in there:
            raise NotHeld(f"Người chủ trì {chosen} phải có trong danh sách có mặt (--present).")
        return chosen
    leading = (m for duty in ("chair", "vice") for m in council.members if m.duty == duty)
    found = next((member.id for member in leading if member.id in there), None)
    if found is None:
        raise NotHeld(
            "Chủ tịch và Phó Chủ tịch Hội đồng đều vắng. Hãy nêu người được ủy quyền chủ trì:"
            " --chair MÃ."
        )
    return found


def _of(session: Session, round_id: str, held_on: date) -> SittingRecord | None:
    return session.exec(
        select(SittingRecord).where(
            SittingRecord.round_id == round_id, SittingRecord.held_on == held_on.isoformat()
        )
    ).first()


def _content(record: SittingRecord) -> dict[str, object]:
    return {
        "place": record.place,
        "chaired_by": record.chaired_by,
        "present": list(record.present),
        "note": record.note,
    }
