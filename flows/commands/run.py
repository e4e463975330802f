"""Run flows inside a command: Prefect up, progress shown, Prefect down."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flows.commands.terminal import step


@contextmanager
def running(text: str) -> Iterator[None]:
    """Prefect is there inside, and `text` says what is being done."""
    from flows.runtime import prefect

    with ExitStack() as stack:
        with step("Khởi động Prefect"):
            stack.enter_context(prefect())
        with step(text):
            yield
