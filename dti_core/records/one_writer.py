"""One writer a round at a time, on SQLite and PostgreSQL alike."""

from sqlalchemy import update
from sqlmodel import Session, col

from dti_core.records.tables import RoundRecord


def one_writer(session: Session, round_id: str) -> None:
    """Wait until no other transaction that asked the same is writing to the round.

    What is queried after this is what the others left; it lasts until the session commits. Writing
    the round's row to itself takes PostgreSQL's row lock and SQLite's write lock.
    """
    table = RoundRecord.__table__  # type: ignore[attr-defined]
    session.execute(
        update(table).where(col(RoundRecord.id) == round_id).values(state=RoundRecord.state)
    )
