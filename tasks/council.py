"""The papers of the appraisal council: its decision, invitations, the minutes of its sittings."""

from collections.abc import Iterable
from datetime import date, datetime

from prefect import task
from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.rounds import require_round
from dti_core.records.sittings import sittings
from tasks.papers import Paper, write_papers
from tasks.retrying import RETRY

DECISION = "documents/du-thao-quyet-dinh-hoi-dong.docx"
INVITATION = "documents/giay-moi-{day}.docx"
MINUTES = "documents/bien-ban-{day}.docx"


@task(name="van-ban-hoi-dong", **RETRY)
def council_task(round_id: str, actor: str) -> list[str]:
    """Write the draft decision that establishes the council; returns its path, none without one."""
    context = load_round(round_id)
    if context.program.appraisal.council is None:
        return []
    with session() as records:
        require_round(records, context)
        write_papers(records, round_id, [decision(context)], actor)
    return [DECISION]


def decision(context: RoundContext) -> Paper:
    """The draft decision that establishes the council. Raises NoCouncil, NoDecisionPaper."""
    from reports.letters import council
    from reports.unit_round.council import council_values

    return "council_decision", DECISION, council.render(council_values(context))


def minutes(records: Session, context: RoundContext) -> list[Paper]:
    """The minutes of every sitting so far; none where there is no council."""
    if context.program.appraisal.council is None:
        return []
    from reports.letters import minutes as paper
    from reports.unit_round.council import minutes_values

    found: list[Paper] = []
    for each in sittings(records, context.id):
        day = date.fromisoformat(each.held_on)
        content = paper.render(minutes_values(records, context, day))
        found.append(("minutes", MINUTES.format(day=each.held_on), content))
    return found


def invite(
    context: RoundContext, starts: datetime, content: Iterable[str], place: str | None, actor: str
) -> str:
    """Write the invitation to a sitting; returns its path. Raises NoCouncil."""
    from reports.letters import invitation
    from reports.unit_round.council import invitation_values

    name = INVITATION.format(day=f"{starts:%Y-%m-%d}")
    values = invitation_values(context, starts, content, place)
    with session() as records:
        require_round(records, context)
        write_papers(records, context.id, [("invitation", name, invitation.render(values))], actor)
    return name
