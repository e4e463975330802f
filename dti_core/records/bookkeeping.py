"""What a piece of work asks, changes and writes, as far as it is its own (`watching` looks on).

Nothing here needs a database, so that whoever only writes a file need not import one.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Question = tuple[str, Any]
"""SQL and its parameters."""


@dataclass
class Watch:
    """What was seen of a piece of work.

    tables     names of the tables that were asked
    questions  what was asked of the audit trail
    asked      what was asked of the other tables
    searched   tables that were changed by a condition instead of row by row
    changed    table → (rows, sum) that it added to the seals
    files      every file that was written, or found to be as it should be
    documents  path under the round's folder → SHA-256 that was recorded
    messages   keys of the messages that were queued, or found queued
    """

    tables: set[str] = field(default_factory=set)
    questions: dict[str, Question] = field(default_factory=dict)
    asked: dict[str, Question] = field(default_factory=dict)
    searched: set[str] = field(default_factory=set)
    changed: dict[str, tuple[int, int]] = field(default_factory=dict)
    files: set[Path] = field(default_factory=set)
    documents: dict[str, str] = field(default_factory=dict)
    messages: set[str] = field(default_factory=set)


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)
_apart: ContextVar[bool] = ContextVar("apart", default=False)


@contextmanager
def watched() -> Iterator[Watch]:
    """What happens inside is seen, in this thread."""
    made = Watch()
    before = _watch.set(made)
    try:
        yield made
    finally:
        _watch.reset(before)


def watch() -> Watch | None:
    """Who looks on now."""
    return _watch.get()


@contextmanager
def apart() -> Iterator[None]:
    """Questions inside are not the work's own: bookkeeping, or looking for what it wrote itself."""
    before = _apart.set(True)
    try:
        yield
    finally:
        _apart.reset(before)


def is_apart() -> bool:
    """Whether the questions asked just now are bookkeeping."""
    return _apart.get()


def wrote(path: Path) -> None:
    """A file is there as it should be."""
    if (seen := _watch.get()) is not None:
        seen.files.add(path)


def documented(made: Mapping[str, str]) -> None:
    """Documents are recorded: path → SHA-256."""
    if (seen := _watch.get()) is not None:
        seen.documents |= made


def queued(keys: Iterable[str]) -> None:
    """Messages stand in the outbox, or went out from there."""
    if (seen := _watch.get()) is not None:
        seen.messages |= set(keys)
