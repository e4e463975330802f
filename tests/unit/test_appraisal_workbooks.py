"""The workbooks that go to appraisers and come back: what they hold, and what becomes of each."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dti_core.intake.layout import APPRAISED, REASON, figure_key
from dti_core.intake.workbook import read_workbook
from dti_core.program.appraisal import CHAIR
from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.assignments import (
    assignments,
    close,
    progress,
    reopen,
    rows_by_verifier,
)
from dti_core.records.collecting import quarantined
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.opinions import opinions
from dti_core.records.outbox import enqueue, notifications
from dti_core.records.participation import keep_out
from dti_core.records.tables import NotificationRecord
from reports.messages import Text
from reports.workbooks.appraisal import SHEET
from tasks.appraising import Read, appraise, workbook_of, write_workbooks
from tasks.channels import DEFAULT
from tasks.ladder import plan
from tasks.look_again import Dropped, again
from tasks.recipients import addresses
from tests.unit.appraised_round import (
    BY,
    CHAIR_ID,
    FINANCE,
    INTERIOR,
    OTHER,
    UNIT,
    figures,
    fills,
    gives,
    official,
    scored,
)
from tests.unit.collected_round import lies, stamp
from tests.unit.reminded_round import ROUND

WHY = "Không có văn bản kèm theo."


@pytest.fixture
def sent(empty_home: object) -> RoundContext:
    """Everybody has his workbook."""
    assert empty_home
    context = scored()
    write_workbooks(context, "test")
    return context


def page(verifier: str) -> list[dict[str, object]]:
    """The rows of a verifier's workbook: heading → what stands there, with the hidden key."""
    content = (round_folder(ROUND) / workbook_of(verifier)).read_bytes()
    sheet = load_workbook(io.BytesIO(content))[SHEET]
    heads = ["key", *(str(cell.value) for cell in sheet[3][1:])]
    rows = sheet.iter_rows(min_row=4, values_only=True)
    return [dict(zip(heads, row, strict=False)) for row in rows]


def row_of(verifier: str, code: str, unit: str = UNIT) -> dict[str, object]:
    (found,) = (row for row in page(verifier) if row["key"] == figure_key(unit, code))
    return found


def reads(context: RoundContext) -> Read:
    return appraise(context, "test")


def stored() -> dict[tuple[str, str], str]:
    with session() as records:
        assert audit.verify(records, ROUND) == []
        return {
            (each.verifier, each.criterion): each.points
            for each in opinions(records, ROUND)
            if each.unit == UNIT
        }


def aside() -> list[str]:
    with session() as records:
        return [each.reason for each in quarantined(records, ROUND)]


def mails() -> dict[str, str]:
    """Key → recipient of every message to an appraiser."""
    with session() as records:
        found = notifications(records, ROUND)
    return {each.key: each.recipient for each in found if "appraise" in each.key}


@pytest.mark.usefixtures("sent")
def test_each_verifier_gets_his_own_rows_over_all_units_signed_with_his_identity() -> None:
    rows = [str(row["key"]) for row in page(FINANCE)]
    keys = [key for key in rows if not key.startswith("#")]
    assert {key.split("|")[1] for key in keys} == {f"2.{n}" for n in range(1, 7)}
    assert {key.split("|")[0] for key in keys} == {UNIT, OTHER, "so-tttt"}, "not his own unit's"
    assert rows[0].startswith("#unit-"), "rows stand under the name of their unit"
    back = read_workbook(round_folder(ROUND) / workbook_of(FINANCE))
    assert (back.kind, back.provider) == ("appraisal", FINANCE)
    cover = load_workbook(round_folder(ROUND) / workbook_of(FINANCE))["Bìa"]
    told = [str(cell.value) for row in cover.iter_rows() for cell in row if cell.value]
    assert "Phó Giám đốc Sở Tài chính – Ủy viên Hội đồng" in told
    assert "hết ngày 15/03/2024 (ví dụ)" in told
    assert any(text.startswith("=COUNTA") and text.endswith(f'" / {len(keys)}"') for text in told)


