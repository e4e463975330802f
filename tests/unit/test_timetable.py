"""The calendar in order of time, the schedules made of it, and the years not entered yet."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr

from dti_core.clock import CIVIL_TIME
from dti_core.program.load import load_program, load_round, program_ids
from dti_core.program.recurring import Recurring, missing
from dti_core.program.timetable import events_of_round, timetable
from flows.schedules import DoubleSlug, NoSchedule, Schedule, of_event, of_slug, schedules
from tests.unit.scheduled_program import DAYS_OPEN, PROGRAM, write_program

JUNE, Q4, DIEN_BIEN = "vinh-long/2024-06", "vinh-long-mau/2024-q4", "dien-bien/2023"


def moments(round_id: str) -> dict[str, str]:
    """kind → its first moment, "2024-06-10 07:30", of the round itself."""
    return {
        each.kind: f"{each.starts:%Y-%m-%d %H:%M}"
        for each in events_of_round(load_round(round_id))
        if each.round_id == round_id
    }


def test_the_june_round_asks_ten_days_ahead_of_its_window() -> None:
    assert moments(JUNE) == {
        "requests": "2024-06-10 07:30",
        "daily": "2024-06-11 07:30",
        "close": "2024-07-01 07:30",  # 2554/QĐ-UBND, VI.2: until 30 June, which is the units' day
    }


def test_the_fourth_quarter_s_round_has_every_deadline() -> None:
    assert moments(Q4) == {
        "requests": "2024-09-27 07:30",
        "daily": "2024-09-28 07:30",
        "close": "2024-11-01 07:30",
        "explanation": "2024-11-16 07:30",
        "appraisal": "2024-11-30 07:30",
        "petitions": "2024-12-14 07:30",
        "publication": "2024-12-31 07:30",
    }


def test_dien_bien_closes_on_30_january_and_publishes_in_the_first_quarter() -> None:
    found = moments(DIEN_BIEN)
    assert found["close"] == "2024-01-31 07:30"
    assert found["publication"] == "2024-03-31 07:30"


def test_sub_rounds_have_events_of_their_own_and_the_round_awaits_them() -> None:
    program = load_program("vinh-phuc")
    events = timetable(program)
    parents = load_round("vinh-phuc/2023").sub_rounds
    assert {each.round_id for each in events} >= set(parents)
    assert "hand_over" in moments("vinh-phuc/2023")
    close = next(e for e in events if (e.kind, e.round_id) == ("close", parents[0]))
    assert close.starts.date() == date(2024, 1, 25)


def test_a_deadline_s_move_off_a_day_off_moves_its_event(empty_home: Path) -> None:  # noqa: ARG001
    # 2024-06-30 is a Sunday; the sample moves deadlines on to the next working day
    assert moments("vinh-long-mau/2024-06")["close"] == "2024-07-02 07:30"


def test_no_two_schedules_share_a_slug() -> None:
    slugs = [each.slug for each in schedules()]
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("program", ["dien-bien", "vinh-long", "vinh-long-mau", "vinh-phuc"])
def test_a_rule_gives_exactly_the_moments_of_its_event(program: str) -> None:
    for event in timetable(load_program(program)):
        rule = of_event(event).rule
        local = [each.astimezone(CIVIL_TIME).replace(tzinfo=None) for each in event.moments()]
        assert list(rrulestr(rule)) == local
        assert "COUNT" not in rule  # Prefect 3.8 does not know it


def test_the_next_time_is_the_first_that_is_not_past() -> None:
    daily = of_slug("vinh-long-2024-06-hang-ngay")
    at = datetime(2024, 6, 20, 7, 30, tzinfo=CIVIL_TIME)
    assert daily.next_after(at) == at
    assert daily.next_after(at + timedelta(seconds=1)) == at + timedelta(days=1)
    assert daily.next_after(datetime(2024, 8, 1, tzinfo=CIVIL_TIME)) is None


def test_a_changed_date_keeps_the_slug_and_another_hour_is_kept(empty_home: Path) -> None:  # noqa: ARG001
    def close() -> Schedule:
        return of_slug(f"{PROGRAM}-2030-khep-thu-thap")

    write_program(date(2030, 3, 4))
    before = close()
    write_program(date(2030, 3, 5), at="06:15:30")
    assert before.rule.startswith("DTSTART:20300404T073000\n")
    assert close().rule.startswith("DTSTART:20300405T061530\n")
    assert date(2030, 3, 5) + timedelta(days=DAYS_OPEN + 1) == date(2030, 4, 5)


def test_a_slug_that_no_calendar_has_is_refused() -> None:
    with pytest.raises(NoSchedule, match="dti deploy"):
        of_slug("vinh-long-1999-06-hang-ngay")


def test_two_rounds_that_would_share_a_slug_are_refused(empty_home: Path) -> None:
    write_program(date(2030, 3, 4))
    file = empty_home / "programs" / PROGRAM / "program.yaml"
    other = file.parent.with_name(f"{PROGRAM}-2030") / "program.yaml"
    other.parent.mkdir()
    text = file.read_text(encoding="utf-8").replace(f'"id": "{PROGRAM}"', f'"id": "{PROGRAM}-2030"')
    other.write_text(text.replace('"id": "2030"', '"id": "2031"'), encoding="utf-8")
    file.write_text(
        file.read_text(encoding="utf-8").replace('"id": "2030"', '"id": "2030-2031"'),
        encoding="utf-8",
    )
    with pytest.raises(DoubleSlug, match="trùng tên"):
        schedules()


def test_a_year_whose_round_is_not_entered_is_missed_ahead_of_its_window() -> None:
    program = load_program("vinh-long")
    assert missing(program, "thang-6", date(2024, 6, 30)) is None
    found = missing(program, "thang-6", date(2024, 7, 1))
    assert found is not None
    assert (found.round_id, found.opens) == ("vinh-long/2025-06", date(2025, 6, 20))


def test_dien_bien_s_window_of_a_year_is_the_round_of_the_year_before() -> None:
    program = load_program("dien-bien")
    assert missing(program, "quy-1", date(2023, 12, 1)) is None
    found = missing(program, "quy-1", date(2024, 11, 18))
    assert found is not None
    assert (found.round_id, found.opens) == ("dien-bien/2024", date(2025, 1, 2))


def test_every_shipped_program_says_what_comes_every_year() -> None:
    for each in program_ids():
        program = load_program(each)
        assert program.recurring
        assert all("QĐ-UBND" in one.basis for one in program.recurring)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens": "02-29"}, "hằng năm"),
        ({"opens": "13-01"}, "hằng năm"),
        ({"opens": "07-01"}, "trước ngày khép"),
        ({"round": "2026-06"}, "{year}"),
        ({"round": "{month}"}, "{year}"),
        ({"remind_days_ahead": ()}, "at least 1"),
    ],
)
def test_a_window_that_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    sound: dict[str, object] = {
        "id": "thang-6",
        "title": "Chỉ số của tỉnh",
        "opens": "06-20",
        "closes": "06-30",
        "round": "{year}-06",
        "basis": "ví dụ",
    }
    Recurring.model_validate(sound)
    with pytest.raises(ValueError, match=said.replace("{", r"\{")):
        Recurring.model_validate({**sound, **change})
