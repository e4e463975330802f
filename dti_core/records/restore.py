"""Restore a backup. Nothing of what is there is deleted, and nothing is touched before every byte
of the backup has been held against its manifest.

The files are unpacked beside the others under DTI_HOME; only then does what is there move aside,
and the new move in. A journal tells how far it came: killed in between, the same command goes on,
and until then no other command works on half of it.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Literal

from dti_core.clock import CIVIL_TIME, now
from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.records import postgres_copy, sqlite_copy
from dti_core.records.archive import HOME, Entry, Manifest, check
from dti_core.records.backup import sqlite_file
from dti_core.records.belongings import (
    ASIDE,
    JOURNAL,
    STAGING,
    belongings,
    database_files,
)
from dti_core.records.location import configured_url, latest_revision

_SPARE = 1.1
"""Disk asked for: what the files take, and a tenth for the database's own growth."""

Phase = Literal["unpacking", "aside", "placing"]


class NotRestored(Refused):
    """The backup was not restored. The text says why, and what to do."""


@dataclass(frozen=True)
class Restored:
    """What was restored; `aside` is where what had been there lies now, None where nothing was."""

    manifest: Manifest
    aside: Path | None
    aside_schema: str | None


@dataclass(frozen=True)
class _Journal:
    """How far a restore came. It is written before each phase begins."""

    archive: str
    file: str
    aside: str
    phase: Phase


def restore(file: Path, *, replace_all: bool = False) -> Restored:
    """Restore a backup into DTI_HOME and the records' database.

    replace_all  where something is there already, move it aside first

    The caller sees to it that no server runs over DTI_HOME. Raises BadArchive, NotRestored,
    Unusable, ToolFailed.
    """
    manifest = check(file)
    url = configured_url()
    database = sqlite_file(url)
    _require_fitting(file, manifest, database)
    digest = _sha256(file)
    journal = _journal()
    if journal is None:
        if not replace_all:
            _require_empty(url, database, prefect=manifest.prefect)
        journal = _Journal(digest, str(file.absolute()), _aside_name(), "unpacking")
    elif journal.archive != digest:
        raise NotRestored(
            f"Lần khôi phục từ {journal.file} chưa xong. Hãy chạy lại với chính tệp ấy trước:"
            f" dti restore {journal.file}"
        )
    if journal.phase == "unpacking":
        _require_room(manifest)
        if database is not None and database.is_file():
            sqlite_copy.require_unused(database)
        _note(journal)
        _unpack(file)
        journal = _go_on(journal, "aside")
    if journal.phase == "aside":
        _put_aside(journal.aside, url, database, prefect=manifest.prefect)
        journal = _go_on(journal, "placing")
    _place(journal.aside, manifest, url, database)
    (home() / JOURNAL).unlink()
    shutil.rmtree(home() / STAGING)
    return _told(journal.aside, manifest, url, database)


def _require_fitting(file: Path, manifest: Manifest, database: Path | None) -> None:
    kind = "sqlite" if database else "postgresql"
    if manifest.kind != kind:
        raise NotRestored(
            f"{file} sao lưu cơ sở dữ liệu {_TITLES[manifest.kind]}, còn máy này dùng"
            f" {_TITLES[kind]}. Hãy đặt DTI_DATABASE_URL cùng loại với bản sao lưu."
        )
    if int(manifest.revision) > int(latest_revision()):
        raise NotRestored(
            f"{file} là của phiên bản mới hơn ({manifest.product}, cấu trúc {manifest.revision};"
            f" phần mềm này biết đến {latest_revision()}). Hãy nâng cấp phần mềm rồi khôi phục."
        )


_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _require_empty(url: str, database: Path | None, *, prefect: bool) -> None:
    there = [path.name for path in belongings(database, prefect=prefect)]
    if database is not None and database.is_file():
        there.append(database.name)
    if database is None and not (found := postgres_copy.standing(url)).empty:
        there.append(f"lược đồ {found.schema} của PostgreSQL")
    if there:
        raise NotRestored(
            f"{home()} đang có dữ liệu ({', '.join(there[:5])}{' …' if len(there) > 5 else ''})."
            " Khôi phục không ghi đè. Muốn thay: thêm --replace, dữ liệu đang có được chuyển sang"
            f" một thư mục {ASIDE}…, không xóa; hoặc đặt DTI_HOME tới một thư mục mới."
        )


