"""Sign-off: by role, in order, over what was shown; any later change voids it and is told."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner

from dti_core.plausibility.flag import Flag
from dti_core.program.load import RoundContext, load_round
from dti_core.records import audit
from dti_core.records.approvals import STEPS, ApprovalState, UnknownStep, approval_state, steps_of
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.drafts import is_current
from dti_core.records.figures import receive
from dti_core.records.files import round_folder
from dti_core.records.flags import write_flags
from dti_core.records.participation import keep_out
from dti_core.records.petitions import announce, decide, lodge
from dti_core.records.rounds import gate_of, open_round
from dti_core.records.scoring import score_round
from dti_core.records.sign_off import NotApproved, sign
from dti_core.records.tables import ApprovalRecord, AuditRecord, AwardRecord
from flows.cli import app
from tests.trail import events_of
from tests.unit.signed_round import (
    DRAFT,
    OVER,
    ROUND,
    SENT,
    adjusts,
    approves,
    drafted,
    opened,
    ready,
    write_round,
)

pytestmark = pytest.mark.usefixtures("database")


def signed(context: RoundContext, step: str, role: str = "Giám đốc", day: date = OVER) -> bool:
    with session() as records:
        return sign(records, context, step, role, day=day)


def state(context: RoundContext, step: str) -> ApprovalState:
    with session() as records:
        return approval_state(records, context, step)


def refusal(context: RoundContext, step: str, role: str = "Giám đốc", day: date = OVER) -> str:
    with pytest.raises(NotApproved) as refused:
        signed(context, step, role, day)
    return str(refused.value)


class TestOneStep:
    def test_it_is_missing_then_valid_and_says_by_whom(self) -> None:
        context = opened()
        assert state(context, "tham-dinh") == ApprovalState("tham-dinh", "missing")
        assert signed(context, "tham-dinh", "Chủ tịch Hội đồng")
        found = state(context, "tham-dinh")
        assert (found.state, found.role, found.changed) == ("valid", "Chủ tịch Hội đồng", ())
        assert found.at

    def test_signed_again_over_the_same_it_changes_nothing(self) -> None:
        context = opened()
        signed(context, "tham-dinh")
        assert not signed(context, "tham-dinh", "Người khác")
        with session() as records:
            found = events_of(records, "step_approved")
            assert audit.verify(records, ROUND) == []
        assert [each.actor for each in found] == ["Giám đốc"]

    def test_it_is_unknown_or_without_a_role(self) -> None:
        context = opened()
        with pytest.raises(UnknownStep, match="kien-nghi"):
            signed(context, "xong")
        assert "phải nêu vai trò: --as" in refusal(context, "tham-dinh", " ")

    def test_only_the_roles_that_the_policy_names_may(self) -> None:
        context = opened(policies={"approvers": {"tham-dinh": ["Chủ tịch Hội đồng", "Giám đốc"]}})
        assert refusal(context, "tham-dinh", "Chuyên viên") == (
            "“Chuyên viên” không được xác nhận bước tham-dinh (đã khép việc thẩm định). Người được"
            " xác nhận: Chủ tịch Hội đồng, Giám đốc (Kế hoạch 5/KH)."
        )
        assert signed(context, "tham-dinh", "giám đốc"), "small letters are the same role"
        assert signed(context, "thu-thap", "Chuyên viên"), "the policy names nobody for this step"

    def test_a_policy_on_approvers_that_is_set_later_voids_what_others_had_approved(self) -> None:
        approves(opened(), "tham-dinh", role="Chuyên viên")
        context = write_round(policies={"approvers": {"tham-dinh": ["Giám đốc"]}})
        found = state(context, "tham-dinh")
        assert found.state == "void"
        assert found.changed == ("chính sách approvers: vai trò này không được xác nhận bước này",)
        assert signed(context, "tham-dinh", "Giám đốc"), "over the very same content"
        assert state(context, "tham-dinh").role == "Giám đốc"
        assert not signed(context, "tham-dinh", "Giám đốc")

    def test_a_policy_that_is_set_later_is_an_event_once(self) -> None:
        def told() -> list[tuple[str, dict[str, object]]]:
            with session() as records:
                open_round(records, load_round(ROUND), "test")
                events = records.exec(
                    select(AuditRecord).where(AuditRecord.action == "policies_set")
                )
                return [(each.actor, each.detail["policies"]) for each in events]

        opened()
        assert told() == []
        write_round(policies={"late_submission": "refuse", "petition_days": None})
        assert told() == told()
        ((actor, changed),) = told()
        assert actor == "test"
        assert set(changed) == {"late_submission", "petition_days"}
        assert changed["late_submission"]["value"] == "refuse"
        assert changed["petition_days"] is None
        write_round()
        assert len(told()) == 2

    def test_what_changed_after_it_was_shown_is_not_signed(self) -> None:
        context = opened()
        with session() as records:
            shown = digest_of(records, ROUND, "tham-dinh")
        adjusts(context, "so-a", "1.2", 16)
        with pytest.raises(NotApproved, match="đã đổi sau khi được đưa ra"), session() as records:
            sign(records, context, "tham-dinh", "Giám đốc", shown=shown)
        assert state(context, "tham-dinh").state == "missing"


class TestTheOrder:
    def test_petitions_close_when_their_time_is_over_and_all_are_decided(self) -> None:
        context = opened()
        assert "dti petition ky/2023 --announced NGÀY" in refusal(context, "kien-nghi")
        with session() as records:
            announce(records, context, SENT, "test")
            lodge(records, context, "so-b", "Thiếu điểm", date(2024, 3, 2), "1.1", actor="x")
        told = refusal(context, "kien-nghi", day=date(2024, 3, 6))
        assert "còn đến hết ngày 06/03/2024" in told
        assert "Kiến nghị số 1 của Sở B chưa có quyết định: dti petition ky/2023 --decide 1" in told
        with session() as records:
            decide(records, context, 1, False, "Không có căn cứ", actor="x")
        assert signed(context, "kien-nghi")

    def test_the_draft_comes_last_and_all_that_stands_before_it_is_told(self) -> None:
        context = opened()
        told = refusal(context, "du-thao")
        for step in ("thu-thap", "giai-trinh", "tham-dinh", "kien-nghi"):
            assert f"Bước {step} chưa được xác nhận ({STEPS[step]}): dti approve ky/2023" in told
        assert "Chưa có dự thảo quyết định: dti publish ky/2023" in told

    def test_the_draft_is_signed_once_everything_before_it_holds(self) -> None:
        context = ready()
        drafted(context)
        assert signed(context, "du-thao")
        with session() as records:
            assert gate_of(records, ROUND).finished

    def test_a_step_before_it_that_was_voided_stops_the_draft(self) -> None:
        context = ready()
        drafted(context)
        adjusts(context, "so-a", "1.2", 16)
        told = refusal(context, "du-thao")
        assert "Xác nhận bước tham-dinh của Trưởng phòng mất hiệu lực vì sau đó đã đổi:" in told
        assert "điểm chính thức hoặc lý do (Sở A)" in told

    def test_the_order_in_which_a_database_gives_rows_is_no_change(self) -> None:
        context = ready()
        drafted(context)
        with session() as records:
            assert is_current(records, ROUND)
            records.connection().execute(text("UPDATE award SET id = 100000 - id"))
            assert is_current(records, ROUND)

    def test_a_draft_that_was_changed_by_hand_is_not_signed(self) -> None:
        context = ready()
        drafted(context)
        (round_folder(ROUND) / DRAFT).write_bytes(b"PK sua tay")
        assert f"Tệp {DRAFT} mất hoặc đã bị sửa" in refusal(context, "du-thao")

    def test_a_round_without_petitions_has_no_such_step(self) -> None:
        context = opened(policies={"petition_days": 0})
        assert steps_of(context) == ("thu-thap", "giai-trinh", "tham-dinh", "du-thao")
        assert "không có bước kien-nghi" in refusal(context, "kien-nghi")


def new_file(_context: RoundContext) -> None:
    with session() as records:
        receive(records, ROUND, "so-a", "so-a:own", "a" * 64, "a.xlsx", "test")


def new_doubt(_context: RoundContext) -> None:
    with session() as records:
        flag = Flag("so-b", "1.1", None, "prior_year", "Tăng đột biến.")
        write_flags(records, ROUND, [flag], {}, "test")


def new_reason(_context: RoundContext) -> None:
    """Somebody edits a reason in the records; the points stay as they are."""
    with session() as records:
        award = records.exec(
            select(AwardRecord).where(AwardRecord.unit == "so-c", AwardRecord.kind == "appraised")
        ).first()
        assert award is not None
        award.reason = "khác"
        records.add(award)


def new_petition_decision(context: RoundContext) -> None:
    with session() as records:
        lodge(records, context, "so-b", "Thiếu điểm", date(2024, 3, 2), "1.1", actor="x")


def out_of_the_ranking(context: RoundContext) -> None:
    with session() as records:
        keep_out(records, context, "so-a", "not_ranked", "mới lập", "Kế hoạch 5/KH", "test")


def new_policy(_context: RoundContext) -> None:
    write_round(policies={"ties": "dense"})


def new_draft(context: RoundContext) -> None:
    drafted(context, b"PK khac")


@pytest.mark.parametrize(
    ("step", "change", "told"),
    [
        ("thu-thap", new_file, ("tệp số liệu (Sở A)",)),
        ("giai-trinh", new_doubt, ("nghi vấn và giải trình (Sở B)",)),
        ("tham-dinh", new_reason, ("điểm chính thức hoặc lý do (Sở C)",)),
        ("kien-nghi", new_petition_decision, ("kiến nghị (Sở B)",)),
        ("du-thao", new_reason, ("điểm chính thức hoặc lý do (Sở C)",)),
        ("du-thao", out_of_the_ranking, ("việc tham gia xếp hạng (Sở A)",)),
        ("du-thao", new_policy, ("chính sách (Bằng điểm – ties)",)),
        ("du-thao", new_draft, (f"dự thảo quyết định ({DRAFT})",)),
    ],
)
def test_each_change_voids_its_step_and_is_named(
    step: str, change: Callable[[RoundContext], None], told: tuple[str, ...]
) -> None:
    context = ready()
    drafted(context)
    signed(context, "du-thao")
    change(context)
    found = state(load_round(ROUND), step)
    assert (found.state, found.changed) == ("void", told)
    assert found.role


def test_points_that_change_void_appraisal_and_draft_and_name_points_and_ranking() -> None:
    context = ready()
    drafted(context)
    signed(context, "du-thao")
    adjusts(context, "so-a", "2.1", 70)
    assert state(context, "tham-dinh").changed == (
        "điểm chính thức hoặc lý do (Sở A)",
        "điểm của người thẩm định (Sở A)",
    )
    assert state(context, "du-thao").changed == (
        "điểm chính thức hoặc lý do (Sở A)",
        "xếp hạng, xếp loại (Sở A, Sở B, Sở C)",
    )
    assert state(context, "thu-thap").state == "valid", "what did not change still holds"
    assert state(context, "kien-nghi").state == "valid"


def test_a_change_that_is_taken_back_leaves_the_approval_valid() -> None:
    context = ready()
    drafted(context)
    signed(context, "du-thao")
    new_draft(context)
    drafted(context)
    assert state(context, "du-thao").state == "valid"


def test_an_approval_whose_event_does_not_tell_its_content_is_void_without_names() -> None:
    context = opened()
    with session() as records:
        records.add(
            ApprovalRecord(
                round_id=ROUND, step="tham-dinh", role="Cũ", digest="0" * 64, at=audit.now()
            )
        )
    found = state(context, "tham-dinh")
    assert (found.state, found.changed) == ("void", ("nội dung của bước",))


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, [*words])
    assert result.exit_code == code, f"{result.output}{result.exception}"
    return " ".join(f"{result.output} {result.exception or ''}".split())


def test_the_command_shows_every_step_and_what_voided_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    context = ready()
    drafted(context)
    assert "Đã xác nhận." in run("approve", ROUND, "du-thao", "--as", "Giám đốc")
    told = run("approve", ROUND)
    assert told.count("còn hiệu lực") == 5
    assert "dti publish ky/2023 --issued SỐ NGÀY" in told
    adjusts(context, "so-a", "1.2", 16)
    told = run("approve", ROUND)
    assert told.count("mất hiệu lực") == 2
    assert "- tham-dinh: sau khi xác nhận đã đổi điểm chính thức hoặc lý do (Sở A)" in told
    assert "dti approve ky/2023 tham-dinh --as" in told
    assert "Xác nhận bước tham-dinh của Trưởng phòng mất hiệu lực" in run("status", ROUND)
    assert json.loads(CliRunner().invoke(app, ["status", ROUND, "--json"]).output)["void_approvals"]


def test_the_command_refuses_with_the_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    opened(policies={"approvers": {"thu-thap": ["Giám đốc"]}})
    assert "Người được xác nhận: Giám đốc" in run(
        "approve", ROUND, "thu-thap", "--as", "Ai đó", code=1
    )
    assert "phải nêu vai trò" in run("approve", ROUND, "thu-thap", code=2)
    assert "Bước tham-dinh chưa được xác nhận" in run(
        "approve", ROUND, "du-thao", "--as", "Giám đốc", code=1
    )
    assert "Tệp mới không được nhận nữa" in run("approve", ROUND, "thu-thap", "--as", "Giám đốc")


def test_the_next_command_follows_the_steps_to_the_issue() -> None:
    def following(day: str = "2024-03-07") -> str:
        found = CliRunner().invoke(app, ["status", ROUND, "--json", "--on", day]).output
        return str(json.loads(found)["next"])

    context = opened()
    approves(context, "thu-thap")
    with session() as records:
        score_round(records, context, "test")
    approves(context, "giai-trinh", "tham-dinh")
    assert "dti petition ky/2023 --announced" in following()
    with session() as records:
        announce(records, context, SENT, "test")
    assert "còn đến hết ngày 06/03/2024" in following("2024-03-05")
    assert "dti approve ky/2023 kien-nghi" in following()
    signed(context, "kien-nghi")
    assert following() == "dti publish ky/2023"
    drafted(context)
    assert "dti approve ky/2023 du-thao" in following()
    signed(context, "du-thao")
    assert "dti publish ky/2023 --issued SỐ NGÀY" in following()
