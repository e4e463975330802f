"""The letters that tell each unit its result, and the papers of rounds in the records."""

import io
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from dti_core.framework.load import load_framework
from dti_core.program.load import RoundContext, load_round
from dti_core.program.model import Dated, DecisionPaper
from dti_core.records.database import session
from dti_core.records.issues import issue, start_correction
from dti_core.records.official import write_exempted
from dti_core.records.ranking import write_ranks
from reports.docx import TEMPLATES, BrokenTemplate
from reports.letters import correction, decision, notice
from reports.letters.correction import NothingCorrected
from reports.letters.issued import Issued
from reports.letters.notice import Final, NothingToTell, Notice, Provisional
from reports.letters.standings import Group
from reports.letters.wording import points
from reports.unit_round.notices import notice_values
from reports.unit_round.ranked_groups import NotRanked, groups
from reports.unit_round.result import (
    NoDecisionPaper,
    correction_values,
    decision_values,
    issued_decision,
)
from tests.unit.official_papers import (
    blocks_of,
    faces_of,
    rows_of,
    tables_of,
    text_of,
    the_page_is_set,
)
from tests.unit.published_results import ISSUED, group_of, notice_of
from tests.unit.ranked_round import context_of, fill
from tests.unit.scored_unit_round import appraise_sample, score_sample
from tests.unit.signed_round import adjusts, approves, drafted, ready


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return load_round("vinh-phuc/2023-so")


@pytest.fixture(scope="module")
def group() -> Group:
    return group_of(load_framework("vinh-phuc-2074/so"), 20, "Các sở, ban, ngành", "Sở")


@pytest.fixture(scope="module")
def given(context: RoundContext, group: Group) -> Notice:
    return notice_of(context, group, 2)


def sheet_of(content: bytes) -> list[list[str]]:
    (table,) = (t for t in tables_of(content) if t.style.name == "Table Grid")
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_a_provisional_letter_says_how_to_object(given: Notice) -> None:
    text = text_of(notice.render(given))
    for words in (
        "V/v thông báo kết quả dự kiến đánh giá chuyển đổi số năm 2023",
        "Kính gửi: Sở 3",
        "1. Kết quả dự kiến: 990,52 trên 1.000 điểm. Xếp hạng 3 trong 20 cơ quan, đơn vị của nhóm:"
        " các sở, ban, ngành.",
        "2. Phiếu điểm: điểm của 44 mục nêu tại Phụ lục kèm theo. Có 01 mục có lý do điều chỉnh"
        " điểm. Có 02 mục được miễn hoặc không đánh giá.",
        "Sở 3 có quyền kiến nghị về kết quả dự kiến đến hết ngày 05 tháng 3 năm 2024, bằng văn bản"
        " gửi về so-tttt@mau.example, nêu rõ mục kiến nghị",
        "(Kèm theo Công văn số …/STTTT ngày … tháng … năm …\ncủa Sở Thông tin và Truyền thông)",
    ):
        assert words in text, words
    assert "Quyết định số 05" not in text
    assert "đạt" not in text.partition("2. Phiếu điểm")[0].partition("1. Kết quả")[2]
    blocks = blocks_of(notice.render(given))
    assert "DỰ THẢO" in blocks[2]
    assert blocks[-1] == ["GIÁM ĐỐC"]


def test_without_a_day_the_time_to_object_runs_from_the_letter(given: Notice) -> None:
    text = text_of(notice.render(replace(given, stage=Provisional(days=5))))
    sender = "Sở Thông tin và Truyền thông"
    assert f"kết quả dự kiến trong 05 ngày kể từ ngày {sender} gửi thông báo này" in text
    text = text_of(notice.render(replace(given, stage=Provisional())))
    assert "không có thời gian kiến nghị" in text
    assert "có quyền kiến nghị" not in text


