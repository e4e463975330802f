"""Rights: who is known by which token, what is recorded, and what a refusal leaves behind."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import event
from sqlmodel import select

import dti_core.records
from dti_core import clock
from dti_core.program.load import RoundContext, load_round
from dti_core.program.policies import Step
from dti_core.records import people
from dti_core.records.approvals import STEPS, approval, approval_state
from dti_core.records.database import database_url, engine, session
from dti_core.records.one_writer import one_writer
from dti_core.records.opinions import Appraised, may_give, opinions, write_opinions
from dti_core.records.participation import keep_out
from dti_core.records.refusals import OFFICE, REFUSED
from dti_core.records.rights import NotAllowed, Right, acting_person, may, need
from dti_core.records.rounds import reopen
from dti_core.records.separation import CHANGES
from dti_core.records.sign_off import NotApproved, sign
from dti_core.records.tables import AuditRecord
from dti_core.records.tokens import TOKEN, TOKEN_FILE, UnreadableToken, acting
from dti_core.records.verifying import verify
from tests.unit.office_people import (
    APPRAISER,
    APPROVER,
    OPERATOR,
    OTHER_APPRAISER,
    READER,
    TITLE,
    registered,
)
from tests.unit.signed_round import ORGANISER, ROUND, opened, ready

RECORDS = Path(dti_core.records.__file__).parent


@pytest.fixture(autouse=True)
def nobody_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (TOKEN, TOKEN_FILE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def opened_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the round opened, to be copied: opening it takes longer than most tests here."""
    home = tmp_path_factory.mktemp("opened")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTI_HOME", str(home))
        patch.delenv("DTI_DATABASE_URL", raising=False)
        opened()
        engine(database_url()).dispose()
    return home


