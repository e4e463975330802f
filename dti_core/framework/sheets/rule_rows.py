"""A rule in cells: the columns that it fills, its levels, and the rules inside it.

A rule inside another stands in a row of its own and is addressed by a path: "2" is the second
part, "2.1" the first rule inside that part. The outermost rule has the empty path.
"""

from collections.abc import Iterator
from fractions import Fraction

from dti_core.framework.describe import describe, interval_text, share_text
from dti_core.framework.model import READINGS, Criterion, Reading
from dti_core.framework.plain import percents_of
from dti_core.framework.rules import (
    Appraised,
    BestOf,
    Deduction,
    Deductions,
    Factor,
    Flag,
    Gate,
    Interval,
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
)
from dti_core.framework.sheets import words as w
from dti_core.framework.sheets.numbers import CellContent, as_number, as_words
from dti_core.framework.spelling import (
    bound_number,
    factor_number,
    percent_number,
    share_number,
)
from dti_core.rational import vietnamese

Row = dict[str, CellContent]


def rule_cells(rule: Rule) -> Row:
    """The columns of `rule_columns.RULE_COLUMNS` that a rule fills."""
    cells: Row = {"type": w.RULES[rule.type]}
    match rule:
        case Flag() | Options() | Percent() | Steps():
            cells["of"] = str(rule.of)
        case Gate():
            cells["of"] = rule.flag
        case Ratio():
            cells |= _ratio(rule)
        case PerItem():
            cells |= {"of": str(rule.of), "each": as_number(rule.each)}
        case RelativeToBest() | MinMax():
            cells |= {"of": str(rule.of), "peers": w.PEERS[rule.peers]}
        case Deductions():
            cells["floor"] = as_number(rule.floor) if rule.floor else None
        case Appraised():
            cells["step"] = as_number(rule.step)
        case _:
            pass
    return cells


def level_rows(criterion: Criterion) -> Iterator[Row]:
    """The rows of the sheet of levels: steps and states of every rule, as written and corrected."""
    percents = frozenset(percents_of(criterion.variables))
    for reading, outermost in _rules(criterion):
        for rule, path in _addressed(outermost):
            where: Row = {
                "criterion": criterion.code,
                "reading": w.READINGS[reading],
                "part": path or None,
            }
            if isinstance(rule, Options):
                for cells in _states(criterion, rule):
                    yield where | cells
            elif isinstance(rule, Steps):
                ratio = rule.of.is_quotient or percents.issuperset(rule.of.variables)
                for step in rule.table:
                    yield where | _step(step, of_ratio=ratio)


def part_rows(criterion: Criterion) -> Iterator[Row]:
    """The rows of the sheet of inner rules, outermost first."""
    for reading, outermost in _rules(criterion):
        for inner, path in _inner(outermost, ""):
            yield {
                "criterion": criterion.code,
                "reading": w.READINGS[reading],
                "part": path,
                **_inner_cells(criterion, inner),
            }


def inner_of(rule: Rule) -> tuple[Part | Rule | Deduction, ...]:
    """What stands one level inside a rule: parts, rules or events."""
    match rule:
        case Parts():
            return rule.parts
        case Gate():
            return (rule.then,)
        case BestOf():
            return rule.alternatives
        case Deductions():
            return rule.events
        case _:
            return ()


def _rules(criterion: Criterion) -> Iterator[tuple[Reading, Rule]]:
    for reading in READINGS:
        if reading == "as_written":
            yield reading, criterion.rule
        elif criterion.erratum and criterion.erratum.corrected:
            yield reading, criterion.erratum.corrected


def _inner(rule: Rule, path: str) -> Iterator[tuple[Part | Rule | Deduction, str]]:
    for number, inner in enumerate(inner_of(rule), 1):
        place = f"{path}.{number}" if path else str(number)
        yield inner, place
        if isinstance(inner, Part):
            yield from _inner(inner.rule, place)
        elif not isinstance(inner, Deduction):
            yield from _inner(inner, place)


def _addressed(rule: Rule) -> Iterator[tuple[Rule, str]]:
    yield rule, ""
    for inner, path in _inner(rule, ""):
        if isinstance(inner, Part):
            yield inner.rule, path
        elif not isinstance(inner, Deduction):
            yield inner, path


def _inner_cells(criterion: Criterion, inner: Part | Rule | Deduction) -> Row:
    if isinstance(inner, Deduction):
        return {
            "type": w.INNER_RULES[w.EVENT],
            "of": str(inner.of),
            "each": as_number(inner.each),
            "words": f"Trừ {vietnamese(inner.each)} điểm cho mỗi {inner.of}",
        }
    if isinstance(inner, Part):
        head: Row = {"label": inner.label, "weight": _share(inner.weight)}
        return head | _described(criterion, inner.rule)
    return _described(criterion, inner)


def _described(criterion: Criterion, rule: Rule) -> Row:
    return {**rule_cells(rule), "words": "\n".join(describe(criterion, rule))}


def _ratio(rule: Ratio) -> Row:
    cells: Row = {"of": str(rule.of)}
    threshold = rule.full_at or rule.scale_at
    if threshold is not None:
        cells["threshold"] = as_words(threshold, percent_number(threshold))
    if isinstance(rule.below, Factor):
        cells["below"] = w.BELOW[w.FACTOR]
        for key, factor in (("divide_by", rule.below.divide_by), ("times", rule.below.times)):
            if factor != 1:
                cells[key] = as_words(factor, factor_number(factor))
    elif rule.below:
        cells["below"] = w.BELOW[rule.below]
    elif rule.scale_at is not None:
        cells["below"] = w.BELOW[w.UNCAPPED]
    if rule.below_includes_full_at:
        cells["both"] = w.YES["yes"]
    return cells


def _states(criterion: Criterion, rule: Options) -> Iterator[Row]:
    """Every state: those with a share in the rule's order, then those that the clause skips."""
    choices = criterion.variables[rule.of].choices
    for key, share in rule.shares.items():
        yield {
            "choice": key,
            "share": _share(share),
            "words": f"{choices[key]}: {share_text(share)}",
        }
    for key, text in choices.items():
        if key not in rule.shares:
            yield {
                "choice": key,
                "share": w.NOT_STATED,
                "words": f"{text}: văn bản không quy định điểm",
            }


def _step(step: Interval, *, of_ratio: bool) -> Row:
    ends = {"from": step.at_least, "above": step.above, "to": step.at_most, "below": step.below}
    bounds: Row = {
        key: as_words(end, bound_number(end, of_ratio=of_ratio))
        for key, end in ends.items()
        if end is not None
    }
    words = f"{interval_text(step) or 'mọi giá trị'}: {share_text(step.share)}"
    return {**bounds, "share": _share(step.share), "words": words}


def _share(share: Fraction) -> str:
    return as_words(share, share_number(share))
