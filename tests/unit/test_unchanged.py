"""A stage is left out only where nothing that it hangs on has changed since it ran."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from dti_core import clock
from dti_core.program.load import load_round
from dti_core.records import audit
from dti_core.records.bookkeeping import _watch
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.gates import unpublishable
from dti_core.records.petition_period import takes_petitions
from dti_core.records.rounds import documents, gate_of
from dti_core.records.seals import _tables
from dti_core.records.tables import AwardRecord, Record
from dti_core.records.watching import _confined, answer, sums
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
        for questions in (known["questions"], known["asked"]["questions"]):
            questions[:] = [
                [sql, given, answer(records, (sql, given))] for sql, given, _ in questions
            ]
        recorded = {each.path: each.sha256 for each in documents(records, driven.context.id)}
    folder = round_folder(driven.context.id)
    known["files"] = {name: _stamp(folder / name) for name in known["files"]}
    known["documents"] = {path: recorded[path] for path in known["documents"]}
    known["looks"] = _surroundings(driven.context, (OPERATOR,), STAGES[stage])
    known["day"] = str(clock.today())
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
        answered = table in known["asked"]["tables"]
        assert _changed_row(driven, stage, table) != answered, table
    tried = [each for each in known["asked"]["questions"] if _other_answer(driven, stage, each)]
    assert tried or not known["asked"]["questions"]
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


def _changed_row(driven: Driven, stage: str, place: str) -> bool:
    """Whether the stage runs once a row has come there by the program's own ways; the seals'
    difference is taken back afterwards."""
    table, _, scope = place.partition(" ")
    with session() as records:
        columns = "scope, name, part, rows, total"
        records.connection().execute(
            text(f"INSERT INTO seal ({columns}) VALUES (:scope, :name, 'x', 1, :total)"),
            {"scope": scope or "x", "name": table, "total": f"{1:064x}"},
        )
    ran = _ran(driven, stage)
    with session() as records:
        records.connection().execute(text("DELETE FROM seal WHERE part = 'x'"))
    return ran


def _other_answer(driven: Driven, stage: str, question: list[Any]) -> bool:
    """Whether the question has an answer that can be made another; if so the stage runs then."""
    sql, given, _ = question
    with session() as records:
        rows = records.connection().exec_driver_sql(sql, tuple(given)).all()
    columns = re.findall(r"(\w+)\.(\w+)", sql.partition(" \nFROM ")[0])
    words = [
        (table, name)
        for place, (table, name) in enumerate(columns)
        if rows
        and len(columns) == len(rows[0])
        and isinstance(rows[0][place], str)
        and name in ("actor", "message", "role", "reason", "sha256", "points", "number", "text")
    ]
    if not words:
        return False
    table, name = words[0]
    with session() as records:
        records.connection().execute(text(f"UPDATE {table} SET {name} = {name} || '1'"))
    ran = _changed_row(driven, stage, f"{table} {driven.context.id}")
    with session() as records:
        shorter = f"UPDATE {table} SET {name} = substr({name}, 1, length({name}) - 1)"
        records.connection().execute(text(shorter))
    assert ran, (table, name, sql)
    return True


@pytest.mark.parametrize("stage", ["phieu-tiep-nhan"])
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


def test_what_changes_in_another_round_is_no_reason_to_run(driven: Driven) -> None:
    """A question about one round hangs on that round's rows, whatever comes in others."""
    ran: list[int] = []
    mine = driven.context.id

    def work() -> None:
        ran.append(1)
        with session() as records:
            records.exec(select(AwardRecord).where(AwardRecord.round_id == mine)).all()

    def runs() -> bool:
        before = len(ran)
        unless_done("cua-minh", driven.context, (), work)
        return len(ran) > before

    assert runs()
    seal = f"VALUES ('khac/2024', 'award', 'x', 1, '{1:064x}')"
    for change in (
        f"INSERT INTO seal (scope, name, part, rows, total) {seal}",
        "DELETE FROM seal WHERE part = 'x'",
    ):
        with session() as records:
            records.connection().execute(text(change))
        assert not runs(), change
    award = {"unit": "xa-1", "criterion": "1.1", "reading": "as_written", "kind": "self"}
    award |= {"status": "scored", "max_points": "10", "published": "1", "low": "1", "high": "1"}
    with session() as records:
        made = AwardRecord(round_id=mine, reasons=[], **award)
        records.add(made)
    assert runs()
    with session() as records:
        records.delete(records.get_one(AwardRecord, made.id))
    assert runs()


