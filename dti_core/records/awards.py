"""Awards and findings: what scoring and validation concluded, rewritten only where it changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from dti_core.program.policies import RoundingRule
from dti_core.records import audit
from dti_core.records.plain_rows import plain_rows, replace_rows, table_of
from dti_core.records.rights import Right, need
from dti_core.records.stored import COMPUTED, StoredAward, award_values
from dti_core.records.tables import AwardRecord, FindingRecord
from dti_core.scoring.score import Score

LACKING = frozenset({"required", "evidence"})
"""Rules whose findings say that something has not come: told by their number, not one by one."""

AWARD = ("unit", "criterion", "reading", "kind")
"""What tells one award of a round from another."""

Awarded = dict[tuple[str, str, str], dict[str, Any]]
"""(reading, unit, criterion) → the columns of the award, without its number."""


def write_scores(session: Session, round_id: str, new: Awarded, actor: str) -> int:
    """Record computed points under their readings, as `scored` gives them. Returns how many awards
    are new or differ."""
    actor = need(session, round_id, Right.OPERATE, actor)
    if new == recorded(session, round_id):
        return 0
    changed = replace_awards(session, round_id, COMPUTED, new.values())
    if changed:
        audit.append(session, round_id, "scores_computed", round_id, {"changed": changed}, actor)
    return changed


def replace_awards(
    session: Session,
    round_id: str,
    kind: str,
    new: Iterable[Mapping[str, Any]],
    units: Collection[str] | None = None,
) -> int:
    """Make the awards of a kind, of some units only where named, equal to these; returns how many
    came, went or changed."""
    return replace_rows(session, AwardRecord, _of(round_id, kind, units), new, AWARD)


def awards(
    session: Session, round_id: str, kind: str = COMPUTED, units: Collection[str] | None = None
) -> list[StoredAward]:
    """Awards of a round, of some units only where named, in the order of their first writing."""
    return cast(list[StoredAward], plain_rows(session, AwardRecord, _of(round_id, kind, units)))


def _of(round_id: str, kind: str, units: Collection[str] | None) -> list[ColumnElement[bool]]:
    wanted = [col(AwardRecord.round_id) == round_id, col(AwardRecord.kind) == kind]
    return wanted if units is None else [*wanted, col(AwardRecord.unit).in_(sorted(units))]


def write_findings(
    session: Session, round_id: str, found: Sequence[FindingRecord], actor: str
) -> int:
    """Record what validation found now. Returns how many findings came, went or changed."""
    actor = need(session, round_id, Right.OPERATE, actor)
    changed = replace_rows(
        session,
        FindingRecord,
        [col(FindingRecord.round_id) == round_id],
        [each.model_dump(exclude={"id"}) for each in found],
        ("unit", "criterion", "variable", "rule"),
    )
    if changed:
        detail = {"changed": changed, "open": len(found)}
        audit.append(session, round_id, "figures_validated", round_id, detail, actor)
    return changed


def findings(session: Session, round_id: str) -> list[FindingRecord]:
    return list(
        session.exec(
            select(FindingRecord)
            .where(FindingRecord.round_id == round_id)
            .order_by(col(FindingRecord.id))
        )
    )


def scored(round_id: str, scores: Iterable[Score], rounding: RoundingRule | None) -> Awarded:
    """Computed scores as the columns that record them."""
    by_hand = {"reason": None, "decided_by": None}
    return {
        (score.reading, score.unit, score.criterion): (
            award_values(round_id, score, rounding) | by_hand
        )
        for score in scores
    }


def recorded(session: Session, round_id: str) -> Awarded:
    """The computed awards as they stand, read as plain rows: they are many."""
    table = table_of(AwardRecord)
    columns = [column for column in table.columns if column.name != "id"]
    session.flush()  # plain SQL does not see by itself what is still to be written
    rows = session.connection().execute(
        select(*columns).where(table.c.round_id == round_id, table.c.kind == COMPUTED)
    )
    return {(row["reading"], row["unit"], row["criterion"]): dict(row) for row in rows.mappings()}
