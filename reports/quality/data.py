"""What the data-quality report says, as plain values: text as shown, floats for widths of bars."""

from dataclasses import dataclass
from fractions import Fraction

from dti_core.rational import percent, vietnamese
from reports.shown import NOTHING, Tone, share


@dataclass(frozen=True)
class Stage:
    """How many figures reached a stage.

    share        of all that was asked, 0…1
    extra_share  the part of it that needed an explanation to get there
    lost         what fell away since the stage before, in words; empty for nothing
    """

    name: str
    meaning: str
    count: str
    percent: str
    share: float
    extra_share: float = 0.0
    lost: str = ""


@dataclass(frozen=True)
class UnitLine:
    """A provider's delivery. `findings` follow the report's severities, `flags` its flag states."""

    name: str
    received: str
    timeliness: str
    tone: Tone
    missing: str
    findings: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class CriterionLine:
    """A criterion: how many units have it wrong, and in which way.

    share  of the units, 0…1: the bar, and the order of the list
    """

    code: str
    name: str
    units_wrong: str
    missing: str
    findings: str
    flags: str
    share: float


@dataclass(frozen=True)
class FindingLine:
    """What validation found about one figure, and the cell that it stands in."""

    unit: str
    criterion: str
    cell: str
    message: str
    severity: str
    tone: Tone
    status: str


@dataclass(frozen=True)
class FlagLine:
    """A doubt about a figure: arithmetic, what hangs on it, the unit's answer."""

    unit: str
    criterion: str
    cell: str
    message: str
    status: str
    tone: Tone
    impact: str = ""
    explanation: str = ""
    decision: str = ""


@dataclass(frozen=True)
class QualityReport:
    """The report of a round at a moment (`as_of`, in words).

    severities, flag_states  what the columns of `units` count, in this order

    Raises ValueError where a unit's counts do not fit those columns.
    """

    round_id: str
    title: str
    decree: str
    as_of: str
    deadline: str
    stages: tuple[Stage, ...]
    severities: tuple[str, ...]
    flag_states: tuple[str, ...]
    units: tuple[UnitLine, ...]
    criteria: tuple[CriterionLine, ...]
    findings: tuple[FindingLine, ...]
    flags: tuple[FlagLine, ...]
    illustration: str | None = None

    def __post_init__(self) -> None:
        wanted = (len(self.severities), len(self.flag_states))
        for unit in self.units:
            if (len(unit.findings), len(unit.flags)) != wanted:
                raise ValueError(f"{unit.name}: số cột đếm không khớp với báo cáo")

    @property
    def worst_first(self) -> tuple[CriterionLine, ...]:
        """The criteria that most units have wrong first; equal ones as given."""
        return tuple(sorted(self.criteria, key=lambda line: -line.share))


def stages(
    *, asked: int, received: int, valid: int, plausible: int, explained: int
) -> tuple[Stage, ...]:
    """The stages of a round's figures, each a part of the one before.

    valid      received and without a grave finding
    plausible  valid and never doubted
    explained  valid, doubted, and settled by an accepted explanation

    Raises ValueError where a stage holds more than the one before it.
    """
    settled = plausible + explained
    if not asked >= received >= valid >= settled >= plausible >= 0:
        raise ValueError("mỗi bước không thể có nhiều số liệu hơn bước trước")

    def stage(name: str, meaning: str, count: int, lost: str, extra: int = 0) -> Stage:
        return Stage(
            name=name,
            meaning=meaning,
            count=vietnamese(count),
            percent=percent(Fraction(count, asked), 1) if asked else NOTHING,
            share=share(count, asked),
            extra_share=share(extra, asked),
            lost=lost,
        )

    return (
        stage("Đã hỏi", "số liệu đã yêu cầu các đơn vị cung cấp", asked, ""),
        stage("Đã nhận", "có giá trị đọc được", received, _lost(asked - received, "chưa nhận")),
        stage("Hợp lệ", "không có lỗi nghiêm trọng", valid, _lost(received - valid, "có lỗi")),
        stage(
            "Hợp lý",
            f"không bị nghi vấn ({vietnamese(plausible)}) hoặc đã được giải trình"
            f" ({vietnamese(explained)})",
            settled,
            _lost(valid - settled, "còn nghi vấn"),
            explained,
        ),
    )


def _lost(count: int, words: str) -> str:
    return f"{vietnamese(count)} {words}" if count else ""
