"""Back up the records' database and the office's files, as they are together at one moment."""

import errno
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import make_url

from dti_core.clock import CIVIL_TIME, now
from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.records import postgres_copy, sqlite_copy
from dti_core.records.archive import DATABASE, HOME, Manifest, Writer, check, writing
from dti_core.records.belongings import PREFECT, belongings, files_in
from dti_core.records.location import database_url

ATTEMPTS = 3
PAUSE_SECONDS = 3.0
"""A round at work changes records and files for a few seconds at a time."""

_MEMBER = {"sqlite": f"{DATABASE}/records.sqlite", "postgresql": f"{DATABASE}/records.dump"}
_PREFECT_VARIABLES = (
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
    "PREFECT_API_DATABASE_CONNECTION_URL",
)


class NotBackedUp(Refused):
    """No backup was made. The text says why, and what to do."""


class _Changed(Exception):
    """Records or a file changed while they were copied. The text names what."""


@dataclass(frozen=True)
class Made:
    """A backup that was written, and read back whole."""

    path: Path
    size: int
    manifest: Manifest


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    parsed = make_url(url)
    if not parsed.drivername.startswith("sqlite"):
        return None
    return Path(parsed.database or "").resolve()


def back_up(target: Path, *, prefect: bool = False) -> Made:
    """Write a backup: to a file of this name, or into a folder under a name with the moment.

    Nothing is ever overwritten, and a file of the final name is a whole backup. prefect: with the
    database and results of Prefect too.

    Raises NotBackedUp, Unusable, ToolFailed.
    """
    file = _file(target)
    _require_writable(file)
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        try:
            return _once(file, prefect=prefect)
        except _Changed as change:
            changed = str(change)
        except OSError as error:
            raise NotBackedUp(
                f"Không ghi được {file} ({error.strerror or error}). Hãy kiểm tra chỗ trống và"
                " quyền ghi rồi chạy lại; không có tệp dở dang nào mang tên ấy."
            ) from error
    raise NotBackedUp(
        f"Dữ liệu thay đổi trong lúc sao lưu, đã thử {ATTEMPTS} lần ({changed}). Hãy đợi việc đang"
        " chạy xong, hoặc dừng dti up, rồi chạy lại."
    )


def _file(target: Path) -> Path:
    if target.is_dir():
        moment = now().astimezone(CIVIL_TIME)
        return target.resolve() / f"dti-{moment:%Y%m%d-%H%M%S}.tar.gz"
    return target.absolute()


def _require_writable(file: Path) -> None:
    if file.exists():
        raise NotBackedUp(f"Đã có tệp {file}; bản sao lưu không ghi đè. Hãy nêu tên khác.")
    if not file.parent.is_dir():
        raise NotBackedUp(f"Không có thư mục {file.parent}. Hãy tạo thư mục ấy rồi chạy lại.")
    if file.parent.resolve().is_relative_to(home()):
        raise NotBackedUp(
            f"{file} nằm trong chính thư mục dữ liệu {home()}: mất thư mục ấy là mất cả bản sao"
            " lưu. Hãy nêu một nơi khác, tốt nhất là đĩa hoặc máy khác."
        )


