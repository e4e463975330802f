"""Which policies a round runs under, told by its audit trail: a province sets them in a file.

Policies are no part of the program's pins, since a province may set one in the middle of a round.
That voids the approvals that covered them (`digests`), and is an event of its own here.
"""

from typing import Any

from sqlmodel import Session, col, select

from dti_core.program.load import RoundContext
from dti_core.program.model import Program
from dti_core.records import audit
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.tables import AuditRecord

SET = "policies_set"
"""The audit event that names the policies that were set, changed or taken back (None)."""


def set_policies(program: Program) -> dict[str, Any]:
    """Name → value, basis and day of every policy that is set."""
    every = program.policies.model_dump(mode="json")
    return {name: policy for name, policy in every.items() if policy}


def note_policies(session: Session, context: RoundContext, actor: str) -> bool:
    """Record which policies are no longer as the trail tells them; returns whether any is."""
    actor = need(session, context.id, Right.OPERATE, actor)
    if not _changed(session, context):
        return False
    one_writer(session, context.id)  # of two that see it at once one tells it
    told, changed = _known(session, context.id), _changed(session, context)
    if changed:
        detail: dict[str, Any] = {"policies": changed}
        if told is None:  # opened before policies were told: they may be as old as the round
            detail["first_told"] = True
        audit.append(session, context.id, SET, context.id, detail, actor)
    return bool(changed)


def _changed(session: Session, context: RoundContext) -> dict[str, Any]:
    known, now = _known(session, context.id) or {}, set_policies(context.program)
    names = sorted({*known, *now})
    return {name: now.get(name) for name in names if known.get(name) != now.get(name)}


def _known(session: Session, round_id: str) -> dict[str, Any] | None:
    """The policies as the trail last told them; None where it never did."""
    events = session.exec(
        select(AuditRecord)
        .where(AuditRecord.round_id == round_id, col(AuditRecord.action).in_(["round_opened", SET]))
        .order_by(col(AuditRecord.seq))
    )
    known: dict[str, Any] | None = None
    for event in events:
        if "policies" in event.detail:
            known = (known or {}) | event.detail["policies"]
    if known is None:
        return None
    return {name: policy for name, policy in known.items() if policy is not None}
