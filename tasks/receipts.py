"""Give every provider its receipt: what is missing, and its workbook back where a cell is wrong."""

import hashlib

from prefect import task
from prefect.artifacts import create_table_artifact

from dti_core.intake.received import workbook_file
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import plan
from dti_core.records.bookkeeping import apart
from dti_core.records.collecting import Standing, source_of, standings
from dti_core.records.confirmations import newest
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.outbox import Message, enqueue
from dti_core.records.rounds import documents, require_round
from dti_core.records.tables import SubmissionRecord
from reports.messages import letter
from reports.receipt.data import Receipt
from tasks.papers import Paper, write_papers
from tasks.retrying import RETRY
from tasks.unchanged import unless_done

NAME = {"own": "phieu-tiep-nhan.xlsx", "about_units": "phieu-tiep-nhan-cung-cap.xlsx"}


@task(name="phieu-tiep-nhan", **RETRY)
def receipts_task(round_id: str, actor: str) -> int:
    """Give every provider its receipt; see `give_receipts`. Returns how many are not complete."""
    context = load_round(round_id)
    return unless_done("phieu-tiep-nhan", context, (actor,), lambda: _receipts(context, actor))


def _receipts(context: RoundContext, actor: str) -> int:
    receipts = give_receipts(context, actor)
    create_table_artifact(
        key="phieu-tiep-nhan",
        description=f"Phiếu tiếp nhận, đợt {context.id}",
        table=[
            {
                "nơi cung cấp": provider,
                "lần gửi": receipt.version,
                "phải sửa": sum(problem.grave for problem in receipt.problems),
                "còn thiếu": receipt.missing_answers,
            }
            for provider, receipt in receipts
        ],
    )
    return sum(not receipt.complete for _, receipt in receipts)


def give_receipts(context: RoundContext, actor: str) -> list[tuple[str, Receipt]]:
    """Write and queue a receipt for the newest version of every workbook; (provider, receipt) each.

    The same records give the same bytes; a mail goes out once a version and verdict.
    """
    from reports.receipt.marked import receipt_workbook
    from reports.receipt.records import known, receipt_values

    given: list[tuple[str, Receipt]] = []
    papers: list[Paper] = []
    told: list[Message] = []
    with session() as records:
        require_round(records, context)
        facts, latest = known(records, context), newest(records, context.id)
        with apart():  # only what receipts say of themselves is asked for
            written = {each.path: each.sha256 for each in documents(records, context.id)}
        due = {(each.provider, each.kind): each for each in standings(records, context.id)}
        for request in plan(context).requests:
            for kind, own in (("own", True), ("about_units", False)):
                submission = latest.get(source_of(request.provider, kind))
                standing = due.get((request.provider, kind))
                if submission is None or standing is None:
                    continue
                receipt = receipt_values(records, facts, request, submission, standing.due, own=own)
                name = f"out/{request.provider}/{NAME[kind]}"
                received = _received(context.id, submission) if receipt.marks else None
                content = _made(context.id, name, written.get(name), receipt)
                if content is None:
                    content = receipt_workbook(receipt, received)
                papers.append(("receipt", name, content))
                marked = received is not None
                told.append(_message(context, standing, receipt, name, marked=marked))
                given.append((request.provider, receipt))
        write_papers(records, context.id, papers, actor)
        enqueue(records, context.id, told, actor)
    return given


def _made(round_id: str, name: str, recorded: str | None, receipt: Receipt) -> bytes | None:
    """The receipt as it lies there, where it is whole and says the same: marking takes a while."""
    from reports.receipt.marked import fingerprint, made_from

    path = round_folder(round_id) / name
    if recorded is None or not path.is_file():
        return None
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != recorded:
        return None
    return content if made_from(content) == fingerprint(receipt) else None


def _received(round_id: str, submission: SubmissionRecord) -> bytes | None:
    """The .xlsx as it came, in a ZIP too; None for another format, which is not written into."""
    path = round_folder(round_id) / "in" / "received" / submission.stored_as
    return workbook_file(path) if path.is_file() else None


def _message(
    context: RoundContext, standing: Standing, receipt: Receipt, attached: str, *, marked: bool
) -> Message:
    """What goes out with a receipt: once a version and verdict. `marked`: the workbook is in it."""
    verdict = "du" if receipt.complete else "thieu"
    text = letter(
        "receipt",
        context,
        standing.provider,
        due=standing.due,
        file=receipt.file,
        version=receipt.version,
        received=f"{receipt.received_at:%H:%M ngày %d/%m/%Y}",
        late=receipt.late,
        complete=receipt.complete,
        grave=sum(problem.grave for problem in receipt.problems),
        doubtful=sum(not problem.grave for problem in receipt.problems),
        notices=list(receipt.notices),
        missing=receipt.missing_answers,
        what=receipt.what,
        marked=marked,
        code=receipt.code,
        closed=receipt.closed,
    )
    return Message(
        key=f"receipt:{standing.provider}:{standing.kind}:{receipt.version}:{verdict}",
        recipient=standing.provider,
        title=text.title,
        body=text.body,
        attachments=(attached,),
    )
