"""Work on the records that another process may be writing to at the same moment."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError

T = TypeVar("T")

ATTEMPTS = 8
"""Tried so often, at doubling pauses from 50 ms up: 6 s for whoever writes in between."""


def until_free(work: Callable[[], T]) -> T:
    """Run one transaction again where somebody wrote between its look and its write: two that
    append to the same audit chain cannot both be the next link."""
    for attempt in range(ATTEMPTS):
        try:
            return work()
        except (IntegrityError, OperationalError):
            if attempt + 1 == ATTEMPTS:
                raise
            time.sleep(0.05 * 2**attempt)
    raise AssertionError("the last attempt returns or raises")
