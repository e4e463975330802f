"""The database of the records: SQLite under DTI_HOME, or PostgreSQL by DTI_DATABASE_URL.

Never the database of Prefect: the two are upgraded and cleaned by different hands.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.sql.compiler import InsertmanyvaluesSentinelOpts
from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.records import audit
from dti_core.records.location import MIGRATIONS, database_url, latest_revision
from dti_core.records.seals import broken_before_upgrade, seal_all
from dti_core.records.tables import RoundRecord
from dti_core.records.trouble import broken_address


class BadAddress(Refused):
    """DTI_DATABASE_URL is no address of a database. The text says how one is written."""


CONNECT_SECONDS = 10
"""How long a database server may take to answer a connection: one that is there takes a moment."""

UPGRADE_LOCK = 0x447469
"""The number of PostgreSQL's advisory lock around an upgrade; any that only this program uses."""

UPGRADE_ANYWAY = "DTI_UPGRADE_ANYWAY"
"""The environment variable that, at 1, lets records that do not fit their seals be upgraded."""


@lru_cache(maxsize=8)
def engine(url: str) -> Engine:
    """An engine on an up-to-date schema. Creates the SQLite file and its folder.

    Raises BadAddress for a URL that is none; what the database itself answers comes as the
    driver's error, so that whoever can wait tries again (`dti_core.records.trouble`).
    """
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    made = _engine(url)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _sqlite_pragmas)
        # rows go in by the hundred: SQLite numbers those of one INSERT in the order in which they
        # are written, by which SQLAlchemy then knows which number is whose
        made.dialect.insertmanyvalues_implicit_sentinel = (
            InsertmanyvaluesSentinelOpts.ANY_AUTOINCREMENT
        )
    if not _is_current(made):
        with _alone(made):
            # another process may have brought it up to date while this one waited
            if not _is_current(made):
                migrate(made)
    return made


def _engine(url: str) -> Engine:
    """A connection that was lost while it rested in the pool is noticed before it is used."""
    try:
        if url.startswith("sqlite"):
            return create_engine(url)
        wait = {"connect_timeout": CONNECT_SECONDS}
        return create_engine(url, pool_pre_ping=True, connect_args=wait)
    except (ArgumentError, ModuleNotFoundError, ValueError) as error:
        raise BadAddress(broken_address(error)) from None  # its text may hold the password


@contextmanager
def _alone(made: Engine) -> Iterator[None]:
    """One process at a time upgrades a database: several workers start at once after an update."""
    if made.dialect.name == "postgresql":
        with made.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": UPGRADE_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": UPGRADE_LOCK})
        return
    with Path(f"{made.url.database}.upgrade.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the system frees it when the process ends, however
        yield


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


def migrate(made: Engine) -> None:
    """Bring the schema to the newest revision and all that is there under seal, in one transaction:
    a process that is killed in between leaves the database as it was.

    Raises Refused where records no longer fit their seals: new seals would hide it for good. With
    UPGRADE_ANYWAY in the environment the upgrade goes on, and every round's audit chain says what
    was found.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with made.begin() as connection:
        if connection.dialect.name == "sqlite":
            # the driver opens no transaction for DDL, and each statement would be kept at once
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = broken_before_upgrade(connection)
        if found and os.environ.get(UPGRADE_ANYWAY) != "1":
            raise Refused(_refusal(found))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if found:
            _note(connection, found)
        seal_all(connection)


def _refusal(found: list[str]) -> str:
    return (
        "Chưa nâng cấp cơ sở dữ liệu: có bản ghi không còn như lúc chương trình ghi, và nâng cấp "
        "sẽ niêm lại nội dung đã bị sửa.\n- "
        + "\n- ".join(found)
        + "\nHãy khôi phục bản sao lưu trước khi bị sửa rồi chạy lại. Nếu đã xem xét và chấp nhận "
        f"nội dung hiện có, hãy đặt biến môi trường {UPGRADE_ANYWAY}=1 rồi chạy lại; nhật ký của "
        "mọi đợt sẽ ghi những điều trên."
    )


def _note(connection: Connection, found: list[str]) -> None:
    """Add what was found before the upgrade to the chain of every round."""
    # its own savepoint: the session's commit must not end the upgrade's transaction
    with Session(connection, join_transaction_mode="create_savepoint") as records:
        for round_id in records.exec(select(RoundRecord.id).order_by(col(RoundRecord.id))).all():
            detail = {"found": found}
            audit.append(records, round_id, "upgraded_with_broken_seals", round_id, detail, "dti")
        records.commit()


@contextmanager
def session(url: str | None = None) -> Iterator[Session]:
    """A session that commits at the end, or rolls everything back. What it read stays readable."""
    with Session(engine(url or database_url()), expire_on_commit=False) as opened:
        yield opened
        opened.commit()
