"""Plans to improve: proposed from a ranked round, edited by the unit, read back, followed up."""

import io
import json
import os
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from typer.testing import CliRunner

from dti_core.framework.full_marks import NO_PENALTY, full_marks
from dti_core.framework.load import framework_ids, home, load_framework
from dti_core.framework.model import READINGS
from dti_core.intake.belonging import WrongWorkbook
from dti_core.intake.fill import fill
from dti_core.intake.quantities import Unclear
from dti_core.intake.targets import read_target, target_text
from dti_core.program.load import RoundContext, load_round
from dti_core.program.model import Letterhead
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.follow_up import NothingToFollow, follow_framework, follow_up
from dti_core.records.improvement import NotRankedYet, plans, proposals, to_line
from dti_core.records.rounds import documents
from dti_core.records.tables import ImprovementRecord, QuarantineRecord
from dti_core.scoring.improvement import weak_points
from dti_core.scoring.targets import Target, verdict
from reports.improvement.follow_up import render
from reports.improvement.values import units_paper
from tasks.improving import FOLDER, read_plans, write_plans
from tasks.inbox import inbox
from tests.unit.improved_program import (
    LAST,
    NOW,
    PROGRAM,
    exempt,
    ranked,
    scored,
    write_program,
)
from tests.unit.official_papers import blocks_of, rows_of, text_of, the_page_is_set

pytestmark = pytest.mark.usefixtures("empty_home")

HALF = Fraction(1, 2)

# so-tttt loses most on 6.8, then on 2.1, on 1.2.1 and on 6.9
FIGURES = {
    ("so-tttt", "1.2.1", "a"): 7,
    ("so-tttt", "1.2.1", "b"): 8,
    ("so-tttt", "2.1", "x"): False,
    ("so-tttt", "6.9", "a"): 75,
    ("so-tttt", "6.9", "b"): 80,
    ("so-tttt", "6.9", "c"): 20,
}
POINTS = {
    ("so-tttt", "1.2.1"): "105/8",
    ("so-tttt", "2.1"): 0,
    ("so-tttt", "6.8"): 2,
    ("so-tttt", "6.9"): "79/2",
    ("so-dan-so", "2.1"): 0,
}


@pytest.fixture
def last_year() -> RoundContext:
    """The first year of the program, ranked."""
    write_program()
    return ranked(LAST, FIGURES, POINTS)


def sent(context: RoundContext, unit: str, name: str, **cells: object) -> Path:
    """The unit's workbook in the inbox under a name, with cells typed: "1_2_1__target"."""
    write_plans(context, [unit], "test")
    file = inbox(context.id) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes((round_folder(context.id) / FOLDER / f"{unit}.xlsx").read_bytes())
    typed = {}
    for key, value in cells.items():
        row, column = key.rsplit("__", 1)
        typed[row.replace("plus", "+").replace("_", "."), column] = value
    fill(file, typed)
    return file


def recorded(unit: str = "so-tttt", year: int = 2022) -> list[ImprovementRecord]:
    with session() as records:
        return plans(records, PROGRAM, year, [unit])


@pytest.mark.parametrize(
    ("framework", "code", "words"),
    [
        ("vinh-phuc-2074/so", "2.1", "Có"),
        ("vinh-phuc-2074/so", "1.1", "Trưởng ban là Người đứng đầu Sở/Ban/Ngành"),
        ("vinh-phuc-2074/so", "1.2.1", "Tỷ lệ 100 %"),
        ("vinh-phuc-2074/so", "6.9", "Tỷ lệ từ 80 % trở lên"),
        ("vinh-phuc-2074/so", "2.5", "Từ 4 hội nghị trở lên"),
        ("vinh-phuc-2074/so", "6.8", "Trên 12 cuộc họp"),
        ("vinh-phuc-2074/so", "6.10", "Đạt 100 %"),
        ("vinh-long-2554/tinh", "5.12.2", "Từ 2 tỷ đồng trở lên"),
        ("vinh-long-2554/tinh", "4.5", "Cao nhất trong các nơi được so sánh"),
        (
            "vinh-long-2554/tinh",
            "1.4",
            "Có chuyên trang cấp tỉnh về chuyển đổi số: có; Tần suất cập nhật trung bình của"
            " chuyên trang: từ 52 lần/năm trở lên",
        ),
    ],
)
def test_full_marks_are_told_in_words(framework: str, code: str, words: str) -> None:
    row = load_framework(framework).by_code[code]
    assert full_marks(row, row.rule) == words


