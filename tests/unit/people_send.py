"""A bundled round until its figures are in: sent out, filled in by the sample, read, without
Prefect."""

from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.rounds import open_round
from flows.sample_people import send_figures
from tasks.collecting import Collected, collect
from tasks.dispatching import send_requests


def collected(round_id: str) -> tuple[RoundContext, Collected]:
    """The round in the current home after everybody who answers has sent."""
    context = load_round(round_id)
    with session() as records:
        open_round(records, context, "test")
    send_requests(context, "test")
    for late in (False, True):
        send_figures(context, late=late)
    return context, collect(context, "test")
