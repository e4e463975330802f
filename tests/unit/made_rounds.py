"""A round of made communes driven by its stages' tasks, people answering; no Prefect server.

Every stage is counted as it runs: how many queries it sent, and whether it was left out.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from benchmarks.cycle_run import answer
from benchmarks.made_program import make_program
from dti_core.program.load import RoundContext
from dti_core.records.database import session
from dti_core.records.rounds import open_round
from flows.stages import OPERATOR
from tasks import (
    announcing,
    appraising,
    collecting,
    dispatching,
    explaining,
    flagging,
    publishing,
    quality,
    ranking,
    receipts,
    scoring,
    validation,
)
from tests.flows.round_of_units import _closed, today

MODULES = (
    announcing,
    appraising,
    collecting,
    dispatching,
    explaining,
    flagging,
    publishing,
    quality,
    ranking,
    receipts,
    scoring,
    validation,
)


@dataclass
class Driven:
    """A round and what its stages did: queries of each run, in the order of the runs."""

    home: Path
    context: RoundContext
    queries: list[tuple[str, int]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    @property
    def most(self) -> dict[str, int]:
        """Stage → queries of its dearest run."""
        found: dict[str, int] = {}
        for stage, number in self.queries:
            found[stage] = max(number, found.get(stage, 0))
        return found

    def run(self, task: Any, *given: object) -> Any:
        """Run the function of a stage's task, its queries counted."""
        self.asked.clear()
        result = task.fn(self.context.id, *given)
        self.queries.append((task.name, self.asked.total()))
        return result

    def day(self) -> date:
        return today(self.context)


@contextmanager
def at_home(home: Path) -> Iterator[None]:
    """DTI_HOME for a while; artifacts of Prefect go nowhere."""
    with patch.dict(os.environ, {"DTI_HOME": str(home)}):
        patches = [
            patch.object(module, name, lambda **_: None)
            for module in MODULES
            for name in ("create_table_artifact", "create_markdown_artifact")
            if hasattr(module, name)
        ]
        for each in patches:
            each.start()
        try:
            yield
        finally:
            for each in patches:
                each.stop()


def drive(home: Path, units: int) -> Driven:
    """Drive a round of so many communes to its drafts."""
    with at_home(home):
        driven = Driven(home, make_program(units))

        def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            driven.asked[statement] += 1

        event.listen(Engine, "before_cursor_execute", count)
        try:
            _drive(driven)
        finally:
            event.remove(Engine, "before_cursor_execute", count)
    return driven


def _drive(driven: Driven) -> None:
    context, run = driven.context, driven.run
    with session() as records:
        open_round(records, context, OPERATOR)
    run(dispatching.dispatch_task, OPERATOR)
    while not _closed(context, "thu-thap"):
        answer(context, "thu-thap")
        run(collecting.collect_task, OPERATOR)
    run(receipts.receipts_task, OPERATOR)
    while not _closed(context, "giai-trinh"):
        run(validation.validate_task, OPERATOR)
        run(receipts.receipts_task, OPERATOR)
        run(scoring.score_task, OPERATOR)
        run(flagging.flag_task, OPERATOR, driven.day())
        run(quality.quality_task, OPERATOR)
        answer(context, "giai-trinh")
        run(explaining.explain_task, OPERATOR, driven.day())
    run(appraising.appraisal_workbook_task, OPERATOR)
    while not _closed(context, "tham-dinh"):
        answer(context, "tham-dinh")
        run(appraising.appraise_task, OPERATOR)
    run(ranking.rank_task, OPERATOR)
    run(announcing.announce_task, driven.day(), OPERATOR)
    answer(context, "kien-nghi")
    run(publishing.publish_task, OPERATOR)


@lru_cache(maxsize=4)
def driven_round(units: int) -> Driven:
    """A driven round for all tests of the session; it lies below the session's own home."""
    home = Path(os.environ["DTI_HOME"]) / f"made-{units}"
    home.mkdir(parents=True)
    return drive(home, units)
