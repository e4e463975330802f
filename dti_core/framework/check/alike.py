"""Numerators and denominators that are one and the same, or named as if they were."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.check.words import content, without_brackets, words
from dti_core.framework.expression import Expression
from dti_core.framework.rules import metrics


def check_alike(row: Row) -> Iterator[Finding]:
    """Halves of a quotient first, then any two figures of the row."""
    told: set[frozenset[str]] = set()
    for metric in metrics(row.criterion.rule):
        if metric.quotient is None or not all(half.variables for half in metric.quotient):
            continue
        top, bottom = metric.quotient
        if top.text == bottom.text or terms(top) == terms(bottom) != ():
            yield row.finding(
                "same_expression",
                "error",
                f"Tử số và mẫu số là cùng một biểu thức {bottom}: tỷ lệ luôn bằng 100 %.",
                {"ratio": Fraction(1)},
            )
        # a/(b + c) with a and b alike is one kind among two: nothing is wrong with it
        elif len(top.variables) == len(bottom.variables) == 1:
            a, b = top.variables[0], bottom.variables[0]
            first, second = (row.criterion.variables[name].label for name in (a, b))
            if content(without_brackets(first)) == content(without_brackets(second)):
                told.add(frozenset((a, b)))
                yield row.finding(
                    "same_label",
                    "warning",
                    f"Mục {row.criterion.code}: tử số {a} và mẫu số {b} được gọi gần như nhau"
                    f" (“{second}”).",
                    about=("tử số", "mẫu số"),
                )
    yield from _twice(row, told)


def _twice(row: Row, told: set[frozenset[str]]) -> Iterator[Finding]:
    """Two figures of one row with one name, which are not one quantity asked twice."""
    for (a, first), (b, second) in combinations(row.criterion.variables.items(), 2):
        one = first.quantity is not None and first.quantity == second.quantity
        if words(first.label) == words(second.label) and not one and frozenset((a, b)) not in told:
            yield row.finding(
                "label_twice",
                "warning",
                f"Mục {row.criterion.code}: hai số liệu {a} và {b} cùng được gọi là"
                f" “{second.label}”; phải nói rõ khác nhau ở đâu.",
                about=("cùng tên", "cùng nhãn", "gọi như nhau"),
            )


def terms(half: Expression) -> tuple[str, ...]:
    """The figures that one half of a quotient adds up; none where it does more than add."""
    adds = not any(sign in half.text for sign in "-*/") and not any(map(str.isdigit, half.text))
    return tuple(sorted(half.variables)) if adds else ()
