"""Ratios with a threshold: jumps, overlaps and formulas that leave the scale."""

from collections.abc import Iterator
from fractions import Fraction

from dti_core.framework.check.finding import Finding
from dti_core.framework.model import Criterion, Framework
from dti_core.framework.rules import Factor, Ratio, weighted
from dti_core.rational import percent, vietnamese


def check_thresholds(framework: Framework, criterion: Criterion) -> Iterator[Finding]:
    """Every ratio of the row, as written."""
    for rule, weight in weighted(criterion.rule):
        if not isinstance(rule, Ratio):
            continue
        worth = (criterion.max_points or Fraction(0)) * weight
        if rule.full_at is not None:
            yield from _threshold(framework, criterion, rule, rule.full_at, worth)
        elif rule.scale_at is not None and rule.scale_at < 1:
            most = worth / rule.scale_at
            yield Finding(
                framework.id,
                criterion.code,
                "exceeds_maximum",
                "warning",
                {"scale_at": rule.scale_at, "most": most},
                f"Công thức chia cho {percent(rule.scale_at)} mà không nêu mức trần: tỷ lệ 100 %"
                f" cho {vietnamese(most)} điểm, vượt điểm tối đa; phần vượt được cắt và ghi lại.",
                criterion.citation,
                _substantive(criterion),
            )


def _threshold(
    framework: Framework, criterion: Criterion, rule: Ratio, full_at: Fraction, maximum: Fraction
) -> Iterator[Finding]:
    """`maximum`: the points that this ratio shares out."""
    reached = share_just_below(rule, full_at)
    jump = (1 - reached) * maximum
    numbers = {"full_at": full_at, "just_below": reached * maximum, "jump": jump}
    if rule.below == "zero":
        yield Finding(
            framework.id,
            criterion.code,
            "all_or_nothing",
            "note",
            numbers,
            f"Dưới {percent(full_at)} không có điểm nào, từ {percent(full_at)} được trọn"
            f" {vietnamese(maximum)} điểm.",
            criterion.citation,
            _substantive(criterion),
        )
    elif reached < 1:
        yield Finding(
            framework.id,
            criterion.code,
            "threshold_jump",
            "error",
            numbers,
            f"Ngay dưới ngưỡng {percent(full_at)} công thức chỉ cho gần"
            f" {vietnamese(reached * maximum, 4)} điểm, tại ngưỡng cho {vietnamese(maximum)} điểm:"
            f" nhảy {vietnamese(jump, 4)} điểm vì công thức không chia cho ngưỡng.",
            criterion.citation,
            _substantive(criterion),
        )
    elif reached > 1:
        yield Finding(
            framework.id,
            criterion.code,
            "exceeds_maximum",
            "error",
            numbers,
            f"Ngay dưới ngưỡng {percent(full_at)} công thức cho {vietnamese(reached * maximum, 4)}"
            f" điểm, vượt điểm tối đa {vietnamese(maximum)}: hệ số không khớp với ngưỡng.",
            criterion.citation,
            _substantive(criterion),
        )
    if rule.below_includes_full_at:
        same = reached == 1
        yield Finding(
            framework.id,
            criterion.code,
            "threshold_overlap",
            "note" if same else "warning",
            numbers,
            f"Tỷ lệ đúng bằng {percent(full_at)} thuộc cả hai nhánh (≥ và ≤); hai nhánh cho "
            + ("cùng một số điểm." if same else "số điểm khác nhau."),
            criterion.citation,
            criterion.erratum.kind if criterion.erratum else None,
        )


def share_just_below(rule: Ratio, full_at: Fraction) -> Fraction:
    """The share that the lower branch gives as the ratio comes up to the threshold."""
    match rule.below:
        case "proportional":
            return full_at
        case "scaled":
            return Fraction(1)
        case Factor(divide_by=divide_by, times=times):
            return full_at / divide_by * times
        case _:
            return Fraction(0)


def _substantive(criterion: Criterion) -> str | None:
    """The recorded erratum that answers a finding about points: none but a substantive one does."""
    erratum = criterion.erratum
    return erratum.kind if erratum and erratum.kind == "substantive" else None
