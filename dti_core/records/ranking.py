"""The ranking by official points, and the records of it (2554/QĐ-UBND, VIII; 2001/QĐ-UBND,
II.1.4): groups, points or percent, ties and grades by policy, places kept out, change since last
year."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.groups import group_of, groups_of, members
from dti_core.program.load import RoundContext
from dti_core.program.policies import Policies
from dti_core.program.ranking import KeptOut, RankGroup
from dti_core.program.replaced import replaced
from dti_core.rational import exact_text
from dti_core.records import audit
from dti_core.records.earlier import prior_results
from dti_core.records.exemptions import undecided
from dti_core.records.official import official_totals
from dti_core.records.participation import places
from dti_core.records.plain_rows import replace_rows
from dti_core.records.rights import Right, need
from dti_core.records.tables import RankRecord, RoundRecord
from dti_core.scoring.outcome import Comparison, Outcome, outcomes
from dti_core.scoring.total import Total

_NAMED = 10
"""How many units a refusal names."""


class OpenPoints(Refused):
    """Rows without official points: a ranking would not be one."""


class PolicyMissing(Refused):
    """A policy that the step needs has not been decided."""


class ExemptionsOpen(Refused):
    """Exemptions were proposed that nobody has decided."""


@dataclass(frozen=True)
class Before:
    """A unit's place in the evaluation year before, and how many were ranked then."""

    rank: int | None
    points: str | None
    of: int