def test_a_final_letter_cites_the_decision(given: Notice) -> None:
    final = Final(ISSUED, "Ủy ban nhân dân tỉnh Vĩnh Phúc")
    one = replace(given.standing, percent=Fraction("99.05"), grade="Tốt", previous_rank=7)
    text = text_of(notice.render(replace(given, stage=final, standing=one)))
    for words in (
        "V/v thông báo kết quả đánh giá chuyển đổi số năm 2023",
        "Quyết định số 05/QĐ-UBND ngày 15 tháng 3 năm 2024 của Ủy ban nhân dân tỉnh Vĩnh Phúc",
        "1. Kết quả: 990,52 trên 1.000 điểm, đạt 99,05 % điểm tối đa. Xếp hạng 3 trong 20",
        "Xếp loại: Tốt. Lần đánh giá trước xếp hạng 7.",
        "đây là kết quả chính thức",
    ):
        assert words in text, words
    assert "dự kiến" not in text
    assert "kiến nghị" not in text


def test_a_unit_without_a_rank_is_told_why(given: Notice) -> None:
    one = replace(given.standing, rank=None, status="voluntary", reason="tham gia tự nguyện.")
    text = text_of(notice.render(replace(given, standing=one)))
    assert "Tình trạng: tự nguyện tham gia, không xếp hạng; lý do: tham gia tự nguyện." in text
    assert "Xếp hạng" not in text
    with pytest.raises(NothingToTell, match="Sở 3: chưa có điểm"):
        notice.render(replace(given, standing=replace(one, points=None)))


def test_the_score_sheet_has_every_row_with_its_reason(given: Notice, group: Group) -> None:
    rows = sheet_of(notice.render(given))
    assert rows[0] == [
        "Mục",
        "Tiêu chí",
        "Tối đa",
        "Tự đánh giá",
        "Tính theo số liệu",
        "Thẩm định",
        "Lý do điều chỉnh, miễn",
    ]
    assert [row[0] for row in rows[1:] if row[0]] == [row.code for row in group.rows]
    by_code = {row[0]: row for row in rows}
    expected = points(Fraction(25 * 209, 211), 2)
    assert by_code["1.1"][2:] == [
        "25",
        "25",
        expected,
        expected,
        "Văn bản kiểm chứng ban hành sau năm đánh giá.",
    ]
    unassessed = [row for row in rows if row[5] == "KĐG"]
    assert [row[6] for row in unassessed] == [
        "Không đánh giá, trừ khỏi điểm tối đa: không có chức năng."
    ]
    assert rows[-1] == ["", "Tổng điểm", "1.000", "", "", "990,52", ""]
    pillars = [row for row in rows[1:-1] if not row[0]]
    assert [row[5] for row in pillars] == [points(p.points, 2) for p in given.sheet]


def test_letters_of_a_series_are_those_made_one_by_one(context: RoundContext, group: Group) -> None:
    letters = [notice_of(context, group, place) for place in range(5)]
    assert list(notice.render_all(letters)) == [notice.render(each) for each in letters]
    assert len({text_of(content) for content in notice.render_all(letters)}) == 5


def test_a_letter_of_a_series_costs_a_fraction_of_one_alone(
    context: RoundContext, group: Group
) -> None:
    letters = [notice_of(context, group, place % 20) for place in range(40)]
    series = notice.render_all(letters)
    next(series)
    start = time.process_time()
    assert sum(1 for _ in series) == 39
    each = (time.process_time() - start) / 39
    start = time.process_time()
    notice.render(letters[0])
    assert each < (time.process_time() - start) / 2, "the template is read once"


def test_the_page_is_as_the_decree_on_papers_sets_it(given: Notice) -> None:
    the_page_is_set(Document(str(TEMPLATES / "notice.docx")))
    content = notice.render(given)
    the_page_is_set(Document(io.BytesIO(content)))
    seen = faces_of(content)
    for words in ("CỘNG HÒA", "V/v", "Kính gửi", "Nơi nhận", "GIÁM ĐỐC", "Phụ lục", "Kèm theo"):
        assert any(words in pattern for pattern in seen), words
    table = next(t for t in tables_of(content) if t.style.name == "Table Grid")
    assert sum(column.width.cm for column in table.columns) == pytest.approx(16.5, abs=0.02)


