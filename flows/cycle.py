"""A whole round as one flow."""

from prefect import flow

from flows.stages import OPERATOR, intake, open_round, report, score, validate
from flows.wake import in_other_hands
from tasks.flagging import flag_task


@flow(name="danh-gia-chi-so-tinh")
def provincial_cycle(round_id: str, actor: str = OPERATOR) -> list[str]:
    """The round of 20–30 June that serves the province's own report (2554/QĐ-UBND, VI.2)."""
    if in_other_hands(round_id):
        return []
    open_round(round_id, actor)
    intake(round_id, actor)
    validate(round_id, actor)
    score(round_id, actor)
    flag_task(round_id, actor)
    return report(round_id, actor)
