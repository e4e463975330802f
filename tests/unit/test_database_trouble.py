"""A database that is away, named wrongly or full: a clear message, nothing by halves, and on."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from dti_core.records.awards import awards
from dti_core.records.database import BadAddress, database_url, engine, session
from dti_core.records.files import round_folder, write_whole
from dti_core.records.scoring import score_round
from dti_core.records.tables import SubmissionRecord
from dti_core.records.trouble import may_pass, told
from dti_core.records.verifying import verify
from flows import cli
from flows.runtime import free_port
from tasks.busy import until_free
from tasks.collecting import collect
from tasks.retrying import DELAYS, RETRY, transient
from tests.conftest import POSTGRES
from tests.flows.kills.program import ROUND
from tests.unit.private_cluster import Cluster, private_cluster
from tests.unit.small_sent_round import opened, sent

SECRET = "bi-mat-9"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"postgresql//u:{SECRET}@h/d", "không đọc được"),
        (f"mysql9://u:{SECRET}@h/d", "loại cơ sở dữ liệu lạ"),
        (f"postgresql://u:{SECRET}@h:cổng/d", "không đọc được"),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str, says: str) -> None:
    with pytest.raises(BadAddress, match=says) as refused:
        engine(url)
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None
    assert "DTI_DATABASE_URL" in str(refused.value)


def test_a_command_without_its_database_says_so_and_not_the_password(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    monkeypatch.setenv("DTI_DATABASE_URL", f"postgresql://dti:{SECRET}@127.0.0.1:{port}/dti")
    monkeypatch.setattr(sys, "argv", ["dti", "status", "vinh-phuc/2023-so"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert f"Mất kết nối tới cơ sở dữ liệu (máy chủ 127.0.0.1, cổng {port}, tên dti)" in said
    assert SECRET not in said
    assert "Traceback" not in said
    assert not (empty_home / "logs" / "dti.log").exists(), "it is no fault of the program"


@pytest.mark.postgres
def test_a_database_that_the_server_does_not_have_is_told(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert empty_home.is_dir()
    url = f"{POSTGRES.rpartition('/')[0]}/khong-co"
    monkeypatch.setenv("DTI_DATABASE_URL", url)
    with pytest.raises(OperationalError) as raised, session() as records:
        records.execute(text("SELECT 1"))
    assert "không có cơ sở dữ liệu" in str(told(raised.value))
    assert not may_pass(raised.value), "no waiting makes it right"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with private_cluster() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: Cluster) -> Path:
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    monkeypatch.setenv("DTI_DATABASE_URL", cluster.url)
    return tmp_path


@pytest.mark.postgres
@pytest.mark.usefixtures("home")
def test_a_database_gone_in_the_middle_of_a_stage(cluster: Cluster) -> None:
    """The stage has done nothing, says why, and runs again; what rested in the pool is renewed."""
    context = sent()
    collect(context, "test")
    with pytest.raises(OperationalError) as raised, session() as records:  # noqa: PT012
        score_round(records, context, "test")
        cluster.stop()
        records.execute(text("SELECT 1"))
    assert may_pass(raised.value)
    assert "Mất kết nối tới cơ sở dữ liệu" in str(told(raised.value))
    with pytest.raises(OperationalError) as away, session() as records:
        records.execute(text("SELECT 1"))
    assert may_pass(away.value)
    cluster.start()
    with session() as records:
        assert not awards(records, ROUND)
        score_round(records, context, "test")
    with session() as records:
        scored = len(awards(records, ROUND))
    assert scored
    # between two stages the server is restarted: a connection at rest is tried before it is used
    cluster.stop()
    cluster.start()
    with session() as records:
        assert len(awards(records, ROUND)) == scored
        assert verify(records, ROUND) == []


def test_what_must_not_be_done_twice_waits_for_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mail that was sent is recorded although the database is away for longer than a lock."""
    monkeypatch.setattr("tasks.busy.time.sleep", lambda _seconds: None)
    tried = 0

    def work() -> str:
        nonlocal tried
        tried += 1
        if tried < 30:
            raise OperationalError("", {}, Exception("connection refused"))
        return "recorded"

    assert until_free(work, away=60) == "recorded"
    tried = 0
    with pytest.raises(OperationalError):
        until_free(work)
    assert tried < 30


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home on a disk of four megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"không gắn được ổ đĩa thử: {mounted.stderr.decode()}")
    monkeypatch.setenv("DTI_HOME", str(disk))
    monkeypatch.delenv("DTI_DATABASE_URL", raising=False)
    try:
        yield disk
    finally:
        engine.cache_clear()
        subprocess.run(["umount", "-l", str(disk)], check=True)


