"""`dti doctor`: each check with the fault that it is there for, and one that breaks."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dti_core import clock
from dti_core.program import calendar
from dti_core.records import audit, people
from dti_core.records.database import engine, session
from dti_core.records.location import database_url, latest_revision
from flows.office import checks_machine, checks_ways, checks_work
from flows.office.doctor import CHECKS, examine, is_fit
from flows.office.finding import Finding, fail, ok, warn
from flows.runtime import free_port

ROOT = Path(__file__).parents[2]


def _levels(found: Iterator[Finding]) -> list[str]:
    return [each.level for each in found]


def _only(found: Iterator[Finding]) -> Finding:
    (one,) = found
    return one


@pytest.fixture
def used(database: str) -> Iterator[str]:
    """A database in which something has happened."""
    with session() as records:
        audit.append(records, "thu/2023", "tried", "x", {}, "test")
    yield database
    engine(database_url()).dispose()
    engine.cache_clear()


def test_one_that_breaks_does_not_stop_the_others() -> None:
    def breaks() -> Iterator[Finding]:
        yield ok("một", "đã xem")
        raise ZeroDivisionError("x")

    found = examine({"một": breaks, "hai": lambda: iter([warn("hai", "xem lại")])})
    assert [(each.check, each.level) for each in found] == [
        ("một", "ok"),
        ("một", "fail"),
        ("hai", "warn"),
    ]
    assert "ZeroDivisionError" in found[1].text
    assert not is_fit(found)
    assert is_fit([ok("a", ""), warn("b", "")])
    assert not is_fit([ok("a", ""), fail("b", "")])


def test_the_command_tells_and_its_exit_code_too(tmp_path: Path) -> None:
    """In JSON every check is there; one that fails makes the exit code 1, and the text says it."""
    environment = {**os.environ, "DTI_HOME": str(tmp_path), "DTI_CHANNEL": "day-khong-phai-kenh"}
    environment.pop("DTI_DATABASE_URL", None)
    ran = subprocess.run(
        [sys.executable, "-m", "flows.cli", "doctor", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(ran.stdout)
    assert ran.returncode == 1, ran.stderr
    assert {each["check"] for each in found} == set(CHECKS)
    failed = [each for each in found if each["level"] == "fail"]
    assert [each["check"] for each in failed] == ["kênh gửi thư"]
    assert "DTI_CHANNEL" in failed[0]["text"]
    assert not (tmp_path / "dti.sqlite").exists()  # looking changes nothing


def test_versions_in_and_out_of_range(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(_levels(checks_machine.versions())) == {"ok"}
    real = checks_machine.version

    def other(package: str) -> str:
        return "0.165.0" if package == "fastapi" else real(package)

    monkeypatch.setattr(checks_machine, "version", other)
    wrong = [each for each in checks_machine.versions() if each.level == "fail"]
    assert len(wrong) == 1
    assert "fastapi 0.165.0" in wrong[0].text


def test_a_database_that_is_in_use(used: str) -> None:  # noqa: ARG001
    """Of the newest schema, of an older, of a newer; and with events later than the clock."""
    from sqlalchemy import text

    assert set(_levels(checks_work.database())) == {"ok"}
    assert _only(checks_work.clock_and_events()).level == "ok"
    with clock.standing_at(datetime.now(UTC) - timedelta(days=2)):
        found = _only(checks_work.clock_and_events())
    assert found.level == "fail"
    assert "đồng hồ đã lùi" in found.text
    for revision, level in (("0001", "warn"), ("9999", "fail"), (latest_revision(), "ok")):
        with engine(database_url()).begin() as connection:
            stamp = text("UPDATE alembic_version SET version_num = :to")
            connection.execute(stamp, {"to": revision})
        found = next(checks_work.database())
        assert (found.level, revision in found.text) == (level, True)


def test_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTI_DATABASE_URL", f"postgresql://x@127.0.0.1:{free_port()}/x")
    found = _only(checks_work.database())
    assert found.level == "fail"
    assert "DTI_DATABASE_URL" in found.text


def test_a_network_folder_is_no_place_for_sqlite(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DTI_DATABASE_URL", raising=False)
    assert checks_work.file_system(Path("/proc/self")) == "proc"
    assert checks_work.file_system(empty_home) not in checks_work.NETWORK
    monkeypatch.setattr(checks_work, "file_system", lambda _: "cifs")
    assert _levels(checks_work.database()) == ["fail", "warn"]


def test_a_year_whose_days_off_nobody_has_written_down(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2024" in list(checks_work.holidays())[-1].text
    shelf = empty_home / "lịch"
    shelf.mkdir()
    for file in calendar.SHIPPED.glob("*.yaml"):
        if file.stem != "2024":
            (shelf / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(calendar, "SHIPPED", shelf)
    found = [each for each in checks_work.holidays() if each.level == "warn"]
    assert any("năm 2024" in each.text for each in found)


def test_a_key_that_others_may_read(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DTI_WORKBOOK_KEY", raising=False)
    assert _only(checks_work.workbook_key()).level == "ok"  # none yet
    file = empty_home / "workbook.key"
    file.write_text("k" * 64)
    file.chmod(0o644)
    found = _only(checks_work.workbook_key())
    assert (found.level, "chmod 600" in found.text) == ("fail", True)
    file.chmod(0o600)
    assert _only(checks_work.workbook_key()).level == "ok"
    file.write_text("ngắn")
    assert _only(checks_work.workbook_key()).level == "fail"


def test_channels_are_tried_and_nothing_is_sent() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        url = f"mailto://an:mat-khau-that@127.0.0.1:{port}/?from=a@b.vn&to={{address}}"
        found = _only(checks_ways.channels({"DTI_CHANNEL": url}))
        assert found.level == "ok"
        assert "mat-khau-that" not in found.text
        connection, _ = server.accept()
        with connection:
            connection.settimeout(5)
            assert connection.recv(100) == b""  # hung up without a word
    refused = _only(checks_ways.channels({"DTI_CHANNEL": url}))
    assert refused.level == "fail"
    assert "mat-khau-that" not in refused.text


def test_channels_that_are_no_channels() -> None:
    assert _only(checks_ways.channels({})).level == "warn"
    found = list(checks_ways.channels({"DTI_CHANNEL_SMS": "khong-phai", "DTI_CHANNEL": ""}))
    assert _levels(iter(found)) == ["warn", "fail"]
    assert "DTI_CHANNEL_SMS" in found[0].text


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("mailtos://an:x@mau.vn/?to=b", ("mau.vn", 587)),
        ("mailtos://an:x@mau.vn/?smtp=thu.mau.vn&mode=ssl&to=b", ("thu.mau.vn", 465)),
        ("mailto://127.0.0.1:2525/?mode=insecure", ("127.0.0.1", 2525)),
        ("jsons://mau.vn/x", ("mau.vn", 443)),
        ("tgram://bot/chat", None),
    ],
)
def test_where_a_channel_leads(url: str, server: tuple[str, int] | None) -> None:
    assert checks_ways.server_of(url) == server


def test_a_prefect_server_that_does_not_answer(
    empty_home: Path,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert _only(checks_ways.prefect()).level == "warn"
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{free_port()}/api")
    assert _only(checks_ways.prefect()).level == "fail"


@pytest.mark.parametrize(("free", "level"), [(10**8, "fail"), (2 * 10**9, "warn"), (10**12, "ok")])
def test_room_on_the_disk(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    (empty_home / "x").write_bytes(b"x" * 1000)
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr(checks_machine.shutil, "disk_usage", lambda _: usage)
    assert _only(checks_machine.disk()).level == level


def test_fonts_and_programs_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DTI_PDF", raising=False)
    monkeypatch.setattr(checks_machine.shutil, "which", lambda _: None)
    assert _only(checks_machine.fonts()).level == "warn"
    assert _only(checks_machine.libreoffice()).level == "warn"
    assert _only(checks_machine.clock_set()).level == "warn"
    monkeypatch.setattr(checks_machine.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(checks_machine, "_said", lambda _: "DejaVu Sans\nNoto Serif,Noto")
    assert _only(checks_machine.fonts()).level == "warn"
    monkeypatch.setattr(checks_machine, "_said", lambda _: "DejaVu Sans\nTimes New Roman,Times")
    assert _only(checks_machine.fonts()).level == "ok"


@pytest.mark.parametrize(
    ("said", "level"),
    [("A,x,3,1700000000.0,0.000012,0", "ok"), ("A,x,3,1700000000.0,-7.5,0", "fail")],
)
def test_a_clock_that_the_network_contradicts(
    monkeypatch: pytest.MonkeyPatch, said: str, level: str
) -> None:
    monkeypatch.setattr(checks_machine.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(checks_machine, "_said", lambda _: said)
    assert _only(checks_machine.clock_set()).level == level


@pytest.mark.parametrize(("zone", "level"), [("Asia/Ho_Chi_Minh", "ok"), ("UTC", "warn")])
def test_the_machines_zone(monkeypatch: pytest.MonkeyPatch, zone: str, level: str) -> None:
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert _only(checks_machine.time_zone()).level == level
    finally:
        monkeypatch.undo()
        time.tzset()


def test_who_may_change_records(used: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert used
    for name in ("DTI_TOKEN", "DTI_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert _only(checks_work.people()).level == "warn", "anybody may do anything"
    with session() as records:
        token = people.add(records, "Máy chủ của đơn vị", ["operator"])
    without = _only(checks_work.people())
    assert (without.level, "DTI_TOKEN_FILE" in without.text) == ("warn", True)
    monkeypatch.setenv("DTI_TOKEN", token)
    found = _only(checks_work.people())
    assert (found.level, "Máy chủ của đơn vị" in found.text) == ("ok", True)
