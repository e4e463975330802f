"""Whose workbook lies in the inbox and has not been read yet: he has sent, so that he is not
reminded, nor taken to have said nothing."""

from sqlmodel import Session, select

from dti_core.errors import Refused
from dti_core.intake.belonging import check_origin
from dti_core.intake.layout import WorkbookKind
from dti_core.program.load import RoundContext
from dti_core.records.appraisal_files import is_read
from dti_core.records.tables import QuarantineRecord, SubmissionRecord
from tasks.inbox import InboxFile, files, opened

Sender = tuple[WorkbookKind | None, str | None]
"""(kind of workbook, provider)"""


def senders(records: Session, context: RoundContext, kind: WorkbookKind = "appraisal") -> set[str]:
    """The providers whose workbooks of a kind wait to be read, by the identity that this office
    signed.

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
        what, sender = _of(file, context)
        if sender is None or what != kind:
            continue
        if kind != "appraisal" or not is_read(records, context.id, sender, file.sha256):
            found.add(sender)
    return found


def _of(file: InboxFile, context: RoundContext) -> Sender:
    """What a file is and whose; nobody's where it cannot be taken."""
    known = context.once(_known)
    if file.sha256 not in known:
        try:
            workbook = opened(file, context).workbook
            check_origin(workbook, context, file.path.name)
        except Refused:
            return None, None  # the next reading of the inbox sets it aside, and says why
        known[file.sha256] = workbook.kind, workbook.provider
    return known[file.sha256]


def _known(_context: RoundContext) -> dict[str, Sender]:
    """SHA-256 → what and whose: a file is opened once, however often somebody asks."""
    return {}
