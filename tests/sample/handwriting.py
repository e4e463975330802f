"""How an official types a figure: each office has habits, and none leaves two readings."""

from fractions import Fraction

from dti_core.figures import Value
from dti_core.framework.model import Variable
from dti_core.intake.sample import NO, YES
from dti_core.rational import round_half_up, vietnamese
from tests.sample.years import draw


def typed(value: Value, variable: Variable, office: str) -> str:
    """The text that an office types for a value."""
    match value:
        case bool():
            return YES if value else NO
        case str():
            return variable.choices[value]
    if variable.kind == "frequency":
        return _frequency(int(value))
    if variable.kind == "percent":
        space = " " if draw(office, "percent sign") < 0.3 else ""
        return f"{vietnamese(value * 100, 2)}{space}%"
    text = _money(value) if variable.kind == "money" else vietnamese(value, 2)
    return text if draw(office, "thousands") < 0.75 else text.replace(".", "")


def _frequency(times_a_year: int) -> str:
    """By the longest period that it fits: 52 is once a week, 24 twice a month, 30 by the year."""
    for period, times in (("tuần", 52), ("tháng", 12), ("quý", 4)):
        if times_a_year % times == 0:
            return f"{times_a_year // times} lần/{period}"
    return f"{times_a_year} lần/năm"


def _money(value: Fraction) -> str:
    """From a thousand on always with a decimal: "1.850" alone could be 1,85."""
    if value < 1000:
        return vietnamese(value, 2)
    digits = f"{round_half_up(value, 1):,}"
    return digits.translate(str.maketrans(",.", ".,"))