JOINED = (
    "SELECT figure.id \nFROM figure JOIN submission"
    " ON submission.id = figure.submission_id \nWHERE "
)
ONE_ROUND = "SELECT award.unit, award.points \nFROM award \nWHERE "


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (ONE_ROUND + "award.round_id = ?", {"award": 0}),
        (ONE_ROUND + "award.kind = ? AND award.round_id = ? ORDER BY award.id", {"award": 1}),
        (ONE_ROUND + "award.kind IN (?, ?) AND award.round_id = ? LIMIT ?", {"award": 2}),
        (
            ONE_ROUND + "award.points IS NOT NULL AND award.round_id = %(round_id_1)s::VARCHAR",
            {"award": "round_id_1"},
        ),
        ('SELECT round.id \nFROM "round" \nWHERE round.id = ?', {"round": 0}),
        (ONE_ROUND + "award.round_id = ? OR award.kind = ?", {}),
        (ONE_ROUND + "NOT (award.kind = ? AND award.round_id = ?)", {}),
        (ONE_ROUND + "(award.kind, award.unit = ? AND award.round_id = ?)", {}),
        (ONE_ROUND + "award.round_id IN (?, ?)", {}),
        (ONE_ROUND + "award.round_id != ?", {}),
        (ONE_ROUND + "award.round_id = ? AND award.unit IN (SELECT flag.unit FROM flag)", {}),
        (ONE_ROUND + "award.kind = ?", {}),
        ("SELECT award.unit \nFROM award, flag \nWHERE award.round_id = ?", {}),
        ("SELECT a.unit \nFROM award AS a \nWHERE a.round_id = ?", {}),
        (
            JOINED + "figure.round_id = ? AND submission.round_id = ?",
            {"figure": 0, "submission": 1},
        ),
        (JOINED + "figure.round_id = ? AND submission.source = ?", {"figure": 0}),
        (JOINED.replace(" JOIN", " LEFT OUTER JOIN") + "figure.round_id = ?", {}),
        ("SELECT award.unit \nFROM award JOIN flag ON 1 = 1 \nWHERE award.round_id = ?", {}),
        ("SELECT (SELECT max(id) FROM flag) \nFROM award \nWHERE award.round_id = ?", {}),
        ("UPDATE award SET points=? WHERE award.round_id = ?", {"award": 1}),
        ('UPDATE "round" SET state=round.state WHERE round.id = ?', {"round": 0}),
        ("UPDATE award SET points=? WHERE award.id = ?", {}),
        ("UPDATE award SET points=(SELECT 1 FROM flag) WHERE award.round_id = ?", {}),
        ("DELETE FROM award WHERE award.round_id = ?", {}),
        ("SELECT earlier_result.unit \nFROM earlier_result \nWHERE earlier_result.unit = ?", {}),
    ],
)
def test_which_questions_are_about_one_round(
    statement: str, expected: dict[str, int | str]
) -> None:
    assert _confined(statement) == expected


def test_what_somebody_else_approves_meanwhile_makes_it_run_again(driven: Driven) -> None:
    """Of the audit trail only the questions are kept: an event that came between the question and
    the note was not seen by the stage."""
    ran: list[int] = []

    def work() -> None:
        ran.append(1)
        with session() as records:
            gate_of(records, driven.context.id)
        if len(ran) == 1:
            _approved_by_somebody_else(driven.context.id)

    for runs in (1, 2, 2):
        unless_done("cong", driven.context, (), work)
        assert len(ran) == runs


def _approved_by_somebody_else(round_id: str) -> None:
    """An event of another process: this one's watch does not see it."""
    before = _watch.set(None)
    try:
        with session() as records:
            audit.append(records, round_id, "step_approved", "thu-thap", {}, "test")
    finally:
        _watch.reset(before)


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


@pytest.mark.parametrize("looks", [clock.now, clock.today, audit.now, None])
def test_a_new_day_counts_for_a_stage_that_asked_for_the_time(driven: Driven, looks: Any) -> None:
    ran: list[int] = []

    def work() -> None:
        ran.append(1)
        if looks is not None:
            looks()

    morning = datetime(2024, 10, 1, 1, tzinfo=UTC)
    for days, of_one_that_looks in ((0, 1), (0, 1), (1, 2), (2, 3), (2, 3)):
        with clock.standing_at(morning + timedelta(days=days)):
            unless_done("ngay", driven.context, (), work)
        assert len(ran) == (1 if looks is None else of_one_that_looks)


def test_a_stage_that_ran_over_midnight_is_not_left_out(driven: Driven) -> None:
    ran: list[int] = []
    midnight = datetime(2024, 10, 1, 17, tzinfo=UTC)  # in Viet Nam

    def work() -> None:
        ran.append(1)
        with clock.standing_at(midnight - timedelta(seconds=1)):
            clock.today()
        clock._moment = midnight

    for number in (1, 2):
        with clock.standing_at(midnight - timedelta(minutes=1)):
            unless_done("nua-dem", driven.context, (), work)
        assert len(ran) == number


@pytest.mark.usefixtures("driven")
def test_what_stands_before_publication_hangs_on_the_day_only_through_petitions() -> None:
    for round_id, expected in (("vinh-phuc/2023@vinh-yen", False), ("vinh-phuc/2023", True)):
        context = load_round(round_id)
        assert takes_petitions(context) == expected
        with session() as records:
            asked = clock.asked()
            assert unpublishable(records, context)
            assert (clock.asked() is not asked) == expected
