"""Where the machine's clock was set back while a round was running.

The audit chain goes by its numbers: an event that bears an earlier time than the one before it is
kept as it is, in its place. Whoever reads the times has to know of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from dti_core.records.tables import AuditRecord


@dataclass(frozen=True)
class SetBack:
    """An event with an earlier time than the one before: its number, both times, how far back."""

    round_id: str
    seq: int
    before: datetime
    at: datetime

    @property
    def back(self) -> timedelta:
        return self.before - self.at


def set_back(session: Session, round_id: str) -> list[SetBack]:
    """Every place in a round's chain where the clock went back, in order."""
    return list(_set_back(session, round_id))


def _set_back(session: Session, round_id: str) -> Iterator[SetBack]:
    before: datetime | None = None
    for seq, text in session.exec(
        select(AuditRecord.seq, AuditRecord.at)
        .where(AuditRecord.round_id == round_id)
        .order_by(col(AuditRecord.seq))
    ):
        at = datetime.fromisoformat(text)
        if before is not None and at < before:
            yield SetBack(round_id, seq, before, at)
        before = at


def words(each: SetBack) -> str:
    """For people, in Vietnamese, in Viet Nam's time."""
    from dti_core.clock import CIVIL_TIME

    at, before = (f"{t.astimezone(CIVIL_TIME):%H:%M:%S %d/%m/%Y}" for t in (each.at, each.before))
    return (
        f"Sự kiện số {each.seq} ghi lúc {at}, trước sự kiện số {each.seq - 1} ({before}): đồng hồ"
        " của máy đã bị chỉnh lùi. Thứ tự theo số vẫn đúng; hãy kiểm tra đồng hồ và múi giờ."
    )
