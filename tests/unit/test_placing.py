"""Files that came by mail or on a stick are put into the inbox with the moment that they came."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from dti_core.clock import CIVIL_TIME
from dti_core.program.load import RoundContext
from dti_core.records.collecting import standings
from dti_core.records.database import session
from dti_core.records.tables import AuditRecord
from tasks.collecting import Collected, collect
from tasks.inbox import files, inbox
from tasks.placing import NotPlaced, files_of, place
from tests.unit.collected_round import sends
from tests.unit.reminded_round import DUE, ROUND, opened

UNIT = "so-y-te"


@pytest.fixture
def context(empty_home: Path) -> RoundContext:
    assert empty_home.is_dir()
    return opened({})


@pytest.fixture
def came(context: RoundContext, tmp_path: Path) -> Path:
    """A filled workbook outside of the inbox, as a mail program saved it."""
    sends(context, UNIT, {("1.2.2|a", "value"): 8})
    (lying,) = inbox(ROUND).iterdir()
    saved = tmp_path / "tải về" / lying.name
    saved.parent.mkdir()
    lying.rename(saved)
    return saved


def put(file: Path, moment: datetime | None = None) -> Path:
    with session() as records:
        return place(records, ROUND, file, moment, "Văn thư")


def test_a_told_moment_decides_whether_it_is_late_and_stands_in_the_trail(
    context: RoundContext, came: Path
) -> None:
    moment = datetime(DUE.year, DUE.month, DUE.day, 23, 50)
    placed = put(came, moment)
    assert placed == inbox(ROUND) / came.name
    assert came.exists(), "what was sent stays where it was saved"
    assert collect(context, "test") == Collected(new=1)
    with session() as records:
        (standing,) = [s for s in standings(records, ROUND) if s.provider == UNIT]
        wanted = select(AuditRecord).where(AuditRecord.action == "arrival_told")
        told = records.exec(wanted).one()
    assert standing.received_on == DUE
    assert not standing.came_late
    assert (told.subject, told.actor) == (came.name, "Văn thư")
    assert told.detail["received_at"] == moment.replace(tzinfo=CIVIL_TIME).isoformat()


def test_the_same_file_again_lies_there_already_and_another_never_writes_over_it(
    came: Path,
) -> None:
    first = put(came)
    assert put(came) == first
    came.write_bytes(came.read_bytes() + b"\n")
    second = put(came)
    assert second.name == f"{came.stem} (2){came.suffix}"
    assert put(came) == second
    assert len(list(files(ROUND))) == 2


def test_a_folder_gives_its_files_without_what_programs_leave_there(tmp_path: Path) -> None:
    for name in ("b.xlsx", "a.zip", ".DS_Store", "~$b.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "thư mục con").mkdir()
    assert [file.name for file in files_of([tmp_path])] == ["a.zip", "b.xlsx"]
    with pytest.raises(NotPlaced, match=r"Không thấy tệp hay thư mục .*khong-co\.xlsx"):
        files_of([tmp_path / "khong-co.xlsx"])


def test_a_moment_to_come_is_refused(came: Path) -> None:
    tomorrow = datetime.now(CIVIL_TIME).replace(tzinfo=None) + timedelta(days=1)
    with pytest.raises(NotPlaced, match="chưa đến"):
        put(came, tomorrow)
    assert list(files(ROUND)) == []
