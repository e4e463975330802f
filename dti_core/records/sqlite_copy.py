"""A SQLite database copied while it is in use, looked at, and put in another's place."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dti_core.errors import Refused

HEADS = """
SELECT round_id, digest FROM audit_event AS one
WHERE seq = (SELECT max(seq) FROM audit_event WHERE round_id = one.round_id)
"""
"""(round, digest of its newest event); the same in both databases."""


NEWEST = "SELECT max(at) FROM audit_event"
"""The same moment is written in the same way in every event: the greatest text is the latest."""


class Unusable(Refused):
    """A database that cannot be copied or replaced now. The text says why."""


def copy(database: Path, target: Path) -> None:
    """Copy a database as it is at one moment, whoever writes meanwhile (the online backup API).

    Raises Unusable where it is damaged.
    """
    with _reading(database) as source, closing(sqlite3.connect(target)) as made:
        source.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")
        found = made.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        raise Unusable(f"Cơ sở dữ liệu {database} bị hỏng ({found}). Hãy khôi phục bản sao lưu cũ.")


def revision(database: Path) -> str | None:
    """The newest migration; None for a database that has no tables of ours."""
    with _reading(database) as source:
        try:
            row = source.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise
    return str(row[0]) if row else None


def heads(database: Path) -> dict[str, str]:
    """Round → digest of the newest event of its audit chain."""
    with _reading(database) as source:
        return dict(source.execute(HEADS).fetchall())


def newest_event(database: Path) -> str | None:
    """The moment of the newest event of all chains, as recorded; None before the first."""
    with _reading(database) as source:
        try:
            return source.execute(NEWEST).fetchone()[0]  # type: ignore[no-any-return]
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise


def journal_mode(database: Path) -> str:
    """How the database keeps its journal: "wal" is ours."""
    with _reading(database) as source:
        return str(source.execute("PRAGMA journal_mode").fetchone()[0])


def require_unused(database: Path) -> None:
    """Raises Unusable while another process works with it; leaves it without a write-ahead log."""
    with closing(sqlite3.connect(database, timeout=2, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise Unusable(
                f"Có chương trình đang dùng {database}. Hãy dừng dti up và đợi các lệnh dti khác"
                " xong rồi chạy lại."
            ) from error
        except sqlite3.DatabaseError:
            return  # damaged: that may be why it is replaced, and it is kept as it is


@contextmanager
def _reading(database: Path) -> Iterator[sqlite3.Connection]:
    if not database.is_file():
        raise Unusable(f"Chưa có cơ sở dữ liệu ở {database}. Hãy xem lại DTI_HOME.")
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as source:
        source.execute("PRAGMA busy_timeout=30000")
        try:
            yield source
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise Unusable(f"Cơ sở dữ liệu {database} bị hỏng ({error}).") from error
