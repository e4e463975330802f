"""Which changes of figures count as unasked: only where nothing can have asked for them."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from dti_core.plausibility.revised import CHANGING, LATE
from dti_core.program.load import RoundContext
from dti_core.records.awards import write_findings
from dti_core.records.database import session
from dti_core.records.extensions import extend
from dti_core.records.flags import all_flags
from dti_core.records.outbox import Message, enqueue
from dti_core.records.rounds import reopen
from dti_core.records.scoring import score_round
from dti_core.records.tables import FindingRecord
from dti_core.records.versions import versions
from tasks.collecting import collect
from tasks.flagging import flag
from tests.unit.collected_round import approves, sends
from tests.unit.reminded_round import DUE, ROUND, opened

UNIT = "so-y-te"
KEY = (UNIT, "1.3", "a")
LATER = DUE + timedelta(days=3)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def context() -> RoundContext:
    return opened({})


def comes(
    context: RoundContext, number: int, day: date = DUE, more: Mapping[str, object] | None = None
) -> None:
    """The unit sends its workbook, with another number in it."""
    typed = {("1.3|a", "value"): number, ("1.3|b", "value"): 20, **(more or {})}
    sends(context, UNIT, typed, f"{number}-{day}.xlsx", day)
    collect(context, "test")


def changes() -> list[tuple[int, str, bool]]:
    """(number, day, asked) of each version of the figure."""
    with session() as records:
        return [
            (int(each.value or 0), each.received.isoformat(), each.asked)
            for each in versions(records, ROUND)
            if each.key == KEY
        ]


def detectors(context: RoundContext) -> list[tuple[str, str]]:
    with session() as records:
        score_round(records, context, "test")
    flag(context, "test", LATER)
    with session() as records:
        return [(each.criterion, each.detector) for each in all_flags(records, ROUND)]


def queued(key: str) -> None:
    with session() as records:
        enqueue(records, ROUND, [Message(key, UNIT, "", "")], "test")


def test_a_change_after_the_deadline_that_nobody_asked_for_is_doubted_and_stays_so(
    context: RoundContext,
) -> None:
    comes(context, 10)
    queued(f"receipt:{UNIT}:own:1:du")
    comes(context, 18, LATER)
    assert changes() == [(10, "2024-01-31", False), (18, "2024-02-03", False)]
    assert ("1.3", LATE) in detectors(context)
    assert ("1.3", LATE) in detectors(context), "its own question does not withdraw it"


def test_another_number_each_time_is_doubted(context: RoundContext) -> None:
    for number, days in ((10, 3), (12, 2), (18, 1)):
        comes(context, number, DUE - timedelta(days=days))
    assert [asked for *_, asked in changes()] == [False] * 3
    assert ("1.3", CHANGING) in detectors(context)


def test_a_figure_that_stays_has_no_versions_to_look_at(context: RoundContext) -> None:
    comes(context, 10)
    assert changes() == []


@pytest.mark.parametrize("key", [f"receipt:{UNIT}:own:1:thieu", f"explain:{UNIT}:0123"])
def test_a_change_after_a_receipt_or_a_letter_that_asks_is_asked_for(
    context: RoundContext, key: str
) -> None:
    comes(context, 10)
    queued(key)
    comes(context, 18, LATER)
    assert [asked for *_, asked in changes()] == [False, True]
    assert detectors(context) == []


def test_what_is_changed_once_the_receipt_is_clean_is_not_asked_for(context: RoundContext) -> None:
    comes(context, 10)
    queued(f"receipt:{UNIT}:own:1:thieu")
    comes(context, 12)
    queued(f"receipt:{UNIT}:own:2:du")
    comes(context, 18, LATER)
    assert [asked for *_, asked in changes()] == [False, True, False]


def test_a_change_after_a_reopening_is_asked_for(context: RoundContext) -> None:
    comes(context, 10)
    approves("thu-thap")
    with session() as records:
        reopen(records, context, "sai", "Trưởng phòng", UNIT)
    comes(context, 18, LATER)
    assert [asked for *_, asked in changes()] == [False, True]


def test_a_change_after_findings_or_within_a_longer_deadline_is_asked_for(
    context: RoundContext,
) -> None:
    comes(context, 10)
    with session() as records:
        extend(records, context, UNIT, LATER, "bão", "12/CV", "test")
    comes(context, 12, LATER)
    assert [asked for *_, asked in changes()] == [False, True]
    finding = FindingRecord(
        round_id=ROUND,
        unit=UNIT,
        criterion="1.3",
        variable="a",
        rule="whole",
        severity="warning",
        message="x",
    )
    with session() as records:
        write_findings(records, ROUND, [finding], "test")
    comes(context, 18, LATER + timedelta(days=9))
    assert [asked for *_, asked in changes()] == [False, True, True]


def test_an_unclear_cell_is_asked_about_even_where_no_receipt_went_out(
    context: RoundContext,
) -> None:
    comes(context, 10)
    sends(context, UNIT, {("1.3|a", "value"): "1O", ("1.3|b", "value"): 20}, "la.xlsx", DUE)
    collect(context, "test")
    comes(context, 18, LATER)
    assert [asked for *_, asked in changes()] == [False, False, True]
