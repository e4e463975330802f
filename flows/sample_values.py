"""MẪU: where the sample's answers are typed in the workbooks that go out."""

from collections.abc import Collection, Iterable

from dti_core.intake.form_words import alone
from dti_core.intake.layout import (
    EVIDENCE,
    NOTE,
    SELF_POINTS,
    SELF_ROW,
    VALUE,
    about_key,
    figure_key,
)
from dti_core.intake.sample import Answer, SelfPoints
from dti_core.program.load import RoundContext
from dti_core.program.requests import Request

Cell = tuple[str, str]
"""(row key, column key), as `dti_core.intake.fill` takes them."""
Values = dict[Cell, object]
"""Cell → what is typed there."""


def lone_units(context: RoundContext, request: Request, kind: str) -> Collection[str]:
    """The units whose figures stand one under the other, since no other is beside them."""
    return alone(context, request.asked(own=False)) if kind == "about_units" else ()


def cell(unit: str, criterion: str, variable: str, kind: str, lone: Collection[str]) -> Cell:
    """Where a figure is typed, by the layout of the workbook that goes out."""
    if kind == "own":
        return figure_key(criterion, variable), VALUE
    if unit in lone:
        return about_key(unit, criterion, variable), VALUE
    return unit, figure_key(criterion, variable)


def sample_values(
    context: RoundContext,
    request: Request,
    kind: str,
    answers: Iterable[Answer],
    points: Iterable[SelfPoints],
) -> Values:
    """Everything that a provider of the sample types into one of its workbooks.

    answers  the provider's, of this kind of workbook
    points   self-assessed points of whomever; its own are taken
    """
    lone = lone_units(context, request, kind)
    values: Values = {}
    for answer in answers:
        criterion, variable = request.place(answer.unit, answer.criterion, answer.variable)
        values[cell(answer.unit, criterion, variable, kind, lone)] = answer.text
    for own in points if kind == "own" else ():
        if own.unit == request.provider:
            key = figure_key(own.criterion, SELF_ROW)
            values[key, SELF_POINTS] = own.points
            told = ((EVIDENCE, own.evidence), (NOTE, own.account))
            values |= {(key, column): words for column, words in told if words}
    return values
