"""Seals: what the rows of every table add up to, kept by each transaction that changes them.

The digests of rows are added up modulo 2^256, so that a row that comes, goes or changes costs the
same however many there are (an incremental multiset hash: Clarke et al., “Incremental Multiset Hash
Functions and Their Application to Memory Integrity Checking”, ASIACRYPT 2003). A row that somebody
alters, drops, adds or renumbers past the program changes its sum, and `broken` finds it.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, MetaData, Table, bindparam, event, false, select, text
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from dti_core.records.bookkeeping import apart
from dti_core.records.tables import Record, SealRecord

MODULUS = 1 << 256
CHUNK = 500
"""How many rows are read back at once: what SQLite takes in one list."""

FEW = 50
"""Of up to so many units the seals are asked for by name: a transaction that takes in one unit's
file need not read those of two thousand."""

Key = tuple[str, str, str]
"""(scope, table, part)"""


@dataclass
class Sum:
    """So many rows and the sum of their digests; both may fall below zero in a difference."""

    rows: int = 0
    total: int = 0

    def add(self, digest: int, sign: int = 1) -> None:
        self.rows += sign
        self.total = (self.total + sign * digest) % MODULUS


@dataclass
class _Changes:
    """What a transaction has changed so far."""

    sums: dict[Key, Sum] = field(default_factory=dict)

    def count(self, rows: Iterable[tuple[Key, int]], sign: int) -> None:
        for key, digest in rows:
            self.sums.setdefault(key, Sum()).add(digest, sign)


def broken(session: Session, scope: str | None = None) -> list[str]:
    """Where rows and seals do not fit, in Vietnamese; empty where every record is as written.

    scope  one round or program; None for everything in the database
    """
    session.flush()
    _hold_still(session)
    return _differences(session.connection(), _tables(), scope)


def broken_before_upgrade(connection: Connection) -> list[str]:
    """The same where the schema may be an older one: the tables are taken as the database has them.
    Empty too where the schema is from before there were seals."""
    there = MetaData()
    there.reflect(connection)
    tables = {table.name for table in _tables()} & set(there.tables)
    if _seal_table().name not in there.tables:
        return []
    return _differences(connection, [there.tables[name] for name in sorted(tables)], None)


def _differences(connection: Connection, tables: Iterable[Table], scope: str | None) -> list[str]:
    found: list[str] = []
    now: dict[Key, Sum] = {}
    for table in tables:
        try:
            for key, digest in _digests(connection, table):
                if scope is None or key[0] == scope:
                    now.setdefault(key, Sum()).add(digest)
        except (ValueError, TypeError) as error:
            found.append(f"Bảng {table.name}: có giá trị không đọc được ({error}).")
    kept = _kept(connection, scope)
    for key in sorted(set(now) | set(kept)):
        here, sealed = now.get(key, Sum()), kept.get(key, Sum())
        if here == sealed or any(line.startswith(f"Bảng {key[1]}:") for line in found):
            continue
        where = f"Bảng {key[1]}" + (f", {key[0]}" if key[0] else "")
        where += f", đơn vị {key[2]}" if key[2] else ""
        what = (
            f"có {here.rows} bản ghi, lúc ghi là {sealed.rows}"
            if here.rows != sealed.rows
            else f"nội dung của {here.rows} bản ghi không còn như lúc ghi"
        )
        found.append(f"{where}: {what}.")
    return found


def _hold_still(session: Session) -> None:
    """Read rows and seals as of one moment, although others commit meanwhile."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE seal IN SHARE MODE"))
    elif not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
        connection.exec_driver_sql("BEGIN")  # the driver runs a SELECT outside of any transaction


def seal_all(connection: Connection) -> None:
    """Make the seals of everything as it is now: after a migration, which rewrites rows itself, and
    in its transaction, so that no rewritten row is ever without its seal."""
    sums: dict[Key, Sum] = {}
    for table in _tables():
        for key, digest in _digests(connection, table):
            sums.setdefault(key, Sum()).add(digest)
    seal = _seal_table()
    connection.execute(seal.delete())
    rows = [_values(key, each) for key, each in sums.items()]
    if rows:
        connection.execute(seal.insert(), rows)


