"""Words of the source that do not say what the criterion asks."""

import re
from collections.abc import Iterator
from fractions import Fraction

from dti_core.figures import Figure
from dti_core.framework.model import Variable
from dti_core.framework.similar import normal
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.panel import Panel
from dti_core.plausibility.within import WITHIN
from dti_core.rational import percent, vietnamese

DETECTOR = "other_thing"

_NUMBER = re.compile(r"(?<![\d.,])(\d+)(?:\s*/\s*\d+)?\s+([^\W\d_]+(?:\s+[^\W\d_]+){0,3})")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")


def other_thing(panel: Panel) -> Iterator[Flag]:
    """Counts whose source counts something else by its own words ("02 ứng dụng" where platforms
    are asked), and counts of which the source gives only a percentage.

    Source: the words themselves, where a figure keeps them (`Figure.raw`); the criterion's unit of
    measure.

    Limits: words are compared by their letters, so that a narrower word for the same thing
    ("trường" for "cơ sở") is asked about too. Most workbooks hold bare numbers: nothing is said of
    those.
    """
    told: set[tuple[str, str]] = set()  # "2/2 Trường" gives a and b in the same words
    for unit in panel.units:
        for amount in panel.amounts:
            figure = panel.figures.get((unit, amount.criterion, amount.variable))
            if amount.kind != "count" or figure is None or not figure.raw:
                continue
            variable = panel.framework.by_code[amount.criterion].variables[amount.variable]
            flag = None
            if figure.status == "given" and isinstance(figure.value, Fraction):
                flag = _other(figure, variable, figure.value)
            elif figure.value is None and figure.status == "to_ask":
                flag = _percentage(panel, figure, variable)
            if flag is not None and (unit, flag.criterion) not in told:
                told.add((unit, flag.criterion))
                yield flag


def _other(figure: Figure, variable: Variable, value: Fraction) -> Flag | None:
    asked = normal(variable.unit or "")
    named = [words for number, words in _NUMBER.findall(figure.raw or "") if int(number) == value]
    if not asked or not named or any(normal(words)[: len(asked)] == asked for words in named):
        return None
    return Flag(
        unit=figure.unit,
        criterion=figure.criterion,
        variable=figure.variable,
        detector=DETECTOR,
        reported=value,
        criteria=(figure.criterion,),
        suspicion=0.6,
        message=(
            f"Mục {figure.criterion}: nguồn ghi “{figure.raw}”, trong khi tiêu chí đếm"
            f" {variable.unit} ({variable.label}). Đề nghị cho biết số {variable.unit}."
        ),
    )


def _percentage(panel: Panel, figure: Figure, variable: Variable) -> Flag | None:
    given = _PERCENT.search(figure.raw or "")
    if given is None:
        return None
    share = Fraction(given[1].replace(",", ".")) / 100
    guess = expected = None
    for pair in WITHIN:
        if pair.part == variable.quantity:
            expected, guess = _whole(panel, figure.unit, pair.whole, share)
    return Flag(
        unit=figure.unit,
        criterion=figure.criterion,
        variable=figure.variable,
        detector=DETECTOR,
        expected=expected,
        criteria=(figure.criterion,),
        suspicion=0.9,
        message=(
            f"Mục {figure.criterion}: nguồn ghi “{figure.raw}”, một tỷ lệ, trong khi tiêu chí hỏi"
            f" số lượng ({variable.label}){guess or ''}. Đề nghị ghi số lượng."
        ),
    )


def _whole(
    panel: Panel, unit: str, quantity: str, share: Fraction
) -> tuple[Fraction | None, str | None]:
    """The count that a percentage of a known whole comes to, and the words for it."""
    for column in panel.quantities.get(quantity, ()):
        amount = panel.amounts[column]
        whole = amount.value(panel.figures, unit)
        if whole:
            count = Fraction(round(share * whole))
            return count, (
                f"; nếu là {percent(share)} của {vietnamese(whole)} ở mục {amount.criterion} thì"
                f" khoảng {vietnamese(count)}"
            )
    return None, None
