"""What the data-quality report says of a round's records."""

import dataclasses
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from dti_core.figures import Figure
from dti_core.framework.model import Criterion
from dti_core.intake.layout import SELF_ROW
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import Item
from dti_core.records.collecting import Remark, set_aside, write_remarks
from dti_core.records.confirmations import confirm
from dti_core.records.database import database_url, engine, session
from dti_core.records.files import round_folder
from dti_core.records.flags import Answer, all_flags, answer, decide
from dti_core.records.rounds import open_round
from reports.quality.data import QualityReport, UnitPage
from reports.quality.files import quality_files
from reports.quality.page import FOLDER, INDEX, WORKBOOK
from reports.quality.private import masks
from reports.quality.stages import Counts
from reports.quality.values import quality_values
from tests.unit import quality_round as q
from tests.unit.quality_round import DAY, DUE, HUYEN, ROUND, SO, TWO, XA

pytestmark = pytest.mark.usefixtures("empty_home")

CODE, OTHER = "1.2.2", "4.4"  # of departments, each with figures a and b of the department's own


@pytest.fixture
def context() -> RoundContext:
    return q.opened()


def report(context: RoundContext, day: date | None = None) -> QualityReport:
    with session() as records:
        return quality_values(records, context, day)


def page(made: QualityReport, unit: str) -> UnitPage:
    return next(each for each in made.pages if each.line.id == unit)


def counts_of(made: QualityReport, unit: str = SO) -> Counts:
    return page(made, unit).counts


def test_a_round_just_opened_says_that_nothing_has_come(context: RoundContext) -> None:
    made = report(context)
    assert made.counts == Counts(asked=made.counts.asked)
    assert made.as_of == "chưa nhận tệp nào"
    assert made.notes[0].startswith("Đợt đã mở, chưa nhận tệp nào")
    assert not made.worst_first, "what has not come is nobody's mistake"
    assert not made.late
    assert {unit.timeliness for unit in made.units} == {"chưa nộp, còn hạn"}
    with session() as records:
        files = quality_files(records, context)
    assert "cả 42 số liệu đã hỏi còn thiếu" in files[f"{FOLDER}/{SO}.html"].decode()


def test_before_anybody_is_asked_it_says_so() -> None:
    context = q.write_program()
    with session() as records:
        open_round(records, context, "test")
    made = report(context)
    assert made.notes[0].startswith("Đợt chưa gửi yêu cầu nào")
    assert page(made, SO).line.timeliness == "chưa gửi yêu cầu"


def test_figures_pass_the_stages_one_after_another(context: RoundContext) -> None:
    def said(item: Item, row: Criterion) -> Figure | None:
        if item.criterion == "1.3":
            return None
        if (item.criterion, item.variable) == (OTHER, "b"):
            return Figure(*item.key, status="to_ask", raw="12 hoặc 13", question="Là 12 hay 13?")
        if item.criterion == "1.4":
            return Figure(*item.key, status="not_available", raw="chưa thống kê được")
        return q.given(item, row)

    with session() as records:
        submission = q.sends(records, context, SO, said)
        q.finds(
            records,
            [
                q.found(SO, OTHER, "a"),
                q.found(SO, "1.3", "a", rule="required", severity="warning"),
                q.found(SO, "2.5", "a", severity="warning"),
                q.found(SO, CODE, "a", rule="evidence", severity="warning"),
            ],
        )
        q.doubts(records, [q.doubt(SO, CODE), q.doubt(SO, "3.2"), q.doubt(SO, "6.9")])
        flags = {flag.criterion: flag.flag_id for flag in all_flags(records, ROUND)}
        for code in ("3.2", "6.9"):
            answer(records, ROUND, [Answer(flags[code], "kept", None, "Đúng.")], "test")
        decide(records, ROUND, flags["6.9"], True, "Hợp lý.", "test")
    missing = len(context.frameworks["so"].by_code["1.3"].needed)
    made = report(context)
    told = counts_of(made)
    assert told == Counts(
        asked=42,
        received=42 - missing,
        readable=41 - missing,
        valid=40 - missing,
        plausible=39 - missing,
        explained=38 - missing,
        confirmed=0,
        doubted=1,
    )
    mine = page(made, SO)
    assert mine.line.flags == (1, 1, 1, 0)
    assert (mine.line.answered, mine.line.unclear) == (told.readable, 1)
    assert (mine.line.fatal, mine.line.warned, mine.line.papers) == (1, 1, 1)
    assert [line.code for line in mine.missing] == ["1.3"] * missing
    assert [line.text for line in mine.unclear] == ["Là 12 hay 13?"]
    assert [line.code for line in mine.papers] == [CODE]
    lines = {line.code: line for line in made.criteria if line.group == "Sở, ban, ngành"}
    assert (lines["1.3"].missing, lines["1.3"].warned) == (1, 0), "left blank, and no more"
    assert (lines[OTHER].wrong, lines[OTHER].unclear, lines[OTHER].fatal) == (1, 1, 1)
    assert (lines[CODE].doubted, lines[CODE].papers) == (1, 1)
    assert (lines["5.2"].wrong, lines["5.2"].units) == (0, 6)
    assert made.counts.received == told.received
    assert submission is not None
    with session() as records:
        code, on = submission.sha256[:12], date(2024, 1, 25)
        confirm(records, context, SO, "own", code, "1/STP", "Giám đốc", on, "test")
    assert counts_of(report(context)).confirmed == told.explained
    assert page(report(context), SO).line.confirmed == "đã xác nhận"


