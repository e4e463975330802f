"""Every test session has a home of its own; nothing touches the user's."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The URL of an empty database, SQLite and then PostgreSQL."""
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'dti.sqlite'}"
        monkeypatch.setenv("DTI_DATABASE_URL", url)
        yield url
        return
    psycopg = pytest.importorskip("psycopg")
    try:
        connection = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"PostgreSQL không có ở {POSTGRES}: {error}")
    schema = f"dti_test_{os.getpid()}_{tmp_path.name.replace('-', '_')}".lower()[:60]
    connection.execute(f'CREATE SCHEMA "{schema}"')
    url = f"{POSTGRES}?options=-csearch_path%3D{schema}"
    monkeypatch.setenv("DTI_DATABASE_URL", url)
    try:
        yield url
    finally:
        from dti_core.records.database import database_url, engine

        engine(database_url()).dispose()
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE')
        connection.close()
