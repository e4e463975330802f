"""The round of a province's own index as one flow."""

from datetime import date

from prefect import flow

from dti_core.clock import today
from dti_core.program.load import load_round
from flows.gathering import doubt, gather
from flows.stages import OPERATOR, intake, open_round, report, score, validate
from flows.wake import in_other_hands
from tasks.dispatching import dispatch_task
from tasks.flagging import flag_task
from tasks.notify import send_task
from tasks.reporting import provincial_report_task
from tasks.rounds import open_round_task


@flow(name="danh-gia-chi-so-tinh")
def provincial_cycle(round_id: str, actor: str = OPERATOR, day: date | None = None) -> list[str]:
    """The round of 20–30 June that serves the province's own report (2554/QĐ-UBND, VI.2): over
    figures published elsewhere, or over what the agencies send. It ranks nobody.

    Returns the report's paths; none where an older run of the round goes on.
    """
    if in_other_hands(round_id):
        return []
    if load_round(round_id).round.data:
        return _over_published_figures(round_id, actor)
    day = day or today()
    open_round_task(round_id, actor)
    dispatch_task(round_id, actor)
    send_task(round_id, actor)
    gather(round_id, actor, day)
    doubt(round_id, actor, day)
    return provincial_report_task(round_id, actor)


def _over_published_figures(round_id: str, actor: str) -> list[str]:
    """Nobody is waited for."""
    open_round(round_id, actor)
    intake(round_id, actor)
    validate(round_id, actor)
    score(round_id, actor)
    flag_task(round_id, actor)
    return report(round_id, actor)
