"""The gates before anything official: each thing that is missing is told, with what mends it."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from sqlmodel import select

from dti_core.framework.check import NotReady
from dti_core.plausibility.flag import Flag
from dti_core.program.appraisal import PETITION
from dti_core.program.load import RoundContext, load_round
from dti_core.records import audit
from dti_core.records.appraising import write_appraised
from dti_core.records.database import session
from dti_core.records.exemptions import decide as decide_exemption
from dti_core.records.exemptions import granted, propose
from dti_core.records.files import round_folder
from dti_core.records.flags import Answer, answer, write_flags
from dti_core.records.gates import (
    NotIssuable,
    NotPublishable,
    require_issuable,
    require_publishable,
    unpublishable,
)
from dti_core.records.official import write_exempted
from dti_core.records.opinions import Appraised, write_opinions
from dti_core.records.petitions import PetitionRefused, announce, decide, lodge
from dti_core.records.ranking import write_ranks
from dti_core.records.rounds import open_round
from dti_core.records.sign_off import NotApproved, sign
from dti_core.records.tables import AwardRecord, OpinionRecord, RankRecord, RoundRecord
from tests.unit.signed_round import (
    DRAFT,
    ORGANISER,
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

pytestmark = pytest.mark.usefixtures("empty_home")


EXEMPTIONS = [
    {
        "id": "khong-co",
        "name": "Không có nhiệm vụ",
        "effect": "not_assessed",
        "levels": ["so"],
        "basis": "ví dụ",
    }
]


def missing(context: RoundContext, day: date = OVER) -> list[str]:
    with session() as records:
        return unpublishable(records, context, day)


def only(reasons: list[str]) -> str:
    (reason,) = reasons
    return reason


def test_a_round_in_which_everything_is_done_may_be_published() -> None:
    context = ready()
    with session() as records:
        require_publishable(records, context, OVER)


def test_all_that_is_missing_is_told_at_once() -> None:
    context = opened(policies={"rounding": {"digits": 2, "total": "sum_of_exact"}})
    with pytest.raises(NotPublishable) as refusal, session() as records:
        require_publishable(records, context, OVER)
    head, *reasons = str(refusal.value).split("\n- ")
    assert head == "Chưa công bố được kết quả đợt ky/2023. Còn thiếu 5 việc:"
    assert [reason.split(" (")[0] for reason in reasons[:4]] == [
        f"Bước {step} chưa được xác nhận"
        for step in ("thu-thap", "giai-trinh", "tham-dinh", "kien-nghi")
    ]
    assert reasons[4].endswith("dti petition ky/2023 --announced NGÀY")


def test_a_missing_approval() -> None:
    context = opened()
    with session() as records:
        announce(records, context, SENT, "test")
    approves(context, "thu-thap", "giai-trinh", "kien-nghi")
    assert only(missing(context)) == (
        "Bước tham-dinh chưa được xác nhận (đã khép việc thẩm định): dti approve ky/2023 tham-dinh"
        " --as VAI_TRÒ"
    )


def test_a_void_approval() -> None:
    context = ready()
    adjusts(context, "so-a", "1.2", 16)
    assert only(missing(context)) == (
        "Xác nhận bước tham-dinh của Trưởng phòng mất hiệu lực vì sau đó đã đổi: điểm chính thức"
        " hoặc lý do (Sở A); điểm của người thẩm định (Sở A). Xem lại rồi xác nhận lại: dti approve"
        " ky/2023 tham-dinh --as VAI_TRÒ"
    )


def test_a_policy_that_the_round_meets_and_nobody_set() -> None:
    ready()
    context = write_round(policies={"rank_on": None, "late_submission": None})
    first, second = missing(context)
    assert first == (
        "Chưa đặt chính sách “rank_on” (Điểm để xếp hạng): ghi khóa policies: rank_on (value,"
        " basis, decided_on) vào program.yaml của chương trình ky, rồi chạy lại: dti cycle ky/2023"
    )
    assert "“late_submission” (Tệp gửi muộn)" in second


def test_a_row_that_nobody_may_appraise_is_told_once_among_the_rest() -> None:
    """The organiser takes part itself, and no policy says who appraises its rows."""
    context = write_round(organiser="so-a")
    with session() as records:
        open_round(records, context, "test")
        announce(records, context, SENT, "test")
    reasons = missing(context)
    assert reasons[0].startswith("Chưa đặt chính sách “organiser_rows”")
    routed = [reason for reason in reasons if "Sở A" in reason and "organiser_rows" in reason]
    assert len(routed) == 1, reasons
    assert "Chưa xếp hạng: dti rank ky/2023" in reasons


def test_an_adjustment_without_its_reason() -> None:
    context = ready()
    adjusts(context, "so-a", "1.2", 16)
    with session() as records:
        award = records.exec(
            select(AwardRecord).where(
                AwardRecord.kind == "appraised",
                AwardRecord.unit == "so-a",
                AwardRecord.criterion == "1.2",
            )
        ).one()
        award.reason = None
        records.add(award)
    approves(context, "tham-dinh")
    assert only(missing(context)) == (
        "1 mục có điểm thẩm định khác điểm tính mà không ghi lý do (Sở A mục 1.2): ghi lý do trong"
        " tệp thẩm định, rồi dti appraise ky/2023"
    )


def test_an_error_of_the_framework_that_nobody_recorded() -> None:
    """A round that was opened before the check found it."""
    context = write_round(rows={"1.2": {"provider": None}})
    with pytest.raises(NotReady), session() as records:
        open_round(records, context, "test")
    with session() as records:
        records.add(
            RoundRecord(
                id=ROUND,
                title="x",
                evaluation_year=2023,
                opens="2024-01-02",
                closes="2024-01-31",
                pins=context.pins,
                state="open",
                opened_at=audit.now(),
            )
        )
    told = next(reason for reason in missing(context) if "bộ chỉ số" in reason)
    assert "mục 1.2: Mục 1.2 không có cơ quan cung cấp số liệu" in told
    assert "Hãy ghi cách đọc vào erratum" in told
    assert told.endswith("Xem: dti frameworks check ky/so")


def test_a_petition_that_nobody_decided() -> None:
    context = ready()
    with session() as records:
        lodge(records, context, "so-b", "Thiếu điểm", date(2024, 3, 2), "1.1", actor="x")
    void, open_ = missing(context)
    assert "bước kien-nghi của Trưởng phòng mất hiệu lực" in void
    assert open_ == (
        "Kiến nghị số 1 của Sở B chưa có quyết định: dti petition ky/2023 --decide 1"
        " --uphold|--dismiss --reason LÝ_DO"
    )


def test_a_period_of_petitions_that_still_runs() -> None:
    context = ready()
    assert only(missing(context, date(2024, 3, 6))) == (
        "Thời gian nhận kiến nghị còn đến hết ngày 06/03/2024; chờ hết hạn rồi làm tiếp."
    )


def test_an_upheld_petition_that_the_official_points_do_not_follow_yet() -> None:
    context = ready()
    with session() as records:
        lodge(records, context, "so-b", "Thiếu điểm", date(2024, 3, 2), "1.1", actor="x")
        decide(records, context, 1, True, "Đúng", Fraction(9), actor="x")
    approves(context, "tham-dinh", "kien-nghi")
    assert only(missing(context)) == (
        "1 mục có điểm chính thức chưa theo ý kiến thẩm định, kiến nghị mới nhất (Sở B mục 1.1):"
        " dti appraise ky/2023, rồi dti rank ky/2023"
    )


def test_doubts_that_are_open_or_wait_for_the_officer() -> None:
    context = ready()
    doubts = [Flag(unit, "1.1", None, "prior_year", "Tăng.") for unit in ("so-a", "so-b")]
    with session() as records:
        write_flags(records, ROUND, doubts, {}, "test")
        answer(records, ROUND, [Answer(doubts[1].id, "kept", None, "đúng số")], "test")
    approves(context, "giai-trinh")
    first, second = missing(context)
    assert first == (
        "Còn 1 nghi vấn chờ giải trình (Sở A mục 1.1): nhận tệp giải trình, rồi: dti explain"
        " ky/2023"
    )
    assert second.startswith("Còn 1 nghi vấn chờ cán bộ xem (Sở B mục 1.1): dti explain ky/2023")


def test_rows_without_official_points() -> None:
    context = ready()
    with session() as records:
        for record in (
            *records.exec(select(OpinionRecord).where(OpinionRecord.unit == "so-c")),
            *records.exec(
                select(AwardRecord).where(
                    AwardRecord.unit == "so-c", AwardRecord.kind == "appraised"
                )
            ),
        ):
            records.delete(record)
    approves(context, "tham-dinh")
    assert only(missing(context)) == (
        "Còn 3 mục chưa có điểm chính thức (Sở C mục 1.1, Sở C mục 1.2, Sở C mục 2.1): nhập điểm"
        " kèm lý do trong tệp thẩm định, rồi dti appraise ky/2023"
    )


def test_verifiers_that_differ_and_nobody_decided_between() -> None:
    fields = [{"field": "Tất cả", "verifiers": ["so-c", ORGANISER], "basis": "ví dụ"}]
    context = ready(units_appraised_by=fields)
    with session() as records:
        given = [Appraised("so-a", "1.2", Fraction(17), "đủ hồ sơ")]
        write_opinions(records, context, "so-c", given, "test")
    told = next(reason for reason in missing(context) if "khác nhau" in reason)
    assert told == (
        "Còn 1 mục các nơi thẩm định cho điểm khác nhau, chưa có quyết định của người chủ trì (Sở A"
        " mục 1.2): dti appraise ky/2023 --differing"
    )


def test_an_exemption_that_was_proposed_and_nobody_decided() -> None:
    context = ready(
        exempt={"so-a": {"khong-co": ["1.1"]}},
        exemptions=EXEMPTIONS,
    )
    with session() as records:
        propose(records, context, "test")
    approves(context, "tham-dinh")
    assert only(missing(context)) == (
        "Còn 1 đề xuất miễn đánh giá chưa quyết định (Sở A mục 1.1): dti exemptions ky/2023"
    )


def _no_ranking() -> None:
    with session() as records:
        for entry in records.exec(select(RankRecord)):
            records.delete(entry)


def _another_rank() -> None:
    with session() as records:
        entry = records.exec(select(RankRecord).where(RankRecord.unit == "so-a")).one()
        entry.rank = 1
        records.add(entry)


def _another_policy() -> None:
    write_round(policies={"grades": [{"name": "Tốt", "at_least": "70%"}]})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_no_ranking, "Chưa xếp hạng: dti rank ky/2023"),
        (_another_rank, "không còn khớp với điểm chính thức và chính sách hiện nay: dti rank"),
        (_another_policy, "không còn khớp với điểm chính thức và chính sách hiện nay: dti rank"),
    ],
)
def test_a_ranking_that_does_not_follow_from_points_and_policies(
    change: Callable[[], None], told: str
) -> None:
    context = ready()
    change()
    assert told in only(missing(load_round(context.id)))


class TestIssue:
    def test_it_needs_the_draft_and_its_approval_beside_everything_else(self) -> None:
        context = opened()
        with pytest.raises(NotIssuable) as refusal, session() as records:
            require_issuable(records, context, OVER)
        told = str(refusal.value)
        assert told.startswith("Chưa ghi nhận ban hành được, đợt ky/2023. Còn thiếu 7 việc:")
        assert "- Bước thu-thap chưa được xác nhận" in told
        assert "- Chưa có dự thảo quyết định: dti publish ky/2023" in told
        assert "- Bước du-thao chưa được xác nhận" in told

    def test_once_the_draft_is_approved_it_may_be_issued(self) -> None:
        context = ready()
        drafted(context)
        approves(context, "du-thao")
        with session() as records:
            require_issuable(records, context, OVER)

    def test_a_draft_that_is_no_longer_the_approved_one_may_not(self) -> None:
        context = ready()
        drafted(context)
        approves(context, "du-thao")
        (round_folder(ROUND) / DRAFT).unlink()
        with pytest.raises(NotIssuable, match="mất hoặc đã bị sửa"), session() as records:
            require_issuable(records, context, OVER)
        drafted(context, b"PK khac")
        with (
            pytest.raises(NotIssuable, match="du-thao của Trưởng phòng mất hiệu lực"),
            session() as records,
        ):
            require_issuable(records, context, OVER)


def test_points_that_no_longer_follow_from_the_figures() -> None:
    context = ready()
    with session() as records:
        award = records.exec(select(AwardRecord).where(AwardRecord.kind == "computed")).first()
        assert award is not None
        records.delete(award)
    assert "đã có số liệu mới sau lần chấm điểm" in only(missing(context))


def test_a_draft_that_was_written_before_the_result_changed() -> None:
    context = ready()
    drafted(context)
    adjusts(context, "so-a", "2.1", 70)
    approves(context, "tham-dinh")
    with (
        session() as records,
        pytest.raises(NotApproved, match="viết lại bằng dti publish ky/2023"),
    ):
        sign(records, context, "du-thao", "Giám đốc", day=OVER)
    drafted(context, b"PK moi")
    with session() as records:
        assert sign(records, context, "du-thao", "Giám đốc", day=OVER)


def _exempted(reason: str = "đúng") -> RoundContext:
    """A round in which so-b is exempted on row 1.1, everything being approved."""
    context = opened(exempt={"so-b": {"khong-co": ["1.1"]}}, exemptions=EXEMPTIONS)
    with session() as records:
        propose(records, context, "test")
        decide_exemption(records, context, "so-b", "khong-co", True, reason, "Chủ tịch")
        write_appraised(records, context, "test", granted(records, ROUND))
        write_exempted(records, context, "test")
        write_ranks(records, context, "test")
        announce(records, context, SENT, "test")
    approves(context, "thu-thap", "giai-trinh", "tham-dinh", "kien-nghi")
    return context


def test_an_exemption_that_was_taken_back_and_still_counts() -> None:
    context = _exempted()
    assert missing(context) == []
    with session() as records:
        decide_exemption(records, context, "so-b", "khong-co", False, "có", "Chủ tịch")
        write_appraised(records, context, "test")
    told = " ".join(missing(context))
    assert "1 mục được miễn có điểm chưa theo quyết định" in told
    assert "dti rank ky/2023" in told


def test_a_petition_about_an_exempted_row_is_not_lost() -> None:
    context = _exempted()
    with session() as records:
        record = lodge(records, context, "so-b", "Xin chấm", date(2024, 3, 2), "1.1", actor="x")
        with pytest.raises(PetitionRefused, match="đang được miễn"):
            decide(records, context, record.number, True, "có", Fraction(5), actor="Chủ tịch")
        records.add(
            OpinionRecord(
                round_id=ROUND,
                verifier=PETITION,
                unit="so-b",
                criterion="1.1",
                points="5",
                reason="Kiến nghị số 1: có",
                actor="x",
                at="x",
            )
        )
    assert "vừa được miễn vừa được chấp nhận kiến nghị" in " ".join(missing(context))


def test_a_district_that_has_not_handed_over_and_a_council_that_has_not_sat() -> None:
    for round_id, told in (
        ("vinh-phuc/2023", "Đợt thành phần vinh-phuc/2023@tam-dao (UBND huyện Tam Đảo) chưa nộp"),
        ("dien-bien/2023", "Chưa ghi phiên họp nào của Hội đồng: dti council dien-bien/2023"),
    ):
        context = load_round(round_id)
        with session() as records:
            open_round(records, context, "test")
            assert told in " ".join(unpublishable(records, context, OVER))
