"""People of the office: registered, renewed, revoked; what that means at the command line, on
Prefect's form and for the appraisers' files."""

import json
import re
import stat
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from dti_core import clock
from dti_core.program.load import load_round
from dti_core.records import people
from dti_core.records.approvals import approval_state
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.opinions import opinions
from dti_core.records.people import NotRegistered
from dti_core.records.refusals import OFFICE
from dti_core.records.rights import NotAllowed
from dti_core.records.rounds import open_round
from dti_core.records.tables import AuditRecord, PersonRecord
from dti_core.records.tokens import PREFIX, TOKEN, TOKEN_FILE, acting
from dti_core.records.verifying import verify
from flows.cli import app
from tasks.appraising import appraise, write_workbooks
from tests.unit import appraised_round, signed_round
from tests.unit.office_people import APPROVER, OPERATOR

UNITS_ROUND = "vinh-long-mau/2024-q4"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "220")
    for name in ("DTI_DATABASE_URL", TOKEN, TOKEN_FILE):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def first() -> str:
    with session() as records:
        return people.add(records, OPERATOR, ["operator"])


class TestTheRecords:
    @pytest.fixture(autouse=True)
    def on_both(self, database: str) -> None:
        """On SQLite and PostgreSQL."""

    def test_the_token_is_nowhere_and_every_change_is_in_the_chain(self, tmp_path: Path) -> None:
        token = first()
        with acting(token), session() as records:
            other = people.add(records, APPROVER, ["approver"], titles=["Giám đốc"])
            anew = people.renew(records, APPROVER)
            assert people.revoke(records, APPROVER, "nghỉ hưu")
            assert not people.revoke(records, APPROVER, "lần nữa"), "it is revoked"
        assert len({token, other, anew}) == 3
        assert all(each.startswith(PREFIX) and len(each) > 40 for each in (token, other, anew))
        with session() as records:
            kept = [each.model_dump() for each in records.exec(select(PersonRecord))]
            events = list(records.exec(select(AuditRecord).order_by(AuditRecord.seq)))  # type: ignore[arg-type]
            assert verify(records) == []
        everything = json.dumps([kept, [each.model_dump() for each in events]])
        files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        for each in (token, other, anew):
            assert each not in everything
            assert each.encode() not in files
        assert [(each.round_id, each.action, each.actor) for each in events] == [
            (OFFICE, "person_added", OPERATOR),
            (OFFICE, "person_added", OPERATOR),
            (OFFICE, "token_renewed", OPERATOR),
            (OFFICE, "token_revoked", OPERATOR),
        ]
        assert len({each["salt"] for each in kept}) == 2

    def test_the_office_never_locks_itself_out(self) -> None:
        with session() as records:
            with pytest.raises(NotRegistered, match="đầu tiên phải là người vận hành"):
                people.add(records, APPROVER, ["approver"])
            with pytest.raises(NotRegistered, match="đầu tiên"):
                people.add(records, OPERATOR, ["operator"], until=clock.today())
        token = first()
        with acting(token), session() as records:
            people.add(records, "Cộng tác viên", ["operator"], until=clock.today())
        for wish in (
            lambda records: people.revoke(records, OPERATOR, "nghỉ"),
            lambda records: people.renew(records, OPERATOR, clock.today() + timedelta(1)),
        ):
            with acting(token), pytest.raises(NotRegistered, match="không hết hạn"):
                _in_a_session(wish)
        with acting(token), session() as records:
            people.add(records, "Phó phòng", ["operator"])
            assert people.revoke(records, OPERATOR, "nghỉ")
        with acting(token), pytest.raises(NotAllowed, match="thu hồi"):
            _in_a_session(lambda records: people.renew(records, OPERATOR))


def _in_a_session(work: Any) -> None:
    with session() as records:
        work(records)


@pytest.mark.parametrize(
    ("roles", "more", "told"),
    [
        ([], {}, "Không có vai trò nào được nêu"),
        (["admin"], {}, "Không có vai trò admin. Có: operator"),
        (["operator"], {"units": ["x"]}, "--role district"),
        (["district"], {}, "phải có đơn vị của mình"),
        (["appraiser"], {}, "phải nêu lĩnh vực"),
        (["reader"], {"verifiers": ["x"]}, "không kèm lĩnh vực"),
    ],
)
def test_a_role_is_registered_with_what_belongs_to_it(
    roles: list[str], more: dict[str, Any], told: str
) -> None:
    with acting(first()), session() as records, pytest.raises(NotRegistered, match=re.escape(told)):
        people.add(records, "Văn thư", roles, **more)


def test_a_name_is_one_persons_for_ever() -> None:
    token = first()
    with acting(token), session() as records:
        people.add(records, "Văn thư", ["reader"])
        people.revoke(records, "Văn thư", "chuyển công tác")
        with pytest.raises(NotRegistered, match='dti people renew "văn thư"'):
            people.add(records, "văn thư", ["operator"])
        with pytest.raises(NotRegistered, match="đã qua"):
            people.add(records, "Kế toán", ["reader"], until=clock.today() - timedelta(1))
        with pytest.raises(NotRegistered, match="Đã đăng ký: Chuyên viên phụ trách, Văn thư"):
            people.renew(records, "Kế toán")
        with pytest.raises(NotRegistered, match="lý do"):
            people.revoke(records, OPERATOR, " ")


