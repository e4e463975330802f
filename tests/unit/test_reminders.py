"""Who is reminded when: the ladder, decided by the records; extensions; once a unit and day."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from dti_core.program.policies import Reminders
from dti_core.program.reminders import owed, reaches_head
from dti_core.records import audit
from dti_core.records.approvals import approve
from dti_core.records.collecting import standings
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.extensions import NotExtended, deadline, extend
from dti_core.records.outbox import SENT, Outcome, claim, notifications, settle
from dti_core.records.tables import NotificationRecord
from tasks.ladder import NoOrganiser, plan
from tasks.look_again import Dropped, again
from tasks.queueing import queue_reminders
from tests.trail import events_of
from tests.unit.reminded_round import DUE, LADDER, ROUND, all_but, arrives, opened

OPENS = date(2024, 1, 2)
POLICY = Reminders.model_validate(LADDER)
UNITS = {"so-y-te": {"head_address": "giam-doc-y-te@mau.example"}}
LATE = {"so-y-te", "so-xay-dung"}


def after(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("day", "last", "expected"),
    [
        (-8, None, None),
        (-7, None, "before"),
        (-7, -7, None),  # the same day again
        (-5, None, "before"),  # nobody worked seven days ahead: made good
        (-5, -7, None),
        (-2, -7, "before"),
        (0, -2, None),
        (0, None, "before"),
        (1, -2, "after"),
        (1, None, "after"),
        (2, 1, None),
        (3, 1, "after"),
        (4, 1, "after"),  # the third day was missed
        (4, 3, None),
        (5, 3, "after"),
        (9, 5, None),
        (10, 5, "after"),  # every five days from there
        (17, 10, "after"),
        (17, 15, None),
    ],
)
def test_a_rung_is_owed_once_and_made_good_where_it_was_missed(
    day: int, last: int | None, expected: str | None
) -> None:
    before = None if last is None else after(last)
    assert owed(POLICY, DUE, OPENS, after(day), before) == expected


@given(
    st.lists(st.integers(1, 20), max_size=4),
    st.lists(st.integers(1, 20), max_size=4),
    st.one_of(st.none(), st.integers(1, 9)),
    st.sets(st.integers(-25, 60), min_size=1),
)
def test_however_often_it_runs_no_rung_is_climbed_twice(
    ahead: list[int], behind: list[int], every: int | None, days: set[int]
) -> None:
    policy = Reminders(
        before=tuple(ahead), after=tuple(behind), then_every=every, digest_to_organiser="none"
    )
    last, sent = None, []
    for day in sorted(days):
        kind = owed(policy, DUE, DUE - timedelta(days=40), after(day), last)
        if kind:
            assert (kind == "before") == (day <= 0)
            last = after(day)
            sent.append(day)
    rungs = {-n for n in ahead} | set(behind)
    if every:
        rungs |= set(range(max(behind, default=0) + every, 61, every))
    # at most one reminder for each rung, and none before the first
    assert len(sent) <= len(rungs)
    assert not rungs or all(day >= min(rungs) for day in sent)
    last_day = max(days)
    passed = [rung for rung in rungs if rung <= last_day and (rung < 0) == (last_day <= 0)]
    # whoever is looked at on the last day has been told of the newest rung, then or before
    assert not passed or (sent and sent[-1] >= max(passed))


def test_no_reminder_lies_before_the_round_opens() -> None:
    opens = after(-3)
    assert owed(POLICY, DUE, opens, after(-3), None) is None
    assert owed(POLICY, DUE, opens, after(-2), None) == "before"


def test_without_a_ladder_who_is_late_is_reminded_every_day() -> None:
    assert owed(None, DUE, OPENS, DUE, None) is None
    assert owed(None, DUE, OPENS, after(1), None) == "after"
    assert owed(None, DUE, OPENS, after(2), after(1)) == "after"
    assert not reaches_head(None, DUE, after(99))


def keys(day: int) -> list[str]:
    """What the day queued, by key."""
    with session() as records:
        known = {each.key for each in notifications(records, ROUND)}
    queue_reminders(ROUND, after(day), "test")
    with session() as records:
        return sorted(each.key for each in notifications(records, ROUND) if each.key not in known)


def record_of(key: str) -> NotificationRecord:
    with session() as records:
        return records.exec(select(NotificationRecord).where(NotificationRecord.key == key)).one()


def looked_at_again(context: Any, key: str) -> Any:
    with session() as records:
        return again(records, context, record_of(key))


@pytest.mark.usefixtures("database")
class TestByTheRecords:
    """On SQLite and on PostgreSQL."""

    def test_the_ladder_from_contact_to_head_to_digest(self) -> None:
        context = opened({"reminders": LADDER}, UNITS)
        all_but(context, LATE, after(-10))
        assert keys(-8) == []
        both = ["so-xay-dung", "so-y-te"]
        assert keys(-7) == [f"before:{who}:own:{after(-7)}" for who in both]
        assert keys(-6) == []
        assert keys(-2) == [f"before:{who}:own:{after(-2)}" for who in both]
        assert keys(1) == [
            f"digest:{after(1)}",
            *(f"remind:{who}:own:{after(1)}" for who in both),
        ]
        assert keys(1) == []
        assert keys(2) == [f"digest:{after(2)}"]
        assert keys(5) == [
            f"digest:{after(5)}",
            f"escalate:so-y-te:own:{DUE}:{after(5)}",
            *(f"remind:{who}:own:{after(5)}" for who in both),
        ]
        assert keys(6) == [f"digest:{after(6)}"], "the head is told once"
        digest = record_of(f"digest:{after(6)}")
        assert digest.recipient == "so-tttt"
        lines = [line for line in digest.body.splitlines() if line.startswith("- ")]
        assert lines[0].startswith("- Sở Xây dựng: số liệu của đơn vị, ")
        assert lines[0].endswith("số liệu; hạn 31/01/2024, quá 6 ngày.")
        assert lines[1].endswith("quá 6 ngày.")
        with session() as records:
            told = record_of(f"escalate:so-y-te:own:{DUE}:{after(5)}")
            assert claim(records, records.merge(told), "worker")
            assert told.id is not None
            settle(records, told.id, "worker", Outcome(SENT, "default"), "test")
        fresh = looked_at_again(context, digest.key)
        assert "quá 6 ngày; đã báo lãnh đạo đơn vị." in fresh.body
        with session() as records:
            assert plan(records, context, after(6)).no_head == ("so-xay-dung",)
            assert audit.verify(records, ROUND) == []

    def test_each_text_says_what_it_is_for(self) -> None:
        opened({"reminders": LADDER}, UNITS)
        keys(-2)
        keys(5)
        before = record_of(f"before:so-y-te:own:{after(-2)}")
        assert before.title.startswith("Nhắc hạn gửi số liệu của đơn vị ngày 31/01/2024")
        assert "hết ngày 31/01/2024, còn 2 ngày" in before.body
        late = record_of(f"remind:so-y-te:own:{after(5)}")
        assert late.title.startswith("Đôn đốc gửi số liệu của đơn vị")
        assert "đã quá 5 ngày" in late.body
        head = record_of(f"escalate:so-y-te:own:{DUE}:{after(5)}")
        assert head.body.startswith("Kính gửi: Lãnh đạo Sở Y tế\n")

    def test_a_unit_that_sent_meanwhile_gets_nothing(self) -> None:
        context = opened({"reminders": LADDER}, UNITS)
        all_but(context, LATE, after(-10))
        keys(5)
        arrives("so-y-te", "own", after(6))
        for key in (f"remind:so-y-te:own:{after(5)}", f"escalate:so-y-te:own:{DUE}:{after(5)}"):
            assert looked_at_again(context, key) == Dropped(
                "đơn vị đã gửi trước lúc thư được gửi đi"
            )
        digest = looked_at_again(context, f"digest:{after(5)}")
        assert "Sở Y tế" not in digest.body
        assert "Sở Xây dựng" in digest.body
        arrives("so-xay-dung", "own", after(6))
        assert isinstance(looked_at_again(context, f"digest:{after(5)}"), Dropped)
        assert keys(8) == []

    def test_a_unit_with_an_extension_gets_nothing_until_its_own_deadline(self) -> None:
        context = opened({"reminders": LADDER}, UNITS)
        all_but(context, {"so-y-te"}, after(-10))
        keys(5)
        with session() as records:
            extend(records, context, "so-y-te", after(20), "bão số 3", "12/STTTT-CV", "test")
        for key in (f"remind:so-y-te:own:{after(5)}", f"escalate:so-y-te:own:{DUE}:{after(5)}"):
            why = looked_at_again(context, key)
            assert why == Dropped("đơn vị được gia hạn đến 20/02/2024")
        assert keys(6) == []
        assert keys(13) == [f"before:so-y-te:own:{after(13)}"]
        assert "20/02/2024, còn 7 ngày" in record_of(f"before:so-y-te:own:{after(13)}").body
        assert keys(21) == [f"digest:{after(21)}", f"remind:so-y-te:own:{after(21)}"]
        assert keys(25) == [
            f"digest:{after(25)}",
            f"escalate:so-y-te:own:{after(20)}:{after(25)}",
            f"remind:so-y-te:own:{after(25)}",
        ]

    def test_an_older_reminder_that_never_went_is_superseded(self) -> None:
        context = opened({"reminders": LADDER}, UNITS)
        keys(1)
        keys(3)
        old = looked_at_again(context, f"remind:so-y-te:own:{after(1)}")
        assert old == Dropped("đã có thư nhắc mới hơn")
        assert isinstance(looked_at_again(context, f"digest:{after(1)}"), Dropped)
        assert not isinstance(looked_at_again(context, f"digest:{after(3)}"), Dropped)

    def test_a_closed_collection_reminds_nobody(self) -> None:
        context = opened({"reminders": LADDER}, UNITS)
        keys(1)
        with session() as records:
            digest = digest_of(records, ROUND, "thu-thap")
            approve(records, ROUND, "thu-thap", "test", digest)
        assert keys(5) == []
        for key in (f"remind:so-y-te:own:{after(1)}", f"digest:{after(1)}"):
            assert looked_at_again(context, key) == Dropped("việc thu thập đã khép")

    def test_a_deadline_on_a_day_off_is_late_only_after_the_day_that_it_moved_to(self) -> None:
        saturday = date(2024, 2, 3)
        context = opened(
            {"reminders": LADDER, "deadline_on_day_off": "next_working_day"}, closes=saturday
        )
        monday = date(2024, 2, 5)
        arrives("so-y-te", "own", monday, time(16, 59))
        arrives("so-xay-dung", "own", monday, time(17, 0))  # past midnight in Viet Nam
        with session() as records:
            stands = {each.provider: each for each in standings(records, ROUND)}
        assert {each.due for each in stands.values()} == {monday}
        assert not stands["so-y-te"].came_late
        assert stands["so-xay-dung"].came_late
        with session() as records:
            assert plan(records, context, monday).late == ()
            assert len(plan(records, context, monday + timedelta(days=1)).late) > 15

    def test_a_digest_for_an_organiser_that_is_no_unit_is_refused(self) -> None:
        context = opened({"reminders": LADDER})
        context.program.__dict__["organiser"] = "so-la"
        with session() as records, pytest.raises(NoOrganiser, match="so-la"):
            plan(records, context, after(1))


@pytest.mark.usefixtures("database")
class TestExtensions:
    """A later deadline, its reason and its document."""

    def test_the_newest_extension_holds_and_is_in_the_audit_trail(self) -> None:
        context = opened({})
        with session() as records:
            before = extend(records, context, "vp-ubnd", after(5), "bão", "1/CV", "Chánh VP")
            assert set(before.values()) == {DUE}
            extend(records, context, "vp-ubnd", after(9), "bão", "2/CV", "Chánh VP", "own")
        with session() as records:
            assert deadline(records, ROUND, "vp-ubnd", "own") == after(9)
            assert deadline(records, ROUND, "vp-ubnd", "about_units") == after(5)
            assert deadline(records, ROUND, "so-y-te", "own") == DUE
            events = events_of(records, "deadline_extended")
            assert [(e.subject, e.actor, e.detail) for e in events][-1] == (
                "vp-ubnd",
                "Chánh VP",
                {
                    "kind": "own",
                    "from": after(5).isoformat(),
                    "until": after(9).isoformat(),
                    "reason": "bão",
                    "document": "2/CV",
                },
            )
            assert audit.verify(records, ROUND) == []

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"until": DUE}, "phải sau hạn hiện nay của so-y-te: 31/01/2024"),
            ({"until": after(-3)}, "phải sau hạn hiện nay"),
            ({"reason": "  "}, "lý do"),
            ({"document": ""}, "số văn bản"),
            ({"provider": "so-la"}, "không có yêu cầu nào gửi tới 'so-la'"),
            ({"kind": "about_units"}, "loại 'about_units'"),
        ],
    )
    def test_what_is_no_extension_is_refused_and_leaves_nothing(
        self, changed: Mapping[str, Any], told: str
    ) -> None:
        context = opened({})
        wished = {
            "provider": "so-y-te",
            "until": after(5),
            "reason": "bão",
            "document": "1/CV",
            "actor": "test",
            **changed,
        }
        with pytest.raises(NotExtended, match=told), session() as records:
            extend(records, context, **wished)
        with session() as records:
            assert deadline(records, ROUND, "so-y-te", "own") == DUE
