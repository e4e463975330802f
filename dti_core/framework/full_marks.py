"""What earns a row's whole maximum, in Vietnamese words: the target that a plan may set itself."""

from fractions import Fraction
from math import ceil

from dti_core.framework.describe import interval_text
from dti_core.framework.model import Criterion
from dti_core.framework.rules import (
    BestOf,
    Deductions,
    Flag,
    Gate,
    MinMax,
    Options,
    Part,
    Parts,
    Percent,
    PerItem,
    Ratio,
    RelativeToBest,
    Rule,
    Steps,
    SumOfChildren,
)
from dti_core.rational import percent, vietnamese

NO_PENALTY = "Không bị trừ điểm"
"""What to aim at on a row that only takes points off."""

FULL_POINTS = "Đạt điểm tối đa khi thẩm định"
"""Where people award the points, or the text has no rule."""


def full_marks(criterion: Criterion, rule: Rule) -> str:
    """What has to be reached for the whole maximum under one of the row's rules.

    It stands beside the row's name, which says what is measured.
    """
    if (criterion.max_points or Fraction(0)) < 0:
        return NO_PENALTY
    words = _words(criterion, rule)
    return words[:1].upper() + words[1:]


def _words(criterion: Criterion, rule: Rule) -> str:
    match rule:
        case Flag():
            return "có"
        case Options():
            best = max(rule.shares.values(), default=None)
            choices = criterion.variables[rule.of].choices
            full = [choices[key] for key, share in rule.shares.items() if share == best]
            return " hoặc ".join(full) or FULL_POINTS
        case Ratio():
            threshold = rule.full_at or rule.scale_at or Fraction(1)
            shown = percent(threshold)
            return f"tỷ lệ {shown}" if threshold == 1 else f"tỷ lệ từ {shown} trở lên"
        case Steps():
            return _step(criterion, rule)
        case PerItem():
            return _items(criterion, rule)
        case Percent():
            return "đạt 100 %"
        case RelativeToBest() | MinMax():
            return f"cao nhất trong {'nhóm' if rule.peers == 'group' else 'các nơi được so sánh'}"
        case Parts():
            return "; ".join(_part(criterion, part) for part in rule.parts)
        case Gate():
            label = criterion.variables[rule.flag].label
            return f"{label}: có; {_named(criterion, rule.then)}"
        case BestOf():
            return ", hoặc ".join(_named(criterion, way) for way in rule.alternatives)
        case Deductions():
            return "không có trường hợp bị trừ điểm"
        case SumOfChildren():
            return "đạt điểm tối đa ở các mục con"
        case _:
            return FULL_POINTS


def _named(criterion: Criterion, rule: Rule) -> str:
    """The words of a rule that is one of several in its row: what it measures stands first."""
    lone = rule.of if isinstance(rule, Flag | Percent) else None
    if isinstance(rule, Steps | PerItem | RelativeToBest | MinMax):
        lone = rule.of.text
    words = _words(criterion, rule)
    return f"{criterion.variables[lone].label}: {words}" if lone in criterion.variables else words


def _part(criterion: Criterion, part: Part) -> str:
    if part.label:
        return f"{part.label}: {_words(criterion, part.rule)}"
    return _named(criterion, part.rule)


def _step(criterion: Criterion, rule: Steps) -> str:
    """The best intervals, with the unit of measure behind the number."""
    most = max(step.share for step in rule.table)
    ways = " hoặc ".join(interval_text(step) for step in rule.table if step.share == most)
    lone = criterion.variables.get(rule.of.text)
    if lone is None or not lone.unit:
        return ways
    number, tail, _ = ways.partition(" trở lên")
    return f"{number} {lone.unit}{tail}"


def _items(criterion: Criterion, rule: PerItem) -> str:
    maximum = criterion.max_points
    if maximum is None or rule.each <= 0:
        return FULL_POINTS
    number = vietnamese(ceil(maximum / rule.each))
    unit = criterion.variables[rule.of.variables[0]].unit
    return f"từ {number}{f' {unit}' if unit else ''} trở lên"
