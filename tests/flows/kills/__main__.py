"""python -m tests.flows.kills --runs 200 --database sqlite postgres: see `make kills`.

Results are kept, a line a run, in <out>/<database>.jsonl; called again it does what is missing.
One Prefect server serves all of the runs: that of PREFECT_API_URL, or one of its own. Runs go side
by side in as many stems as --jobs says.
"""

import argparse
import atexit
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.flows.kills import lean

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

    from tests.flows.kills.outcome import Outcome

Wanted = list[tuple[int, str]]
"""(number, database) of the runs that are to be done."""

Known = dict[str, tuple["Outcome", float]]
"""Database → what an undisturbed round comes to there, and its seconds of the processor."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="how many there shall be of each")
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgres"], default=["sqlite"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="side by side")
    parser.add_argument("--out", type=Path, default=Path("var/kills"))
    parser.add_argument("--only", type=int, help="do this number again, and keep nothing")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    files = {each: arguments.out.resolve() / f"{each}.jsonl" for each in arguments.database}
    if arguments.only is not None:
        wanted: Wanted = [(arguments.only, each) for each in files]
    else:
        there = {(each, line["number"]) for each, file in files.items() for line in _kept(file)}
        numbers = range(arguments.runs)
        wanted = [(n, each) for n in numbers for each in files if (each, n) not in there]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped as well
    if wanted:
        _prepare()
        from flows.runtime import prefect

        with prefect(), lean.client():
            kept = {} if arguments.only is not None else files
            _run(wanted, arguments.seed, kept, arguments.jobs)
    bad = [_total(each, _kept(file)) for each, file in files.items()]
    sys.exit(any(bad))


def _run(wanted: Wanted, seed: int, files: dict[str, Path], jobs: int) -> None:
    from tests.flows.kills.rounds import undisturbed

    known: Known = {}
    for database in dict.fromkeys(each for _, each in wanted):
        expected, seconds = known[database] = undisturbed(database)
        print(
            f"{database}: undisturbed {seconds:.1f} s of the processor,"
            f" {len(expected.events)} events,"
            f" {len(expected.papers)} files, {expected.letters.total()} letters,"
            f" head {expected.head[:12]}",
            flush=True,
        )
        if next(iter(known.values()))[0] != expected:
            raise SystemExit(f"a round on {database} ends otherwise than on the first database")
    # a stem each: they fork from this process, which never had a thread either
    forked = get_context("fork")
    next_ = forked.Value("i", 0)
    given = (wanted, next_, seed, files, known)
    stems = [forked.Process(target=_do, args=given) for _ in range(jobs)]
    try:
        for stem in stems:
            stem.start()
        for stem in stems:
            stem.join()
    finally:
        for stem in stems:
            if stem.is_alive():
                stem.terminate()
                stem.join()
    if any(stem.exitcode for stem in stems):
        raise SystemExit("not all of the runs were done")


def _do(
    wanted: Wanted,
    next_: "Synchronized[int]",
    seed: int,
    files: dict[str, Path],
    known: Known,
) -> None:
    """The runs of one stem, one after the other: each takes the next that nobody has taken."""
    from tests.flows.kills.rounds import killed

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started the stems ends them
    while True:
        with next_.get_lock():
            taken = next_.value
            next_.value += 1
        if taken >= len(wanted):
            return
        number, database = wanted[taken]
        expected, seconds = known[database]
        run = killed(number, database, seed, expected, seconds)
        line = asdict(run) | {
            "held": dict(run.held),  # asdict counts a counter's pairs anew
            "undisturbed": round(seconds, 2),
            "on": time.strftime("%F %T"),
        }
        if files:
            # one write, however long: two stems may have a line at the same moment
            with files[database].open("ab", buffering=0) as file:
                file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
        fell = ", ".join(f"{each['stage']} ({each['events']} events)" for each in run.kills)
        said = "\n  ".join(["BAD", *run.wrong]) if run.wrong else "good"
        print(
            f"{database} {number}: {run.seconds} s, {run.processor} s of the processor,"
            f" killed in {fell or '-'}: {said}",
            flush=True,
        )


def _kept(file: Path) -> list[dict[str, Any]]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def _prepare() -> None:
    """A home for what is of no run, and settings before Prefect's first import."""
    own = Path(tempfile.mkdtemp(prefix="dti-kills-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)  # a forked round ends without it
    os.environ["DTI_HOME"] = str(own)
    os.environ.setdefault("DTI_PDF", "off")
    os.environ.setdefault("DTI_WORKBOOK_KEY", "a key that only the tests have and use")
    lean.settings(own)


def _total(database: str, done: list[dict[str, Any]]) -> bool:
    """Print what there is of a database; returns whether anything was wrong."""
    kills = [kill for each in done for kill in each["kills"]]
    doubles = sum(sum(each["held"].values()) for each in done)
    heads = sum(each["head"] for each in done)
    failed = sum(len(each["failed"]) for each in done)
    bad = sorted(each["number"] for each in done if each["wrong"])
    print(
        f"{database}: {len(done)} runs, {len(kills)} kills, {doubles} messages in a killed worker's"
        f" hand, {failed} processes that failed, {heads} audit heads equal,"
        f" {len(bad)} runs that ended otherwise {bad or ''}"
    )
    if done:
        print(
            f"  a run: {statistics.mean(each['seconds'] for each in done):.1f} s by the clock,"
            f" {statistics.mean(each.get('processor', 0) for each in done):.1f} s of the processor"
            " without the Prefect server's"
        )
    fell = Counter(kill.get("stage", "?") for kill in kills)
    if fell:
        print("  kills fell in: " + ", ".join(f"{stage} {n}" for stage, n in fell.most_common()))
    return bool(bad)


if __name__ == "__main__":
    main()
