"""The versions of figures that changed, and which of the changes had been asked for."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from sqlmodel import Session, col, func, select

from dti_core.figures import KNOWN
from dti_core.plausibility.trace import Key, Version
from dti_core.program.calendar import local_day
from dti_core.records.collecting import source_of
from dti_core.records.extensions import granted
from dti_core.records.tables import AuditRecord, FigureRecord, SubmissionRecord

INCOMPLETE = "thieu"
"""How the key of a receipt ends that asks for corrections (`receipt:provider:kind:version:…`)."""


def versions(session: Session, round_id: str) -> list[Version]:
    """Every version of the figures that have more than one, oldest first.

    A change counts as unasked only where nothing can have asked for it: the unit itself gave both
    versions in its own workbook, the one before could be read, and before the new file came the
    unit had not got a receipt with corrections to make, a letter about doubts, findings of a
    validation, a longer deadline or a reopened round. What is not known counts as asked.
    """
    rows = _changed(session, round_id)
    unasked = set(_unasked(session, round_id))
    longer = {
        source_of(*place): date.fromisoformat(extension.due)
        for place, extension in granted(session, round_id).items()
    }
    found: list[Version] = []
    free: dict[Key, bool] = {}
    for figure, submission in rows:
        key = figure.unit, figure.criterion, figure.variable
        received = local_day(submission.received_at)
        own = submission.source == source_of(figure.unit, "own")
        alone = own and (submission.source, submission.version) in unasked
        extended = submission.source in longer and received <= longer[submission.source]
        value = _value(figure)
        first = key not in free
        told = not own if first else not (alone and free[key]) or extended
        found.append(Version(key, figure.version, received, value, asked=told))
        free[key] = own and value is not None
    return found


def _changed(session: Session, round_id: str) -> list[tuple[FigureRecord, SubmissionRecord]]:
    """Every version of the figures that have more than one, with the file that it stood in."""
    figure = FigureRecord
    changed = set(
        session.exec(
            select(figure.unit, figure.criterion, figure.variable).where(
                figure.round_id == round_id, figure.version == 2
            )
        )
    )
    if not changed:
        return []
    units, rows, _ = (sorted(set(each)) for each in zip(*changed, strict=True))
    files = {
        each.id: each
        for each in session.exec(
            select(SubmissionRecord).where(SubmissionRecord.round_id == round_id)
        )
    }
    wanted = (
        select(figure)
        .where(figure.round_id == round_id)
        .where(col(figure.unit).in_(units), col(figure.criterion).in_(rows))
        .order_by(
            col(figure.unit), col(figure.criterion), col(figure.variable), col(figure.version)
        )
    )
    return [
        (each, files[each.submission_id])
        for each in session.exec(wanted)
        if (each.unit, each.criterion, each.variable) in changed
    ]


def _value(figure: FigureRecord) -> Fraction | None:
    if figure.status not in KNOWN or figure.number is None:
        return None
    return Fraction(figure.number)


def _unasked(session: Session, round_id: str) -> Iterator[tuple[str, int]]:
    """(source, version) of the files that came while nothing asked their provider for a change.

    By the order of the audit trail, not by times: a file is stamped when it is put into the inbox.
    """
    last = session.exec(
        select(func.max(AuditRecord.seq)).where(
            AuditRecord.round_id == round_id, AuditRecord.action == "file_received"
        )
    ).one()
    events = session.exec(
        select(AuditRecord)
        .where(
            AuditRecord.round_id == round_id,
            col(AuditRecord.action).in_(
                ["file_received", "messages_queued", "round_reopened", "figures_validated"]
            ),
            col(AuditRecord.seq) <= (last or 0),  # what is asked later changes no file
        )
        .order_by(col(AuditRecord.seq))
    )
    corrections: set[str] = set()  # sources whose newest receipt asks for corrections
    providers: set[str] = set()  # who has been asked in another way
    everybody = False
    for event in events:
        match event.action:
            case "messages_queued":
                for key in event.detail["keys"]:
                    about, _, rest = key.partition(":")
                    if about == "explain":
                        providers.add(rest.partition(":")[0])
                    elif about == "receipt":
                        provider, kind, _, verdict = rest.split(":")
                        source = source_of(provider, kind)
                        (corrections.add if verdict == INCOMPLETE else corrections.discard)(source)
            case "round_reopened":
                providers.add(event.subject)
                everybody |= event.subject == round_id
            case "figures_validated":
                everybody |= event.detail["open"] > 0
            case _:
                asked = everybody or event.detail["unit"] in providers
                if not asked and event.subject not in corrections:
                    yield event.subject, event.detail["version"]
