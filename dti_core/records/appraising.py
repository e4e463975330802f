"""Official points: what appraisers award or leave as computed, and the ranks that follow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.rational import exact_text, round_half_up, vietnamese
from dti_core.records import audit
from dti_core.records.awards import awards, replace_rows
from dti_core.records.flags import left_to_appraiser
from dti_core.records.tables import AwardRecord, RankRecord
from dti_core.scoring.rank import RankLine, rank
from dti_core.scoring.total import RowPoints, Total, add_up, scored_rows

SELF, APPRAISED = "self", "appraised"


class AppraisalRefused(Refused):
    """An appraised point that cannot be taken. The text names unit, row and cell."""


class OpenPoints(Refused):
    """Rows without official points: a ranking would not be one."""


class PolicyMissing(Refused):
    """A policy that the step needs has not been decided."""


@dataclass(frozen=True)
class Appraised:
    """An appraiser's points for one unit and row, with the reason where they differ."""

    unit: str
    criterion: str
    points: Fraction
    reason: str | None
    where: str = ""


def write_self(
    session: Session,
    context: RoundContext,
    points: Mapping[tuple[str, str], Fraction],
    actor: str,
) -> int:
    """Record self-assessed points; returns how many are new or differ."""
    new = [
        _award(context, unit, code, SELF, value, None, unit)
        for (unit, code), value in points.items()
    ]
    units = {unit for unit, _ in points}
    before = [award for award in awards(session, context.id, SELF) if award.unit in units]
    changed = replace_rows(session, before, new, ("unit", "criterion", "reading", "kind"))
    if changed:
        audit.append(
            session, context.id, "self_points_read", context.id, {"changed": changed}, actor
        )
    return changed


def write_appraised(
    session: Session, context: RoundContext, given: Iterable[Appraised], actor: str
) -> int:
    """Record official points: the appraisers', and the computed ones that they left alone.

    A row with a doubt that its unit left unanswered and that is the appraiser's to decide, by
    policy, has no official points until the appraiser gives them with a reason.

    Raises AppraisalRefused for points outside 0 … maximum, or without a reason where one is due:
    points other than computed, or a doubt to decide.
    """
    computed, to_decide = _computed(session, context), left_to_appraiser(session, context.id)
    said = {(each.unit, each.criterion): each for each in given}
    new: list[AwardRecord] = []
    for unit in context.units:
        framework = context.framework_of(unit.id)
        for row in (row for each in framework.criteria for row in scored_rows(each)):
            if row.max_points is None:
                continue
            own = computed.get((unit.id, row.code))
            each = said.pop((unit.id, row.code), None)
            if each is None:
                if own is not None and (unit.id, row.code) not in to_decide:
                    new.append(_award(context, unit.id, row.code, APPRAISED, own, None, None))
                continue
            place = f"{each.where}: " if each.where else ""
            name = f"{unit.name}, mục {row.code}"
            least, most = sorted((Fraction(0), row.max_points))
            if not least <= each.points <= most:
                raise AppraisalRefused(
                    f"{place}{name}: điểm {vietnamese(each.points)} phải từ {vietnamese(least)} đến"
                    f" {vietnamese(most)}."
                )
            if each.points != own and not (each.reason or "").strip():
                shown = "chưa tính được" if own is None else vietnamese(own)
                raise AppraisalRefused(
                    f"{place}{name}: điểm thẩm định {vietnamese(each.points)} khác điểm tính"
                    f" ({shown}) thì phải ghi lý do."
                )
            if (unit.id, row.code) in to_decide and not (each.reason or "").strip():
                raise AppraisalRefused(
                    f"{place}{name}: nghi vấn quá hạn không được giải trình do người thẩm định"
                    " quyết định, nên phải ghi lý do dù giữ điểm tính."
                )
            new.append(
                _award(context, unit.id, row.code, APPRAISED, each.points, each.reason, actor)
            )
    if said:
        unit_id, code = next(iter(said))
        raise AppraisalRefused(f"Không có đơn vị {unit_id} hoặc mục {code} trong đợt {context.id}.")
    changed = replace_rows(
        session,
        awards(session, context.id, APPRAISED),
        new,
        ("unit", "criterion", "reading", "kind"),
    )
    if changed:
        audit.append(
            session, context.id, "points_appraised", context.id, {"changed": changed}, actor
        )
    return changed


