"""What of a program's sample (mẫu) belongs to one of its rounds.

The files lie in the program's folder `sample`, by year and, where a level has a file of its own,
by level: `answers-2023-xa.csv` beside `answers-2023.csv`. Rounds of one year share them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from dti_core.intake.sample import (
    Answer,
    Appraisal,
    Arrival,
    Petition,
    Reply,
    SelfPoints,
    load_answers,
    load_appraisals,
    load_arrivals,
    load_petitions,
    load_replies,
    load_self_points,
)
from dti_core.program.load import RoundContext
from dti_core.program.requests import requests

T = TypeVar("T")


def files(context: RoundContext, what: str, ending: str = "csv") -> list[Path]:
    """The files `what` ("answers", "arrivals", …) of the levels that the round collects itself."""
    folder, year = context.program.folder / "sample", context.round.evaluation_year
    found = []
    for level in dict.fromkeys(unit.level for unit in context.own_units):
        own = folder / f"{what}-{year}-{level}.{ending}"
        found.append(own if own.is_file() else folder / f"{what}-{year}.{ending}")
    return list(dict.fromkeys(found))


def answers(context: RoundContext) -> dict[tuple[str, str], list[Answer]]:
    """(provider, kind) → what it typed about the round's units, in the order of the files.

    Raises DataError, as everything here does, where a file is missing or no good sample.
    """
    units, asked = _units(context), _asked(context)
    found: dict[tuple[str, str], list[Answer]] = {}
    for answer in _all(context, "answers", load_answers):
        if answer.unit in units and (answer.provider, answer.kind) in asked:
            found.setdefault((answer.provider, answer.kind), []).append(answer)
    return found


def self_points(context: RoundContext) -> list[SelfPoints]:
    """The points that the round's units give themselves."""
    units = _units(context)
    return [each for each in _all(context, "self", load_self_points) if each.unit in units]


def arrivals(context: RoundContext) -> list[Arrival]:
    """When each workbook that the round sends out comes back, once for each."""
    asked = _asked(context)
    found: dict[tuple[str, str], Arrival] = {}
    for arrival in _all(context, "arrivals", load_arrivals):
        if (arrival.provider, arrival.kind) in asked:
            found.setdefault((arrival.provider, arrival.kind), arrival)
    return list(found.values())


def replies(context: RoundContext) -> list[Reply]:
    """The answers of the round's units to doubts."""
    units = _units(context)
    return [each for each in _all(context, "replies", load_replies) if each.unit in units]


def appraisals(context: RoundContext) -> list[Appraisal]:
    """What appraisers award the round's units otherwise than computed."""
    units = _units(context)
    return [each for each in _all(context, "appraisals", load_appraisals) if each.unit in units]


def petitions(context: RoundContext) -> list[Petition]:
    """What the round's units object to; none where the sample has no such file."""
    units = {unit.id for unit in context.units}
    there = [file for file in files(context, "petitions") if file.is_file()]
    return [each for file in there for each in load_petitions(file) if each.unit in units]


def _all(context: RoundContext, what: str, load: Callable[[Path], list[T]]) -> Iterator[T]:
    for file in files(context, what):
        yield from load(file)


def _units(context: RoundContext) -> set[str]:
    return {unit.id for unit in context.own_units}


def _asked(context: RoundContext) -> set[tuple[str, str]]:
    """(provider, kind) of every workbook that the round sends out."""
    return {
        (request.provider, kind)
        for request in requests(context)
        for kind, items in (("own", request.about_itself), ("about_units", request.about_units))
        if items
    }
