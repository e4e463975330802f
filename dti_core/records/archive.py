"""A backup as one file: a .tar.gz whose last member, the manifest, says what must be in it.

    database/records.sqlite | records.dump     the records' database at one moment
    home/…                                     the files under DTI_HOME
    manifest.json                              SHA-256, size, mode and time of each of these

Only plain files, by plain relative names: anything else is refused before a byte is put anywhere.
"""

import gzip
import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from dti_core.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
HOME, DATABASE = "home", "database"
MANIFEST_SIZE = 256 * 1024 * 1024
"""Bytes of the largest manifest that is read: a million files have about 200 a file."""
_PIECE = 1 << 20
_SHOWN = 10


class BadArchive(Refused):
    """A file that is no backup of ours, or no longer the one that was written."""


class Entry(BaseModel):
    """One file as it was: its time stamp is when it arrived, so it belongs to the records."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sha256: str
    size: int
    mode: int
    mtime_ns: int


class Manifest(BaseModel):
    """What a backup holds.

    product   version of the software that wrote it
    made_at   moment of the database's copy, ISO 8601 in UTC
    kind      which database the copy is of; `database` the member that holds it
    schema_   the schema's name on PostgreSQL
    revision  the newest migration of the database
    heads     round → digest of the newest event of its audit chain
    empty     folders without files
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: int
    product: str
    made_at: str
    kind: Literal["sqlite", "postgresql"]
    database: str
    schema_: str | None
    revision: str
    heads: dict[str, str]
    prefect: bool
    files: dict[str, Entry]
    empty: list[str]


@dataclass
class Writer:
    """Adds files to an archive, and remembers what it added."""

    tar: tarfile.TarFile
    files: dict[str, Entry] = field(default_factory=dict)

    def add(self, name: str, source: Path) -> os.stat_result:
        """Add a file under a name; returns its state when it was opened. A file that grows or
        shrinks meanwhile raises OSError."""
        with source.open("rb") as content:
            stat = os.fstat(content.fileno())
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.mtime = stat.st_size, 0o600, int(stat.st_mtime)
            reader = _Hashing(content)
            self.tar.addfile(member, reader)
        self.files[name] = Entry(
            sha256=reader.sha256.hexdigest(),
            size=stat.st_size,
            mode=stat.st_mode & 0o777,
            mtime_ns=stat.st_mtime_ns,
        )
        return stat

    def finish(self, **about: Any) -> Manifest:
        """Write the manifest, at the end."""
        manifest = Manifest(format=FORMAT, files=self.files, **about)
        content = json.dumps(manifest.model_dump(), sort_keys=True, indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(content), 0o600
        self.tar.addfile(member, BytesIO(content))
        return manifest


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content, self.sha256 = content, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self.sha256.update(piece)
        return piece


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """An archive at `path`, new, that only its owner may read; on disk once the block ends."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        # workbooks and documents are compressed already: more than the lightest is time for nothing
        with (
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            yield Writer(tar)
        raw.flush()
        os.fsync(raw.fileno())


def check(path: Path, keep: Callable[[str, IO[bytes]], None] | None = None) -> Manifest:
    """Read a whole archive and hold every byte against its manifest. Raises BadArchive.

    keep  is given each file's name and its content to read, once; what it wrote is good only when
          this returns
    """
    found: dict[str, tuple[str, int]] = {}
    content: bytes | None = None
    try:
        with gzip.open(path) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for member in tar:
                source = tar.extractfile(member) if member.isreg() else None
                if source is None:
                    raise BadArchive(f"{path}: có mục không phải tệp thường ({member.name!r}).")
                if member.name == MANIFEST and content is None:
                    if member.size > MANIFEST_SIZE:
                        raise BadArchive(f"{path}: bản kê lớn bất thường.")
                    content = source.read()
                    continue
                _require_plain(path, member.name, found)
                reader = _Hashing(source)
                if keep is not None:
                    keep(member.name, reader)  # type: ignore[arg-type]
                while reader.read(_PIECE):
                    pass
                found[member.name] = reader.sha256.hexdigest(), member.size
            while packed.read(_PIECE):  # to the very end, where gzip's own checksum stands
                pass
    except FileNotFoundError:
        raise BadArchive(f"Không thấy tệp {path}. Hãy xem lại đường dẫn.") from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise BadArchive(
            f"{path} hỏng, bị cắt cụt, hoặc không phải bản sao lưu của dti ({error})."
            " Hãy dùng một bản sao lưu khác."
        ) from error
    manifest = _manifest(path, content)
    _require_same(path, manifest, found)
    return manifest


def _require_plain(path: Path, name: str, found: dict[str, tuple[str, int]]) -> None:
    """Raises BadArchive for a name that could lead elsewhere, or that comes twice."""
    parts = PurePosixPath(name).parts
    plain = (
        len(parts) > 1
        and parts[0] in (HOME, DATABASE)
        and ".." not in parts
        and "\\" not in name
        and "\0" not in name
        and str(PurePosixPath(name)) == name
    )
    if not plain:
        raise BadArchive(
            f"{path}: tên tệp {name!r} dẫn ra ngoài thư mục khôi phục. Không khôi phục gì cả."
        )
    if name in found:
        raise BadArchive(f"{path}: tệp {name!r} có hai lần.")


def _manifest(path: Path, content: bytes | None) -> Manifest:
    if content is None:
        raise BadArchive(f"{path} không có bản kê {MANIFEST}: không phải bản sao lưu của dti.")
    try:
        said = json.loads(content)
        if said.get("format") != FORMAT:
            raise BadArchive(
                f"{path} ghi theo dạng {said.get('format')}, phần mềm này đọc dạng {FORMAT}. Hãy"
                " dùng đúng phiên bản đã sao lưu."
            )
        return Manifest.model_validate(said)
    except (ValueError, AttributeError, ValidationError) as error:
        raise BadArchive(f"{path}: bản kê {MANIFEST} không đọc được ({error}).") from error


def _require_same(path: Path, manifest: Manifest, found: dict[str, tuple[str, int]]) -> None:
    expected = {name: (entry.sha256, entry.size) for name, entry in manifest.files.items()}
    wrong = [f"thiếu {name}" for name in sorted(expected.keys() - found.keys())]
    wrong += [f"thừa {name}" for name in sorted(found.keys() - expected.keys())]
    both = sorted(expected.keys() & found.keys())
    wrong += [f"{name} có nội dung khác" for name in both if expected[name] != found[name]]
    if manifest.database not in found:
        wrong.append("thiếu cơ sở dữ liệu")
    for folder in manifest.empty:
        _require_plain(path, folder, {})
    if wrong:
        more = f"\n… và {len(wrong) - _SHOWN} chỗ khác" if len(wrong) > _SHOWN else ""
        raise BadArchive(
            f"{path} không còn như lúc sao lưu:\n- "
            + "\n- ".join(wrong[:_SHOWN])
            + more
            + "\nKhông khôi phục gì cả. Hãy dùng một bản sao lưu khác."
        )
