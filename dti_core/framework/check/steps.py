"""Tables of steps: values that no step holds, or several, as the clause writes them."""

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.check.percents import is_share
from dti_core.framework.rules import Interval, Steps, weighted
from dti_core.rational import percent, vietnamese


def check_steps(row: Row) -> Iterator[Finding]:
    """Every table of the row, tried at each bound, between bounds and beyond them."""
    for rule, weight in weighted(row.criterion.rule):
        if isinstance(rule, Steps):
            tried = _trial_values(row, rule)
            yield from _gap(row, rule, tried)
            yield from _overlap(row, rule, tried, weight)


def _gap(row: Row, rule: Steps, tried: list[Fraction]) -> Iterator[Finding]:
    gaps = [value for value in tried if not any(step.holds(value) for step in rule.table)]
    if gaps:
        yield row.finding(
            "steps_gap",
            "error",
            f"Bảng điểm không có mức nào cho giá trị {_told(row, rule, gaps[0])}.",
            {"value": gaps[0]},
        )


def _overlap(row: Row, rule: Steps, tried: list[Fraction], weight: Fraction) -> Iterator[Finding]:
    for value in tried:
        held = [step for step in rule.table if step.holds(value)]
        shares = [step.share for step in held]
        if len(set(shares)) < 2:
            continue
        cascade = _falling(rule.table) and not any(_closed_above(step) for step in held)
        most, least = max(shares) * weight, min(shares) * weight
        yield row.finding(
            "steps_overlap",
            "note" if cascade else "warning",
            f"Giá trị {_told(row, rule, value)} thuộc nhiều mức theo câu chữ ({row.worth(most)} và"
            f" {row.worth(least)})"
            + (
                "; các mức xếp từ cao xuống thấp, chính sách “overlap” chọn mức."
                if cascade
                else "; chính sách “overlap” phải chọn mức."
            ),
            {"value": value, "most": max(shares), "least": min(shares)},
            about=("hai mức", "nhiều mức", "cả hai", "trùng"),
        )
        return


def _trial_values(row: Row, rule: Steps) -> list[Fraction]:
    """What the table is tried with: of a count only whole numbers, of a share none over 100 %."""
    values = list(rule.trial_values)
    variables = row.criterion.variables
    if rule.of.is_whole and all(variables[name].kind == "count" for name in rule.of.variables):
        near = {Fraction(floor(value) + step) for value in values for step in (-1, 0, 1, 2)}
        return sorted(value for value in near if value >= 0)
    if is_share(row, rule.of):
        return sorted({min(value, Fraction(1)) for value in values})
    return values


def _closed_above(step: Interval) -> bool:
    """A step that names its upper end claims the values under it for itself."""
    return step.at_most is not None or step.below is not None


def _falling(table: tuple[Interval, ...]) -> bool:
    """Whether the steps are written from the highest share to the lowest."""
    shares = [step.share for step in table]
    return shares == sorted(shares, reverse=True)


def _told(row: Row, rule: Steps, value: Fraction) -> str:
    return percent(value, 4) if is_share(row, rule.of) else vietnamese(value, 4)
