"""A round that people have closed: what comes is set aside, with how to ask for a reopening."""

from datetime import timedelta

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from dti_core.plausibility.flag import Flag
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.collecting import quarantined, standings
from dti_core.records.confirmations import newest
from dti_core.records.database import session
from dti_core.records.flags import Answer, answer, write_flags
from dti_core.records.rounds import Gate, NotReopened, gate_of, reopen
from dti_core.records.tables import AuditRecord
from flows.cli import app
from flows.commands.unit_round import wish_to_send_again
from tasks.collecting import Collected, collect
from tasks.ladder import plan
from tests.unit.collected_round import approves, sends
from tests.unit.reminded_round import DUE, ROUND, opened

pytestmark = pytest.mark.usefixtures("database")
UNIT, OTHER = "so-y-te", "so-xay-dung"
LATER = DUE + timedelta(days=4)


@pytest.fixture
def context() -> RoundContext:
    return opened({})


def gate() -> Gate:
    with session() as records:
        return gate_of(records, ROUND)


def reopened(context: RoundContext, unit: str | None = None) -> bool:
    with session() as records:
        return reopen(records, context, "số liệu sai", "Trưởng phòng", unit)


def aside() -> list[str]:
    with session() as records:
        return [each.reason for each in quarantined(records, ROUND)]


def versions() -> dict[str, int]:
    with session() as records:
        return {source: each.version for source, each in newest(records, ROUND).items()}


def test_after_collection_is_closed_a_new_file_is_set_aside_and_a_known_one_stays_known(
    context: RoundContext,
) -> None:
    sends(context, UNIT, {("2.1|x", "value"): True})
    assert collect(context, "test") == Collected(new=1)
    assert approves("thu-thap")
    assert collect(context, "test") == Collected(known=1)
    sends(context, OTHER, {("2.1|x", "value"): True})
    assert collect(context, "test") == Collected(known=1, set_aside=1)
    (reason,) = aside()
    assert reason.startswith(f"Tệp {OTHER}.xlsx đến sau khi đợt {ROUND} khép việc thu thập")
    assert "(Trưởng phòng, ngày " in reason
    assert "Sở Xây dựng cần gửi thì có văn bản đề nghị Sở Thông tin và Truyền thông" in reason
    assert f"dti rounds reopen {ROUND} {OTHER} --reason LÝ_DO" in reason
    assert collect(context, "test") == Collected(known=1), "set aside once"
    assert versions() == {f"{UNIT}:own": 1}


def test_reopening_for_a_unit_lets_only_that_unit_send_until_it_is_closed_again(
    context: RoundContext,
) -> None:
    approves("thu-thap")
    sends(context, UNIT, {("2.1|x", "value"): True}, day=LATER)
    sends(context, OTHER, {("2.1|x", "value"): True}, day=LATER)
    collect(context, "test")
    assert reopened(context, UNIT)
    assert not reopened(context, UNIT), "a second time changes nothing"
    assert gate().exceptions == {UNIT}
    assert collect(context, "test") == Collected(new=1)
    assert versions() == {f"{UNIT}:own": 1}
    assert [reason.split(" ")[1] for reason in aside()] == [f"{OTHER}.xlsx"]
    assert approves("thu-thap"), "what came in has to be closed over anew"
    assert gate().exceptions == frozenset()
    sends(context, UNIT, {("2.1|x", "value"): False}, "lan-hai.xlsx")
    assert collect(context, "test").set_aside == 1
    with session() as records:
        assert audit.verify(records, ROUND) == []


