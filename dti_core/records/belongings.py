"""What under DTI_HOME belongs to the office, and goes into a backup; the rest comes by itself."""

import os
from collections.abc import Iterator
from pathlib import Path

from dti_core.framework.load import home

PREFECT = "prefect"
"""Prefect's own database and results: they come again, the decisions lie in the records."""
ASIDE = "truoc-phuc-hoi-"
"""How the folders begin into which a restore moved what was there before."""
STAGING, JOURNAL = ".phuc-hoi", ".phuc-hoi.json"
"""Where a restore puts files first, and where it notes how far it has come."""

_OWN_WORK = {"logs", "workers", "up.lock", STAGING, JOURNAL, f"{JOURNAL}.tmp"}
_OF_A_DATABASE = ("", "-wal", "-shm", "-journal", ".upgrade.lock")


def belongings(database: Path | None, *, prefect: bool) -> list[Path]:
    """The files and folders at the top of DTI_HOME that belong to the office, by name.

    database  the records' SQLite file, which is copied in its own way: left out. None: PostgreSQL
    prefect   with what is Prefect's
    """
    left_out = set(database_files(database)) if database else set()
    return sorted(
        path
        for path in (home().iterdir() if home().is_dir() else ())
        if path.name not in _OWN_WORK
        and not path.name.startswith(ASIDE)
        and path not in left_out
        and (prefect or path.name != PREFECT)
    )


def database_files(database: Path) -> list[Path]:
    """A SQLite file and what lies beside it for it."""
    return [database.with_name(database.name + end) for end in _OF_A_DATABASE]


Found = Iterator[tuple[Path, os.stat_result | None]]


def files_in(paths: list[Path]) -> Found:
    """Every file in these, links followed, with its state; an empty folder comes with None.

    A folder that a link leads back to is not gone through again.
    """
    yield from _files(paths, frozenset())


def _files(paths: list[Path], above: frozenset[str]) -> Found:
    for path in paths:
        if path.is_dir():
            real = os.path.realpath(path)
            inside = sorted(path.iterdir())
            if not inside:
                yield path, None
            elif real not in above:
                yield from _files(inside, above | {real})
        elif path.is_file():
            yield path, path.stat()