def test_a_bare_ratio_stands_for_its_figures(context: RoundContext) -> None:
    def said(item: Item, row: Criterion) -> Figure | None:
        if item.criterion != OTHER:
            return q.given(item, row)
        if item.variable != "a":
            return None
        return Figure(item.unit, OTHER, "ratio", status="given_as_ratio", value=q.HALF, raw="50%")

    with session() as records:
        q.sends(records, context, SO, said)
    assert counts_of(report(context)).readable == 42


def test_a_doubt_about_self_assessed_points_is_none_about_a_figure(context: RoundContext) -> None:
    with session() as records:
        q.sends(records, context, SO)
        q.finds(records, [q.found(SO, CODE, SELF_ROW, rule="self_score")])
        q.doubts(records, [q.doubt(SO, CODE, None, detector="self_score")])
    made = report(context)
    assert counts_of(made).explained == 42
    assert page(made, SO).line.flags[0] == 1
    assert page(made, SO).line.fatal == 1


def test_groups_and_pillars_add_up_to_the_whole(context: RoundContext) -> None:
    with session() as records:
        q.everybody_sends(records, context, but={HUYEN})
    made = report(context)
    for parts in (made.groups, made.pillars):
        assert sum((part.counts for part in parts), Counts()) == made.counts
    assert [(part.name, part.units) for part in made.groups] == [
        ("Sở, ban, ngành", 6),
        ("Cấp huyện", 2),
        ("Cấp xã", 3),
    ]
    so, huyen, _ = (part.counts for part in made.groups)
    assert so.received == so.asked
    assert 0 < huyen.received < huyen.asked


def test_who_is_late_follows_from_the_day_that_the_report_speaks_of(context: RoundContext) -> None:
    with session() as records:
        q.sends(records, context, SO)
        q.sends(records, context, TWO, day=DUE + timedelta(days=2))
    made = report(context)
    assert page(made, SO).line.timeliness == "đúng hạn"
    assert page(made, TWO).line.timeliness == "muộn"
    assert page(made, XA).line.timeliness == "chưa nộp, quá hạn", "a file came after its deadline"
    with session() as records:
        q.sends(records, context, "so-tttt", kinds={"own"})
    assert page(report(context, DAY), "so-tttt").line.timeliness == "còn thiếu tệp, còn hạn"
    assert page(report(context, DAY), XA).line.timeliness == "chưa nộp, còn hạn"
    assert report(context, DAY).as_of == "ngày 20/01/2024, tệp đến sau cùng ngày 02/02/2024"


def test_findings_stand_with_who_gives_the_figure(context: RoundContext) -> None:
    row = next(
        row
        for row in context.frameworks["so"].rows
        if row.provider and row.provider.leads == ("vp-ubnd",)
    )
    with session() as records:
        q.everybody_sends(records, context)
        q.finds(records, [q.found(SO, row.code, row.needed[0])])
    made = report(context)
    (told,) = page(made, "vp-ubnd").fatal
    assert (told.about, told.code) == ("Sở Tư pháp", row.code)
    assert not page(made, SO).fatal
    (line,) = (line for line in made.criteria if line.fatal)
    assert (line.code, line.fatal) == (row.code, 1)