def test_reopening_for_all_lets_everybody_send_and_is_in_the_trail(context: RoundContext) -> None:
    assert not reopened(context), "an open round needs no reopening"
    approves("thu-thap")
    approves("du-thao", "Giám đốc")
    assert gate().finished
    assert not gate().takes_answers(UNIT)
    assert reopened(context)
    assert gate() == Gate(reopened=True)
    sends(context, OTHER, {("2.1|x", "value"): True}, day=LATER)
    assert collect(context, "test") == Collected(new=1)
    with session() as records:
        event = records.exec(
            select(AuditRecord).where(AuditRecord.action == "round_reopened")
        ).one()
    assert (event.subject, event.actor) == (ROUND, "Trưởng phòng")
    assert event.detail == {"reason": "số liệu sai", "closed_by": "Giám đốc"}
    assert approves("du-thao"), "a draft that was approved before has to be approved again"


def test_a_unit_that_was_let_in_again_is_not_late_for_the_policy(database: str) -> None:
    assert database
    context = opened({"late_submission": "refuse"})
    sends(context, UNIT, {("2.1|x", "value"): True}, day=LATER)
    collect(context, "test")
    assert aside()[0].endswith("sau hạn 31/01/2024.")
    approves("thu-thap")
    reopened(context, UNIT)
    assert collect(context, "test") == Collected(new=1)
    assert aside() == [], "what was taken later no longer lies aside"
    with session() as records:
        stand = next(each for each in standings(records, ROUND) if each.provider == UNIT)
    assert stand.came_late


def test_only_who_may_still_send_is_reminded(context: RoundContext) -> None:
    approves("thu-thap")
    with session() as records:
        assert plan(records, context, LATER).late == ()
    reopened(context, UNIT)
    with session() as records:
        found = plan(records, context, LATER)
    assert {each.provider for each in found.late} == {UNIT}
    assert {each.recipient for each in found.messages} == {UNIT}


@pytest.mark.parametrize(
    ("unit", "reason", "told"),
    [
        (UNIT, "  ", "phải có lý do: --reason"),
        ("so-la", "sai", "không có yêu cầu nào gửi tới 'so-la'. Có: "),
    ],
)
def test_what_is_no_reopening_is_refused(
    context: RoundContext, unit: str, reason: str, told: str
) -> None:
    approves("thu-thap")
    with pytest.raises(NotReopened, match=told), session() as records:
        reopen(records, context, reason, "test", unit)
    assert gate().exceptions == frozenset()


def test_the_command_says_what_it_did_and_what_comes_next(context: RoundContext) -> None:
    assert context.id == ROUND
    approves("thu-thap")
    wished = ["rounds", "reopen", ROUND, UNIT, "--reason", "mất điện", "--as", "Chánh VP"]
    first = CliRunner().invoke(app, wished)
    assert first.exit_code == 0, first.output
    assert "Đã mở lại cho Sở Y tế." in first.output
    assert f"dti intake {ROUND}" in first.output
    again = CliRunner().invoke(app, wished)
    assert "không có gì thay đổi" in again.output
    shown = CliRunner().invoke(app, ["status", ROUND, "--on", "2024-02-01"]).output
    assert "đang mở lại cho: Sở Y tế" in shown.replace("\n", " ")


def test_closing_says_how_files_are_let_in_again(context: RoundContext) -> None:
    assert context.id == ROUND
    closed = CliRunner().invoke(app, ["approve", ROUND, "thu-thap", "--as", "Trưởng phòng"])
    assert closed.exit_code == 0, closed.output
    assert f"dti rounds reopen {ROUND} ĐƠN_VỊ" in closed.output.replace("\n", " ")


def test_a_unit_that_promises_its_whole_workbook_anew_has_to_be_let_in(
    context: RoundContext,
) -> None:
    doubt = Flag(UNIT, "1.2.2", None, "copied", "Chép của nơi khác.", criteria=("1.2.2", "2.1"))
    with session() as records:
        write_flags(records, ROUND, [doubt], {}, "test")
        answer(records, ROUND, [Answer(doubt.id, "changed", None, "nhầm tệp")], "test")
    assert wish_to_send_again(context) == [], "it may send as it is"
    approves("thu-thap")
    assert wish_to_send_again(context) == [UNIT]
    reopened(context, UNIT)
    assert wish_to_send_again(context) == []
