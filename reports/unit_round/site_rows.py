"""The criteria of one unit as the result pages show them."""

from fractions import Fraction

from dti_core.figures import Figure
from dti_core.framework.describe import SCORE_STATUS, describe
from dti_core.framework.model import Criterion, Framework, Pillar
from dti_core.rational import vietnamese
from dti_core.records.flags import STATUS_TEXT
from dti_core.scoring.explain import figure_lines
from dti_core.scoring.total import scored_rows
from reports.shown import FLAG_TONE, NOTHING, SCORE_TONE, Tone, points, spread
from reports.site.data import CriterionLine, FigureLine, FlagLine, PillarSection, differences
from reports.unit_round.site_gathered import Gathered


def section(known: Gathered, framework: Framework, unit: str, pillar: Pillar) -> PillarSection:
    """The criteria of one pillar."""
    return PillarSection(
        pillar.code,
        pillar.name,
        NOTHING if pillar.max_points is None else vietnamese(pillar.max_points),
        tuple(_line(known, framework, unit, row) for row in pillar.rows),
    )


def _line(known: Gathered, framework: Framework, unit: str, row: Criterion) -> CriterionLine:
    score = known.score(unit, row.code)
    own, award = (kind.get((unit, row.code)) for kind in (known.own, known.official))
    own_points = Fraction(own.points) if own and own.points else None
    given = _given(known, unit, row)
    exempted = known.exempted(unit, row.code)
    reason = award.reason if award and award.reason and exempted is None else ""
    status, tone = _status(known, unit, row, adjusted=bool(reason))
    left_out = exempted is not None and exempted.status == "not_assessed"
    return CriterionLine(
        code=row.code,
        name=row.name,
        child=row.code in framework.parents,
        max_points=NOTHING if row.max_points is None or left_out else vietnamese(row.max_points),
        self_assessed=points(own_points, known.digits),
        computed=NOTHING if exempted else spread(score.low, score.high, known.digits),
        appraised=points(given, known.digits),
        status=status,
        tone=tone,
        rule="; ".join(describe(row, row.rule_under(known.reading(row.code)))),
        ground=(exempted.reason or "") if exempted else "",
        figures=() if exempted else _figures(known, framework, unit, row),
        differences=()
        if row.children or exempted
        else differences(
            own_points,
            score.points,
            given,
            why_computed="Tính từ số liệu theo quy tắc của văn bản.",
            why_appraised=reason,
            digits=known.digits,
        ),
        flags=tuple(
            FlagLine(
                flag.message,
                STATUS_TEXT[flag.status],
                FLAG_TONE[flag.status],
                flag.explanation or "",
                flag.officer_reason or "",
            )
            for flag in known.flags.get((unit, row.code), [])
        ),
    )


def _given(known: Gathered, unit: str, row: Criterion) -> Fraction | None:
    """Official points; of a row that adds up others, those of the rows that are assessed."""
    parts = list(scored_rows(row))
    if parts == [row]:
        return known.points(unit, row.code)
    assessed = [
        part for part in parts if part.max_points is not None and not _left_out(known, unit, part)
    ]
    each = [known.points(unit, part.code) for part in assessed]
    found = [one for one in each if one is not None]
    return sum(found, Fraction(0)) if found and len(found) == len(each) else None


def _left_out(known: Gathered, unit: str, row: Criterion) -> bool:
    award = known.exempted(unit, row.code)
    return award is not None and award.status == "not_assessed"


def _status(known: Gathered, unit: str, row: Criterion, *, adjusted: bool) -> tuple[str, Tone]:
    exempted = known.exempted(unit, row.code)
    if exempted is not None:
        settled = {"not_assessed": "không đánh giá", "exempt": "được miễn"}
        return settled.get(exempted.status, "được miễn, chưa có điểm"), "plain"
    if adjusted:
        return "đã điều chỉnh", "part"
    status = known.score(unit, row.code).status
    if status == "appraised" and known.points(unit, row.code) is not None:
        return "do người thẩm định cho", "good"
    return SCORE_STATUS[status], SCORE_TONE[status]


def _figures(
    known: Gathered, framework: Framework, unit: str, row: Criterion
) -> tuple[FigureLine, ...]:
    return tuple(
        FigureLine(
            line.variable,
            line.label,
            line.shown,
            "" if line.figure is None else _place(line.figure),
        )
        for line in figure_lines(framework, row, unit, known.figures)
    )


def _place(figure: Figure) -> str:
    """Where a figure stands: file, sheet, cell."""
    parts = [
        figure.file,
        f"trang “{figure.sheet}”" if figure.sheet else None,
        f"ô {figure.cells[0]}" if figure.cells else None,
    ]
    return ", ".join(part for part in parts if part)