@pytest.mark.parametrize("framework", framework_ids())
def test_every_shipped_row_has_words_for_full_marks(framework: str) -> None:
    for row in load_framework(framework).rows:
        for reading in READINGS:
            words = full_marks(row, row.rule_under(reading))
            assert words[:1] == words[:1].upper() != ""
            assert "None" not in words


def test_on_a_penalty_the_aim_is_to_lose_nothing() -> None:
    row = load_framework("vinh-phuc-2074/so").by_code["2.5"]
    penalty = row.model_copy(update={"max_points": Fraction(-5)})
    assert full_marks(penalty, penalty.rule) == NO_PENALTY


@pytest.mark.parametrize(
    ("code", "text", "target"),
    [
        ("6.9", "80%", Target(Fraction(4, 5))),
        ("6.9", "Đạt từ 80 % trở lên", Target(Fraction(4, 5))),
        ("6.9", "Phấn đấu 98,5%", Target(Fraction(197, 200))),
        ("6.9", ">50%", Target(HALF, beyond=True)),
        ("6.8", "Trên 12 cuộc họp", Target(Fraction(12), beyond=True)),
        ("6.8", "1.204", Target(Fraction(1204))),  # a count is whole
        ("6.1", "Tối thiểu 20 tin, bài", Target(Fraction(20))),
        ("6.9", "Duy trì", None),
        ("6.9", "80% số hồ sơ cấp Sở", None),
        ("6.9", "80 - 90%", None),
        ("6.8", "20 bản tin", None),
        ("2.1", "Có", None),
    ],
)
def test_a_target_is_exact_or_words(code: str, text: str, target: Target | None) -> None:
    row = load_framework("vinh-phuc-2074/so").by_code[code]
    assert read_target(text, row, row.rule) == target


@pytest.mark.parametrize(
    ("code", "value", "asked"),
    [
        ("6.9", "5", "5 % hoặc 500 %"),
        ("6.9", "0,8", "0,8 % hoặc 80 %"),
        ("6.1", "1.204", "1,204 hoặc 1.204"),
        ("6.8", "80%", "là tỷ lệ phần trăm"),
    ],
)
def test_a_number_that_may_be_two_is_asked_about(code: str, value: str, asked: str) -> None:
    row = load_framework("vinh-phuc-2074/so").by_code[code]
    found = target_text(value, row, row.rule)
    assert isinstance(found, Unclear)
    assert asked in found.reason


@pytest.mark.parametrize("value", [Fraction(4, 5), Fraction(79, 100), None])
def test_a_verdict_needs_both_sides(value: Fraction | None) -> None:
    told, why = verdict(Target(Fraction(4, 5)), value, full=False, points=None, maximum=HALF)
    wanted = {Fraction(4, 5): "reached", Fraction(79, 100): "not_reached", None: "unknown"}
    assert told == wanted[value]
    assert bool(why) == (value is None)


def test_weak_points_are_what_was_lost_the_most_first() -> None:
    framework = load_framework("vinh-phuc-2074/so")
    official = {row.code: row.max_points or Fraction(0) for row in framework.rows}
    official |= {"2.1": Fraction(0), "6.9": Fraction(39), "1.1": Fraction(0)}
    found = weak_points(framework, "Sở A", official, {"1.1"}, lambda _: "as_written")
    assert [(each.criterion.code, each.lost) for each in found] == [("2.1", 20), ("6.9", 1)]
    assert {each.leads for each in found} == {("Sở A",)}


def test_on_a_provinces_own_index_the_agencies_of_the_decree_lead() -> None:
    framework = load_framework("vinh-long-2554/tinh")
    (weak,) = weak_points(framework, "Tỉnh A", {"7.1": Fraction(1)}, (), lambda _: "as_written")
    provider = weak.criterion.provider
    assert provider is not None
    assert weak.leads == tuple(framework.agency(lead) for lead in provider.leads)
    assert "Tỉnh A" not in weak.leads


