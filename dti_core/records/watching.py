"""Look on while a piece of work asks the records: on what does its result hang?

A stage that is watched can be left out the next time, where all that it asked and wrote is still
the same: `tasks.unchanged` decides. What is asked is seen at the database's own door, so that no
question can be forgotten: the tables of every SELECT, UPDATE and DELETE. What stands in a table is
known by its seals; of the audit trail, which every change lengthens, the question itself is kept.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, event, select
from sqlmodel import Session

from dti_core.records.bookkeeping import Question, apart, is_apart, watch
from dti_core.records.seals import MODULUS, Key, Sum, listen
from dti_core.records.tables import Record, SealRecord

AUDIT, SEAL = "audit_event", "seal"
KEPT = ("document", "notification")
"""Tables of what stages produce; `record_documents` and `enqueue` look into them only for what they
produced themselves."""

Sums = dict[str, tuple[int, int]]
"""Table → how many rows, and what their digests add up to."""


def sums(session: Session, names: Iterable[str] | None = None) -> Sums:
    """What the rows of each table add up to, by their seals; of some tables only, where named."""
    seal = SealRecord.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    wanted = select(seal.c.name, seal.c.rows, seal.c.total)
    if names is not None:
        wanted = wanted.where(seal.c.name.in_(sorted(names)))
    found: Sums = {}
    with apart():
        for name, rows, total in session.connection().execute(wanted):
            found[name] = added(found.get(name, (0, 0)), (rows, int(total, 16)))
    return found


def added(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Rows and sums together."""
    return one[0] + other[0], (one[1] + other[1]) % MODULUS


def answer(session: Session, question: Question) -> str:
    """Digest of what the records answer to a question now."""
    sql, parameters = question
    given = tuple(parameters) if isinstance(parameters, list) else parameters
    with apart():
        rows = session.connection().exec_driver_sql(sql, given).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


@event.listens_for(Engine, "before_cursor_execute")
def _asked(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> None:
    seen = watch()
    if seen is None or is_apart():
        return
    verb, tables = _read(statement)
    if verb == "INSERT":
        return
    if verb == "SELECT" and AUDIT in tables:
        given = dict(parameters) if isinstance(parameters, dict) else list(parameters)
        seen.questions[f"{statement} {given!r}"] = statement, given
    seen.tables |= tables - ({AUDIT, SEAL} if verb == "SELECT" else {AUDIT, SEAL, *KEPT})


@lru_cache(maxsize=4096)
def _read(statement: str) -> tuple[str, frozenset[str]]:
    """The verb of a statement, and every table that it names."""
    verb = statement.lstrip(" (\n").split(maxsplit=1)[0].upper()
    # every name but those behind a dot: a column may be called like a table
    words = re.findall(r'(?<![.\w])"?(\w+)', statement)
    names = frozenset(words) & frozenset(Record.metadata.tables)
    return ("SELECT" if verb == "WITH" else verb), names


@listen
def _changed(changes: Mapping[Key, Sum]) -> None:
    seen = watch()
    if seen is None:
        return
    for (_, name, _), each in changes.items():
        seen.changed[name] = added(seen.changed.get(name, (0, 0)), (each.rows, each.total))
