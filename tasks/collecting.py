"""Take in what lies in the round's inbox: workbooks of units and providers, answers, points."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.intake.evidence import UnusableEvidence, checked
from dti_core.intake.received import Received, open_received
from dti_core.intake.submission import Submitted, figures_of
from dti_core.program.calendar import local_day
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import shared_figures
from dti_core.records import audit
from dti_core.records.appraising import write_self
from dti_core.records.collecting import quarantined, source_of
from dti_core.records.database import session
from dti_core.records.evidence import keep, link
from dti_core.records.extensions import deadline
from dti_core.records.figures import receive, write_figures
from dti_core.records.information import write_information
from dti_core.records.parts import combine
from dti_core.records.rounds import require_round
from dti_core.records.tables import SubmissionRecord
from tasks.inbox import InboxFile, files
from tasks.retrying import RETRY


class TooLate(Refused):
    """A file came after the deadline and the round's policy refuses it."""


@dataclass(frozen=True)
class Collected:
    """What one look into the inbox did."""

    new: int = 0
    known: int = 0
    set_aside: int = 0


@task(name="nhan-tep", **RETRY)
def collect_task(round_id: str, actor: str) -> Collected:
    """Read every file in the inbox, in the order of arrival; a bad one is set aside, with why.

    A file's arrival is its time stamp: the moment at which it was put into the inbox.
    """
    context = load_round(round_id)
    done = Collected()
    for file in files(round_id):
        with session() as records:
            require_round(records, context)
            try:
                received = open_received(file.path, context)
                if received.workbook.kind not in ("own", "about_units"):
                    continue
                new = _take(records, context, file, received, actor)
                done = replace(done, new=done.new + new, known=done.known + (not new))
            except Refused as refusal:
                records.rollback()
                new = file.put_aside(records, refusal, actor)
                done = replace(done, set_aside=done.set_aside + new)
    with session() as records:
        create_table_artifact(
            key="tep-de-rieng",
            description=f"Tệp để riêng, đợt {round_id}",
            table=[
                {"tệp": one.name, "lý do": one.reason} for one in quarantined(records, round_id)
            ],
        )
    return done


def _take(
    records: Session, context: RoundContext, file: InboxFile, received: Received, actor: str
) -> bool:
    workbook = received.workbook
    arrived = datetime.fromtimestamp(file.path.stat().st_mtime, UTC)
    late = context.program.policies.late_submission
    due = deadline(records, context.id, workbook.provider, workbook.kind)
    day = local_day(arrived.isoformat())
    if day > due and late is not None and late.value == "refuse":
        raise TooLate(f"Tệp {file.path.name} đến ngày {day:%d/%m/%Y}, sau hạn {due:%d/%m/%Y}.")
    submitted = figures_of(workbook, context, file.path.name)
    submission, new = receive(
        records,
        context.id,
        workbook.provider,
        source_of(workbook.provider, workbook.kind),
        file.sha256,
        file.keep(),
        actor,
        arrived.isoformat(timespec="seconds"),
    )
    if new:
        together = shared_figures(context)
        write_figures(records, context.id, submission, submitted.figures, actor, together)
        combine(records, context, submission, actor)
        _keep_evidence(records, submission, submitted, received, actor)
        if workbook.kind == "own":
            framework = context.framework_of(workbook.provider)
            write_information(records, submission, framework, submitted.information, actor)
        if submitted.questions:
            asked = {"questions": [question.text for question in submitted.questions]}
            audit.append(records, context.id, "questions_raised", file.path.name, asked, actor)
        if submitted.self_points:
            write_self(records, context, submitted.self_points, actor)
    return new


def _keep_evidence(
    records: Session,
    submission: SubmissionRecord,
    submitted: Submitted,
    received: Received,
    actor: str,
) -> None:
    """Keep the files that came beside the workbook; one that is not taken is told and left out."""
    taken, refused = [], []
    for file in received.evidence:
        try:
            taken.append(checked(file.name, file.content))
        except UnusableEvidence as refusal:
            refused.append(str(refusal))
    keep(records, submission.round_id, taken, actor)
    link(records, submission, submitted.evidence, taken)
    if refused:
        detail = {"reasons": refused}
        audit.append(
            records, submission.round_id, "evidence_refused", submission.source, detail, actor
        )
