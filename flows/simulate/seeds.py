"""Run one program's year with one seed after another, each in a home and a process of its own."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from flows.simulate.check import ended
from flows.simulate.kept import software
from flows.simulate.outcome import Outcome
from flows.simulate.passes import Through
from flows.simulate.run import run
from flows.simulate.sink import sink
from flows.simulate.week import Seen, seen
from flows.simulate.year import Year, a_home_of_its_own


def simulate(
    program: str, year: int, seed: int, through: Through, folder: Path | None = None
) -> Outcome:
    """Run one seed in this process, in `folder` or one that is thrown away afterwards."""
    kept = nullcontext(str(folder)) if folder else tempfile.TemporaryDirectory(prefix="dti-nam-")
    started, spent = time.monotonic(), _processor()
    with kept as home, a_home_of_its_own(Path(home)), _server(through), sink() as mail:
        weeks: list[Seen] = []

        def each_week(made: Year, until: datetime) -> None:
            weeks.extend(seen(made, until))

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
) -> Iterator[Outcome]:
    """Run several seeds, so many at once; yields each as it ends. The clock is the process's, so
    that two of them never share one."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, max_tasks_per_child=1) as pool:
        runs = [
            pool.submit(
                simulate, program, year, seed, through, folder / str(seed) if folder else None
            )
            for seed in seeds
        ]
        for each in as_completed(runs):
            yield each.result()


def _server(through: Through) -> AbstractContextManager[None]:
    from flows.runtime import prefect, prepare

    if through == "prefect":
        return prefect()
    prepare()
    return nullcontext()


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
