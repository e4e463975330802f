"""A PostgreSQL server of the tests' own, which they may stop; never the machine's."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.runtime import free_port


class Cluster:
    """A server on a port of its own; its data lie in a folder of its own."""

    def __init__(self, bin_: Path, folder: Path, port: int) -> None:
        self._bin, self._folder, self.port = bin_, folder, port
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        log, options = self._folder / "log", f"-p {self.port} -h 127.0.0.1 -k {self._folder} -F"
        self.run("pg_ctl", "-D", self._folder / "data", "-l", log, "-o", options, "-w", "start")

    def stop(self) -> None:
        """At once, as if the machine had lost power."""
        self.run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "stop")

    def run(self, tool: str, *arguments: object) -> None:
        user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None  # root may not run a server
        done = subprocess.run(
            [str(self._bin / tool), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server keeps it open
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            timeout=120,
            check=False,
            **({"user": user.pw_uid, "group": user.pw_gid} if user else {}),  # type: ignore[call-overload]
        )
        assert done.returncode == 0, (tool, done.returncode)


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A running server; skips, with a message, where PostgreSQL's programs are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    which = shutil.which("initdb")
    if not found and which is None:
        pytest.skip("không có initdb của PostgreSQL")
    bin_ = (found[-1] if found else Path(str(which))).parent
    folder = Path(tempfile.mkdtemp(prefix="dti-pg-"))
    cluster = Cluster(bin_, folder, free_port())
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        cluster.run("initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "--no-sync")
        cluster.start()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