def write_ranks(session: Session, context: RoundContext, actor: str) -> int:
    """Rank every group's units by official points; returns how many entries are new or differ.

    Raises PolicyMissing, ExemptionsOpen, OpenPoints.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    new = [each.model_dump(exclude={"id"}) for each in ranking(session, context)]
    of = [col(RankRecord.round_id) == context.id]
    changed = replace_rows(session, RankRecord, of, new, ("group", "unit"))
    if changed:
        audit.append(session, context.id, "units_ranked", context.id, {"changed": changed}, actor)
    return changed


def ranking(session: Session, context: RoundContext) -> list[RankRecord]:
    """The ranking as the recorded points give it now, group by group, best first.

    Raises PolicyMissing, ExemptionsOpen, OpenPoints.
    """
    policies = context.program.policies
    if policies.ties is None:
        raise PolicyMissing("Chưa đặt chính sách “ties” (đồng hạng); không thể xếp hạng.")
    if policies.rounding is None:
        raise PolicyMissing("Chưa đặt chính sách “rounding” (làm tròn); không thể xếp hạng.")
    if open_ := undecided(session, context.id):
        raise ExemptionsOpen(
            f"Còn {len(open_)} đề xuất miễn đánh giá chưa quyết định (ví dụ"
            f" {context.program.unit[open_[0].unit].name}, mục {open_[0].criterion}). Hãy chạy: dti"
            f" exemptions {context.id}"
        )
    kept_out, wholes = places(session, context), official_totals(session, context)[0]
    evaluated = {u: t for u, t in wholes.items() if not _not_evaluated(kept_out.get(u))}
    if open_units := [context.program.unit[u].name for u, t in evaluated.items() if not t.decided]:
        more = f" và {len(open_units) - _NAMED} đơn vị khác" if len(open_units) > _NAMED else ""
        raise OpenPoints(
            f"Còn điểm chưa thẩm định ở: {', '.join(open_units[:_NAMED])}{more}. Hãy nhập điểm kèm"
            " lý do trong tệp thẩm định."
        )
    if policies.rank_on is None:
        raise PolicyMissing("Chưa đặt chính sách “rank_on” (điểm để xếp hạng); không thể xếp hạng.")
    before = last_year(session, context)
    found: list[RankRecord] = []
    for group in groups_of(context):
        mine = members(context, group)
        totals = {unit: _told(evaluated[unit]) for unit in mine if unit in evaluated}
        results = outcomes(totals, _how(group, policies), kept_out.keys())
        rows = [
            _record(context.id, group.id, unit, results.get(unit), kept_out.get(unit), before)
            for unit in mine
        ]
        found += sorted(rows, key=lambda row: (row.rank is None, row.rank or 0))
    return found


def current(session: Session, context: RoundContext) -> bool:
    """Whether the recorded ranking is what the recorded points give now."""
    recorded = {(r.group, r.unit): r.model_dump(exclude={"id"}) for r in ranks(session, context.id)}
    now = {(r.group, r.unit): r.model_dump(exclude={"id"}) for r in ranking(session, context)}
    return recorded == now


def ranks(session: Session, round_id: str) -> list[RankRecord]:
    """The ranking, best first within each group."""
    found = session.exec(
        select(RankRecord).where(RankRecord.round_id == round_id).order_by(col(RankRecord.id))
    )
    return sorted(found, key=lambda r: (r.group, r.rank is None, r.rank or 0))


def last_year(session: Session, context: RoundContext) -> dict[str, Before]:
    """Unit → its place of the evaluation year before, its own or that of the one unit it replaced.

    A round of this program counts before points and ranks that were imported, and only where the
    unit stood in the same group: places of other groups do not compare.
    """
    year, program = context.round.evaluation_year - 1, context.program.id
    found: dict[str, tuple[str, Before]] = {}
    imported = prior_results(session, program, year)
    sizes: dict[str, int] = {}
    for each in imported.values():
        sizes[each.group] = sizes.get(each.group, 0) + (each.rank is not None)
    for unit, each in imported.items():
        points = None if each.points is None else exact_text(each.points)
        found[unit] = each.group, Before(each.rank, points, sizes[each.group])
    for round_ in session.exec(
        select(RoundRecord)
        .where(RoundRecord.evaluation_year == year, col(RoundRecord.id).startswith(f"{program}/"))
        .order_by(col(RoundRecord.opened_at), col(RoundRecord.id))
    ):
        if "@" in round_.id and round_.id.partition("@")[2] != context.id.partition("@")[2]:
            continue  # places within another unit's sub-round
        entries = ranks(session, round_.id)
        for entry in entries:
            of = sum(e.group == entry.group and e.rank is not None for e in entries)
            found[entry.unit] = entry.group, Before(entry.rank, entry.points, of)
    was = replaced(context)
    names = {unit.id: was.get(unit.id, unit.id) for unit in context.units}
    groups = {unit.id: {group_of(context, unit.id).id, unit.level} for unit in context.units}
    return {
        unit: found[name][1]
        for unit, name in names.items()
        if name in found and found[name][0] in groups[unit]
    }


def _not_evaluated(why: KeptOut | None) -> bool:
    return why is not None and why.place == "not_evaluated"


def _told(total: Total) -> tuple[Fraction, Decimal, Fraction]:
    assert total.published is not None  # decided, and rounding is set
    return total.low, total.published, total.max_points


def _how(group: RankGroup, policies: Policies) -> Comparison:
    assert policies.ties
    assert policies.rank_on
    assert policies.rounding
    return Comparison(
        by=group.by,
        on=policies.rank_on.value,
        ties=policies.ties.value,
        digits=policies.rounding.value.digits,
        grades=policies.grades.value if policies.grades else (),
    )


def _record(
    round_id: str,
    group: str,
    unit: str,
    result: Outcome | None,
    why: KeptOut | None,
    before: Mapping[str, Before],
) -> RankRecord:
    was = before.get(unit)
    return RankRecord(
        round_id=round_id,
        group=group,
        unit=unit,
        points=None if result is None else exact_text(result.points),
        published=None if result is None else str(result.published),
        rank=None if result is None else result.rank,
        reason=f"{why.reason} ({why.basis})" if why else None,
        status=why.place if why else "ranked",
        max_points=None if result is None else exact_text(result.maximum),
        percent=None if result is None else exact_text(result.percent),
        percent_published=None if result is None else str(result.percent_published),
        grade=None if result is None else result.grade,
        previous_rank=was.rank if was else None,
        previous_points=was.points if was else None,
        previous_of=was.of if was else None,
    )
