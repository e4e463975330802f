"""The audit chain: every change to a round leaves an event that names the one before it.

An event's digest covers its content and the digest before, so that an event that is altered,
dropped or put elsewhere no longer fits (`verify`).
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from dti_core import clock
from dti_core.records.bookkeeping import apart
from dti_core.records.tables import AuditRecord

START = "0" * 64


def now() -> str:
    """The present moment as records keep it."""
    return clock.now().isoformat(timespec="seconds")


def append(
    session: Session,
    round_id: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
    actor: str,
) -> AuditRecord:
    """Add an event at the end of the round's chain."""
    (event,) = append_all(session, round_id, action, {subject: detail}, actor)
    return event


def append_all(
    session: Session,
    round_id: str,
    action: str,
    details: Mapping[str, Mapping[str, Any]],
    actor: str,
) -> list[AuditRecord]:
    """Add an event of one kind for each subject, in their order, at the end of the chain."""
    with apart():
        last = session.exec(
            select(AuditRecord.seq, AuditRecord.digest)
            .where(AuditRecord.round_id == round_id)
            .order_by(col(AuditRecord.seq).desc())
            .limit(1)
        ).first()
    seq, previous = last or (0, START)
    events = []
    for number, (subject, detail) in enumerate(details.items(), seq + 1):
        event = AuditRecord(
            round_id=round_id,
            seq=number,
            at=now(),
            actor=actor,
            action=action,
            subject=subject,
            detail=dict(detail),
            previous=previous,
            digest="",
        )
        previous = event.digest = digest(event)
        events.append(event)
    session.add_all(events)
    session.flush()
    return events


def digest(event: AuditRecord) -> str:
    """SHA-256 over everything in the event but its own digest and row number."""
    content = event.model_dump(exclude={"id", "digest"})
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()


def verify(session: Session, round_id: str) -> list[str]:
    """What is wrong with a round's chain, in Vietnamese; empty where it is whole."""
    problems: list[str] = []
    previous, expected = START, 1
    events = session.exec(
        select(AuditRecord).where(AuditRecord.round_id == round_id).order_by(col(AuditRecord.seq))
    )
    for event in events:
        if event.seq != expected:
            problems.append(f"Sự kiện số {expected} bị thiếu (tiếp theo là số {event.seq}).")
        if event.previous != previous:
            problems.append(f"Sự kiện số {event.seq} không nối vào sự kiện trước nó.")
        if event.digest != digest(event):
            problems.append(f"Sự kiện số {event.seq} đã bị sửa nội dung.")
        previous, expected = event.digest, event.seq + 1
    return problems