@pytest.mark.usefixtures("sent")
def test_a_row_shows_all_that_is_known_about_it() -> None:
    row = row_of(CHAIR_ID, "1.3")
    assert str(row["Số liệu"]).splitlines()[0].startswith("a. ")
    assert str(row["Số liệu"]).splitlines()[0].endswith(": 20 văn bản")
    assert row["Điểm tính theo quy tắc"] == 25
    assert row["Tài liệu kiểm chứng"] == "Báo cáo số 12/BC-SYT [chưa nhận được tệp]"
    assert row_of(FINANCE, "2.2")["Điểm tự đánh giá"] == 15
    assert row_of(FINANCE, "2.2")["Điểm tính theo quy tắc"] == "0 – 20"
    assert row_of(FINANCE, "2.2")["Điểm thẩm định"] is None


def test_written_twice_it_is_the_same_and_everybody_with_an_address_is_told_once(
    sent: RoundContext,
) -> None:
    files = {each.name: each.read_bytes() for each in _folder().iterdir()}
    with session() as records:
        before = [each.model_dump() for each in assignments(records, ROUND)]
    write_workbooks(sent, "test")
    assert {each.name: each.read_bytes() for each in _folder().iterdir()} == files
    with session() as records:
        assert [each.model_dump() for each in assignments(records, ROUND)] == before
    # finance has no address: its workbook has to be handed over
    assert sorted(mails().values()) == [CHAIR_ID, INTERIOR]
    (mail,) = workbooks_sent(INTERIOR)
    assert mail.attachments == [workbook_of(INTERIOR)]
    assert mail.body.startswith("Kính gửi: Phó Giám đốc Sở Nội vụ – Ủy viên Hội đồng")
    assert "Hạn gửi lại tệp: hết ngày 15/03/2024." in mail.body


def workbooks_sent(verifier: str) -> list[NotificationRecord]:
    """The messages that brought him a workbook, in the order in which they were queued."""
    with session() as records:
        found = notifications(records, ROUND)
    return [each for each in found if each.key.startswith(f"appraise:{verifier}:")]


def places(context: RoundContext, unit: str, place: str) -> None:
    with session() as records:
        keep_out(records, context, unit, place, "ví dụ", "ví dụ", "Thư ký")


def rewritten(context: RoundContext) -> list[NotificationRecord]:
    """Interior's messages after its workbook was written twice more."""
    write_workbooks(context, "test")
    write_workbooks(context, "test")
    return workbooks_sent(INTERIOR)


def test_other_rows_are_told_once_each_time_and_an_older_message_does_not_go(
    sent: RoundContext,
) -> None:
    (first,) = workbooks_sent(INTERIOR)
    places(sent, "so-tttt", "not_evaluated")
    _, second = rewritten(sent)
    assert second.attachments == [workbook_of(INTERIOR)]
    places(sent, "so-tttt", "ranked")
    places(sent, "so-tai-chinh", "not_evaluated")
    third = rewritten(sent)[-1]
    assert third.body == second.body, "as many rows, but others"
    assert len(workbooks_sent(INTERIOR)) == 3
    places(sent, "so-tai-chinh", "ranked")
    fourth = rewritten(sent)[-1]
    assert fourth.body == first.body, "the rows of the beginning, which he was told are not his"
    assert len(workbooks_sent(INTERIOR)) == 4
    with session() as records:
        dropped = Dropped("đã có thư gửi tệp mới hơn")
        assert [again(records, sent, each) for each in (first, second, third)] == [dropped] * 3
        assert again(records, sent, fourth) is None


