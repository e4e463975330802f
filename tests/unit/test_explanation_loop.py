"""Doubts from the question to the decision: who is asked what, and what becomes of no answer."""

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import select
from typer.testing import CliRunner

from dti_core.intake.layout import (
    CHANGED,
    CORRECTED,
    DECISION,
    KEPT,
    REASON,
    SELF_POINTS,
    SELF_ROW,
    figure_key,
)
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.appraising import APPRAISED, write_appraised
from dti_core.records.awards import awards
from dti_core.records.collecting import quarantined
from dti_core.records.database import session
from dti_core.records.figures import current_figures
from dti_core.records.files import round_folder
from dti_core.records.flags import (
    ACCEPTED,
    ANSWERED,
    LISTED,
    OPEN,
    REFUSED,
    STANDS,
    UNANSWERED,
    WITHDRAWN,
    NoReason,
    UnknownFlag,
    all_flags,
    decide,
    lapse,
    left_to_appraiser,
)
from dti_core.records.opinions import AppraisalRefused, Appraised, write_opinions
from dti_core.records.outbox import notifications
from dti_core.records.rounds import gate_of, reopen
from dti_core.records.scoring import score_round
from dti_core.records.tables import FigureRecord, FlagRecord
from flows.cli import app
from reports.workbooks.appraisal_words import answers_told, doubts_told
from tasks.collecting import collect
from tasks.explaining import explain
from tasks.flagging import flag
from tasks.judging import UnreadAnswer
from tests.trail import events_of
from tests.unit.collected_round import approves, lies, sends
from tests.unit.reminded_round import DUE, ROUND, opened, write_program

Doubted = Callable[..., RoundContext]

UNIT = "so-y-te"
EXPLAIN_BY = date(2024, 2, 20)
PAST = EXPLAIN_BY + timedelta(days=1)
FILE = f"out/{UNIT}/{UNIT}-giai-trinh.xlsx"
ROWS = ("2.1", "1.2.2", "1.3")
"""The doubted rows, the weightiest first: unsupported points, and two parts above their whole,
which lose nothing where they are as large as it."""


def fill() -> RoundContext:
    """The unit has sent its workbook, and it is scored."""
    context = opened({})
    typed = {
        ("1.2.2|a", "value"): 9,
        ("1.2.2|b", "value"): 8,
        ("1.3|a", "value"): 30,
        ("1.3|b", "value"): 20,
        ("2.1|x", "value"): False,
        (figure_key("2.1", SELF_ROW), SELF_POINTS): 10,
    }
    sends(context, UNIT, typed)
    collect(context, "test")
    with session() as records:
        score_round(records, context, "test")
    return context


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the round is filled, to be copied."""
    home = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTI_HOME", str(home))
        fill()
    return home


@pytest.fixture
def doubted(filled: Path, empty_home: Path) -> Doubted:
    """Raise the doubts, on a day and with policies by bare value."""
    shutil.copytree(filled, empty_home, dirs_exist_ok=True)

    def raised(day: date = DUE, **policies: object) -> RoundContext:
        context = write_program(policies)
        flag(context, "test", day)
        return context

    return raised


def again(context: RoundContext) -> list[str]:
    """The stage runs again; the rows that are open or listed."""
    with session() as records:
        score_round(records, context, "test")
    return [each.criterion for each in flag(context, "test", DUE)]


def states() -> dict[str, str]:
    """Row → how the doubt about it stands."""
    with session() as records:
        return {each.criterion: each.status for each in all_flags(records, ROUND)}


def found(row: str) -> FlagRecord:
    with session() as records:
        return next(each for each in all_flags(records, ROUND) if each.criterion == row)


def answers(row: str, name: str, *, day: date = DUE, to: object = None) -> None:
    """The unit's workbook comes back with an answer about one row."""
    given = {DECISION: CHANGED, CORRECTED: to} if to is not None else {DECISION: KEPT}
    typed = {
        (found(row).flag_id, column): value for column, value in {**given, REASON: "Vì."}.items()
    }
    lies((round_folder(ROUND) / FILE).read_bytes(), name, typed, day)


