"""Rank units by their official points."""

from prefect import task
from prefect.artifacts import create_table_artifact

from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.official import write_exempted
from dti_core.records.ranking import ranks, write_ranks
from dti_core.records.rounds import require_round
from tasks.retrying import RETRY
from tasks.unchanged import unless_done


@task(name="xep-hang", **RETRY)
def rank_task(round_id: str, actor: str) -> int:
    """Record the ranking; returns how many entries are new or differ."""
    context = load_round(round_id)
    return unless_done("xep-hang", context, (actor,), lambda: _rank(context, actor), _nothing)


def _nothing(_changed: int) -> int:
    return 0


def _rank(context: RoundContext, actor: str) -> int:
    with session() as records:
        require_round(records, context)
        write_exempted(records, context, actor)
        changed = write_ranks(records, context, actor)
        table = [
            {
                "hạng": str(record.rank or ""),
                "đơn vị": context.program.unit[record.unit].name,
                "điểm": record.published or "",
            }
            for record in ranks(records, context.id)
        ]
    create_table_artifact(key="xep-hang", description=f"Xếp hạng đợt {context.id}", table=table)
    return changed
