"""How far each unit has come, from the records: a column at a time, and in few queries."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import event
from sqlmodel import select

from dti_core.figures import Figure
from dti_core.framework.model import RATIO
from dti_core.program.load import RoundContext
from dti_core.program.requests import plan
from dti_core.records.database import database_url, engine, session
from dti_core.records.extensions import extend
from dti_core.records.figures import write_figures
from dti_core.records.progress import GroupProgress, Progress, UnitProgress, progress
from dti_core.records.tables import (
    ConfirmationRecord,
    FindingRecord,
    FlagRecord,
    SubmissionRecord,
)
from tests.unit.reminded_round import DUE, LADDER, ROUND, all_but, arrives, opened

pytestmark = pytest.mark.usefixtures("database")
UNIT = "so-y-te"
TODAY = DUE + timedelta(days=3)


def asked(context: RoundContext, provider: str) -> list[tuple[str, str, str]]:
    (request,) = [each for each in plan(context).requests if each.provider == provider]
    assert not request.about_units
    return [item.key for item in request.asked(own=True)]


def gives(provider: str, figures: list[Figure], day: date = DUE) -> str:
    """The provider's workbook comes in with these figures; its content."""
    arrives(provider, "own", day)
    with session() as records:
        submission = records.exec(
            select(SubmissionRecord).where(SubmissionRecord.source == f"{provider}:own")
        ).one()
        write_figures(records, ROUND, submission, figures, "test")
        return submission.sha256


def full(context: RoundContext, provider: str) -> list[Figure]:
    return [Figure(*key, "given", Fraction(1)) for key in asked(context, provider)]


def now(context: RoundContext, day: date = TODAY) -> Progress:
    with session() as records:
        return progress(records, context, day)


def unit(context: RoundContext) -> UnitProgress:
    (found,) = [each for each in now(context).units if each.provider == UNIT]
    return found


def columns(found: UnitProgress) -> str:
    """The columns that are reached, by first letter."""
    return "".join(
        name[0]
        for name in ("received", "readable", "complete", "valid", "explained", "confirmed")
        if getattr(found, name)
    )


def test_a_unit_goes_through_the_columns_one_by_one() -> None:
    context = opened({})
    assert columns(unit(context)) == ""
    arrives(UNIT, "own", DUE)
    assert columns(unit(context)) == "r"
    figures = full(context, UNIT)
    content = gives(UNIT, figures[1:])
    found = unit(context)
    assert columns(found) == "rrve"
    assert (found.asked, found.answered) == (len(figures), len(figures) - 1)
    gives(UNIT, figures)
    assert columns(unit(context)) == "rrcve"
    with session() as records:
        records.add(
            ConfirmationRecord(
                round_id=ROUND,
                provider=UNIT,
                kind="own",
                submission_sha256=content,
                document="1/SYT",
                signed_by="Giám đốc",
                signed_on="2024-01-30",
                actor="test",
                at="2024-01-31T00:00:00+00:00",
            )
        )
    assert columns(unit(context)) == "rrcvec"


@pytest.mark.parametrize(
    ("status", "complete"),
    [
        ("given", True),
        ("derived", True),
        ("not_available", True),
        ("not_applicable", True),
        ("missing", False),
        ("to_ask", False),
        ("partial", False),
    ],
)
def test_a_stated_status_is_an_answer_and_a_question_is_none(status: str, complete: bool) -> None:
    context = opened({})
    first, *others = full(context, UNIT)
    gives(UNIT, [Figure(*first.key, status), *others])  # type: ignore[arg-type]
    assert unit(context).complete is complete


def test_a_bare_ratio_stands_for_its_parts() -> None:
    context = opened({})
    figures = full(context, UNIT)
    rows = [figure.criterion for figure in figures]
    row = next(each for each in rows if rows.count(each) > 1)
    parts = [figure for figure in figures if figure.criterion != row]
    gives(UNIT, [*parts, Figure(UNIT, row, RATIO, "given_as_ratio", Fraction(1, 2))])
    assert unit(context).complete


