"""Write the units' plans to improve, take them back, and put last year's beside this year's."""

from collections.abc import Sequence
from dataclasses import dataclass

from dti_core.errors import Refused
from dti_core.intake.belonging import WrongWorkbook, check_origin
from dti_core.intake.improvement import plan_of
from dti_core.intake.workbook import Workbook
from dti_core.program.load import RoundContext
from dti_core.records.database import session
from dti_core.records.follow_up import FollowUp
from dti_core.records.improvement import plans, proposals, to_line, write_plan
from dti_core.records.rounds import require_round
from dti_core.records.row_results import results
from dti_core.scoring.improvement import Line
from tasks.inbox import InboxFile, workbooks
from tasks.papers import Paper, write_paper, write_papers

FOLDER = "out/khac-phuc"
FOLLOW_UP = "documents/theo-doi-{}.html"


@dataclass(frozen=True)
class ReadPlan:
    """A plan that came back: from which unit, in which file, and what taking it changed."""

    unit: str
    file: str
    lines: int
    changed: int
    notices: tuple[str, ...]


def write_plans(context: RoundContext, units: Sequence[str], actor: str) -> list[str]:
    """Write each unit's plan as a paper and as a workbook; returns their names in the round's
    folder. A unit that has sent its plan gets that one, else what is proposed.

    Raises NotRankedYet, StaleScores, RoundNotOpen.
    """
    from reports.improvement.paper import render
    from reports.improvement.values import plan_paper
    from reports.improvement.workbook import improvement_workbook

    papers: list[Paper] = []
    with session() as records:
        require_round(records, context)
        proposed = proposals(records, context, units)
        for unit, draft in proposed.items():
            sent = plans(records, context.program.id, context.round.evaluation_year, [unit])
            lines = [to_line(each) for each in sent] or list(draft.lines)
            form, added = _form(draft.lines, lines) if sent else (draft.lines, ())
            values = plan_paper(records, context, unit, lines, draft.weak, proposed=not sent)
            papers += [
                ("improvement_plan", f"{FOLDER}/{unit}.docx", render(values)),
                (
                    "improvement_workbook",
                    f"{FOLDER}/{unit}.xlsx",
                    improvement_workbook(context, unit, form, added),
                ),
            ]
        write_papers(records, context.id, papers, actor)
    return [name for _, name, _ in papers]


def read_plans(context: RoundContext, actor: str) -> tuple[list[ReadPlan], list[str]]:
    """Take the plans in the inbox, of each unit the newest. Returns them, and why others were not
    taken: those are set aside.

    Raises NoKey, StaleScores, RoundNotOpen.
    """
    newest: dict[str, tuple[InboxFile, Workbook]] = {}
    refused: list[str] = []
    with session() as records:
        require_round(records, context)
        now = results(records, context)
    for file, received in workbooks(context, "improvement", actor):
        try:
            check_origin(received.workbook, context, file.path.name)
        except WrongWorkbook as refusal:  # whoever cannot sign replaces nobody's plan
            refused.append(_aside(file, refusal, actor))
        else:
            newest[received.workbook.provider] = file, received.workbook
    taken: list[ReadPlan] = []
    for unit, (file, workbook) in newest.items():
        try:
            sent = plan_of(workbook, context, file.path.name, now.rule, now.told)
        except Refused as refusal:
            refused.append(_aside(file, refusal, actor))
            continue
        source = f"{context.id}: {file.keep()}"
        with session() as records:
            changed = write_plan(records, context, unit, sent.lines, source, actor)
        notices = (*workbook.notices, *sent.notices)
        taken.append(ReadPlan(unit, file.path.name, len(sent.lines), changed, notices))
    return taken, refused


def _aside(file: InboxFile, refusal: Refused, actor: str) -> str:
    with session() as records:
        file.put_aside(records, refusal, actor)
    return str(refusal)


def write_follow_up(
    context: RoundContext, found: FollowUp, actor: str, plan: str = "khac-phuc"
) -> str:
    """Write the page of what became of the plans; returns its name in the round's folder.

    plan  what the page is called after: the units' plans, or the framework whose document plans
    """
    from reports.improvement.follow_up import render

    name = FOLLOW_UP.format(plan.replace("/", "-"))
    content = render(context, found).encode()
    with session() as records:
        write_paper(records, context.id, "improvement_follow_up", name, content, actor)
    return name


def _form(draft: Sequence[Line], sent: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of the workbook once a plan was sent: the unit's words where it planned, blanks
    where it left a criterion out; then its own lines."""
    planned: dict[str, Line] = {line.criterion: line for line in sent if line.criterion}
    rows = [
        planned.pop(line.criterion or "", None)
        or Line(line.number, line.criterion, line.title, line.result, basis=line.basis)
        for line in draft
    ]
    return [*rows, *planned.values()], [line for line in sent if line.criterion is None]
