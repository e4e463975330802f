"""Send what stands in the outbox, through Apprise.

The channel comes from the environment alone (DTI_CHANNEL, an Apprise URL in which `{address}` is
the recipient's), never from records, logs or artifacts. A message is recorded as sent right after
the channel took it: a death in between sends it once more, and nothing is ever left out.
"""

import os
from dataclasses import dataclass
from urllib.parse import quote

from prefect import task
from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.records.collecting import standings
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.outbox import DROPPED, FAILED, SENT, pending, settle
from dti_core.records.tables import NotificationRecord
from tasks.retrying import RETRY


@dataclass(frozen=True)
class Delivery:
    """What became of the outbox: sent now, failed now, dropped as no longer needed, waiting."""

    sent: int = 0
    failed: int = 0
    dropped: int = 0
    waiting: int = 0


@task(name="gui-thu", **RETRY)
def send_task(round_id: str, actor: str) -> Delivery:
    """Send every pending message, one at a time. Without a channel they wait, and nothing fails."""
    context = load_round(round_id)
    channel = os.environ.get("DTI_CHANNEL")
    with session() as records:
        waiting = [record.id for record in pending(records, round_id)]
    if not channel:
        return Delivery(waiting=len(waiting))
    counts = {SENT: 0, FAILED: 0, DROPPED: 0}
    for message_id in waiting:
        with session() as records:
            message = records.get_one(NotificationRecord, message_id)
            outcome, error = _deliver(records, context, message, channel)
            settle(records, message, outcome, actor, error)
            counts[outcome] += 1
    return Delivery(counts[SENT], counts[FAILED], counts[DROPPED])


def _deliver(
    records: Session, context: RoundContext, message: NotificationRecord, channel: str
) -> tuple[str, str | None]:
    if not _still_needed(records, context.id, message):
        return DROPPED, "đơn vị đã gửi trước lúc thư được gửi đi"
    address = context.program.unit[message.recipient].address
    if not address:
        return FAILED, f"đơn vị {message.recipient} chưa có địa chỉ"
    # Apprise takes a quarter of a second to import: only where something is sent
    import apprise

    sender = apprise.Apprise()
    if not sender.add(channel.replace("{address}", quote(address))):
        return FAILED, "DTI_CHANNEL không phải một địa chỉ kênh mà Apprise hiểu"
    folder = round_folder(context.id)
    taken = sender.notify(
        title=message.title,
        body=message.body,
        body_format=apprise.NotifyFormat.TEXT,
        attach=[str(folder / name) for name in message.attachments] or None,
    )
    return (SENT, None) if taken else (FAILED, "kênh gửi thư từ chối hoặc không trả lời")


def _still_needed(records: Session, round_id: str, message: NotificationRecord) -> bool:
    """A reminder is looked at again right before it goes: who has sent is not reminded."""
    if not message.key.startswith("remind:"):
        return True
    _, provider, kind, _ = message.key.split(":")
    return any(
        standing.received_on is None
        for standing in standings(records, round_id)
        if (standing.provider, standing.kind) == (provider, kind)
    )