def test_there_is_no_plan_before_the_ranking() -> None:
    write_program()
    context = scored(LAST, FIGURES)
    with pytest.raises(NotRankedYet, match=f"dti rank {LAST}"):
        write_plans(context, ["so-tttt"], "test")


def test_lines_are_proposed_with_result_target_and_deadline(last_year: RoundContext) -> None:
    with session() as records:
        found = proposals(records, last_year, ["so-tttt", "vp-ubnd"])
    assert found["vp-ubnd"].lines == ()
    lines = {line.criterion: line for line in found["so-tttt"].lines}
    assert list(lines) == ["6.8", "2.1", "1.2.1", "6.9"]
    assert lines["1.2.1"].result == "7/8 cuộc họp (87,5 %); 13,13/15 điểm"
    assert lines["6.9"].result == "75/100 hồ sơ (75 %); 39,5/40 điểm"
    assert lines["6.8"].result == "chưa có số liệu; 2/30 điểm"
    assert lines["2.1"].result == "không; 0/20 điểm"
    assert lines["6.9"].target == "Tỷ lệ từ 80 % trở lên"
    assert {line.deadline for line in lines.values()} == {"Trước ngày 31/12/2023"}
    assert lines["1.2.1"].partners == ("Văn phòng UBND tỉnh",)


def test_an_exempted_row_is_no_weak_point(last_year: RoundContext) -> None:
    exempt(last_year, "so-tttt", "2.1")
    with session() as records:
        lines = proposals(records, last_year, ["so-tttt"])["so-tttt"].lines
    assert [line.criterion for line in lines] == ["6.8", "1.2.1", "6.9"]


def test_the_plan_is_a_paper_and_a_workbook(last_year: RoundContext) -> None:
    names = write_plans(last_year, ["so-tttt", "vp-ubnd"], "test")
    folder = round_folder(LAST)
    before = {name: (folder / name).read_bytes() for name in names}
    assert write_plans(last_year, ["so-tttt", "vp-ubnd"], "test") == names
    assert {name: (folder / name).read_bytes() for name in names} == before
    paper = before[f"{FOLDER}/so-tttt.docx"]
    text = text_of(paper)
    assert "Bản đề xuất do phần mềm lập" in text
    assert "xếp hạng 4/4" in text
    assert "Còn 4 tiêu chí (mất 50,38 điểm) chưa đạt điểm tối đa." in text
    assert [row[0] for row in rows_of(paper) if row[0].isdigit()] == ["1", "2", "3", "4"]
    assert ["TT", "Chỉ số, tiêu chí", "Kết quả năm 2022", "Chỉ tiêu năm 2023"] in [
        row[:4] for row in rows_of(paper)
    ]
    nothing = text_of(before[f"{FOLDER}/vp-ubnd.docx"])
    assert "Duy trì kết quả đã đạt" in nothing
    assert "Phụ lục" not in nothing
    with session() as records:
        kinds = {each.path: each.kind for each in documents(records, LAST)}
    assert kinds[f"{FOLDER}/so-tttt.docx"] == "improvement_plan"