def test_a_confirmation_is_of_the_newest_version_only() -> None:
    context = opened({})
    gives(UNIT, full(context, UNIT))
    with session() as records:
        records.add(
            ConfirmationRecord(
                round_id=ROUND,
                provider=UNIT,
                kind="own",
                submission_sha256="0" * 64,
                document="1/SYT",
                signed_by="Giám đốc",
                signed_on="2024-01-30",
                actor="test",
                at="2024-01-31T00:00:00+00:00",
            )
        )
    assert not unit(context).confirmed


def test_a_fatal_finding_and_an_open_doubt_count_against_whom_they_concern() -> None:
    context = opened({})
    gives(UNIT, full(context, UNIT))
    _, criterion, variable = asked(context, UNIT)[0]
    with session() as records:
        for severity, who in (("fatal", UNIT), ("warning", "so-xay-dung")):
            records.add(
                FindingRecord(
                    round_id=ROUND,
                    unit=who,
                    criterion=criterion,
                    variable=variable,
                    rule="range",
                    severity=severity,
                    message="x",
                )
            )
    assert columns(unit(context)) == "rrce"
    with session() as records:
        flag = FlagRecord(
            round_id=ROUND,
            flag_id="f1",
            unit=UNIT,
            criterion=criterion,
            criteria=[criterion],
            detector="prior_year",
            message="x",
            status="open",
        )
        records.add(flag)
    assert columns(unit(context)) == "rrc"
    with session() as records:
        records.exec(select(FlagRecord)).one().status = "answered"
    assert columns(unit(context)) == "rrce"


def test_on_time_rates_count_units_by_the_deadline_that_each_of_them_has() -> None:
    context = opened({})
    all_but(context, {"so-y-te", "so-xay-dung", "so-gtvt", "so-tu-phap"}, DUE)
    arrives("so-xay-dung", "own", DUE + timedelta(days=2))
    with session() as records:
        extend(records, context, "so-gtvt", DUE + timedelta(days=9), "bão", "1/CV", "test")
        extend(records, context, "so-tu-phap", DUE + timedelta(days=2), "bão", "2/CV", "test")
    arrives("so-tu-phap", "own", DUE + timedelta(days=2))
    (group,) = now(context).groups
    assert group == GroupProgress("so", on_time=17, came_late=1, overdue=1, open=1)
    assert group.rate == Fraction(17, 19)
    (before,) = now(context, DUE).groups
    assert (before.on_time, before.came_late, before.overdue, before.open) == (17, 1, 0, 2)


def test_nobodys_time_is_over_before_the_deadline() -> None:
    (group,) = now(opened({}), DUE).groups
    assert group == GroupProgress("so", on_time=0, came_late=0, overdue=0, open=20)
    assert group.rate is None


def test_the_notes_say_which_policies_nobody_has_set() -> None:
    assert [note.split("”")[0] for note in now(opened({})).notes] == [
        "Chưa đặt chính sách “deadline_on_day_off",
        "Chưa đặt chính sách “reminders",
    ]


def test_with_the_policies_set_a_note_says_only_that_the_day_moved() -> None:
    decided = {"reminders": LADDER, "deadline_on_day_off": "next_working_day"}
    context = opened(decided, closes=date(2024, 2, 3))
    (note,) = now(context).notes
    assert note.startswith("Hạn thứ Bảy 03/02/2024 là ngày nghỉ")
    assert "chuyển sang thứ Hai 05/02/2024" in note
    assert {each.due for each in now(context).units} == {date(2024, 2, 5)}


def test_the_number_of_queries_does_not_grow_with_the_units() -> None:
    context = opened({})

    def queries() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(engine(database_url()), "before_cursor_execute", note)
        try:
            now(context)
        finally:
            event.remove(engine(database_url()), "before_cursor_execute", note)
        return len([each for each in seen if each.startswith("SELECT")])

    empty = queries()
    all_but(context, set())
    gives(UNIT, full(context, UNIT))
    assert queries() == empty
    assert empty <= 10
