"""When a task tries again: a database or disk that was away for a while, never a refusal."""

from typing import Any

from dti_core.records.trouble import may_pass, written_between

DELAYS = [2, 5, 10, 20, 30]
"""Seconds before the second attempt, the third …: over a minute in all, in which a database server
is started again or a disk comes back."""


SOONER = 3
"""How often a stage looks again where another process wrote to the round at the same moment."""


def transient(_task: Any, run: Any, state: Any) -> bool:
    """Whether waiting can help: the failure came from the database or the disk, or from somebody
    who was faster."""
    error = state.data
    if not isinstance(error, BaseException):
        return False
    return may_pass(error) or (written_between(error) and run.run_count <= SOONER)


RETRY: dict[str, Any] = {
    "retries": len(DELAYS),
    "retry_delay_seconds": DELAYS,
    "retry_condition_fn": transient,
}
