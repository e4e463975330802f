"""Rows read and written as plain values, without an object each: for tables that hold tens of
thousands of them a round. What is written is sealed like every other change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, bindparam, select
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session

from dti_core.records.seals import inserted, rewritten
from dti_core.records.tables import Record

Values = Mapping[str, Any]
"""Column → value, of every column but the row's number."""


def table_of(record: type[Record]) -> Table:
    """The table that a class of records stands for."""
    table: Table = record.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    return table


def plain_rows(
    session: Session, record: type[Record], of: Collection[ColumnElement[bool]]
) -> Sequence[Row[Any]]:
    """The rows under these conditions, in the order of their first writing."""
    table = table_of(record)
    session.flush()  # plain SQL does not see by itself what is still to be written
    found = session.connection().execute(select(table).where(*of).order_by(table.c.id))
    return found.all()


def replace_rows(
    session: Session,
    record: type[Record],
    of: Collection[ColumnElement[bool]],
    new: Iterable[Values],
    key: tuple[str, ...],
) -> int:
    """Make the rows under these conditions equal to `new`, touching only those that differ.
    Returns how many came, went or changed.

    key  the columns that tell one row from another

    Raises StaleDataError where somebody else removes one of them meanwhile.
    """
    stored = {}
    for row in plain_rows(session, record, of):
        values = dict(row._mapping)
        number = values.pop("id")
        stored[tuple(values[name] for name in key)] = number, values
    added, altered = [], {}
    for values in map(dict, new):
        number, before = stored.pop(tuple(values[name] for name in key), (None, None))
        if number is None:
            added.append(values)
        elif before != values:
            altered[number] = values
    gone = [number for number, _ in stored.values()]
    _write(session, table_of(record), added, altered, gone)
    touched = {*altered, *gone}
    for number in touched:
        each = session.identity_map.get(identity_key(record, number))
        if each is not None:
            session.expire(each)  # it was read before, and says what is no longer so
    return len(added) + len(altered) + len(gone)


def _write(
    session: Session,
    table: Table,
    added: list[dict[str, Any]],
    altered: Mapping[int, Values],
    gone: Collection[int],
) -> None:
    connection = session.connection()
    this = table.c.id == bindparam("row_number_")
    if altered or gone:
        with rewritten(session, table, [*altered, *gone]):
            if altered:
                changes = [{**values, "row_number_": number} for number, values in altered.items()]
                connection.execute(table.update().where(this), changes)
            if gone:
                connection.execute(table.delete().where(this), [{"row_number_": n} for n in gone])
    if added:
        inserted(session, table, added)
