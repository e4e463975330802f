"""Tables of steps: values that no step holds, that several hold, that earn points unmeant."""

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from dti_core.framework.check.finding import Finding
from dti_core.framework.model import Criterion, Framework
from dti_core.framework.rules import Interval, Steps, weighted
from dti_core.rational import vietnamese


def check_steps(framework: Framework, criterion: Criterion) -> Iterator[Finding]:
    """Every table of the row, tried at each bound, between bounds and beyond them."""
    substantive = criterion.erratum is not None and criterion.erratum.kind == "substantive"
    erratum = "substantive" if substantive else None
    for rule, weight in weighted(criterion.rule):
        if not isinstance(rule, Steps):
            continue
        counts = all(criterion.variables[name].kind == "count" for name in rule.of.variables)
        whole = counts and rule.of.is_whole
        gaps: list[Fraction] = []
        overlaps: list[tuple[Fraction, set[Fraction]]] = []
        for value in _trial_values(rule, whole=whole):
            shares = {step.share for step in rule.table if step.holds(value)}
            if not shares:
                gaps.append(value)
            elif len(shares) > 1:
                overlaps.append((value, shares))
        if gaps:
            yield Finding(
                framework.id,
                criterion.code,
                "steps_gap",
                "error",
                {"value": gaps[0]},
                f"Bảng điểm không có mức nào cho giá trị {vietnamese(gaps[0], 4)}.",
                criterion.citation,
                erratum,
            )
        if overlaps:
            value, shares = overlaps[0]
            cascade = _falling(rule.table)
            yield Finding(
                framework.id,
                criterion.code,
                "steps_overlap",
                "note" if cascade else "warning",
                {"value": value, "most": max(shares), "least": min(shares)},
                f"Giá trị {vietnamese(value, 4)} thuộc nhiều mức theo câu chữ"
                + (
                    "; các mức xếp từ cao xuống thấp, chính sách “overlap” chọn mức."
                    if cascade
                    else " và các mức không xếp thứ tự; chính sách “overlap” phải chọn."
                ),
                criterion.citation,
                erratum,
            )
        nothing = [step.share for step in rule.table if step.holds(Fraction(0))]
        if nothing and max(nothing) > 0:
            earned = max(nothing) * weight * (criterion.max_points or 0)
            yield Finding(
                framework.id,
                criterion.code,
                "zero_earns",
                "warning",
                {"points": earned},
                f"Theo câu chữ, giá trị 0 vẫn được {vietnamese(earned)} điểm.",
                criterion.citation,
                erratum,
            )


def _trial_values(rule: Steps, *, whole: bool) -> list[Fraction]:
    """What the table is tried with; of a count only whole numbers can occur."""
    values = rule.trial_values
    if not whole:
        return list(values)
    near = {Fraction(floor(value) + step) for value in values for step in (-1, 0, 1, 2)}
    return sorted(value for value in near if value >= 0)


def _falling(table: tuple[Interval, ...]) -> bool:
    """Whether the steps are written from the highest share to the lowest."""
    shares = [step.share for step in table]
    return shares == sorted(shares, reverse=True)
