"""What the appraiser awards otherwise than computed, each with the arithmetic of its reason."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from dti_core.framework.model import Criterion, Reading
from dti_core.framework.rules import Flag, Gate, PerItem, Ratio, Steps, SumOfChildren
from dti_core.intake.sample import Appraisal
from dti_core.program.load import RoundContext
from dti_core.rational import round_half_up, vietnamese
from dti_core.scoring.score import FigureMap, Score, score
from tests.sample.faults import ABOVE_WHOLE, COPIED, MISSING, as_figures
from tests.sample.years import Figures, draw

SHARE = Fraction(5, 100)
"""Of the decided rows, so many are adjusted."""

NO_WORKBOOK = (
    "Cơ quan không gửi biểu số liệu và tài liệu kiểm chứng sau các công văn đôn đốc: "
    "không có căn cứ tính điểm, cho 0 điểm."
)
NO_PROOF = {
    "2.1": "Văn bản gửi kèm do cơ quan ban hành, không phải của cấp ủy: cho 0 điểm.",
    "2.2": "Kế hoạch gửi kèm lập cho một năm, không phải giai đoạn 5 năm: cho 0 điểm.",
    "2.3": "Kế hoạch gửi kèm là của năm 2022, không phải năm 2023: cho 0 điểm.",
    "2.6": "Văn bản gửi kèm là bản dự thảo, chưa có số và ngày ban hành: cho 0 điểm.",
    "4.2": "Không có văn bản phân công nhiệm vụ an toàn thông tin mạng kèm theo: cho 0 điểm.",
    "7.4": "Kênh đã nêu chỉ đăng tin một chiều, không có trao đổi với người dân: cho 0 điểm.",
}


def appraisals(
    context: RoundContext,
    own: set[tuple[str, str]],
    true: Figures,
    final: Figures,
    concerned: set[tuple[str, str]],
) -> list[Appraisal]:
    """The awards, in the order of units and rows.

    own        (unit, row) of the rows that units answer for themselves
    final      the figures that stand after the replies
    concerned  (unit, row) of the planted faults: nothing is adjusted by chance there
    """
    figures = as_figures(final)
    found: list[Appraisal] = []
    for level, framework in context.frameworks.items():
        units = [unit.id for unit in context.units if unit.level == level]
        scores = score(framework, units, figures, context.program.policies, _reading(context))
        rows = {
            key: each
            for key, each in scores.items()
            if not isinstance(framework.by_code[key[1]].rule, SumOfChildren)
        }
        decided = [key for key, each in rows.items() if each.points is not None]
        open_ = [key for key, each in rows.items() if each.points is None]
        assert all(unit == MISSING for unit, _ in open_), open_
        found += [Appraisal(unit, row, Fraction(0), NO_WORKBOOK) for unit, row in open_]

        wanted = round(len(decided) * SHARE)
        found.append(_above_whole(framework.by_code, true))
        candidates = (
            adjusted
            for unit, code in sorted(decided, key=lambda key: draw(*key, "appraisal"))
            if (unit, code) in own and (unit, code) not in concerned and unit != COPIED
            for adjusted in adjustment(
                context, framework.by_code[code], scores[unit, code], figures
            )
        )
        found += [each for each, _ in zip(candidates, range(wanted - 1), strict=False)]
        order = {row.code: place for place, row in enumerate(framework.rows)}
    places = {unit.id: place for place, unit in enumerate(context.units)}
    return sorted(found, key=lambda each: (places[each.unit], order[each.criterion]))


def _reading(context: RoundContext) -> Reading:
    reading = context.program.policies.reading
    assert reading is not None
    return reading.value


def _above_whole(rows: Mapping[str, Criterion], true: Figures) -> Appraisal:
    unit, code, more = ABOVE_WHOLE
    part, whole = (Fraction(true[unit, code, name]) for name in ("a", "b"))
    most = rows[code].max_points or Fraction(0)
    points = round_half_up(part / whole * most, 2)
    return Appraisal(
        unit,
        code,
        Fraction(points),
        f"Kê khai {vietnamese(whole + more)} trên tổng số {vietnamese(whole)}; danh sách kèm theo "
        f"có {vietnamese(part)} người: {vietnamese(part)}/{vietnamese(whole)} × "
        f"{vietnamese(most)} = {vietnamese(points)} điểm.",
    )


def adjustment(
    context: RoundContext, row: Criterion, computed: Score, figures: FigureMap
) -> Iterator[Appraisal]:
    """The award that evidence supports, where it is another one than computed."""
    unit = computed.unit
    if isinstance(row.rule, Flag):
        if computed.points and row.code in NO_PROOF and draw(unit, row.code, "proof") < 0.4:
            yield Appraisal(unit, row.code, Fraction(0), NO_PROOF[row.code])
        return
    counted = {PerItem: "x", Steps: "x", Ratio: "a", Gate: "so_tin_bai"}.get(type(row.rule), "")
    variable = row.variables.get(counted)
    if variable is None or variable.kind != "count" or "c" in row.variables:
        return
    stated = _number(figures, (unit, row.code, counted))
    supported = stated - max(1, round(stated * Fraction(8, 100)))
    if isinstance(row.rule, Ratio) and draw(unit, row.code, "more") < 0.12:
        supported = min(stated + 1, _number(figures, (unit, row.code, "b")))
    if supported <= 0:
        return
    policies = context.program.policies
    assert policies.rounding is not None
    rounding = policies.rounding.value
    values = {**figures, **as_figures({(unit, row.code, counted): supported})}
    framework = context.framework_of(unit)
    again = score(framework, [unit], values, policies, _reading(context))[unit, row.code]
    now, points = computed.published(rounding), again.published(rounding)
    if now is None or points is None or points == now:
        return
    found = vietnamese(supported)
    if supported > stated:
        words = f"Tài liệu bổ sung chứng minh thêm 1 {variable.unit}, thành {found}"
    else:
        words = (
            f"Tài liệu kiểm chứng có {found} trong {vietnamese(stated)} {variable.unit} đã kê khai"
        )
    whole, most = figures.get((unit, row.code, "b")), row.max_points or Fraction(0)
    if whole and points == round_half_up(supported / _number(figures, whole.key) * most, 2):
        shown = f"{found}/{vietnamese(_number(figures, whole.key))} × {vietnamese(most)}"
        words += f": {shown} = {vietnamese(points)} điểm."
    else:
        words += f": {vietnamese(points)} điểm thay cho {vietnamese(now)} điểm."
    yield Appraisal(unit, row.code, Fraction(points), words)


def _number(figures: FigureMap, key: tuple[str, str, str]) -> Fraction:
    value = figures[key].value
    assert isinstance(value, Fraction), key
    return value
