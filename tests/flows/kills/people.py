"""MẪU: what happens in a killed round, one thing after the other: flows, and people between them.

A killed process takes its people with it, and it is the programme that is tested, not them: what
they do next must not hang on where they died. So every step is noted before and after it is done
(`steps.txt` in the home), and whoever comes after a kill does the one that was begun again.
"""

from collections.abc import Callable
from datetime import timedelta

from dti_core.framework.load import home
from dti_core.program.load import RoundContext
from dti_core.records.database import session
from dti_core.records.petitions import petitions
from flows import sample_people
from flows.sample_appraisal import send_appraisals
from flows.sample_people import ROLE, confirm, judge_explanations
from flows.sample_result import petition
from flows.stages import intake
from flows.unit_cycle import unit_cycle
from flows.unit_stages import appraise, explain, remind
from flows.waits import Waiting
from tests.flows.kills.whereabouts import here

Step = Callable[[RoundContext], object]

CYCLES = 5
"""How often a cycle may wait for something that had been approved before, and is so anew."""


def live(context: RoundContext) -> None:
    """Go on with the round from where it stands, to its end."""
    file = home() / "steps.txt"
    noted = file.read_text().splitlines() if file.exists() else []
    done = sum(line.startswith("done") for line in noted)
    for number, (name, step) in list(enumerate(STEPS.items()))[done:]:
        here(name)
        for what in ("begun", "done"):
            with file.open("a") as notes:
                notes.write(f"{what} {number}\n")  # one write: the line is there or it is not
            if what == "begun":
                step(context)


def _cycle(until: str | None) -> Step:
    """The whole cycle, up to where it waits for `until`. What it waits for before has been approved
    and changed since: it is approved anew."""

    def run(context: RoundContext) -> None:
        closes, opens = context.round.closes.on, context.round.opens.on
        day = opens if until == "thu-thap" else closes + timedelta(days=1)
        for _ in range(CYCLES):
            try:
                unit_cycle(context.id, day=day)
                assert until is None, f"nothing waited for {until}"
                return
            except Waiting as waiting:
                if waiting.step == until:
                    return
                confirm(context, waiting.step, ROLE)
        raise AssertionError(f"the round never came to {until}")

    return run


def _confirms(step: str) -> Step:
    return lambda context: confirm(context, step, ROLE)


def _settle(context: RoundContext) -> None:
    judge_explanations(context, ROLE)
    confirm(context, "giai-trinh", ROLE)


def _object(context: RoundContext) -> None:
    with session() as records:
        lodged = bool(petitions(records, context.id))
    if not lodged:
        petition(context)


STEPS: dict[str, Step] = {
    "cycle until thu-thap": _cycle("thu-thap"),
    "figures in time": lambda context: sample_people.send_figures(context, late=False),
    "remind": lambda context: remind(context.id, context.round.closes.on + timedelta(days=1)),
    "late figures": lambda context: sample_people.send_figures(context, late=True),
    "intake": lambda context: intake(context.id),
    "confirm thu-thap": _confirms("thu-thap"),
    "cycle until giai-trinh": _cycle("giai-trinh"),
    "explanations": sample_people.send_explanations,
    "explain": lambda context: explain(context.id),
    "settle": _settle,
    "cycle until tham-dinh": _cycle("tham-dinh"),
    "appraisals": send_appraisals,
    "appraise": lambda context: appraise(context.id),
    "confirm tham-dinh": lambda context: sample_people.answer(context, "tham-dinh"),
    "cycle until kien-nghi": _cycle("kien-nghi"),
    "object": _object,
    "confirm kien-nghi": _confirms("kien-nghi"),
    "cycle until du-thao": _cycle("du-thao"),
    "confirm du-thao": _confirms("du-thao"),
    "cycle": _cycle(None),
}
"""The round in order. Every step may be done twice, and may be broken off anywhere."""