@pytest.fixture
def context(opened_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RoundContext:
    monkeypatch.setenv("DTI_HOME", str(shutil.copytree(opened_home, tmp_path / "home")))
    monkeypatch.delenv("DTI_DATABASE_URL", raising=False)
    return load_round(ROUND)


def events(action: str, chain: str = ROUND) -> list[AuditRecord]:
    with session() as records:
        wanted = select(AuditRecord).where(
            AuditRecord.round_id == chain, AuditRecord.action == action
        )
        return list(records.exec(wanted))


@pytest.mark.usefixtures("context")
def test_without_people_the_office_is_open() -> None:
    with session() as records:
        assert need(records, ROUND, Right.APPROVE, "Giám đốc Sở") == "Giám đốc Sở"
        assert may(records, ROUND, Right.APPRAISE, fields=("so-b",))
    assert events(REFUSED) == []


@pytest.mark.usefixtures("database")
def test_a_refusal_changes_nothing_stays_in_the_chain_and_says_who_may() -> None:
    context = opened()
    tokens = registered(context)

    def holding_the_lock() -> None:
        with acting(tokens[READER]), session() as records:
            one_writer(records, ROUND)  # whatever this transaction holds, the refusal is written
            keep_out(records, context, "so-a", "not_ranked", "x", "x", "")

    with pytest.raises(NotAllowed) as refused:
        holding_the_lock()
    told = str(refused.value)
    assert READER in told
    assert "Người có quyền" in told
    assert OPERATOR in told
    assert APPROVER in told
    (event_,) = events(REFUSED)
    assert (event_.actor, event_.subject) == (READER, ROUND)
    assert event_.detail["right"] == "decide"
    assert events("place_decided") == []

    with pytest.raises(NotAllowed, match="phải có mã cá nhân"), session() as records:
        people.add(records, "Kế toán", ["reader"])
    (event_,) = events(REFUSED, OFFICE)
    assert event_.actor == "không rõ"
    with session() as records:
        assert verify(records) == []


def test_a_refusal_that_is_caught_is_recorded_beside_what_was_written(
    context: RoundContext,
) -> None:
    tokens = registered(context)
    with acting(tokens[OPERATOR]), session() as records:
        keep_out(records, context, "so-a", "not_ranked", "x", "x", "")
        with pytest.raises(NotAllowed):
            sign(records, context, "tham-dinh", "Giám đốc Sở")
    assert [each.actor for each in events("place_decided")] == [OPERATOR]
    assert [each.detail["right"] for each in events(REFUSED)] == ["approve"]


def test_nobody_is_recorded_under_another_name(context: RoundContext) -> None:
    tokens = registered(context)
    with acting(tokens[OPERATOR]):
        for said in ("", "Người vận hành", OPERATOR.upper()):
            with session() as records:
                assert need(records, ROUND, Right.OPERATE, said) == OPERATOR
        with pytest.raises(NotAllowed, match="không giữ vai trò"), session() as records:
            reopen(records, context, "x", "Giám đốc Sở")
    with acting(tokens[APPROVER]):
        with pytest.raises(NotAllowed, match="không giữ vai trò"), session() as records:
            sign(records, context, "tham-dinh", "Chủ tịch Hội đồng")
        with session() as records:
            assert sign(records, context, "tham-dinh", TITLE)
    with session() as records:
        given = approval(records, ROUND, "tham-dinh")
        assert given is not None
        assert given.role == TITLE
        assert approval_state(records, context, "tham-dinh").state == "valid"
    (approved,) = events("step_approved")
    assert (approved.actor, approved.detail["role"]) == (APPROVER, TITLE)


class TestTokens:
    def refused(self, token: str, right: Right, why: str) -> None:
        with (
            acting(token),
            session() as records,
            pytest.raises(NotAllowed, match=why),
        ):
            need(records, ROUND, right, APPROVER)

    def test_a_token_file_is_read_only_where_nobody_else_may(
        self, context: RoundContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "ma"
        file.write_text(registered(context)[OPERATOR] + "\n", encoding="utf-8")
        monkeypatch.setenv(TOKEN_FILE, str(file))
        file.chmod(0o640)
        with pytest.raises(UnreadableToken, match="chmod 600"), session() as records:
            need(records, ROUND, Right.OPERATE)
        file.chmod(0o600)
        with session() as records:
            assert need(records, ROUND, Right.OPERATE) == OPERATOR
        monkeypatch.setenv(TOKEN_FILE, str(tmp_path / "khong-co"))
        with pytest.raises(UnreadableToken, match="Không đọc được"), session() as records:
            need(records, ROUND, Right.OPERATE)

    def test_a_token_in_the_environment(
        self, context: RoundContext, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(TOKEN, registered(context)[READER])
        with session() as records:
            person = acting_person(records)
            assert person is not None
            assert person.name == READER
            assert "salt" not in repr(person)

    def test_a_token_ends_by_its_day_and_by_being_revoked(self, context: RoundContext) -> None:
        tokens = registered(context)
        last = datetime(2026, 3, 31, 5, tzinfo=UTC)
        with clock.standing_at(last), acting(tokens[OPERATOR]), session() as records:
            until = clock.today()
            brief = people.add(records, "Cộng tác viên", ["operator"], until=until)
        with clock.standing_at(last), acting(brief), session() as records:
            assert need(records, ROUND, Right.OPERATE) == "Cộng tác viên"
        with clock.standing_at(last.replace(month=4, day=1)):
            self.refused(brief, Right.OPERATE, "hết hạn")
        with acting(tokens[OPERATOR]), session() as records:
            people.revoke(records, APPROVER, "chuyển công tác")
        self.refused(tokens[APPROVER], Right.APPROVE, "đã bị thu hồi")
        with acting(tokens[OPERATOR]), session() as records:
            anew = people.renew(records, APPROVER)
        with acting(anew), session() as records:
            assert sign(records, context, "tham-dinh", "Giám đốc Sở")
        self.refused(tokens[APPROVER], Right.APPROVE, "mã mới")

    def test_people_are_read_once_a_session(self, context: RoundContext) -> None:
        tokens, asked = registered(context), []

        def watch(*given: object) -> None:
            asked.append(str(given[2]))

        made = engine(database_url())
        event.listen(made, "before_cursor_execute", watch)
        try:
            with acting(tokens[OPERATOR]), session() as records:
                for _ in range(100):
                    need(records, ROUND, Right.OPERATE)
                    may(records, ROUND, Right.APPROVE)
        finally:
            event.remove(made, "before_cursor_execute", watch)
        assert len([each for each in asked if "person" in each]) == len(asked) == 1


class TestFields:
    def one(self, verifier: str, context: RoundContext) -> int:
        with session() as records:
            given = [Appraised("so-a", "1.2", Fraction(16), "x")]
            return write_opinions(records, context, verifier, given, "")

    def test_an_appraiser_gives_points_in_his_own_field_alone(self, context: RoundContext) -> None:
        tokens = registered(context)
        with acting(tokens[APPRAISER]):
            assert self.one(ORGANISER, context) == 1
        for who in (OTHER_APPRAISER, OPERATOR, APPROVER):
            with acting(tokens[who]), pytest.raises(NotAllowed, match=ORGANISER):
                self.one(ORGANISER, context)
        with session() as records:
            (given,) = [each for each in opinions(records, ROUND) if each.points == "16"]
            assert given.actor == APPRAISER

    def test_a_field_is_named_by_agency_or_is_everybodys(self, context: RoundContext) -> None:
        tokens = registered(context)
        organiser = replace(
            context,
            program=context.program.model_copy(
                update={
                    "units": tuple(
                        unit.model_copy(update={"agency": "so-tttt"})
                        if unit.id == ORGANISER
                        else unit
                        for unit in context.program.units
                    )
                }
            ),
        )
        with acting(tokens[OPERATOR]), session() as records:
            every = people.add(records, "Tổ thẩm định", ["appraiser"], verifiers=["*"])
            agency = people.add(records, "Sở chủ trì", ["appraiser"], agencies=["so-tttt"])
        with acting(every), session() as records:
            assert may_give(records, organiser, ORGANISER)
            assert may_give(records, organiser, "so-b")
            assert may_give(records, organiser, "chu-tri"), "the organiser decides"
        with acting(tokens[OTHER_APPRAISER]), session() as records:
            assert not may_give(records, organiser, "chu-tri")
        with acting(agency), pytest.MonkeyPatch.context() as patch:
            patch.setattr("dti_core.records.rights.load_program", lambda _: organiser.program)
            with session() as records:
                assert may_give(records, organiser, ORGANISER)
                assert not may_give(records, organiser, "so-b")

    def test_a_program_is_the_limit_of_whoever_works_on_one(self, context: RoundContext) -> None:
        tokens = registered(context)
        with acting(tokens[OPERATOR]), session() as records:
            other = people.add(records, "Tổ giúp việc", ["operator"], program="tinh-khac")
        with acting(other), session() as records:
            assert may(records, "tinh-khac/2024", Right.OPERATE)
            assert not may(records, ROUND, Right.OPERATE)


class TestFourEyes:
    @pytest.fixture
    def round_(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RoundContext:
        monkeypatch.setenv("DTI_HOME", str(tmp_path))
        monkeypatch.delenv("DTI_DATABASE_URL", raising=False)
        return ready(policies={"separation": ["tham-dinh"]})

    def decided(self, context: RoundContext, token: str) -> None:
        with acting(token), session() as records:
            given = [Appraised("so-a", "1.2", Fraction(16), "x")]
            assert write_opinions(records, context, ORGANISER, given, "")

    def test_the_last_editor_does_not_approve(self, round_: RoundContext) -> None:
        tokens = registered(round_)
        with acting(tokens[OPERATOR]), session() as records:
            both = people.add(
                records, "Phó Giám đốc", ["appraiser", "approver"], verifiers=[ORGANISER]
            )
        self.decided(round_, both)
        with acting(both), session() as records:
            with pytest.raises(NotApproved, match="người cuối cùng cho điểm thẩm định"):
                sign(records, round_, "tham-dinh", "Phó Giám đốc")
            assert sign(records, round_, "giai-trinh", "Phó Giám đốc") is False, "not named"
        with acting(tokens[APPROVER]), session() as records:
            assert sign(records, round_, "tham-dinh", "Giám đốc Sở")

    def test_it_holds_for_roles_where_nobody_is_registered(self, round_: RoundContext) -> None:
        with session() as records:
            with pytest.raises(NotApproved, match="Kế hoạch 5/KH"):
                sign(records, round_, "tham-dinh", "Test")
            assert sign(records, round_, "tham-dinh", "Giám đốc Sở") is False, "as it was"

    def test_without_the_policy_it_is_left_to_the_office(self, context: RoundContext) -> None:
        with session() as records:
            assert sign(records, context, "tham-dinh", "test")

    def test_every_step_has_its_changes_and_every_change_is_recorded_somewhere(self) -> None:
        assert set(CHANGES) == set(STEPS) == set(get_args(Step))
        told = "".join(file.read_text(encoding="utf-8") for file in RECORDS.glob("*.py"))
        for actions in CHANGES.values():
            for action in actions:
                assert told.count(f'"{action}"') > 1, f"{action}: here and where it is recorded"
