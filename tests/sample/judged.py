"""What appraisers award in a level otherwise than computed, or where nothing is computed."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice

from dti_core.framework.model import Criterion
from dti_core.framework.rules import Appraised
from dti_core.intake.sample import Appraisal, Reply
from dti_core.program.load import RoundContext
from dti_core.program.requests import plan, requests
from dti_core.rational import round_half_up, vietnamese
from dti_core.scoring.score import score
from tests.sample.appraisals import NO_WORKBOOK, adjustment
from tests.sample.faults import after_replies, as_figures
from tests.sample.slips import Slips
from tests.sample.years import Figures, draw

SHARE = Fraction(2, 100)
"""Of the decided rows, so many are adjusted."""

QUALITY = (
    "Hồ sơ có kết quả rõ, có số liệu và tài liệu kiểm chứng đủ các phần",
    "Hồ sơ có kết quả nhưng một phần chưa kèm tài liệu kiểm chứng",
    "Hồ sơ nêu việc đã làm, chưa có số liệu cho thấy kết quả",
)


def awards(
    context: RoundContext, true: Figures, given: Figures, answered: Sequence[Reply], slips: Slips
) -> list[Appraisal]:
    """The awards, in the order of units and rows. Rows without figures that nobody is asked about,
    as those of an exempt unit, get none."""
    policies = context.program.policies
    assert policies.reading is not None
    (framework,) = context.frameworks.values()
    final = as_figures(after_replies(true, given, answered))
    units = [unit.id for unit in context.units]
    scores = score(framework, units, final, policies, policies.reading.value)
    decided = [
        (unit, code)
        for (unit, code), each in scores.items()
        if each.points is not None
        and all((unit, code, name) in final for name in framework.by_code[code].needed)
    ]
    found = [*_no_workbook(context, slips), *_above_whole(context, true, slips)]
    found += [
        _quality(unit, row, slips)
        for unit in units
        for row in framework.rows
        if isinstance(row.rule, Appraised)
    ]
    own = _own_rows(context)
    free = [key for key in decided if key in own and key not in slips.rows]
    adjusted = (
        each
        for unit, code in sorted(free, key=lambda key: draw(*key, "appraisal"))
        if unit not in slips.copied
        for each in adjustment(context, framework.by_code[code], scores[unit, code], final)
    )
    found += islice(adjusted, round(len(decided) * SHARE))
    order = {row.code: place for place, row in enumerate(framework.rows)}
    return sorted(found, key=lambda each: (units.index(each.unit), order[each.criterion]))


def _own_rows(context: RoundContext) -> set[tuple[str, str]]:
    """(unit, row) of the rows all of whose figures the unit gives itself."""
    asked = requests(context)
    own = {(item.unit, item.criterion) for request in asked for item in request.own}
    others = {(item.unit, item.criterion) for request in asked for item in request.about_units}
    return own - others - {key[:2] for key in plan(context).shared}


def _no_workbook(context: RoundContext, slips: Slips) -> Iterator[Appraisal]:
    for request in requests(context):
        if request.provider in slips.missing:
            for code in dict.fromkeys(item.criterion for item in request.own):
                yield Appraisal(request.provider, code, Fraction(0), NO_WORKBOOK)


def _above_whole(context: RoundContext, true: Figures, slips: Slips) -> Iterator[Appraisal]:
    policies = context.program.policies
    assert policies.reading is not None
    assert policies.rounding is not None
    for (unit, code), more in slips.above_whole.items():
        framework = context.framework_of(unit)
        again = score(framework, [unit], as_figures(true), policies, policies.reading.value)
        points = again[unit, code].published(policies.rounding.value)
        assert points is not None
        part, whole = (vietnamese(Fraction(true[unit, code, name])) for name in ("a", "b"))
        stated = vietnamese(Fraction(true[unit, code, "b"]) + more)
        yield Appraisal(
            unit,
            code,
            Fraction(points),
            f"Kê khai {stated} trên tổng số {whole}; danh sách kèm theo có {part}: "
            f"{part}/{whole}, được {vietnamese(points)} điểm.",
        )


def _quality(unit: str, row: Criterion, slips: Slips) -> Appraisal:
    """Points for a row that people judge, in its steps."""
    assert isinstance(row.rule, Appraised)
    if unit in slips.missing:
        return Appraisal(unit, row.code, Fraction(0), NO_WORKBOOK)
    most, step = row.max_points or Fraction(0), row.rule.step or Fraction(1)
    at = draw(unit, row.code, "quality")
    points = round(float(most / step) * (1 - 0.6 * at)) * step
    words = QUALITY[min(int(at * len(QUALITY)), len(QUALITY) - 1)]
    shown = f"{vietnamese(round_half_up(points, 2))}/{vietnamese(most)}"
    return Appraisal(unit, row.code, points, f"{words}: {shown} điểm.")