def test_points_that_came_and_figures_that_changed_do_not_send_the_workbook_again(
    sent: RoundContext,
) -> None:
    fills(INTERIOR, "nv.xlsx", {"2.3": (20, WHY)})
    before = (round_folder(ROUND) / workbook_of(CHAIR_ID)).read_bytes()
    reads(sent)
    figures(sent, a=10, name="lan-hai.xlsx")
    write_workbooks(sent, "test")
    assert (round_folder(ROUND) / workbook_of(CHAIR_ID)).read_bytes() != before
    assert [len(workbooks_sent(each)) for each in (INTERIOR, CHAIR_ID)] == [1, 1]


def _folder() -> Path:
    return round_folder(ROUND) / "out" / "tham-dinh"


def test_the_same_files_read_twice_change_nothing_the_second_time(sent: RoundContext) -> None:
    fills(CHAIR_ID, "ct.xlsx", {"1.3": (10, WHY)})
    first = reads(sent)
    assert (first.opinions, len(first.given)) == (1, 1)
    again = reads(sent)
    assert (again.opinions, again.awards, again.given, again.told) == (0, 0, [], [])
    assert official(sent, "1.3") == 10


def test_a_bad_file_is_set_aside_and_its_sender_told_while_the_others_are_read(
    sent: RoundContext,
) -> None:
    fills(INTERIOR, "nv.xlsx", {"2.3": (20, WHY), "2.4": (10, None)})
    fills(CHAIR_ID, "ct.xlsx", {"1.3": (10, WHY)})
    read = reads(sent)
    assert stored() == {(CHAIR_ID, "1.3"): "10"}, "a file is taken whole or not at all"
    (reason,) = aside()
    assert reason == read.set_aside[0]
    assert reason.startswith(f"Tệp nv.xlsx, trang “{SHEET}”, ô ")
    assert "mục 2.4" in reason
    reads(sent)
    assert len(aside()) == 1
    told = [key for key in mails() if key.startswith("appraise-refused:")]
    assert [mails()[key] for key in told] == [INTERIOR]
    fills(INTERIOR, "nv-2.xlsx", {"2.3": (20, WHY), "2.4": (10, WHY)})
    assert reads(sent).opinions == 2


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (figure_key(UNIT, "2.3"), "do Phó Giám đốc Sở Tài chính"),
        (figure_key("so-la", "1.3"), "Không có đơn vị so-la"),
        ("1.3", "mã ẩn '1.3' không phải của biểu mẫu"),
    ],
)
def test_rows_that_are_not_his_are_refused_whatever_the_hidden_keys_say(
    sent: RoundContext, key: str, says: str
) -> None:
    content = (round_folder(ROUND) / workbook_of(CHAIR_ID)).read_bytes()
    path = lies(content, "ct.xlsx", {(figure_key(UNIT, "1.3"), APPRAISED): 25})
    book = load_workbook(path, rich_text=True)
    (cell,) = (c for c in book[SHEET]["A"] if c.value == figure_key(UNIT, "1.3"))
    cell.value = key
    book.save(path)
    stamp(path, BY)
    reads(sent)
    assert stored() == {}
    assert says in aside()[0]


def test_the_newest_file_counts_by_row_and_an_emptied_cell_keeps_what_was_given(
    sent: RoundContext,
) -> None:
    fills(CHAIR_ID, "ct.xlsx", {"1.3": (10, WHY), "1.4": (20, "Đủ 5 tin bài.")})
    reads(sent)
    late = fills(CHAIR_ID, "ct-2.xlsx", {"1.4": (40, "Có thêm 5 tin bài.")})
    stamp(late, BY + timedelta(days=1))
    read = reads(sent)
    assert stored() == {(CHAIR_ID, "1.3"): "10", (CHAIR_ID, "1.4"): "40"}
    (told,) = read.told
    assert "để trống không xóa điểm đã gửi trước, vẫn giữ: Sở Y tế mục 1.3 (10 điểm)" in told


