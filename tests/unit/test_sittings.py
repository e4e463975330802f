"""Sittings of the council: who was there, who chaired, and when a sitting does not count."""

from datetime import date

import pytest
from typer.testing import CliRunner

from dti_core.clock import today
from dti_core.program.load import RoundContext, load_round
from dti_core.records import audit
from dti_core.records.database import session
from dti_core.records.rounds import open_round
from dti_core.records.sittings import NotHeld, hold, sittings
from flows.cli import app
from tests.trail import events_of
from tests.unit.appraised_round import ABSENT, CHAIR_ID, FINANCE, INTERIOR, program
from tests.unit.reminded_round import ROUND

DAY, PLACE = date(2024, 3, 20), "Phòng họp số 1"
HALF = {"quorum": "1/2"}
TWO_THIRDS = {"quorum": "2/3"}


@pytest.fixture
def council(empty_home: object) -> RoundContext:
    assert empty_home
    return opened(TWO_THIRDS)


def opened(policies: dict[str, str]) -> RoundContext:
    context = program(policies)
    with session() as records:
        open_round(records, context, "test")
    return context


def held(
    context: RoundContext,
    *present: str,
    chair: str | None = None,
    day: date = DAY,
    place: str = PLACE,
    note: str | None = None,
) -> bool:
    with session() as records:
        return hold(records, context, day, place, present, "Thư ký", chair, note)


@pytest.mark.usefixtures("database")
def test_a_sitting_is_kept_with_who_was_there_and_the_same_again_changes_nothing() -> None:
    context = opened(TWO_THIRDS)
    assert held(context, FINANCE, CHAIR_ID, INTERIOR)
    assert not held(context, CHAIR_ID, FINANCE, INTERIOR), "the order of naming says nothing"
    assert held(context, CHAIR_ID, FINANCE, INTERIOR, note="Thống nhất toàn bộ điểm.")
    with session() as records:
        (sitting,) = sittings(records, ROUND)
        assert audit.verify(records, ROUND) == []
        first, second = events_of(records, "sitting_held")
    assert (sitting.held_on, sitting.place, sitting.chaired_by) == ("2024-03-20", PLACE, CHAIR_ID)
    assert sitting.present == [CHAIR_ID, INTERIOR, FINANCE]
    assert (first.detail["before"], first.detail["of"]) == (None, 4)
    assert second.detail["before"]["note"] is None


def test_below_the_quorum_there_is_no_sitting(council: RoundContext) -> None:
    with pytest.raises(NotHeld, match=r"Có mặt 2 trên 4 thành viên, dưới mức 2/3 \(ví dụ\)"):
        held(council, CHAIR_ID, FINANCE)
    with session() as records:
        assert sittings(records, ROUND) == []


@pytest.mark.usefixtures("empty_home")
def test_exactly_the_quorum_is_enough() -> None:
    assert held(opened(HALF), CHAIR_ID, FINANCE)


@pytest.mark.usefixtures("empty_home")
def test_without_the_policy_nobody_can_say_whether_a_sitting_counts() -> None:
    with pytest.raises(NotHeld, match="Chưa đặt chính sách “quorum”"):
        held(opened({}), CHAIR_ID, FINANCE, INTERIOR, ABSENT)


def test_whoever_is_no_member_is_named_with_those_who_are(council: RoundContext) -> None:
    known = f"{CHAIR_ID}, {INTERIOR}, {FINANCE}, {ABSENT}"
    with pytest.raises(NotHeld, match=f"uv-la không phải thành viên Hội đồng mẫu. Có: {known}"):
        held(council, CHAIR_ID, FINANCE, "uv-la")


def test_a_member_named_twice_counts_once(council: RoundContext) -> None:
    with pytest.raises(NotHeld, match="Có mặt 2 trên 4"):
        held(council, CHAIR_ID, FINANCE, FINANCE)


def test_in_the_chairs_absence_the_vice_chair_presides_or_whoever_is_named(
    council: RoundContext,
) -> None:
    held(council, FINANCE, INTERIOR, ABSENT)
    held(council, FINANCE, INTERIOR, ABSENT, chair=FINANCE, day=date(2024, 3, 21))
    with session() as records:
        assert [each.chaired_by for each in sittings(records, ROUND)] == [ABSENT, FINANCE]
    with pytest.raises(NotHeld, match="phải có trong danh sách có mặt"):
        held(council, FINANCE, INTERIOR, ABSENT, chair=CHAIR_ID)


@pytest.mark.usefixtures("empty_home")
def test_somebody_has_to_chair() -> None:
    with pytest.raises(NotHeld, match="--chair"):
        held(opened(HALF), FINANCE, INTERIOR)


def test_a_sitting_has_a_place_and_is_over(council: RoundContext) -> None:
    with pytest.raises(NotHeld, match="phải ghi nơi họp"):
        held(council, CHAIR_ID, FINANCE, INTERIOR, place=" ")
    tomorrow = date.fromordinal(today().toordinal() + 1)
    with pytest.raises(NotHeld, match="chưa đến"):
        held(council, CHAIR_ID, FINANCE, INTERIOR, day=tomorrow)


def test_a_program_without_a_council_has_no_sittings(empty_home: object) -> None:
    assert empty_home
    context = load_round("vinh-phuc/2023-so")
    with session() as records, pytest.raises(NotHeld, match="không lập Hội đồng thẩm định"):
        hold(records, context, DAY, PLACE, [], "test")


def test_the_command_shows_the_council_and_records_a_sitting(council: RoundContext) -> None:
    present = f"{CHAIR_ID}, {FINANCE},{INTERIOR}"
    run = CliRunner().invoke(
        app,
        [
            "council",
            ROUND,
            "--held",
            "2024-03-20",
            "--place",
            PLACE,
            "--present",
            present,
            "--as",
            "Thư ký",
        ],
    )
    assert run.exit_code == 0, run.output
    shown = CliRunner().invoke(app, ["council", ROUND])
    text = " ".join(shown.output.split())
    assert council.program.appraisal.council is not None
    assert "20/03/2024, Phòng họp số 1: 3/4 thành viên" in text
    assert "Chủ tịch Hội đồng" in text
    assert "66,67 %" in text
