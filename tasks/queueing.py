"""Queue a day's reminders, from any process."""

from datetime import date

from dti_core.program.load import load_round
from dti_core.records.database import session
from dti_core.records.outbox import enqueue
from tasks.busy import until_free
from tasks.ladder import Plan, plan


def queue_reminders(round_id: str, day: date, actor: str) -> Plan:
    """Decide from the records who is reminded on `day`, and queue that. Raises BrokenText."""
    context = load_round(round_id)

    def queue() -> Plan:
        with session() as records:
            found = plan(records, context, day)
            enqueue(records, round_id, found.messages, actor)
        return found

    return until_free(queue)
