"""Work on the records that another process may be writing to at the same moment."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from dti_core.records.trouble import may_pass

T = TypeVar("T")

ATTEMPTS = 8
"""Tried so often, at doubling pauses from 50 ms up: 6 s for whoever writes in between."""

AWAY = 90.0
"""Seconds for which a database may be gone where what is not recorded would be done twice: a server
that is started again takes less than a minute."""

PAUSE = 2.0
"""Seconds between two looks whether it is back."""


def until_free(work: Callable[[], T], away: float = 0.0) -> T:
    """Run one transaction again where somebody wrote between its look and its write: two that
    append to the same audit chain cannot both be the next link.

    away  seconds for which to go on where the database itself does not answer
    """
    until = time.monotonic() + away
    attempt = 0
    while True:
        try:
            return work()
        except (IntegrityError, OperationalError, StaleDataError) as error:
            attempt += 1
            if attempt < ATTEMPTS:
                time.sleep(0.05 * 2 ** (attempt - 1))
            elif isinstance(error, OperationalError) and may_pass(error) and _before(until):
                time.sleep(PAUSE)
            else:
                raise


def _before(moment: float) -> bool:
    return time.monotonic() < moment