def test_a_reason_without_points_is_told_not_taken(sent: RoundContext) -> None:
    content = (round_folder(ROUND) / workbook_of(CHAIR_ID)).read_bytes()
    lies(content, "ct.xlsx", {(figure_key(UNIT, "1.3"), REASON): "Xem lại."})
    read = reads(sent)
    assert stored() == {}
    assert "có lý do nhưng chưa có điểm: Sở Y tế mục 1.3" in read.told[0]


def test_a_file_for_a_closed_part_waits_until_the_part_is_opened(sent: RoundContext) -> None:
    with session() as records:
        (mine,) = (p for p in progress(records, sent) if p.verifier == FINANCE)
    for unit, code in mine.lacking:
        gives(sent, FINANCE, code, 20, WHY, unit=unit)
    with session() as records:
        close(records, sent, FINANCE, "Thư ký")
    fills(FINANCE, "tc.xlsx", {"2.3": (10, WHY)})
    reads(sent)
    assert stored()[FINANCE, "2.3"] == "20"
    assert f"--reopen {FINANCE} --reason" in aside()[0]
    with session() as records:
        reopen(records, sent, FINANCE, "Có tài liệu mới", "Thư ký")
    assert reads(sent).opinions == 1
    assert stored()[FINANCE, "2.3"] == "10"
    assert aside() == [], "what was taken does not lie aside any more"


def test_where_verifiers_differ_the_chair_gets_a_workbook_of_those_rows(
    sent: RoundContext,
) -> None:
    assert reads(sent).chair is None
    fills(FINANCE, "tc.xlsx", {"2.3": (20, "Có kế hoạch kèm theo.")})
    fills(INTERIOR, "nv.xlsx", {"2.3": (15, "Kế hoạch ban hành muộn.")})
    assert reads(sent).chair == workbook_of(CHAIR)
    (row,) = (row for row in page(CHAIR) if not str(row["key"]).startswith("#"))
    assert row["key"] == figure_key(UNIT, "2.3")
    assert str(row["Điểm, lý do của từng nơi thẩm định"]).splitlines() == [
        "Phó Giám đốc Sở Tài chính – Ủy viên Hội đồng: 20 điểm (Có kế hoạch kèm theo.)",
        "Phó Giám đốc Sở Nội vụ – Ủy viên Hội đồng: 15 điểm (Kế hoạch ban hành muộn.)",
    ]
    assert [who for key, who in mails().items() if key.startswith(f"appraise:{CHAIR}:")] == [CHAIR]
    content = (round_folder(ROUND) / workbook_of(CHAIR)).read_bytes()
    key = figure_key(UNIT, "2.3")
    decided = {(key, APPRAISED): 18, (key, REASON): "Hội đồng thống nhất."}
    lies(content, "quyet-dinh.xlsx", decided, BY + timedelta(days=1))
    reads(sent)
    assert official(sent, "2.3") == 18
    assert reads(sent).opinions == 0


def reminded(context: RoundContext, days: int) -> set[str]:
    with session() as records:
        found = plan(records, context, BY + timedelta(days=days)).messages
    return {each.recipient for each in found if each.key.startswith("remind-appraise:")}


def test_who_is_late_is_reminded_and_who_has_closed_or_given_every_row_is_not(
    sent: RoundContext,
) -> None:
    assert reminded(sent, 0) == set()
    assert reminded(sent, 1) == {CHAIR_ID, INTERIOR}
    with session() as records:
        parts = {each.verifier: each for each in progress(records, sent)}
    for unit, code in parts[INTERIOR].lacking:
        gives(sent, INTERIOR, code, 20, WHY, unit=unit)
    assert reminded(sent, 1) == {CHAIR_ID, INTERIOR}, "rows with a base wait for a look too"
    with session() as records:
        close(records, sent, INTERIOR, "Thư ký")
    assert reminded(sent, 1) == {CHAIR_ID}
    with session() as records:
        (mine,) = (p for p in progress(records, sent) if p.verifier == CHAIR_ID)
        rows = rows_by_verifier(records, sent)[CHAIR_ID]
    assert len(rows) == mine.items
    for unit, code in rows:
        most = sent.framework_of(unit).by_code[code].max_points
        gives(sent, CHAIR_ID, code, most, WHY, unit=unit)
    assert reminded(sent, 1) == set()


