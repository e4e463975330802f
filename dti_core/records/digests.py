"""What an approval is over: a digest of the records that the step closes.

A later change to those records gives another digest, so that the approval no longer holds.
"""

import hashlib
import json
from typing import Any

from sqlmodel import Session, col, select

from dti_core.records.appraising import APPRAISED, ranks
from dti_core.records.awards import awards
from dti_core.records.flags import all_flags
from dti_core.records.tables import SubmissionRecord


def digest_of(session: Session, round_id: str, step: str) -> str:
    """SHA-256 over what the step closes: files, flags, points, or points with ranks."""
    match step:
        case "thu-thap":
            content: Any = [
                [record.source, record.version, record.sha256]
                for record in session.exec(
                    select(SubmissionRecord)
                    .where(SubmissionRecord.round_id == round_id)
                    .order_by(col(SubmissionRecord.source), col(SubmissionRecord.version))
                )
                if record.source.endswith((":own", ":about_units"))
            ]
        case "giai-trinh":
            content = sorted(
                [record.flag_id, record.status, record.corrected, record.officer_reason]
                for record in all_flags(session, round_id)
            )
        case "tham-dinh":
            content = _points(session, round_id)
        case _:
            content = [
                _points(session, round_id),
                [[r.group, r.unit, r.rank, r.points] for r in ranks(session, round_id)],
            ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _points(session: Session, round_id: str) -> list[list[str | None]]:
    return sorted(
        ([a.unit, a.criterion, a.points, a.reason] for a in awards(session, round_id, APPRAISED)),
        key=str,
    )
