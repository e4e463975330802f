"""The records' schema on PostgreSQL, dumped at one moment and restored, by PostgreSQL's own tools.

Passwords go to the tools through the environment, never through their arguments.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dti_core.errors import Refused
from dti_core.records.sqlite_copy import HEADS, NEWEST

LOCK_SECONDS = 15
"""How long a restore waits for others to let go of the schema."""

_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
"""The words of a connection and libpq's environment variables (PostgreSQL's manual, 34.15)."""


class ToolFailed(Refused):
    """pg_dump or pg_restore is missing, too old, or was refused. The text says which."""


@dataclass(frozen=True)
class Standing:
    """What stands in the schema: its name, its newest migration (None: no tables of ours), whether
    it has any table, and round → newest event."""

    schema: str
    revision: str | None
    empty: bool
    heads: dict[str, str]


def standing(url: str) -> Standing:
    """What stands there now."""
    with _connected(url) as connection:
        return _standing(connection)


def newest_event(url: str) -> str | None:
    """The moment of the newest event of all chains, as recorded; None before the first."""
    with _connected(url) as connection:
        if not _standing(connection).heads:
            return None
        return str(connection.execute(NEWEST).fetchone()[0])


def dump(url: str, target: Path) -> Standing:
    """Dump the schema into a file; returns what stood there at that very moment.

    Raises ToolFailed.
    """
    program = _tool("pg_dump")
    with _connected(url) as connection:
        _require_as_new(connection, program)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        found = _standing(connection)
        _run(
            [
                program,
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                "--no-password",
                f"--schema={_exactly(found.schema)}",
                f"--snapshot={snapshot}",
                f"--file={target}",
            ],
            url,
        )
        connection.execute("COMMIT")
    return found


def put_aside(url: str, aside: str) -> None:
    """Rename the schema and make an empty one in its place, both or neither."""
    with _connected(url) as connection:
        schema = _standing(connection).schema
        connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        with connection.transaction():
            connection.execute(f"ALTER SCHEMA {_quoted(schema)} RENAME TO {_quoted(aside)}")
            connection.execute(f"CREATE SCHEMA {_quoted(schema)}")


def has_schema(url: str, name: str) -> bool:
    """Whether the database has a schema of this name."""
    with _connected(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (name,))
        return found.fetchone() is not None


def load(url: str, source: Path) -> None:
    """Restore a dump into the schema, which is empty: everything or nothing. Raises ToolFailed."""
    program = _tool("pg_restore")
    listed = _run([program, "--list", str(source)], url)
    # the schema itself is there: only what is in it is made
    wanted = [line for line in listed.splitlines() if not re.match(r"\d+; \d+ \d+ SCHEMA ", line)]
    with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as chosen:
        chosen.write("\n".join(wanted))
        chosen.flush()
        _run(
            [
                program,
                "--single-transaction",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                "--no-password",
                f"--use-list={chosen.name}",
                f"--dbname={_environment(url)['PGDATABASE']}",
                str(source),
            ],
            url,
        )


def _standing(connection: Any) -> Standing:
    schema = connection.execute("SELECT current_schema()").fetchone()[0]
    if schema is None:
        raise ToolFailed(
            "Cơ sở dữ liệu PostgreSQL không có lược đồ nào trong search_path. Hãy tạo lược đồ"
            " public, hoặc lược đồ nêu trong DTI_DATABASE_URL."
        )
    tables = {
        row[0]
        for row in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)
        )
    }
    revision = None
    if "alembic_version" in tables:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        revision = str(row[0]) if row else None
    heads = dict(connection.execute(HEADS).fetchall()) if "audit_event" in tables else {}
    return Standing(schema, revision, not tables, heads)


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    import psycopg

    with psycopg.connect(_plain(url), autocommit=True, connect_timeout=10) as connection:
        yield connection


def _require_as_new(connection: Any, program: str) -> None:
    """Raises ToolFailed where the tool is older than the server: it would refuse in English."""
    server = connection.info.server_version // 10000
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", said)
    tool = int(found.group(1)) if found else 0
    if tool < server:
        raise ToolFailed(
            f"pg_dump ở máy này là bản {tool}, máy chủ PostgreSQL là bản {server}: pg_dump cũ không"
            f" sao lưu được máy chủ mới. Hãy cài postgresql-client-{server} rồi chạy lại."
        )


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ToolFailed(
            f"Máy này không có {name}. Hãy cài gói postgresql-client cùng bản với máy chủ"
            " PostgreSQL rồi chạy lại."
        )
    return found


def _run(command: list[str], url: str) -> str:
    ran = subprocess.run(
        command, env=_environment(url), capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise ToolFailed(
            f"{Path(command[0]).name} không chạy được: {ran.stderr.strip() or ran.returncode}"
        )
    return ran.stdout


def _environment(url: str) -> dict[str, str]:
    from psycopg.conninfo import conninfo_to_dict

    said = conninfo_to_dict(_plain(url))
    found = {**os.environ, "LC_ALL": "C"}
    found |= {_VARIABLES[key]: str(value) for key, value in said.items() if key in _VARIABLES}
    found.setdefault("PGDATABASE", found.get("PGUSER", "postgres"))
    return found


def _plain(url: str) -> str:
    """The address as PostgreSQL's own tools write it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _exactly(name: str) -> str:
    """A name as pg_dump's pattern for nothing else."""
    return _quoted(name)