def official_totals(
    session: Session, context: RoundContext
) -> tuple[dict[str, Total], dict[tuple[str, str], Total]]:
    """Official points by unit and by (unit, pillar code); open while a row has none."""
    official = {
        (award.unit, award.criterion): Fraction(award.points)
        for award in awards(session, context.id, APPRAISED)
        if award.points is not None
    }
    wholes: dict[str, Total] = {}
    pillars: dict[tuple[str, str], Total] = {}
    for unit in context.units:
        framework = context.framework_of(unit.id)
        rows = {}
        for criterion in framework.criteria:
            for row in scored_rows(criterion):
                points = official.get((unit.id, row.code))
                maximum = row.max_points or Fraction(0)
                rows[row.code] = (
                    RowPoints.open(maximum) if points is None else RowPoints.awarded(points)
                )
        by_pillar, wholes[unit.id] = add_up(framework, rows, context.program.policies)
        pillars |= {(unit.id, code): total for code, total in by_pillar.items()}
    return wholes, pillars


def write_ranks(session: Session, context: RoundContext, actor: str) -> int:
    """Rank every level's units by official points; returns how many entries are new or differ.

    Raises PolicyMissing, OpenPoints.
    """
    policies = context.program.policies
    if policies.ties is None:
        raise PolicyMissing("Chưa đặt chính sách “ties” (đồng hạng); không thể xếp hạng.")
    if policies.rounding is None:
        raise PolicyMissing("Chưa đặt chính sách “rounding” (làm tròn); không thể xếp hạng.")
    wholes, _ = official_totals(session, context)
    if open_units := [context.program.unit[u].name for u, t in wholes.items() if not t.decided]:
        raise OpenPoints(
            f"Còn điểm chưa thẩm định ở: {', '.join(open_units)}. Hãy nhập điểm kèm lý do trong tệp"
            " thẩm định."
        )
    if policies.rank_on is None:
        raise PolicyMissing("Chưa đặt chính sách “rank_on” (điểm để xếp hạng); không thể xếp hạng.")
    published = policies.rank_on.value == "published"
    new = []
    for level in context.round.levels:
        units = [unit.id for unit in context.units if unit.level == level]
        compared = {unit: _compared(wholes[unit], published=published) for unit in units}
        for line in rank(compared, policies.ties.value):
            new.append(_rank_record(context.id, level, line, wholes[line.unit]))
    changed = replace_rows(session, ranks(session, context.id), new, ("group", "unit"))
    if changed:
        audit.append(session, context.id, "units_ranked", context.id, {"changed": changed}, actor)
    return changed


def ranks(session: Session, round_id: str) -> list[RankRecord]:
    """The ranking, best first within each group."""
    found = session.exec(
        select(RankRecord).where(RankRecord.round_id == round_id).order_by(col(RankRecord.id))
    )
    return sorted(found, key=lambda r: (r.group, r.rank is None, r.rank or 0))


def _compared(total: Total, *, published: bool) -> Fraction | None:
    """The points that ranks go by: exact, or as they are published."""
    if published:
        return None if total.published is None else Fraction(total.published)
    return total.low if total.decided else None


def _rank_record(round_id: str, group: str, line: RankLine, total: Total) -> RankRecord:
    return RankRecord(
        round_id=round_id,
        group=group,
        unit=line.unit,
        points=exact_text(total.low) if total.decided else None,
        published=None if total.published is None else str(total.published),
        rank=line.rank,
        reason=line.reason,
    )


def _computed(session: Session, context: RoundContext) -> dict[tuple[str, str], Fraction]:
    """The computed points under the reading that officially applies to each row."""
    policies = context.program.policies
    return {
        (award.unit, award.criterion): Fraction(award.points)
        for award in awards(session, context.id)
        if award.points is not None and award.reading == policies.reading_of(award.criterion)
    }


def _award(
    context: RoundContext,
    unit: str,
    code: str,
    kind: str,
    points: Fraction,
    reason: str | None,
    by: str | None,
) -> AwardRecord:
    policies = context.program.policies
    maximum = context.framework_of(unit).by_code[code].max_points
    rounding = policies.rounding
    return AwardRecord(
        round_id=context.id,
        unit=unit,
        criterion=code,
        reading=policies.reading_of(code) or "",
        kind=kind,
        max_points=None if maximum is None else exact_text(maximum),
        points=exact_text(points),
        published=str(round_half_up(points, rounding.value.digits)) if rounding else None,
        low=exact_text(points),
        high=exact_text(points),
        status="computed" if reason is None else "adjusted",
        reasons=[],
        reason=reason,
        decided_by=by,
    )
