"""Where in a round a process is, for whoever kills it: a page of memory that both have.

What was written stands when the writer is dead; a file would cost a write at every turn.
"""

import functools
import mmap
import sys
from collections.abc import Callable
from typing import Any

BETWEEN = "between two stages"

_page = mmap.mmap(-1, 256)


def turn() -> None:
    """A new page, for the process that is about to be forked; other stems have theirs."""
    global _page
    _page = mmap.mmap(-1, 256)
    here("start")


def here(what: str) -> None:
    """Say what is being done from now on."""
    _page[:] = what.encode()[: len(_page)].ljust(len(_page), b"\0")


def last_known() -> str:
    """What the process that forked from this one was doing last."""
    return _page[:].rstrip(b"\0").decode(errors="replace")


def mark_stages() -> None:
    """Let every stage that is imported say so when it begins, and when it is over."""
    from prefect import Task

    modules = [module for name, module in sys.modules.items() if name.startswith("tasks.")]
    found = {id(each): each for module in modules for each in vars(module).values()}
    for task in found.values():
        if isinstance(task, Task):
            task.fn = _marked(task.name, task.fn)


def _marked(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(work)
    def marked(*given: Any, **named: Any) -> Any:
        here(name)
        try:
            return work(*given, **named)
        finally:
            here(BETWEEN)

    return marked
