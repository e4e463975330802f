"""A stage is left out only where nothing that it hangs on has changed since it ran."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dti_core import clock
from dti_core.records import audit
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.rounds import documents
from dti_core.records.seals import _tables
from dti_core.records.tables import Record
from dti_core.records.watching import answer, sums
from flows.stages import OPERATOR
from tasks.unchanged import NOTES, _stamp, _surroundings, unless_done
from tests.unit.made_rounds import Driven, at_home, driven_round

STAGES: dict[str, tuple[str, ...]] = {
    "gui-yeu-cau": (),
    "nhan-tep": ("in/inbox",),
    "phieu-tiep-nhan": (),
    "kiem-tra-so-lieu": (),
    "tinh-diem": (),
    "nghi-van": (),
    "chat-luong-so-lieu": ("validation",),
    "nhan-giai-trinh": ("in/inbox",),
    "tep-tham-dinh": (),
    "tham-dinh": ("in/inbox",),
    "xep-hang": (),
    "ket-qua-du-kien": (),
    "du-thao-cong-bo": (),
}
"""Stage → the folders that it reads, as its task says."""


@pytest.fixture
def driven() -> Iterator[Driven]:
    """A round driven to its drafts; a test puts back what it changes."""
    made = driven_round(5)
    with at_home(made.home):
        yield made


def _ran(driven: Driven, stage: str, actor: str = OPERATOR) -> bool:
    """Whether the stage would run now; its note stays as it was."""
    note = round_folder(driven.context.id) / NOTES / f"{stage}.json"
    kept = note.read_bytes()
    ran: list[bool] = []
    unless_done(stage, driven.context, (actor,), lambda: ran.append(True), folders=STAGES[stage])
    note.write_bytes(kept)
    return bool(ran)


def _settle(driven: Driven, stage: str) -> dict[str, Any]:
    """The stage's note as if it had run just now with the records as they are: later stages have
    changed them since."""
    note = round_folder(driven.context.id) / NOTES / f"{stage}.json"
    known: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    with session() as records:
        now = sums(records)
        known["tables"] = {name: list(now.get(name, (0, 0))) for name in known["tables"]}
        known["questions"] = [
            [sql, given, answer(records, (sql, given))] for sql, given, _ in known["questions"]
        ]
        recorded = {each.path: each.sha256 for each in documents(records, driven.context.id)}
    folder = round_folder(driven.context.id)
    known["files"] = {name: _stamp(folder / name) for name in known["files"]}
    known["documents"] = {path: recorded[path] for path in known["documents"]}
    known["looks"] = _surroundings(driven.context, (OPERATOR, clock.today()), STAGES[stage])
    known["result"] = None
    note.write_text(json.dumps(known), encoding="utf-8")
    return known


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_runs_again_for_every_kind_of_change(driven: Driven, stage: str) -> None:
    known = _settle(driven, stage)
    assert not _ran(driven, stage)
    assert _ran(driven, stage, actor="Người khác")
    with clock.standing_at(datetime.now(UTC) + timedelta(days=1)):
        assert _ran(driven, stage)
    for file in (
        driven.context.program.folder / "program.yaml",
        driven.home / "templates" / "notice.docx",
        driven.home / "holidays" / "2024.yaml",
        *(round_folder(driven.context.id) / folder / "tep.json" for folder in STAGES[stage]),
    ):
        with _touched(file):
            assert _ran(driven, stage), file
        _settle(driven, stage)
    for table in known["tables"]:
        assert _changed_row(driven, stage, table), table
    outputs = [round_folder(driven.context.id) / name for name in known["files"]]
    for output in outputs[:1]:
        content = output.read_bytes()
        output.unlink()
        assert _ran(driven, stage)
        output.write_bytes(content + b" ")
        assert _ran(driven, stage)
        output.write_bytes(content)
        shutil.copystat(output, output)
    assert known["tables"]
    _settle(driven, stage)
    assert not _ran(driven, stage)


class _touched:
    """A file that is other, or there at all, for a while."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.before = file.read_bytes() if file.exists() else None

    def __enter__(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes((self.before or b"") + b"\n# khac\n")

    def __exit__(self, *_: object) -> None:
        if self.before is None:
            self.file.unlink()
        else:
            self.file.write_bytes(self.before)


def _changed_row(driven: Driven, stage: str, table: str) -> bool:
    """Whether the stage runs once a row of the table has come by the program's own ways; the
    seals' difference is taken back afterwards."""
    with session() as records:
        columns = "scope, name, part, rows, total"
        records.connection().execute(
            text(f"INSERT INTO seal ({columns}) VALUES ('x', :name, 'x', 1, :total)"),
            {"name": table, "total": f"{1:064x}"},
        )
    ran = _ran(driven, stage)
    with session() as records:
        records.connection().execute(text("DELETE FROM seal WHERE scope = 'x'"))
    return ran


@pytest.mark.parametrize("stage", ["phieu-tiep-nhan", "nghi-van"])
def test_a_reopened_round_is_looked_at_again(driven: Driven, stage: str) -> None:
    known = _settle(driven, stage)
    if not known["questions"]:
        pytest.fail("the stage asks nothing of the audit trail: is it still watched?")
    with session() as records:
        audit.append(records, driven.context.id, "round_reopened", "xa-0001", {}, "test")
    assert _ran(driven, stage)


def test_every_table_is_sealed_that_a_stage_may_ask() -> None:
    """Seals stand for the tables: one without seals would never be seen to change."""
    sealed = {table.name for table in _tables()}
    assert set(Record.metadata.tables) - sealed == {"seal"}


def test_the_second_run_is_left_out_and_tells_the_same(driven: Driven) -> None:
    ran: list[int] = []

    def work() -> int:
        ran.append(1)
        with session() as records:
            records.connection().execute(text("SELECT * FROM round")).all()
        return 7

    for expected in (7, 0, 0):
        told = unless_done("thu", driven.context, ("a",), work, lambda _: 0)
        assert told == expected
    assert len(ran) == 1
    os.environ["DTI_ALWAYS_RUN"] = "1"
    try:
        assert unless_done("thu", driven.context, ("a",), work, lambda _: 0) == 7
    finally:
        del os.environ["DTI_ALWAYS_RUN"]


def test_what_somebody_else_changes_meanwhile_makes_it_run_again(driven: Driven) -> None:
    """The note holds what the stage saw and did, not how the records stood when it ended."""
    ran: list[int] = []

    def work() -> int:
        ran.append(1)
        with session() as records:
            records.connection().execute(text("SELECT * FROM round")).all()
            records.connection().execute(
                text(
                    "INSERT INTO seal (scope, name, part, rows, total)"
                    " VALUES ('y', 'round', 'y', 1, :total)"
                ),
                {"total": f"{len(ran):064x}"},
            )
        return 1

    try:
        unless_done("giua-chung", driven.context, (), work)
        with session() as records:
            records.connection().execute(text("DELETE FROM seal WHERE scope = 'z'"))
        assert len(ran) == 1

        def again() -> int:
            ran.append(2)
            return 2

        assert unless_done("giua-chung", driven.context, (), again) == 2
    finally:
        with session() as records:
            records.connection().execute(text("DELETE FROM seal WHERE scope = 'y'"))
