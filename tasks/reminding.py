"""Remind who is late or soon will be, by the records, on a given day."""

from datetime import date

from prefect import task
from prefect.artifacts import create_table_artifact

from dti_core.program.load import load_round
from tasks.ladder import WHAT
from tasks.queueing import queue_reminders
from tasks.retrying import RETRY


@task(name="don-doc", **RETRY)
def remind_task(round_id: str, day: date, actor: str) -> list[str]:
    """Queue the day's reminders; returns the providers that are late.

    Once a unit, kind and day: the same day again queues nothing.
    """
    context = load_round(round_id)
    queued = queue_reminders(round_id, day, actor)
    create_table_artifact(
        key="don-doc",
        description=f"Nơi quá hạn ngày {day:%d/%m/%Y}, đợt {round_id}",
        table=[
            {
                "nơi cung cấp": context.program.unit[each.provider].name,
                "tệp": WHAT.get(each.kind, each.kind),
                "hạn": f"{each.due:%d/%m/%Y}",
                "báo lãnh đạo": "chưa có địa chỉ" if each.provider in queued.no_head else "",
            }
            for each in queued.late
        ],
    )
    return [each.provider for each in queued.late]
