"""One run of the whole cycle in a process of its own: `python -m benchmarks.cycle_run empty|cycle`.

What a run costs is told stage by stage: seconds at the clock and of the processor, queries, and
what of it Prefect takes. What people do (filling in workbooks, deciding) is timed apart.
"""

import json
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

PASSES = 40
"""The cycle waits for people about ten times; a round that has not ended by then never will."""

PEOPLE, OUTSIDE = "people", "outside"


@dataclass
class Meter:
    """Where time went: seconds at the clock, of the processor, and queries, a stage each."""

    wall: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    cpu: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    queries: Counter[str] = field(default_factory=Counter)
    runs: Counter[str] = field(default_factory=Counter)
    stage: str = OUTSIDE

    @contextmanager
    def measuring(self, stage: str) -> Iterator[None]:
        """What happens inside belongs to the stage, and to none around it."""
        outer, self.stage = self.stage, stage
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            self.stage = outer
            self.runs[stage] += 1
            self.wall[stage] += wall
            self.cpu[stage] += cpu
            if outer != OUTSIDE:
                self.wall[outer] -= wall
                self.cpu[outer] -= cpu

    def around(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def measured(*arguments: Any, **named: Any) -> Any:
            with self.measuring(stage):
                return work(*arguments, **named)

        return measured

    def count_queries(self) -> None:
        from sqlalchemy import Engine, event

        def count(*_: object) -> None:
            self.queries[self.stage] += 1

        event.listen(Engine, "before_cursor_execute", count)


def imports() -> None:
    """What the cycle's stages import, wherever they do it."""
    import great_expectations
    import pandas
    import prefect
    import prefect.artifacts

    import expectations.run
    import flows.unit_cycle
    import reports.letters.notice
    import reports.workbooks.own

    del great_expectations, pandas, prefect, expectations, flows, reports


def empty(meter: Meter) -> None:
    """An empty flow, and what the cycle needs imported."""
    from prefect import flow

    @flow(name="luong-rong")
    def nothing() -> None:
        """Nothing at all."""

    with meter.measuring("imports"):
        imports()
    with meter.measuring("flow"):
        nothing()


def cycle(meter: Meter) -> None:
    """The round to its end; whenever it waits, people do all that they can just then."""
    with meter.measuring("imports"):
        imports()
    from prefect import Task

    import flows.unit_cycle as whole
    from benchmarks.made_program import ROUND
    from dti_core.program.load import load_round
    from flows import gathering
    from flows.waits import Waiting
    from tests.flows.round_of_units import today

    meter.count_queries()
    named = [*vars(whole).values(), *vars(gathering).values()]
    for each in {id(one): one for one in named if isinstance(one, Task)}.values():
        each.fn = meter.around(f"stage:{each.name}", each.fn)
    for name, module in list(sys.modules.items()):
        if name.startswith("tasks."):
            for attribute in ("create_table_artifact", "create_markdown_artifact"):
                if hasattr(module, attribute):
                    work = getattr(module, attribute)
                    setattr(module, attribute, meter.around("artifacts", work))
    context = load_round(ROUND)
    for _ in range(PASSES):
        try:
            with meter.measuring("flow"):
                whole.unit_cycle(ROUND, day=today(context))
            return
        except Waiting as waiting:
            with meter.measuring(PEOPLE):
                print(waiting.step, file=sys.stderr)
                answer(context, waiting.step)
    raise AssertionError("the round never ended")


def answer(context: Any, step: str) -> None:
    """What people do at a step, files of all days at once."""
    from flows import sample_people

    if step == "thu-thap" and sample_people.send_figures(context, late=False):
        sample_people.send_figures(context, late=True)
        return
    if step == "giai-trinh":
        judge_unforeseen(context)
    sample_people.answer(context, step)
    if step == "giai-trinh":
        sample_people.send_again(context)


def judge_unforeseen(context: Any) -> None:
    """Doubts that the sample has no answer to: of thousands of units some look odd by chance, and
    one that sent its neighbour's workbook may still do so with its own. The officer looks at their
    papers and lets the figures stand."""
    from dti_core.intake import sample_round
    from dti_core.intake.sample import reply_to
    from dti_core.records.database import session
    from dti_core.records.flags import DECIDED, OPEN, all_flags, decide
    from flows.sample_people import ROLE
    from tasks.inbox import inbox

    replies = sample_round.replies(context)
    with session() as records:
        for flag in all_flags(records, context.id):
            anew = (
                flag.status == OPEN and (inbox(context.id) / f"{flag.unit}-gui-lai.xlsx").exists()
            )
            reply = reply_to(replies, flag.unit, flag.criterion, flag.variable)
            if flag.status not in DECIDED and (anew or reply is None):
                reason = "MẪU: đã xem hồ sơ, số liệu đúng."
                decide(records, context.id, flag.flag_id, True, reason, ROLE)


def main(mode: str) -> None:
    """Print what the run took, as JSON."""
    from flows.runtime import prefect

    meter = Meter()
    started, cpu = time.perf_counter(), time.process_time()
    with meter.measuring("prefect_up_and_down"), prefect():
        meter.stage, _ = OUTSIDE, meter.stage
        inside = time.perf_counter(), time.process_time()
        {"empty": empty, "cycle": cycle}[mode](meter)
        ran = time.perf_counter() - inside[0], time.process_time() - inside[1]
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - started,
                "cpu": time.process_time() - cpu,
                "inside": ran,
                "server_cpu": children.ru_utime + children.ru_stime,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "stages": {
                    name: {
                        "wall": meter.wall[name],
                        "cpu": meter.cpu[name],
                        "queries": meter.queries[name],
                        "runs": meter.runs[name],
                    }
                    for name in meter.runs
                },
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
