"""The tables. Exact numbers are kept as text ("151/20"), times as UTC text, so that SQLite and
PostgreSQL keep, compare and hash the very same thing."""

from typing import Any

from sqlalchemy import JSON, Column, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel


class Record(SQLModel):
    """Base of all tables, with constraint names that both databases and migrations agree on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _json() -> Any:
    return Column(JSON, nullable=False)


class RoundRecord(Record, table=True):
    """An opened round. `pins` are the hashes of frameworks and program it was opened with."""

    __tablename__ = "round"
    id: str = Field(primary_key=True)
    title: str
    evaluation_year: int
    opens: str
    closes: str
    pins: dict[str, str] = Field(sa_column=_json())
    state: str
    opened_at: str


class SubmissionRecord(Record, table=True):
    """A received file. Never overwritten: another content is another version."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("round_id", "source", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    unit: str
    source: str
    version: int
    sha256: str
    stored_as: str
    received_at: str


class FigureRecord(Record, table=True):
    """A version of one figure, with the words it was read from and where they stand."""

    __tablename__ = "figure"
    __table_args__ = (UniqueConstraint("round_id", "unit", "criterion", "variable", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    submission_id: int = Field(foreign_key="submission.id")
    unit: str
    criterion: str
    variable: str
    version: int
    status: str
    number: str | None = None
    flag: bool | None = None
    choice: str | None = None
    low: str | None = None
    high: str | None = None
    among: list[str] = Field(sa_column=_json())
    raw: str | None = None
    file: str | None = None
    sheet: str | None = None
    cells: list[str] = Field(sa_column=_json())
    question: str | None = None
    note: str | None = None


class FindingRecord(Record, table=True):
    """What validation found about one figure of the current versions."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("round_id", "unit", "criterion", "variable", "rule"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    unit: str
    criterion: str
    variable: str
    rule: str
    severity: str
    message: str
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None


class AwardRecord(Record, table=True):
    """Points of one unit for one row. `kind`: self-assessed, computed or appraised."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("round_id", "unit", "criterion", "reading", "kind"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    unit: str
    criterion: str
    reading: str
    kind: str
    max_points: str | None = None
    points: str | None = None
    published: str | None = None
    low: str
    high: str
    status: str
    reasons: list[str] = Field(sa_column=_json())
    unclipped: str | None = None
    reason: str | None = None
    decided_by: str | None = None


class RequestRecord(Record, table=True):
    """What was asked of whom, by when, with which workbook."""

    __tablename__ = "request"
    __table_args__ = (UniqueConstraint("round_id", "provider", "kind"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    provider: str
    kind: str
    due: str
    items: int
    workbook: str
    sha256: str


class ExtensionRecord(Record, table=True):
    """A later deadline for one request, granted for a reason. The newest one holds."""

    __tablename__ = "extension"
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    provider: str
    kind: str
    due: str
    reason: str
    document: str | None = None
    actor: str
    at: str


class EvidenceRecord(Record, table=True):
    """A file of evidence, kept once by its content however often it is sent."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("round_id", "sha256"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    sha256: str
    name: str
    size: int
    media_type: str
    stored_as: str
    received_at: str


class EvidenceLinkRecord(Record, table=True):
    """What a unit names as evidence of a figure, and the file that it sent with it, if any.

    sha256  the file; None where the words name a document that nobody sent
    """

    __tablename__ = "evidence_link"
    __table_args__ = (UniqueConstraint("round_id", "unit", "criterion", "variable", "sha256"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    submission_id: int = Field(foreign_key="submission.id")
    unit: str
    criterion: str
    variable: str
    words: str
    sha256: str | None = None


class InformationRecord(Record, table=True):
    """A field of general information of a unit, as its newest workbook gives it."""

    __tablename__ = "information"
    __table_args__ = (UniqueConstraint("round_id", "unit", "code"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    submission_id: int = Field(foreign_key="submission.id")
    unit: str
    code: str
    value: str
    private: bool


class RemarkRecord(Record, table=True):
    """What a sender has to be told of one version of a file beside its figures, in Vietnamese.

    kind: question (has to be answered), notice (need not), evidence (a file that was not taken).
    """

    __tablename__ = "remark"
    __table_args__ = (UniqueConstraint("submission_id", "place"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    submission_id: int = Field(foreign_key="submission.id")
    place: int
    kind: str
    text: str
    sheet: str | None = None
    cell: str | None = None


class ConfirmationRecord(Record, table=True):
    """The unit's head stands for one version of a workbook: the signed paper registered."""

    __tablename__ = "confirmation"
    __table_args__ = (UniqueConstraint("round_id", "provider", "kind", "submission_sha256"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    provider: str
    kind: str
    submission_sha256: str
    document: str
    document_sha256: str | None = None
    signed_by: str
    signed_on: str
    actor: str
    at: str


class EarlierFigureRecord(Record, table=True):
    """A figure of an evaluation year before this product, imported for comparison."""

    __tablename__ = "earlier_figure"
    __table_args__ = (UniqueConstraint("program", "year", "unit", "criterion", "variable"),)
    id: int | None = Field(default=None, primary_key=True)
    program: str = Field(index=True)
    year: int
    unit: str
    criterion: str
    variable: str
    number: str | None = None
    flag: bool | None = None
    choice: str | None = None
    raw: str
    file: str
    sheet: str | None = None
    cell: str | None = None


class EarlierResultRecord(Record, table=True):
    """Points and rank of an evaluation year before this product, imported for comparison."""

    __tablename__ = "earlier_result"
    __table_args__ = (UniqueConstraint("program", "year", "group", "unit"),)
    id: int | None = Field(default=None, primary_key=True)
    program: str = Field(index=True)
    year: int
    group: str
    unit: str
    points: str | None = None
    rank: int | None = None
    source: str


class QuarantineRecord(Record, table=True):
    """A received file that was set aside, and why."""

    __tablename__ = "quarantine"
    __table_args__ = (UniqueConstraint("round_id", "name", "sha256"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    name: str
    sha256: str
    reason: str
    at: str


class FlagRecord(Record, table=True):
    """A doubt about a figure, what the unit answered and how the officer took it.

    status        see `dti_core.records.flags`
    suspicion     how much it is doubted, from a half to 1 (`Flag.suspicion`)
    impact        points on the row, if the figure were the expected one; `impact_total` points on
                  the unit's total, `impact_rank` places
    due           the last day for the unit's answer; None where none was set that it could keep
    """

    __tablename__ = "flag"
    __table_args__ = (UniqueConstraint("round_id", "flag_id"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    flag_id: str
    unit: str
    criterion: str
    criteria: list[str] = Field(sa_column=_json())
    variable: str | None = None
    detector: str
    reported: str | None = None
    expected: str | None = None
    message: str
    suspicion: float | None = None
    impact: str | None = None
    impact_total: str | None = None
    impact_rank: int | None = None
    status: str
    due: str | None = None
    decision: str | None = None
    corrected: str | None = None
    explanation: str | None = None
    officer_reason: str | None = None


class RankRecord(Record, table=True):
    """A unit's place in its group."""

    __tablename__ = "rank_entry"
    __table_args__ = (UniqueConstraint("round_id", "group", "unit"),)
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    group: str
    unit: str
    points: str | None = None
    published: str | None = None
    rank: int | None = None
    reason: str | None = None


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
    attachments: list[str] = Field(sa_column=_json())
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
    detail: dict[str, Any] = Field(sa_column=_json())
    previous: str
    digest: str