def test_a_member_of_the_council_is_written_to_at_his_own_address(sent: RoundContext) -> None:
    assert addresses(sent, INTERIOR) == [(DEFAULT, "nv@x.vn")]
    assert addresses(sent, CHAIR) == addresses(sent, CHAIR_ID) == [(DEFAULT, "ct@x.vn")]
    assert addresses(sent, FINANCE) == []
    assert addresses(sent, UNIT) == [(DEFAULT, f"{UNIT}@mau.example")]
    assert addresses(sent, INTERIOR, head=True) == []


def test_a_reminder_is_reworded_or_dropped_right_before_it_goes(sent: RoundContext) -> None:
    with session() as records:
        enqueue(records, ROUND, plan(records, sent, BY + timedelta(days=1)).messages, "test")
        (waiting,) = (
            n
            for n in notifications(records, ROUND)
            if n.key == f"remind-appraise:{INTERIOR}:{BY + timedelta(days=1)}"
        )
        (mine,) = (p for p in progress(records, sent) if p.verifier == INTERIOR)
    assert f"đã cho điểm 0 trên {mine.items} dòng" in waiting.body
    assert "đã quá 1 ngày" in waiting.body
    for unit, code in mine.lacking:
        gives(sent, INTERIOR, code, 20, WHY, unit=unit)
    with session() as records:
        fresh = again(records, sent, waiting)
        assert isinstance(fresh, Text)
        assert f"đã cho điểm {len(mine.lacking)} trên {mine.items} dòng" in fresh.body
        close(records, sent, INTERIOR, "Thư ký")
        assert again(records, sent, waiting) == Dropped(
            "người thẩm định đã cho đủ điểm hoặc đã khép phần của mình"
        )


def test_whoever_has_sent_is_not_reminded_while_his_file_waits_to_be_read(
    sent: RoundContext,
) -> None:
    late = BY + timedelta(days=1)
    with session() as records:
        enqueue(records, ROUND, plan(records, sent, late).messages, "test")
        waiting = {
            n.recipient: n for n in notifications(records, ROUND) if n.key.endswith(str(late))
        }
    assert {INTERIOR, CHAIR_ID} <= set(waiting)
    fills(INTERIOR, "nv.xlsx", {"2.3": (20, WHY)})
    assert reminded(sent, 2) == {CHAIR_ID}
    with session() as records:
        assert again(records, sent, waiting[INTERIOR]) == Dropped(
            "tệp của người thẩm định đã đến hộp nhận trước lúc thư được gửi đi"
        )
        assert isinstance(again(records, sent, waiting[CHAIR_ID]), Text)
    assert reads(sent).opinions == 1
    assert reminded(sent, 2) == {CHAIR_ID, INTERIOR}, "read, and rows still lack his points"


def test_a_file_that_was_set_aside_or_is_not_his_does_not_spare_the_reminder(
    sent: RoundContext,
) -> None:
    fills(INTERIOR, "nv.xlsx", {"2.3": (20, None), "2.4": (10, None)})
    assert reminded(sent, 1) == {CHAIR_ID}
    reads(sent)
    assert len(aside()) == 1
    assert reminded(sent, 1) == {CHAIR_ID, INTERIOR}
    content = (round_folder(ROUND) / workbook_of(FINANCE)).read_bytes()
    path = lies(content, "gia-mao.xlsx", {(figure_key(UNIT, "2.3"), APPRAISED): 20}, BY)
    book = load_workbook(path, rich_text=True)
    (cell,) = (
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == FINANCE
    )
    cell.value = INTERIOR
    book.save(path)
    assert reminded(sent, 1) == {CHAIR_ID, INTERIOR}, "an identity that this office did not sign"
