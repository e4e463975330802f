"""Points that appraisers give: whose row, which reason, what they come to, and when parts close."""

import json
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from dti_core.program.appraisal import CHAIR, PETITION
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.adjustments import adjustments
from dti_core.records.appraising import APPRAISED, write_appraised
from dti_core.records.assignments import (
    NotClosed,
    close,
    late,
    progress,
    reopen,
    rows_by_verifier,
)
from dti_core.records.awards import awards
from dti_core.records.database import session
from dti_core.records.opinions import AppraisalRefused, PartClosed, differing, opinions
from dti_core.records.participation import keep_out
from dti_core.records.tables import OpinionRecord
from flows.cli import app
from tasks.appraising import write_workbooks
from tests.trail import events_of
from tests.unit.appraised_round import (
    ABSENT,
    BY,
    CHAIR_ID,
    FINANCE,
    INTERIOR,
    OTHER,
    UNIT,
    figures,
    gives,
    official,
    scored,
)
from tests.unit.reminded_round import ROUND

WHY = "Không có văn bản kèm theo."


@pytest.fixture
def context(empty_home: object) -> RoundContext:
    assert empty_home
    return scored()


def stored() -> dict[tuple[str, str], tuple[str, str | None]]:
    with session() as records:
        return {
            (each.verifier, each.criterion): (each.points, each.reason)
            for each in opinions(records, ROUND)
        }


def events(action: str) -> list[dict[str, object]]:
    with session() as records:
        assert audit.verify(records, ROUND) == []
        found = events_of(records, action)
    return [dict(each.detail) for each in found]


@pytest.mark.usefixtures("database")
def test_an_opinion_is_kept_with_before_and_after_and_the_same_again_changes_nothing() -> None:
    context = scored()
    assert gives(context, CHAIR_ID, "1.3", 10, WHY) == 1
    assert gives(context, CHAIR_ID, "1.3", 10, f" {WHY} ") == 0
    assert gives(context, CHAIR_ID, "1.3", "12.5", "Có thêm 2 văn bản.") == 1
    assert stored() == {(CHAIR_ID, "1.3"): ("25/2", "Có thêm 2 văn bản.")}
    first, second = events("opinions_given")
    row = {"unit": UNIT, "criterion": "1.3"}
    given = {"points": "10", "reason": WHY}
    assert first["changes"] == [{**row, "before": None, "after": given}]
    after = {"points": "25/2", "reason": "Có thêm 2 văn bản."}
    assert second["changes"] == [{**row, "before": given, "after": after}]


