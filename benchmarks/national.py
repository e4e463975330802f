"""A national run in one process, by workers on a Prefect work pool, and on Dask: wall, CPU, memory,
and whether all of them left the same table.

    python -m benchmarks.national [--provinces 63] [--share 1.0] [--workers 2] [WAY …]

Each way has a home of its own with the same made provinces. Set DTI_BENCH_POSTGRES to the URL of an
empty PostgreSQL database for Prefect's server, where several workers are to be measured as they
should be run (postgresql+asyncpg://…). Too long for `make bench`: run it by hand.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WAYS = {
    "one process": [],
    "workers": ["--workers", "{workers}"],
    "dask": ["--runner", "dask", "--workers", "{workers}"],
}


def national_costs(
    provinces: int, share: float, workers: int, ways: list[str]
) -> dict[str, dict[str, object]]:
    """What every way cost. Raises AssertionError where two ways differ."""
    costs: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        sample = ["sample", "--provinces", str(provinces), "--share", str(share)]
        _dti(made, sample)
        for way in ways:
            home = Path(folder) / way.replace(" ", "-")
            shutil.copytree(made / "programs", home / "programs")
            options = [each.format(workers=workers) for each in WAYS[way]]
            costs[way] = _cost(home, ["run", "--json", *options])
    tables = {str(cost["sha256"]) for cost in costs.values()}
    if len(tables) != 1:
        raise AssertionError(f"the ways differ: {costs}")
    return costs


def _cost(home: Path, arguments: list[str]) -> dict[str, object]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    told, peak = _dti(home, arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    merged = json.loads(told)
    kept = ("provinces", "units", "scores", "findings", "sha256")
    return {
        "wall, seconds": round(time.perf_counter() - started, 1),
        "CPU of all processes, seconds": round(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1
        ),
        "peak memory of all processes, MB": peak,
        **{name: merged[name] for name in kept},
    }


def _dti(home: Path, arguments: list[str]) -> tuple[str, int]:
    """Run `dti national …`; returns what it printed, and the most memory that it and the processes
    below it held at once (resident, MB)."""
    home.mkdir(exist_ok=True)
    environment = os.environ | {"DTI_HOME": str(home)}
    if postgres := os.environ.get("DTI_BENCH_POSTGRES"):
        environment["PREFECT_API_DATABASE_CONNECTION_URL"] = postgres
    with tempfile.TemporaryFile("w+") as out:
        command = [sys.executable, "-m", "flows.cli", "national", *arguments]
        child = subprocess.Popen(command, env=environment, stdout=out)
        peak = 0.0
        while child.poll() is None:
            peak = max(peak, _memory(child.pid))
            time.sleep(1)
        if child.returncode:
            raise SystemExit(child.returncode)
        out.seek(0)
        return out.read(), round(peak)


def _memory(pid: int) -> float:
    """Of a process and all below it, in MB."""
    import psutil  # comes with the extra `dask`

    total = 0
    try:
        root = psutil.Process(pid)
        for each in (root, *root.children(recursive=True)):
            total += each.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # it ended while we looked; the next look counts again
    return total / 2**20


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--provinces", type=int, default=63)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("ways", nargs="*", metavar="WAY", help=", ".join(WAYS))
    given = parser.parse_args()
    chosen = given.ways or list(WAYS)
    print(json.dumps(national_costs(given.provinces, given.share, given.workers, chosen), indent=1))
