"""A round that ranks units as one flow, in the order of the decree's timetable."""

from datetime import date

from prefect import flow

from dti_core.clock import today
from flows.gathering import doubt, gather
from flows.stages import OPERATOR
from flows.waits import wait_for
from flows.wake import in_other_hands
from tasks.announcing import announce_task
from tasks.appraising import appraisal_workbook_task, appraise_task
from tasks.council import council_task
from tasks.dispatching import dispatch_task
from tasks.exempting import propose_task
from tasks.notify import send_task
from tasks.pdf import pdf_task
from tasks.publishing import publish_task
from tasks.ranking import rank_task
from tasks.rounds import open_round_task
from tasks.sub_rounds import open_sub_rounds_task


@flow(name="danh-gia-don-vi")
def unit_cycle(round_id: str, actor: str = OPERATOR, day: date | None = None) -> list[str]:
    """A round that ranks units, from request to draft decision (2074/QĐ-UBND, III; 2554, VI.1).

    Its stages are tasks that may run any number of times, so that a run that was killed, or
    suspended for weeks, simply starts from its top. `day` is the day that deadlines are held
    against: today. A sub-round (2074, III.2b) is the same flow under its own id. A second run of a
    deployed round ends at once: the first goes on.
    """
    if in_other_hands(round_id):
        return []
    day = day or today()
    open_round_task(round_id, actor)
    propose_task(round_id, actor)
    council_task(round_id, actor)
    open_sub_rounds_task(round_id, actor)
    dispatch_task(round_id, actor)
    send_task(round_id, actor)
    gather(round_id, actor, day)
    doubt(round_id, actor, day)
    appraisal_workbook_task(round_id, actor)
    appraise_task(round_id, actor)
    send_task(round_id, actor)
    wait_for(round_id, "tham-dinh", "người thẩm định nhập điểm và lý do")
    rank_task(round_id, actor)
    announce_task(round_id, day, actor)
    send_task(round_id, actor)
    wait_for(round_id, "kien-nghi", "đơn vị xem kết quả dự kiến và kiến nghị")
    paths = publish_task(round_id, actor)
    paths += pdf_task(round_id)
    wait_for(round_id, "du-thao", "lãnh đạo xem dự thảo quyết định")
    return paths
