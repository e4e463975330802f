"""What a score sheet says, as the text that is shown."""

from dataclasses import dataclass

from reports.shown import Tone


@dataclass(frozen=True)
class FigureText:
    """A figure: its value, how sure it is, the words of its source and where they stand."""

    name: str
    label: str
    value: str
    status: str
    raw: str = ""
    cells: tuple[str, ...] = ()
    question: str = ""
    note: str = ""


@dataclass(frozen=True)
class ReadingText:
    """One reading of the clause: the rule in words, the arithmetic, the points."""

    title: str
    official: bool
    rule: tuple[str, ...]
    steps: tuple[str, ...]
    points: str
    status: str


@dataclass(frozen=True)
class RowText:
    """A criterion with everything behind its points.

    official   the points that count: appraised, else computed under the official reading
    computed   what the rule gives
    reason     why the appraiser gave other points; empty where he did not
    """

    code: str
    name: str
    child: bool
    max_points: str
    computed: str
    official: str
    status: str
    tone: Tone
    citation: str
    providers: str
    evidence: str
    erratum: str
    reason: str
    decided_by: str
    figures: tuple[FigureText, ...]
    readings: tuple[ReadingText, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class PillarText:
    """A pillar and its rows."""

    code: str
    name: str
    max_points: str
    points: str
    rows: tuple[RowText, ...]


@dataclass(frozen=True)
class ScoreSheet:
    """The sheet of one unit. `total` says what is possible where points are still open."""

    round_id: str
    round_title: str
    decree: str
    unit: str
    total: str
    max_points: str
    rank: str
    illustration: str | None
    policies: tuple[str, ...]
    pins: tuple[tuple[str, str], ...]
    pillars: tuple[PillarText, ...]
