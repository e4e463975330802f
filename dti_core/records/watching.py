"""Look on while a piece of work asks the records: on what does its result hang?

A stage that is watched can be left out the next time, where all that it asked and wrote is still
the same: `tasks.unchanged` decides. What is asked is seen at the database's own door, so that no
question can be forgotten: the tables of every SELECT, UPDATE and DELETE, and where a statement
cannot but tell of one round, that round's part of the table. What stands there is known by its
seals, and by the answers to the questions that were asked of it: a table that others have changed
since may still answer the same. Of the audit trail, which every change lengthens, only the
questions are kept.
"""

import hashlib
import marshal
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

MANY = 200
"""A stage that asks more than so many questions is known by its tables alone."""

Sums = dict[str, tuple[int, int]]
"""Place → how many rows, and what their digests add up to. A place is a table, or one round's part
of it: "award", "award dien-bien/2023"."""


def sums(session: Session, names: Iterable[str] | None = None) -> Sums:
    """What the rows of each place add up to, by their seals; of some tables only, where named."""
    seal = SealRecord.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
    wanted = select(seal.c.scope, seal.c.name, seal.c.rows, seal.c.total)
    if names is not None:
        wanted = wanted.where(seal.c.name.in_(sorted({each.partition(" ")[0] for each in names})))
    found: Sums = {}
    with apart():
        for scope, name, rows, total in session.connection().execute(wanted):
            for place in _places(name, scope):
                found[place] = added(found.get(place, (0, 0)), (rows, int(total, 16)))
    return found


def _places(table: str, scope: str) -> tuple[str, str]:
    """The places to which a row belongs."""
    return table, f"{table} {scope}"


def added(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Rows and sums together."""
    return one[0] + other[0], (one[1] + other[1]) % MODULUS


def answer(session: Session, question: Question) -> str:
    """Digest of what the records answer to a question now."""
    sql, parameters = question
    given = tuple(parameters) if isinstance(parameters, list) else parameters
    with apart():
        rows = [tuple(row) for row in session.connection().exec_driver_sql(sql, given).all()]
    try:
        # version 2 writes every value out: later ones refer back, and differ for the same content
        content = marshal.dumps(rows, 2)
    except ValueError:  # a value of the driver's own, a moment for example
        content = repr(rows).encode()
    return hashlib.sha256(content).hexdigest()


@event.listens_for(Engine, "before_cursor_execute")
def _asked(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
) -> None:
    seen = watch()
    if seen is None or is_apart():
        return
    verb, tables = _read(statement)
    if verb == "INSERT":
        return
    given = dict(parameters) if isinstance(parameters, dict) else list(parameters)
    if verb == "SELECT":
        if AUDIT in tables:
            seen.questions[f"{statement} {given!r}"] = statement, given
        elif len(seen.asked) <= MANY:
            seen.asked[f"{statement} {given!r}"] = statement, given
        seen.tables |= {place for place in places_of((statement, given)) if not of_audit(place)}
    elif not tables <= {AUDIT, SEAL, *KEPT}:
        changed = tables - {AUDIT, SEAL, *KEPT} if many else places_of((statement, given))
        seen.tables |= changed
        if not _BY_ID.search(statement):  # the row of an id was asked for before
            seen.searched |= changed


def places_of(question: Question) -> frozenset[str]:
    """Every place that a statement looks at, but those of the seals."""
    statement, given = question
    confined = _confined(statement)
    return frozenset(
        _places(table, given[confined[table]])[1] if table in confined else table
        for table in _read(statement)[1] - {SEAL}
    )


def of_audit(place: str) -> bool:
    """Whether a place belongs to the audit trail."""
    return place.partition(" ")[0] == AUDIT


def plain(question: Question) -> bool:
    """Whether its parameters can be written down and asked with again."""
    given = question[1].values() if isinstance(question[1], dict) else question[1]
    return all(each is None or isinstance(each, str | int | float) for each in given)


_BY_ID = re.compile(r"WHERE \w+\.id = \S+\s*$")


@lru_cache(maxsize=4096)
def _read(statement: str) -> tuple[str, frozenset[str]]:
    """The verb of a statement, and every table that it names."""
    verb = statement.lstrip(" (\n").split(maxsplit=1)[0].upper()
    # every name but those behind a dot: a column may be called like a table
    words = re.findall(r'(?<![.\w])"?(\w+)', statement)
    names = frozenset(words) & frozenset(Record.metadata.tables)
    return ("SELECT" if verb == "WITH" else verb), names


_SIMPLE = [
    re.compile(f"{form}\\s+WHERE (?P<conditions>.*)", re.DOTALL)
    for form in (
        r'SELECT (?P<columns>.*?)\sFROM "?\w+"?(?: JOIN "?\w+"? ON \w+\.\w+ = \w+\.\w+)*',
        r'UPDATE "?\w+"? SET (?P<columns>.*?)',
    )
]
_END = r"(?=\s*$|\s+(?:AND|ORDER|GROUP|LIMIT|FOR)\b)"
_OTHER_THAN_AND = re.compile(
    r"\b(SELECT|FROM|JOIN|OR|CASE|UNION|EXCEPT|INTERSECT|HAVING|BETWEEN)\b|\bNOT \(|\bEXISTS\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def _confined(statement: str) -> Mapping[str, Any]:
    """Table → place of the parameter that names its round, of a SELECT or UPDATE that touches no
    rows of it but those of one round, by a condition of its own; empty for any other statement."""
    simple = next(filter(None, (form.fullmatch(statement) for form in _SIMPLE)), None)
    if simple is None or _OTHER_THAN_AND.search(simple["columns"] + " " + simple["conditions"]):
        return {}
    conditions, found = simple["conditions"], {}
    parameter = r"(?:\?|%\((?P<name>\w+)\)s(?:::\w+)?)"
    for table in _read(statement)[1]:
        column = "id" if table == "round" else "round_id"  # what a seal has for its scope
        named = rf'(?:^|\bAND )"?{table}"?\.{column} = {parameter}{_END}'
        asked = re.search(named, conditions)
        if column not in Record.metadata.tables[table].columns or asked is None:
            continue
        start = asked.start()
        if conditions.count("(", 0, start) == conditions.count(")", 0, start):
            before = simple.start("conditions") + start
            found[table] = asked["name"] or statement.count("?", 0, before)
    return found


@listen
def _changed(changes: Mapping[Key, Sum]) -> None:
    seen = watch()
    if seen is None:
        return
    for (scope, name, _), each in changes.items():
        for place in _places(name, scope):
            seen.changed[place] = added(seen.changed.get(place, (0, 0)), (each.rows, each.total))
