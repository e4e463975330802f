"""Appraisal: who judges what, the points they gave, sittings of the council, exempted rows."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dti_core.records.tables.base import Record, json_column


class AssignmentRecord(Record, table=True):
    """The rows that one verifier appraises: the workbook that went out, and until when.

    closed_at, closed_by  when and by whom the verifier's part was closed; None while it is open
    """

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("round_id", "verifier"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    verifier: str
    due: str | None = None
    items: int
    workbook: str
    sha256: str
    closed_at: str | None = None
    closed_by: str | None = None


class OpinionRecord(Record, table=True):
    """The points that one verifier gives a unit on a row, and why.

    verifier  a unit, a member of the council, or `program.appraisal.CHAIR` or `PETITION`
    """

    __tablename__ = "opinion"
    __table_args__ = (UniqueConstraint("round_id", "verifier", "unit", "criterion"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    verifier: str
    unit: str
    criterion: str
    points: str
    reason: str | None = None
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    actor: str
    at: str


class SittingRecord(Record, table=True):
    """A sitting of the appraisal council: who was present of how many, and what was noted."""

    __tablename__ = "sitting"
    __table_args__ = (UniqueConstraint("round_id", "held_on"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    held_on: str
    place: str
    chaired_by: str
    present: list[str] = Field(sa_column=json_column())
    note: str | None = None
    actor: str
    at: str


class ExemptionRecord(Record, table=True):
    """A row on which a unit is not scored as the others are: proposed, then decided by a person.

    ground  the program's `Exemption`; status proposed, granted or refused
    """

    __tablename__ = "exemption"
    __table_args__ = (UniqueConstraint("round_id", "unit", "criterion"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    unit: str
    criterion: str
    ground: str
    effect: str
    status: str
    reason: str | None = None
    decided_by: str | None = None
    at: str


class ParticipationRecord(Record, table=True):
    """A unit that somebody kept out of the ranking, or put back, in the course of the round."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("round_id", "unit"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    unit: str
    place: str
    reason: str
    basis: str
    actor: str
    at: str
