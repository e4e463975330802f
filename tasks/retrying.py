"""When a task tries again: a database or disk that was away for a moment, never a refusal."""

from typing import Any

from sqlalchemy.exc import OperationalError


def transient(_task: Any, _run: Any, state: Any) -> bool:
    """Whether waiting can help: the failure came from the database or the disk."""
    return isinstance(state.data, OperationalError | OSError)


RETRY: dict[str, Any] = {
    "retries": 2,
    "retry_delay_seconds": 5,
    "retry_condition_fn": transient,
}
