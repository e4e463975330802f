"""What the organiser is told when a deadline has passed, or when a year is not entered."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dti_core.program.load import RoundContext, load_program
from dti_core.program.model import Dated
from dti_core.program.recurring import missing
from dti_core.program.timetable import events_of_round
from dti_core.records.approvals import approve
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.outbox import notifications
from dti_core.records.rounds import DRAFT
from dti_core.records.tables import NotificationRecord
from flows.daily import sleeps
from tasks.milestones import NoDeadline, tell_milestone, tell_missing
from tests.unit.reminded_round import DUE, ROUND, arrives, opened, write_program

pytestmark = pytest.mark.usefixtures("empty_home")
AFTER = DUE + timedelta(days=1)
NEXT = f"dti remind {ROUND}"


def told() -> list[NotificationRecord]:
    with session() as records:
        return notifications(records, ROUND)


def test_the_organiser_learns_who_has_sent_and_what_comes_next() -> None:
    context = opened({})
    arrives("so-y-te", "own", DUE)
    arrives("so-tu-phap", "own", AFTER)
    assert tell_milestone(context, "close", AFTER, NEXT, "test")
    (message,) = told()
    assert message.recipient == "so-tttt"
    assert message.title == f"Hạn gửi số liệu đã qua (31/01/2024): {context.round.title}"
    assert "Đã nhận 2 trên 22 tệp, trong đó 1 tệp đến muộn." in message.body
    assert message.body.count("Chưa nhận số liệu của đơn vị: ") == 18
    assert "Chưa nhận số liệu về các đơn vị: Văn phòng UBND tỉnh." in message.body
    assert "Chưa nhận số liệu của đơn vị: Sở Y tế" not in message.body
    assert f"Việc tiếp theo: {NEXT}" in message.body
    assert "là ngày 31/01/2024 (ví dụ)" in message.body


def test_it_is_told_once_and_again_when_the_day_was_moved() -> None:
    context = opened({})
    assert tell_milestone(context, "close", AFTER, NEXT, "test")
    assert not tell_milestone(context, "close", AFTER + timedelta(days=1), NEXT, "test")
    moved = with_date(context, "closes", DUE + timedelta(days=7))
    assert tell_milestone(moved, "close", AFTER + timedelta(days=7), NEXT, "test")
    assert [each.key for each in told()] == [
        "milestone:close:2024-01-31",
        "milestone:close:2024-02-07",
    ]


def test_publication_is_told_on_its_day() -> None:
    context = with_date(opened({}), "publish_by", date(2024, 3, 29))
    assert tell_milestone(context, "publication", date(2024, 3, 29), NEXT, "test")
    (message,) = told()
    assert message.title.startswith("Hạn công bố là hôm nay (29/03/2024)")


def test_a_deadline_that_the_round_does_not_have_is_refused() -> None:
    context = opened({})
    with pytest.raises(NoDeadline, match="dti deploy"):
        tell_milestone(context, "petitions", AFTER, NEXT, "test")
    with pytest.raises(NoDeadline):
        tell_milestone(context, "daily", AFTER, NEXT, "test")


def test_without_an_address_of_the_organiser_nothing_is_queued() -> None:
    context = opened({})
    nobody = context.program.model_copy(update={"organiser": "khong-co"})
    unheard = replace(context, program=nobody)
    assert not tell_milestone(unheard, "close", AFTER, NEXT, "test")
    assert told() == []


def test_ahead_of_a_year_that_is_not_entered_the_organiser_is_told_where_to_enter_it() -> None:
    context = opened({})
    day = date(2024, 11, 18)
    found = missing(load_program("nhac"), "hang-nam", day)
    assert found is not None
    assert tell_missing(context, found, day, "test")
    assert not tell_missing(context, found, day, "test")
    (message,) = told()
    assert message.title == "Cần khai đợt nhac/2024 trước ngày 02/01/2025"
    assert str(Path("programs") / "nhac" / "program.yaml") in message.body
    assert "2074/QĐ-UBND" in message.body


def test_a_round_sleeps_until_its_requests_are_due() -> None:
    context = write_program({})
    first = min(each.starts for each in events_of_round(context)).date()
    assert sleeps(context, first) is None
    said = sleeps(context, first - timedelta(days=1))
    assert said is not None
    assert f"{first:%d/%m/%Y}" in said


def test_a_round_whose_draft_is_approved_sleeps_until_something_changes() -> None:
    context = opened({})
    assert sleeps(context, AFTER) is None
    with session() as records:
        approve(records, ROUND, DRAFT, "Lãnh đạo", digest_of(records, ROUND, DRAFT))
    assert "đã xong" in str(sleeps(context, AFTER))
    with session() as records:
        approve(records, ROUND, DRAFT, "Lãnh đạo", "0" * 64)  # over something else than there is
    assert sleeps(context, AFTER) is None


def with_date(context: RoundContext, key: str, day: date) -> RoundContext:
    """The round with another date, as after a change of its program."""
    dated = Dated(on=day, basis="ví dụ")
    return replace(context, round=context.round.model_copy(update={key: dated}))
