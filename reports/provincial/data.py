"""What the report says, gathered once for both of its forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dti_core.figures import Figure
from dti_core.framework.describe import ERRATUM, FIGURE_STATUS, SCORE_STATUS
from dti_core.framework.model import Criterion, Framework
from dti_core.framework.rules import RelativeToBest, sub_rules
from dti_core.program.load import RoundContext
from dti_core.program.model import Letterhead, Unit
from dti_core.program.policies import Policies
from dti_core.rational import round_half_up, vietnamese
from dti_core.records.awards import LACKING
from dti_core.records.flags import WITHDRAWN
from dti_core.records.scoring import ScoredRound
from dti_core.records.tables import FindingRecord, FlagRecord
from dti_core.scoring.explain import figure_lines, points_text, providers
from dti_core.scoring.score import Score
from dti_core.scoring.total import Total, totals
from reports.policies import PolicyLine, policy_lines


@dataclass(frozen=True)
class PillarLine:
    """A pillar: points as numbers for the bars and as text for the table."""

    code: str
    name: str
    max_points: str
    computed: str
    low: str
    high: str
    computed_share: float
    low_share: float
    high_share: float


@dataclass(frozen=True)
class RowLine:
    """A criterion as the table shows it."""

    code: str
    name: str
    child: bool
    max_points: str
    published: str
    figures: str
    points: str
    status: str
    status_key: str


@dataclass(frozen=True)
class Question:
    code: str
    name: str
    published: str
    question: str
    asks: str
    at_stake: str


@dataclass(frozen=True)
class Missing:
    code: str
    name: str
    figures: str
    asks: str
    at_stake: str


@dataclass(frozen=True)
class ErratumLine:
    code: str
    kind: str
    note: str
    as_written: str
    corrected: str
    difference: str


@dataclass(frozen=True)
class UnitReport:
    """Everything the report says of one unit."""

    unit: Unit
    total: PillarLine
    pillars: tuple[PillarLine, ...]
    other_reading: PillarLine
    rows: tuple[tuple[PillarLine, tuple[RowLine, ...]], ...]
    criteria: int
    counts: tuple[tuple[str, int], ...]
    questions: tuple[Question, ...]
    missing: tuple[Missing, ...]
    external: tuple[Missing, ...]
    errata: tuple[ErratumLine, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The whole report of a round."""

    round_id: str
    title: str
    evaluation_year: int
    data_window: str
    decree: str
    framework: str
    illustration: str | None
    reading: str
    units: tuple[UnitReport, ...]
    findings: tuple[str, ...]
    doubts: tuple[str, ...]
    policies: tuple[PolicyLine, ...]
    pins: tuple[tuple[str, str], ...]
    letterhead: Letterhead


def gather(
    context: RoundContext,
    scored: ScoredRound,
    findings: Sequence[FindingRecord],
    flags: Sequence[FlagRecord] = (),
) -> Report:
    """Gather the report of a round from its records."""
    policies = context.program.policies
    round_ = context.round
    framework = context.framework_of(context.units[0].id)
    official = policies.reading.value if policies.reading else "as_written"
    return Report(
        round_id=context.id,
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        data_window=f"{_day(round_.data_from.on)} – {_day(round_.data_to.on)}",
        decree=context.program.decree,
        framework=framework.title,
        illustration=round_.illustration,
        reading=official,
        units=tuple(
            _unit(context.framework_of(unit.id), unit, scored, policies, official)
            for unit in context.units
        ),
        findings=tuple(f.message for f in findings if f.rule not in LACKING),
        doubts=tuple(f.message for f in flags if f.status != WITHDRAWN),
        policies=tuple(policy_lines(policies)),
        pins=tuple(sorted(context.pins.items())),
        letterhead=context.program.letterhead,
    )


def _day(day: object) -> str:
    return f"{day:%d/%m/%Y}"


