"""Send the requests out: a workbook and a letter for every provider, a message in the outbox."""

import hashlib
from datetime import date

from prefect import task
from prefect.artifacts import create_table_artifact

from dti_core.intake.signature import require_key
from dti_core.program.calendar import closing_of
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import Request, requests
from dti_core.records.collecting import Asked, record_requests
from dti_core.records.database import session
from dti_core.records.extensions import granted
from dti_core.records.outbox import Message, enqueue
from dti_core.records.rounds import require_round
from reports.messages import message
from tasks.papers import write_papers
from tasks.prior import prior_of
from tasks.retrying import RETRY
from tasks.unchanged import unless_done

FILES = {"own": "{provider}.xlsx", "about_units": "{provider}-cung-cap.xlsx"}
LETTER, PLAN = "cong-van-yeu-cau.docx", "out/ke-hoach-huong-dan.docx"


@task(name="gui-yeu-cau", **RETRY)
def dispatch_task(round_id: str, actor: str) -> int:
    """Send the requests out; see `send_requests`. Returns how many there are."""
    context = load_round(round_id)
    require_key()  # made here at the latest: the stage hangs on it
    return unless_done(
        "gui-yeu-cau", context, (actor,), lambda: _dispatch(context, actor), any_day=True
    )


def _dispatch(context: RoundContext, actor: str) -> int:
    asked = send_requests(context, actor)
    create_table_artifact(
        key="gui-yeu-cau",
        description=f"Yêu cầu đã gửi, đợt {context.id}",
        table=[
            {"nơi cung cấp": each.provider, "loại": each.kind, "số liệu": each.items}
            for each in asked
        ],
    )
    return len(asked)


def send_requests(context: RoundContext, actor: str) -> list[Asked]:
    """Write the plan, workbooks and letters, record the requests, queue the messages.

    Again, the same files are written and nothing is queued; who was given more time since gets
    workbook and letter with the deadline of its own. Raises NobodyToAsk, UnknownYear, UnsettledDay.
    """
    from reports.letters import plan as plan_letter
    from reports.letters import request as letter
    from reports.unit_round.letters import request_values
    from reports.unit_round.plan import plan_values
    from reports.workbooks.about_units import about_units_workbook
    from reports.workbooks.own import own_workbook

    write = {"own": own_workbook, "about_units": about_units_workbook}
    prior, due = prior_of(context), _own_deadlines(context)
    closes = closing_of(context.program, context.round).on
    asked: list[Asked] = []
    messages: list[Message] = []
    made = [("plan", PLAN, plan_letter.render(plan_values(context)))]
    for one in requests(context):
        own = {kind: due.get((one.provider, kind)) for kind in _kinds(one)}
        for kind, items in _kinds(one).items():
            content = write[kind](context, one, prior, own[kind])
            name = _path(one, FILES[kind])
            made.append(("workbook", name, content))
            digest = hashlib.sha256(content).hexdigest()
            asked.append(Asked(one.provider, kind, own[kind] or closes, items, name, digest))
        # one letter for both workbooks: it names the day by which the first of them has to come
        first = min(day or closes for day in own.values())
        values = request_values(context, one, _workbooks(one), first)
        made.append(("request_letter", _path(one, LETTER), letter.render(values)))
        messages.append(_message(context, one, first))
    with session() as records:
        require_round(records, context)
        write_papers(records, context.id, made, actor)
        record_requests(records, context.id, asked, actor)
        enqueue(records, context.id, messages, actor)
    return asked


def messages(context: RoundContext) -> list[Message]:
    """The messages that a dispatch would queue, without any of their files being written."""
    closes = closing_of(context.program, context.round).on
    return [_message(context, one, closes) for one in requests(context)]


def _message(context: RoundContext, request: Request, due: date) -> Message:
    files = (*_workbooks(request), _path(request, LETTER), PLAN)
    figures = request.own or request.about_units
    wish = "cung cấp số liệu" if figures else "tự đánh giá, chấm điểm"
    return Message(
        key=f"request:{request.provider}",
        recipient=request.provider,
        title=f"Đề nghị {wish}: {context.round.title}",
        body=message(
            "request",
            context,
            request.provider,
            due=due,
            wish=wish,
            files=[name.rpartition("/")[2] for name in files],
        ),
        attachments=files,
    )


def _own_deadlines(context: RoundContext) -> dict[tuple[str, str], date]:
    """(provider, kind) → the later day that somebody granted."""
    with session() as records:
        extensions = granted(records, context.id)
    return {who: date.fromisoformat(each.due) for who, each in extensions.items()}


def _kinds(request: Request) -> dict[str, int]:
    """Kind of workbook → how many answers it asks for, each quantity once; only those that the
    provider gets."""
    both = {"own": (request.about_itself, True), "about_units": (request.about_units, False)}
    return {kind: len(request.due(own=own)) for kind, (any_, own) in both.items() if any_}


def _workbooks(request: Request) -> list[str]:
    return [_path(request, FILES[kind]) for kind in _kinds(request)]


def _path(request: Request, name: str) -> str:
    return f"out/{request.provider}/{name.format(provider=request.provider)}"
