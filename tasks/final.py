"""What follows the issue of the decision: the numbered papers, every unit's result, the open pages,
the extract for the agency that rates heads, and proposals of what to improve."""

from datetime import date
from pathlib import Path

from sqlmodel import Session

from dti_core.program.load import RoundContext
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.issued import differences, issues
from dti_core.records.outbox import Message, enqueue
from dti_core.records.rounds import documents, require_round
from tasks.busy import until_free
from tasks.improving import FOLDER, write_plans
from tasks.issuing import issue
from tasks.papers import Paper, write_papers
from tasks.publishing import SITE, pages

NOTICE = "out/{unit}/thong-bao-ket-qua.docx"
NUMBERED = ("decision", "correction")
PLAN = f"{FOLDER}/{{unit}}.docx"
PERSONNEL = "documents/trich-ket-qua.xlsx"


def issue_result(
    context: RoundContext,
    number: str,
    issued_on: date,
    actor: str,
    signed: Path | None = None,
    *,
    correction: bool = False,
) -> tuple[bool, list[str]]:
    """Record the issue and write what follows from it; returns whether anything is new, and paths.

    Killed in between, the same call again writes what is missing. Raises as `issuing.issue`.
    """
    new = issue(context, number, issued_on, actor, signed, correction=correction)
    paths = until_free(lambda: _follow(context, actor))
    folder = round_folder(context.id)
    plans = [folder / PLAN.format(unit=unit.id) for unit in context.units]
    if new or not all(each.exists() for each in plans):
        write_plans(context, [unit.id for unit in context.units], actor)
    return new, [*paths, *(str(each) for each in plans[:1] if each.exists())]


def _follow(context: RoundContext, actor: str) -> list[str]:
    with session() as records:
        require_round(records, context)
        if not differences(records, context):  # what was issued stays until it is corrected
            notices = _notices(records, context)
            papers = [
                *notices.values(),
                *pages(records, context, draft=False),
                *_personnel(records, context),
            ]
            write_papers(records, context.id, papers, actor)
            enqueue(records, context.id, _messages(records, context, notices), actor)
        signed = [each.path for each in documents(records, context.id) if each.kind in NUMBERED]
    folder = round_folder(context.id)
    extract = [PERSONNEL] if context.program.personnel else []
    return [str(folder / name) for name in [*signed, *extract, f"{SITE}/index.html"]]


def _notices(records: Session, context: RoundContext) -> dict[str, Paper]:
    """Unit → the letter that tells its result."""
    from reports.letters.notice import render_all
    from reports.unit_round.notices import notice_values
    from reports.unit_round.result import issued_decision

    values = notice_values(records, context, issued_decision(records, context))
    letters = zip(values, render_all(values.values()), strict=True)
    return {unit: ("notice", NOTICE.format(unit=unit), content) for unit, content in letters}


def _messages(records: Session, context: RoundContext, notices: dict[str, Paper]) -> list[Message]:
    """One to each unit about each issue: a correction is told like the decision."""
    from reports.messages import letter
    from reports.unit_round.result import issued_decision

    place, decision = len(issues(records, context.id)), issued_decision(records, context)
    assert decision is not None  # something was issued, and the decision first
    found = []
    for unit, (_, name, _) in notices.items():
        text = letter(
            "result",
            context,
            unit,
            decision=f"{decision.number}/{decision.symbol}",
            decided_on=decision.on,
        )
        found.append(Message(f"result:{unit}:{place}", unit, text.title, text.body, (name,)))
    return found


def _personnel(records: Session, context: RoundContext) -> list[Paper]:
    if context.program.personnel is None:
        return []
    from reports.personnel import personnel_workbook

    return [("personnel_extract", PERSONNEL, personnel_workbook(records, context))]
