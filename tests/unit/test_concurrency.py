"""Two at once: workers at one inbox, operators at one round; and a clock that jumps."""

import multiprocessing
import os
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from dti_core import clock
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.awards import awards
from dti_core.records.clock_jumps import set_back
from dti_core.records.database import database_url, engine, session
from dti_core.records.outbox import LEASE, Message, claim, enqueue, notifications
from dti_core.records.scoring import score_round
from dti_core.records.sign_off import sign
from dti_core.records.tables import AuditRecord, NotificationRecord, SubmissionRecord
from dti_core.records.verifying import verify
from tasks.collecting import collect
from tasks.queueing import queue_reminders
from tasks.retrying import transient
from tests.flows.kills.program import ROUND
from tests.unit.small_sent_round import opened, sent

pytestmark = pytest.mark.usefixtures("database")
FORK = multiprocessing.get_context("fork")
NOON = datetime(2024, 2, 1, 5, tzinfo=UTC)


def both(work: Callable[[int], object]) -> None:
    """Do the same in two processes at once, as often as Prefect would try a stage again."""
    engine(database_url()).dispose()  # no connection may be shared with a child
    engine.cache_clear()
    together = FORK.Barrier(2)

    def attempt(number: int) -> None:
        try:
            together.wait(60)
            tried = 0
            while True:
                tried += 1
                try:
                    work(number)
                    break
                except Exception as error:
                    if not transient(None, _Tried(tried), _Failed(error)):
                        raise
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    pair = [FORK.Process(target=attempt, args=(number,)) for number in (0, 1)]
    for each in pair:
        each.start()
    for each in pair:
        each.join(120)
    assert [each.exitcode for each in pair] == [0, 0]


class _Tried:
    def __init__(self, run_count: int) -> None:
        self.run_count = run_count


class _Failed:
    def __init__(self, data: Exception) -> None:
        self.data = data


def actions() -> Counter[tuple[str, str]]:
    with session() as records:
        return Counter(
            records.exec(
                select(AuditRecord.action, AuditRecord.subject)
                .where(AuditRecord.round_id == ROUND)
                .order_by(col(AuditRecord.seq))
            )
        )


def test_two_workers_at_one_inbox_take_each_file_once() -> None:
    context = sent()
    both(lambda number: collect(context, f"worker {number}"))
    with session() as records:
        files = Counter(
            records.exec(
                select(SubmissionRecord.source, SubmissionRecord.sha256).where(
                    SubmissionRecord.round_id == ROUND
                )
            )
        )
        assert verify(records, ROUND) == []
    assert len(files) == 4
    assert set(files.values()) == {1}
    taken = {subject: n for (action, subject), n in actions().items() if action == "file_received"}
    assert set(taken.values()) == {1}


def _score(context: RoundContext, who: str) -> None:
    with session() as records:
        score_round(records, context, who)


def test_two_operators_score_and_approve_one_round_at_once() -> None:
    context = sent()
    collect(context, "test")
    both(lambda number: _score(context, f"operator {number}"))
    with session() as records:
        found = awards(records, ROUND)
        assert len({(a.unit, a.criterion, a.kind, a.reading) for a in found}) == len(found) > 0
        assert verify(records, ROUND) == []
    assert actions()["scores_computed", ROUND] == 1, "the second one changes nothing"

    def approve(number: int) -> None:
        with session() as records:
            sign(records, context, "thu-thap", f"Trưởng phòng {number}")

    both(approve)
    with session() as records:
        assert verify(records, ROUND) == []
    assert sum(n for (action, _), n in actions().items() if action == "step_approved") == 1


def test_a_clock_that_is_set_back_leaves_the_order_and_is_told() -> None:
    with clock.standing_at(NOON):
        context = opened()
    with clock.standing_at(NOON - timedelta(days=3)), session() as records:
        enqueue(records, ROUND, [Message("request:so-y-te", "so-y-te", "Thư", "Nội dung")], "test")
    with clock.standing_at(NOON + timedelta(days=2)), session() as records:
        score_round(records, context, "test")
    with session() as records:
        assert audit.verify(records, ROUND) == [], "the chain goes by number, not by time"
        told = set_back(records, ROUND)
    assert [each.seq for each in told] == [2]
    assert told[0].back == timedelta(days=3)


@pytest.mark.parametrize("days", [-400, 400])
def test_a_jumping_clock_doubles_no_reminder(days: int) -> None:
    """What a reminder is for is the day that its stage is run for: it goes once, whatever the clock
    says by then."""
    with clock.standing_at(NOON):
        context = sent()
        day = context.round.closes.on + timedelta(days=1)
        queue_reminders(ROUND, day, "test")
        with session() as records:
            before = Counter(each.key for each in notifications(records, ROUND))
    assert any(key.startswith("remind:") for key in before)
    with clock.standing_at(NOON + timedelta(days=days)):
        queue_reminders(ROUND, day, "test")
    with session() as records:
        assert Counter(each.key for each in notifications(records, ROUND)) == before


def test_a_claim_outlives_a_clock_set_back_but_not_its_lease() -> None:
    with clock.standing_at(NOON):
        opened()
        with session() as records:
            enqueue(records, ROUND, [Message("request:a", "so-y-te", "Thư", "Nội dung")], "test")
            (message,) = notifications(records, ROUND)
            assert claim(records, message, "elsewhere-1-a")

    def takes(moment: datetime) -> bool:
        with session() as records:
            record = records.get_one(NotificationRecord, message.id)
            return claim(records, record, "elsewhere-2-b", moment)

    assert not takes(NOON - timedelta(days=30))
    assert not takes(NOON + LEASE / 2)
    assert takes(NOON + LEASE * 2)