def test_the_paper_stands_as_the_decree_draws_it(last_year: RoundContext) -> None:
    write_plans(last_year, ["so-tttt"], "test")
    content = (round_folder(LAST) / FOLDER / "so-tttt.docx").read_bytes()
    document = Document(io.BytesIO(content))
    upright, across = document.sections
    assert (round(across.page_width.mm), round(across.page_height.mm)) == (297, 210)
    assert upright.page_width < upright.page_height
    the_page_is_set(document)
    left, right = blocks_of(content)[:2]
    assert left[:2] == ["ỦY BAN NHÂN DÂN TỈNH VĨNH PHÚC", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG"]
    assert right[0] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def test_a_unit_with_a_letterhead_signs_by_it(last_year: RoundContext) -> None:
    own = Letterhead(
        issuer="Ủy ban nhân dân huyện A",
        place="A",
        signer="TM. Ủy ban nhân dân\nChủ tịch",
        file_code="UBND",
    )
    unit = last_year.program.unit["so-y-te"].model_copy(update={"letterhead": own})
    paper = units_paper(last_year, unit)
    assert (paper.parent, paper.issuer, paper.place) == (None, ("Ủy ban nhân dân huyện A",), "A")
    assert (paper.symbol, paper.signer) == ("KH-UBND", ("TM. Ủy ban nhân dân", "Chủ tịch"))


def test_the_maker_makes_what_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reports.docx import TEMPLATES
    from reports.templates import layout, make_improvement

    monkeypatch.setattr(layout, "TEMPLATES", tmp_path)
    make_improvement.main()
    (made,) = tmp_path.iterdir()
    assert made.read_bytes() == (TEMPLATES / made.name).read_bytes()


def test_a_plan_comes_back_as_the_unit_wrote_it(last_year: RoundContext) -> None:
    sent(
        last_year,
        "so-tttt",
        "a.xlsx",
        **{
            "6_9__target": "đạt 85%",
            "6_9__partners": "Văn phòng UBND tỉnh; Sở Nội vụ",
            "2_1__target": None,
            "plus1__title": "Bố trí cán bộ chuyên trách",
            "plus1__target": "02 người",
            "plus1__until": "Quý III/2023",
            "plus1__lead": "Văn phòng Sở",
        },
    )
    taken, refused = read_plans(last_year, "test")
    assert refused == []
    assert [(each.unit, each.lines, each.changed) for each in taken] == [("so-tttt", 4, 4)]
    assert any("1 tiêu chí mất điểm" in notice for notice in taken[0].notices)
    lines = recorded()
    assert [(each.number, each.criterion) for each in lines] == [
        (1, "6.8"),
        (2, "1.2.1"),
        (3, "6.9"),
        (4, None),
    ]
    assert lines[2].target == "đạt 85%"
    assert lines[2].partners == ["Văn phòng UBND tỉnh", "Sở Nội vụ"]
    assert lines[2].result == "75/100 hồ sơ (75 %); 39,5/40 điểm"
    assert (lines[3].title, lines[3].deadline) == ("Bố trí cán bộ chuyên trách", "Quý III/2023")
    assert "a.xlsx" in lines[0].source
    again, _ = read_plans(last_year, "test")
    assert again[0].changed == 0
    assert [each.id for each in recorded()] == [each.id for each in lines]


def test_the_newest_plan_wins_and_stands_in_the_papers(last_year: RoundContext) -> None:
    old = sent(last_year, "so-tttt", "a.xlsx", **{"6_9__target": "81%"})
    new = sent(last_year, "so-tttt", "b.xlsx", **{"6_9__target": "90%", "2_1__target": None})
    os.utime(old, (1_700_000_000, 1_700_000_000))
    os.utime(new, (1_700_000_100, 1_700_000_100))
    read_plans(last_year, "test")
    assert [each.target for each in recorded() if each.criterion == "6.9"] == ["90%"]
    write_plans(last_year, ["so-tttt"], "test")
    folder = round_folder(LAST) / FOLDER
    assert "Bản đề xuất" not in text_of((folder / "so-tttt.docx").read_bytes())
    page = load_workbook(folder / "so-tttt.xlsx")["Kế hoạch"]
    shown = {row[0].value: row[4].value for row in page.iter_rows()}
    assert shown["6.9"] == "90%"
    assert shown["2.1"] is None


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"6_9__target": "0,8"}, "(mục 6.9, chỉ tiêu): “0,8” có thể là 0,8 % hoặc 80 %"),
        ({"6_9__lead": None}, "(mục 6.9, đơn vị chủ trì): chưa ghi"),
        ({"6_9__until": 45291}, "(mục 6.9, thời hạn): “45291” không rõ là ngày nào"),
        ({"6_9__until": "31/02/2023"}, "không phải ngày có thật"),
        ({"6_9__until": "31/12/2022"}, "không sau ngày 31/12/2022"),
        ({"6_9__title": "2.1. Nghị quyết"}, "dòng bị chuyển chỗ"),
        ({"plus1__target": "100%"}, "(tên nhiệm vụ): chưa ghi"),
    ],
)
def test_a_plan_in_doubt_is_not_taken(
    last_year: RoundContext, cells: dict[str, object], told: str
) -> None:
    sent(last_year, "so-tttt", "a.xlsx", **cells)
    taken, refused = read_plans(last_year, "test")
    assert taken == []
    (text,) = refused
    assert "Tệp a.xlsx, trang “Kế hoạch”, ô " in text
    assert told in text
    assert "Kế hoạch chưa được ghi" in text
    assert recorded() == []
    with session() as records:
        assert records.get(QuarantineRecord, 1) is not None


