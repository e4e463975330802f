"""Working days by the law and the yearly notices, and deadlines that fall on a day off."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from dti_core.program.calendar import (
    SHIPPED,
    UnknownYear,
    UnsettledDay,
    closing_of,
    day_off,
    local_day,
    next_working_day,
)
from dti_core.strict_yaml import DataError
from tests.unit.reminded_round import write_program

pytestmark = pytest.mark.usefixtures("empty_home")

# Weekdays off and Saturdays worked, as the papers announced each year's holidays to the civil
# service, written down here by hand and not from the data files.
ANNOUNCED = {
    2023: (
        "01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04",
        "",
    ),
    2024: (
        "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03",
        "05-04",
    ),
    2025: (
        "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
        "04-26",
    ),
    2026: (
        "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
        "01-10 08-22",
    ),
}
UNSETTLED = date(2026, 11, 23)


@pytest.mark.parametrize("year", sorted(ANNOUNCED))
def test_a_years_days_off_are_those_that_were_announced(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year and day != UNSETTLED]
    off = [day for day in days if day.weekday() < 5 and day_off(day)]
    worked = [day for day in days if day.weekday() >= 5 and not day_off(day)]
    announced_off, announced_worked = ANNOUNCED[year]
    assert [f"{day:%m-%d}" for day in off] == announced_off.split()
    assert [f"{day:%m-%d}" for day in worked] == announced_worked.split()


def test_every_day_off_names_what_it_rests_on() -> None:
    said = {day_off(date(2024, 1, 1) + timedelta(days=n)) for n in range(366)} - {None}
    assert all(any(word in str(why) for word in ("Điều", "VPCP", "TB-", "QĐ-TTg")) for why in said)


@pytest.mark.parametrize(
    ("deadline", "moved"),
    [
        ("2024-01-31", "2024-01-31"),  # a working Wednesday
        ("2024-02-03", "2024-02-05"),  # a Saturday
        ("2024-02-08", "2024-02-15"),  # Tết, then the days in lieu of its weekend
        ("2024-04-28", "2024-05-02"),  # Sunday, a swapped Monday, 30/4, 1/5
        ("2024-05-04", "2024-05-04"),  # the Saturday worked for it
        ("2026-04-25", "2026-04-28"),  # Saturday, Giỗ Tổ on Sunday, made up on Monday
    ],
)
def test_a_deadline_on_a_day_off_moves_where_the_program_says_so(deadline: str, moved: str) -> None:
    stated, expected = date.fromisoformat(deadline), date.fromisoformat(moved)
    assert next_working_day(stated) == expected
    context = write_program({"deadline_on_day_off": "next_working_day"}, closes=stated)
    closing = closing_of(context.program, context.round)
    assert (closing.on, closing.stated) == (expected, stated)
    assert bool(closing.note) == (expected != stated)


def test_a_deadline_is_kept_where_the_program_says_so_and_needs_no_calendar() -> None:
    context = write_program({"deadline_on_day_off": "keep"}, closes=date(2031, 2, 1))
    assert closing_of(context.program, context.round).on == date(2031, 2, 1)


def test_an_unset_policy_keeps_the_day_and_says_that_it_is_unset() -> None:
    context = write_program({}, closes=date(2024, 2, 10))
    closing = closing_of(context.program, context.round)
    assert closing.on == date(2024, 2, 10)
    assert "deadline_on_day_off" in closing.note
    assert "ngày nghỉ (Tết Âm lịch, Công văn 8662/VPCP-KGVX" in closing.note


def test_a_year_outside_the_data_is_refused_and_the_file_to_write_is_named(
    empty_home: Path,
) -> None:
    with pytest.raises(UnknownYear) as refused:
        day_off(date(2027, 3, 1))
    assert str(empty_home / "holidays" / "2027.yaml") in str(refused.value)
    assert "2023, 2024, 2025, 2026" in str(refused.value)
    context = write_program({"deadline_on_day_off": "next_working_day"}, closes=date(2027, 1, 30))
    with pytest.raises(UnknownYear):
        closing_of(context.program, context.round)


def test_a_day_that_was_open_when_the_file_was_written_is_refused() -> None:
    with pytest.raises(UnsettledDay, match=r"23/11/2026.*hoán đổi"):
        next_working_day(date(2026, 11, 21))


def test_an_office_adds_a_year_of_its_own(empty_home: Path) -> None:
    own = empty_home / "holidays" / "2027.yaml"
    own.parent.mkdir()
    text = (SHIPPED / "2025.yaml").read_text(encoding="utf-8").replace("2025-", "2027-")
    own.write_text(text.replace("year: 2025", "year: 2027"), encoding="utf-8")
    assert day_off(date(2027, 4, 7)) is not None
    assert day_off(date(2027, 4, 8)) is None
    own.write_text(own.read_text(encoding="utf-8").replace("2027-04-07", "2027-04-08"), "utf-8")
    assert day_off(date(2027, 4, 8)) is not None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("year: 2025", "year: 2026", "không thuộc năm 2026"),
        ('"2025-01-31"]', '"2025-02-01"]', "liền nhau"),
        (', "2025-01-31"]', "]", "5 ngày"),
        ('"2025-09-01"', '"2025-09-04"', "01/9 hoặc 03/9"),
        ("hung_kings:", "hung_king:", "hung_king"),
        ("  basis: Bộ luật", "  # basis: Bộ luật", "basis"),
    ],
)
def test_a_year_that_is_not_as_the_law_says_is_refused_with_its_line(
    empty_home: Path, old: str, new: str, told: str
) -> None:
    own = empty_home / "holidays" / "2025.yaml"
    own.parent.mkdir()
    text = (SHIPPED / "2025.yaml").read_text(encoding="utf-8")
    assert old in text
    own.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=told) as refused:
        day_off(date(2025, 3, 3))
    assert str(own) in str(refused.value)


def test_a_moment_belongs_to_the_day_that_it_is_in_viet_nam() -> None:
    assert local_day("2024-01-31T16:59:59+00:00") == date(2024, 1, 31)
    assert local_day("2024-01-31T17:00:00+00:00") == date(2024, 2, 1)
