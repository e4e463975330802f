"""The two halves of every round that asks for figures: gather them, doubt them.

Plain functions, not flows: a run that is resumed starts from its top, and calls their tasks again.
The data-quality report is for whoever has to close a step: it is written where the round waits for
that, and once more with the draft.
"""

from datetime import date

from flows.waits import wait_for, waits_for
from tasks.collecting import collect_task
from tasks.explaining import explain_task
from tasks.flagging import flag_task
from tasks.notify import send_task
from tasks.quality import quality_task
from tasks.receipts import receipts_task
from tasks.reminding import remind_task
from tasks.scoring import score_task
from tasks.sub_rounds import take_over_task
from tasks.validation import validate_task


def gather(round_id: str, actor: str, day: date) -> None:
    """Take in what comes and remind who is late, until the collection is closed."""
    collect_task(round_id, actor)
    take_over_task(round_id, day, actor)
    receipts_task(round_id, actor)
    remind_task(round_id, day, actor)
    send_task(round_id, actor)
    if waits_for(round_id, "thu-thap"):
        quality_task(round_id, actor)
    wait_for(round_id, "thu-thap", "các cơ quan gửi tệp số liệu về hộp nhận")


def doubt(round_id: str, actor: str, day: date) -> None:
    """Check, score and doubt the figures, until the explanations are closed."""
    explain_task(round_id, actor, day)  # answers first: what they correct is not doubted again
    validate_task(round_id, actor)
    receipts_task(round_id, actor)  # what validation found, marked in each unit's own cells
    score_task(round_id, actor)
    flag_task(round_id, actor, day)
    send_task(round_id, actor)
    if waits_for(round_id, "giai-trinh"):
        quality_task(round_id, actor)
    wait_for(round_id, "giai-trinh", "đơn vị giải trình và cán bộ chấp nhận hay không")
