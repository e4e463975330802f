"""A round and what it produces: approvals, documents, notifications, the audit chain."""

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from dti_core.records.tables.base import Record, json_column


class RoundRecord(Record, table=True):
    """An opened round. `pins` are the hashes of frameworks and program it was opened with."""

    __tablename__ = "round"
    id: str = Field(primary_key=True)
    title: str
    evaluation_year: int
    opens: str
    closes: str
    pins: dict[str, str] = Field(sa_column=json_column())
    state: str
    opened_at: str


class ApprovalRecord(Record, table=True):
    """A person's go-ahead for a step, over the digest of what it approves."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("round_id", "step"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    step: str
    role: str
    digest: str
    at: str


class NotificationRecord(Record, table=True):
    """The outbox: one message, once. `key` says what it is for; status pending, sent or failed.

    channel     the name of the channel that it goes by, never its address
    claimed_by  the worker that is sending it just now, since `claimed_at`
    """

    __tablename__ = "notification"
    __table_args__ = (UniqueConstraint("round_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    key: str
    recipient: str
    title: str
    body: str
    attachments: list[str] = Field(sa_column=json_column())
    status: str
    attempts: int = 0
    sent_at: str | None = None
    error: str | None = None
    channel: str | None = None
    claimed_by: str | None = None
    claimed_at: str | None = None


class DocumentRecord(Record, table=True):
    """A document that the round produced."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("round_id", "path"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    kind: str
    path: str
    sha256: str


class AuditRecord(Record, table=True):
    """One event of a round's audit chain. Rows are added, never changed."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("round_id", "seq"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(index=True)
    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: dict[str, Any] = Field(sa_column=json_column())
    previous: str
    digest: str