@contextmanager
def rewritten(session: Session, table: Table, ids: Collection[int]) -> Iterator[None]:
    """Around a statement that changes rows past the session's own bookkeeping.

    Raises StaleDataError where a row has gone meanwhile: somebody else was faster.
    """
    changes = _changes(session)
    session.flush()
    with apart():
        before = list(_locked_digests(session, table, ids))
    if len(before) < len(set(ids)):
        raise StaleDataError(f"{table.name}: {len(before)} of {len(set(ids))} rows are there")
    changes.count(before, -1)
    yield
    with apart():
        changes.count(_digests(session.connection(), table, ids), 1)


def inserted(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows past the session's own bookkeeping: every column but the number is given."""
    (identity,) = table.primary_key
    session.flush()
    ids = session.connection().execute(table.insert().returning(identity), rows).scalars().all()
    with apart():
        _changes(session).count(_digests(session.connection(), table, ids), 1)


Listener = Callable[[Mapping[Key, "Sum"]], None]
_listeners: list[Listener] = []


def listen(told: Listener) -> Listener:
    """Tell a function what each transaction changed, just before it is committed."""
    _listeners.append(told)
    return told


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, *_rest: object) -> None:
    old = _by_table([*session.dirty, *session.deleted])
    # in one order of tables: two transactions must not wait for each other's rows in a circle
    with apart():
        for table in sorted(old, key=lambda each: each.name):
            _changes(session).count(_locked_digests(session, table, old[table]), -1)


@event.listens_for(Session, "after_flush")
def _after_flush(session: Session, *_rest: object) -> None:
    with apart():
        for table, ids in _by_table([*session.new, *session.dirty]).items():
            _changes(session).count(_digests(session.connection(), table, ids), 1)


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    session.flush()
    changes: _Changes | None = session.info.pop(_INFO, None)
    if changes is None:
        return
    changed = {key: each for key, each in changes.sums.items() if each != Sum()}
    if changed:
        with apart():
            _apply(session, changed)
        for told in _listeners:
            told(changed)


