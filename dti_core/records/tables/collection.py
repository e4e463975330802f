"""What was asked and what came: requests, files, figures, evidence."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from dti_core.records.tables.base import Record, json_column


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
    __table_args__ = (
        UniqueConstraint("round_id", "unit", "criterion", "variable", "version"),
        Index("ix_figure_round_id_submission_id", "round_id", "submission_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    round_id: str = Field(foreign_key="round.id")
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
    among: list[str] = Field(sa_column=json_column())
    raw: str | None = None
    file: str | None = None
    sheet: str | None = None
    cells: list[str] = Field(sa_column=json_column())
    question: str | None = None
    note: str | None = None


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
