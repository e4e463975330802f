"""The small round of `tests.flows.kills`, until its files lie in the inbox; without Prefect."""

from dti_core.framework.load import home
from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.rounds import open_round
from flows.sample_people import send_figures
from tasks.dispatching import send_requests
from tests.flows.kills.program import ROUND, write_program


def opened() -> RoundContext:
    """Opened, nobody asked yet."""
    write_program(home())
    context = load_round(ROUND)
    with session() as records:
        open_round(records, context, "test")
    return context


def sent() -> RoundContext:
    """Everybody who answers has put his workbooks into the inbox."""
    context = opened()
    send_requests(context, "test")
    for late in (False, True):
        send_figures(context, late=late)
    return context
