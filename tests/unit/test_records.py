"""Records on SQLite and PostgreSQL: written once, versioned, chained, migrated."""

import os
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import col, select

from dti_core.intake.data_files import receive_data_files
from dti_core.program.load import RoundContext, load_round
from dti_core.records import audit
from dti_core.records.database import database_url, engine, session
from dti_core.records.figures import current_figures, receive, write_figures
from dti_core.records.rounds import LawChanged, RoundNotOpen, open_round, require_round
from dti_core.records.scoring import StaleScores, score_round, scored_round
from dti_core.records.seals import broken
from dti_core.records.tables import (
    AuditRecord,
    FigureRecord,
    NotificationRecord,
    Record,
    RoundRecord,
)
from tests.conftest import JUNE

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def opened(database: str) -> RoundContext:
    assert os.environ["DTI_DATABASE_URL"] == database
    context = load_round(JUNE)
    with session() as records:
        open_round(records, context, "test")
        receive_data_files(records, context, "test")
        score_round(records, context, "test")
    return context


def _content() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, to compare before and after."""
    with engine(database_url()).connect() as connection:
        return {
            table.name: sorted(
                (tuple(map(str, row)) for row in connection.execute(table.select())), key=str
            )
            for table in Record.metadata.sorted_tables
        }


@pytest.mark.usefixtures("opened")
def test_migrations_make_exactly_the_tables_of_the_models() -> None:
    with engine(database_url()).connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), Record.metadata)
    assert difference == []


def test_every_stage_run_again_changes_nothing(opened: RoundContext) -> None:
    before = _content()
    with session() as records:
        assert open_round(records, opened, "test") is False
        written = receive_data_files(records, opened, "test")
        assert (written.added, written.changed) == (0, 0)
        _, changed = score_round(records, opened, "test")
        assert changed == 0
    assert _content() == before


def test_a_stage_before_its_round_is_opened_is_refused_with_the_command_to_run() -> None:
    with session() as records, pytest.raises(RoundNotOpen, match=f"dti rounds open {JUNE}"):
        require_round(records, load_round(JUNE))


@pytest.mark.usefixtures("opened")
def test_a_figure_survives_the_records_exactly() -> None:
    with session() as records:
        figure = current_figures(records, JUNE)["kon-tum", "3.3", "ratio"]
    assert figure.value == Fraction(5297, 10000)
    assert figure.raw == "Đã đạt 52.97%"
    assert figure.cells == ("419/KH-UBND, Phụ lục 2, mục 3.3, cột “Kết quả năm 2023”",)


@pytest.mark.usefixtures("opened")
def test_a_corrected_file_adds_versions_and_keeps_the_old_ones() -> None:
    key = ("kon-tum", "5.7", "a")
    with session() as records:
        figures = current_figures(records, JUNE)
        changed = {**figures, key: replace(figures[key], value=Fraction(25))}
        del changed["kon-tum", "6.6", "a"]
        submission, new = receive(
            records, JUNE, "kon-tum", "data/kon-tum-2023.yaml", "b" * 64, "b.yaml", "test"
        )
        assert (new, submission.version) == (True, 2)
        written = write_figures(records, JUNE, submission, changed.values(), "test")
        assert (written.added, written.changed) == (0, 2)
    with session() as records:
        now = current_figures(records, JUNE)
        assert now[key].value == 25
        assert now["kon-tum", "6.6", "a"].status == "missing"
        versions = records.exec(
            select(FigureRecord.number)
            .where(FigureRecord.criterion == "5.7", FigureRecord.variable == "a")
            .order_by(col(FigureRecord.version))
        ).all()
        assert versions == ["24", "25"]


def test_scores_older_than_the_figures_are_not_shown_as_current(opened: RoundContext) -> None:
    with session() as records:
        scored_round(records, opened)
        figures = current_figures(records, JUNE)
        key = ("kon-tum", "5.7", "a")
        submission, _ = receive(
            records, JUNE, "kon-tum", "data/kon-tum-2023.yaml", "c" * 64, "c.yaml", "test"
        )
        changed = {**figures, key: replace(figures[key], value=Fraction(26))}
        write_figures(records, JUNE, submission, changed.values(), "test")
    with session() as records, pytest.raises(StaleScores, match=f"dti score {JUNE}"):
        scored_round(records, opened)


def test_a_round_refuses_to_go_on_under_a_changed_law(opened: RoundContext) -> None:
    with session() as records:
        record = records.get_one(RoundRecord, JUNE)
        record.pins = {**record.pins, "vinh-long-2554/tinh": "0" * 64}
        records.add(record)
    with session() as records, pytest.raises(LawChanged, match="vinh-long-2554/tinh"):
        require_round(records, opened)


@pytest.mark.usefixtures("opened")
def test_an_untouched_audit_chain_is_whole() -> None:
    with session() as records:
        assert audit.verify(records, JUNE) == []
        actions = records.exec(select(AuditRecord.action).order_by(col(AuditRecord.seq))).all()
    assert actions == ["round_opened", "file_received", "figures_read", "scores_computed"]


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        ("UPDATE audit_event SET actor = 'khác' WHERE seq = 2", "số 2 đã bị sửa"),
        ("DELETE FROM audit_event WHERE seq = 2", "số 2 bị thiếu"),
        ("UPDATE audit_event SET at = '2020-01-01' WHERE seq = 1", "số 1 đã bị sửa"),
        ("UPDATE audit_event SET previous = 'x' WHERE seq = 3", "số 3 không nối"),
    ],
)
@pytest.mark.usefixtures("opened")
def test_tampering_with_the_audit_chain_is_found(tamper: str, told: str) -> None:
    with engine(database_url()).begin() as connection:
        connection.execute(text(tamper))
    with session() as records:
        assert any(told in problem for problem in audit.verify(records, JUNE))


def test_rows_that_go_in_by_the_hundred_get_their_own_numbers(opened: RoundContext) -> None:
    """SQLAlchemy learns which number is whose from the order in which the database gave them."""
    with session() as records:
        made = [
            NotificationRecord(
                round_id=opened.id,
                key=f"k:{n}",
                recipient="x",
                title=f"t{n}",
                body="b",
                attachments=[],
                status="pending",
            )
            for n in random.Random(7).sample(range(10_000), 3_000)
        ]
        records.add_all(made)
        records.flush()
        told = {each.id: each.key for each in made}
        kept = records.exec(select(NotificationRecord.id, NotificationRecord.key)).all()
        assert told == dict(kept)
    with session() as records:
        assert broken(records, opened.id) == []