def _unit(
    framework: Framework, unit: Unit, scored: ScoredRound, policies: Policies, official: str
) -> UnitReport:
    written, corrected = scored.scores["as_written"], scored.scores["corrected"]
    scores = corrected if official == "corrected" else written
    by_pillar, whole = totals(framework, unit.id, scores, policies)
    _, other = totals(framework, unit.id, written if scores is corrected else corrected, policies)
    digits = _digits(policies)
    counted = [scores[unit.id, criterion.code] for criterion in framework.criteria]
    lines = [
        _pillar(pillar.code, pillar.name, by_pillar[pillar.code], digits)
        for pillar in framework.pillars
    ]
    counts = [
        (text, sum(1 for score in counted if score.status == status))
        for status, text in SCORE_STATUS.items()
    ]
    return UnitReport(
        unit=unit,
        total=_pillar("", "Tổng", whole, digits),
        pillars=tuple(lines),
        other_reading=_pillar("", "Tổng", other, digits),
        rows=tuple(
            (
                line,
                tuple(
                    _row(framework, row, unit, scored, scores[unit.id, row.code], digits)
                    for row in pillar.rows
                ),
            )
            for line, pillar in zip(lines, framework.pillars, strict=True)
        ),
        criteria=len(framework.criteria),
        counts=tuple((text, count) for text, count in counts if count),
        questions=tuple(_questions(framework, unit, scored, scores, digits)),
        missing=tuple(_missing(framework, unit, scored, scores, digits)),
        external=tuple(_external(framework, unit, scored, scores, digits)),
        errata=tuple(_errata(framework, unit, written, corrected, digits)),
        sources=tuple(sorted({f.file for f in scored.figures.values() if f.file})),
    )


def _digits(policies: Policies) -> int:
    return policies.rounding.value.digits if policies.rounding else 2


def _points(value: Fraction, digits: int) -> str:
    return vietnamese(round_half_up(value, digits))


def _pillar(code: str, name: str, total: Total, digits: int) -> PillarLine:
    most = total.max_points or Fraction(1)
    return PillarLine(
        code=code,
        name=name,
        max_points=vietnamese(total.max_points),
        computed=_points(total.computed, digits),
        low=_points(total.low, digits),
        high=_points(total.high, digits),
        computed_share=float(total.computed / most),
        low_share=float(total.low / most),
        high_share=float(total.high / most),
    )


def _row(
    framework: Framework,
    criterion: Criterion,
    unit: Unit,
    scored: ScoredRound,
    score: Score,
    digits: int,
) -> RowLine:
    lines = [
        line
        for line in figure_lines(framework, criterion, unit.id, scored.figures)
        if line.figure is not None and line.figure.value is not None
    ]
    texts = []
    for line in lines:
        assert line.figure is not None
        name = "tỷ lệ" if line.variable == "ratio" else line.variable
        lettered = (len(name) == 1 and name != "x") or name == "tỷ lệ"
        shown = f"{name} = {line.shown}" if lettered else line.shown
        if line.figure.status == "derived":
            shown += f" ({FIGURE_STATUS['derived']})"
        texts.append(shown)
    # a derived figure's words stand in another cell than the row's own result
    mine = [
        figure
        for key, figure in scored.figures.items()
        if key[:2] == (unit.id, criterion.code) and figure.raw
    ]
    mine.sort(key=lambda figure: figure.status == "derived")
    raw = mine[0].raw if mine else ""
    return RowLine(
        code=criterion.code,
        name=criterion.name,
        child=criterion.code in framework.parents,
        max_points="" if criterion.max_points is None else vietnamese(criterion.max_points),
        published=raw or "",
        figures="; ".join(texts),
        points=_score_text(score, digits),
        status=SCORE_STATUS[score.status],
        status_key=score.status,
    )


def _score_text(score: Score, digits: int) -> str:
    if score.points is not None:
        return _points(score.points, digits)
    return _stake(score, digits)


