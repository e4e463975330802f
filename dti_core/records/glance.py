"""One row of a round, read by plain SQL: an answer on the screen does not wait for an ORM.

Loading SQLModel takes longer than everything that `dti why` does. This reads the same tables
over the database's own driver, only ever reads, and a test holds it equal to the ORM's answer.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from dti_core.errors import Refused
from dti_core.figures import Figure
from dti_core.framework.model import READINGS, Criterion, Reading
from dti_core.program.load import RoundContext
from dti_core.records.location import database_url, latest_revision
from dti_core.records.pins import check_pins
from dti_core.records.stored import COMPUTED, award_values, to_figure
from dti_core.scoring.exempted import without_exempted
from dti_core.scoring.score import Score, compares_in_group, score_row


class StaleScores(Refused):
    """The recorded points no longer follow from the recorded figures. The text says what to do."""


def stale(round_id: str, *, ever_scored: bool) -> StaleScores:
    """The refusal, for whoever finds that points and figures do not belong together."""
    reason = "đã có số liệu mới sau lần chấm điểm" if ever_scored else "chưa được chấm điểm"
    return StaleScores(f"Đợt {round_id} {reason}. Hãy chạy: dti score {round_id}")


@dataclass(frozen=True)
class RowAtAGlance:
    """The figures and both readings' scores of one row and its child rows, proven current."""

    figures: dict[tuple[str, str, str], Figure]
    scores: dict[Reading, dict[tuple[str, str], Score]]


def scored_row(context: RoundContext, unit: str, criterion: Criterion) -> RowAtAGlance:
    """One unit's row as it is recorded.

    Raises RoundNotOpen, LawChanged, and StaleScores where the recorded points of this row are not
    what the recorded figures give now.
    """
    with _connection() as query:
        opened = query("SELECT pins FROM round WHERE id = ?", [context.id])
        check_pins(context, _decoded(opened[0]["pins"]) if opened else None)
        rows = [row.code for row in _with_children(criterion)]
        level = context.program.unit[unit].level
        units = [unit]
        if compares_in_group(criterion):
            units = [each.id for each in context.units if each.level == level]
        figures = _figures(query, context.id, units, rows)
        exempted = {pair for pair in _exempted(query, context.id, units) if pair[1] in rows}
        figures = without_exempted(figures, context, exempted)
        recorded = _awards(query, context.id, unit, rows)
    policies = context.program.policies
    scores = {
        reading: score_row(criterion, units, figures, policies, reading) for reading in READINGS
    }
    rounding = policies.rounding.value if policies.rounding else None
    expected = {
        (reading, code): award_values(context.id, scores[reading][unit, code], rounding)
        for reading in READINGS
        for code in rows
    }
    if recorded != expected:
        raise stale(context.id, ever_scored=bool(recorded))
    return RowAtAGlance(figures, scores)


class _Query:
    """Runs a SELECT with `?` for each parameter and gives rows by column name."""

    def __init__(self, cursor: Any, sign: str) -> None:
        self._cursor, self._sign = cursor, sign

    def __call__(self, sql: str, parameters: Sequence[str]) -> list[dict[str, Any]]:
        self._cursor.execute(sql.replace("?", self._sign), tuple(parameters))
        names = [column[0] for column in self._cursor.description]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]


@contextmanager
def _connection() -> Iterator[_Query]:
    url = database_url()
    opened: Any
    if url.startswith("sqlite:///"):
        file = url.removeprefix("sqlite:///")
        opened, sign = sqlite3.connect(file, timeout=30), "?"
    else:
        import psycopg

        opened, sign = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")), "%s"
    try:
        query = _Query(opened.cursor(), sign)
        if not _is_current(query):
            opened.rollback()
            # a new or older database: the ORM's side knows how to bring it up to date
            from dti_core.records.database import engine

            engine(url)
        yield query
    finally:
        opened.close()


def _is_current(query: _Query) -> bool:
    try:
        found = query("SELECT version_num FROM alembic_version", [])
    except Exception as error:  # either driver's own "no such table"
        if type(error).__name__ not in {"OperationalError", "UndefinedTable"}:
            raise
        return False
    return [row["version_num"] for row in found] == [latest_revision()]


def _with_children(criterion: Criterion) -> Iterator[Criterion]:
    yield criterion
    for child in criterion.children:
        yield from _with_children(child)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _decoded(value: Any) -> Any:
    """A JSON column: SQLite gives its text, PostgreSQL's driver the value."""
    return json.loads(value) if isinstance(value, str) else value


def _figures(
    query: _Query, round_id: str, units: Sequence[str], rows: Sequence[str]
) -> dict[tuple[str, str, str], Figure]:
    found = query(
        f"SELECT * FROM figure WHERE round_id = ? AND unit IN ({_marks(units)})"
        f" AND criterion IN ({_marks(rows)}) ORDER BY version, id",
        [round_id, *units, *rows],
    )
    figures = [to_figure(SimpleNamespace(**_figure_row(row))) for row in found]
    return {figure.key: figure for figure in figures}  # the newest version stays


def _exempted(query: _Query, round_id: str, units: Sequence[str]) -> list[tuple[str, str]]:
    found = query(
        "SELECT unit, criterion FROM exemption WHERE round_id = ? AND status = ?"
        f" AND unit IN ({_marks(units)})",
        [round_id, "granted", *units],
    )
    return [(row["unit"], row["criterion"]) for row in found]


def _figure_row(row: Mapping[str, Any]) -> dict[str, Any]:
    flag = None if row["flag"] is None else bool(row["flag"])
    among, cells = _decoded(row["among"]), _decoded(row["cells"])
    return {**row, "flag": flag, "among": among, "cells": cells}


def _awards(
    query: _Query, round_id: str, unit: str, rows: Sequence[str]
) -> dict[tuple[str, str], dict[str, Any]]:
    found = query(
        "SELECT round_id, unit, criterion, reading, kind, max_points, points, published, low, high,"
        " status, reasons, unclipped FROM award WHERE round_id = ? AND kind = ? AND unit = ?"
        f" AND criterion IN ({_marks(rows)})",
        [round_id, COMPUTED, unit, *rows],
    )
    return {
        (row["reading"], row["criterion"]): {**row, "reasons": _decoded(row["reasons"])}
        for row in found
    }