def test_part_of_a_shared_figure_waits_for_the_others_and_blames_nobody(
    context: RoundContext,
) -> None:
    with session() as records:
        q.everybody_sends(records, context, but={"viettel-post"})
    waiting = report(context)
    shared = [line for line in waiting.criteria if line.group != "Sở, ban, ngành"]
    assert not any(line.missing or line.unclear for line in shared)
    assert waiting.counts.readable < waiting.counts.received
    with session() as records:
        q.sends(records, context, "viettel-post")
    assert report(context).counts.readable == waiting.counts.asked


def test_what_changed_between_versions_is_told_with_both_values(context: RoundContext) -> None:
    def again(item: Item, row: Criterion) -> Figure | None:
        if item.criterion != OTHER:
            return q.given(item, row)
        if item.variable == "b":
            return None
        return dataclasses.replace(q.given(item, row), value=q.HALF * 14, raw="7")

    with session() as records:
        q.sends(records, context, SO)
        q.sends(records, context, SO, again, day=DAY + timedelta(days=3), content="2")
    mine = page(report(context), SO)
    assert [line.code for line in mine.changes] == [OTHER, OTHER]
    first, second = (line.text for line in mine.changes)
    assert "trước “5" in first
    assert "nay “7" in first
    assert second.endswith("nay “để trống”")
    assert [(file.version, file.received) for file in mine.files] == [
        (1, "20/01/2024"),
        (2, "23/01/2024"),
    ]


def test_a_check_that_could_not_run_is_told_apart_from_one_that_failed(
    context: RoundContext,
) -> None:
    with session() as records:
        q.sends(records, context, SO)
    assert any("chưa được kiểm tra" in note for note in report(context).notes)
    path = round_folder(ROUND) / "validation" / "so.json"
    path.parent.mkdir(parents=True)
    rules = [
        {"rule": "whole", "name": "Số đếm là số nguyên", "status": "not_run", "reason": "lỗi X"},
        {"rule": "kind", "name": "Đúng loại", "status": "passed", "reason": None},
    ]
    path.write_text(json.dumps({"rules": rules}), encoding="utf-8")
    made = report(context)
    assert [(one.group, one.check, one.reason) for one in made.not_run] == [
        ("Sở, ban, ngành", "Số đếm là số nguyên", "lỗi X")
    ]
    assert any("1 phép kiểm tra chưa chạy được" in note for note in made.notes)
    assert not any("chưa được kiểm tra" in note for note in made.notes)
    assert not made.worst_first
    with session() as records:
        text = quality_files(records, context)[INDEX].decode()
    assert "Không phải lỗi của đơn vị" in text


def test_files_set_aside_are_listed_with_their_reasons(context: RoundContext) -> None:
    with session() as records:
        set_aside(records, ROUND, "la.xlsx", "b" * 64, "Tệp la.xlsx không phải biểu mẫu.", "test")
    (line,) = report(context).aside
    assert (line.name, line.reason) == ("la.xlsx", "Tệp la.xlsx không phải biểu mẫu.")


CONTACT = {
    "name": "Trần Thị Mẫu",
    "phone": "0912 345 678",
    "mail": "mau.tt@mau.example",
    "post": "Chánh Văn phòng",
}


def test_contacts_never_appear_whoever_typed_them_where(context: RoundContext) -> None:
    about = f"Liên hệ {CONTACT['name']}, {CONTACT['phone']} hoặc {CONTACT['mail']}"

    def said(item: Item, row: Criterion) -> Figure | None:
        if item.criterion == OTHER:
            return Figure(*item.key, status="to_ask", raw=about, question=f"“{about}” là gì?")
        return q.given(item, row)

    with session() as records:
        submission = q.sends(records, context, SO, said)
        assert submission is not None
        q.contact(records, submission, **CONTACT)
        told = [Remark("question", f"“{about}” nằm ở ô không dùng."), Remark("notice", about)]
        write_remarks(records, submission, told, "test")
        q.doubts(records, [q.doubt(SO, CODE)])
        (flag,) = all_flags(records, ROUND)
        answer(records, ROUND, [Answer(flag.flag_id, "kept", None, about)], "test")
        decide(records, ROUND, flag.flag_id, False, f"Gọi {CONTACT['mail']}: sai", "test")
        set_aside(records, ROUND, f"{CONTACT['mail']}.xlsx", "c" * 64, about, "test")
        files = quality_files(records, context)
    with zipfile.ZipFile(io.BytesIO(files.pop(WORKBOOK))) as book:
        texts = [book.read(name).decode() for name in book.namelist()]
    texts += [content.decode() for content in files.values()]
    assert any("đã ẩn" in text for text in texts)
    for text in texts:
        assert not any(CONTACT[field] in text for field in ("name", "phone", "mail"))


