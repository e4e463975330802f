"""The worker of an office's server: `python -m flows.office.worker POOL NAME LIMIT`.

Prefect is imported while the server is still starting; polling begins once it answers. Before that,
what an earlier worker left is cleared: runs that still go on without it are ended, and those that
were cut off are put back.
"""

import os
import sys
import time

from flows.office.api import is_healthy
from flows.office.marked import MARK, end_all
from flows.office.unfinished import has_other_workers, put_back, unfinished

PATIENCE = 300.0
"""Seconds to wait for the server before giving up: `dti up` starts the worker again then."""


def main() -> None:
    pool, name, limit = sys.argv[1:4]
    import prefect.cli.worker
    import prefect.workers.process  # noqa: F401
    from prefect.cli import app

    url = os.environ["PREFECT_API_URL"]
    wait_for(url)
    take_up(url, pool, name)
    options = ["--pool", pool, "--type", "process", "--name", name, "--limit", limit]
    sys.argv = ["prefect", "worker", "start", *options]
    app()


def take_up(url: str, pool: str, name: str) -> None:
    """Let the runs go on that were cut off with an earlier worker or the machine."""
    end_all(lambda mark: mark == os.environ.get(MARK), runs_only=True)
    if has_other_workers(url, pool, name):
        print("Có máy khác cùng chạy; các luồng bị ngắt (nếu có) không được xếp lại.", flush=True)
        return
    for run in put_back(url, unfinished(url, pool), "Bị ngắt giữa chừng; chạy tiếp."):
        print(f"Luồng {run} bị ngắt giữa chừng, được xếp chạy tiếp.", flush=True)


def wait_for(url: str, patience: float = PATIENCE) -> None:
    """Wait until the server answers. Ends the process where it does not."""
    deadline = time.monotonic() + patience
    while not is_healthy(url):
        if time.monotonic() > deadline:
            sys.exit(f"Máy chủ Prefect ở {url} không trả lời sau {patience:.0f} giây.")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
