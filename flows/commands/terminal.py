"""What the commands print: tables, JSON, progress, and errors that a person can act on."""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """Machine-readable output: nothing else on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def table(
    title: str | None, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]
) -> None:
    """A table; a column is (name, justify)."""
    shown = Table(title=title, title_justify="left", show_lines=False, header_style="bold")
    for place, (name, justify) in enumerate(columns):
        # the first column holds the code that other commands want: never cut it
        shown.add_column(name, justify=justify, no_wrap=place == 0, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        shown.add_row(*row)
    out.print(shown)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done while it lasts, and how long it took."""
    started = time.monotonic()
    with err.status(f"{text} …"):
        yield
    err.print(f"[green]✓[/] {text} [dim]({time.monotonic() - started:.1f} giây)[/]")


def command(text: str) -> str:
    """A command as this user has to type it: with the path where `dti` is not on PATH."""
    if shutil.which("dti") is None and Path(sys.argv[0]).name == "dti":
        return text.replace("dti ", f"{os.path.relpath(sys.argv[0])} ", 1)
    return text


def next_step(text: str) -> None:
    out.print(f"[bold]Bước tiếp theo:[/] {command(text)}")
