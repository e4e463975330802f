"""Take in what lies in the round's inbox: workbooks of units and providers, answers, points."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.intake.submission import figures_of
from dti_core.intake.workbook import Workbook, read_workbook
from dti_core.program.load import RoundContext, load_round
from dti_core.records import audit
from dti_core.records.appraising import write_self
from dti_core.records.collecting import quarantined, set_aside, source_of
from dti_core.records.database import session
from dti_core.records.figures import receive, write_figures
from dti_core.records.files import round_folder, write_whole
from dti_core.records.rounds import require_round
from tasks.retrying import RETRY


class TooLate(Refused):
    """A file came after the deadline and the round's policy refuses it."""


@dataclass(frozen=True)
class Collected:
    """What one look into the inbox did."""

    new: int = 0
    known: int = 0
    set_aside: int = 0


def inbox(round_id: str) -> Path:
    """Where received files are put."""
    return round_folder(round_id) / "in" / "inbox"


@task(name="nhan-tep", **RETRY)
def collect_task(round_id: str, actor: str) -> Collected:
    """Read every file in the inbox, in the order of arrival; a bad one is set aside, with why.

    A file's arrival is its time stamp: the moment at which it was put into the inbox.
    """
    context = load_round(round_id)
    done = Collected()
    files = sorted(inbox(round_id).glob("*"), key=lambda path: (path.stat().st_mtime, path.name))
    for path in files:
        if not path.is_file() or path.name.startswith((".", "~$")):
            continue
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        with session() as records:
            require_round(records, context)
            try:
                workbook = read_workbook(path)
                if workbook.kind not in ("own", "about_units"):
                    continue
                new = _take(records, context, path, content, digest, workbook, actor)
                done = replace(done, new=done.new + new, known=done.known + (not new))
            except Refused as refusal:
                records.rollback()
                aside = round_folder(round_id) / "in" / "set-aside" / f"{digest[:12]}-{path.name}"
                write_whole(aside, content)
                new = set_aside(records, round_id, path.name, digest, str(refusal), actor)
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
    records: Session,
    context: RoundContext,
    path: Path,
    content: bytes,
    digest: str,
    workbook: Workbook,
    actor: str,
) -> bool:
    arrived = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    late = context.program.policies.late_submission
    due = context.round.closes.on
    if arrived.date() > due and late is not None and late.value == "refuse":
        raise TooLate(f"Tệp {path.name} đến ngày {arrived:%d/%m/%Y}, sau hạn {due:%d/%m/%Y}.")
    submitted = figures_of(workbook, context, path.name)
    stored = round_folder(context.id) / "in" / "received" / f"{digest[:12]}-{path.name}"
    write_whole(stored, content)
    submission, new = receive(
        records,
        context.id,
        workbook.provider,
        source_of(workbook.provider, workbook.kind),
        digest,
        stored.name,
        actor,
        arrived.isoformat(timespec="seconds"),
    )
    if new:
        write_figures(records, context.id, submission, submitted.figures, actor)
        if submitted.questions:
            asked = {"questions": [question.text for question in submitted.questions]}
            audit.append(records, context.id, "questions_raised", path.name, asked, actor)
        if submitted.self_points:
            write_self(records, context, submitted.self_points, actor)
    return new
