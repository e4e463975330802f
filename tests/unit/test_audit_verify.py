"""Every table filled, then changed at random past the program: nothing goes unnoticed."""

import json
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Connection,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    and_,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import AutoString, Session, col, select

from dti_core.errors import Refused
from dti_core.records import audit, location, outbox, seals
from dti_core.records import database as database_module
from dti_core.records.database import UPGRADE_ANYWAY, database_url, engine, session
from dti_core.records.tables import AuditRecord, AwardRecord, NotificationRecord, Record, SealRecord
from dti_core.records.verifying import verify

CHANGES = 1000
ROWS = 3
ROUND = "thu/2023"


def _kind(column: Any) -> type:
    """What a column's values are in Python; SQLModel's strings do not say it of themselves."""
    return str if isinstance(column.type, AutoString) else column.type.python_type


def _value(table: Table, column: Any, number: int) -> Any:
    """Some value that a column takes; a foreign key's points at a row that there is."""
    for key in column.foreign_keys:
        return ROUND if key.column.table.name == "round" else 1 + number % ROWS
    kind = _kind(column)
    if kind is dict:
        return {"n": number}
    if kind is list:
        return [f"mục {number}"]
    if kind is bool:
        return bool(number % 2)
    if kind in (int, float):
        return kind(number)
    return f"{table.name} {column.name} {number}"


@pytest.fixture
def filled(database: str) -> str:
    """A database with some rows in every table, written by the program's own sessions."""
    with session() as records:
        records.add(
            _class("round")(
                id=ROUND,
                title="x",
                evaluation_year=2023,
                opens="x",
                closes="x",
                pins={},
                state="open",
                opened_at="x",
            )
        )
        records.flush()
        for table in Record.metadata.sorted_tables:
            if table.name in ("round", "seal", "audit_event"):
                continue
            for number in range(1, ROWS + 1):
                values = {
                    column.name: _value(table, column, number)
                    for column in table.columns
                    if not column.primary_key
                }
                records.add(_class(table.name)(**values))
            records.flush()
        for number in range(ROWS):
            audit.append(records, ROUND, "thử", f"việc {number}", {"n": number}, "test")
    return database


def _class(name: str) -> Any:
    return next(c for c in Record.__subclasses__() if c.__tablename__ == name)


def _tables() -> list[Table]:
    return list(Record.metadata.sorted_tables)


class _Random:
    """One random change to one row, in plain SQL."""

    def __init__(self, connection: Connection, seed: int) -> None:
        self.connection, self.draw = connection, random.Random(seed)

    def change(self) -> str:
        table = self.draw.choice(_tables())
        kind = self.draw.choice(["alter", "alter", "alter", "drop", "add", "reorder"])
        rows = [dict(row) for row in self.connection.execute(table.select()).mappings()]
        row = self.draw.choice(rows)
        mine = and_(*(column == row[column.name] for column in table.primary_key))
        numbered = "id" in table.columns and _kind(table.c.id) is int
        if kind == "drop":
            self.connection.execute(table.delete().where(mine))
        elif kind == "add":
            self.connection.execute(table.insert().values({**row, **self._unique(table, row)}))
        elif kind == "reorder" and len(rows) > 1 and numbered:
            other = self.draw.choice([each for each in rows if each is not row])
            for before, after in ((row["id"], -1), (other["id"], row["id"]), (-1, other["id"])):
                self.connection.execute(table.update().where(table.c.id == before).values(id=after))
        else:
            column = self.draw.choice([c for c in table.columns if c.name != "id"])
            self.connection.execute(
                table.update().where(mine).values({column.name: self._other(column, row)})
            )
            kind = f"alter {column.name}"
        return f"{table.name}: {kind}"

    def _other(self, column: Any, row: dict[str, Any]) -> Any:
        old, kind = row[column.name], _kind(column)
        new: Any = f"{old}x"
        if kind is bool:
            new = None if old is True and column.nullable and self.draw.random() < 0.3 else not old
        elif isinstance(old, dict):
            new = {**old, "thêm": self.draw.random()}
        elif isinstance(old, list):
            new = [*old, "thêm"]
        elif kind in (int, float):
            new = (old or 0) + self.draw.choice([-1, 1, 1000])
        elif self.draw.random() < 0.2 and column.nullable and old is not None:
            new = None
        assert json.dumps(new) != json.dumps(old)
        return new

    def _unique(self, table: Table, row: dict[str, Any]) -> dict[str, Any]:
        """What a copied row says differently, so that the database takes it."""
        unique = {
            column.name: column
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
            for column in constraint.columns
            if not column.foreign_keys
        }
        return {
            name: (row[name] or 0) + 99 if _kind(column) is int else f"{row[name]}x"
            for name, column in unique.items()
        }


