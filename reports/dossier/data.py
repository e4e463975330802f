"""What a dossier says: the fields of its page, and of `ho-so.json` by the same names.

Moments are kept as recorded (UTC, ISO 8601), exact numbers as fractions ("151/20"), both beside
the text that people read. An empty text is one that there is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dti_core.records.disclosing import Link
from reports.score_sheet.data import RowText

FORMAT = "dti-ho-so/1"
"""Says how `ho-so.json` is to be read; changes with the meaning of a field."""


@dataclass(frozen=True)
class FileText:
    """A file that stands behind the result.

    path    where it lies in the dossier; empty where it is not enclosed, and `why` says so
    kept_as its place under the round's folder
    """

    kind: str
    name: str
    sha256: str
    path: str
    kept_as: str
    why: str = ""


@dataclass(frozen=True)
class SubmissionText:
    """A file as it came, with what its sender was told of it. `late` in days; 0 in time."""

    source: str
    sender: str
    version: int
    newest: bool
    received_at: str
    received_by: str
    sha256: str
    path: str
    why: str
    late: int
    told: Sequence[str]


@dataclass(frozen=True)
class RequestText:
    """What was asked of the unit, and by when in the end."""

    kind: str
    asked_until: str
    due: str
    items: int
    received_on: str
    late: str
    sha256: str


@dataclass(frozen=True)
class VersionText:
    """One version of a figure: words of its cell, what was read from them, and where they stand.

    value  as people read it; `exact` as a fraction; both empty where nothing could be read
    place  sheet and cells in words
    """

    variable: str
    label: str
    version: int
    counts: bool
    status: str
    value: str
    exact: str
    raw: str
    file: str
    sheet: str
    cells: Sequence[str]
    place: str
    question: str
    note: str
    source: str
    submission: int
    received_at: str
    received_by: str
    sha256: str
    path: str


@dataclass(frozen=True)
class PointsText:
    """Points of one kind on one row: what kind, how many, who gave them and why."""

    kind: str
    reading: str
    points: str
    exact: str
    status: str
    reason: str
    by: str
    official: bool = False


@dataclass(frozen=True)
class OpinionText:
    """What one appraiser gave, and in which cell of his file."""

    verifier: str
    points: str
    exact: str
    reason: str
    actor: str
    at: str
    place: str


@dataclass(frozen=True)
class FlagText:
    """A doubt: its arithmetic, what it would be worth, what the unit said, what was decided."""

    id: str
    detector: str
    message: str
    status: str
    reported: str
    expected: str
    impact: str
    due: str
    decision: str
    corrected: str
    explanation: str
    officer: str
    decided_by: str
    decided_at: str


@dataclass(frozen=True)
class FindingText:
    variable: str
    rule: str
    severity: str
    message: str
    cell: str


@dataclass(frozen=True)
class EvidenceText:
    """What the unit names as evidence of a figure, and the file that it sent, if any."""

    variable: str
    words: str
    name: str
    sha256: str
    path: str


@dataclass(frozen=True)
class ExemptionText:
    ground: str
    effect: str
    status: str
    reason: str
    decided_by: str
    at: str


@dataclass(frozen=True)
class PriorText:
    """A figure of the evaluation year before."""

    variable: str
    value: str
    place: str


@dataclass(frozen=True)
class RowDossier:
    """A criterion with everything behind its points. `row` is as on the score sheet."""

    row: RowText
    points: Sequence[PointsText]
    versions: Sequence[VersionText]
    findings: Sequence[FindingText]
    flags: Sequence[FlagText]
    opinions: Sequence[OpinionText]
    evidence: Sequence[EvidenceText]
    exemptions: Sequence[ExemptionText]
    prior: Sequence[PriorText]


@dataclass(frozen=True)
class PillarDossier:
    """A pillar: official points, exact and as published, and its rows."""

    code: str
    name: str
    max_points: str
    points: str
    exact: str
    rows: Sequence[RowDossier]


@dataclass(frozen=True)
class RankText:
    """The unit's place. `status` and `reason` say why it has none, where it has none."""

    group: str
    rank: str
    of: int
    points: str
    exact: str
    max_points: str
    percent: str
    percent_exact: str
    grade: str
    status: str
    reason: str
    previous: str


@dataclass(frozen=True)
class PeerText:
    """A unit of the group: nothing but what a ranking publishes."""

    rank: str
    name: str
    points: str
    percent: str
    own: bool


@dataclass(frozen=True)
class NotificationText:
    key: str
    title: str
    body: str
    status: str
    sent_at: str
    channel: str
    error: str


@dataclass(frozen=True)
class PetitionText:
    number: int
    criterion: str
    text: str
    received_on: str
    status: str
    points: str
    reason: str
    decided_by: str
    decided_at: str
    path: str


@dataclass(frozen=True)
class StepText:
    """A decision about the unit or the round, in the order in which they stand.

    sha256  of what was approved or issued; empty where there is none
    """

    what: str
    state: str
    by: str
    at: str
    sha256: str
    note: str


@dataclass(frozen=True)
class EventLine:
    """An event as the page lists it, or a stretch of events that are not told."""

    numbers: str
    at: str
    actor: str
    what: str
    subject: str
    digest: str
    told: str


@dataclass(frozen=True)
class Dossier:
    """Everything behind one unit's rank.

    problems  what the check of the whole round found at the moment of export
    current   whether the recorded points follow from the recorded figures
    head      the digest of the round's newest event at that moment
    links     the chain, event by event; `events` the same as the page lists it
    within    the dossier of the sub-round, in the same archive, in which it was collected first
    """

    format: str
    round_id: str
    round_title: str
    evaluation_year: int
    decree: str
    unit_id: str
    unit: str
    illustration: str
    exported_at: str
    exported_by: str
    recipient: str
    problems: Sequence[str]
    current: bool
    head: str
    rank: RankText | None
    peers: Sequence[PeerText]
    total: str
    total_exact: str
    total_max: str
    pillars: Sequence[PillarDossier]
    requests: Sequence[RequestText]
    submissions: Sequence[SubmissionText]
    steps: Sequence[StepText]
    petitions: Sequence[PetitionText]
    notifications: Sequence[NotificationText]
    policies: Sequence[str]
    pins: Mapping[str, str]
    files: Sequence[FileText]
    within: str
    events: Sequence[EventLine]
    links: Sequence[Link]

    @property
    def untold(self) -> int:
        """How many events are closed: others'."""
        return sum(link.told == "none" for link in self.links)


def as_json(value: Any) -> Any:
    """A dossier as JSON keeps it."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: as_json(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_json(each) for each in value]
    return value
