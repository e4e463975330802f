"""What the data-quality report says, as plain values: numbers stay numbers, for the page and the
workbook to write them each in its own way."""

from dataclasses import dataclass

from reports.quality.stages import Counts
from reports.shown import Tone

TOP = 10
"""How many criteria stand in the chart; the others are in the folded table."""


@dataclass(frozen=True)
class PartLine:
    """A part of the round, by group or by pillar: `units` assessed in it, and its figures."""

    group: str
    name: str
    units: int
    counts: Counts


@dataclass(frozen=True)
class CriterionLine:
    """A criterion: how many of the `units` assessed by it have it wrong, and in which way.

    wrong    in any of the ways but for evidence: each unit once
    missing  left blank in a file that has come; unclear: an answer that has to be asked about
    papers   figures without the evidence that the decree asks for
    """

    group: str
    code: str
    name: str
    units: int
    wrong: int
    missing: int
    unclear: int
    fatal: int
    warned: int
    doubted: int
    papers: int

    @property
    def share(self) -> float:
        """The part of the units, 0…1: the bar, and the order of the list."""
        return self.wrong / self.units if self.units else 0.0


@dataclass(frozen=True)
class UnitLine:
    """How one unit stands: what it gives, and the doubts about what it reports of itself.

    page       whether it has a page of its own, named by `id`
    asked      figures asked of it; answered: those with a value or a stated status
    unclear    answers that have to be asked about, and questions that are about no figure
    papers     criteria without the evidence that the decree asks for
    flags      one number for each of the report's `flag_states`
    late       came after the deadline, or did not come and the deadline has passed
    """

    id: str
    name: str
    group: str
    asked: int
    answered: int
    unclear: int
    fatal: int
    warned: int
    papers: int
    flags: tuple[int, ...]
    received: str
    due: str
    timeliness: str
    tone: Tone
    late: bool
    confirmed: str


@dataclass(frozen=True)
class Remark:
    """A line of a unit's page: what is missing, unclear, wrong or changed.

    about  the unit that the figure is about; empty for the page's own unit
    code   of the criterion; empty where it is about no figure
    where  file, page and cell
    """

    about: str
    code: str
    text: str
    where: str = ""


@dataclass(frozen=True)
class FlagLine:
    """A doubt about a figure: arithmetic, what hangs on it, the unit's answer.

    points  what the unit's points would change by if the figure were the expected one; None where
            that is not known
    """

    code: str
    text: str
    status: str
    tone: Tone
    points: float | None = None
    explanation: str = ""
    decision: str = ""


@dataclass(frozen=True)
class FileLine:
    """A version of a file that a unit sent, and what it was told of it."""

    name: str
    version: int
    received: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class AsideLine:
    """A received file that could not be taken, and why."""

    name: str
    day: str
    reason: str


@dataclass(frozen=True)
class NotRun:
    """A check of a group's figures that could not be carried out: no fault of the units."""

    group: str
    check: str
    reason: str


@dataclass(frozen=True)
class UnitPage:
    """Everything about one unit, for its own page and for the lists of the workbook."""

    line: UnitLine
    counts: Counts
    missing: tuple[Remark, ...]
    unclear: tuple[Remark, ...]
    fatal: tuple[Remark, ...]
    warned: tuple[Remark, ...]
    flags: tuple[FlagLine, ...]
    papers: tuple[Remark, ...]
    changes: tuple[Remark, ...]
    files: tuple[FileLine, ...]


@dataclass(frozen=True)
class YearLine:
    """A group's figures beside those of the year before.

    both            figures with a value in both years, of which `same`, `up` and `down` where they
                    can be compared as numbers
    lost            had a value and have none now; new: the reverse
    before          last year's stages, where that year's round is in the records
    """

    group: str
    both: int
    same: int
    up: int
    down: int
    lost: int
    new: int
    now: Counts
    before: Counts | None


@dataclass(frozen=True)
class QualityReport:
    """The report of a round at a moment (`as_of`, in words).

    notes        what the reader has to know before the numbers: what has not happened yet
    flag_states  what the columns of doubts count, in this order
    year_before  the evaluation year that `years` compares with

    Raises ValueError where a unit's counts do not fit those columns.
    """

    round_id: str
    title: str
    decree: str
    issuer: str
    as_of: str
    deadline: str
    notes: tuple[str, ...]
    counts: Counts
    groups: tuple[PartLine, ...]
    pillars: tuple[PartLine, ...]
    flag_states: tuple[str, ...]
    pages: tuple[UnitPage, ...]
    criteria: tuple[CriterionLine, ...]
    not_run: tuple[NotRun, ...]
    aside: tuple[AsideLine, ...]
    year_before: int
    years: tuple[YearLine, ...]
    illustration: str | None = None

    def __post_init__(self) -> None:
        for page in self.pages:
            if len(page.line.flags) != len(self.flag_states):
                raise ValueError(f"{page.line.name}: số cột đếm không khớp với báo cáo")

    @property
    def units(self) -> tuple[UnitLine, ...]:
        return tuple(page.line for page in self.pages)

    @property
    def late(self) -> tuple[UnitLine, ...]:
        return tuple(unit for unit in self.units if unit.late)

    @property
    def worst_first(self) -> tuple[CriterionLine, ...]:
        """The criteria that any unit has wrong, those of most units first; equal ones as given."""
        wrong = [line for line in self.criteria if line.wrong]
        return tuple(sorted(wrong, key=lambda line: -line.share))

    @property
    def many_groups(self) -> bool:
        return len(self.groups) > 1
