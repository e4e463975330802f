"""The points that an upheld petition awards a row: which can be, and the opinion that holds
them."""

from collections.abc import Sequence
from fractions import Fraction

from sqlmodel import Session, select

from dti_core.errors import Refused
from dti_core.framework.model import Criterion
from dti_core.framework.rules import Appraised
from dti_core.program.appraisal import PETITION
from dti_core.program.load import RoundContext
from dti_core.rational import vietnamese
from dti_core.records import audit
from dti_core.records.exemptions import granted
from dti_core.records.tables import OpinionRecord, PetitionRecord
from dti_core.scoring.total import scored_rows


class PetitionRefused(Refused):
    """A petition, or a decision on one, that cannot be taken. The text says why and what to do."""


def check_points(
    context: RoundContext, record: PetitionRecord, upheld: bool, points: Fraction
) -> None:
    """Refuse points that a petition cannot award. Raises PetitionRefused."""
    what = f"Kiến nghị số {record.number}"
    if not upheld:
        raise PetitionRefused(f"{what}: không chấp nhận thì không kèm điểm; hãy bỏ --points.")
    if record.criterion is None:
        raise PetitionRefused(
            f"{what} về kết quả chung, không về một mục nên không kèm điểm. Cần cho điểm mục nào"
            f" thì nhập kiến nghị về mục đó: dti petition {context.id} {record.unit} --criterion"
            " MỤC --text …"
        )
    row = scored_row(context, record.unit, record.criterion)
    least, most = sorted((Fraction(0), row.max_points or Fraction(0)))
    place = f"{what} ({context.program.unit[record.unit].name}, mục {row.code})"
    if not least <= points <= most:
        raise PetitionRefused(
            f"{place}: điểm {vietnamese(points, 6)} phải từ {vietnamese(least)} đến"
            f" {vietnamese(most)}."
        )
    step = row.rule.step if isinstance(row.rule, Appraised) else None
    if step is not None and (points / step).denominator != 1:
        raise PetitionRefused(
            f"{place}: điểm {vietnamese(points, 6)} phải là bội của {vietnamese(step, 6)}."
        )


def scored_row(context: RoundContext, unit: str, code: str) -> Criterion:
    """The row, where it has points of its own. Raises PetitionRefused."""
    framework = context.framework_of(unit)
    row = framework.by_code.get(code)
    if row is None:
        raise PetitionRefused(
            f"{framework.title} không có mục {code!r}. Xem các mục: dti frameworks show"
            f" {framework.id}"
        )
    below = list(scored_rows(row))
    if below != [row]:
        codes = ", ".join(each.code for each in below)
        raise PetitionRefused(f"Mục {code} cộng từ các mục {codes}: hãy nêu mục bị kiến nghị.")
    if row.max_points is None:
        raise PetitionRefused(f"Mục {code} chỉ theo dõi, không có điểm nên không kiến nghị được.")
    return row


def refuse_exempted(session: Session, context: RoundContext, unit: str, code: str) -> None:
    """Points for a row that the unit is exempted on would count for nothing. Raises
    PetitionRefused."""
    if (unit, code) in granted(session, context.id):
        raise PetitionRefused(
            f"{context.program.unit[unit].name}, mục {code}: đang được miễn nên điểm của kiến nghị"
            " không được tính. Quyết định lại việc miễn trước: dti exemptions"
            f" {context.id} {unit} --refuse CĂN_CỨ --criterion {code} --reason LÝ_DO"
        )


def award(
    session: Session, record: PetitionRecord, every: Sequence[PetitionRecord], actor: str
) -> None:
    """Let the row of a petition just decided have what the newest upheld one about it awards, or
    nothing of a petition's. `every`: the petitions of the round."""
    if record.criterion is None:
        return
    held = session.exec(
        select(OpinionRecord).where(
            OpinionRecord.round_id == record.round_id,
            OpinionRecord.verifier == PETITION,
            OpinionRecord.unit == record.unit,
            OpinionRecord.criterion == record.criterion,
        )
    ).first()
    newest = _awarding(record, every)
    if newest is None or newest.points is None:
        if held is not None:
            session.delete(held)
            session.flush()
        return
    opinion = held or OpinionRecord(
        round_id=record.round_id,
        verifier=PETITION,
        unit=record.unit,
        criterion=record.criterion,
        points="",
        actor="",
        at="",
    )
    opinion.points = newest.points
    opinion.reason = f"Kiến nghị số {newest.number}: {newest.reason}"
    opinion.actor, opinion.at = newest.decided_by or actor, newest.decided_at or audit.now()
    session.add(opinion)
    session.flush()


def _awarding(about: PetitionRecord, every: Sequence[PetitionRecord]) -> PetitionRecord | None:
    """Of the petitions about the same row that award points, the one decided last."""
    same = [
        each
        for each in every
        if (each.unit, each.criterion) == (about.unit, about.criterion) and each.points is not None
    ]
    decided = sorted(same, key=lambda each: (each.decided_at or "", each.number == about.number))
    return decided[-1] if decided else None
