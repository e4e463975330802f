"""The data-quality report as a stage writes it: recorded, the same again, listed doubts counted."""

from pathlib import Path

from sqlmodel import select

from dti_core.records.database import session
from dti_core.records.flags import LISTED, STATUS_TEXT, write_flags
from dti_core.records.rounds import documents
from dti_core.records.tables import AuditRecord
from reports.quality.values import quality_values
from tasks.quality import write_quality
from tests.unit.quality_round import ROUND, SO, TWO, doubt, opened, sends


def test_the_report_is_written_recorded_and_the_same_again(empty_home: Path) -> None:
    context = opened()
    folder = empty_home / "rounds" / ROUND / "documents"
    with session() as records:
        sends(records, context, SO)
        paths = write_quality(records, context, "test")
        recorded = {each.path: each.kind for each in documents(records, ROUND)}
        events = len(records.exec(select(AuditRecord)).all())
        assert write_quality(records, context, "test") == paths
        assert len(records.exec(select(AuditRecord)).all()) == events
    assert paths == [
        str(folder / "chat-luong-so-lieu.html"),
        str(folder / "chat-luong-so-lieu.xlsx"),
    ]
    files = {f"documents/{path.relative_to(folder)}" for path in folder.rglob("*.*")}
    assert set(recorded) == files
    assert recorded["documents/chat-luong-so-lieu.html"] == "quality_report"
    assert {recorded[path] for path in files if path.count("/") > 1} == {"quality_page"}


def test_doubts_that_are_only_listed_are_counted_where_there_are_any(empty_home: Path) -> None:
    assert empty_home
    context = opened()
    asked, listed = doubt(SO, "6.9"), doubt(TWO, "6.9")
    with session() as records:
        sends(records, context, SO)
        write_flags(records, ROUND, [asked], {}, "test")
        usual = quality_values(records, context)
        write_flags(records, ROUND, [asked, listed], {}, "test", {listed.id})
        report = quality_values(records, context)
    assert STATUS_TEXT[LISTED] not in usual.flag_states
    assert report.flag_states == (*usual.flag_states, STATUS_TEXT[LISTED])
    counted = {page.line.id: page.line.flags for page in report.pages}
    assert (counted[SO], counted[TWO]) == ((1, 0, 0, 0, 0), (0, 0, 0, 0, 1))
