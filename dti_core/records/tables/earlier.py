"""Evaluation years before this product, imported for comparison."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dti_core.records.tables.base import Record


class EarlierFigureRecord(Record, table=True):
    """A figure of an evaluation year before this product, imported for comparison."""

    __tablename__ = "earlier_figure"
    __table_args__ = (UniqueConstraint("program", "year", "unit", "criterion", "variable"),)
    id: int | None = Field(default=None, primary_key=True)
    program: str = Field(index=True)
    year: int
    unit: str
    criterion: str
    variable: str
    number: str | None = None
    flag: bool | None = None
    choice: str | None = None
    raw: str
    file: str
    sheet: str | None = None
    cell: str | None = None


class EarlierResultRecord(Record, table=True):
    """Points and rank of an evaluation year before this product, imported for comparison."""

    __tablename__ = "earlier_result"
    __table_args__ = (UniqueConstraint("program", "year", "group", "unit"),)
    id: int | None = Field(default=None, primary_key=True)
    program: str = Field(index=True)
    year: int
    group: str
    unit: str
    points: str | None = None
    rank: int | None = None
    source: str
