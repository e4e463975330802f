"""The tables, a module a part of the round."""

from dti_core.records.tables.appraisal import (
    AssignmentRecord,
    ExemptionRecord,
    OpinionRecord,
    ParticipationRecord,
    SittingRecord,
)
from dti_core.records.tables.base import (
    Record,
)
from dti_core.records.tables.collection import (
    ConfirmationRecord,
    EvidenceLinkRecord,
    EvidenceRecord,
    ExtensionRecord,
    FigureRecord,
    InformationRecord,
    QuarantineRecord,
    RemarkRecord,
    RequestRecord,
    SubmissionRecord,
)
from dti_core.records.tables.earlier import (
    EarlierFigureRecord,
    EarlierResultRecord,
)
from dti_core.records.tables.judging import (
    AwardRecord,
    FindingRecord,
    FlagRecord,
    RankRecord,
)
from dti_core.records.tables.outcome import (
    ImprovementRecord,
    IssueRecord,
    PetitionRecord,
)
from dti_core.records.tables.people import PersonRecord
from dti_core.records.tables.rounds import (
    ApprovalRecord,
    AuditRecord,
    DocumentRecord,
    NotificationRecord,
    RoundRecord,
)
from dti_core.records.tables.seal import SealRecord

__all__ = [
    "ApprovalRecord",
    "AssignmentRecord",
    "AuditRecord",
    "AwardRecord",
    "ConfirmationRecord",
    "DocumentRecord",
    "EarlierFigureRecord",
    "EarlierResultRecord",
    "EvidenceLinkRecord",
    "EvidenceRecord",
    "ExemptionRecord",
    "ExtensionRecord",
    "FigureRecord",
    "FindingRecord",
    "FlagRecord",
    "ImprovementRecord",
    "InformationRecord",
    "IssueRecord",
    "NotificationRecord",
    "OpinionRecord",
    "ParticipationRecord",
    "PersonRecord",
    "PetitionRecord",
    "QuarantineRecord",
    "RankRecord",
    "Record",
    "RemarkRecord",
    "RequestRecord",
    "RoundRecord",
    "SealRecord",
    "SittingRecord",
    "SubmissionRecord",
]
