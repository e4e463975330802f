"""States: nothing done that still earns points, and states to which the clause gives none."""

from collections.abc import Iterator
from fractions import Fraction

from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.check.vocabulary import vocabulary
from dti_core.framework.check.words import words
from dti_core.framework.rules import BestOf, Gate, Options, Parts, Rule, Steps


def check_states(row: Row) -> Iterator[Finding]:
    yield from _earned(row, row.criterion.rule, Fraction(1), "")
    for name, variable in row.criterion.variables.items():
        if variable.kind == "choice" and (open_states := row.criterion.unassigned(name)):
            states = "; ".join(f"“{variable.choices[state]}”" for state in open_states)
            yield row.finding(
                "unassigned_state",
                "warning",
                f"Mục {row.criterion.code}: văn bản không cho điểm trạng thái {states}.",
                about=("trạng thái", "không cho điểm"),
            )


def _earned(row: Row, rule: Rule, weight: Fraction, behind: str) -> Iterator[Finding]:
    """`behind`: the flags that must be yes before this rule counts, in words."""
    variables = row.criterion.variables
    match rule:
        case Gate():
            label = variables[rule.flag].label
            yield from _earned(row, rule.then, weight, f"{behind}khi “{label}”, ")
        case Parts():
            for part in rule.parts:
                where = f"ở phần “{part.label}”, " if part.label else behind
                yield from _earned(row, part.rule, weight * part.weight, where)
        case BestOf():
            for way in rule.alternatives:
                yield from _earned(row, way, weight, behind)
        case Steps():
            shares = [step.share for step in rule.table if step.holds(Fraction(0))]
            if shares and max(shares) > 0:
                unit = variables[rule.of.variables[0]].unit if len(rule.of.variables) == 1 else None
                zero = f"0 {unit}" if unit else "giá trị 0"
                yield _nothing_earns(row, behind, zero, max(shares) * weight)
        case Options():
            for state, share in rule.shares.items():
                label = variables[rule.of].choices[state]
                if share > 0 and _nothing_done(label):
                    yield _nothing_earns(row, behind, f"trạng thái “{label}”", share * weight)
        case _:
            pass


def _nothing_earns(row: Row, behind: str, what: str, share: Fraction) -> Finding:
    return row.finding(
        "zero_earns",
        "warning",
        f"Theo câu chữ, {behind}{what} vẫn được {row.worth(share)}.",
        row.numbers(points=share),
        about=(what,),
    )


def _nothing_done(label: str) -> bool:
    """“Chưa triển khai”, “Không có”: the state of those who did nothing."""
    first = words(label)[:1]
    return any(first == words(each) for each in vocabulary().nothing_done)
