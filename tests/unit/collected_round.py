"""Files in the inbox of the reminded round, as units put them there; taken in without Prefect."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from openpyxl import load_workbook

from dti_core.intake.fill import fill
from dti_core.program.load import RoundContext
from dti_core.program.requests import requests
from dti_core.records.approvals import approve
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from reports.workbooks.own import own_workbook
from tasks.inbox import inbox
from tests.unit.reminded_round import DUE, ROUND

Typed = Mapping[tuple[str, str], object]


def sends(
    context: RoundContext, unit: str, typed: Typed, name: str | None = None, day: date = DUE
) -> Path:
    """A unit's workbook, filled in, put into the inbox on a day."""
    request = next(each for each in requests(context) if each.provider == unit)
    return lies(own_workbook(context, request, {}), name or f"{unit}.xlsx", typed, day)


def lies(content: bytes, name: str, typed: Typed | None = None, day: date = DUE) -> Path:
    """A file in the inbox since noon of a day, with values typed into it by its keys."""
    path = inbox(ROUND) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if typed:
        fill(path, typed)
    stamp(path, day)
    return path


def stamp(path: Path, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC).timestamp()
    os.utime(path, (noon, noon))


def scribbles(path: Path, sheet: str, cell: str, value: object) -> None:
    """Somebody types into a cell by its address."""
    book = load_workbook(path, rich_text=True)
    book[sheet][cell].value = value
    when = path.stat().st_mtime
    book.save(path)
    os.utime(path, (when, when))


def approves(step: str, role: str = "Trưởng phòng") -> bool:
    with session() as records:
        return approve(records, ROUND, step, role, digest_of(records, ROUND, step))
