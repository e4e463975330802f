"""The base of all tables. Exact numbers are kept as text ("151/20"), times as UTC text, so that
SQLite and PostgreSQL keep, compare and hash the very same thing."""

from typing import Any

from sqlalchemy import JSON, Column, MetaData
from sqlmodel import SQLModel


class Record(SQLModel):
    """Base of all tables, with constraint names that both databases and migrations agree on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def json_column() -> Any:
    """A column that is never without its JSON."""
    return Column(JSON, nullable=False)
