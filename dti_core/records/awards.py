"""Awards and findings: what scoring and validation concluded, rewritten only where it changed."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from dti_core.program.policies import RoundingRule
from dti_core.records import audit
from dti_core.records.rights import Right, need
from dti_core.records.stored import COMPUTED, award_values
from dti_core.records.tables import AwardRecord, FindingRecord, RankRecord
from dti_core.scoring.score import Score

LACKING = frozenset({"required", "evidence"})
"""Rules whose findings say that something has not come: told by their number, not one by one."""

R = TypeVar("R", AwardRecord, FindingRecord, RankRecord)


def write_scores(
    session: Session,
    round_id: str,
    scores: Iterable[Score],
    rounding: RoundingRule | None,
    actor: str,
) -> int:
    """Record computed points under their readings. Returns how many awards are new or differ."""
    actor = need(session, round_id, Right.OPERATE, actor)
    new = scored(round_id, scores, rounding)
    if new == recorded(session, round_id):
        return 0
    before = awards(session, round_id)
    rows = [AwardRecord(**values) for values in new.values()]
    changed = replace_rows(session, before, rows, ("unit", "criterion", "reading", "kind"))
    if changed:
        audit.append(session, round_id, "scores_computed", round_id, {"changed": changed}, actor)
    return changed


def awards(
    session: Session, round_id: str, kind: str = COMPUTED, units: Collection[str] | None = None
) -> list[AwardRecord]:
    """Awards of a round, of some units only where named, in the order of their first writing."""
    wanted = select(AwardRecord).where(AwardRecord.round_id == round_id, AwardRecord.kind == kind)
    if units is not None:
        wanted = wanted.where(col(AwardRecord.unit).in_(sorted(units)))
    return list(session.exec(wanted.order_by(col(AwardRecord.id))))


def write_findings(
    session: Session, round_id: str, found: Sequence[FindingRecord], actor: str
) -> int:
    """Record what validation found now. Returns how many findings came, went or changed."""
    actor = need(session, round_id, Right.OPERATE, actor)
    changed = replace_rows(
        session,
        findings(session, round_id),
        found,
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


def replace_rows(
    session: Session, before: Sequence[R], new: Sequence[R], key: tuple[str, ...]
) -> int:
    """Make the stored rows equal to `new`, touching only those that differ."""

    def identity(record: R) -> tuple[str, ...]:
        return tuple(getattr(record, name) for name in key)

    stored = {identity(record): record for record in before}
    changed = 0
    for record in new:
        old = stored.pop(identity(record), None)
        content = record.model_dump(exclude={"id"})
        if old is None:
            session.add(record)
            changed += 1
        elif old.model_dump(exclude={"id"}) != content:
            for name, value in content.items():
                setattr(old, name, value)
            session.add(old)
            changed += 1
    for gone in stored.values():
        session.delete(gone)
        changed += 1
    session.flush()
    return changed


Awarded = dict[tuple[str, str, str], dict[str, Any]]
"""(reading, unit, criterion) → the columns of the award, without its number."""


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
    table = AwardRecord.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    columns = [column for column in table.columns if column.name != "id"]
    session.flush()  # plain SQL does not see by itself what is still to be written
    rows = session.connection().execute(
        select(*columns).where(table.c.round_id == round_id, table.c.kind == COMPUTED)
    )
    return {(row["reading"], row["unit"], row["criterion"]): dict(row) for row in rows.mappings()}
