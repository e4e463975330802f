"""An award changed past the stages, as somebody with the database open could."""

from typing import Any

from sqlmodel import Session, col, select

from dti_core.records.tables import AwardRecord


def change_award(
    records: Session, round_id: str, unit: str, criterion: str, kind: str, **columns: Any
) -> None:
    """Give a unit's award on a row other values, under the first reading where it has several."""
    award = records.exec(
        select(AwardRecord)
        .where(AwardRecord.round_id == round_id, AwardRecord.kind == kind)
        .where(AwardRecord.unit == unit, AwardRecord.criterion == criterion)
        .order_by(col(AwardRecord.reading))
    ).first()
    assert award is not None
    for name, value in columns.items():
        setattr(award, name, value)
    records.add(award)
    records.flush()
