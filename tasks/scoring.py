"""Compute the points of a round."""

from prefect import task
from prefect.artifacts import create_table_artifact

from dti_core.program.load import RoundContext, load_round
from dti_core.rational import vietnamese
from dti_core.records.database import session
from dti_core.records.rounds import require_round
from dti_core.records.scoring import score_round
from dti_core.scoring.total import totals
from tasks.retrying import RETRY
from tasks.unchanged import unless_done


@task(name="tinh-diem", **RETRY)
def score_task(round_id: str, actor: str) -> int:
    """Compute and record points under both readings; returns how many awards changed."""
    context = load_round(round_id)
    return unless_done("tinh-diem", context, (actor,), lambda: _score(context, actor), _nothing)


def _nothing(_changed: int) -> int:
    return 0


def _score(context: RoundContext, actor: str) -> int:
    with session() as records:
        require_round(records, context)
        scored, changed = score_round(records, context, actor)
    rows = []
    for unit in context.units:
        for reading, scores in scored.scores.items():
            _, total = totals(
                context.framework_of(unit.id), unit.id, scores, context.program.policies
            )
            rows.append(
                {
                    "đơn vị": unit.name,
                    "cách đọc": reading,
                    "đã tính được": vietnamese(total.computed),
                    "thấp nhất": vietnamese(total.low),
                    "cao nhất": vietnamese(total.high),
                }
            )
    create_table_artifact(key="tinh-diem", description=f"Điểm đợt {context.id}", table=rows)
    return changed
