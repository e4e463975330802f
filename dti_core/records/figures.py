"""Received files and the figures read from them, each kept in every version."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session, col, select

from dti_core.figures import Figure
from dti_core.rational import exact_text
from dti_core.records import audit
from dti_core.records.plain_rows import table_of
from dti_core.records.rights import Right, need
from dti_core.records.stored import FIGURE, from_columns, to_figure
from dti_core.records.tables import FigureRecord, SubmissionRecord


@dataclass(frozen=True)
class Written:
    """How many figures a write added, changed, and found just as they were."""

    added: int
    changed: int
    unchanged: int


def receive(
    session: Session,
    round_id: str,
    unit: str,
    source: str,
    sha256: str,
    stored_as: str,
    actor: str,
    received_at: str | None = None,
) -> tuple[SubmissionRecord, bool]:
    """Record a received file. The same content again, of whichever version, is known (False)."""
    actor = need(session, round_id, Right.OPERATE, actor)
    earlier = session.exec(
        select(SubmissionRecord)
        .where(SubmissionRecord.round_id == round_id, SubmissionRecord.source == source)
        .order_by(col(SubmissionRecord.version).desc())
    ).all()
    for known in earlier:
        if known.sha256 == sha256:
            return known, False
    record = SubmissionRecord(
        round_id=round_id,
        unit=unit,
        source=source,
        version=earlier[0].version + 1 if earlier else 1,
        sha256=sha256,
        stored_as=stored_as,
        received_at=received_at or audit.now(),
    )
    session.add(record)
    session.flush()
    detail = {"unit": unit, "sha256": sha256, "version": record.version}
    audit.append(session, round_id, "file_received", source, detail, actor)
    return record, True


def write_figures(
    session: Session,
    round_id: str,
    submission: SubmissionRecord,
    figures: Iterable[Figure],
    actor: str,
    together: Collection[tuple[str, str, str]] = (),
) -> Written:
    """Write the figures of a submission; one that says the same as before writes nothing.

    A figure of this source that the new file no longer gives becomes `missing` in a new version.

    together  figures that follow from several submissions: no single one gives or withdraws them
    """
    actor = need(session, round_id, Right.OPERATE, actor)
    assert submission.id is not None
    given = {figure.key: figure for figure in figures}
    told_before = _told_by(session, round_id, submission.source)
    touched = [*given, *told_before.values()]
    current = _current(session, round_id, {key[0] for key in touched}, {key[1] for key in touched})
    for key, record in current.items():
        if key in given or key in together or record.status == "missing":
            continue
        if record.id in told_before:
            given[key] = Figure(*key, status="missing")
    added = changed = unchanged = 0
    for key, figure in given.items():
        before = current.get(key)
        if before is not None and to_figure(before) == figure:
            unchanged += 1
            continue
        version = before.version + 1 if before else 1
        session.add(_to_record(figure, round_id, submission.id, version))
        added, changed = added + (before is None), changed + (before is not None)
    if added or changed:
        detail = {"added": added, "changed": changed, "submission": submission.sha256}
        audit.append(session, round_id, "figures_read", submission.source, detail, actor)
    return Written(added, changed, unchanged)


def add_versions(
    session: Session, round_id: str, submission: SubmissionRecord, figures: Iterable[Figure]
) -> None:
    """Add a version of each figure, whatever it was before."""
    need(session, round_id, Right.OPERATE)
    assert submission.id is not None
    figures = list(figures)
    current = _current(
        session,
        round_id,
        {figure.unit for figure in figures},
        {figure.criterion for figure in figures},
    )
    for figure in figures:
        before = current.get(figure.key)
        version = before.version + 1 if before else 1
        session.add(_to_record(figure, round_id, submission.id, version))
    session.flush()


def current_figures(session: Session, round_id: str) -> dict[tuple[str, str, str], Figure]:
    """The newest version of every figure of a round, read as plain rows: they are many."""
    table = table_of(FigureRecord)
    session.flush()  # plain SQL does not see by itself what is still to be written
    rows = session.connection().execute(
        select(*(table.c[name] for name in FIGURE))
        .where(table.c.round_id == round_id)
        .order_by(table.c.version, table.c.id)
    )
    newest = {row[:3]: row for row in rows.tuples()}  # of a unit, a criterion, a variable
    return {key: from_columns(*row) for key, row in newest.items()}


def _current(
    session: Session,
    round_id: str,
    units: Collection[str] | None = None,
    criteria: Collection[str] | None = None,
) -> dict[tuple[str, str, str], FigureRecord]:
    """The newest versions; of some units and criteria only, where these are named."""
    wanted = (
        select(FigureRecord)
        .where(FigureRecord.round_id == round_id)
        .order_by(col(FigureRecord.version), col(FigureRecord.id))
    )
    if units is not None:
        wanted = wanted.where(col(FigureRecord.unit).in_(units))
    if criteria is not None:
        wanted = wanted.where(col(FigureRecord.criterion).in_(criteria))
    return {
        (record.unit, record.criterion, record.variable): record for record in session.exec(wanted)
    }


def _told_by(
    session: Session, round_id: str, source: str
) -> dict[int | None, tuple[str, str, str]]:
    """Every version of a figure that a source's submissions wrote: its id → its key."""
    mine = submissions_of(session, round_id, source)
    found = session.exec(
        select(FigureRecord.id, FigureRecord.unit, FigureRecord.criterion, FigureRecord.variable)
        .where(FigureRecord.round_id == round_id)
        .where(col(FigureRecord.submission_id).in_(mine))
    )
    return {number: (unit, criterion, variable) for number, unit, criterion, variable in found}


def submissions_of(session: Session, round_id: str, source: str) -> list[int]:
    """The numbers of a source's submissions, in their order. What they wrote is asked for by these:
    joined to them, a database may read every figure of the round instead."""
    found = session.exec(
        select(SubmissionRecord.id)
        .where(SubmissionRecord.round_id == round_id, SubmissionRecord.source == source)
        .order_by(col(SubmissionRecord.version))
    )
    return [number for number in found if number is not None]


def _to_record(figure: Figure, round_id: str, submission_id: int, version: int) -> FigureRecord:
    value = figure.value
    return FigureRecord(
        round_id=round_id,
        submission_id=submission_id,
        unit=figure.unit,
        criterion=figure.criterion,
        variable=figure.variable,
        version=version,
        status=figure.status,
        number=exact_text(value) if isinstance(value, Fraction) else None,
        flag=value if isinstance(value, bool) else None,
        choice=value if isinstance(value, str) else None,
        low=exact_text(figure.between[0]) if figure.between else None,
        high=exact_text(figure.between[1]) if figure.between else None,
        among=list(figure.among),
        raw=figure.raw,
        file=figure.file,
        sheet=figure.sheet,
        cells=list(figure.cells),
        question=figure.question,
        note=figure.note,
    )
