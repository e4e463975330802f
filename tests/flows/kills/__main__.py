"""python -m tests.flows.kills --runs 200 --database sqlite: see `make kills`.

Results are kept, a line a run, in <out>/<database>.jsonl; called again it goes on where it stopped.
One Prefect server serves all of the runs: that of PREFECT_API_URL, or one of its own.
"""

import argparse
import atexit
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="how many there shall be of each")
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgres"], default=["sqlite"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("var/kills"))
    parser.add_argument("--only", type=int, help="do this number again, and keep nothing")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    files = {each: arguments.out.resolve() / f"{each}.jsonl" for each in arguments.database}
    numbers = {each: range(len(_kept(file)), arguments.runs) for each, file in files.items()}
    if arguments.only is not None:
        numbers = {each: range(arguments.only, arguments.only + 1) for each in files}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped as well
    if any(numbers.values()):
        _prepare()
        from flows.runtime import prefect

        with prefect():
            _run(numbers, arguments.seed, {} if arguments.only is not None else files)
    bad = [_total(each, _kept(file)) for each, file in files.items()]
    sys.exit(any(bad))


def _run(numbers: dict[str, range], seed: int, files: dict[str, Path]) -> None:
    from tests.flows.kills.rounds import killed, undisturbed

    first = None
    for database, of_this in numbers.items():
        if not of_this:
            continue
        expected, seconds = undisturbed(database)
        print(
            f"{database}: undisturbed {seconds:.1f} s of the processor,"
            f" {len(expected.events)} events,"
            f" {len(expected.papers)} files, {expected.letters.total()} letters,"
            f" head {expected.head[:12]}",
            flush=True,
        )
        if first is not None and first != expected:
            raise SystemExit(f"a round on {database} ends otherwise than on the first database")
        first = expected
        for number in of_this:
            run = killed(number, database, seed, expected, seconds)
            line = asdict(run) | {
                "held": dict(run.held),  # asdict counts a counter's pairs anew
                "undisturbed": round(seconds, 2),
                "on": time.strftime("%F %T"),
            }
            if files:
                with files[database].open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
            said = "\n  ".join(["BAD", *run.wrong]) if run.wrong else "good"
            print(f"{database} {number}: {run.seconds} s {run.kills} {said}", flush=True)


def _kept(file: Path) -> list[dict[str, Any]]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def _prepare() -> None:
    """A home for what is of no run, and settings before Prefect's first import."""
    own = tempfile.mkdtemp(prefix="dti-kills-")
    atexit.register(shutil.rmtree, own, ignore_errors=True)  # a forked round ends without it
    os.environ["DTI_HOME"] = own
    os.environ.setdefault("DTI_PDF", "off")
    # to read the machine's certificates takes a quarter of a second a flow; the server is its own
    os.environ.setdefault("PREFECT_API_TLS_INSECURE_SKIP_VERIFY", "true")
    os.environ.setdefault("DTI_WORKBOOK_KEY", "a key that only the tests have and use")


def _total(database: str, done: list[dict[str, Any]]) -> bool:
    """Print what there is of a database; returns whether anything was wrong."""
    kills = sum(len(each["kills"]) for each in done)
    doubles = sum(sum(each["held"].values()) for each in done)
    heads = sum(each["head"] for each in done)
    failed = sum(len(each["failed"]) for each in done)
    bad = [each["number"] for each in done if each["wrong"]]
    print(
        f"{database}: {len(done)} runs, {kills} kills, {doubles} messages in a killed worker's"
        f" hand, {failed} processes that failed, {heads} audit heads equal,"
        f" {len(bad)} runs that ended otherwise {bad or ''}"
    )
    return bool(bad)


if __name__ == "__main__":
    main()