def test_a_plan_of_another_round_is_refused(last_year: RoundContext) -> None:
    file = sent(last_year, "so-tttt", "a.xlsx")
    now = ranked(NOW, {}, {})
    target = inbox(NOW) / "a.xlsx"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(file.read_bytes())
    taken, (refused,) = read_plans(now, "test")
    assert taken == []
    assert LAST in refused
    assert NOW in refused


def test_a_workbook_of_another_kind_is_named(last_year: RoundContext) -> None:
    from dti_core.intake.improvement import plan_of
    from dti_core.intake.workbook import read_workbook
    from dti_core.records.row_results import results
    from reports.workbooks.explanation import explanation_workbook

    file = round_folder(LAST) / "x.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(explanation_workbook(last_year, "so-tttt", []))
    with session() as records:
        known = results(records, last_year)
    with pytest.raises(WrongWorkbook, match="cần biểu mẫu kế hoạch khắc phục"):
        plan_of(read_workbook(file), last_year, file.name, known.rule, known.told)


def followed(context: RoundContext) -> dict[tuple[str | None, str | None], tuple[str, str]]:
    with session() as records:
        found = follow_up(records, context)
    return {(each.unit, each.line.criterion): (each.verdict, each.figures) for each in found.lines}


def test_next_year_tells_what_became_of_it(last_year: RoundContext) -> None:
    sent(
        last_year,
        "so-tttt",
        "a.xlsx",
        **{"6_9__target": "85%", "6_8__target": "Họp nhiều hơn", "1_2_1__target": "trên 87,5%"},
    )
    sent(last_year, "so-dan-so", "b.xlsx")
    read_plans(last_year, "test")
    figures = {
        ("so-tttt", "6.9", "a"): 84,
        ("so-tttt", "6.9", "b"): 80,
        ("so-tttt", "6.9", "c"): 20,
        ("so-tttt", "1.2.1", "a"): 8,
        ("so-tttt", "1.2.1", "b"): 8,
        ("so-tttt", "2.1", "x"): True,
        ("so-y-te", "2.1", "x"): False,
    }
    now = ranked(NOW, figures, {("so-y-te", "2.1"): 0})
    assert followed(now) == {
        ("so-tttt", "6.8"): ("unknown", "chưa có số liệu"),  # words
        ("so-tttt", "2.1"): ("reached", "có"),  # our own words: the whole maximum
        ("so-tttt", "1.2.1"): ("reached", "8/8 cuộc họp (100 %)"),
        ("so-tttt", "6.9"): ("not_reached", "84/100 hồ sơ (84 %)"),
        ("so-y-te", "2.1"): ("not_reached", "không"),  # so-dan-so planned it
    }


def test_of_a_merged_unit_nothing_is_concluded() -> None:
    write_program(came_from=("so-dan-so", "so-duoc"))
    sent(ranked(LAST, {}, {("so-dan-so", "2.1"): 0}), "so-dan-so", "b.xlsx")
    read_plans(load_round(LAST), "test")
    now = ranked(NOW, {("so-y-te", "2.1", "x"): True}, {})
    with session() as records:
        (line,) = follow_up(records, now).lines
    assert (line.unit, line.planned, line.figures) == ("so-y-te", "so-dan-so", "có")
    assert (line.verdict, "hợp nhất hoặc tách ra" in line.why) == ("unknown", True)


def test_a_row_that_is_exempted_this_year_is_not_judged(last_year: RoundContext) -> None:
    sent(last_year, "so-tttt", "a.xlsx")
    read_plans(last_year, "test")
    now = ranked(NOW, {("so-tttt", "2.1", "x"): True}, {})
    exempt(now, "so-tttt", "2.1")
    assert followed(now)["so-tttt", "2.1"][0] == "unknown"


def test_a_row_that_means_another_thing_is_not_compared(last_year: RoundContext) -> None:
    sent(last_year, "so-tttt", "a.xlsx")
    read_plans(last_year, "test")
    with session() as records:
        for each in records.exec(select_lines()):
            if each.criterion == "2.1":
                each.title = "Cổng thông tin điện tử đáp ứng yêu cầu kỹ thuật"
                records.add(each)
    now = ranked(NOW, {("so-tttt", "2.1", "x"): True}, {})
    with session() as records:
        (line,) = [e for e in follow_up(records, now).lines if e.line.criterion == "2.1"]
    assert line.verdict == "unknown"
    assert "không còn mục 2.1" in line.why


