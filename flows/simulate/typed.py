"""What made-up offices type: the program's bundled sample, else figures that the dice give."""

from functools import lru_cache
from random import Random

from dti_core.framework.model import Variable
from dti_core.intake import sample_round
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
from dti_core.program.load import RoundContext
from dti_core.program.requests import Item, Request, requests
from dti_core.strict_yaml import DataError

Values = dict[tuple[str, str], object]
"""(row key, column key) → what is typed there."""

SLIPS = ("1.2O4", "khoảng 20", "12,5,3", "chưa rõ, sẽ bổ sung")
"""What nobody can read as a number."""


def request_of(context: RoundContext, provider: str) -> Request:
    """What is asked of a provider."""
    return next(each for each in requests(context) if each.provider == provider)


def values(context: RoundContext, provider: str, kind: str, dice: Random) -> Values:
    """Everything that a provider types into one of its workbooks."""
    if (provider, kind) in _sample(context):
        return dict(_sample(context)[provider, kind])
    request = request_of(context, provider)
    items = request.asked(own=kind == "own")
    return {
        _cell(context, request, item, kind): made_up(
            context.framework_of(item.unit).by_code[item.criterion].variables[item.variable],
            item.variable,
            dice,
        )
        for item in items
    }


def with_slip(values: Values, dice: Random) -> Values:
    """The same with one number typed so that nobody can read it."""
    numbers = sorted(
        (key for key, value in values.items() if key[1] == VALUE and _is_number(value)), key=str
    ) or sorted((key for key, value in values.items() if _is_number(value)), key=str)
    return values | {dice.choice(numbers): dice.choice(SLIPS)} if numbers else values


def made_up(variable: Variable, name: str, dice: Random) -> object:
    """A figure of the kind; the first of a ratio ("a") stays below the others, so that a part is
    not above its whole."""
    match variable.kind:
        case "flag":
            return dice.random() < 0.8
        case "choice":
            return dice.choice(list(variable.choices.values()))
        case "frequency":
            return dice.choice(["1 lần/tuần", "1 lần/tháng", "1 lần/quý"])
        case "text" | "contact":
            return "Mẫu: nội dung do phần mềm đặt ra"
        case "percent":
            return f"{dice.randint(40, 100)}%"
        case "money":
            return dice.randint(100, 900)
        case _:
            return dice.randint(20, 80) if name == "a" else dice.randint(90, 140)


def _cell(context: RoundContext, request: Request, item: Item, kind: str) -> tuple[str, str]:
    """Where an item's figure is typed, by the layout of the workbook that goes out."""
    if kind == "own":
        return figure_key(item.criterion, item.variable), VALUE
    if item.unit in alone(context, request.asked(own=False)):
        return about_key(item.unit, item.criterion, item.variable), VALUE
    return item.unit, figure_key(item.criterion, item.variable)


@lru_cache(maxsize=16)
def _read(round_id: str) -> dict[tuple[str, str], Values]:
    from dti_core.program.load import load_round

    context = load_round(round_id)
    try:
        answers, points = sample_round.answers(context), sample_round.self_points(context)
    except DataError:
        return {}  # the program has no sample of this year
    found: dict[tuple[str, str], Values] = {}
    for request in requests(context):
        mine: Values = {}
        for answer in answers.get((request.provider, "own"), []):
            place = request.place(answer.unit, answer.criterion, answer.variable)
            mine[figure_key(*place), VALUE] = answer.text
        for own in points:
            if own.unit == request.provider:
                key = figure_key(own.criterion, SELF_ROW)
                mine[key, SELF_POINTS] = own.points
                told = ((EVIDENCE, own.evidence), (NOTE, own.account))
                mine |= {(key, column): words for column, words in told if words}
        about: Values = {}
        for answer in answers.get((request.provider, "about_units"), []):
            place = request.place(answer.unit, answer.criterion, answer.variable)
            about[answer.unit, figure_key(*place)] = answer.text
        found |= {
            (request.provider, kind): values
            for kind, values in (("own", mine), ("about_units", about))
            if values
        }
    return found


def _sample(context: RoundContext) -> dict[tuple[str, str], Values]:
    return _read(context.id)


def _is_number(value: object) -> bool:
    text = str(value).replace(".", "").replace(",", "")
    return not isinstance(value, bool) and text.isdigit()