def run(*words: str, code: int = 0, **environment: str) -> str:
    result = CliRunner().invoke(app, list(words), env=environment)
    assert result.exit_code == code, f"{result.output}{result.exception}"
    return " ".join(f"{result.output} {result.exception or ''}".split())


def _token(told: str) -> str:
    (found,) = re.findall(rf"{PREFIX}\S+", told)
    return found


def test_the_command_from_an_open_office_to_a_refusal(tmp_path: Path) -> None:
    assert "Chưa đăng ký người dùng" in run("people", "list")
    file = tmp_path / "ma"
    file.write_text(_token(run("people", "add", OPERATOR, "--role", "operator")), encoding="utf-8")
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    me = {TOKEN_FILE: str(file)}
    told = run("people", "add", "Văn thư", "--role", "reader", code=1)
    assert "phải có mã cá nhân" in told
    assert OPERATOR in told
    unknown = ("people", "add", "Huyện", "--role", "district", "--unit", "huyen-khong-co")
    assert "huyen-khong-co (--unit)" in run(*unknown, code=1, **me)
    reader = _token(
        run("people", "add", "Văn thư", "--role", "reader", "--until", "2999-12-31", **me)
    )
    assert "Văn thư (Người xem)" in run("people", "renew", OPERATOR, code=1, **{TOKEN: reader})
    listed = run("people", "list")
    assert "đến hết ngày 31/12/2999" in listed
    found = json.loads(CliRunner().invoke(app, ["people", "list", "--json"]).output)
    assert [each["name"] for each in found] == [OPERATOR, "Văn thư"]
    assert not {"salt", "digest"} & set(found[0])
    again = _token(run("people", "renew", "Văn thư", **me))
    assert again != reader
    assert "Đã thu hồi" in run("people", "revoke", "Văn thư", "--reason", "chuyển", **me)
    assert "đã thu hồi" in run("people", "list")


def test_whoever_only_reads_may_list_what_a_command_would_propose() -> None:
    with session() as records:
        open_round(records, load_round(UNITS_ROUND), "test")
    with acting(first()), session() as records:
        reader = people.add(records, "Văn thư", ["reader"])
    run("exemptions", UNITS_ROUND, **{TOKEN: reader})
    with session() as records:
        actions = records.exec(
            select(AuditRecord.action).where(AuditRecord.round_id == UNITS_ROUND)
        )
        assert list(actions) == ["round_opened"], "neither proposed nor refused"


def test_prefects_form_approves_nothing_once_people_are_registered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from flows import forms

    context = signed_round.opened()
    with session() as records:
        digest = digest_of(records, context.id, "tham-dinh")
    key = f"suspended-tham-dinh-{digest}-x-response"
    left = [SimpleNamespace(key=key, answer=forms.XacNhan(role=APPROVER, agree=True))]
    monkeypatch.setattr(forms, "filter_flow_run_input", lambda **_: list(left))
    monkeypatch.setattr(forms, "delete_flow_run_input", lambda _: left.clear())
    load = staticmethod(lambda given: given.answer)
    monkeypatch.setattr(forms.XacNhan, "load_from_flow_run_input", load)
    token = first()
    with acting(token), session() as records:
        people.add(records, APPROVER, ["approver"])
    (refusal,) = forms.take_answers(context, "tham-dinh")
    assert "dti approve ky/2023 tham-dinh" in refusal
    assert left == [], "what was typed in does not stay in Prefect's database"
    with session() as records:
        assert approval_state(records, context, "tham-dinh").state == "missing"


def test_an_appraisers_file_is_taken_by_nobody_but_the_appraiser() -> None:
    context = appraised_round.scored()
    chair = appraised_round.CHAIR_ID
    write_workbooks(context, "test")
    appraised_round.fills(chair, "chu-tich.xlsx", {"1.3": (20, "minh chứng thiếu")})
    token = first()
    with acting(token), session() as records:
        his = people.add(records, "Chủ tịch Hội đồng", ["appraiser"], verifiers=[chair])
        other = people.add(records, "Ủy viên", ["appraiser"], verifiers=[appraised_round.INTERIOR])
    for who in (token, other):
        with acting(who):
            read = appraise(context, "Người vận hành")
        assert read.opinions == 0
        assert "còn nằm ở hộp nhận" in read.told[0]
        assert read.set_aside == []
    with acting(his):
        assert write_workbooks(context, "Người vận hành") == [], "handing rows out is not his"
        read = appraise(context, "Người vận hành")
    assert (read.opinions, read.set_aside) == (1, [])
    with session() as records:
        (given,) = opinions(records, context.id)
        assert (given.verifier, given.actor) == (chair, "Chủ tịch Hội đồng")
        assert verify(records) == []
