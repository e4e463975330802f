"""What made-up offices type: the program's bundled sample, else figures that the dice give."""

from functools import lru_cache
from random import Random

from dti_core.framework.model import Variable
from dti_core.intake import sample_round
from dti_core.intake.layout import (
    VALUE,
)
from dti_core.program.load import RoundContext
from dti_core.program.requests import Request, requests
from dti_core.strict_yaml import DataError
from flows.sample_values import Values, cell, lone_units, sample_values

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
    items, lone = request.asked(own=kind == "own"), lone_units(context, request, kind)
    return {
        cell(item.unit, item.criterion, item.variable, kind, lone): made_up(
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
        for kind in ("own", "about_units"):
            mine = answers.get((request.provider, kind), [])
            if values := sample_values(context, request, kind, mine, points):
                found[request.provider, kind] = values
    return found


def _sample(context: RoundContext) -> dict[tuple[str, str], Values]:
    return _read(context.id)


def _is_number(value: object) -> bool:
    text = str(value).replace(".", "").replace(",", "")
    return not isinstance(value, bool) and text.isdigit()