def passes(context: RoundContext, day: date = PAST) -> int:
    with session() as records:
        policy = context.program.policies.unanswered_flags
        return lapse(records, ROUND, policy, gate_of(records, ROUND), day, "test")


def aside() -> list[str]:
    with session() as records:
        return [each.reason for each in quarantined(records, ROUND)]


def mails() -> list[str]:
    with session() as records:
        keys = [each.key for each in notifications(records, ROUND)]
    return [key for key in keys if key.startswith("explain:")]


def asked_rows() -> list[str]:
    """The rows that the letter names, in its order."""
    letter = Document(str(round_folder(ROUND) / f"out/{UNIT}/cong-van-giai-trinh.docx"))
    cells = [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
    text = "\n".join(cells)
    reasons = {row: found(row).message for row in states()}
    return sorted(
        (row for row in reasons if reasons[row] in text), key=lambda row: text.index(reasons[row])
    )


def test_without_a_limit_every_flag_is_asked_the_weightiest_first(doubted: Doubted) -> None:
    doubted()
    assert states() == dict.fromkeys(ROWS, OPEN)
    assert asked_rows() == list(ROWS)
    page = load_workbook(round_folder(ROUND) / FILE)["Giải trình"]
    flags = {found(row).flag_id: row for row in ROWS}
    keys = [page.cell(row, 1).value for row in range(1, page.max_row + 1)]
    assert [flags[key] for key in keys if key in flags] == list(ROWS)
    cover = load_workbook(round_folder(ROUND) / FILE)["Bìa"]
    told = [str(cell.value) for row in cover.iter_rows() for cell in row]
    assert any(text.startswith("hết ngày 20/02/2024") for text in told)


@pytest.mark.usefixtures("database")
def test_what_a_flag_is_worth_is_kept_and_printed() -> None:
    flag(fill(), "test", DUE)
    stored = {row: found(row) for row in ROWS}
    assert (stored["1.3"].impact, stored["1.3"].impact_total) == ("0", "0")
    printed = json.loads(CliRunner().invoke(app, ["flag", ROUND, "--json"]).output)
    assert [each["criterion"] for each in printed] == list(ROWS)
    for each in printed:
        record = stored[each["criterion"]]
        assert each["suspicion"] == record.suspicion
        assert each["impact"] == {
            "points": record.impact,
            "total": record.impact_total,
            "rank": record.impact_rank,
        }
    assert 0.5 <= printed[0]["suspicion"] <= 1
    assert printed[1]["suspicion"] == 1


def test_more_than_the_policy_allows_is_listed_and_not_asked(doubted: Doubted) -> None:
    context = doubted(questions_per_unit=1)
    assert states() == {"2.1": OPEN, "1.2.2": LISTED, "1.3": LISTED}
    assert asked_rows() == ["2.1"]
    (mail,) = mails()
    assert again(context) == list(ROWS)
    assert mails() == [mail], "the same question is not sent again"
    answers("2.1", "mot.xlsx")
    assert explain(context, "test") == 1
    again(context)
    assert states() == {"2.1": ANSWERED, "1.2.2": LISTED, "1.3": LISTED}
    assert mails() == [mail], "an answered question counts: the limit is for the round"
    sends(context, UNIT, {("1.2.2|a", "value"): 7, ("1.2.2|b", "value"): 8}, "lai.xlsx")
    collect(context, "test")
    again(context)
    assert states()["1.2.2"] == WITHDRAWN
    with session() as records:
        assert audit.verify(records, ROUND) == []


def test_a_limit_of_none_asks_nobody(doubted: Doubted) -> None:
    doubted(questions_per_unit=0)
    assert set(states().values()) == {LISTED}
    assert mails() == []
    assert not (round_folder(ROUND) / FILE).exists()


@pytest.mark.parametrize(("policy", "status"), [("to_appraiser", UNANSWERED), ("keep", STANDS)])
def test_after_the_deadline_the_policy_decides_on_what_nobody_answered(
    doubted: Doubted, policy: str, status: str
) -> None:
    context = doubted(unanswered_flags=policy)
    letter = Document(str(round_folder(ROUND) / f"out/{UNIT}/cong-van-giai-trinh.docx"))
    assert any("Quá thời hạn này" in paragraph.text for paragraph in letter.paragraphs)
    answers("1.3", "mot.xlsx")
    explain(context, "test")
    assert passes(context, EXPLAIN_BY) == 0, "the last day is still one"
    assert passes(context) == 2
    assert passes(context) == 0
    assert states() == {"1.3": ANSWERED, "1.2.2": status, "2.1": status}
    with session() as records:
        events = events_of(records, "flag_unanswered")
        assert audit.verify(records, ROUND) == []
    assert [each.detail for each in events] == [
        {"due": "2024-02-20", "policy": policy, "basis": "ví dụ"}
    ] * 2
    answers("1.2.2", "muon.xlsx", day=PAST, to=7)
    assert explain(context, "test") == 0
    (reason,) = aside()
    assert "đến ngày 21/02/2024, sau hạn 20/02/2024" in reason
    approves("thu-thap")
    with session() as records:
        reopen(records, context, "đơn vị có văn bản", "Trưởng phòng", UNIT)
    assert explain(context, "test") == 1
    assert states()["1.2.2"] == ANSWERED


def test_without_a_policy_or_a_deadline_that_could_be_kept_the_round_waits(
    doubted: Doubted,
) -> None:
    assert passes(doubted()) == 0
    assert set(states().values()) == {OPEN}


def test_who_is_asked_after_the_deadline_is_not_late_at_once(doubted: Doubted) -> None:
    context = doubted(day=PAST, unanswered_flags="keep")
    assert passes(context, PAST + timedelta(days=30)) == 0
    assert set(states().values()) == {OPEN}


def test_an_unanswered_flag_is_the_appraisers_to_decide_with_a_reason(doubted: Doubted) -> None:
    context = doubted(unanswered_flags="to_appraiser")
    with session() as records:
        write_appraised(records, context, "test")
        given = {(each.unit, each.criterion) for each in awards(records, ROUND, APPRAISED)}
    assert given >= {(UNIT, row) for row in ROWS}, "while nothing is left to decide they stand"
    passes(context)
    with session() as records:
        assert left_to_appraiser(records, ROUND) == {(UNIT, row) for row in ROWS}
        write_appraised(records, context, "test")
        given = {(each.unit, each.criterion) for each in awards(records, ROUND, APPRAISED)}
    assert not given & {(UNIT, row) for row in ROWS}, "computed points do not stand by themselves"
    silent = [Appraised(UNIT, "1.3", Fraction(25), None)]
    with session() as records, pytest.raises(AppraisalRefused, match="phải ghi lý do"):
        write_opinions(records, context, "so-tttt", silent, "test")
    with session() as records:
        spoken = [Appraised(UNIT, "1.3", Fraction(0), "Không rõ số")]
        write_opinions(records, context, "so-tttt", spoken, "test")
        write_appraised(records, context, "test")
        given = {(each.unit, each.criterion) for each in awards(records, ROUND, APPRAISED)}
    assert (UNIT, "1.3") in given


def test_a_second_explanation_leaves_the_first_correction_and_keeps_every_version(
    doubted: Doubted,
) -> None:
    context = doubted()
    answers("1.3", "mot.xlsx", to=10)
    explain(context, "test")
    answers("1.2.2", "hai.xlsx", day=DUE + timedelta(days=1), to=7)
    assert explain(context, "test") == 1
    with session() as records:
        figures = current_figures(records, ROUND)
        kept = records.exec(
            select(FigureRecord.number)
            .where(FigureRecord.criterion == "1.3", FigureRecord.variable == "a")
            .order_by(FigureRecord.version)  # type: ignore[arg-type]
        ).all()
    assert figures[UNIT, "1.3", "a"].value == 10
    assert figures[UNIT, "1.2.2", "a"].value == 7
    assert list(kept) == ["30", "10"]


def test_until_the_officer_decides_the_newest_answer_counts_then_none(doubted: Doubted) -> None:
    context = doubted()
    answers("1.3", "mot.xlsx")
    explain(context, "test")
    answers("1.3", "hai.xlsx", day=DUE + timedelta(days=1), to=10)
    assert explain(context, "test") == 1
    assert explain(context, "test") == 0, "the files that lie there are not taken in turns"
    assert (found("1.3").decision, found("1.3").corrected) == ("changed", "10")
    with session() as records:
        assert decide(records, ROUND, found("1.3").flag_id, True, "Khớp biên bản", "Cán bộ")
    answers("1.3", "ba.xlsx", day=DUE + timedelta(days=2), to=11)
    assert explain(context, "test") == 0
    (reason,) = aside()
    assert "cán bộ đã quyết định về giải trình trước của mục 1.3" in reason
    assert "Khớp biên bản" in reason
    with session() as records:
        assert current_figures(records, ROUND)[UNIT, "1.3", "a"].value == 10
    answers("1.3", "bon.xlsx", day=DUE + timedelta(days=3), to=10)
    explain(context, "test")
    assert len(aside()) == 1, "who says the same again is not refused"


def test_the_officer_decides_with_a_reason_on_a_flag_that_there_is(doubted: Doubted) -> None:
    doubted()
    one = found("1.3").flag_id
    with session() as records, pytest.raises(NoReason):
        decide(records, ROUND, one, False, " ", "Cán bộ")
    with session() as records, pytest.raises(UnknownFlag, match="không có nghi vấn 'xyz'"):
        decide(records, ROUND, "xyz", True, "Rõ", "Cán bộ")
    both = CliRunner().invoke(
        app, ["explain", ROUND, "--accept", one, "--refuse", one, "--reason", "x"]
    )
    assert both.exit_code != 0
    refused = CliRunner().invoke(app, ["explain", ROUND, "--refuse", one, "--reason", "Không có"])
    assert refused.exit_code == 0, refused.output
    assert states()["1.3"] == REFUSED


def test_an_answer_that_lies_unread_is_read_before_anybody_concludes(doubted: Doubted) -> None:
    context = doubted()
    answers("1.3", "mot.xlsx", to=10)
    concludes = ["explain", ROUND, "--refuse", found("1.3").flag_id, "--reason", "Không trả lời"]
    refused = CliRunner().invoke(app, concludes)
    assert refused.exit_code != 0
    assert isinstance(refused.exception, UnreadAnswer)
    assert states()["1.3"] == OPEN
    assert explain(context, "test") == 1
    assert states()["1.3"] == ANSWERED
    assert CliRunner().invoke(app, concludes).exit_code == 0
    assert states()["1.3"] == REFUSED


def test_the_appraiser_sees_every_doubt_with_answer_and_decision(doubted: Doubted) -> None:
    context = doubted()
    answers("1.3", "mot.xlsx", to=10)
    explain(context, "test")
    with session() as records:
        decide(records, ROUND, found("1.3").flag_id, True, "Khớp biên bản", "Cán bộ")
    one, other = found("1.3"), found("2.1")
    assert one.status == ACCEPTED
    assert doubts_told([one]) == one.message
    assert answers_told([one]) == ("Điều chỉnh thành 10: Vì. [Chấp nhận giải trình: Khớp biên bản]")
    assert answers_told([one, other]).splitlines()[1] == "(2) Chờ giải trình."
    assert doubts_told([one, other]).startswith(f"(1) {one.message}")


def test_a_number_for_a_doubt_about_no_single_figure_is_asked_about(doubted: Doubted) -> None:
    context = doubted()
    answers("2.1", "mot.xlsx", to=10)
    assert explain(context, "test") == 0
    (reason,) = aside()
    assert "không biết điều chỉnh số nào" in reason
    assert states()["2.1"] == OPEN
