"""Ratios with a threshold: jumps, factors that do not match it, formulas that leave the scale."""

from collections.abc import Iterator
from fractions import Fraction

from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.rules import Factor, PerItem, Ratio, weighted
from dti_core.rational import percent, vietnamese


def check_thresholds(row: Row) -> Iterator[Finding]:
    """Every ratio of the row, as written, each weighed by the part of the maximum it shares out."""
    for rule, weight in weighted(row.criterion.rule):
        match rule:
            case Ratio(full_at=Fraction() as full_at):
                yield from _threshold(row, rule, full_at, weight)
            case Ratio():
                yield from _without_cap(row, rule, weight)
            case PerItem():
                yield from _one_item(row, rule)
            case _:
                pass


def _threshold(row: Row, rule: Ratio, full_at: Fraction, weight: Fraction) -> Iterator[Finding]:
    reached = share_just_below(rule, full_at)
    at, most, near = percent(full_at), row.worth(weight), row.worth(reached * weight)
    numbers = {
        "full_at": full_at,
        **row.numbers(just_below=reached * weight, jump=(1 - reached) * weight),
    }
    if rule.below == "zero":
        yield row.finding(
            "all_or_nothing",
            "note",
            f"Dưới {at} không có điểm nào, từ {at} được {row.whole(weight)}.",
            numbers,
        )
    elif reached < 1:
        factor = isinstance(rule.below, Factor)
        cause = "hệ số không khớp với" if factor else "công thức không chia cho"
        yield row.finding(
            "threshold_jump",
            "error",
            f"Ngay dưới ngưỡng {at} công thức chỉ cho gần {near}, tại ngưỡng cho {most}: nhảy"
            f" {row.worth((1 - reached) * weight)} vì {cause} ngưỡng.",
            numbers,
        )
    elif reached > 1:
        yield row.finding(
            "exceeds_maximum",
            "error",
            f"Công thức dưới ngưỡng {at} đã cho {row.whole(weight)} từ tỷ lệ"
            f" {percent(full_at / reached, 4)}, ngay dưới ngưỡng cho gần {near}, gấp"
            f" {vietnamese(reached)} lần; phần vượt được cắt và ghi lại.",
            numbers,
        )
    if reached != 1 and isinstance(rule.below, Factor):
        yield _factor(row, rule.below, full_at, reached)
    if rule.below_includes_full_at:
        same = reached == 1
        yield row.finding(
            "threshold_overlap",
            "note" if same else "warning",
            f"Tỷ lệ đúng bằng {at} thuộc cả hai nhánh (≥ và ≤); hai nhánh cho "
            + ("cùng một số điểm." if same else f"{most} và {near}."),
            numbers,
            about=("hai nhánh", "cả hai"),
        )


def _factor(row: Row, factor: Factor, full_at: Fraction, reached: Fraction) -> Finding:
    return row.finding(
        "factor_disagrees",
        "error",
        f"Hệ số không khớp với ngưỡng {percent(full_at)}: {percent(full_at)}{operations(factor)}"
        f" = {vietnamese(reached, 4)} lần điểm tối đa, trong khi tại ngưỡng phải vừa tròn 1 lần;"
        f" muốn liền mạch thì các hệ số gộp lại phải đúng bằng chia cho {percent(full_at)}.",
        {
            "threshold": full_at,
            "divide_by": factor.divide_by,
            "times": factor.times,
            "just_below_share": reached,
        },
    )


def operations(factor: Factor) -> str:
    """What the clause does to the ratio: " ÷ 1 % × 100"."""
    divided = factor.divide_by
    by = percent(divided) if divided < 1 else vietnamese(divided)
    return (f" ÷ {by}" if divided != 1 else "") + (
        f" × {vietnamese(factor.times)}" if factor.times != 1 else ""
    )


def _without_cap(row: Row, rule: Ratio, weight: Fraction) -> Iterator[Finding]:
    if rule.scale_at is not None and rule.scale_at < 1:
        most = weight / rule.scale_at
        yield row.finding(
            "exceeds_maximum",
            "warning",
            f"Công thức chia cho {percent(rule.scale_at)} mà không nêu mức trần: tỷ lệ 100 % cho"
            f" {row.worth(most)}, gấp {vietnamese(1 / rule.scale_at)} lần mức cao nhất của mục;"
            " phần vượt được cắt và ghi lại.",
            {"scale_at": rule.scale_at, **row.numbers(most=most)},
            about=("mức trần", "vượt"),
        )
    elif rule.scale_at is None and (halves := rule.of.quotient) and halves[0].variables:
        top, bottom = halves
        if not bottom.variables:
            whole = bottom.evaluate({}, lambda number: number)
            yield row.finding(
                "exceeds_maximum",
                "note",
                f"Công thức {rule.of} chia cho số cố định {vietnamese(whole)}, không nêu mức trần:"
                f" {top} lớn hơn {vietnamese(whole)} thì vượt {row.worth(weight)}; phần vượt được"
                " cắt và ghi lại.",
                {"fixed": whole},
                about=("mức trần", "vượt"),
            )


def _one_item(row: Row, rule: PerItem) -> Iterator[Finding]:
    most = row.criterion.max_points
    if most and rule.each > most:
        yield row.finding(
            "exceeds_maximum",
            "error",
            f"Mỗi {rule.of} cho {vietnamese(rule.each)} điểm, lớn hơn điểm tối đa"
            f" {vietnamese(most)} của cả mục.",
            {"each": rule.each, "max_points": most},
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