@event.listens_for(Session, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(_INFO, None)


_INFO = "seals"


def _changes(session: Session) -> _Changes:
    changes: _Changes = session.info.setdefault(_INFO, _Changes())
    return changes


def _apply(session: Session, changed: Mapping[Key, Sum]) -> None:
    """Add the differences to the seals, in one order, so that two transactions never wait for each
    other in a circle."""
    connection, seal = session.connection(), _seal_table()
    insert = _insert_unless_there(connection.dialect.name)
    for scope in sorted({key[0] for key in changed}):
        mine = sorted(key for key in changed if key[0] == scope)
        wanted = (
            select(seal)
            .where(seal.c.scope == scope, seal.c.name.in_({key[1] for key in mine}))
            .order_by(seal.c.name, seal.c.part)
            .with_for_update()
        )
        parts = {key[2] for key in mine}
        if len(parts) <= FEW:
            wanted = wanted.where(seal.c.part.in_(sorted(parts)))
        rows = {(row.scope, row.name, row.part): row for row in connection.execute(wanted)}
        if new := [_values(key, Sum()) for key in mine if key not in rows]:
            connection.execute(insert(seal).on_conflict_do_nothing(), new)
            rows = {(row.scope, row.name, row.part): row for row in connection.execute(wanted)}
        now = []
        for key in mine:
            row, each = rows[key], changed[key]
            total = Sum(row.rows + each.rows, (int(row.total, 16) + each.total) % MODULUS)
            becomes = _values(key, total)
            now.append(
                {"in_scope": scope, "in_name": key[1], "in_part": key[2]}
                | {"new_rows": becomes["rows"], "new_total": becomes["total"]}
            )
        connection.execute(
            seal.update()
            .where(
                seal.c.scope == bindparam("in_scope"),
                seal.c.name == bindparam("in_name"),
                seal.c.part == bindparam("in_part"),
            )
            .values(rows=bindparam("new_rows"), total=bindparam("new_total")),
            now,
        )


def _insert_unless_there(dialect: str) -> Any:
    """The INSERT of the database's own dialect that leaves alone what another one put there."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert


def _kept(connection: Connection, scope: str | None) -> dict[Key, Sum]:
    seal = _seal_table()
    wanted = select(seal) if scope is None else select(seal).where(seal.c.scope == scope)
    kept: dict[Key, Sum] = {}
    for row in connection.execute(wanted):
        try:
            each = Sum(row.rows, int(row.total, 16))
        except ValueError:
            each = Sum(row.rows, -1)  # no sum of digests: it fits nothing
        if each != Sum():
            kept[row.scope, row.name, row.part] = each
    return kept


def _by_table(records: Iterable[object]) -> dict[Table, list[int]]:
    found: dict[Table, list[int]] = {}
    for record in records:
        if isinstance(record, Record) and not isinstance(record, SealRecord):
            found.setdefault(record.__table__, []).append(_identity(record))  # type: ignore[attr-defined]
    return found


def _identity(record: Record) -> Any:
    (column,) = record.__table__.primary_key  # type: ignore[attr-defined]
    return getattr(record, column.name)


def _locked_digests(
    session: Session, table: Table, ids: Collection[Any]
) -> Iterator[tuple[Key, int]]:
    """The digests of rows that are about to change, which nobody else changes from here on: what
    another transaction wrote between this look and our UPDATE would be missing in the difference.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # it has no row locks, and a SELECT opens no transaction; this takes the one write lock
        # before anything is read in the transaction, so that what is read is the newest
        seal = _seal_table()
        connection.execute(seal.update().where(false()).values(rows=seal.c.rows))
    return _digests(connection, table, ids, lock=True)


def _digests(
    connection: Connection,
    table: Table,
    ids: Collection[Any] | None = None,
    *,
    lock: bool = False,
) -> Iterator[tuple[Key, int]]:
    """The digest of every row as the database gives it; of the named ones only, where some are.

    It takes the connection, not the session: it runs in the middle of a flush.
    """
    (identity,) = table.primary_key
    wanted = select(table)
    if lock:
        # the lock of an UPDATE: a stronger one would also wait for whoever adds rows that refer to
        # this one. In one order, against circles. SQLite's dialect leaves the clause out
        wanted = wanted.order_by(identity).with_for_update(key_share=True)
    if ids is None:
        for row in connection.execute(wanted).mappings():
            yield _digest(table, dict(row))
        return
    named = sorted(set(ids))
    for start in range(0, len(named), CHUNK):
        some = named[start : start + CHUNK]
        for row in connection.execute(wanted.where(identity.in_(some))).mappings():
            yield _digest(table, dict(row))


def _digest(table: Table, row: Mapping[str, Any]) -> tuple[Key, int]:
    text = json.dumps([table.name, row], ensure_ascii=False, sort_keys=True)
    scope = row.get("round_id") or row.get("program")
    if scope is None:
        scope = row["id"] if table.name == "round" else ""
    key = str(scope), table.name, str(row.get("unit") or "")
    return key, int.from_bytes(hashlib.sha256(text.encode()).digest())


def _values(key: Key, each: Sum) -> dict[str, Any]:
    scope, name, part = key
    return {
        "scope": scope,
        "name": name,
        "part": part,
        "rows": each.rows,
        "total": f"{each.total % MODULUS:064x}",
    }


def _tables() -> list[Table]:
    seal = _seal_table()
    return [table for table in Record.metadata.sorted_tables if table is not seal]


def _seal_table() -> Table:
    table: Table = SealRecord.__table__  # type: ignore[attr-defined]
    return table
