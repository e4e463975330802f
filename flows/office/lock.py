"""Who holds an office's home: one `dti up` at a time, known to every other command by its address.

The system frees the lock when its holder ends, however it ends; the file stays and says nothing.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dti_core.errors import Refused
from dti_core.framework.load import home

FILE = "up.lock"


class Busy(Refused):
    """Something else has the home of the records to itself. The text says what, and what to do."""


@dataclass(frozen=True)
class Holder:
    """The process that runs the office's server, and the server's address (…/api)."""

    pid: int
    url: str


def lock_file() -> Path:
    return home() / FILE


@contextmanager
def held(url: str) -> Iterator[None]:
    """Have the home to oneself. Raises Busy where another process has it.

    url  where the server answers, for the other commands; "" for whoever runs none
    """
    file = lock_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(_who(_read(descriptor))) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "url": url}).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder() -> Holder | None:
    """Who has the home; None where nobody does, or its holder has not said yet who it is."""
    try:
        descriptor = os.open(lock_file(), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(descriptor)
    finally:
        os.close(descriptor)
    return None


def _read(descriptor: int) -> Holder | None:
    try:
        said = json.loads(os.pread(descriptor, 4096, 0))
        return Holder(int(said["pid"]), str(said["url"]))
    except (ValueError, KeyError, TypeError):
        return None


def _who(found: Holder | None) -> str:
    if found is None or not found.url:
        return (
            f"Một lệnh khác đang giữ {home()} cho riêng nó (dti up, dti restore). Hãy đợi lệnh ấy"
            " xong rồi chạy lại."
        )
    page = found.url.removesuffix("/api")
    return (
        f"dti up đang chạy với {home()} (tiến trình {found.pid}, trang {page}). Mỗi thư mục dữ liệu"
        f" chỉ có một dti up. Muốn dừng: kill {found.pid}, hoặc systemctl stop dti nếu chạy bằng"
        " systemd. Muốn chạy đơn vị khác trên cùng máy: đặt DTI_HOME và --port khác."
    )
