"""The stages of a unit round, a flow each, behind the commands of the same names."""

from datetime import date

from prefect import flow

from flows.stages import OPERATOR
from tasks.appraising import Read, appraisal_workbook_task, appraise_task, organises
from tasks.collecting import collect_task
from tasks.dispatching import dispatch_task
from tasks.explaining import explain_task
from tasks.flagging import flag_task
from tasks.notify import Delivery, send_task
from tasks.pdf import pdf_task
from tasks.publishing import publish_task
from tasks.ranking import rank_task
from tasks.reminding import remind_task


@flow(name="gui-yeu-cau")
def dispatch(round_id: str, actor: str = OPERATOR) -> Delivery:
    """Ask every provider for its figures; returns what became of the messages."""
    dispatch_task(round_id, actor)
    return send_task(round_id, actor)


@flow(name="don-doc")
def remind(round_id: str, day: date, actor: str = OPERATOR) -> tuple[list[str], Delivery]:
    """Remind who is late on a day or soon will be, by what has arrived until now."""
    collect_task(round_id, actor)
    late = remind_task(round_id, day, actor)
    return late, send_task(round_id, actor)


@flow(name="gui-thu")
def send(round_id: str, actor: str = OPERATOR) -> Delivery:
    """Send what is due in the outbox; for a schedule of its own, so that failures are retried."""
    return send_task(round_id, actor)


@flow(name="nghi-van")
def flag(round_id: str, actor: str = OPERATOR) -> int:
    """Doubt figures and ask the units; returns how many flags are open."""
    opened = flag_task(round_id, actor)
    send_task(round_id, actor)
    return opened


@flow(name="nhan-giai-trinh")
def explain(round_id: str, actor: str = OPERATOR) -> int:
    """Read the answers in the inbox; returns how many flags were answered now."""
    return explain_task(round_id, actor)


@flow(name="tham-dinh")
def appraise(round_id: str, actor: str = OPERATOR) -> tuple[list[str], Read]:
    """Write the appraisers' workbooks, send them, and read back what has come; returns the paths of
    the workbooks and what was read."""
    written = appraisal_workbook_task(round_id, actor)
    read = appraise_task(round_id, actor)
    if organises(round_id):  # an appraiser reads his own points in; letters are the organiser's
        send_task(round_id, actor)
    return written, read


@flow(name="xep-hang")
def rank(round_id: str, actor: str = OPERATOR) -> int:
    """Rank the units by their official points; returns how many entries changed."""
    return rank_task(round_id, actor)


@flow(name="du-thao-cong-bo")
def publish(round_id: str, actor: str = OPERATOR) -> list[str]:
    """Write the drafts that publish the round, PDFs beside them; returns their paths."""
    return [*publish_task(round_id, actor), *pdf_task(round_id)]
