"""Give every provider its receipt: its workbook back, wrong cells marked, and what is missing."""

import hashlib

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import Request, plan
from dti_core.records.collecting import Standing, source_of, standings
from dti_core.records.confirmations import newest
from dti_core.records.database import session
from dti_core.records.files import round_folder, write_whole
from dti_core.records.outbox import Message, enqueue
from dti_core.records.rounds import record_document, require_round
from dti_core.records.tables import SubmissionRecord
from reports.messages import letter
from reports.receipt.data import Receipt
from tasks.retrying import RETRY

NAME = {"own": "phieu-tiep-nhan.xlsx", "about_units": "phieu-tiep-nhan-cung-cap.xlsx"}


@task(name="phieu-tiep-nhan", **RETRY)
def receipts_task(round_id: str, actor: str) -> int:
    """Write a receipt for the newest version of every workbook; returns how many are not complete.

    The same records give the same bytes; a mail goes out once a version and verdict.
    """
    from reports.receipt.marked import receipt_workbook
    from reports.receipt.records import known, receipt_values

    context = load_round(round_id)
    incomplete, rows = 0, []
    with session() as records:
        require_round(records, context)
        facts, latest = known(records, context), newest(records, round_id)
        due = {(each.provider, each.kind): each for each in standings(records, round_id)}
        for request in plan(context).requests:
            for kind, own in (("own", True), ("about_units", False)):
                submission = latest.get(source_of(request.provider, kind))
                standing = due.get((request.provider, kind))
                if submission is None or standing is None:
                    continue
                receipt = receipt_values(records, facts, request, submission, standing.due, own=own)
                content = receipt_workbook(receipt, _received(round_id, submission))
                _keep(records, context, request, standing, receipt, content, actor)
                incomplete += not receipt.complete
                rows.append(
                    {
                        "nơi cung cấp": request.provider,
                        "lần gửi": submission.version,
                        "phải sửa": sum(problem.grave for problem in receipt.problems),
                        "còn thiếu": sum(part.missing for part in receipt.parts),
                    }
                )
    create_table_artifact(
        key="phieu-tiep-nhan", description=f"Phiếu tiếp nhận, đợt {round_id}", table=rows
    )
    return incomplete


def _received(round_id: str, submission: SubmissionRecord) -> bytes | None:
    """The .xlsx as it came; None for another format, which is not written into."""
    path = round_folder(round_id) / "in" / "received" / submission.stored_as
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        return None
    return path.read_bytes()


def _keep(
    records: Session,
    context: RoundContext,
    request: Request,
    standing: Standing,
    receipt: Receipt,
    content: bytes,
    actor: str,
) -> None:
    name = f"out/{request.provider}/{NAME[standing.kind]}"
    write_whole(round_folder(context.id) / name, content)
    digest = hashlib.sha256(content).hexdigest()
    record_document(records, context.id, "receipt", name, digest, actor)
    verdict = "du" if receipt.complete else "thieu"
    text = letter(
        "receipt",
        context,
        request.provider,
        due=standing.due,
        file=receipt.file,
        version=receipt.version,
        received=f"{receipt.received_at:%H:%M ngày %d/%m/%Y}",
        late=receipt.late,
        complete=receipt.complete,
        grave=sum(problem.grave for problem in receipt.problems),
        missing=sum(part.missing for part in receipt.parts),
        code=receipt.code,
    )
    told = Message(
        key=f"receipt:{request.provider}:{standing.kind}:{receipt.version}:{verdict}",
        recipient=request.provider,
        title=text.title,
        body=text.body,
        attachments=(name,),
    )
    enqueue(records, context.id, [told], actor)
