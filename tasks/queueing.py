"""Queue a day's reminders, from any process."""

from datetime import date

from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.extensions import granted
from dti_core.records.outbox import enqueue
from tasks.busy import until_free
from tasks.ladder import Letter, Plan, plan
from tasks.papers import write_paper


def queue_reminders(round_id: str, day: date, actor: str) -> Plan:
    """Decide from the records who is reminded on `day`, write the letters to heads, and queue that.

    Raises BrokenText, BrokenTemplate.
    """
    context = load_round(round_id)

    def queue() -> Plan:
        with session() as records:
            found = plan(records, context, day)
            for each in found.letters:
                _write(records, context, each, actor)
            enqueue(records, round_id, found.messages, actor)
        return found

    return until_free(queue)


def _write(records: Session, context: RoundContext, paper: Letter, actor: str) -> None:
    # the letters' library takes a while to import: only where one is written
    from reports.letters import reminder
    from reports.unit_round.letters import files_of, reminder_values

    files = files_of(records, context.id, paper.stand.provider)
    extensions = granted(records, context.id)
    values = reminder_values(context, [paper.stand], paper.day, files, extensions)
    content = reminder.render(values)
    write_paper(records, context.id, "reminder_letter", paper.path, content, actor)
