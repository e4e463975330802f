"""What the inbox watcher has run: everything that lies in a round's inbox is taken in."""

from prefect import flow

from flows.stages import OPERATOR, intake
from tasks.collecting import Collected
from tasks.explaining import explain_task


@flow(name="nhan-tep-den")
def take_in(round_id: str, actor: str = OPERATOR) -> Collected:
    """Take in the files that units sent: workbooks with figures, then answers to doubts.

    Appraisers' workbooks wait for the appraisal stage, which a person starts or the timetable.
    """
    collected = intake(round_id, actor)
    if collected.others:
        explain_task(round_id, actor)
    return collected
