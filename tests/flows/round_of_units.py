"""A unit round driven to its end, with the sample's people answering; also as a child process.

`python -m tests.flows.round_of_units` runs it in DTI_HOME on the server and channel that the
environment names, so that a test can kill it anywhere and start it again.
"""

from datetime import date, timedelta

from dti_core.program.load import RoundContext, load_round
from flows.sample_people import answer
from tasks.inbox import inbox

ROUND = "vinh-phuc/2023"


def today(context: RoundContext) -> date:
    """The day that it is in the sample: the opening until files have come, then the day after the
    deadline. It follows from what is there, so that a killed run goes on with the same day."""
    if inbox(context.id).exists():
        return context.round.closes.on + timedelta(days=1)
    return context.round.opens.on


def run_to_end() -> list[str]:
    """Run the cycle until it is done; where it waits, the sample answers. Returns the papers."""
    from flows.unit_cycle import unit_cycle
    from flows.waits import Waiting

    context = load_round(ROUND)
    for _ in range(30):
        try:
            return unit_cycle(ROUND, day=today(context))
        except Waiting as waiting:
            answer(context, waiting.step)
    raise AssertionError("the round never ended")


if __name__ == "__main__":
    run_to_end()
