"""Rounds in the records: opened once, with the hashes of the law that they run on, and closed to
new files by the approvals of people, until somebody opens them again for a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, and_, col, or_, select

from dti_core.errors import Refused
from dti_core.framework.check import require_openable
from dti_core.program.calendar import local_day
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.bookkeeping import apart, documented
from dti_core.records.one_writer import one_writer
from dti_core.records.pins import LawChanged, RoundNotOpen, check_pins
from dti_core.records.policies import note_policies, set_policies
from dti_core.records.rights import Right, need
from dti_core.records.tables import (
    ApprovalRecord,
    AuditRecord,
    DocumentRecord,
    RequestRecord,
    RoundRecord,
)

__all__ = [
    "Gate",
    "LawChanged",
    "NotReopened",
    "RoundNotOpen",
    "documents",
    "gate_of",
    "open_round",
    "opened_rounds",
    "record_documents",
    "reopen",
    "require_round",
]

COLLECTION, DRAFT = "thu-thap", "du-thao"
"""The approvals that close a round to workbooks with figures, and to all that units send."""


class NotReopened(Refused):
    """A round that cannot be opened again as wished. The text says why."""


@dataclass(frozen=True)
class Gate:
    """Whose files are taken, by the approvals and reopenings so far.

    closed_by    who approved that collection is closed; None while it is open
    closed_on    on which day, in Viet Nam
    finished     the draft decision is approved: explanations are not taken either
    reopened     whether it was opened again for everybody since it was last closed
    exceptions   providers that may send although it is closed to the others
    """

    closed_by: str | None = None
    closed_on: date | None = None
    finished: bool = False
    reopened: bool = False
    exceptions: frozenset[str] = frozenset()

    def takes_figures(self, provider: str) -> bool:
        return self.closed_by is None or provider in self.exceptions

    def takes_answers(self, provider: str) -> bool:
        return not self.finished or provider in self.exceptions

    def lets_in_late(self, provider: str) -> bool:
        """Opened again for them: that the deadline has passed was known then."""
        return self.reopened or provider in self.exceptions


def open_round(session: Session, context: RoundContext, actor: str) -> bool:
    """Open a round. Returns whether it was new; opening an open one changes nothing, but that
    policies set since are recorded.

    Raises LawChanged where the framework or the program is no longer the one it was opened with,
    NotReady where a framework lacks its criteria or has an error that nobody has recorded.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    if session.get(RoundRecord, context.id) is not None:
        require_round(session, context)
        note_policies(session, context, actor)
        return False
    for framework in context.frameworks.values():
        require_openable(framework)
    session.add(
        RoundRecord(
            id=context.id,
            title=context.round.title,
            evaluation_year=context.round.evaluation_year,
            opens=context.round.opens.on.isoformat(),
            closes=context.round.closes.on.isoformat(),
            pins=context.pins,
            state="open",
            opened_at=audit.now(),
        )
    )
    session.flush()
    detail = {"pins": context.pins, "policies": set_policies(context.program)}
    audit.append(session, context.id, "round_opened", context.id, detail, actor)
    return True


def require_round(session: Session, context: RoundContext) -> RoundRecord:
    """The open round, on the law that it was opened with. Raises RoundNotOpen, LawChanged."""
    record = session.get(RoundRecord, context.id)
    check_pins(context, record.pins if record else None)
    assert record is not None
    return record


def gate_of(session: Session, round_id: str) -> Gate:
    """Whose files the round takes now: what the audit trail tells of approvals and reopenings.

    An approval closes to everybody, those for whom it had been opened again too.
    """
    gate = Gate()
    for event in session.exec(
        select(AuditRecord)
        .where(
            AuditRecord.round_id == round_id,
            # of approvals only those that close: a stage that asks for the gate is not run again
            # because some other step was approved
            or_(
                AuditRecord.action == "round_reopened",
                and_(
                    AuditRecord.action == "step_approved",
                    col(AuditRecord.subject).in_((COLLECTION, DRAFT)),
                ),
            ),
        )
        .order_by(col(AuditRecord.seq))
    ):
        if event.action == "round_reopened":
            if event.subject == round_id:
                gate = Gate(reopened=True)
            else:
                gate = replace(gate, exceptions=gate.exceptions | {event.subject})
        else:
            gate = Gate(event.actor, local_day(event.at), finished=event.subject == DRAFT)
    return gate


def reopen(
    session: Session,
    context: RoundContext,
    reason: str,
    actor: str,
    provider: str | None = None,
) -> bool:
    """Let a closed round take files again, of one provider or of all; returns whether that is new.

    The approvals that had closed it no longer hold: what comes has to be closed and approved anew.
    Raises NotReopened without a reason, and for a provider that nothing was asked of.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    if not reason.strip():
        raise NotReopened("Mở lại phải có lý do: --reason LÝ_DO.")
    if provider is not None:
        asked = set(
            session.exec(select(RequestRecord.provider).where(RequestRecord.round_id == context.id))
        )
        if provider not in asked:
            hint = f" Có: {', '.join(sorted(asked))}." if asked else ""
            raise NotReopened(f"Đợt {context.id} không có yêu cầu nào gửi tới {provider!r}.{hint}")
    gate = gate_of(session, context.id)
    if gate.closed_by is None or (provider is not None and provider in gate.exceptions):
        return False
    for record in session.exec(
        select(ApprovalRecord).where(
            ApprovalRecord.round_id == context.id,
            col(ApprovalRecord.step).in_([COLLECTION, DRAFT]),
        )
    ):
        session.delete(record)
    audit.append(
        session,
        context.id,
        "round_reopened",
        provider or context.id,
        {"reason": reason.strip(), "closed_by": gate.closed_by},
        actor,
    )
    return True


def opened_rounds(session: Session) -> list[RoundRecord]:
    return list(session.exec(select(RoundRecord).order_by(col(RoundRecord.id))))


def record_documents(
    session: Session, round_id: str, made: Mapping[str, tuple[str, str]], actor: str
) -> int:
    """Record produced documents; returns how many are new or have another content.

    made  path under the round's folder → (kind, SHA-256)
    """
    actor = need(session, round_id, Right.OPERATE, actor)
    wanted = select(DocumentRecord).where(
        DocumentRecord.round_id == round_id, col(DocumentRecord.path).in_(made)
    )
    with apart():
        known = {record.path: record for record in session.exec(wanted)}
    documented({path: sha256 for path, (_, sha256) in made.items()})
    changed: dict[str, dict[str, str]] = {}
    for path, (kind, sha256) in made.items():
        record = known.get(path)
        if record is not None and record.sha256 == sha256:
            continue
        if record is None:
            record = DocumentRecord(round_id=round_id, kind=kind, path=path, sha256=sha256)
        record.sha256 = sha256
        session.add(record)
        changed[path] = {"kind": kind, "sha256": sha256}
    if changed:
        audit.append_all(session, round_id, "document_made", changed, actor)
    return len(changed)


def documents(session: Session, round_id: str) -> list[DocumentRecord]:
    return list(
        session.exec(
            select(DocumentRecord)
            .where(DocumentRecord.round_id == round_id)
            .order_by(col(DocumentRecord.path))
        )
    )
