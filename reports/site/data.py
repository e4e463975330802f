"""What the result pages say, as plain values: text as it is shown, floats for widths of bars."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from reports.shown import Tone, change
from reports.site.beside import Chances, DataFile, StrengthLine, YearLine


@dataclass(frozen=True)
class PillarHead:
    """A pillar as it heads a column of the ranking."""

    code: str
    name: str
    max_points: str


@dataclass(frozen=True)
class PillarCell:
    """A unit's points in a pillar, or in all of them together.

    points          the official points: appraised, else what is decided so far
    share           of the maximum, 0…1: the solid bar
    possible_share  what can still be reached: the striped bar behind it
    self_share      where the unit puts itself: a mark on the bar; None where it did not
    median, best    of the unit's group; empty where there is nothing to compare with
    """

    code: str
    name: str
    max_points: str
    self_assessed: str
    computed: str
    points: str
    share: float
    possible_share: float
    self_share: float | None = None
    median: str = ""
    best: str = ""
    median_share: float | None = None
    best_share: float | None = None


@dataclass(frozen=True)
class FigureLine:
    """A figure of a criterion and where it stands (file, sheet, cell)."""

    name: str
    label: str
    value: str
    source: str = ""


@dataclass(frozen=True)
class Difference:
    """Why two kinds of points differ: which ones, by how much, the reason on record."""

    between: str
    change: str
    reason: str


@dataclass(frozen=True)
class FlagLine:
    """A doubt about a figure, what the unit answered, how the officer took it."""

    message: str
    status: str
    tone: Tone
    explanation: str = ""
    decision: str = ""


@dataclass(frozen=True)
class CriterionLine:
    """A criterion of one unit. `rule` is the clause in words, `ground` why the row is exempted."""

    code: str
    name: str
    child: bool
    max_points: str
    self_assessed: str
    computed: str
    appraised: str
    status: str
    tone: Tone
    rule: str = ""
    ground: str = ""
    figures: tuple[FigureLine, ...] = ()
    differences: tuple[Difference, ...] = ()
    flags: tuple[FlagLine, ...] = ()


@dataclass(frozen=True)
class PillarSection:
    """The criteria of one pillar, child rows after their parent."""

    code: str
    name: str
    max_points: str
    criteria: tuple[CriterionLine, ...]


@dataclass(frozen=True)
class UnitPage:
    """Everything that is said of one unit.

    id       names its page: a slug
    rank     "3"; empty where the unit is not ranked, and then `place` and `reason` say why
    percent, grade  only where the province's policies use them
    within   the unit above it, by which the ranking can be filtered
    previous "5 / 20", its place of the year before; `moved` the places gained since (lost: < 0)
    """

    id: str
    name: str
    rank: str
    reason: str
    total: PillarCell
    pillars: tuple[PillarCell, ...]
    sections: tuple[PillarSection, ...]
    percent: str = ""
    grade: str = ""
    place: str = ""
    within: str = ""
    previous: str = ""
    moved: int | None = None
    years: tuple[YearLine, ...] = ()
    strengths: tuple[StrengthLine, ...] = ()
    chances: Chances | None = None

    @property
    def flags(self) -> int:
        """How many doubts the page lists."""
        return sum(len(row.flags) for section in self.sections for row in section.criteria)

    @property
    def differences(self) -> int:
        """How many differences between points the page lists."""
        return sum(len(row.differences) for section in self.sections for row in section.criteria)


@dataclass(frozen=True)
class Group:
    """Units that are ranked against each other, in the order of their ranks.

    pillars  none where the units are scored by different frameworks
    by       what ranks go by, where it is not the points

    Raises ValueError where a unit's pillars are not the group's.
    """

    name: str
    framework: str
    max_points: str
    pillars: tuple[PillarHead, ...]
    units: tuple[UnitPage, ...]
    by: str = ""

    def __post_init__(self) -> None:
        codes = [pillar.code for pillar in self.pillars]
        for unit in self.units:
            if codes and [pillar.code for pillar in unit.pillars] != codes:
                raise ValueError(f"{unit.id}: chỉ số chính không khớp với nhóm {self.name!r}")

    @property
    def ranked(self) -> int:
        """How many units have a rank."""
        return sum(1 for unit in self.units if unit.rank)


@dataclass(frozen=True)
class Site:
    """The pages of a round.

    draft         not published yet: every page says so
    decision      what published it, once it is published
    illustration  what every page must say where the result is nobody's
    notes         how points were computed and ranked: a policy with its basis each
    pins          name → hash of what the round was computed with
    data          files of open data beside the pages
    """

    round_id: str
    title: str
    decree: str
    evaluation_year: str
    data_window: str
    draft: bool
    groups: tuple[Group, ...]
    decision: str = ""
    illustration: str | None = None
    notes: tuple[str, ...] = ()
    pins: tuple[tuple[str, str], ...] = ()
    data: tuple[DataFile, ...] = ()

    @property
    def within(self) -> tuple[str, ...]:
        """The units above those that are ranked, each once."""
        every = (unit.within for group in self.groups for unit in group.units)
        return tuple(dict.fromkeys(name for name in every if name))


def differences(
    self_assessed: Fraction | None,
    computed: Fraction | None,
    appraised: Fraction | None,
    *,
    why_computed: str,
    why_appraised: str,
    digits: int,
) -> tuple[Difference, ...]:
    """The differences that a criterion has to give a reason for, as published numbers.

    Each kind of points is held against the one before it; appraised points against the unit's
    own where the rules compute none. An empty reason stays empty: the page says that it lacks.
    """
    steps = (
        ("Tự đánh giá", self_assessed, ""),
        ("Tính theo quy tắc", computed, why_computed),
        ("Thẩm định", appraised, why_appraised),
    )
    known = [(name, value, why) for name, value, why in steps if value is not None]
    found = []
    for (first, before, _), (second, after, why) in pairwise(known):
        if by := change(before, after, digits):
            found.append(Difference(f"{first} → {second}", by, why))
    return tuple(found)
