"""Exact numbers: read as the YAML files write them, rounded half up, written for people."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given
from pydantic import BaseModel, ValidationError

from dti_core.rational import (
    Exact,
    as_json,
    exact_text,
    parse_exact,
    percent,
    round_half_up,
    vietnamese,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (5, Fraction(5)),
        (0, Fraction(0)),
        ("5", Fraction(5)),
        ("-3", Fraction(-3)),
        (" 3.75 ", Fraction(15, 4)),
        ("1.10", Fraction(11, 10)),
        ("1/2", Fraction(1, 2)),
        ("3.75/2", Fraction(15, 8)),
        ("80%", Fraction(4, 5)),
        ("0.25%", Fraction(1, 400)),
        ("1/3%", Fraction(1, 300)),
        (Decimal("0.1"), Fraction(1, 10)),
        (Fraction(2, 7), Fraction(2, 7)),
    ],
)
def test_exact_numbers_are_read_without_loss(written: object, meant: Fraction) -> None:
    assert parse_exact(written) == meant


@pytest.mark.parametrize(
    "written",
    ["", "x", "3,75", "1.337.124", "1/0", "1/2/3", "1/-2", "5 %", "80%%", ".5", "5.", "+5", "1e3"],
)
def test_text_that_is_no_exact_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="không phải số chính xác") as refusal:
        parse_exact(written)
    assert repr(written) in str(refusal.value)


@pytest.mark.parametrize("value", [0.5, 1.0, True, False, None, ["5"], b"5"])
def test_floats_booleans_and_other_types_are_refused(value: object) -> None:
    """A float has lost the digits that were written; true is not the number 1."""
    with pytest.raises(ValueError, match="không phải số chính xác"):
        parse_exact(value)


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction("2.675"), 2, "2.68"),  # as a float 2.675 would come out as 2.67
        (Fraction("2.6749999999999999999"), 2, "2.67"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(1, 3), 4, "0.3333"),
        (Fraction(2, 3), 4, "0.6667"),
        (Fraction("99.995"), 2, "100.00"),
        (Fraction(7), 2, "7.00"),
        (Fraction(0), 2, "0.00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: Fraction, digits: int, rounded: str) -> None:
    assert str(round_half_up(value, digits)) == rounded


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (100, "100"),
        (1_337_124, "1.337.124"),
        (Fraction(75, 2), "37,5"),
        (Fraction("1234567.891"), "1.234.567,89"),
        (Fraction(1, 3), "0,33"),
        (Fraction(1, 200), "0,01"),
        (Fraction("7.10"), "7,1"),
        (Fraction(-75, 2), "-37,5"),
        (Fraction(-1, 1000), "0"),
        (Decimal("12.50"), "12,5"),
    ],
)
def test_numbers_are_written_with_decimal_comma_and_grouping_dot(
    value: Fraction | Decimal | int, text: str
) -> None:
    assert vietnamese(value) == text


@pytest.mark.parametrize(
    ("digits", "text"), [(0, "1.235"), (1, "1.234,6"), (3, "1.234,568"), (6, "1.234,5678")]
)
def test_digits_bound_the_decimals_that_are_written(digits: int, text: str) -> None:
    assert vietnamese(Fraction("1234.5678"), digits) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(151, 200), "75,5 %"),
        (Fraction(1), "100 %"),
        (Fraction(1, 400), "0,25 %"),
        (Fraction(1, 3), "33,33 %"),
    ],
)
def test_a_share_is_written_as_a_percentage(share: Fraction, text: str) -> None:
    assert percent(share) == text
    assert percent(share, 4).endswith(" %")


def test_canonical_text_is_what_json_prints() -> None:
    assert exact_text(Fraction(151, 20)) == as_json(Fraction(151, 20)) == "151/20"
    assert exact_text(Fraction(0)) == "0"
    assert as_json("chưa có") == "chưa có"
    assert as_json(None) is None


@given(st.fractions())
def test_canonical_text_reads_back_as_the_same_number(value: Fraction) -> None:
    assert parse_exact(exact_text(value)) == value


class _Row(BaseModel):
    points: Exact


def test_a_model_field_reads_and_writes_exact_numbers() -> None:
    row = _Row.model_validate({"points": "3.75"})
    assert row.points == Fraction(15, 4)
    assert row.model_dump() == {"points": "15/4"}
    assert _Row.model_validate_json(row.model_dump_json()) == row


@pytest.mark.parametrize("value", [3.75, True, None, "ba"])
def test_a_model_field_refuses_what_is_not_exact(value: Any) -> None:
    with pytest.raises(ValidationError, match="không phải số chính xác"):
        _Row.model_validate({"points": value})