def test_names_stay_as_they_are_written(given: Notice) -> None:
    strange = "Sở Văn hóa & Du lịch <thử>"
    first = given.sheet[0]
    row = replace(first.rows[0], reason="Dòng 1\nDòng 2 & <3>\x07")
    one = replace(
        given,
        standing=replace(given.standing, unit=f"{strange}\x07"),
        sheet=(replace(first, rows=(row, *first.rows[1:])), *given.sheet[1:]),
    )
    content = notice.render(one)
    text = text_of(content)
    assert f"Kính gửi: {strange}" in text
    assert "Dòng 1\nDòng 2 & <3>" in [row[6] for row in sheet_of(content)]
    for left_over in ("{{", "{%", "None", "nan", "\ue000", "\x07", "()"):
        assert left_over not in text, left_over


def own_template(home: Path, *paragraphs: str, cell: str = "") -> None:
    file = home / "templates" / "notice.docx"
    file.parent.mkdir(exist_ok=True)
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if cell:
        document.add_table(rows=1, cols=1).cell(0, 0).text = cell
    document.save(str(file))


def test_an_office_can_use_its_own_template(given: Notice, empty_home: Path) -> None:
    own_template(empty_home, "Gửi {{ recipient }}", "{%p if final %}", "Chính thức", "{%p endif %}")
    assert text_of(notice.render(given)).strip() == "Gửi Sở 3"
    final = replace(given, stage=Final(ISSUED, "UBND tỉnh"))
    assert text_of(notice.render(final)).strip().split("\n") == ["Gửi Sở 3", "Chính thức"]


@pytest.mark.parametrize(
    ("paragraphs", "cell", "told"),
    [
        (("Gửi {{ don_vi }}",), "", "chỗ “Gửi {{ don_vi }}”.*don_vi.*Xóa tệp"),
        (("Bảng {{ tables.sheet }}",), "", "đứng riêng một đoạn.*“Bảng {{ tables.sheet }}”"),
        (("Còn {{ 1 / 0 }}",), "", "chỗ “Còn {{ 1 / 0 }}”: division by zero"),
        (("hết{% endif %}",), "{% if final %}trong ô", "chỗ “hết"),
    ],
)
def test_a_broken_template_is_refused_with_its_place(
    paragraphs: tuple[str, ...], cell: str, told: str, given: Notice, empty_home: Path
) -> None:
    own_template(empty_home, "Mở đầu", *paragraphs, cell=cell)
    with pytest.raises(BrokenTemplate, match=rf"notice\.docx.*{told}"):
        notice.render(given)


def test_a_fault_that_only_a_later_letter_meets_is_told_with_its_place(
    context: RoundContext, group: Group, empty_home: Path
) -> None:
    own_template(empty_home, "{{ recipient }}", "{% if rank == 2 %}Gửi {{ don_vi }}{% endif %}")
    letters = notice.render_all([notice_of(context, group, place) for place in range(2)])
    assert text_of(next(letters)).strip() == "Sở 1"
    with pytest.raises(BrokenTemplate, match=r"chỗ “{% if rank == 2 %}Gửi {{ don_vi }}"):
        next(letters)


# From the records

CASE: Mapping[str, Any] = {
    "clause": "2001/QĐ-UBND, II.1.3a",
    "by": "percent",
    "policies": {
        "grades": [{"name": "Tốt", "at_least": "80%"}, {"name": "Khá", "at_least": "0"}],
        "petition_days": 5,
    },
    "pillars": {"1": {"rows": {"1.1": 20, "1.2": 30}}, "2": {"rows": {"2.1": 50}}},
    "points": {
        "a": {"1.1": "20", "1.2": "15", "2.1": "40"},
        "b": {"1.1": "10", "2.1": "40"},
        "c": {"1.1": "20", "1.2": "30", "2.1": "50"},
        "d": {"1.1": "0", "1.2": "0", "2.1": "10"},
    },
    "exemptions": {"khong-co": {"effect": "not_assessed", "units": {"b": ["1.2"]}}},
    "kept_out": {"c": "voluntary"},
    "before": {"a": 1, "b": 3},
}


