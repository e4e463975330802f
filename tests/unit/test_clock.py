"""One clock: the machine's own, or one that is set."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dti_core import clock
from dti_core.clock import CIVIL_TIME, standing_at
from dti_core.records import audit


def test_it_is_the_machines_time_unless_somebody_sets_it() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    with standing_at(datetime(2024, 6, 20, 7, 30, tzinfo=CIVIL_TIME)):
        assert clock.now() == datetime(2024, 6, 20, 0, 30, tzinfo=UTC)
        assert audit.now() == "2024-06-20T00:30:00+00:00"
    assert clock.now().year >= 2026


def test_a_day_ends_by_viet_nams_time() -> None:
    with standing_at(datetime(2024, 6, 30, 16, 59, tzinfo=UTC)):
        assert clock.today() == date(2024, 6, 30)
    with standing_at(datetime(2024, 6, 30, 17, 0, tzinfo=UTC)):
        assert clock.today() == date(2024, 7, 1)


def test_a_moment_without_a_zone_is_nobodys_moment() -> None:
    with pytest.raises(ValueError, match="time zone"), standing_at(datetime(2024, 6, 30, 7, 0)):
        pass
