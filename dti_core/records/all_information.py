"""General information of all units at once."""

from sqlmodel import Session, select

from dti_core.records.tables import InformationRecord


def all_information(session: Session, round_id: str) -> dict[tuple[str, str], str]:
    """(unit, code) → what units tell of themselves that others may see: contacts are left out."""
    found = session.exec(
        select(InformationRecord).where(
            InformationRecord.round_id == round_id,
            InformationRecord.private == False,  # noqa: E712 - SQL
        )
    )
    return {(record.unit, record.code): record.value for record in found}
