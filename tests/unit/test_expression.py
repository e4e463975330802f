"""The arithmetic of a metric: four operations over names and whole numbers, and nothing else."""

from fractions import Fraction

import numpy as np
import pytest
from pydantic import BaseModel, ValidationError

from dti_core.framework.expression import Expression, Metric

VALUES = {"a": Fraction(3), "b": Fraction(4), "c": Fraction(5), "d": Fraction(7)}


def _value(text: str) -> Fraction:
    return Expression(text).evaluate(VALUES, Fraction)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", Fraction(3)),
        ("7", Fraction(7)),
        ("a / b", Fraction(3, 4)),
        ("a / 7", Fraction(3, 7)),
        ("(b + d) / (a + c)", Fraction(11, 8)),
        ("a + b * c", Fraction(23)),
        ("(a + b) * c", Fraction(35)),
        ("a - b - c", Fraction(-6)),
        ("a - (b - c)", Fraction(4)),
        ("a / b / c", Fraction(3, 20)),
        ("a/(b+c)", Fraction(1, 3)),
    ],
)
def test_metric_is_worked_out_exactly_in_the_usual_order(text: str, value: Fraction) -> None:
    assert _value(text) == value


def test_every_arithmetic_brings_its_own_constants() -> None:
    """Columns are worked out whole; a constant becomes what `number` makes of it."""
    seen: list[Fraction] = []

    def number(value: Fraction) -> np.ndarray:
        seen.append(value)
        return np.array([float(value)])

    columns = {"a": np.array([1.0, 14.0])}
    assert Expression("a / 7").evaluate(columns, number).tolist() == [1 / 7, 2.0]
    assert seen == [Fraction(7)]


def test_a_name_without_value_and_a_division_by_zero_are_left_to_the_caller() -> None:
    with pytest.raises(KeyError, match="z"):
        _value("a / z")
    with pytest.raises(ZeroDivisionError):
        Expression("a / b").evaluate({"a": Fraction(1), "b": Fraction(0)}, Fraction)


@pytest.mark.parametrize(
    "text",
    [
        "-a",
        "+a",
        "a ** 2",
        "a // b",
        "a % b",
        "a @ b",
        "a < b",
        "a and b",
        "not a",
        "a if b else c",
        "(a, b)",
        "[a]",
        "a[0]",
        "a.real",
        "max(a, b)",
        "__import__('os')",
        "(a := 1)",
        "lambda: a",
        "0.8",
        "True",
        "None",
        "'a'",
        "A / b",
        "số / b",
    ],
)
def test_anything_but_the_four_operations_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="chỉ được dùng tên biến, số nguyên") as refusal:
        Expression(text)
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize("text", ["", "a /", "(a + b", "a b", "a + + / b", "80%", "a = b", "a; b"])
def test_faulty_syntax_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="viết sai cú pháp"):
        Expression(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("(b + d) / (a + c)", ("b", "d", "a", "c")),
        ("a / (a + b)", ("a", "b")),
        ("c / b / a", ("c", "b", "a")),
        ("so_tin_bai / 12", ("so_tin_bai",)),
        ("7", ()),
    ],
)
def test_variables_are_named_once_in_the_order_of_their_first_use(
    text: str, names: tuple[str, ...]
) -> None:
    assert Expression(text).variables == names


@pytest.mark.parametrize(
    ("text", "numerator", "denominator"),
    [
        ("a / b", "a", "b"),
        ("(a + b) / c", "a + b", "c"),
        ("a / (b + c)", "a", "b + c"),
        ("a / 7", "a", "7"),
        ("a / b / c", "a / b", "c"),
    ],
)
def test_a_division_has_numerator_and_denominator(
    text: str, numerator: str, denominator: str
) -> None:
    metric = Expression(text)
    assert metric.is_quotient
    assert metric.quotient == (Expression(numerator), Expression(denominator))


@pytest.mark.parametrize("text", ["a", "7", "a + b", "a / b + c", "a / b * c"])
def test_what_is_no_division_outermost_is_no_quotient(text: str) -> None:
    metric = Expression(text)
    assert not metric.is_quotient
    assert metric.quotient is None


@pytest.mark.parametrize(
    ("text", "divisors"),
    [
        ("a + b", set()),
        ("a / (b + c)", {"b + c"}),
        ("a / b + c / d", {"b", "d"}),
        ("a / (b / c)", {"b / c", "c"}),
    ],
)
def test_every_denominator_is_listed(text: str, divisors: set[str]) -> None:
    assert {str(divisor) for divisor in Expression(text).divisors()} == divisors


def test_expressions_are_equal_where_their_texts_are() -> None:
    assert Expression("a / b") == Expression("a / b")
    assert len({Expression("a / b"), Expression("a / b"), Expression("a/b")}) == 2
    assert str(Expression("a / b")) == "a / b"


class _Rule(BaseModel):
    of: Metric


def test_a_model_field_reads_and_writes_a_metric_as_text() -> None:
    rule = _Rule.model_validate({"of": "(a + b) / c"})
    assert rule.of == Expression("(a + b) / c")
    assert _Rule(of=rule.of) == rule
    assert _Rule.model_validate_json(rule.model_dump_json()) == rule
    assert rule.model_dump() == {"of": "(a + b) / c"}


@pytest.mark.parametrize("value", [5, None, True, ["a"], "a ** b"])
def test_a_model_field_refuses_what_is_no_metric(value: object) -> None:
    with pytest.raises(ValidationError, match="biểu thức"):
        _Rule.model_validate({"of": value})
