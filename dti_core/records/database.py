"""The database of the records: SQLite under DTI_HOME, or PostgreSQL by DTI_DATABASE_URL.

Never the database of Prefect: the two are upgraded and cleaned by different hands.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlmodel import Session

from dti_core.records.location import MIGRATIONS, database_url, latest_revision


@lru_cache(maxsize=8)
def engine(url: str) -> Engine:
    """An engine on an up-to-date schema. Creates the SQLite file and its folder."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(url)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _sqlite_pragmas)
    if not _is_current(made):
        migrate(made)
    return made


def _sqlite_pragmas(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _is_current(made: Engine) -> bool:
    if not inspect(made).has_table("alembic_version"):
        return False
    with made.connect() as connection:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return bool(revision == latest_revision())


def migrate(made: Engine, revision: str = "head") -> None:
    """Bring the schema to a revision; safe to call at any time."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@contextmanager
def session(url: str | None = None) -> Iterator[Session]:
    """A session that commits at the end, or rolls everything back. What it read stays readable."""
    with Session(engine(url or database_url()), expire_on_commit=False) as opened:
        yield opened
        opened.commit()
