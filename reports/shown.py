"""How exact values become the text and the bars of a page."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from dti_core.rational import round_half_up, vietnamese

NOTHING = "–"
"""What stands where there is no value."""

Tone = Literal["good", "part", "ask", "bad", "plain"]
"""Colour of a label: settled, half known, waits for somebody, wrong, neutral. The label's words
say the same, so that nothing hangs on the colour."""

SCORE_TONE: Mapping[str, Tone] = {
    "computed": "good",
    "partial": "part",
    "question": "ask",
    "missing": "bad",
    "not_available": "bad",
    "external": "plain",
    "appraised": "ask",
    "untabled": "plain",
    "followed": "plain",
    "exempt": "plain",
}
FLAG_TONE: Mapping[str, Tone] = {
    "open": "ask",
    "answered": "part",
    "accepted": "good",
    "refused": "bad",
    "unanswered": "bad",
    "stands": "part",
    "listed": "plain",
    "withdrawn": "plain",
}
SEVERITY_TONE: Mapping[str, Tone] = {"fatal": "bad", "warning": "part"}


def points(value: Fraction | None, digits: int) -> str:
    """Points as they are published: Fraction(240, 31) → "7,74"; a dash for None."""
    return NOTHING if value is None else vietnamese(round_half_up(value, digits))


def spread(low: Fraction, high: Fraction, digits: int) -> str:
    """Points, or the range that they lie in while they are open: "5", "3,75 … 15"."""
    texts = dict.fromkeys((points(low, digits), points(high, digits)))
    return " … ".join(texts)


def change(before: Fraction | None, after: Fraction | None, digits: int) -> str:
    """The difference of two points as published, signed: "+3,75", "-1".

    Empty where one of them is unknown, or where both are published as the same number.
    """
    if before is None or after is None:
        return ""
    difference = round_half_up(after, digits) - round_half_up(before, digits)
    if difference == 0:
        return ""
    return f"{'+' if difference > 0 else ''}{vietnamese(difference)}"


def share(part: Fraction | int | None, whole: Fraction | int | None) -> float:
    """Width of a bar, from 0 to 1; 0 where there is nothing to draw."""
    if part is None or not whole:
        return 0.0
    return float(min(max(Fraction(part) / whole, Fraction(0)), Fraction(1)))
