"""Percent signs that cannot be right: lost, doubled, or standing alone."""

import re
from collections.abc import Iterator
from fractions import Fraction

from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.check.thresholds import operations, share_just_below
from dti_core.framework.expression import Expression
from dti_core.framework.rules import Factor, Options, Parts, Ratio, Steps, sub_rules
from dti_core.rational import percent, vietnamese

_LOST = Fraction(2)
"""From here on a share is read as a percentage whose sign is missing: 80 stands for 80 %."""

_ALONE = re.compile(r"(?<![\d\s(])\s+%|^\s*%")
_NAMED = re.compile(r"(?:tỷ lệ|tỉ lệ|phần trăm|đơn vị|tính bằng|theo)\s+%", re.IGNORECASE)


def check_percents(row: Row) -> Iterator[Finding]:
    for rule in sub_rules(row.criterion.rule):
        match rule:
            case Ratio():
                yield from _ratio(row, rule)
            case Steps():
                yield from _shares(row, [step.share for step in rule.table])
                if is_share(row, rule.of):
                    for bound in sorted({end for step in rule.table for end in step.bounds}):
                        yield from _beyond_whole(row, rule.of, "Mốc của bảng điểm", bound)
            case Options():
                yield from _shares(row, list(rule.shares.values()))
            case Parts():
                yield from _parts(row, rule)
            case _:
                pass
    yield from _signs(row)


def is_share(row: Row, metric: Expression) -> bool:
    """Whether the metric can only be a part of a whole: a percentage, or things over such things.

    A sum of money over a number of people, articles over months are no shares.
    """
    variables = row.criterion.variables
    if metric.quotient is None:
        names = metric.variables
        return len(names) == 1 and metric.text == names[0] and variables[names[0]].kind == "percent"
    top, bottom = ({variables[n].unit for n in half.variables} for half in metric.quotient)
    kinds = {variables[name].kind for name in metric.variables}
    return bool(top) and top == bottom and None not in top and len(kinds) == 1


def _averages(row: Row, metric: Expression) -> bool:
    """Whether the metric is plainly no share: things over other things, or over a fixed number."""
    if metric.quotient is None:
        return not is_share(row, metric)
    units = [{row.criterion.variables[n].unit for n in half.variables} for half in metric.quotient]
    known = all(units) and not any(None in each for each in units)
    return not units[1] or (known and units[0] != units[1])


def _ratio(row: Row, rule: Ratio) -> Iterator[Finding]:
    for threshold in (rule.full_at, rule.scale_at):
        if threshold is not None:
            yield from _beyond_whole(row, rule.of, "Ngưỡng", threshold)
    factor = rule.below
    if isinstance(factor, Factor) and rule.full_at is not None:
        reached = share_just_below(rule, rule.full_at)
        if _hundredfold(factor, rule.full_at, reached):
            yield row.finding(
                "percent_sign",
                "error",
                f"Đổi ra phần trăm sai số lần: {percent(rule.full_at)}{operations(factor)}"
                f" = {vietnamese(reached, 4)} lần điểm tối đa ngay dưới ngưỡng"
                f" {percent(rule.full_at)}, lệch đúng 100 lần; chia cho 1 % và nhân với 100 là cùng"
                " một việc, chỉ làm một lần.",
                {
                    "threshold": rule.full_at,
                    "divide_by": factor.divide_by,
                    "times": factor.times,
                    "just_below_share": reached,
                },
            )


def _hundredfold(factor: Factor, full_at: Fraction, reached: Fraction) -> bool:
    """Whether the clause misses the whole maximum by just a hundred: a sign lost or doubled."""
    if reached in (100, Fraction(1, 100)):
        return True
    # “Tỷ lệ*100*Điểm tối đa”: the ratio itself was taken for a number of percent
    taken = factor.times >= 100 and factor.divide_by == 1 and reached / 100 == full_at
    return taken and reached != 1


def _shares(row: Row, shares: list[Fraction]) -> Iterator[Finding]:
    for share in dict.fromkeys(share for share in shares if share > 1):
        yield row.finding(
            "percent_sign" if share >= _LOST else "exceeds_maximum",
            "error",
            f"Một mức được {vietnamese(share)} lần điểm tối đa ({percent(share)})"
            + (f"; có lẽ là {vietnamese(share)} %." if share >= _LOST else ", vượt điểm tối đa."),
            {"share": share},
        )


def _beyond_whole(row: Row, metric: Expression, what: str, bound: Fraction) -> Iterator[Finding]:
    """A bound of 80 is 8.000 %: its sign is lost. No part of a whole reaches one of 120 %."""
    if bound >= _LOST and not _averages(row, metric):
        yield row.finding(
            "percent_sign",
            "error",
            f"{what} ghi {vietnamese(bound)}, tức {percent(bound)}: không tỷ lệ nào đạt được; có lẽ"
            f" là {vietnamese(bound)} %.",
            {"bound": bound},
        )
    elif bound > 1 and is_share(row, metric):
        yield row.finding(
            "percent_sign",
            "warning",
            f"{what} ghi {percent(bound)}: một phần không thể quá 100 % của tổng, chỉ đạt được nếu"
            " tử số đếm cả cái ngoài mẫu số.",
            {"bound": bound},
            about=("dấu %",),
        )


def _parts(row: Row, rule: Parts) -> Iterator[Finding]:
    added = sum((part.weight for part in rule.parts), Fraction(0))
    if added == 1:
        return
    weights = " + ".join(str(part.weight) for part in rule.parts)
    yield row.finding(
        "parts_total",
        "error",
        f"Các phần của mục cộng lại được {weights} = {percent(added)} điểm tối đa"
        + (", vượt điểm tối đa." if added > 1 else ": không ai đạt được điểm tối đa."),
        {"added": added},
    )


def _signs(row: Row) -> Iterator[Finding]:
    """“Đúng hạn đầy đủ % trên hệ thống”: a sign without its number."""
    criterion = row.criterion
    for text in (criterion.name, *(variable.label for variable in criterion.variables.values())):
        named = _NAMED.sub("", text)
        if (sign := _ALONE.search(named)) is not None:
            before = " ".join(named[: sign.start()].split()[-4:])
            after = " ".join(named[sign.end() :].split()[:3])
            yield row.finding(
                "percent_sign",
                "note",
                f"Dấu % đứng không có số: “{before} % {after}”; không rõ là bao nhiêu phần trăm.",
                about=("dấu %",),
            )
            return
