"""A database of an earlier release, with a round in it, is brought up to date and goes on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from dti_core.program.load import load_round
from dti_core.records import seals
from dti_core.records.database import MIGRATIONS, database_url, engine, session
from dti_core.records.location import latest_revision
from dti_core.records.outbox import PENDING, claim, unsent
from dti_core.records.rounds import require_round
from dti_core.records.scoring import score_round
from dti_core.records.tables import Record
from dti_core.records.verifying import verify
from tests.conftest import JUNE

FIRST, LAST_UNSEALED = "0001", "0006"
BOOKKEEPING = ("alembic_version", "seal")

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def of_june(june_home: Path) -> Rows:
    """Every row of the finished June round, by table, as the models have it."""
    made = sa.create_engine(f"sqlite:///{june_home / 'dti.sqlite'}")
    with made.connect() as connection:
        rows = {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in Record.metadata.sorted_tables
            if table.name not in BOOKKEEPING
        }
    made.dispose()
    return rows


@pytest.fixture
def old(bare_database: str) -> Iterator[sa.Engine]:
    """The empty database, past the program's own door."""
    made = sa.create_engine(database_url())
    assert bare_database
    yield made
    made.dispose()


def upgrade(old: sa.Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with old.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def tables(old: sa.Engine) -> list[sa.Table]:
    """What the database itself says that it has."""
    there = sa.MetaData()
    there.reflect(old)
    return [table for table in there.sorted_tables if table.name not in BOOKKEEPING]


def content(old: sa.Engine) -> Rows:
    with old.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in tables(old)
        }


def put(old: sa.Engine, rows: Rows) -> None:
    """The rows of the June round as far as the tables have columns for them."""
    with old.begin() as connection:
        for table in tables(old):
            known = [
                {name: value for name, value in row.items() if name in table.columns}
                for row in rows.get(table.name, [])
            ]
            if known:
                connection.execute(table.insert(), known)


def put_in_every_empty_table(old: sa.Engine) -> None:
    """One row each, so that a migration that cannot carry rows over has something to stumble on."""
    with old.begin() as connection:
        for table in tables(old):
            if connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
                connection.execute(table.insert(), {c.name: _value(c) for c in table.columns})


def _value(column: sa.Column[Any]) -> object:
    if column.name == "round_id":
        return JUNE
    if column.name == "status":
        return PENDING
    kinds: list[tuple[type[Any], object]] = [
        (sa.Boolean, True),
        (sa.Integer, 1),
        (sa.Float, 0.5),
        (sa.JSON, {"a": 1}),
    ]
    for kind, value in kinds:
        if isinstance(column.type, kind):
            return value
    return None if column.name in ("claimed_by", "claimed_at") else f"{column.name} 1"


def nothing_is_lost(before: Rows, after: Rows) -> None:
    for name, rows in before.items():
        kept = [{key: row[key] for key in rows[0]} for row in after[name]] if rows else after[name]
        assert kept == rows, name


def the_schema_is_the_models(old: sa.Engine) -> None:
    with old.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []
        revision = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    assert revision == latest_revision()


def test_a_round_of_the_first_release_is_carried_over_and_goes_on(
    old: sa.Engine, of_june: Rows
) -> None:
    upgrade(old, FIRST)
    put(old, of_june)
    before = content(old)
    assert {name for name, rows in before.items() if rows} == {
        "audit_event",
        "award",
        "figure",
        "finding",
        "round",
        "submission",
    }
    context = load_round(JUNE)
    with session() as records:  # any door to the records brings them up to date
        require_round(records, context)
        _, changed = score_round(records, context, "test")
    assert changed == 0, "the old round reads, and scores, as it did"
    nothing_is_lost(before, content(old))
    the_schema_is_the_models(old)
    with session() as records:
        assert verify(records, JUNE) == []


def test_every_table_of_every_release_is_carried_over(old: sa.Engine, of_june: Rows) -> None:
    upgrade(old, FIRST)
    put(old, of_june)
    put_in_every_empty_table(old)
    for number in range(int(FIRST) + 1, int(LAST_UNSEALED) + 1):
        before = content(old)
        upgrade(old, f"{number:04}")
        nothing_is_lost(before, content(old))
        put_in_every_empty_table(old)
    before = content(old)
    assert all(before.values())
    engine(database_url())
    nothing_is_lost(before, content(old))
    the_schema_is_the_models(old)
    with session() as records:
        assert seals.broken(records) == []
        (waiting,) = unsent(records, JUNE)
        assert claim(records, waiting, "worker"), "what waited to be sent then can be sent now"
