"""Rows on which a unit is not scored as the others are: proposed by the program's traits, decided
by a person with a reason (2554/QĐ-UBND, VII.2–4; 2001/QĐ-UBND, II.1.3a)."""

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.figures import Figure
from dti_core.program.load import RoundContext
from dti_core.program.proposed import named, proposed
from dti_core.program.ranking import Exemption
from dti_core.records import audit
from dti_core.records.figures import current_figures
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.tables import ExemptionRecord
from dti_core.scoring.exempted import without_exempted
from dti_core.scoring.total import scored_rows

PROPOSED, GRANTED, REFUSED = "proposed", "granted", "refused"
STATUS_TEXT = {PROPOSED: "chờ quyết định", GRANTED: "đã đồng ý", REFUSED: "không đồng ý"}

Pair = tuple[str, str]
"""(unit, row code)"""


class NotExempted(Refused):
    """An exemption that cannot be decided as wished. The text says why."""


def proposals(context: RoundContext) -> dict[Pair, Exemption]:
    """What the program's traits propose: (unit, scored row) → its ground. Raises NotExempted."""
    for unit in context.units:
        for ground in context.program.exemptions:
            if unit.level in ground.levels:
                _rows(context, unit.id, named(unit, ground))
    return {
        (unit.id, code): ground
        for unit in context.units
        for code, ground in proposed(context, unit.id).items()
    }


def propose(session: Session, context: RoundContext, actor: str) -> int:
    """Record what the program proposes; what a person has decided stays. Returns how many are new.

    A proposal that the program no longer makes goes, as long as nobody has decided it.
    """
    actor = need(session, context.id, Right.DECIDE, actor)
    one_writer(session, context.id)
    wanted = proposals(context)
    known = {(each.unit, each.criterion): each for each in exemptions(session, context.id)}
    new = [pair for pair in wanted if pair not in known]
    for unit, code in new:
        session.add(_record(context, unit, code, wanted[unit, code]))
    gone = [p for p, each in known.items() if each.status == PROPOSED and p not in wanted]
    for pair in gone:
        session.delete(known[pair])
    if new or gone:
        detail = {"new": [list(pair) for pair in new], "gone": [list(pair) for pair in gone]}
        audit.append(session, context.id, "exemptions_proposed", context.id, detail, actor)
    return len(new)


def decide(
    session: Session,
    context: RoundContext,
    unit: str,
    ground: str,
    granted: bool,
    reason: str,
    actor: str,
    criterion: str | None = None,
) -> int:
    """Grant or refuse a unit's exemption on one row, or on all that are proposed on this ground.

    A row that nobody proposed may be granted by its code. Returns how many decisions are new.
    Raises NotExempted.
    """
    actor = need(session, context.id, Right.DECIDE, actor)
    one_writer(session, context.id)
    which = _ground(context, unit, ground)
    if not reason.strip():
        raise NotExempted("Quyết định miễn đánh giá hay không phải có lý do: --reason LÝ_DO.")
    known = {each.criterion: each for each in exemptions(session, context.id) if each.unit == unit}
    if criterion is None:
        codes = [code for code, each in known.items() if each.ground == ground]
        if not codes:
            raise NotExempted(
                f"{context.program.unit[unit].name}: chưa có đề xuất nào theo “{which.name}”. Hãy"
                " nêu mục: --criterion MỤC."
            )
    else:
        codes = _rows(context, unit, (criterion,))
    changed = []
    for code in codes:
        record = known.get(code) or _record(context, unit, code, which)
        status = GRANTED if granted else REFUSED
        if (record.status, record.ground, record.reason) == (status, ground, reason.strip()):
            continue
        record.ground, record.effect, record.status = ground, which.effect, status
        record.reason, record.decided_by, record.at = reason.strip(), actor, audit.now()
        session.add(record)
        changed.append(code)
    if changed:
        detail = {"ground": ground, "rows": changed, "granted": granted, "reason": reason.strip()}
        audit.append(session, context.id, "exemption_decided", unit, detail, actor)
    session.flush()
    return len(changed)


def exemptions(session: Session, round_id: str) -> list[ExemptionRecord]:
    return list(
        session.exec(
            select(ExemptionRecord)
            .where(ExemptionRecord.round_id == round_id)
            .order_by(col(ExemptionRecord.id))
        )
    )


def granted(session: Session, round_id: str) -> dict[Pair, ExemptionRecord]:
    """(unit, scored row) → the exemption that a person granted."""
    return {
        (each.unit, each.criterion): each
        for each in exemptions(session, round_id)
        if each.status == GRANTED
    }


def undecided(session: Session, round_id: str) -> list[ExemptionRecord]:
    """What was proposed and nobody has decided."""
    return [each for each in exemptions(session, round_id) if each.status == PROPOSED]


def counted_figures(session: Session, context: RoundContext) -> dict[tuple[str, str, str], Figure]:
    """The newest figures as they count: those of exempted rows say so instead of their value.

    What a unit sent for such a row stays in the records; it earns nothing, nobody is compared with
    it and nobody misses it.
    """
    return without_exempted(
        current_figures(session, context.id), context, granted(session, context.id)
    )


def _rows(context: RoundContext, unit: str, codes: tuple[str, ...]) -> list[str]:
    """The rows with points of their own among these and below them. Raises NotExempted."""
    framework, found = context.framework_of(unit), []
    for code in codes:
        row = framework.by_code.get(code)
        if row is None or row.max_points is None:
            raise NotExempted(
                f"{context.program.unit[unit].name}: mục {code} không có trong {framework.title}"
                " hoặc không có điểm, nên không miễn được. Hãy sửa exemptions/exempt trong"
                " program.yaml hoặc mã mục."
            )
        found += [each.code for each in scored_rows(row)]
    return found


def _ground(context: RoundContext, unit: str, ground: str) -> Exemption:
    if unit not in {each.id for each in context.units}:
        raise NotExempted(f"Đợt {context.id} không đánh giá đơn vị {unit!r}.")
    found = {each.id: each for each in context.program.exemptions}
    if ground not in found:
        known = f" Có: {', '.join(found)}." if found else " Chương trình chưa nêu căn cứ nào."
        raise NotExempted(f"Không có căn cứ miễn {ground!r}.{known}")
    level = context.program.unit[unit].level
    if level not in found[ground].levels:
        raise NotExempted(
            f"Căn cứ “{found[ground].name}” ({found[ground].basis}) không áp dụng cho"
            f" {context.program.unit[unit].name}."
        )
    return found[ground]


def _record(context: RoundContext, unit: str, code: str, ground: Exemption) -> ExemptionRecord:
    return ExemptionRecord(
        round_id=context.id,
        unit=unit,
        criterion=code,
        ground=ground.id,
        effect=ground.effect,
        status=PROPOSED,
        at=audit.now(),
    )
