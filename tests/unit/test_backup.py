"""Backup and restore on both databases: nothing is lost, nothing foreign comes in, nothing that was
there is deleted, and a restore that is killed goes on."""

import hashlib
import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.records import archive, audit, backup, postgres_copy
from dti_core.records import restore as restore_module
from dti_core.records.archive import MANIFEST, BadArchive, check
from dti_core.records.backup import NotBackedUp, back_up, sqlite_file
from dti_core.records.database import engine, session
from dti_core.records.files import round_folder, write_whole
from dti_core.records.location import (
    HalfRestored,
    configured_url,
    database_url,
    latest_revision,
)
from dti_core.records.restore import NotRestored, restore
from dti_core.records.tables import AuditRecord, DocumentRecord, RoundRecord
from dti_core.records.verifying import verify

ROUND = "thu/2023"
PAPER = "dự thảo.docx"


@pytest.fixture
def both(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An office's home with one round, its papers and its own data, on both databases; gives a
    folder for backups."""
    _fill()
    yield tmp_path_factory.mktemp("backups")
    _forget()
    if sqlite_file(database) is None:
        _drop_schemas(database)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on SQLite, to be copied: a schema takes a second to make."""
    made = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTI_HOME", str(made))
        patch.delenv("DTI_DATABASE_URL", raising=False)
        _fill()
        _forget()
    return made


@pytest.fixture
def office(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it as the current home; gives a folder for backups."""
    shutil.copytree(filled, tmp_path / "home")
    monkeypatch.setenv("DTI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DTI_DATABASE_URL", raising=False)
    (tmp_path / "backups").mkdir()
    yield tmp_path / "backups"
    _forget()


def _fill() -> None:
    _write(1)
    _file("workbook.key", "k" * 64).chmod(0o600)
    _file("programs/rieng/program.yaml", "id: rieng")
    _file("holidays/2027.yaml", "year: 2027")
    _file("logs/dti.log", "not for a backup")
    arrived = _file(f"rounds/{ROUND}/in/inbox/Sở Y tế.xlsx", "a workbook")
    os.utime(arrived, ns=(1_700_000_000_123_456_789, 1_700_000_000_123_456_789))
    (home() / "rounds" / ROUND / "in" / "trống").mkdir()


def _write(number: int) -> None:
    """A paper in the records and on the disk, and an event in the chain."""
    content = f"văn bản {number}".encode()
    with session() as records:
        if records.get(RoundRecord, ROUND) is None:
            records.add(
                RoundRecord(
                    id=ROUND,
                    title="thử",
                    evaluation_year=2023,
                    opens="2024-01-01",
                    closes="2024-01-31",
                    pins={},
                    state="open",
                    opened_at=audit.now(),
                )
            )
            records.flush()
        path = f"{number}-{PAPER}"
        write_whole(round_folder(ROUND) / path, content)
        records.add(
            DocumentRecord(
                round_id=ROUND,
                kind="thử",
                path=path,
                sha256=hashlib.sha256(content).hexdigest(),
                created_at=audit.now(),
            )
        )
        audit.append(records, ROUND, "document_written", path, {"number": number}, "test")


def _file(name: str, text: str) -> Path:
    path = home() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _events() -> int:
    with session() as records:
        return len(records.exec(select(AuditRecord)).all())


def _forget() -> None:
    """No connection of this process stays on the database."""
    if engine.cache_info().currsize:  # else it would be made, and its schema with it
        engine(configured_url()).dispose()
    engine.cache_clear()


def _drop_schemas(url: str) -> None:
    """The schemas that restores of this test put aside."""
    asides = [path.name.replace("-", "_") for path in home().glob("truoc-phuc-hoi-*")]
    with postgres_copy._connected(url) as connection:
        for name in [*asides, *_ASIDE_SCHEMAS]:
            connection.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
    _ASIDE_SCHEMAS.clear()


_ASIDE_SCHEMAS: list[str] = []


def _restored(file: Path, *, replace_all: bool = True) -> restore_module.Restored:
    _forget()
    done = restore(file, replace_all=replace_all)
    if done.aside_schema:
        _ASIDE_SCHEMAS.append(done.aside_schema)
    return done


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(both: Path) -> None:
    made = back_up(both)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert not [each for each in both.iterdir() if each != made.path]
    names = {name for name in made.manifest.files if name.startswith("home/")}
    assert names > {"home/workbook.key", "home/programs/rieng/program.yaml"}
    assert not any("logs" in name or "dti.sqlite" in name for name in names)
    _write(2)
    _file("programs/rieng/program.yaml", "id: hỏng")
    done = _restored(made.path)
    assert _events() == 1
    assert (home() / "programs/rieng/program.yaml").read_text() == "id: rieng"
    inbox = home() / "rounds" / ROUND / "in"
    assert (inbox / "inbox" / "Sở Y tế.xlsx").stat().st_mtime_ns == 1_700_000_000_123_456_789
    assert (inbox / "trống").is_dir()
    assert stat.S_IMODE((home() / "workbook.key").stat().st_mode) == 0o600
    assert (home() / "logs" / "dti.log").exists()
    assert done.aside is not None
    assert (done.aside / "programs/rieng/program.yaml").read_text() == "id: hỏng"
    assert (done.aside / "rounds" / ROUND / f"2-{PAPER}").exists()
    with session() as records:
        assert verify(records) == []
        assert made.manifest.heads == {ROUND: _head(records)}
    assert not [path for path in home().iterdir() if path.name.startswith(".phuc-hoi")]


def _head(records: Any) -> str:
    from dti_core.records.verifying import head

    return head(records, ROUND) or ""


def test_the_old_database_is_kept_whole(both: Path, database: str) -> None:
    made = back_up(both)
    _write(2)
    done = _restored(made.path)
    assert done.aside is not None
    if sqlite_file(database):
        from dti_core.records import sqlite_copy

        heads = sqlite_copy.heads(done.aside / "dti.sqlite")
    else:
        assert done.aside_schema is not None
        with postgres_copy._connected(database) as connection:
            connection.execute(f'SET search_path TO "{done.aside_schema}"')
            heads = postgres_copy._standing(connection).heads
    assert heads.keys() == made.manifest.heads.keys()
    assert heads != made.manifest.heads


def test_a_home_with_data_is_refused_without_replace(both: Path) -> None:
    made = back_up(both)
    before = _everything()
    with pytest.raises(NotRestored, match="--replace"):
        restore(made.path)
    assert _everything() == before


def test_into_an_empty_home(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = back_up(office)
    _forget()
    fresh = office / "máy mới"
    monkeypatch.setenv("DTI_HOME", str(fresh))
    assert restore(made.path).aside is None
    assert _events() == 1
    with session() as records:
        assert verify(records) == []


def _everything() -> dict[str, str]:
    """Every file under the home but the database's, with its content's hash."""
    return {
        str(path.relative_to(home())): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home().rglob("*"))
        if path.is_file() and not path.name.startswith("dti.sqlite")
    }


Change = Callable[[dict[str, bytes]], None]


def _rewritten(file: Path, change: Change) -> Path:
    """The archive with its members changed."""
    with tarfile.open(file) as tar:
        members = {
            each.name: source.read()
            for each in tar
            if (source := tar.extractfile(each)) is not None
        }
    change(members)
    made = file.with_name("sửa.tar.gz")
    with tarfile.open(made, "w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return made


def _manifest(members: dict[str, bytes], **changes: Any) -> None:
    members[MANIFEST] = json.dumps({**json.loads(members[MANIFEST]), **changes}).encode()


def _one_byte(members: dict[str, bytes]) -> None:
    members["home/workbook.key"] = b"K" + members["home/workbook.key"][1:]


def _one_more(members: dict[str, bytes]) -> None:
    members["home/programs/la/program.yaml"] = b"id: la"


def _one_less(members: dict[str, bytes]) -> None:
    del members["home/workbook.key"]


def _no_manifest(members: dict[str, bytes]) -> None:
    del members[MANIFEST]


def _outside(members: dict[str, bytes]) -> None:
    members["home/../../ngoai.txt"] = b"x"
    files = json.loads(members[MANIFEST])["files"]
    files["home/../../ngoai.txt"] = {
        "sha256": hashlib.sha256(b"x").hexdigest(),
        "size": 1,
        "mode": 0o600,
        "mtime_ns": 0,
    }
    _manifest(members, files=files)


def _empty_outside(members: dict[str, bytes]) -> None:
    _manifest(members, empty=["home/../../ngoai"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_one_byte, "workbook.key có nội dung khác"),
        (_one_more, "thừa home/programs/la"),
        (_one_less, "thiếu home/workbook.key"),
        (_no_manifest, "không có bản kê"),
        (_outside, "dẫn ra ngoài"),
        (_empty_outside, "dẫn ra ngoài"),
    ],
)
def test_a_tampered_archive_touches_nothing(office: Path, change: Change, said: str) -> None:
    made = _rewritten(back_up(office).path, change)
    before = _everything()
    with pytest.raises(BadArchive, match=said):
        restore(made, replace_all=True)
    assert _everything() == before
    assert _events() == 1
    assert not (home().parent / "ngoai.txt").exists()


def test_links_and_cut_archives_are_refused(office: Path) -> None:
    made = back_up(office).path
    content = made.read_bytes()
    for length in (0, 10, len(content) // 2, len(content) - 9):
        cut = office / "cắt.tar.gz"
        cut.write_bytes(content[:length])
        with pytest.raises(BadArchive):
            check(cut)
    linked = office / "nối.tar.gz"
    with tarfile.open(linked, "w:gz") as tar:
        member = tarfile.TarInfo("home/rounds")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(member)
    with pytest.raises(BadArchive, match="không phải tệp thường"):
        check(linked)


def test_every_byte_of_an_archive_counts(office: Path) -> None:
    """A byte that flips anywhere is found, or changes nothing that is read."""
    made = back_up(office)
    content = bytearray(made.path.read_bytes())
    flipped = office / "lật.tar.gz"
    found = 0
    places = range(20, len(content) - 1, max(1, len(content) // 60))
    for place in places:
        content[place] ^= 0x10
        flipped.write_bytes(content)
        content[place] ^= 0x10
        try:
            assert check(flipped) == made.manifest
        except BadArchive:
            found += 1
    # the others are bits of which the packing makes no use: what is read is the same
    assert found > 0.5 * len(places)


def test_another_kind_and_a_newer_schema_are_refused(office: Path) -> None:
    made = back_up(office)
    before = _everything()
    newer = _rewritten(made.path, lambda members: _manifest(members, revision="9999"))
    with pytest.raises(NotRestored, match="phiên bản mới hơn"):
        restore(newer, replace_all=True)
    kind = "postgresql" if made.manifest.kind == "sqlite" else "sqlite"
    other = _rewritten(made.path, lambda members: _manifest(members, kind=kind))
    with pytest.raises(NotRestored, match="cùng loại"):
        restore(other, replace_all=True)
    newer_format = _rewritten(made.path, lambda members: _manifest(members, format=2))
    with pytest.raises(BadArchive, match="dạng 2"):
        restore(newer_format, replace_all=True)
    assert _everything() == before


def test_nothing_is_overwritten(office: Path) -> None:
    made = back_up(office / "một.tar.gz")
    content = made.path.read_bytes()
    with pytest.raises(NotBackedUp, match="không ghi đè"):
        back_up(made.path)
    with pytest.raises(NotBackedUp, match="nằm trong chính"):
        back_up(home() / "x.tar.gz")
    with pytest.raises(NotBackedUp, match="Không có thư mục"):
        back_up(office / "đâu" / "x.tar.gz")
    assert made.path.read_bytes() == content


def test_a_change_while_it_is_copied_is_copied_again(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes once while the files are read: the second try has it all."""
    monkeypatch.setattr(backup, "PAUSE_SECONDS", 0)
    original, calls = backup._add_files, []

    def add(*arguments: Any) -> Any:
        done = original(*arguments)
        if not calls:
            _write(2)
        calls.append(1)
        return done

    monkeypatch.setattr(backup, "_add_files", add)
    made = back_up(office)
    assert len(calls) == 2
    assert f"home/rounds/{ROUND}/2-{PAPER}" in made.manifest.files
    with session() as records:
        assert made.manifest.heads == {ROUND: _head(records)}


def test_a_home_that_never_rests_is_refused(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "PAUSE_SECONDS", 0)
    original = backup._add_files

    def add(*arguments: Any) -> Any:
        done = original(*arguments)
        _file(f"rounds/{ROUND}/in/inbox/lớn dần.xlsx", str(os.urandom(8)))
        return done

    monkeypatch.setattr(backup, "_add_files", add)
    with pytest.raises(NotBackedUp, match="lớn dần"):
        back_up(office)
    assert list(office.iterdir()) == []


def test_a_full_disk_leaves_no_file(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "add", full)
    with pytest.raises(NotBackedUp, match="chỗ trống"):
        back_up(office)
    assert list(office.iterdir()) == []


STEPS = {"_note": 2, "_unpack": 1, "_settle": 2, "_move_aside": 2, "_place": 1, "_told": 1}
"""The steps of a restore, and at which call of each it is killed."""


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_restore_goes_on(office: Path, step: str) -> None:
    _killed_and_again(office, step)


def test_a_killed_restore_goes_on_on_both(both: Path) -> None:
    _killed_and_again(both, "_place")


def _killed_and_again(folder: Path, step: str) -> None:
    """SIGKILL in a process of its own; until the same command has been run again no other works,
    and then all is there."""
    made = back_up(folder)
    _write(2)
    _forget()
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from dti_core.records import restore as module\n"
        f"original, calls = module.{step}, []\n"
        "def kill(*a, **k):\n"
        "    calls.append(1)\n"
        f"    if len(calls) == {STEPS[step]}:\n"
        "        os.kill(os.getpid(), 9)\n"
        "    return original(*a, **k)\n"
        f"module.{step} = kill\n"
        "module.restore(Path(sys.argv[1]), replace_all=True)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(made.path)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    if (home() / ".phuc-hoi.json").exists():
        with pytest.raises(HalfRestored), session():
            pass
        journal = json.loads((home() / ".phuc-hoi.json").read_text())
        _ASIDE_SCHEMAS.append(journal["aside"].replace("-", "_"))
        with pytest.raises(NotRestored, match="chưa xong"):
            restore(back_up_elsewhere(made.path), replace_all=True)
    _restored(made.path)
    assert _events() == 1
    with session() as records:
        assert verify(records) == []
    assert len(list(home().glob(f"truoc-phuc-hoi-*/rounds/{ROUND}/2-*"))) == 1


def back_up_elsewhere(file: Path) -> Path:
    """Another archive: the same with a later moment."""
    return _rewritten(file, lambda members: _manifest(members, made_at="2030-01-01T00:00:00+00:00"))


def test_somebody_at_work_is_not_cut_off(office: Path) -> None:
    made = back_up(office)
    with session() as records:
        audit.append(records, ROUND, "at_work", ROUND, {}, "test")
        with pytest.raises(Refused, match="đang dùng"):
            restore(made.path, replace_all=True)
    assert _events() == 2


def test_prefects_own_database_on_wish(office: Path) -> None:
    import sqlite3

    folder = home() / "prefect"
    folder.mkdir()
    with sqlite3.connect(folder / "prefect.db") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE run (id TEXT)")
        connection.execute("INSERT INTO run VALUES ('một')")
        connection.commit()
        assert not any("prefect" in name for name in back_up(office).manifest.files)
        made = back_up(office / "cả.tar.gz", prefect=True)
    shutil.rmtree(folder)
    _restored(made.path)
    with sqlite3.connect(folder / "prefect.db") as connection:
        assert connection.execute("SELECT id FROM run").fetchall() == [("một",)]


def test_an_old_schema_is_backed_up_as_it_is(both: Path) -> None:
    """A backup before an upgrade must not upgrade."""
    from sqlalchemy import create_engine, text

    now = latest_revision()
    made = create_engine(database_url())
    for revision in ("0006", now):
        with made.begin() as connection:
            stamp = text("UPDATE alembic_version SET version_num = :to")
            connection.execute(stamp, {"to": revision})
        assert back_up(both / f"{revision}.tar.gz").manifest.revision == revision
    made.dispose()


def test_the_commands_say_what_they_did(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from flows.commands.backup import backup as back_up_command
    from flows.commands.backup import restore as restore_command
    from flows.office.lock import Busy, held

    file = office / "một.tar.gz"
    back_up_command(file)
    back_up_command(file, verify=True)
    said = capsys.readouterr().out.replace("\n", " ")
    assert str(file) in said
    assert "khóa biểu mẫu" in said
    assert "còn nguyên vẹn" in said
    assert check(file).heads[ROUND] in said
    _forget()
    with held("http://127.0.0.1:1/api"), pytest.raises(Busy, match="dti up đang chạy"):
        restore_command(file, replace=True)
    restore_command(file, replace=True)
    said = capsys.readouterr().out
    assert "Dữ liệu trước đó nằm ở" in said
    assert "Nhật ký, bản ghi và tệp đều nguyên vẹn." in said


def test_what_was_altered_before_the_backup_is_told(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The backup is true to the byte, and so is the audit: the exit code says so."""
    import typer

    from flows.commands.backup import restore as restore_command

    (round_folder(ROUND) / f"1-{PAPER}").write_text("sửa", encoding="utf-8")
    file = back_up(office).path
    _forget()
    with pytest.raises(typer.Exit) as ended:
        restore_command(file, replace=True)
    assert ended.value.exit_code == 1
    assert PAPER in capsys.readouterr().err
