"""Whose appraisal lies in the inbox and has not been read yet: he has sent, and is not reminded."""

from sqlmodel import Session, select

from dti_core.errors import Refused
from dti_core.intake.belonging import check_origin
from dti_core.program.load import RoundContext
from dti_core.records.appraisal_files import is_read
from dti_core.records.tables import QuarantineRecord, SubmissionRecord
from tasks.inbox import InboxFile, files, opened


def senders(records: Session, context: RoundContext) -> set[str]:
    """The verifiers whose files wait to be read, by the identity that this office signed.

    What was taken or set aside before is not opened again: of a file that was set aside its sender
    knows, and owes another.
    """
    done = {
        *records.exec(
            select(SubmissionRecord.sha256).where(SubmissionRecord.round_id == context.id)
        ),
        *records.exec(
            select(QuarantineRecord.sha256).where(QuarantineRecord.round_id == context.id)
        ),
    }
    found = set()
    for file in files(context.id):
        if file.sha256 in done:
            continue
        verifier = _verifier_of(file, context)
        if verifier is not None and not is_read(records, context.id, verifier, file.sha256):
            found.add(verifier)
    return found


def _verifier_of(file: InboxFile, context: RoundContext) -> str | None:
    """Whose appraisal a file is; None for a file of another kind, or one that cannot be taken."""
    known = context.once(_known)
    if file.sha256 not in known:
        try:
            workbook = opened(file, context).workbook
            check_origin(workbook, context, file.path.name)
        except Refused:
            return None  # the next reading of the inbox sets it aside, and says why
        known[file.sha256] = workbook.provider if workbook.kind == "appraisal" else None
    return known[file.sha256]


def _known(_context: RoundContext) -> dict[str, str | None]:
    """SHA-256 → whose appraisal: a file is opened once, however many are to be reminded."""
    return {}
