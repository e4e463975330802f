"""Run one program's year with one seed after another, each in a home and a process of its own."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from flows.simulate.check import ended
from flows.simulate.child import one_seed
from flows.simulate.kept import software
from flows.simulate.outcome import Outcome
from flows.simulate.passes import Through
from flows.simulate.run import run
from flows.simulate.sink import sink
from flows.simulate.week import Seen, seen
from flows.simulate.year import Year, a_home_of_its_own

LOOK = 3.0
"""Seconds between two looks at how far the seeds are."""


def simulate(
    program: str,
    year: int,
    seed: int,
    through: Through,
    folder: Path,
    passed: Callable[[datetime], None] = lambda _: None,
) -> Outcome:
    """Run one seed in this process, its home in `folder`.

    passed  is told every week up to which moment the year has gone
    """
    started, spent = time.monotonic(), _processor()
    with a_home_of_its_own(folder), _server(through), sink() as mail:
        weeks: list[Seen] = []

        def each_week(made: Year, until: datetime) -> None:
            weeks.extend(seen(made, until))
            passed(until)

        made = run(program, year, seed, through, each_week)
        rounds = tuple(ended(made, mail))
        return Outcome(
            program=program,
            year=year,
            seed=seed,
            through=through,
            seconds=time.monotonic() - started,
            processor=_processor() - spent,
            software=software(),
            events=dict(Counter(name for _, _, name in made.events)),
            deeds=_deeds(made),
            mails=len(mail),
            weeks=tuple(weeks),
            rounds=rounds,
            notes=tuple(made.notes),
        )


def simulate_all(
    program: str,
    year: int,
    seeds: Iterable[int],
    through: Through,
    folder: Path | None = None,
    workers: int = 1,
    told: Callable[[Mapping[int, datetime]], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Run several seeds, so many at once; yields each as it ends. The clock is the process's, so
    that two of them never share one.

    told  gets, every few seconds, up to which moment each seed that runs has gone
    """
    spawn = get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="dti-nam-") as beside,
        ProcessPoolExecutor(workers, mp_context=spawn, max_tasks_per_child=1) as pool,
    ):
        runs: dict[Future[Outcome], int] = {}
        for seed in seeds:
            home = folder / str(seed) if folder else None
            given = program, year, seed, through, home, Path(beside) / str(seed)
            runs[pool.submit(one_seed, *given)] = seed
        while runs:
            done, _ = wait(runs, LOOK, FIRST_COMPLETED)
            for each in done:
                (Path(beside) / str(runs.pop(each))).unlink(missing_ok=True)
                yield each.result()
            told({int(file.name): _moment(file) for file in sorted(Path(beside).glob("[0-9]*"))})


def _moment(file: Path) -> datetime:
    return datetime.fromisoformat(file.read_text(encoding="utf-8"))


def _server(through: Through) -> AbstractContextManager[None]:
    from flows.runtime import prefect

    return prefect() if through == "prefect" else nullcontext()


def _processor() -> float:
    """Seconds of the processor's that this process and the children that it waited for have had."""
    return sum(os.times()[:4])


def _deeds(year: Year) -> dict[str, int]:
    files = Counter(
        ("tệp " if each.good else "tệp hỏng hoặc quá hạn: ") + WHAT[each.what]
        for each in year.arrivals
    )
    approved = sum(not each.refused for each in year.approvals)
    return {
        **dict(sorted(files.items())),
        "gia hạn": len(year.extensions),
        "xác nhận": approved,
        "xác nhận bị từ chối vì nội dung đã đổi": len(year.approvals) - approved,
    }


WHAT = {
    "own": "số liệu của đơn vị",
    "about_units": "số liệu về các đơn vị",
    "explanation": "giải trình",
    "appraisal": "thẩm định",
}
