"""Figures, points and ranks of years before this product: imported once, replaced one by one.

They belong to the program and the year; the import is an event of the round that it was done for,
with every value that it replaced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from dti_core.figures import Figure, Value
from dti_core.intake.earlier import Earlier, EarlierResult
from dti_core.intake.earlier_form import POINTS, RANK
from dti_core.program.load import RoundContext
from dti_core.rational import exact_text
from dti_core.records import audit
from dti_core.records.figures import Written
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.tables import EarlierFigureRecord, EarlierResultRecord

R = TypeVar("R", EarlierFigureRecord, EarlierResultRecord)

Change = dict[str, Any]


@dataclass(frozen=True)
class Imported:
    """What an import wrote. `withdrawn` are values of which the file says that there are none."""

    figures: Written
    results: Written
    withdrawn: int

    @property
    def anything(self) -> bool:
        written = self.figures, self.results
        return bool(self.withdrawn or any(each.added or each.changed for each in written))


def write_earlier(
    session: Session,
    context: RoundContext,
    earlier: Earlier,
    sha256: str,
    stored_as: str,
    actor: str,
) -> Imported:
    """Record what a workbook says of an earlier year; what it leaves blank stays as it was.

    A value that is known already is left with the file that it was first read from, so that the
    same workbook again changes nothing. The round must be open: it is whose log tells of this.

    sha256, stored_as  of the workbook that `earlier` was read from
    """
    actor = need(session, context.id, Right.PROGRAM, actor)
    one_writer(session, context.id)
    program, year = context.program.id, earlier.year
    replaced: list[Change] = []
    known = {(r.unit, r.criterion, r.variable): r for r in _figures(session, program, year)}
    figures = [0, 0, 0]
    for figure in earlier.figures:
        new = _figure_record(figure, program, year)
        old = known.get(figure.key)
        figures[_write(session, old, new, ("number", "flag", "choice"), replaced)] += 1
    results = [0, 0, 0]
    places = {r.unit: r for r in _results(session, program, year)}
    for result in earlier.results:
        before = places.get(result.unit)
        row = _result_record(result, before, program, year)
        results[_write(session, before, row, ("points", "rank"), replaced)] += 1
    withdrawn = [_shown(known[key]) for key in sorted(earlier.gone & known.keys())]
    for key in earlier.gone & known.keys():
        session.delete(known[key])
    for unit, which in sorted(earlier.gone_results):
        if unit in places and getattr(places[unit], _COLUMN[which]) is not None:
            withdrawn.append(_shown(places[unit]))
            setattr(places[unit], _COLUMN[which], None)
    done = Imported(Written(*figures), Written(*results), len(withdrawn))
    if done.anything:
        detail = {
            "year": year,
            "sha256": sha256,
            "stored_as": stored_as,
            "figures": vars(done.figures),
            "results": vars(done.results),
            "replaced": replaced,
            "withdrawn": withdrawn,
        }
        audit.append(session, context.id, "earlier_imported", earlier.file, detail, actor)
    session.flush()
    return done


def prior_figures(session: Session, program: str, year: int) -> dict[tuple[str, str, str], Figure]:
    """(unit, criterion, variable) → the imported figure of an evaluation year, as it was given.

    Units are those of that year, codes those of the round that it was imported for: what this
    makes of a round's comparisons, `records.prior` says.
    """
    return {
        (record.unit, record.criterion, record.variable): Figure(
            record.unit,
            record.criterion,
            record.variable,
            status="given",
            value=_value(record),
            raw=record.raw,
            file=record.file,
            sheet=record.sheet,
            cells=(record.cell,) if record.cell else (),
        )
        for record in _figures(session, program, year)
    }


def prior_results(session: Session, program: str, year: int) -> dict[str, EarlierResult]:
    """Unit → its imported points and rank of an evaluation year."""
    return {
        record.unit: EarlierResult(
            unit=record.unit,
            group=record.group,
            points=None if record.points is None else Fraction(record.points),
            rank=record.rank,
            source=record.source,
        )
        for record in _results(session, program, year)
        if record.points is not None or record.rank is not None
    }


_COLUMN = {POINTS: "points", RANK: "rank"}
_ADDED, _CHANGED, _UNCHANGED = range(3)


def _write(
    session: Session, old: R | None, new: R, values: Iterable[str], replaced: list[Change]
) -> int:
    """Add a row, or put the new values into the one that there is, where they differ."""
    if old is None:
        session.add(new)
        return _ADDED
    if all(getattr(old, name) == getattr(new, name) for name in values):
        return _UNCHANGED
    before = _shown(old)
    for name, value in new.model_dump(exclude={"id"}).items():
        setattr(old, name, value)
    session.add(old)
    replaced.append({"before": before, "after": _shown(old)})
    return _CHANGED


def _shown(record: EarlierFigureRecord | EarlierResultRecord) -> Change:
    """A row as the log keeps it."""
    row = record.model_dump(exclude={"id", "program", "year"})
    return {name: value for name, value in row.items() if value is not None}


def _value(record: EarlierFigureRecord) -> Value | None:
    if record.number is not None:
        return Fraction(record.number)
    return record.choice if record.flag is None else record.flag


def _figures(session: Session, program: str, year: int) -> list[EarlierFigureRecord]:
    record = EarlierFigureRecord
    return list(
        session.exec(
            select(record)
            .where(record.program == program, record.year == year)
            .order_by(col(record.id))
        )
    )


def _results(session: Session, program: str, year: int) -> list[EarlierResultRecord]:
    record = EarlierResultRecord
    return list(
        session.exec(
            select(record)
            .where(record.program == program, record.year == year)
            .order_by(col(record.id))
        )
    )


def _figure_record(figure: Figure, program: str, year: int) -> EarlierFigureRecord:
    value = figure.value
    return EarlierFigureRecord(
        program=program,
        year=year,
        unit=figure.unit,
        criterion=figure.criterion,
        variable=figure.variable,
        number=exact_text(value) if isinstance(value, Fraction) else None,
        flag=value if isinstance(value, bool) else None,
        choice=value if isinstance(value, str) else None,
        raw=figure.raw or "",
        file=figure.file or "",
        sheet=figure.sheet,
        cell=figure.cells[0] if figure.cells else None,
    )


def _result_record(
    result: EarlierResult, before: EarlierResultRecord | None, program: str, year: int
) -> EarlierResultRecord:
    """The row of a result; what the file does not say is taken over from the row before."""
    points = None if result.points is None else exact_text(result.points)
    rank, source = result.rank, result.source
    if before is not None:
        kept_points = points is None and before.points is not None
        kept_rank = rank is None and before.rank is not None
        points = before.points if kept_points else points
        rank = before.rank if kept_rank else rank
        source = f"{source}; {before.source}" if kept_points or kept_rank else source
    return EarlierResultRecord(
        program=program,
        year=year,
        group=result.group,
        unit=result.unit,
        points=points,
        rank=rank,
        source=source,
    )
