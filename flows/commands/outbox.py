"""`dti outbox`: which messages went out, which did not, and why. No address is ever shown."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from dti_core.program.load import RoundContext, load_round
from dti_core.program.routing import verifier_name
from flows.commands.frameworks import AsJson
from flows.commands.rounds import Actor, RoundId
from flows.commands.run import running
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, print_json, table

STATUS = {
    "pending": "chờ gửi",
    "sent": "đã gửi",
    "failed": "lỗi, sẽ thử lại",
    "dropped": "không cần gửi nữa",
    "given_up": "không gửi được",
}


def outbox(
    round_id: RoundId,
    as_json_: AsJson = False,
    send: Annotated[bool, typer.Option("--send", help="Gửi những thư đến lượt.")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Thử lại ngay cả thư lỗi và thư không gửi được.")
    ] = False,
    actor: Actor = OPERATOR,
) -> None:
    """Liệt kê thư của đợt: đã gửi hay chưa, mấy lần, kênh nào, lúc nào, vì sao lỗi."""
    context = load_round(round_id)
    if retry:
        from dti_core.records.database import session
        from dti_core.records.outbox import retry as retry_all

        with session() as records:
            count = retry_all(records, round_id, actor)
        if not as_json_:
            out.print(f"{count} thư được thử lại.")
    if send or retry:
        with running("Gửi thư"):
            from flows.unit_stages import send as flow

            delivery = flow(round_id, actor)
        if not as_json_:
            out.print(delivered(delivery))
    rows = _messages(round_id)
    if as_json_:
        print_json(rows)
        return
    table(
        f"Thư của đợt {round_id}",
        [
            ("Số", "right"),
            ("Nơi nhận", "left"),
            ("Tiêu đề", "left"),
            ("Tình trạng", "left"),
            ("Lần thử", "right"),
            ("Kênh", "left"),
            ("Lúc", "left"),
        ],
        [
            [
                str(row["id"]),
                verifier_name(context, row["recipient"]),
                row["title"].removesuffix(f": {context.round.title}"),
                f"{STATUS[row['status']]}{': ' + row['error'] if row['error'] else ''}",
                str(row["attempts"]),
                row["channel"] or "",
                _shown(row["sent_at"] or row["tried_at"]),
            ]
            for row in rows
        ],
    )
    if any(row["status"] == "given_up" for row in rows):
        next_step(f"sửa địa chỉ hoặc kênh rồi chạy dti outbox {round_id} --retry")


def delivered(delivery: Any) -> str:
    """What became of the outbox, in a sentence or two."""
    counted = [
        (delivery.sent, f"đã gửi {delivery.sent} thư"),
        (delivery.failed, f"lỗi {delivery.failed}, sẽ thử lại"),
        (delivery.dropped, f"không cần gửi nữa {delivery.dropped}"),
        (delivery.given_up, f"không gửi được {delivery.given_up} (xem dti outbox)"),
        (delivery.resting, f"chưa đến lượt thử lại {delivery.resting}"),
        (delivery.busy, f"tiến trình khác đang gửi {delivery.busy}"),
    ]
    told = ", ".join(text for count, text in counted if count)
    waiting = (
        f"{delivery.waiting} thư chờ gửi: chưa đặt kênh. Đặt biến môi trường DTI_CHANNEL"
        " (địa chỉ Apprise, trong đó {address} là nơi nhận) rồi chạy lại."
        if delivery.waiting
        else ""
    )
    done = f"{told[0].upper()}{told[1:]}." if told else ""
    return " ".join(each for each in (done, waiting) if each) or "Không có thư nào phải gửi."


def show_unsent(context: RoundContext, messages: Sequence[Any]) -> None:
    """Who would get what, were the messages queued now. Queues nothing, shows no address.

    messages  dti_core.records.outbox.Message
    """
    from dti_core.records.database import session
    from dti_core.records.outbox import notifications
    from tasks.channels import from_environment, routes
    from tasks.ladder import is_to_head
    from tasks.recipients import addresses

    with session() as records:
        known = {each.key: each.status for each in notifications(records, context.id)}
    out.print("Chạy thử: không nhận tệp, không xếp hàng, không gửi.")
    for each in messages:
        to_head = is_to_head(each.key)
        known_as = addresses(context, each.recipient, head=to_head)
        ways = [route.channel for route in routes(known_as, from_environment)]
        channel = ", ".join(ways) or ("chưa đặt kênh" if known_as else "chưa có địa chỉ")
        files = ", ".join(name.rpartition("/")[2] for name in each.attachments)
        status = STATUS[known[each.key]] if each.key in known else "mới"
        out.print(
            f"- {'Lãnh đạo ' if to_head else ''}{verifier_name(context, each.recipient)}"
            f" ({status}; kênh: {channel}): {each.title}{f'; kèm {files}' if files else ''}",
            markup=False,
            soft_wrap=True,
        )
    if not messages:
        out.print("Không có thư nào phải gửi.")


def _messages(round_id: str) -> list[dict[str, Any]]:
    """The contract of `outbox --json`."""
    from dti_core.records.database import session
    from dti_core.records.outbox import notifications, rests_until

    with session() as records:
        return [
            {
                "id": each.id,
                "key": each.key,
                "recipient": each.recipient,
                "title": each.title,
                "attachments": each.attachments,
                "status": each.status,
                "attempts": each.attempts,
                "channel": each.channel,
                "sent_at": each.sent_at,
                "tried_at": each.claimed_at,
                "again_at": rest.isoformat() if (rest := rests_until(each)) else None,
                "error": each.error,
            }
            for each in notifications(records, round_id)
        ]


def _shown(moment: str | None) -> str:
    if moment is None:
        return ""
    from datetime import datetime

    from dti_core.clock import CIVIL_TIME

    return f"{datetime.fromisoformat(moment).astimezone(CIVIL_TIME):%d/%m/%Y %H:%M}"