def _require_room(manifest: Manifest) -> None:
    home().mkdir(parents=True, exist_ok=True)
    needed = _SPARE * sum(entry.size for entry in manifest.files.values())
    free = shutil.disk_usage(home()).free
    if free < needed:
        raise NotRestored(
            f"Đĩa của {home()} còn {free / 1e9:.1f} GB, bản sao lưu cần {needed / 1e9:.1f} GB. Hãy"
            " dọn bớt rồi chạy lại; chưa có gì thay đổi."
        )


def _unpack(file: Path) -> None:
    """Unpack into the staging folder, whole and on the disk."""
    staging = home() / STAGING
    if staging.exists():
        shutil.rmtree(staging)  # what an earlier try of ours had unpacked so far
    staging.mkdir(mode=0o700)
    manifest = check(file, _keeping(staging))
    for name, entry in manifest.files.items():
        _settle(staging / name, entry)
    for folder in manifest.empty:
        (staging / folder).mkdir(parents=True, exist_ok=True)
    os.sync()


def _keeping(staging: Path) -> Callable[[str, IO[bytes]], None]:
    def keep(name: str, content: IO[bytes]) -> None:
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as kept:
            shutil.copyfileobj(content, kept, 1 << 20)

    return keep


def _settle(path: Path, entry: Entry) -> None:
    os.chmod(path, entry.mode & 0o777)
    os.utime(path, ns=(entry.mtime_ns, entry.mtime_ns))


def _put_aside(aside: str, url: str, database: Path | None, *, prefect: bool) -> None:
    """Move what is there aside; what was moved before is not met again."""
    if database is None:
        if not postgres_copy.standing(url).empty:
            postgres_copy.put_aside(url, _schema_of(aside))
    else:
        _move_database(database, aside)
    for path in belongings(database, prefect=prefect):
        _move_aside(path, aside)


def _move_aside(path: Path, aside: str) -> None:
    folder = home() / aside
    folder.mkdir(mode=0o700, exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists() or target.is_symlink():
        number += 1
        target = folder / f"{path.name}.{number}"
    os.rename(path, target)


def _move_database(database: Path, aside: str) -> None:
    """Move a SQLite file with what belongs to it; outside of DTI_HOME it stays on its disk."""
    for path in database_files(database):
        if path.exists():
            if database.parent == home():
                _move_aside(path, aside)
            else:
                os.rename(path, path.with_name(f"{aside}-{path.name}"))


def _place(aside: str, manifest: Manifest, url: str, database: Path | None) -> None:
    """Move everything in, the database last. What somebody made meanwhile is put aside too."""
    staged = home() / STAGING / HOME
    for path in sorted(staged.iterdir()) if staged.is_dir() else ():
        target = home() / path.name
        if target.exists() or target.is_symlink():
            _move_aside(target, aside)
        os.rename(path, target)
    source = home() / STAGING / manifest.database
    if database is None:
        found = postgres_copy.standing(url)
        if found.empty:
            postgres_copy.load(url, source)
        elif (found.revision, found.heads) != (manifest.revision, manifest.heads):
            postgres_copy.put_aside(url, _schema_of(_aside_name()))
            postgres_copy.load(url, source)
    elif source.exists():
        _move_database(database, aside)
        database.parent.mkdir(parents=True, exist_ok=True)
        near = database.with_name(f".{database.name}.phuc-hoi")
        shutil.move(source, near)
        os.replace(near, database)
    os.sync()


def _told(aside: str, manifest: Manifest, url: str, database: Path | None) -> Restored:
    folder = home() / aside
    schema = _schema_of(aside) if database is None else None
    if schema and not postgres_copy.has_schema(url, schema):
        schema = None
    return Restored(manifest, folder if folder.is_dir() else None, schema)


def _aside_name() -> str:
    moment = now().astimezone(CIVIL_TIME)
    return f"{ASIDE}{moment:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def _schema_of(aside: str) -> str:
    return aside.replace("-", "_")


def _journal() -> _Journal | None:
    try:
        return _Journal(**json.loads((home() / JOURNAL).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _go_on(journal: _Journal, phase: Phase) -> _Journal:
    following = replace(journal, phase=phase)
    _note(following)
    return following


def _note(journal: _Journal) -> None:
    path = home() / JOURNAL
    partial = path.with_name(f"{JOURNAL}.tmp")
    with partial.open("w", encoding="utf-8") as written:
        json.dump(asdict(journal), written, ensure_ascii=False)
        written.flush()
        os.fsync(written.fileno())
    os.replace(partial, path)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