def ranked(case: Mapping[str, Any]) -> RoundContext:
    context = context_of(case)
    how = DecisionPaper(
        issuer=("Ủy ban nhân dân", "tỉnh Thử"),
        symbol="QĐ-UBND",
        place="Thử",
        signer=("TM. Ủy ban nhân dân", "Chủ tịch"),
        competence="Ủy ban nhân dân tỉnh Thử",
        grounds=("Căn cứ Quyết định 1/QĐ",),
        proposer="Giám đốc Sở",
        proposal="TTr-S",
        executors="Thủ trưởng các sở",
    )
    program = context.program.model_copy(update={"decision": how, "personnel": "d"})
    context = replace(context, program=program)
    with session() as records:
        fill(records, context, case)
    with session() as records:
        write_exempted(records, context, "test")
        write_ranks(records, context, "test")
    return context


@pytest.mark.usefixtures("database")
def test_the_decision_publishes_what_is_recorded() -> None:
    context = ranked(CASE)
    with session() as records:
        content = decision.render(decision_values(records, context, issued=ISSUED))
    rows = rows_of(content)
    # b: 50 of 70, since row 1.2 left its maximum; a: 75 of 100
    assert ["1", "Đơn vị a", "75", "100", "75", "Khá", "–"] in rows
    assert ["2", "Đơn vị b", "50", "70", "71,43", "Khá", "▲1"] in rows
    assert ["3", "Đơn vị d", "10", "100", "10", "Khá", "mới"] in rows
    kept_out = next(row for row in rows if row[1:2] == ["Đơn vị c"] and len(row) == 5)
    assert kept_out[2:4] == ["Tự nguyện tham gia, không xếp hạng", "100"]
    assert "tự nguyện" in kept_out[4]
    by_row = {row[0]: row for row in rows if len(row) == 7}
    assert by_row["1.2"][2:] == ["30", "15", "KĐG", "0", "30"]
    text = text_of(content)
    assert "Đơn vị d sử dụng kết quả này" in text
    assert "DỰ THẢO" not in text


@pytest.mark.usefixtures("database")
def test_the_letters_tell_what_is_recorded() -> None:
    context = ranked(CASE)
    with session() as records:
        letters = notice_values(records, context)
    assert list(letters) == ["a", "b", "c", "d"]
    told = {unit: text_of(content) for unit, content in zip(letters, made(letters), strict=True)}
    assert "50 trên 70 điểm, đạt 71,43 % điểm tối đa. Xếp hạng 2 trong 03" in told["b"]
    assert "Lần đánh giá trước xếp hạng 3." in told["b"]
    assert "trong 05 ngày kể từ ngày x gửi thông báo này" in told["b"]
    assert "Tình trạng: tự nguyện tham gia, không xếp hạng" in told["c"]
    rows = sheet_of(notice.render(letters["b"]))
    by_code = {row[0]: row for row in rows}
    assert by_code["1.2"][5] == "KĐG"
    assert by_code["1.2"][6].startswith("Không đánh giá, trừ khỏi điểm tối đa: khong-co")
    assert rows[-1] == ["", "Tổng điểm", "70", "", "", "50", ""]
    with session() as records:
        final = notice_values(records, context, decision=ISSUED)
        dated = Dated(on=date(2024, 3, 5), basis="ví dụ")
        until = replace(context, round=context.round.model_copy(update={"petition_by": dated}))
        assert notice_values(records, until)["a"].stage == Provisional(date(2024, 3, 5), 5)
    assert final["a"].stage == Final(ISSUED, "Ủy ban nhân dân tỉnh Thử")


def made(letters: Mapping[str, Notice]) -> list[bytes]:
    return list(notice.render_all(letters.values()))


HOW = {
    "issuer": ["Ủy ban nhân dân", "tỉnh thử"],
    "symbol": "QĐ-UBND",
    "place": "Thử",
    "signer": ["Chủ tịch"],
    "competence": "Chủ tịch Ủy ban nhân dân tỉnh thử",
    "grounds": ["Căn cứ Quyết định 1/QĐ-UBND"],
    "proposer": "Chánh Văn phòng",
    "proposal": "TTr-VP",
    "executors": "Giám đốc các sở",
}


