"""Issue and correction: once under one number, and nothing that was issued changes silently."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dti_core.intake.evidence import checked
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.gates import NotIssuable, NotPublishable, require_publishable
from dti_core.records.issued import Difference, SnapshotLost, differences, issues
from dti_core.records.issues import NotIssued, issue, start_correction
from dti_core.records.rounds import documents
from flows.cli import app
from tests.trail import events_of
from tests.unit.signed_round import (
    DRAFT,
    OVER,
    ROUND,
    adjusts,
    approves,
    drafted,
    opened,
    ready,
)

pytestmark = pytest.mark.usefixtures("database")
ON = date(2024, 3, 15)
NUMBER = "123/QĐ-UBND"
SIGNED = checked("quyet-dinh.pdf", b"%PDF-1.7 da ky")


@pytest.fixture
def context() -> RoundContext:
    """The round with its draft approved."""
    context = ready()
    drafted(context)
    approves(context, "du-thao", role="Chủ tịch")
    return context


def issued(context: RoundContext, number: str = NUMBER, on: date = ON, **other: Any) -> bool:
    with session() as records:
        return issue(records, context, number, on, actor="Văn thư", **other)


def corrected(context: RoundContext, reason: str = "Cộng sai mục 2.1") -> list[Difference]:
    with session() as records:
        return start_correction(records, context, reason, actor="Văn thư")


def events(action: str) -> list[dict[str, Any]]:
    with session() as records:
        found = events_of(records, action)
        assert audit.verify(records, ROUND) == []
        return [each.detail for each in found]


class TestIssue:
    def test_number_day_and_result_are_kept(self, context: RoundContext) -> None:
        assert issued(context)
        with session() as records:
            (record,) = issues(records, ROUND)
            draft = next(d for d in documents(records, ROUND) if d.path == DRAFT)
        assert (record.kind, record.number, record.issued_on) == ("decision", NUMBER, "2024-03-15")
        assert (record.document, record.content) == (DRAFT, draft.sha256)
        kept = json.loads((round_folder(ROUND) / "documents/ban-hanh/quyet-dinh.json").read_text())
        assert kept["number"] == NUMBER
        assert kept["ranking"]["so"]["so-c"]["rank"] == 1
        assert kept["points"]["so-a"]["1.2"]["points"] == "15"

    def test_the_same_again_changes_nothing(self, context: RoundContext) -> None:
        issued(context, signed=SIGNED)
        folder = round_folder(ROUND)
        before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        assert not issued(context, signed=SIGNED)
        assert not issued(context)
        assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
        assert len(events("result_issued")) == 1

    def test_the_signed_paper_is_kept_whole_and_may_come_later(self, context: RoundContext) -> None:
        issued(context)
        assert issued(context, signed=SIGNED)
        with session() as records:
            (record,) = issues(records, ROUND)
        assert record.document == "documents/ban-hanh/quyet-dinh.pdf"
        assert record.content == SIGNED.sha256
        assert (round_folder(ROUND) / record.document).read_bytes() == SIGNED.content
        with pytest.raises(NotIssued, match="đã có bản ký"):
            issued(context, signed=checked("khac.pdf", b"%PDF-1.7 khac"))

    @pytest.mark.parametrize(
        ("other", "told"),
        [
            ({"number": "124/QĐ-UBND"}, "đã ban hành theo văn bản số 123/QĐ-UBND ngày 15/03/2024"),
            ({"on": date(2024, 3, 16)}, "đã ghi ban hành ngày 15/03/2024, không phải 16/03/2024"),
            ({"correction": True, "number": "1"}, "Chưa bắt đầu đính chính: dti publish ky/2023"),
            ({"number": " "}, "Phải nêu số văn bản"),
            ({"on": date(2999, 1, 1)}, "chưa đến"),
        ],
    )
    def test_anything_else_for_what_is_issued_is_refused(
        self, context: RoundContext, other: dict[str, Any], told: str
    ) -> None:
        issued(context)
        with pytest.raises(NotIssued) as refusal:
            issued(context, **other)
        assert told in str(refusal.value)
        with session() as records:
            assert len(issues(records, ROUND)) == 1

    def test_nothing_is_issued_before_everything_is_there(self) -> None:
        context = opened()
        with pytest.raises(NotIssuable, match="Còn thiếu 7 việc"):
            issued(context, day=OVER, on=OVER)
        with pytest.raises(NotIssued, match="chưa ban hành quyết định nên chưa có gì"):
            issued(context, correction=True)
        assert not (round_folder(ROUND) / "documents/ban-hanh").exists()


class TestCorrection:
    def test_what_was_issued_and_then_changed_stops_publication(
        self, context: RoundContext
    ) -> None:
        issued(context)
        adjusts(context, "so-a", "2.1", 70)
        approves(context, "tham-dinh")
        with pytest.raises(NotPublishable) as refusal, session() as records:
            require_publishable(records, context)
        assert "Kết quả đã ban hành (văn bản số 123/QĐ-UBND) nhưng nay khác ở " in str(
            refusal.value
        )
        assert "dti publish ky/2023 --correct --reason LÝ_DO" in str(refusal.value)

    def test_it_lists_each_difference_as_published(self, context: RoundContext) -> None:
        issued(context)
        adjusts(context, "so-a", "2.1", 70)
        found = corrected(context)
        assert [each for each in found if each.kind != "percent_published"] == [
            Difference("rank", "so-a", "Thứ hạng", "3", "1"),
            Difference("published", "so-a", "Tổng điểm", "63", "93"),
            Difference("points", "so-a", "Điểm mục 2.1", "40", "70", "sai"),
            Difference("rank", "so-b", "Thứ hạng", "2", "3"),
            Difference("rank", "so-c", "Thứ hạng", "1", "2"),
        ]
        percents = [each for each in found if each.kind == "percent_published"]
        assert percents == [
            Difference("percent_published", "so-a", "Tỷ lệ phần trăm", "63 %", "93 %")
        ]

    def test_it_goes_the_whole_way_anew_and_then_counts_as_issued(
        self, context: RoundContext
    ) -> None:
        issued(context)
        adjusts(context, "so-a", "2.1", 70)
        corrected(context)
        assert corrected(context), "started again it lists the same"
        assert len(events("correction_started")) == 1
        with pytest.raises(NotIssuable) as refusal:
            issued(context, "130/QĐ-UBND", correction=True)
        assert "tham-dinh của Trưởng phòng mất hiệu lực" in str(refusal.value)
        assert "du-thao của Chủ tịch mất hiệu lực" in str(refusal.value)
        approves(context, "tham-dinh")
        with session() as records:
            require_publishable(records, context)
        drafted(context, b"PK dinh chinh")
        approves(context, "du-thao")
        assert issued(context, "130/QĐ-UBND", correction=True)
        assert not issued(context, "130/QĐ-UBND", correction=True)
        with session() as records:
            first, second = issues(records, ROUND)
            assert differences(records, context) == []
        assert (first.number, first.reason) == (NUMBER, None)
        assert (second.kind, second.reason) == ("correction", "Cộng sai mục 2.1")
        kept = round_folder(ROUND) / "documents/ban-hanh"
        assert sorted(p.name for p in kept.iterdir()) == ["dinh-chinh-1.json", "quyet-dinh.json"]
        with pytest.raises(NotIssued, match="Chưa bắt đầu đính chính"):
            issued(context, "131/QĐ-UBND", correction=True)

    @pytest.mark.parametrize(
        ("do", "told"),
        [
            (lambda c: corrected(c, " "), "Đính chính phải có lý do: --reason"),
            (lambda c: corrected(c), "không khác kết quả đã ban hành"),
        ],
    )
    def test_what_is_no_correction_is_refused(
        self, context: RoundContext, do: Callable[[RoundContext], object], told: str
    ) -> None:
        issued(context)
        with pytest.raises(NotIssued) as refusal:
            do(context)
        assert told in str(refusal.value)

    def test_before_the_issue_there_is_nothing_to_correct(self, context: RoundContext) -> None:
        with pytest.raises(NotIssued, match="chưa ban hành quyết định nên không có gì"):
            corrected(context)

    def test_a_change_that_was_taken_back_is_no_correction(self, context: RoundContext) -> None:
        issued(context)
        adjusts(context, "so-a", "2.1", 70)
        corrected(context)
        adjusts(context, "so-a", "2.1", 40)
        with pytest.raises(NotIssued, match="không có gì đính chính"):
            issued(context, "130/QĐ-UBND", correction=True)

    def test_a_snapshot_that_was_edited_is_not_compared_with(self, context: RoundContext) -> None:
        issued(context)
        file = round_folder(ROUND) / "documents/ban-hanh/quyet-dinh.json"
        file.write_text(file.read_text().replace('"rank": 3', '"rank": 1'))
        with pytest.raises(SnapshotLost, match="mất hoặc đã bị sửa"):
            corrected(context)


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["publish", ROUND, *words])
    assert result.exit_code == code, f"{result.output}{result.exception}"
    return " ".join(f"{result.output} {result.exception or ''}".split())


def test_the_command_issues_and_corrects(
    context: RoundContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    told = run("--issued", NUMBER, "2024-03-15")
    assert "Đã ghi nhận ban hành: quyết định số 123/QĐ-UBND ngày 15/03/2024." in told
    assert "--issued 123/QĐ-UBND 2024-03-15 --signed TỆP" in told
    assert "không có gì thay đổi" in run("--issued", NUMBER, "2024-03-15")
    paper = tmp_path / "ky.pdf"
    paper.write_bytes(SIGNED.content)
    assert "Đã ghi nhận" in run("--issued", NUMBER, "2024-03-15", "--signed", str(paper))
    assert "không ghi số khác" in run("--issued", "9", "2024-03-15", code=1)
    adjusts(context, "so-a", "2.1", 70)
    told = run("--correct", "--reason", "Cộng sai")
    assert "Khác với kết quả đã ban hành: 6 chỗ" in told
    assert "mất hiệu lực" in told
    assert "--issued SỐ NGÀY --correction" in told
    approves(context, "tham-dinh")
    drafted(context, b"PK dinh chinh")
    approves(context, "du-thao")
    told = run("--issued", "130/QĐ-UBND", "2024-03-20", "--correction")
    assert "văn bản đính chính số 130/QĐ-UBND ngày 20/03/2024" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--signed", "a.pdf"], "chỉ đi kèm --issued"),
        (["--correction"], "chỉ đi kèm --issued"),
        (["--correct", "--issued", "1", "2024-03-15"], "chỉ chọn một"),
    ],
)
def test_options_that_do_not_go_together_are_refused(words: list[str], told: str) -> None:
    opened()
    assert told in run(*words, code=2)


def test_a_signed_file_that_is_not_there_is_refused(context: RoundContext) -> None:
    assert context.id == ROUND
    told = run("--issued", "1", "2024-03-15", "--signed", "khong-co.pdf", code=1)
    assert "Không có tệp khong-co.pdf" in told