@pytest.fixture
def tampering(filled: str) -> Iterator[Connection]:
    """A connection that no bookkeeping of the program sees; foreign keys are not its business."""
    assert filled
    with engine(database_url()).connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA foreign_keys=OFF"))
            connection.rollback()
            connection.execute(text("PRAGMA foreign_keys=OFF"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.commit()
        yield connection
        connection.rollback()


@pytest.mark.usefixtures("filled")
def test_nothing_is_broken_where_only_the_program_wrote() -> None:
    with session() as records:
        assert seals.broken(records) == []
        assert audit.verify(records, ROUND) == []
        sealed = {row.name for row in records.exec(SealRecord.__table__.select())}  # type: ignore[attr-defined, call-overload]
    assert sealed == {table.name for table in _tables()} - {"seal"}, "every table is under seal"


def test_a_thousand_random_changes_are_all_found(tampering: Connection) -> None:
    missed, made, seed = [], 0, 0
    wanted = CHANGES if tampering.dialect.name == "sqlite" else CHANGES // 5  # the same code
    while made < wanted:
        seed += 1
        with tampering.begin() as attempt:
            try:
                told = _Random(tampering, seed).change()
            except IntegrityError:  # what the database itself refuses is no change
                attempt.rollback()
                continue
            with Session(tampering) as records:
                if not [*audit.verify(records, ROUND), *seals.broken(records)]:
                    missed.append((seed, told))
            made += 1
            attempt.rollback()
    assert missed == []
    assert seed < 2 * wanted


@pytest.mark.usefixtures("filled")
def test_the_refusal_says_which_table_round_and_unit() -> None:
    with engine(database_url()).begin() as connection:
        connection.execute(text("UPDATE award SET points = '99' WHERE id = 2"))
    with session() as records:
        (told,) = seals.broken(records)
        assert told.startswith("Bảng award, thu/2023, đơn vị award unit 2: nội dung của 1 bản ghi")
        assert told in verify(records, ROUND)


@pytest.mark.usefixtures("filled")
def test_what_is_rolled_back_leaves_no_trace_in_the_seals() -> None:
    def cut_off() -> None:
        with session() as records:
            audit.append(records, ROUND, "thử", "x", {}, "test")
            records.flush()
            raise RuntimeError("mất điện")

    with pytest.raises(RuntimeError, match="mất điện"):
        cut_off()
    with session() as records:
        assert seals.broken(records) == []
        audit.append(records, ROUND, "thử", "x", {}, "test")
    with session() as records:
        assert seals.broken(records) == []


@contextmanager
def second_writer(work: Callable[[], None]) -> Iterator[None]:
    """Run the body's end only when another thread, at `work`, is about to take its first lock: it
    has then read whatever it reads without one."""
    waiting, errors = threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            waiting.set()

    other = threading.Thread(target=run)

    def watch(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if threading.current_thread() is other and (
            statement.startswith(("UPDATE", "DELETE")) or "FOR NO KEY UPDATE" in statement
        ):
            waiting.set()

    made = engine(database_url())
    event.listen(made, "before_cursor_execute", watch)
    try:
        other.start()
        assert waiting.wait(20)
        yield
        other.join(60)
        assert not other.is_alive()
    finally:
        event.remove(made, "before_cursor_execute", watch)
    if errors:
        raise errors[0]


@pytest.mark.usefixtures("filled")
def test_two_claims_of_one_message_leave_the_seal_whole() -> None:
    with session() as records:
        outbox.enqueue(records, ROUND, [outbox.Message("thử", "x", "x", "x")], "test")
    with session() as records:
        (message_id,) = (each.id for each in outbox.unsent(records, ROUND))
    got: list[tuple[str, bool]] = []

    def claim(records: Session, worker: str) -> None:
        message = records.get_one(NotificationRecord, message_id)
        got.append((worker, outbox.claim(records, message, worker)))

    def second() -> None:
        with session() as records:
            claim(records, "b")

    with session() as first:
        claim(first, "a")
        with second_writer(second):
            first.commit()
    assert got == [("a", True), ("b", False)]
    with session() as records:
        assert seals.broken(records) == []


@pytest.mark.parametrize("first_drops", [False, True])
@pytest.mark.usefixtures("filled")
def test_two_sessions_at_one_row_leave_the_seal_whole(first_drops: bool) -> None:
    def change(records: Session, points: str) -> None:
        award = records.get_one(AwardRecord, 2)
        award.points = points
        records.add(award)
        records.flush()

    def second() -> None:
        with session() as records:
            change(records, "7")

    with session() as first:
        change(first, "5")
        if first_drops:
            first.delete(first.get_one(AwardRecord, 2))
            first.flush()
            with pytest.raises(StaleDataError), second_writer(second):
                first.commit()
        else:
            with second_writer(second):
                first.commit()
    with session() as records:
        assert seals.broken(records) == []
        points = records.exec(select(AwardRecord.points).where(AwardRecord.id == 2)).all()
    assert points == ([] if first_drops else ["7"])


def at_revision() -> tuple[str, bool]:
    """The schema's revision, and whether there are seals; nothing is upgraded by looking."""
    made = create_engine(database_url())
    with made.connect() as connection:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    found = str(revision), inspect(made).has_table("seal")
    made.dispose()
    return found


def start_again() -> None:
    """As a new process would: nothing is known of the database."""
    engine(database_url()).dispose()
    engine.cache_clear()


@pytest.mark.usefixtures("filled")
def test_an_upgrade_that_is_killed_before_it_has_sealed_is_done_again() -> None:
    with engine(database_url()).begin() as connection:
        connection.execute(text("DROP TABLE person"))
        connection.execute(text("DROP TABLE seal"))
        connection.execute(text("DROP INDEX ix_figure_round_id_submission_id"))
        connection.execute(text("CREATE INDEX ix_figure_round_id ON figure (round_id)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0006'"))
    start_again()
    script = (
        "import os, signal\n"
        "from dti_core.records import database\n"
        "database.seal_all = lambda connection: os.kill(os.getpid(), signal.SIGKILL)\n"
        "database.engine(database.database_url())\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert at_revision() == ("0006", False)
    with session() as records:
        assert seals.broken(records) == []
        assert records.exec(select(SealRecord)).first() is not None


NEWER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{latest}", None, None


def upgrade() -> None:
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.add_column(sa.Column("newer", sa.String(), nullable=True))
    op.execute("UPDATE award SET unit = 'x' || unit")
"""


@pytest.fixture
def newer(filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as of a later release, whose migration rewrites rows that are under seal."""
    assert filled
    folder = tmp_path / "newer"
    shutil.copytree(location.MIGRATIONS, folder)
    migration = NEWER.format(latest=location.latest_revision())
    (folder / "versions" / "9999_newer.py").write_text(migration, encoding="utf-8")
    for module in (location, database_module):
        monkeypatch.setattr(module, "MIGRATIONS", folder)


@pytest.mark.usefixtures("newer")
def test_an_upgrade_seals_what_it_rewrites() -> None:
    start_again()
    with session() as records:
        assert at_revision() == ("9999", True)
        assert records.get_one(AwardRecord, 1).unit.startswith("x")
        assert audit.verify(records, ROUND) == []
        assert seals.broken(records) == []


@pytest.mark.usefixtures("newer")
def test_an_upgrade_does_not_hide_what_somebody_altered(monkeypatch: pytest.MonkeyPatch) -> None:
    before = at_revision()
    with engine(database_url()).begin() as connection:
        connection.execute(text("UPDATE award SET points = '99' WHERE id = 2"))
    start_again()
    told = "Bảng award, thu/2023, đơn vị award unit 2"
    with pytest.raises(Refused, match=told) as refused:
        engine(database_url())
    assert f"{UPGRADE_ANYWAY}=1" in str(refused.value)
    assert at_revision() == before, "nothing is upgraded"

    monkeypatch.setenv(UPGRADE_ANYWAY, "1")
    with session() as records:
        assert at_revision() == ("9999", True)
        last = records.exec(select(AuditRecord).order_by(col(AuditRecord.seq).desc())).first()
        assert last is not None
        assert last.action == "upgraded_with_broken_seals"
        assert any(told in line for line in last.detail["found"])
        assert audit.verify(records, ROUND) == []
        assert seals.broken(records) == []
