"""Send the requests out: a workbook and a letter for every provider, a message in the outbox."""

import hashlib

from prefect import task
from prefect.artifacts import create_table_artifact

from dti_core.program.calendar import closing_of
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import Request, requests
from dti_core.records.collecting import Asked, record_requests
from dti_core.records.database import session
from dti_core.records.files import round_folder, write_whole
from dti_core.records.outbox import Message, enqueue
from dti_core.records.rounds import record_document, require_round
from reports.messages import message
from tasks.prior import prior_of
from tasks.retrying import RETRY

FILES = {"own": "{provider}.xlsx", "about_units": "{provider}-cung-cap.xlsx"}


@task(name="gui-yeu-cau", **RETRY)
def dispatch_task(round_id: str, actor: str) -> int:
    """Write workbooks and letters, record the requests, queue the messages; returns how many."""
    from reports.letters import request as letter
    from reports.unit_round.letters import request_values
    from reports.workbooks.about_units import about_units_workbook
    from reports.workbooks.own import own_workbook

    context = load_round(round_id)
    prior = prior_of(context)
    due = closing_of(context.program, context.round).on
    folder = round_folder(round_id)
    asked: list[Asked] = []
    messages: list[Message] = []
    made: list[tuple[str, str, bytes]] = []
    for one in requests(context):
        files: list[str] = []
        for kind, items, write in (
            ("own", one.own, own_workbook),
            ("about_units", one.about_units, about_units_workbook),
        ):
            if not items:
                continue
            content = write(context, one, prior)
            name = f"out/{one.provider}/{FILES[kind].format(provider=one.provider)}"
            files.append(name)
            made.append(("workbook", name, content))
            digest = hashlib.sha256(content).hexdigest()
            asked.append(Asked(one.provider, kind, due, len(items), name, digest))
        name = f"out/{one.provider}/cong-van-yeu-cau.docx"
        made.append(("request_letter", name, letter.render(request_values(context, one, files))))
        messages.append(_message(context, one, [*files, name]))
    with session() as records:
        require_round(records, context)
        for kind, name, content in made:
            write_whole(folder / name, content)
            record_document(
                records, round_id, kind, name, hashlib.sha256(content).hexdigest(), actor
            )
        record_requests(records, round_id, asked, actor)
        enqueue(records, round_id, messages, actor)
    create_table_artifact(
        key="gui-yeu-cau",
        description=f"Yêu cầu đã gửi, đợt {round_id}",
        table=[
            {"nơi cung cấp": each.provider, "loại": each.kind, "số liệu": each.items}
            for each in asked
        ],
    )
    return len(asked)


def _message(context: RoundContext, request: Request, files: list[str]) -> Message:
    return Message(
        key=f"request:{request.provider}",
        recipient=request.provider,
        title=f"Đề nghị cung cấp số liệu: {context.round.title}",
        body=message(
            "request",
            context,
            request.provider,
            files=[name.rpartition("/")[2] for name in files],
        ),
        attachments=tuple(files),
    )


def messages(context: RoundContext) -> list[Message]:
    """The messages that a dispatch would queue, without any of their files being written."""
    return [
        _message(
            context,
            one,
            [
                f"out/{one.provider}/{name}"
                for name in (
                    *(
                        FILES[kind].format(provider=one.provider)
                        for kind, items in (("own", one.own), ("about_units", one.about_units))
                        if items
                    ),
                    "cong-van-yeu-cau.docx",
                )
            ],
        )
        for one in requests(context)
    ]
