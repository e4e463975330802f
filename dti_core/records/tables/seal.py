"""What the records add up to, kept beside them: a record that somebody alters no longer fits."""

from sqlmodel import Field

from dti_core.records.tables.base import Record


class SealRecord(Record, table=True):
    """How many rows a table holds for one part of a round, and the sum of their digests.

    scope  the round or program that the rows belong to; empty where a row names neither
    name   the table
    part   the unit, in tables whose rows name one; empty in others
    total  sum of the rows' SHA-256, modulo 2^256, in hexadecimal digits
    """

    __tablename__ = "seal"
    scope: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    rows: int
    total: str
