"""The outbox: queued once, one worker at a time, retried with growing pauses, then given up."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dti_core.records import audit
from dti_core.records.database import session
from dti_core.records.outbox import (
    DELAYS,
    DROPPED,
    FAILED,
    GIVEN_UP,
    LEASE,
    PENDING,
    SENT,
    Message,
    Outcome,
    claim,
    claimants,
    enqueue,
    notifications,
    release,
    rests_until,
    retry,
    settle,
    unsent,
)
from dti_core.records.tables import NotificationRecord
from dti_core.records.workers import bury, has_died, working
from tests.trail import events_of
from tests.unit.reminded_round import ROUND, opened

pytestmark = pytest.mark.usefixtures("database")
NOW = datetime(2024, 2, 1, 2, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def queued(*keys: str) -> list[int]:
    """The round with messages in its outbox; their numbers."""
    opened({})
    with session() as records:
        messages = [Message(key, "so-y-te", f"Thư {key}", "Kính gửi") for key in keys]
        assert enqueue(records, ROUND, messages, "test") == len(keys)
        return [each.id or 0 for each in notifications(records, ROUND)]


def get(message_id: int) -> NotificationRecord:
    with session() as records:
        return records.get_one(NotificationRecord, message_id)


def take(message_id: int, worker: str, moment: datetime = NOW) -> bool:
    with session() as records:
        return claim(records, records.get_one(NotificationRecord, message_id), worker, moment)


def end(message_id: int, worker: str, status: str, error: str | None = None) -> str:
    with session() as records:
        outcome = Outcome(status, "default", error)
        return settle(records, message_id, worker, outcome, "test").status


def at_once(*work: Callable[[], None]) -> None:
    """Run functions in threads that start together; whatever one raises is raised here."""
    gate, errors = threading.Barrier(len(work)), list[BaseException]()

    def run(function: Callable[[], None]) -> None:
        try:
            gate.wait(20)
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]


def test_two_workers_that_queue_the_same_queue_it_once() -> None:
    opened({})
    new: list[int] = []

    def queue() -> None:
        messages = [Message(f"remind:{n}", "so-y-te", "Thư", "x") for n in range(20)]
        with session() as records:
            new.append(enqueue(records, ROUND, messages, "test"))

    at_once(queue, queue, queue)
    assert sorted(new) == [0, 0, 20]
    with session() as records:
        assert len(notifications(records, ROUND)) == 20
        assert audit.verify(records, ROUND) == []


def test_of_many_workers_one_gets_a_message() -> None:
    ids = queued(*(f"remind:{n}" for n in range(12)))
    got: list[tuple[int, str]] = []

    def work(name: str) -> None:
        for each in ids:
            if take(each, name):
                got.append((each, name))

    at_once(*(lambda name=f"w{n}": work(name) for n in range(4)))
    assert sorted(each for each, _ in got) == ids
    for each, name in got:
        assert get(each).claimed_by == name


def test_two_workers_settle_into_one_whole_audit_trail() -> None:
    ids = queued(*(f"remind:{n}" for n in range(16)))

    def work(name: str) -> None:
        for each in ids:
            if take(each, name):
                end(each, name, SENT)

    at_once(lambda: work("a"), lambda: work("b"))
    with session() as records:
        assert {each.status for each in notifications(records, ROUND)} == {SENT}
        assert audit.verify(records, ROUND) == []
        events = events_of(records, "message_settled")
    assert len(events) == 16


def test_a_claim_runs_out() -> None:
    (one,) = queued("remind:1")
    assert take(one, "gone elsewhere")
    assert not take(one, "b")
    assert not take(one, "b", NOW + LEASE)
    assert take(one, "b", NOW + LEASE + timedelta(seconds=1))
    assert not take(one, "gone elsewhere", NOW + LEASE + timedelta(seconds=2))


def test_a_claim_of_a_worker_that_was_killed_is_taken_over_at_once() -> None:
    (one,) = queued("remind:1")
    code = (
        "import sys, time\n"
        "from dti_core.records.workers import working\n"
        "with working() as name:\n"
        "    print(name, flush=True)\n"
        "    time.sleep(60)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert child.stdout is not None
        name = child.stdout.readline().strip()
        assert take(one, name)
        assert not has_died(name)
        assert not take(one, "b")
    finally:
        child.kill()
        child.wait()
    assert has_died(name)

    def holders() -> set[str]:
        with session() as records:
            return claimants(records)

    bury(holders, timedelta(0))
    assert has_died(name), "a dead worker whose claim stands keeps its file"
    assert take(one, "b")
    bury(holders, LEASE)
    assert has_died(name), "and keeps it for a while after"
    bury(holders, timedelta(0))
    assert list((Path(os.environ["DTI_HOME"]) / "workers").iterdir()) == []


def test_a_worker_that_ends_leaves_nothing() -> None:
    workers = Path(os.environ["DTI_HOME"]) / "workers"
    with working() as name, working() as other:
        assert name != other
        assert not has_died(name)
        bury(set, timedelta(0))
        assert (workers / f"{name}.lock").exists()
    assert not has_died(name)
    assert list((Path(os.environ["DTI_HOME"]) / "workers").iterdir()) == []


def test_a_failure_is_retried_at_growing_pauses_and_given_up() -> None:
    (one,) = queued("remind:1")
    moment = datetime.now(UTC)
    for number, delay in enumerate(DELAYS, start=1):
        assert take(one, "a", moment)
        assert end(one, "a", FAILED, "kênh không trả lời") == FAILED
        record = get(one)
        assert (record.attempts, record.claimed_by) == (number, None)
        again_at = rests_until(record)
        assert again_at == moment.replace(microsecond=0) + delay
        assert not take(one, "a", again_at - timedelta(seconds=1))
        moment = again_at
    assert list(DELAYS) == sorted(DELAYS)
    assert take(one, "a", moment)
    assert end(one, "a", FAILED, "kênh không trả lời") == GIVEN_UP
    assert get(one).attempts == len(DELAYS) + 1
    with session() as records:
        assert unsent(records, ROUND) == []
        assert retry(records, ROUND, "test") == 1
    assert (get(one).status, get(one).attempts) == (PENDING, 0)
    assert take(one, "a", moment)


def test_what_was_sent_stays_sent_whoever_settles_after() -> None:
    (one,) = queued("remind:1")
    assert take(one, "slow")
    later = NOW + LEASE + timedelta(seconds=1)
    assert take(one, "fast", later)
    # the slow worker's failure must not touch the other's claim
    assert end(one, "slow", FAILED, "x") == PENDING
    assert get(one).claimed_by == "fast"
    # but what it did send is sent
    assert end(one, "slow", SENT) == SENT
    assert end(one, "fast", FAILED, "x") == SENT
    assert get(one).status == SENT
    assert not take(one, "third", later + LEASE * 2)


def test_a_claim_that_is_given_back_is_free() -> None:
    (one,) = queued("remind:1")
    assert take(one, "a")
    with session() as records:
        release(records, one, "b")
    assert not take(one, "b")
    with session() as records:
        release(records, one, "a")
    assert take(one, "b")
    assert get(one).attempts == 0


def test_settling_records_what_went_out_by_which_channel() -> None:
    one, two = queued("remind:1", "remind:2")
    assert take(one, "a")
    assert take(two, "a")
    with session() as records:
        settle(records, one, "a", Outcome(SENT, "zalo", None, "Tựa mới", "Thân mới"), "test")
        settle(records, two, "a", Outcome(DROPPED, error="đã gửi"), "test")
    assert (get(one).channel, get(one).title, get(one).body) == ("zalo", "Tựa mới", "Thân mới")
    assert get(one).sent_at is not None
    assert (get(two).status, get(two).error, get(two).attempts) == (DROPPED, "đã gửi", 0)
    assert get(two).title == "Thư remind:2"
