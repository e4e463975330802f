"""General information of units, as their newest workbooks give it. Contacts stay in here: they are
never written to a page, an artifact or a log."""

from collections.abc import Mapping

from sqlmodel import Session, select

from dti_core.figures import Value
from dti_core.framework.model import Framework
from dti_core.rational import exact_text
from dti_core.records import audit
from dti_core.records.rights import Right, need
from dti_core.records.tables import InformationRecord, SubmissionRecord


def write_information(
    session: Session,
    submission: SubmissionRecord,
    framework: Framework,
    told: Mapping[str, Value],
    actor: str,
) -> int:
    """Keep what a unit's workbook tells of itself; returns how many fields are new or differ.

    told  "1.4" → its value, "2.1|Email" → its text; a field that is no longer told is dropped
    """
    actor = need(session, submission.round_id, Right.OPERATE, actor)
    assert submission.id is not None
    contacts = {field.code for field in framework.information if field.kind == "contact"}
    before = {
        record.code: record
        for record in session.exec(
            select(InformationRecord).where(
                InformationRecord.round_id == submission.round_id,
                InformationRecord.unit == submission.unit,
            )
        )
    }
    changed = []
    for code, value in told.items():
        text = value if isinstance(value, str) else exact_text_of(value)
        record = before.pop(code, None)
        if record is not None and record.value == text:
            continue
        if record is None:
            record = InformationRecord(
                round_id=submission.round_id,
                submission_id=submission.id,
                unit=submission.unit,
                code=code,
                value=text,
                private=code.partition("|")[0] in contacts,
            )
        record.value, record.submission_id = text, submission.id
        session.add(record)
        changed.append(code)
    for gone in before.values():
        session.delete(gone)
        changed.append(gone.code)
    if changed:
        # the codes only: what stands in a contact is nobody's business but the organiser's
        detail = {"fields": sorted(changed), "submission": submission.sha256}
        audit.append(
            session, submission.round_id, "information_read", submission.source, detail, actor
        )
    return len(changed)


def information(session: Session, round_id: str, unit: str) -> dict[str, str]:
    """What a unit tells of itself that others may see: contacts are left out."""
    found = session.exec(
        select(InformationRecord).where(
            InformationRecord.round_id == round_id,
            InformationRecord.unit == unit,
            InformationRecord.private == False,  # noqa: E712 - SQL
        )
    )
    return {record.code: record.value for record in found}


def exact_text_of(value: Value) -> str:
    """A number or a flag as text that is read back exactly."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else exact_text(value)
