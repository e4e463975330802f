"""The stages of a round, a flow each. A stage's command runs its flow (`dti score ROUND`).

No logic beyond order: what a stage does is in its task, what it means in `dti_core`.
"""

from prefect import flow

from tasks.collecting import Collected, collect_task
from tasks.intake import intake_task
from tasks.quality import quality_task
from tasks.receipts import receipts_task
from tasks.reporting import provincial_report_task
from tasks.rounds import open_round_task
from tasks.scoring import score_task
from tasks.validation import validate_task

OPERATOR = "Người vận hành"


@flow(name="mo-dot")
def open_round(round_id: str, actor: str = OPERATOR) -> bool:
    """Open a round on the law as it stands; returns whether it was new."""
    return open_round_task(round_id, actor)


@flow(name="nhan-so-lieu")
def intake(round_id: str, actor: str = OPERATOR) -> Collected:
    """Read what was received into figures: published data files, and the round's inbox."""
    intake_task(round_id, actor)
    collected = collect_task(round_id, actor)
    receipts_task(round_id, actor)
    return collected


@flow(name="kiem-tra-so-lieu")
def validate(round_id: str, actor: str = OPERATOR) -> dict[str, int]:
    """Check every figure of the round, and tell it to those who gave them in their receipts;
    returns how many findings of each severity."""
    found = validate_task(round_id, actor)
    receipts_task(round_id, actor)
    return found


@flow(name="tinh-diem")
def score(round_id: str, actor: str = OPERATOR) -> int:
    """Compute points under both readings; returns how many awards changed."""
    return score_task(round_id, actor)


@flow(name="chat-luong-so-lieu")
def quality(round_id: str, actor: str = OPERATOR) -> list[str]:
    """Write the data-quality report over the records as they are; returns page and workbook."""
    return quality_task(round_id, actor)


@flow(name="bao-cao-chi-so-tinh")
def report(round_id: str, actor: str = OPERATOR) -> list[str]:
    """Write the report of a province's own index (2554/QĐ-UBND, VI.2: round of 20–30 June)."""
    return provincial_report_task(round_id, actor)