@pytest.mark.parametrize(
    ("verifier", "code", "points", "why", "says"),
    [
        (CHAIR_ID, "1.3", 26, WHY, "điểm 26 phải từ 0 đến 25"),
        (CHAIR_ID, "1.3", -1, WHY, "phải từ 0 đến 25"),
        (CHAIR_ID, "1.3", 10, None, r"khác điểm tính \(25\) thì phải ghi lý do"),
        (CHAIR_ID, "1.3", 10, "  ", "phải ghi lý do"),
        (FINANCE, "2.2", 5, None, r"khác điểm tự đánh giá \(15\)"),
        (FINANCE, "2.3", 5, None, "chưa tính được"),
        (FINANCE, "1.3", 10, WHY, "do Phó Chủ tịch UBND tỉnh – Chủ tịch Hội đồng thẩm định"),
        (CHAIR_ID, "9.9", 10, WHY, "Không có đơn vị so-y-te hoặc mục 9.9"),
        (CHAIR, "2.1", 10, WHY, "chỉ quyết định dòng mà các nơi thẩm định cho điểm khác nhau"),
        (PETITION, "1.3", 10, None, "Kết quả xem xét kiến nghị phải ghi lý do"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_unit_and_row(
    context: RoundContext, verifier: str, code: str, points: int, why: str | None, says: str
) -> None:
    with pytest.raises(AppraisalRefused, match=says):
        gives(context, verifier, code, points, why)
    assert stored() == {}


def test_a_member_never_judges_his_own_unit_and_the_chair_does_it_for_him(
    context: RoundContext,
) -> None:
    with pytest.raises(AppraisalRefused, match=f"dti appraise {ROUND} --list"):
        gives(context, INTERIOR, "2.1", 20, WHY, unit=OTHER)
    assert gives(context, CHAIR_ID, "2.1", 20, WHY, unit=OTHER) == 1


def test_without_an_opinion_computed_points_stand_and_others_wait(context: RoundContext) -> None:
    assert official(context, "1.3") == 25
    assert official(context, "2.1") == 0, "computed goes before what the unit gave itself"
    assert official(context, "2.2") is None
    assert official(context, "2.3") is None


def test_points_typed_as_they_are_shown_leave_the_computed_ones_exact(
    context: RoundContext,
) -> None:
    figures(context, a=1, b=3, name="lan-hai.xlsx")  # 1/3 × 25, published as 8,33
    assert gives(context, CHAIR_ID, "1.3", "8.33") == 1
    assert official(context, "1.3") == Fraction(25, 3)
    with pytest.raises(AppraisalRefused, match="phải ghi lý do"):
        gives(context, CHAIR_ID, "1.3", "8.34")


def test_an_opinion_whose_base_was_corrected_needs_its_reason_now(context: RoundContext) -> None:
    gives(context, CHAIR_ID, "1.3", 25)
    assert official(context, "1.3") == 25
    figures(context, a=10, name="lan-hai.xlsx")
    assert official(context, "1.3") is None
    gives(context, CHAIR_ID, "1.3", 25, "Bản sửa nhầm, văn bản kèm theo đủ 20.")
    assert official(context, "1.3") == 25


def test_several_verifiers_count_when_all_have_given_the_same(context: RoundContext) -> None:
    gives(context, FINANCE, "2.3", 20, "Có kế hoạch kèm theo.")
    assert official(context, "2.3") is None, "the other is still to give points"
    with session() as records:
        assert differing(records, context) == [], "waiting is not differing"
    gives(context, INTERIOR, "2.3", 15, "Kế hoạch ban hành muộn.")
    assert official(context, "2.3") is None
    with session() as records:
        (row,) = differing(records, context)
    assert (row.unit, row.criterion, row.decision) == (UNIT, "2.3", None)
    assert {each.points for each in row.opinions} == {"20", "15"}
    gives(context, INTERIOR, "2.3", 20, "Đã xem lại.")
    assert official(context, "2.3") == 20
    with session() as records:
        (award,) = (a for a in awards(records, ROUND, APPRAISED) if a.criterion == "2.3")
    assert award.reason is not None
    assert award.reason.splitlines() == [
        "Phó Giám đốc Sở Tài chính – Ủy viên Hội đồng: Có kế hoạch kèm theo.",
        "Phó Giám đốc Sở Nội vụ – Ủy viên Hội đồng: Đã xem lại.",
    ]
    assert award.decided_by is not None
    assert award.decided_by.count("Ủy viên Hội đồng") == 2


def test_the_chair_decides_what_differs_and_a_petition_goes_before_him(
    context: RoundContext,
) -> None:
    gives(context, FINANCE, "2.3", 20, WHY)
    gives(context, INTERIOR, "2.3", 15, WHY)
    gives(context, CHAIR, "2.3", 18, "Hội đồng thống nhất 18 điểm.")
    assert official(context, "2.3") == 18
    with session() as records:
        (row,) = differing(records, context)
    assert row.decision is not None
    gives(context, PETITION, "2.3", 20, "Kiến nghị số 1: có văn bản bổ sung.")
    assert official(context, "2.3") == 20
    with session() as records:
        (award,) = (a for a in awards(records, ROUND, APPRAISED) if a.criterion == "2.3")
    assert award.decided_by == "Kết quả xem xét kiến nghị"


def sent_and_given(context: RoundContext) -> None:
    """Finance has its workbook, and gave points on all that nothing stands in for."""
    write_workbooks(context, "test")
    with session() as records:
        (mine,) = (p for p in progress(records, context) if p.verifier == FINANCE)
    for unit, code in mine.lacking:
        gives(context, FINANCE, code, 20, WHY, unit=unit)


def test_a_part_closes_once_no_row_lacks_points_and_self_assessed_points_are_recognised(
    context: RoundContext,
) -> None:
    write_workbooks(context, "test")
    with session() as records, pytest.raises(NotClosed, match=r"Sở Y tế mục 2\.3"):
        close(records, context, FINANCE, "Thư ký")
    sent_and_given(context)
    with session() as records:
        assert close(records, context, FINANCE, "Thư ký")
        assert not close(records, context, FINANCE, "Thư ký")
    assert official(context, "2.2") is None, "the other part is open"
    with session() as records:
        (mine,) = (p for p in progress(records, context) if p.verifier == INTERIOR)
    for unit, code in mine.lacking:
        gives(context, INTERIOR, code, 20, WHY, unit=unit)
    with session() as records:
        close(records, context, INTERIOR, "Thư ký")
    assert official(context, "2.2") == 15
    with session() as records:
        (award,) = (
            a for a in awards(records, ROUND, APPRAISED) if (a.unit, a.criterion) == (UNIT, "2.2")
        )
    assert award.reason == "Công nhận điểm tự đánh giá."


def test_a_closed_part_takes_no_other_points_until_it_is_opened_for_a_reason(
    context: RoundContext,
) -> None:
    sent_and_given(context)
    with session() as records:
        close(records, context, FINANCE, "Thư ký")
    assert gives(context, FINANCE, "2.3", 20, WHY) == 0, "the same again is no change"
    with pytest.raises(PartClosed, match=f"--reopen {FINANCE} --reason"):
        gives(context, FINANCE, "2.3", 10, WHY)
    with session() as records, pytest.raises(NotClosed, match="phải có lý do"):
        reopen(records, context, FINANCE, " ", "Thư ký")
    with session() as records:
        assert reopen(records, context, FINANCE, "Có tài liệu mới", "Thư ký")
        assert not reopen(records, context, FINANCE, "Có tài liệu mới", "Thư ký")
    assert gives(context, FINANCE, "2.3", 10, WHY) == 1
    assert events("appraisal_reopened") == [{"reason": "Có tài liệu mới", "closed_by": "Thư ký"}]


def test_a_closed_part_without_points_gave_the_base(context: RoundContext) -> None:
    sent_and_given(context)
    with session() as records:
        close(records, context, FINANCE, "Thư ký")
    gives(context, INTERIOR, "2.1", 20, "Nghị quyết kèm theo.")
    with session() as records:
        (row,) = (each for each in differing(records, context) if each.criterion == "2.1")
    assert [each.verifier for each in row.opinions] == [INTERIOR]
    gives(context, INTERIOR, "2.1", 0)
    assert official(context, "2.1") == 0


def test_who_is_late_has_a_workbook_and_rows_to_judge(context: RoundContext) -> None:
    after = BY + timedelta(days=1)
    with session() as records:
        assert late(records, context, after) == [], "nothing was sent to anybody"
    sent_and_given(context)
    with session() as records:
        assert late(records, context, BY) == []
        everybody = {each.verifier for each in late(records, context, after)}
        close(records, context, FINANCE, "Thư ký")
        assert {each.verifier for each in late(records, context, after)} == everybody - {FINANCE}
    assert everybody == {CHAIR_ID, FINANCE, INTERIOR}


def test_units_that_are_not_evaluated_leave_the_workbooks(context: RoundContext) -> None:
    with session() as records:
        before = rows_by_verifier(records, context)
        keep_out(records, context, OTHER, "not_evaluated", "Mới thành lập", "1/QĐ", "test")
        after = rows_by_verifier(records, context)
    assert {unit for unit, _ in before[FINANCE]} - {unit for unit, _ in after[FINANCE]} == {OTHER}


def test_exempted_rows_get_no_appraised_points(context: RoundContext) -> None:
    gives(context, CHAIR_ID, "1.3", 10, WHY)
    with session() as records:
        write_appraised(records, context, "test", exempt={(UNIT, "1.3")})
        given = {(each.unit, each.criterion) for each in awards(records, ROUND, APPRAISED)}
        assert (UNIT, "1.3") not in given
        assert (UNIT, "2.1") in given
        write_appraised(records, context, "test")
        assert write_appraised(records, context, "test") == 0


def test_adjustments_tell_what_changed_for_whom_and_why(context: RoundContext) -> None:
    gives(context, CHAIR_ID, "1.3", "12.5", WHY)
    gives(context, CHAIR_ID, "1.4", 40, "Đủ tin bài.")
    with session() as records:
        first, second = adjustments(records, context)
    chair = "Phó Chủ tịch UBND tỉnh – Chủ tịch Hội đồng"
    assert (first.unit, first.criterion, first.before, first.after, first.by, first.reason) == (
        UNIT,
        "1.3",
        25,
        Fraction(25, 2),
        (chair,),
        WHY,
    )
    assert (second.criterion, second.before, second.after) == ("1.4", None, 40)


def test_an_opinion_stands_alone_in_its_row(context: RoundContext) -> None:
    gives(context, FINANCE, "2.3", 20, WHY)
    gives(context, INTERIOR, "2.3", 15, WHY)
    with session() as records:
        found = records.exec(select(OpinionRecord)).all()
    assert {each.verifier for each in found} == {FINANCE, INTERIOR}


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["appraise", ROUND, *words])
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.output


def test_the_command_lists_closes_and_opens_parts(context: RoundContext) -> None:
    sent_and_given(context)
    listed = {each["verifier"]: each for each in json.loads(run("--list", "--json"))}
    assert set(listed) == {CHAIR_ID, FINANCE, INTERIOR}
    assert ABSENT not in listed
    assert listed[FINANCE]["lacking"] == []
    assert listed[FINANCE]["due"] == BY.isoformat()
    rows = json.loads(run("--list", "--verifier", FINANCE, "--json"))
    assert {"unit": UNIT, "criterion": "2.3", "points": "20", "reason": WHY} in rows
    assert "Đã khép phần thẩm định" in run("--close", FINANCE, "--as", "Thư ký Hội đồng")
    closed = {each["verifier"]: each["closed_by"] for each in json.loads(run("--json"))}
    assert closed == {CHAIR_ID: None, FINANCE: "Thư ký Hội đồng", INTERIOR: None}
    assert "đã khép" in run("--list")
    gives(context, INTERIOR, "2.3", 15, WHY)
    (row,) = json.loads(run("--differing", "--json"))
    assert (row["criterion"], row["decision"]) == ("2.3", None)
    assert "chờ người chủ trì quyết định" in run("--differing")
    assert "Đã mở lại" in run("--reopen", FINANCE, "--reason", "Có tài liệu mới")