def test_figures_that_look_like_nothing_private_are_left_alone() -> None:
    hide = masks([])
    for text in ("1.204.567 hồ sơ", "số 12/BC-STP ngày 05/01/2024", "0,12345678", "99.000.000.000"):
        assert hide(SO, text) == text
    assert hide(SO, "gọi 0211.3862.345.") == "gọi [thông tin liên hệ đã ẩn]."


def test_last_years_round_of_the_records_is_compared_stage_by_stage() -> None:
    before = q.opened()
    with session() as records:
        q.everybody_sends(records, before, but={TWO})
    assert not report(before).years
    now = q.next_year()

    def said(item: Item, row: Criterion) -> Figure | None:
        figure = q.given(item, row)
        if item.criterion == OTHER:
            return dataclasses.replace(figure, value=q.HALF * (12 if item.variable == "a" else 8))
        return None if item.criterion == "1.3" else figure

    with session() as records:
        open_round(records, now, "test")
        q.sends(records, now, SO, said)
        q.sends(records, now, TWO)
    made = report(now)
    line = made.years[0]
    lost = len(now.frameworks["so"].by_code["1.3"].needed)
    assert made.year_before == 2023
    assert (line.group, line.lost) == ("Sở, ban, ngành", lost)
    assert (line.same, line.up, line.down) == (42 - lost - 2, 1, 1)
    assert line.both == line.same + line.up + line.down
    assert line.new == 42, "the other unit gave nothing last year"
    assert line.before == report(load_round(ROUND)).groups[0].counts
    with session() as records:
        text = quality_files(records, now)[INDEX].decode()
    assert "Phần số liệu đến được từng bước, năm 2023 và năm nay." in text


def test_without_last_year_the_page_says_so(context: RoundContext) -> None:
    with session() as records:
        text = quality_files(records, context)[INDEX].decode()
    assert "Chưa có số liệu năm 2022 để so sánh" in text


def test_the_same_records_are_the_same_bytes(context: RoundContext) -> None:
    with session() as records:
        q.everybody_sends(records, context)
        q.finds(records, [q.found(SO, OTHER, "a")])
        first = quality_files(records, context)
    with session() as records:
        assert quality_files(records, context) == first


@contextmanager
def queries(seen: list[str]) -> Iterator[None]:
    """Every statement that the database is sent meanwhile."""

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    made = engine(database_url())
    event.listen(made, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(made, "before_cursor_execute", note)


def asked_of_the_database(records: Session, context: RoundContext) -> int:
    seen: list[str] = []
    with queries(seen):
        quality_values(records, context)
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_the_units(context: RoundContext) -> None:
    with session() as records:
        q.sends(records, context, SO)
        few = asked_of_the_database(records, context)
        q.everybody_sends(records, context, but={SO})
        q.finds(records, [q.found(unit.id, "1.3", "a") for unit in context.units])
        q.doubts(records, [q.doubt(unit.id, "1.3") for unit in context.units])
        records.flush()
        assert asked_of_the_database(records, context) == few


def test_the_page_of_a_whole_province_stays_small() -> None:
    context = q.opened(huyen=9, xa=136, all_departments=True)
    assert len(context.units) == 165
    with session() as records:
        for unit in (SO, HUYEN, XA):
            q.sends(records, context, unit)
        q.finds(
            records,
            [
                q.found(unit, row.code, row.needed[0], severity="warning")
                for unit in (SO, HUYEN, XA)
                for row in context.framework_of(unit).rows
                if row.needed
            ],
        )
        files = quality_files(records, context)
    assert files[INDEX].count(b'<td class="code">') == sum(
        bool(row.needed) for framework in context.frameworks.values() for row in framework.rows
    )
    assert len(files[INDEX]) < 1_000_000
    assert len(files) == 2 + 165 + 4