def _once(file: Path, *, prefect: bool) -> Made:
    partial = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with (
            tempfile.TemporaryDirectory(prefix=".dti-backup-", dir=file.parent) as scratch,
            writing(partial) as archive,
        ):
            _fill(archive, Path(scratch), prefect=prefect)
        manifest = check(partial)
        size = partial.stat().st_size
        _publish(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    return Made(file, size, manifest)


def _fill(archive: Writer, scratch: Path, *, prefect: bool) -> None:
    url = database_url()
    database = sqlite_file(url)
    copied = scratch / "records"
    made_at = now().isoformat(timespec="seconds")
    kind, schema, revision, heads = _copy_database(url, database, copied)
    archive.add(_MEMBER[kind], copied)
    before = _add_files(archive, belongings(database, prefect=False))
    if prefect:
        _add_prefect(archive, scratch)
    _require_still(before, heads, url, database)
    archive.finish(
        product=version("dti"),
        made_at=made_at,
        kind=kind,
        database=_MEMBER[kind],
        schema_=schema,
        revision=revision,
        heads=heads,
        prefect=prefect,
        empty=[name for name, stat in before.items() if stat is None],
    )


def _copy_database(
    url: str, database: Path | None, target: Path
) -> tuple[str, str | None, str, dict[str, str]]:
    """Copy the database; returns kind, schema, revision and heads of the copy."""
    if database is not None:
        sqlite_copy.copy(database, target)
        revision = sqlite_copy.revision(target)
        if revision is None:
            raise NotBackedUp(f"{database} chưa có dữ liệu của dti; không có gì để sao lưu.")
        return "sqlite", None, revision, sqlite_copy.heads(target)
    found = postgres_copy.dump(url, target)
    if found.revision is None:
        raise NotBackedUp(
            f"Lược đồ {found.schema} chưa có dữ liệu của dti; không có gì để sao lưu."
        )
    return "postgresql", found.schema, found.revision, found.heads


State = tuple[int, int] | None
"""(size, modification time in ns) of a file; None of an empty folder"""


def _add_files(archive: Writer, own: list[Path]) -> dict[str, State]:
    """Add every file; returns its state when it was read, by its name in the archive."""
    taken: dict[str, State] = {}
    for path, stat in files_in(own):
        name = _name(path)
        if stat is None:
            taken[name] = None
            continue
        try:
            read = archive.add(name, path)
        except OSError as error:
            # gone meanwhile, or shorter than it was; else the disk is full, or we may not read
            if error.errno not in (None, errno.ENOENT):
                raise
            raise _Changed(f"tệp {name}") from error
        taken[name] = (read.st_size, read.st_mtime_ns)
    return taken


def _add_prefect(archive: Writer, scratch: Path) -> None:
    """Prefect's database, copied like ours, and the results that it keeps."""
    if any(os.environ.get(name) for name in _PREFECT_VARIABLES):
        raise NotBackedUp(
            "Cơ sở dữ liệu của Prefect không nằm ở DTI_HOME: hãy sao lưu riêng bằng công cụ của hệ"
            " quản trị ấy (pg_dump), và bỏ --with-prefect."
        )
    folder = home() / PREFECT
    database = folder / "prefect.db"
    for path, stat in files_in([folder] if folder.is_dir() else []):
        if stat is not None and not path.name.startswith(database.name):
            # results come and go with the runs; each is written once
            with suppress(FileNotFoundError):
                archive.add(_name(path), path)
    if database.is_file():
        copied = scratch / "prefect"
        sqlite_copy.copy(database, copied)
        archive.add(_name(database), copied)


def _require_still(
    before: dict[str, State],
    heads: dict[str, str],
    url: str,
    database: Path | None,
) -> None:
    """Raises _Changed where files or audit chains are not what was copied."""
    after = {
        _name(path): None if stat is None else (stat.st_size, stat.st_mtime_ns)
        for path, stat in files_in(belongings(database, prefect=False))
    }
    for name in sorted(before.keys() | after.keys()):
        if (name in before, before.get(name)) != (name in after, after.get(name)):
            raise _Changed(f"tệp {name}")
    newest = sqlite_copy.heads(database) if database else postgres_copy.standing(url).heads
    moved = sorted(
        each for each in heads.keys() | newest.keys() if heads.get(each) != newest.get(each)
    )
    if moved:
        raise _Changed(f"đợt {moved[0]}")


def _name(path: Path) -> str:
    return f"{HOME}/{path.relative_to(home()).as_posix()}"


def _publish(partial: Path, file: Path) -> None:
    """Give the finished file its name, unless somebody took it meanwhile."""
    try:
        os.link(partial, file)
    except FileExistsError:
        raise NotBackedUp(f"Đã có tệp {file}; bản sao lưu không ghi đè.") from None
    except OSError:
        # a file system without links (a USB stick, a network folder)
        if file.exists():
            raise NotBackedUp(f"Đã có tệp {file}; bản sao lưu không ghi đè.") from None
        shutil.move(partial, file)
