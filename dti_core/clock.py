"""What time it is: one place, so that a year can be run through on a clock that is set.

The clock is the machine's own unless somebody sets it (`dti simulate`, tests). A set clock stands
still until it is set again; it holds for the whole process, in every thread.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone

CIVIL_TIME = timezone(timedelta(hours=7))
"""Viet Nam's time, UTC+7 all year (Quyết định 134/2002/QĐ-TTg): a deadline's day ends by it."""

_moment: datetime | None = None
_asked = object()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    global _asked
    _asked = object()
    return _moment or datetime.now(UTC)


def asked() -> object:
    """Another object whenever anything in this process has asked for the time: as long as it is
    the same, nothing that was done meanwhile can hang on the time."""
    return _asked


def today() -> date:
    """The day that it is in Viet Nam, wherever the machine stands."""
    return now().astimezone(CIVIL_TIME).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` inside. Raises ValueError for a moment without a time zone."""
    global _moment
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    before = _moment
    _moment = moment.astimezone(UTC)
    try:
        yield
    finally:
        _moment = before