def select_lines():  # type: ignore[no-untyped-def]
    from sqlmodel import select

    return select(ImprovementRecord)


def test_without_plans_it_says_where_they_would_come_from() -> None:
    write_program()
    now = ranked(NOW, {}, {})
    with session() as records, pytest.raises(NothingToFollow, match="dti improve read"):
        follow_up(records, now)


def test_the_plan_inside_a_framework_stands_beside_the_june_round(june: Path) -> None:
    assert june == home()  # read only
    context = load_round("vinh-long/2024-06")
    with session() as records:
        found = follow_framework(records, context, load_framework("kon-tum-419/tinh"))
    lines = {each.line.criterion: each for each in found.lines}
    assert (found.year, found.now) == (2023, 2023)
    assert "ngay ở mức xuất phát" in found.note
    # 419/KH-UBND, mục 3.2: “Đã đạt 97.97%”, mục tiêu “Đạt 98%”
    assert (lines["3.2"].verdict, lines["3.2"].figures) == ("not_reached", "97,97 %")
    assert lines["3.2"].line.result == "Đã đạt 97.97%"
    assert lines["1.1"].verdict == "unknown"  # “Duy trì”
    # the names of 8.2 differ between 419 and 2554
    assert lines["8.2"].why.startswith("Mục này năm nay có tên khác")
    assert {each.unit for each in found.lines} == {"kon-tum"}
    with session() as records, pytest.raises(NothingToFollow, match="không ghi kết quả"):
        follow_framework(records, context, load_framework("vinh-long-2554/tinh"))


def test_the_page_shows_every_line_escaped(last_year: RoundContext) -> None:
    sent(last_year, "so-tttt", "a.xlsx", **{"6_8__target": "<b>Họp</b> & báo cáo"})
    read_plans(last_year, "test")
    now = ranked(NOW, {}, {})
    with session() as records:
        found = follow_up(records, now)
    page = render(now, found)
    assert page == render(now, found)
    assert "&lt;b&gt;Họp&lt;/b&gt; &amp; báo cáo" in page
    assert "<b>Họp</b>" not in page
    assert page.count('<td class="code" data-label="TT">') == len(found.lines) == 4
    for words in ("Kết quả năm 2022", "Số liệu năm 2023", "4 chỉ tiêu: "):
        assert words in page


def test_the_commands(last_year: RoundContext) -> None:
    from flows.cli import app

    run = CliRunner()
    done = run.invoke(app, ["improve", "plan", LAST, "so-tttt"])
    assert (done.exit_code, "Đã ghi 2 tệp" in done.output) == (0, True)
    empty = run.invoke(app, ["improve", "read", LAST])
    assert "chưa có kế hoạch" in empty.output
    sent(last_year, "so-tttt", "a.xlsx", **{"6_9__target": "5"})
    doubtful = run.invoke(app, ["improve", "read", LAST])
    assert doubtful.exit_code == 1
    assert "5 % hoặc 500 %" in " ".join(doubtful.output.split())
    sent(last_year, "so-tttt", "a.xlsx", **{"6_9__target": "90%"})
    assert run.invoke(app, ["improve", "read", LAST]).exit_code == 0
    ranked(NOW, {}, {})
    told = json.loads(run.invoke(app, ["improve", "follow-up", NOW, "--json"]).output)
    assert told["year"] == 2022
    (line,) = [each for each in told["lines"] if each["criterion"] == "6.9"]
    assert (line["target"], line["verdict"], line["unit"]) == ("90%", "unknown", "so-tttt")
    shown = run.invoke(app, ["improve", "follow-up", NOW])
    assert shown.exit_code == 0
    assert (round_folder(NOW) / "documents" / "theo-doi-khac-phuc.html").is_file()


def test_a_recorded_line_reads_as_it_was_written(last_year: RoundContext) -> None:
    sent(last_year, "so-tttt", "a.xlsx")
    read_plans(last_year, "test")
    with session() as records:
        proposed = proposals(records, last_year, ["so-tttt"])["so-tttt"].lines
    assert tuple(to_line(each) for each in recorded()) == proposed