@pytest.mark.usefixtures("database")
def test_the_correction_is_what_changed_since_publication() -> None:
    context = ready(decision=HOW)
    drafted(context)
    approves(context, "du-thao", role="Chủ tịch")
    with session() as records:
        assert issued_decision(records, context) is None
        with pytest.raises(NothingCorrected, match="--correct --reason LÝ_DO"):
            correction_values(records, context)
        on = date(2024, 3, 15)
        issue(records, context, "7/QĐ-UBND", on, actor="test", day=on)
    adjusts(context, "so-a", "2.1", 70, "Cộng sai hai hồ sơ")
    with session() as records:
        start_correction(records, context, "Cộng sai mục 2.1", actor="test")
        given = correction_values(records, context)
        published = issued_decision(records, context)
    assert published == Issued("07", "QĐ-UBND", date(2024, 3, 15))
    assert [(c.unit, c.what, c.before, c.now, c.reason) for c in given.changes] == [
        ("Sở A", "Thứ hạng", "3", "1", ""),
        ("Sở A", "Tổng điểm", "63", "93", ""),
        ("Sở A", "Điểm mục 2.1. Tiêu chí thứ 2.1", "40", "70", "Cộng sai hai hồ sơ"),
        ("Sở B", "Thứ hạng", "2", "3", ""),
        ("Sở C", "Thứ hạng", "1", "2", ""),
    ]
    content = correction.render(given)
    text = text_of(content)
    assert "tại Quyết định số 07/QĐ-UBND ngày 15 tháng 3 năm 2024 của Chủ tịch Ủy ban" in text
    assert "Lý do: cộng sai mục 2.1." in text
    rows = rows_of(content)
    assert ["1", "Sở A", "Thứ hạng", "3", "1", ""] in rows
    assert ["1", "Sở A", "93"] in rows, "the ranking as it stands now"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("parents", "told"),
    [
        ("cd", ("Xã Đại Đồng (Đơn vị c)", "Xã Đại Đồng (Đơn vị d)")),
        ("cc", ("Xã Đại Đồng (a)", "Xã Đại Đồng (b)")),
    ],
)
def test_communes_of_one_name_are_told_apart(parents: str, told: tuple[str, str]) -> None:
    context = context_of(CASE)
    same = {
        unit: {"name": "Xã Đại Đồng", "parent": parent}
        for unit, parent in zip("ab", parents, strict=True)
    }
    units = tuple(unit.model_copy(update=same.get(unit.id, {})) for unit in context.units)
    program = context.program.model_copy(update={"units": units})
    program.__dict__.pop("unit", None)
    context = replace(context, units=units, program=program)
    with session() as records:
        fill(records, context, CASE)
    with session() as records:
        with pytest.raises(NotRanked, match="dti rank"):
            groups(records, context)
        write_exempted(records, context, "test")
        write_ranks(records, context, "test")
        (group,) = groups(records, context)
        with pytest.raises(NoDecisionPaper, match="khóa decision"):
            decision_values(records, context)
        letters = notice_values(records, context)
    assert tuple(one.unit for one in group.ranked[:2]) == told
    assert tuple(letters[unit].standing.unit for unit in "ab") == told


@pytest.mark.usefixtures("database")
def test_the_sample_round_is_published_whole() -> None:
    context = score_sample()
    appraise_sample(context)
    with session() as records:
        values = decision_values(records, context)
        letters = notice_values(records, context)
    content = decision.render(values)
    names = [unit.name for unit in context.units]
    first = next(t for t in tables_of(content) if t.style.name == "Table Grid")
    assert sorted(row.cells[1].text for row in first.rows[1:-1]) == sorted(names)
    (group,) = values.groups
    for one in group.ranked:
        assert sum((p for p in one.pillars if p is not None), Fraction(0)) == pytest.approx(
            float(one.points or 0), abs=0.05
        )
    assert list(letters) == [unit.id for unit in context.units]
    for content in made(letters):
        assert "None" not in text_of(content)
        assert len(sheet_of(content)) == 1 + 7 + len(group.rows) + 1
