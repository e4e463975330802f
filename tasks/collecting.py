"""Take in what lies in the round's inbox: workbooks of units and providers, answers, points."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.intake.received import Received
from dti_core.intake.signature import require_key
from dti_core.intake.submission import Submitted, figures_of
from dti_core.program.calendar import local_day
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import SELF, shared_figures
from dti_core.records.appraising import write_self
from dti_core.records.collecting import (
    Remark,
    figure_files,
    is_known,
    outdate_findings,
    quarantined,
    source_of,
    write_remarks,
)
from dti_core.records.database import session
from dti_core.records.evidence import link
from dti_core.records.extensions import deadline
from dti_core.records.figures import receive, write_figures
from dti_core.records.information import write_information
from dti_core.records.one_writer import one_writer
from dti_core.records.parts import combine
from dti_core.records.rounds import Gate, gate_of, require_round
from tasks.closed import RoundClosed, how_to_ask
from tasks.inbox import InboxFile, files, keep_evidence, opened
from tasks.retrying import RETRY
from tasks.unchanged import unless_done


class TooLate(Refused):
    """A file came after the deadline and the round's policy refuses it."""


@dataclass(frozen=True)
class Collected:
    """What one look into the inbox did. `others` are for other stages: answers, points."""

    new: int = 0
    known: int = 0
    set_aside: int = 0
    others: int = 0


@task(name="nhan-tep", **RETRY)
def collect_task(round_id: str, actor: str) -> Collected:
    """Take in what lies in the inbox; see `collect`."""
    context = load_round(round_id)
    return unless_done(
        "nhan-tep",
        context,
        (actor,),
        lambda: _collect(context, actor),
        lambda done: replace(done, new=0, known=done.known + done.new, set_aside=0),
        folders=("in/inbox",),
        keep=(asdict, lambda kept: Collected(**kept)),
    )


def _collect(context: RoundContext, actor: str) -> Collected:
    done = collect(context, actor)
    with session() as records:
        create_table_artifact(
            key="tep-de-rieng",
            description=f"Tệp để riêng, đợt {context.id}",
            table=[
                {"tệp": one.name, "lý do": one.reason} for one in quarantined(records, context.id)
            ],
        )
    return done


def collect(context: RoundContext, actor: str) -> Collected:
    """Read every file in the inbox, in the order of arrival; a bad one is set aside, with why.

    A file's arrival is its time stamp: the moment at which it was put into the inbox.

    Raises NoKey.
    """
    require_key()
    done = Collected()
    with session() as records:
        require_round(records, context)
        taken = figure_files(records, context.id)
    for file in files(context.id):
        if file.sha256 in taken:
            done = replace(done, known=done.known + 1)
            continue
        with session() as records:
            try:
                received = opened(file, context)
                if received.workbook.kind not in ("own", "about_units"):
                    done = replace(done, others=done.others + 1)
                    continue
                one_writer(records, context.id)  # a second worker at the inbox sees it is taken
                new = _take(records, context, file, received, actor)
                done = replace(done, new=done.new + new, known=done.known + (not new))
            except Refused as refusal:
                records.rollback()
                new = file.put_aside(records, refusal, actor)
                done = replace(done, set_aside=done.set_aside + new)
    return done


def _take(
    records: Session, context: RoundContext, file: InboxFile, received: Received, actor: str
) -> bool:
    workbook = received.workbook
    source = source_of(workbook.provider, workbook.kind)
    if is_known(records, context.id, source, file.sha256):
        return False
    submitted = figures_of(workbook, context, file.path.name)
    moment = file.arrived
    _refuse_shut_out(records, context, file, workbook.provider, workbook.kind, local_day(moment))
    submission, _ = receive(
        records, context.id, workbook.provider, source, file.sha256, file.keep(), actor, moment
    )
    together = shared_figures(context)
    write_figures(records, context.id, submission, submitted.figures, actor, together)
    combine(records, context, submission, actor)
    outdate_findings(records, submission, actor)
    taken, refused = keep_evidence(records, context.id, received.evidence, actor)
    link(records, submission, submitted.evidence, taken)
    if workbook.kind == "own":
        framework = context.framework_of(workbook.provider)
        write_information(records, submission, framework, submitted.information, actor)
    told = [*_remarks(submitted), *(Remark("evidence", reason) for reason in refused)]
    write_remarks(records, submission, told, actor)
    if submitted.self_points:
        accounts = {key[:2]: words for key, words in submitted.notes.items() if key[2] == SELF}
        write_self(records, context, submitted.self_points, actor, accounts)
    return True


def _refuse_shut_out(
    records: Session, context: RoundContext, file: InboxFile, provider: str, kind: str, day: date
) -> None:
    """Raises RoundClosed, TooLate for a file that may not come in any more, or not yet again."""
    gate: Gate = gate_of(records, context.id)
    if not gate.takes_figures(provider):
        raise RoundClosed(
            f"Tệp {file.path.name} đến sau khi đợt {context.id} khép việc thu thập số liệu"
            f" ({gate.closed_by}, ngày {gate.closed_on:%d/%m/%Y}) nên chưa được nhận."
            f" {how_to_ask(context, provider)}"
        )
    late = context.program.policies.late_submission
    due = deadline(records, context.id, provider, kind)
    if day > due and late and late.value == "refuse" and not gate.lets_in_late(provider):
        raise TooLate(f"Tệp {file.path.name} đến ngày {day:%d/%m/%Y}, sau hạn {due:%d/%m/%Y}.")


def _remarks(submitted: Submitted) -> Iterator[Remark]:
    for question in submitted.questions:
        yield Remark("question", question.text, question.sheet, question.cell)
    for notice in submitted.notices:
        yield Remark("notice", notice)