def _stake(score: Score, digits: int) -> str:
    """The points that are open, as a range."""
    return f"{_points(score.low, digits)} … {_points(score.high, digits)}"


def _asks(framework: Framework, criterion: Criterion) -> str:
    """Who has to be asked: the agencies that lead the row, each once."""
    names = [*criterion.variables] or [""]
    return "; ".join(
        dict.fromkeys(who for name in names for who in providers(framework, criterion, name))
    )


def _open_rows(
    framework: Framework, unit: Unit, scores: dict[tuple[str, str], Score]
) -> Iterator[tuple[Criterion, Score]]:
    """Rows whose points are open, without parents: their children say what is missing."""
    for criterion in framework.rows:
        score = scores[unit.id, criterion.code]
        if not criterion.children and score.status not in ("computed", "external"):
            yield criterion, score


def _questions(
    framework: Framework,
    unit: Unit,
    scored: ScoredRound,
    scores: dict[tuple[str, str], Score],
    digits: int,
) -> Iterator[Question]:
    for criterion in framework.rows:
        asked: list[Figure] = [
            figure
            for key, figure in scored.figures.items()
            if key[:2] == (unit.id, criterion.code) and figure.question
        ]
        for figure in asked:
            yield Question(
                code=criterion.code,
                name=criterion.name,
                published=figure.raw or "",
                question=figure.question or "",
                asks=_asks(framework, criterion),
                at_stake=_stake(scores[unit.id, criterion.code], digits),
            )


def _missing(
    framework: Framework,
    unit: Unit,
    scored: ScoredRound,
    scores: dict[tuple[str, str], Score],
    digits: int,
) -> Iterator[Missing]:
    for criterion, score in _open_rows(framework, unit, scores):
        lines = figure_lines(framework, criterion, unit.id, scored.figures)
        lacking = [line for line in lines if line.figure is None or line.figure.status == "missing"]
        if lacking:
            yield Missing(
                code=criterion.code,
                name=criterion.name,
                figures="; ".join(line.label for line in lacking),
                asks=_asks(framework, criterion),
                at_stake=_stake(score, digits),
            )


def _external(
    framework: Framework,
    unit: Unit,
    scored: ScoredRound,
    scores: dict[tuple[str, str], Score],
    digits: int,
) -> Iterator[Missing]:
    for criterion in framework.rows:
        score = scores[unit.id, criterion.code]
        if score.status != "external":
            continue
        lines = figure_lines(framework, criterion, unit.id, scored.figures)
        best = any(isinstance(rule, RelativeToBest) for rule in sub_rules(criterion.rule))
        yield Missing(
            code=criterion.code,
            name=criterion.name,
            figures="; ".join(f"{line.label}: {line.shown}" for line in lines if line.shown != "?"),
            asks="Giá trị của tỉnh cao nhất"
            + ("" if best else " (và thấp nhất, nếu công thức cần)"),
            at_stake=_stake(score, digits),
        )


def _errata(
    framework: Framework,
    unit: Unit,
    written: dict[tuple[str, str], Score],
    corrected: dict[tuple[str, str], Score],
    digits: int,
) -> Iterator[ErratumLine]:
    for criterion in framework.rows:
        if criterion.erratum is None:
            continue
        before, after = written[unit.id, criterion.code], corrected[unit.id, criterion.code]
        substantive = criterion.erratum.kind == "substantive"
        difference = ""
        if substantive and before.points is not None and after.points is not None:
            change = after.points - before.points
            difference = (
                "0"
                if change == 0
                else f"{'+' if change > 0 else ''}" + (points_text(change, digits))
            )
        yield ErratumLine(
            code=criterion.code,
            kind=ERRATUM[criterion.erratum.kind],
            note=criterion.erratum.note,
            as_written=_score_text(before, digits),
            corrected=_score_text(after, digits) if substantive else "",
            difference=difference,
        )
