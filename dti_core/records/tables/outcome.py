"""After the ranking: petitions against it, what was issued, what units undertook to improve."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dti_core.records.tables.base import Record, json_column


class PetitionRecord(Record, table=True):
    """A unit's objection to its provisional result, and the decision on it.

    criterion  the row that it is about; None for the result as a whole
    status     open, upheld, dismissed or withdrawn
    points     what an upheld one awards on the row
    document   the paper that it came by, as it is kept in the round's folder
    """

    __tablename__ = "petition"
    __table_args__ = (UniqueConstraint("round_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    number: int
    unit: str
    criterion: str | None = None
    text: str
    received_on: str
    document: str | None = None
    sha256: str | None = None
    status: str
    points: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    actor: str
    at: str


class IssueRecord(Record, table=True):
    """A paper that was signed and issued: its number and day, over the ranking that it published.

    kind     `decision` or `correction` (đính chính)
    digest   of the ranking and the points, as approved (`records.digests`)
    content  SHA-256 of the signed file, where it was handed in
    """

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("round_id", "kind", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    kind: str
    number: str
    issued_on: str
    digest: str
    document: str
    content: str
    reason: str | None = None
    actor: str
    at: str


class ImprovementRecord(Record, table=True):
    """A line of a unit's plan to improve (2554/QĐ-UBND, IX.3; the columns of 419/KH-UBND).

    year       the evaluation year whose weak point it mends; `target` is for a later one
    criterion  the row that it is about; None for a task of another plan (833/QĐ-UBND, Phụ lục 1)
    source     where the line comes from: the round, or file, sheet and row
    """

    __tablename__ = "improvement"
    __table_args__ = (UniqueConstraint("program", "year", "unit", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    program: str = Field(index=True)
    year: int
    unit: str
    number: int
    level: str | None = None
    criterion: str | None = None
    title: str
    result: str | None = None
    target: str | None = None
    deadline: str | None = None
    lead: str | None = None
    partners: list[str] = Field(sa_column=json_column())
    basis: str | None = None
    source: str
