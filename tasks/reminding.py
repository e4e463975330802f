"""Remind who is late, by the records, on a given day; never once the collection is closed."""

from datetime import date

from prefect import task
from prefect.artifacts import create_table_artifact

from dti_core.program.load import load_round
from dti_core.records.approvals import approved
from dti_core.records.collecting import standings
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.outbox import Message, enqueue
from reports.messages import message
from tasks.retrying import RETRY

WHAT = {"own": "số liệu của đơn vị", "about_units": "số liệu về các đơn vị"}


@task(name="don-doc", **RETRY)
def remind_task(round_id: str, day: date, actor: str) -> list[str]:
    """Queue a reminder for every request that is late on `day`; returns the providers concerned.

    One a request and day: the same day again queues nothing.
    """
    context = load_round(round_id)
    with session() as records:
        if approved(records, round_id, "thu-thap", digest_of(records, round_id, "thu-thap")):
            return []
        late = [each for each in standings(records, round_id) if each.late(day)]
        messages = [
            Message(
                key=f"remind:{each.provider}:{each.kind}:{day.isoformat()}",
                recipient=each.provider,
                title=f"Đôn đốc gửi {WHAT[each.kind]}: {context.round.title}",
                body=message(
                    "remind",
                    context,
                    each.provider,
                    today=day,
                    what=WHAT[each.kind],
                    due=each.due,
                    days=(day - each.due).days,
                ),
            )
            for each in late
        ]
        enqueue(records, round_id, messages, actor)
    create_table_artifact(
        key="don-doc",
        description=f"Nơi quá hạn ngày {day:%d/%m/%Y}, đợt {round_id}",
        table=[
            {"nơi cung cấp": each.provider, "tệp": WHAT[each.kind], "hạn": f"{each.due:%d/%m/%Y}"}
            for each in late
        ],
    )
    return [each.provider for each in late]
