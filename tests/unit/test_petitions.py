"""Petitions about the provisional result: taken in time, decided with a reason, carried through."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dti_core.intake.evidence import EvidenceFile, checked
from dti_core.program.appraisal import PETITION
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.opinions import opinions
from dti_core.records.outbox import notifications
from dti_core.records.petition_period import NoDaysLeft
from dti_core.records.petitions import (
    PetitionRefused,
    altered,
    announce,
    announced_on,
    deadline_of,
    decide,
    is_over,
    lodge,
    petitions,
    undecided,
    withdraw,
)
from dti_core.records.ranking import ranks
from dti_core.records.rounds import reopen
from dti_core.records.tables import PetitionRecord
from flows.cli import app
from tasks.announcing import tell_provisional
from tests.trail import events_of
from tests.unit.signed_round import (
    OVER,
    ROUND,
    SENT,
    UNITS,
    approves,
    opened,
    settle,
    write_round,
)

pytestmark = pytest.mark.usefixtures("database")
LAST = date(2024, 3, 6)
ARRIVED = date(2024, 3, 4)


@pytest.fixture
def context() -> RoundContext:
    """The round with its provisional results sent."""
    context = opened()
    with session() as records:
        announce(records, context, SENT, "test")
    return context


def lodged(context: RoundContext, **other: Any) -> PetitionRecord:
    given = {
        "unit": "so-a",
        "text": "Thiếu minh chứng đã gửi",
        "received_on": ARRIVED,
        "criterion": "1.2",
        **other,
    }
    with session() as records:
        return lodge(records, context, **given, actor="Văn thư")


def decided(context: RoundContext, number: int, upheld: bool, points: int | None = None) -> bool:
    with session() as records:
        exact = None if points is None else Fraction(points)
        return decide(records, context, number, upheld, "Đúng", exact, actor="Tổ trưởng")


def awarded() -> list[tuple[str, str, str, str | None]]:
    """What petitions award, as the opinions hold it."""
    with session() as records:
        return [
            (each.unit, each.criterion, each.points, each.reason)
            for each in opinions(records, ROUND)
            if each.verifier == PETITION
        ]


class TestThePeriod:
    def test_it_runs_from_the_first_sending_for_the_days_of_the_policy(
        self, context: RoundContext
    ) -> None:
        with session() as records:
            assert not announce(records, context, date(2024, 3, 3), "test"), "the first day holds"
            assert announced_on(records, ROUND) == SENT
            assert deadline_of(records, context) == LAST
            assert not is_over(records, context, LAST), "the last day still counts"
            assert is_over(records, context, OVER)

    def test_the_round_may_name_the_last_day_itself(self) -> None:
        context = opened(round_={"petition_by": {"on": "2024-03-20", "basis": "Kế hoạch 5/KH"}})
        with session() as records:
            assert deadline_of(records, context) == date(2024, 3, 20)
            assert not is_over(records, context, date(2024, 3, 21)), "nothing was sent yet"
            announce(records, context, SENT, "test")
            assert is_over(records, context, date(2024, 3, 21))

    def test_results_that_go_out_late_leave_the_days_of_the_policy_all_the_same(self) -> None:
        context = opened(round_={"petition_by": {"on": "2024-03-20", "basis": "Kế hoạch 5/KH"}})
        with session() as records:
            announce(records, context, date(2024, 3, 18), "test")
            assert deadline_of(records, context) == date(2024, 3, 23), "five days from the sending"
            assert not is_over(records, context, date(2024, 3, 21))

    def test_nobody_is_told_results_when_the_day_is_over_before_somebody_decides(self) -> None:
        day = {"petition_by": {"on": "2024-03-20", "basis": "Kế hoạch 5/KH"}}
        context = opened(policies={"petition_days": None}, round_=day)
        with pytest.raises(NoDaysLeft, match="đặt chính sách petition_days"):
            tell_provisional(context, date(2024, 3, 20), "test")
        with session() as records:
            assert announced_on(records, ROUND) is None
            assert notifications(records, ROUND) == []
        decided_on = write_round(policies={"petition_days": 3}, round_=day)
        assert tell_provisional(decided_on, date(2024, 3, 20), "test") == len(UNITS)
        with session() as records:
            assert deadline_of(records, decided_on) == date(2024, 3, 23)
            assert all("23/03/2024" in each.body for each in notifications(records, ROUND))

    def test_in_time_the_day_of_the_round_needs_no_policy(self) -> None:
        day = {"petition_by": {"on": "2024-03-20", "basis": "Kế hoạch 5/KH"}}
        context = opened(policies={"petition_days": None}, round_=day)
        assert tell_provisional(context, date(2024, 3, 19), "test") == len(UNITS)

    def test_a_deadline_on_a_day_off_moves_where_the_policy_moves_deadlines(self) -> None:
        context = opened(policies={"deadline_on_day_off": "next_working_day", "petition_days": 8})
        with session() as records:
            announce(records, context, SENT, "test")
            # 09/3/2024 is a Saturday
            assert deadline_of(records, context) == date(2024, 3, 11)

    def test_a_round_that_was_opened_again_has_to_send_its_results_again(
        self, context: RoundContext
    ) -> None:
        approves(context, "thu-thap")
        with session() as records:
            assert reopen(records, context, "số liệu sai", "test")
            assert announced_on(records, ROUND) is None
            assert announce(records, context, date(2024, 4, 1), "test")
            assert deadline_of(records, context) == date(2024, 4, 6)

    def test_units_that_may_not_object_are_not_waited_for(self) -> None:
        context = opened(policies={"petition_days": 0})
        with session() as records:
            assert is_over(records, context, SENT)
        with pytest.raises(PetitionRefused, match="không nhận kiến nghị: chính sách petition_days"):
            lodged(context)


class TestLodging:
    def test_petitions_are_numbered_and_the_same_one_again_is_that_one(
        self, context: RoundContext
    ) -> None:
        first, second = lodged(context), lodged(context, unit="so-b", criterion=None)
        again = lodged(context)
        assert (first.number, second.number, again.number) == (1, 2, 1)
        with session() as records:
            told = [(p.number, p.unit, p.criterion, p.status) for p in petitions(records, ROUND)]
            assert audit.verify(records, ROUND) == []
        assert told == [(1, "so-a", "1.2", "open"), (2, "so-b", None, "open")]

    def test_its_paper_is_kept_whole_and_watched(self, context: RoundContext) -> None:
        paper = checked("Kiến nghị Sở A.pdf", b"%PDF-1.7 kien nghi")
        record = lodged(context, document=paper)
        assert record.sha256 == paper.sha256
        assert record.document == f"kien-nghi/{paper.sha256[:2]}/{paper.sha256}.pdf"
        path = round_folder(ROUND) / record.document
        assert path.read_bytes() == paper.content
        with session() as records:
            assert altered(records, ROUND) == []
            path.write_bytes(b"%PDF-1.7 khac")
            assert altered(records, ROUND) == [record.document]

    def test_a_paper_may_follow_but_not_replace_another(self, context: RoundContext) -> None:
        lodged(context)
        first = checked("a.pdf", b"%PDF-1")
        assert lodged(context, document=first).sha256 == first.sha256
        with pytest.raises(PetitionRefused, match="Kiến nghị số 1 đã có văn bản kien-nghi/"):
            lodged(context, document=checked("b.pdf", b"%PDF-2"))

    @pytest.mark.parametrize(
        ("other", "told"),
        [
            ({"received_on": OVER}, "Sở A nhận ngày 07/03/2024, sau hạn 06/03/2024: không nhận"),
            ({"received_on": date(2024, 2, 29)}, "trước ngày gửi kết quả dự kiến 01/03/2024"),
            ({"unit": "so-la"}, "không đánh giá đơn vị 'so-la'. Có: so-a, so-b, so-c"),
            ({"criterion": "9.9"}, "không có mục '9.9'. Xem các mục: dti frameworks show ky/so"),
            ({"text": "  "}, "phải có nội dung: --text"),
        ],
    )
    def test_what_cannot_be_taken_is_refused_with_why(
        self, context: RoundContext, other: dict[str, Any], told: str
    ) -> None:
        with pytest.raises(PetitionRefused) as refusal:
            lodged(context, **other)
        assert told in str(refusal.value)
        with session() as records:
            assert petitions(records, ROUND) == []

    def test_nothing_is_taken_before_the_results_were_sent(self) -> None:
        context = opened()
        with pytest.raises(PetitionRefused, match=r"dti petition ky/2023 --announced NGÀY"):
            lodged(context)

    def test_a_day_that_is_still_to_come_is_refused(self) -> None:
        context = opened(round_={"petition_by": {"on": "2999-12-31", "basis": "ví dụ"}})
        with session() as records:
            announce(records, context, SENT, "test")
        with pytest.raises(PetitionRefused, match="Ngày nhận 31/12/2999 chưa đến"):
            lodged(context, received_on=date(2999, 12, 31))

    def test_a_row_that_only_adds_up_others_is_refused_with_their_codes(self) -> None:
        child = {"rule": {"type": "appraised"}, "provider": {"relative": "self"}}
        cite = {"decree": "1/QĐ-UBND", "appendix": "I"}
        children = [
            {"code": f"1.2.{n}", "name": f"Phần thứ {n}", "max_points": 10, **child}
            | {"citation": {**cite, "row": f"1.2.{n}"}}
            for n in (1, 2)
        ]
        context = write_round(
            rows={"1.2": {"rule": {"type": "sum_of_children"}, "children": children}}
        )
        from dti_core.records.rounds import open_round

        with session() as records:
            open_round(records, context, "test")
            announce(records, context, SENT, "test")
        with pytest.raises(PetitionRefused, match=r"Mục 1.2 cộng từ các mục 1.2.1, 1.2.2"):
            lodged(context)


class TestDeciding:
    def test_an_upheld_one_with_points_becomes_the_official_points_and_moves_the_ranking(
        self, context: RoundContext
    ) -> None:
        lodged(context, unit="so-b", criterion="1.1")
        assert decided(context, 1, True, 10)
        assert awarded() == [("so-b", "1.1", "10", "Kiến nghị số 1: Đúng")]
        with session() as records:
            settle(records, context)
            places = [(r.unit, r.rank, r.published) for r in ranks(records, ROUND)]
            assert undecided(records, ROUND) == []
        assert places == [("so-b", 1, "80.00"), ("so-c", 2, "79.00"), ("so-a", 3, "63.00")]

    def test_deciding_anew_is_in_the_trail_and_takes_the_points_back(
        self, context: RoundContext
    ) -> None:
        lodged(context)
        assert decided(context, 1, True, 20)
        assert not decided(context, 1, True, 20), "the same again changes nothing"
        assert decided(context, 1, False)
        assert awarded() == []
        with session() as records:
            (record,) = petitions(records, ROUND)
            events = events_of(records, "petition_decided")
            assert audit.verify(records, ROUND) == []
        assert (record.status, record.points, record.decided_by) == ("dismissed", None, "Tổ trưởng")
        assert [event.detail["before"]["points"] for event in events] == [None, "20"]

    def test_of_two_about_one_row_the_one_decided_last_counts(self, context: RoundContext) -> None:
        lodged(context)
        lodged(context, text="Còn thiếu một minh chứng nữa")
        decided(context, 1, True, 18)
        decided(context, 2, True, 19)
        assert [each[2] for each in awarded()] == ["19"]
        decided(context, 2, False)
        assert [each[2] for each in awarded()] == ["18"], "the first one still stands"

    def test_one_about_the_whole_result_is_decided_without_points(
        self, context: RoundContext
    ) -> None:
        lodged(context, criterion=None)
        with pytest.raises(PetitionRefused, match="về kết quả chung, không về một mục"):
            decided(context, 1, True, 5)
        assert decided(context, 1, True)
        assert awarded() == []

    @pytest.mark.parametrize(
        ("do", "told"),
        [
            (lambda c: decided(c, 1, True, 21), "Sở A, mục 1.2): điểm 21 phải từ 0 đến 20"),
            (lambda c: decided(c, 1, True, -1), "điểm -1 phải từ 0 đến 20"),
            (lambda c: decided(c, 1, False, 3), "không chấp nhận thì không kèm điểm"),
            (lambda c: decided(c, 7, False), "không có kiến nghị số 7. Xem: dti petition ky/2023"),
        ],
    )
    def test_what_is_no_decision_is_refused(
        self, context: RoundContext, do: Callable[[RoundContext], object], told: str
    ) -> None:
        lodged(context)
        with pytest.raises(PetitionRefused) as refusal:
            do(context)
        assert told in str(refusal.value)
        assert awarded() == []

    def test_a_decision_needs_a_reason(self, context: RoundContext) -> None:
        lodged(context)
        with pytest.raises(PetitionRefused, match="phải ghi lý do: --reason"), session() as records:
            decide(records, context, 1, False, " ", actor="Tổ trưởng")

    def test_points_keep_to_the_step_of_the_row(self) -> None:
        context = opened(rows={"1.2": {"rule": {"type": "appraised", "step": "5"}}})
        with session() as records:
            announce(records, context, SENT, "test")
        lodged(context)
        with pytest.raises(PetitionRefused, match="điểm 12 phải là bội của 5"):
            decided(context, 1, True, 12)
        assert decided(context, 1, True, 20)

    def test_a_unit_may_take_back_what_is_not_decided_yet(self, context: RoundContext) -> None:
        lodged(context)
        lodged(context, unit="so-b")
        decided(context, 2, False)
        with session() as records:
            assert withdraw(records, context, 1, "Văn bản 7/SA", actor="Văn thư")
            assert not withdraw(records, context, 1, "Văn bản 7/SA", actor="Văn thư")
            assert undecided(records, ROUND) == []
        with pytest.raises(PetitionRefused, match=r"số 1 đã được đơn vị rút"):
            decided(context, 1, True)
        with pytest.raises(PetitionRefused, match=r"đã có quyết định"), session() as records:
            withdraw(records, context, 2, "x", actor="Văn thư")


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["petition", ROUND, *words])
    assert result.exit_code == 0, f"{result.output}{result.exception}"
    return " ".join(result.output.split())


def test_the_command_takes_lists_and_decides(tmp_path: Path) -> None:
    opened()
    assert "chưa nhận kiến nghị" in run("--list")
    assert "Nhận kiến nghị đến hết ngày 06/03/2024" in run("--announced", "2024-03-01")
    paper = tmp_path / "kien-nghi.pdf"
    paper.write_bytes(b"%PDF-1.4 x")
    told = run(
        "so-b", "--criterion", "1.1", "--text", "Đủ minh chứng", "--file", str(paper),
        "--received", "2024-03-05",
    )  # fmt: skip
    assert "Kiến nghị số 1: Sở B, mục 1.1, nhận ngày 05/03/2024" in told
    assert EvidenceFile("x.pdf", b"%PDF-1.4 x", "").sha256[:12].upper() in told
    assert "chờ quyết định" in run()
    told = run("--decide", "1", "--uphold", "--points", "9,5", "--reason", "Đủ")
    assert "Điểm mới của mục: 9,5" in told
    assert "dti rank ky/2023" in told
    assert awarded() == [("so-b", "1.1", "19/2", "Kiến nghị số 1: Đủ")]
    assert "chấp nhận, 9,5 điểm: Đủ" in run("--list")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--decide", "1", "--reason", "x"], "--uphold"),
        (["so-a", "--decide", "1"], "chỉ chọn một"),
        (["--announced", "2999-01-01"], "chưa đến"),
    ],
)
def test_the_command_says_what_is_wrong_with_its_options(words: list[str], told: str) -> None:
    opened()
    result = CliRunner().invoke(app, ["petition", ROUND, *words])
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())