def filled(disk: Path) -> Path:
    """Take what is left of the disk; returns what to remove to have it back."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


def test_a_full_disk_takes_no_half_document_and_the_next_try_goes_on(small_disk: Path) -> None:
    paper = round_folder(ROUND) / "documents" / "du-thao.docx"
    write_whole(paper, b"old" * 1000)
    ballast = filled(small_disk)
    with pytest.raises(OSError, match="No space left") as full:
        write_whole(paper, b"new" * 100_000)
    words = str(told(full.value))
    assert words.startswith(f"Ổ đĩa chứa {small_disk} đã đầy (còn trống 0 MB)")
    assert may_pass(full.value)
    assert paper.read_bytes() == b"old" * 1000
    assert [each.name for each in paper.parent.iterdir()] == [paper.name], "no half file is left"
    ballast.unlink()
    assert write_whole(paper, b"new" * 100_000)


def test_a_full_disk_takes_no_half_submission_and_the_next_look_goes_on(small_disk: Path) -> None:
    context = sent()
    ballast = filled(small_disk)
    with pytest.raises((OSError, OperationalError)) as full:
        collect(context, "test")
    assert "đã đầy" in str(told(full.value))
    engine(database_url()).dispose()
    ballast.unlink()
    with session() as records:
        before = len(records.exec(select(SubmissionRecord)).all())
        assert verify(records, ROUND) == []
    done = collect(context, "test")
    assert done.new + before == 4
    assert done.set_aside == 0, "a file is not set aside because the disk was full"
    with session() as records:
        assert verify(records, ROUND) == []


def test_a_full_disk_leaves_the_database_as_it_was(small_disk: Path) -> None:
    context = opened()
    ballast = filled(small_disk)
    with pytest.raises(OperationalError) as full, session() as records:  # noqa: PT012
        records.execute(text("CREATE TABLE ballast (x BLOB)"))
        records.execute(text("INSERT INTO ballast VALUES (zeroblob(2000000))"))
        records.commit()
    assert f"Ổ đĩa chứa cơ sở dữ liệu (tệp {small_disk}/dti.sqlite) đã đầy" in str(told(full.value))
    ballast.unlink()
    with session() as records:
        assert verify(records, ROUND) == []
        score_round(records, context, "test")


class _State:
    def __init__(self, data: object) -> None:
        self.data = data


class _Run:
    def __init__(self, run_count: int) -> None:
        self.run_count = run_count


@pytest.mark.parametrize(
    ("error", "count", "again"),
    [
        (OperationalError("", {}, Exception("connection refused")), 5, True),
        (OperationalError("", {}, Exception("password authentication failed")), 1, False),
        (OSError(28, "No space left on device"), 5, True),
        (FileNotFoundError(2, "no such file"), 1, False),
        (IntegrityError("", {}, Exception("UNIQUE constraint failed: audit_event")), 1, True),
        (IntegrityError("", {}, Exception("UNIQUE constraint failed: audit_event")), 4, False),
        (IntegrityError("", {}, Exception("FOREIGN KEY constraint failed")), 1, False),
        (BadAddress("sai"), 1, False),
    ],
)
def test_a_stage_tries_again_where_waiting_can_help(
    error: Exception, count: int, again: bool
) -> None:
    assert transient(None, _Run(count), _State(error)) is again


def test_a_stage_waits_for_longer_than_a_minute_in_all() -> None:
    assert sum(DELAYS) > 60
    assert RETRY["retries"] == len(DELAYS)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            OperationalError("", {}, Exception('password authentication failed for user "dti"')),
            "không nhận tên hoặc mật khẩu",
        ),
        (OperationalError("", {}, Exception("database is locked")), "đang bận"),
        (
            OperationalError("", {}, Exception("attempt to write a readonly database")),
            "kiểm tra quyền",
        ),
        (OperationalError("", {}, Exception("disk I/O error")), "không đọc, ghi được"),
        (
            IntegrityError("", {}, Exception("duplicate key value violates unique constraint")),
            "Người khác vừa ghi",
        ),
    ],
)
@pytest.mark.usefixtures("empty_home")
def test_what_a_driver_says_is_told_in_words(error: Exception, says: str) -> None:
    words = str(told(error))
    assert says in words
    assert "chạy lại" in words


def test_another_fault_is_not_taken_for_trouble() -> None:
    assert told(ValueError("x")) is None
    assert told(OperationalError("", {}, Exception("no such table: award"))) is None
