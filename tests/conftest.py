"""Every test session has a home of its own; nothing touches the user's."""

import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, make_url

_HOME = Path(tempfile.mkdtemp(prefix="dti-test-"))
os.environ["DTI_HOME"] = str(_HOME)
os.environ.pop("DTI_DATABASE_URL", None)
# a worker of pytest-xdist inherits what its controller prepared: with one Prefect home for all of
# them, two servers would create one database at once
for inherited in ("PREFECT_HOME", "PREFECT_LOGGING_HANDLERS_FILE_FILENAME"):
    os.environ.pop(inherited, None)
# tests with homes of their own read workbooks that others have written
# LibreOffice takes seconds: the tests that are about PDFs turn it on
os.environ["DTI_PDF"] = "off"
os.environ["DTI_WORKBOOK_KEY"] = "a key that only the tests have and use"

# Prefect and Great Expectations read their settings when they are first imported
from flows.runtime import prepare  # noqa: E402

prepare()

JUNE = "vinh-long/2024-06"
POSTGRES = os.environ.get("DTI_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")


def pytest_sessionfinish() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@event.listens_for(Engine, "connect")
def _rows_backwards(connection: object, _record: object) -> None:
    """Without ORDER BY a database may give rows in any order, and PostgreSQL does; SQLite gives
    the oldest first unless it is told otherwise. Nothing may hang on that."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session")
def june_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the June round has gone through every stage, without Prefect."""
    from dti_core.intake.data_files import receive_data_files
    from dti_core.program.load import load_round
    from dti_core.records.awards import write_findings
    from dti_core.records.database import session
    from dti_core.records.figures import current_figures
    from dti_core.records.rounds import open_round
    from dti_core.records.scoring import score_round
    from dti_core.records.tables import FindingRecord
    from expectations.frame import pooled_frame
    from expectations.run import validate

    home = tmp_path_factory.mktemp("june")
    before = os.environ["DTI_HOME"]
    os.environ["DTI_HOME"] = str(home)
    try:
        context = load_round(JUNE)
        with session() as records:
            open_round(records, context, "test")
            receive_data_files(records, context, "test")
            figures = current_figures(records, JUNE)
            found = validate(pooled_frame(context.frameworks["tinh"], ["kon-tum"], figures))
            rows = [FindingRecord(round_id=JUNE, **vars(each)) for each in found]
            write_findings(records, JUNE, rows, "test")
            score_round(records, context, "test")
    finally:
        os.environ["DTI_HOME"] = before
    return home


@pytest.fixture
def june(june_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The finished June round as the current home. Read only."""
    monkeypatch.setenv("DTI_HOME", str(june_home))
    return june_home


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    return tmp_path


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    blanks: "Blanks",
) -> Iterator[str]:
    """The URL of a database without records, SQLite and then PostgreSQL."""
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    with blanks.sqlite(tmp_path) if request.param == "sqlite" else blanks.postgres() as url:
        monkeypatch.setenv("DTI_DATABASE_URL", url)
        yield url


@pytest.fixture(params=BOTH)
def bare_database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The URL of a database without any table: for what creates and upgrades them."""
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'dti.sqlite'}"
        monkeypatch.setenv("DTI_DATABASE_URL", url)
        yield url
        return
    with postgres_database() as url:
        monkeypatch.setenv("DTI_DATABASE_URL", url)
        yield url


@pytest.fixture(scope="session")
def blanks(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Blanks"]:
    with Blanks(tmp_path_factory.mktemp("blank")) as made:
        yield made


class Blanks(ExitStack):
    """Databases that are brought up to date once and emptied for each test: the migrations would
    take longer than most tests."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._postgres: tuple[str, str] | None = None

    @contextmanager
    def sqlite(self, folder: Path) -> Iterator[str]:
        blank = self._folder / "dti.sqlite"
        if not blank.exists():
            bring_up_to_date(f"sqlite:///{blank}")
        shutil.copyfile(blank, folder / "dti.sqlite")
        yield f"sqlite:///{folder / 'dti.sqlite'}"

    @contextmanager
    def postgres(self) -> Iterator[str]:
        if self._postgres is None or emptied(self._postgres[0]) != self._postgres[1]:
            # the first one, or a test has left other tables behind
            url = self.enter_context(postgres_database())
            bring_up_to_date(url)
            self._postgres = url, emptied(url)
        yield self._postgres[0]
        forget_engines()


EMPTY = """
    DO $$ DECLARE one record; BEGIN
      PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
      SET LOCAL session_replication_role = replica;
      FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
        AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', one.tablename);
      END LOOP;
      FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT setval(%L, 1, false)', one.sequencename);
      END LOOP;
    END $$
"""

SHAPE = """
    SELECT md5(string_agg(concat_ws(' ', table_schema, table_name, column_name, data_type,
                                    is_nullable), ',' ORDER BY table_schema, table_name,
                          ordinal_position))
           || (SELECT version_num FROM alembic_version)
    FROM information_schema.columns
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
"""


def emptied(url: str) -> str:
    """Take every row out of a test's database; returns the shape that its tables have."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(EMPTY)
        (shape,) = connection.execute(SHAPE).fetchone() or ("",)
    return str(shape)


def bring_up_to_date(url: str) -> None:
    from dti_core.records.database import engine

    engine(url.replace("postgresql://", "postgresql+psycopg://")).dispose()
    forget_engines()


def forget_engines() -> None:
    """Each test opens its own: what was left open ends with the rows that it looked at."""
    from dti_core.records.database import engine

    engine.cache_clear()


@contextmanager
def postgres_database() -> Iterator[str]:
    """The URL of an empty database of its own; dropped at the end."""
    psycopg = pytest.importorskip("psycopg")
    try:
        connection = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"PostgreSQL không có ở {POSTGRES}: {error}")
    name = f"dti_test_{os.getpid()}_{secrets.token_hex(4)}"
    connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        forget_engines()
        # FORCE: a process that a test has killed may not have let go yet
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.close()
