"""The papers of a unit round: names, sums, ranks, numbers, and the layout of Nghị định 30/2020."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from docx.table import Table

from dti_core.program.load import RoundContext, load_round
from dti_core.program.policies import RoundingRule
from dti_core.program.requests import requests
from dti_core.scoring.rank import rank
from reports.docx import TEMPLATES, BrokenTemplate
from reports.letters import decision, explanation, request, submission
from reports.letters.decision import Decision
from reports.letters.explanation import Doubt, ExplanationLetter, NothingToExplain
from reports.letters.paper import Paper, organisers_paper
from reports.letters.request import NothingAsked, RequestLetter, Workbook
from reports.letters.standings import (
    BrokenStandings,
    Column,
    Group,
    RowColumn,
    RowValue,
    Standing,
    summary,
)
from reports.letters.submission import Settled, Submission
from reports.letters.wording import UnknownType, cite, day, points, whole, within
from reports.templates import make_letters, make_provincial
from reports.unit_round.rows import row_columns
from tests.unit.official_papers import faces_of, rows_of, tables_of, text_of, the_page_is_set

ROUND = "vinh-phuc/2023-so"

LETTERS = ("request", "explanation", "submission", "decision")


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return load_round(ROUND)


def deciders_paper(context: RoundContext) -> Paper:
    return Paper(
        parent=None,
        issuer=("Ủy ban nhân dân", "tỉnh Vĩnh Phúc"),
        place="Vĩnh Phúc",
        symbol="QĐ-UBND",
        signer=("TM. Ủy ban nhân dân", "Chủ tịch"),
        recipients=("Chủ tịch, các Phó Chủ tịch Ủy ban nhân dân tỉnh",),
        illustration=context.round.illustration,
    )


def result(context: RoundContext) -> Group:
    """Every unit with exact points that end in thirds and sevenths; two are equal, one is out."""
    framework = context.frameworks["so"]
    columns = tuple(Column(p.name, p.max_points) for p in framework.pillars)
    parts = {
        unit.id: Fraction(6 + 5 * (19 - place), 105) for place, unit in enumerate(context.units)
    }
    units = list(parts)
    parts[units[4]] = parts[units[3]]
    by_unit = {
        unit: tuple(column.max_points * part for column in columns) for unit, part in parts.items()
    }
    totals: dict[str, Fraction | None] = {unit: sum(all_) for unit, all_ in by_unit.items()}
    totals[units[-1]] = None
    return Group(
        name=None,
        max_points=Fraction(1000),
        columns=columns,
        standings=tuple(
            Standing(
                context.program.unit[line.unit].name,
                line.rank,
                line.points,
                by_unit[line.unit] if line.rank else (None,) * len(columns),
                line.reason,
                tuple(
                    RowValue((row.max_points or Fraction(0)) * parts[line.unit])
                    for row in framework.rows
                )
                if line.rank
                else (),
            )
            for line in reversed(rank(totals, "same_rank"))
        ),
        rows=row_columns(framework),
    )


def request_letter(context: RoundContext) -> RequestLetter:
    asked = next(each for each in requests(context) if each.provider == "vp-ubnd")
    round_ = context.round
    workbooks = [
        Workbook("vp-ubnd-so-lieu.xlsx", "own", len({i.criterion for i in asked.own}), 42),
        Workbook(
            "vp-ubnd-ve-cac-don-vi.xlsx",
            "about_units",
            len({item.criterion for item in asked.about_units}),
            len(asked.about_units),
            len({item.unit for item in asked.about_units}),
        ),
    ]
    return RequestLetter(
        paper=organisers_paper(context),
        recipient=context.program.unit[asked.provider].name,
        basis=cite(context.frameworks["so"].decree),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        data_from=round_.data_from.on,
        data_to=round_.data_to.on,
        opens=round_.opens.on,
        closes=round_.closes.on,
        workbooks=tuple(workbooks),
        send_to="so-tttt@mau.example",
    )


def explanation_letter(context: RoundContext) -> ExplanationLetter:
    framework = context.frameworks["so"]
    first, second = framework.criteria[0], framework.criteria[-1]
    return ExplanationLetter(
        paper=organisers_paper(context),
        recipient="Sở Tư pháp",
        basis=cite(framework.decree),
        title=context.round.title,
        evaluation_year=context.round.evaluation_year,
        due=date(2024, 3, 5),
        workbook="so-tu-phap-giai-trinh.xlsx",
        doubts=(
            Doubt(first.code, first.name, "a = 1.204 hồ sơ", "1.204 gấp 7 lần năm trước (172)."),
            Doubt(second.code, second.name, "b = 0 & chưa rõ", "0 < 12 đã nêu ở mục 1.5."),
        ),
        if_unanswered="Quá thời hạn này, số liệu được thẩm định theo hồ sơ hiện có.",
    )


def submission_paper(context: RoundContext) -> Submission:
    policies = context.program.policies
    assert policies.rounding
    return Submission(
        paper=organisers_paper(context, "TTr"),
        recipient="Ủy ban nhân dân tỉnh Vĩnh Phúc",
        basis=cite(context.frameworks["so"].decree),
        title=context.round.title,
        evaluation_year=context.round.evaluation_year,
        data_from=context.round.data_from.on,
        data_to=context.round.data_to.on,
        asked=20,
        answered=19,
        doubts=31,
        explained=8,
        groups=(result(context),),
        rounding=policies.rounding.value,
        settled=(
            Settled("Mẫu số bằng 0", "0 điểm", policies.zero_denominator.basis),
            Settled("Đồng điểm", "đồng hạng", "Chính sách của đợt"),
        ),
        attachments=("dự thảo Quyết định", "bảng điểm chi tiết"),
    )


def decision_paper(context: RoundContext) -> Decision:
    policies = context.program.policies
    assert policies.rounding
    return Decision(
        paper=deciders_paper(context),
        competence="Ủy ban nhân dân tỉnh Vĩnh Phúc",
        grounds=(
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
            f"Căn cứ {cite(context.frameworks['so'].decree)}",
        ),
        proposer="Giám đốc Sở Thông tin và Truyền thông",
        proposal="TTr-STTTT",
        organiser="Sở Thông tin và Truyền thông",
        executors=(
            "Chánh Văn phòng Ủy ban nhân dân tỉnh; Giám đốc Sở Thông tin và Truyền thông; Thủ"
            " trưởng các sở, ban, ngành và các cơ quan, đơn vị có liên quan"
        ),
        basis=cite(context.frameworks["so"].decree),
        title=context.round.title,
        evaluation_year=context.round.evaluation_year,
        data_from=context.round.data_from.on,
        data_to=context.round.data_to.on,
        groups=(result(context),),
        rounding=policies.rounding.value,
    )


def values(context: RoundContext) -> dict[str, tuple[object, Callable[..., bytes]]]:
    """Each paper's values and what renders them."""
    return {
        "request": (request_letter(context), request.render),
        "explanation": (explanation_letter(context), explanation.render),
        "submission": (submission_paper(context), submission.render),
        "decision": (decision_paper(context), decision.render),
    }


@pytest.fixture(scope="module")
def rendered(context: RoundContext) -> dict[str, bytes]:
    return {name: render(given) for name, (given, render) in values(context).items()}


@pytest.mark.parametrize("name", LETTERS)
def test_every_paper_is_a_draft_of_its_round(
    name: str, context: RoundContext, rendered: dict[str, bytes]
) -> None:
    text = text_of(rendered[name])
    assert "{{" not in text
    assert "{%" not in text
    assert "DỰ THẢO" in text
    assert context.round.illustration
    assert context.round.illustration in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert re.search(r"^Số: +/", text, re.M), "the number is left blank"
    assert re.search(r"^Vĩnh Phúc, ngày +tháng +năm +$", text, re.M), "the date is left blank"
    assert re.search(r"^- Lưu: VT\.$", text, re.M)
    assert text.count("./.") == 1, "the end of a paper is marked once"
    assert "Quyết định số 2074/QĐ-UBND ngày 09 tháng 11 năm 2022" in text


@pytest.mark.parametrize("name", LETTERS)
def test_same_values_are_the_same_file(name: str, context: RoundContext) -> None:
    given, render = values(context)[name]
    assert render(given) == render(given)


@pytest.mark.parametrize("name", LETTERS)
def test_an_official_round_carries_no_notice(name: str, context: RoundContext) -> None:
    given, render = values(context)[name]
    official = replace(given, paper=replace(given.paper, illustration=None))  # type: ignore[type-var,attr-defined]
    text = text_of(render(official))
    assert context.round.illustration not in text
    assert "None" not in text


def test_the_request_says_what_is_asked_of_whom_until_when(rendered: dict[str, bytes]) -> None:
    text = text_of(rendered["request"])
    for words in (
        "V/v cung cấp số liệu đánh giá chuyển đổi số năm 2023",
        "Kính gửi: Văn phòng UBND tỉnh",
        "từ ngày 01 tháng 01 năm 2023 đến hết ngày 31 tháng 12 năm 2023",
        "từ ngày 02 tháng 01 năm 2024 đến hết ngày 31 tháng 01 năm 2024",
        "tất cả 182 số liệu",
        "gửi về so-tttt@mau.example",
        "- Như trên;",
        "GIÁM ĐỐC",
    ):
        assert words in text
    rows = rows_of(rendered["request"])
    assert [row[2:] for row in rows if row[0] in ("1", "2")] == [
        ["vp-ubnd-so-lieu.xlsx", "42"],
        ["vp-ubnd-ve-cac-don-vi.xlsx", "140"],
    ]
    assert ["", "Cộng", "", "182"] in rows
    assert "Số liệu về 20 cơ quan, đơn vị được đánh giá" in text


def test_the_explanation_lists_every_doubt(
    context: RoundContext, rendered: dict[str, bytes]
) -> None:
    given = explanation_letter(context)
    rows = rows_of(rendered["explanation"])
    for each in given.doubts:
        assert [each.code, each.criterion, each.figure, each.reason] in rows
    text = text_of(rendered["explanation"])
    assert "có 02 nội dung cần giải trình" in text
    assert "Kính gửi: Sở Tư pháp" in text
    assert "đến hết ngày 05 tháng 3 năm 2024." in text
    assert "“Giữ nguyên” hoặc “Điều chỉnh” trong tệp so-tu-phap-giai-trinh.xlsx" in text
    assert given.if_unanswered
    assert given.if_unanswered in text


def test_the_submission_sums_the_result_up(
    context: RoundContext, rendered: dict[str, bytes]
) -> None:
    group = result(context)
    ranked = [one.points for one in group.standings if one.points is not None]
    mean = points(sum(ranked) / 19, 2)
    text = text_of(rendered["submission"])
    assert "Có 19 trong 20 cơ quan, đơn vị được yêu cầu đã cung cấp số liệu" in text
    assert "Có 19 cơ quan, đơn vị được xếp hạng." in text
    assert f"Trung bình đạt {mean} trên 1.000 điểm" in text
    assert "cao nhất là 961,9 điểm (Văn phòng UBND tỉnh)" in text
    assert "Không xếp hạng Ban Quản lý các Khu công nghiệp: chưa có điểm thẩm định." in text
    assert "(Gửi kèm: dự thảo Quyết định; bảng điểm chi tiết.)" in text
    rows = rows_of(rendered["submission"])
    assert ["Tổng điểm", "1.000", mean, "961,9", "104,76"] in rows
    assert ["Đồng điểm", "đồng hạng", "Chính sách của đợt"] in rows
    pillars = [row for row in rows if row[0] in {column.name for column in group.columns}]
    assert [row[1] for row in pillars] == ["120", "120", "60", "80", "70", "450", "100"]
    assert "4. Đề nghị" in text
    bare = replace(submission_paper(context), settled=(), attachments=())
    assert "3. Đề nghị" in text_of(submission.render(bare))


def test_the_decision_ranks_every_unit(context: RoundContext, rendered: dict[str, bytes]) -> None:
    group = result(context)
    first, second = (
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in (ruled(rendered["decision"])[0], ruled(rendered["decision"])[2])
    )
    assert first[0] == ["Hạng", "Cơ quan, đơn vị", "Điểm"]
    assert first[-1] == ["", "Điểm tối đa", "1.000"]
    assert [row[0] for row in first[1:6]] == ["1", "2", "3", "4", "4"]
    assert first[6][0] == "6", "after two equal ranks the next one stays free"
    assert [row[1:] for row in first[1:-1]] == [
        [one.unit, points(one.points, 2)] for one in group.ranked
    ]
    assert first[1] == ["1", "Văn phòng UBND tỉnh", "961,9"]  # 1000 × 101/105 = 961,904…
    assert first[3] == ["3", "Sở Giao thông vận tải", "866,67"]  # 1000 × 91/105 = 866,666…
    assert second[0] == ["Hạng", "Cơ quan, đơn vị", *(c.name for c in group.columns), "Tổng điểm"]
    by_pillar = ["115,43", "115,43", "57,71", "76,95", "67,33", "432,86", "96,19"]
    assert second[1][2:] == [*by_pillar, "961,9"]
    assert len(second) == 1 + 19 + 1
    assert ["1", "Ban Quản lý các Khu công nghiệp", "Được đánh giá, không xếp hạng", "–"] in [
        row[:4] for row in rows_of(rendered["decision"])
    ]
    text = text_of(rendered["decision"])
    assert text.count("chưa có điểm thẩm định") == 1
    assert "đối với 19 cơ quan, đơn vị" in text
    assert "Có 01 cơ quan, đơn vị không xếp hạng, lý do nêu tại Phụ lục I." in text
    assert text.count(context.round.illustration or "") == 4, "appendices travel alone"
    assert text.index("TM. ỦY BAN NHÂN DÂN") < text.index("CHỦ TỊCH\n")


def ruled(content: bytes) -> list[Table]:
    return [table for table in tables_of(content) if table.style.name == "Table Grid"]


def test_the_grounds_end_as_the_decree_on_papers_wants(rendered: dict[str, bytes]) -> None:
    lines = text_of(rendered["decision"]).splitlines()
    start, end = lines.index("ỦY BAN NHÂN DÂN TỈNH VĨNH PHÚC"), lines.index("QUYẾT ĐỊNH:")
    grounds = lines[start + 1 : end]
    assert [line[-1] for line in grounds] == [";", ";", "."]
    assert not any(line.endswith(";;") for line in grounds)
    assert grounds[-1] == (
        "Theo đề nghị tại Tờ trình số …/TTr-STTTT ngày … tháng … năm … của Giám đốc Sở Thông tin"
        " và Truyền thông."
    )


def test_groups_have_a_name_and_a_table_each(context: RoundContext) -> None:
    group = result(context)
    one = replace(group, name="Nhóm 1")
    short = tuple(replace(s, pillars=s.pillars[:2]) for s in group.standings)
    two = replace(group, name="Nhóm 2", columns=group.columns[:2], standings=short)
    content = decision.render(replace(decision_paper(context), groups=(one, two)))
    widths = [len(table.columns) for table in ruled(content)]
    assert widths[:6] == [3, 5, 3, 5, 10, 5], "ranking and who has no rank, points by pillar"
    assert widths[6:] == [13, 12] * 2, "nineteen units are ten and nine"
    lines = text_of(content).splitlines()
    assert lines.count("Nhóm 2") == 2
    assert "Nhóm 2. Bảng 1 trong 2" in lines
    text = text_of(submission.render(replace(submission_paper(context), groups=(one, two))))
    assert "Nhóm 1 (19 cơ quan, đơn vị). Trung bình" in text


@pytest.mark.parametrize("count", [1, 7, 9])
def test_tables_by_pillar_fill_the_page_whatever_their_columns(
    count: int, context: RoundContext
) -> None:
    group = result(context)
    columns = (group.columns * 2)[:count]
    standings = tuple(replace(s, pillars=(s.pillars * 2)[:count]) for s in group.standings)
    wide = replace(group, columns=columns, standings=standings)
    content = decision.render(replace(decision_paper(context), groups=(wide,)))
    table = ruled(content)[2]
    grid = [column.width.cm for column in table.columns]
    assert len(grid) == count + 3
    assert sum(grid) == pytest.approx(16.5, abs=0.02)
    for row in table.rows:
        assert [cell.width.cm for cell in row.cells] == pytest.approx(grid, abs=0.01)


@pytest.mark.parametrize("name", [*LETTERS, "provincial"])
def test_the_page_is_as_the_decree_on_papers_sets_it(name: str) -> None:
    the_page_is_set(Document(str(TEMPLATES / f"{name}.docx")))


@pytest.mark.parametrize("name", LETTERS)
def test_fonts_and_sizes_are_in_the_ranges_of_the_decree_on_papers(
    name: str, rendered: dict[str, bytes]
) -> None:
    assert len(faces_of(rendered[name])) >= 8


def test_the_templates_are_those_that_their_makers_make() -> None:
    makers = {name: getattr(make_letters, name) for name in LETTERS}
    for name, make in {**makers, "provincial": make_provincial.make}.items():
        made, shipped = make(), Document(str(TEMPLATES / f"{name}.docx"))
        assert made.element.xml == shipped.element.xml, name


def test_an_office_can_use_its_own_template(context: RoundContext, empty_home: Path) -> None:
    own = Document()
    own.add_paragraph("Gửi {{ recipient }}")
    (empty_home / "templates").mkdir()
    own.save(str(empty_home / "templates" / "request.docx"))
    assert text_of(request.render(request_letter(context))).strip() == "Gửi Văn phòng UBND tỉnh"
    own.add_paragraph("{{ khong_co }}")
    own.save(str(empty_home / "templates" / "request.docx"))
    with pytest.raises(BrokenTemplate, match=r"request\.docx.*khong_co"):
        request.render(request_letter(context))


def test_papers_without_content_are_refused(context: RoundContext) -> None:
    with pytest.raises(NothingAsked, match="Văn phòng UBND tỉnh"):
        request.render(replace(request_letter(context), workbooks=()))
    with pytest.raises(NothingToExplain, match="Sở Tư pháp"):
        explanation.render(replace(explanation_letter(context), doubts=()))
    empty = replace(result(context), standings=())
    for given, render in (
        (submission_paper(context), submission.render),
        (decision_paper(context), decision.render),
    ):
        with pytest.raises(BrokenStandings, match="xếp hạng"):
            render(replace(given, groups=(empty,)))


@pytest.mark.parametrize(
    ("standing", "message"),
    [
        (Standing("Sở A", 1, Fraction(1), ()), "Sở A: có điểm của 0 chỉ số chính"),
        (Standing("Sở A", 1, None, (Fraction(1),)), "có hạng 1 mà không có điểm"),
        (Standing("Sở A", None, None, (None,)), "không nêu lý do"),
    ],
)
def test_a_result_that_contradicts_itself_is_refused(standing: Standing, message: str) -> None:
    with pytest.raises(BrokenStandings, match=message):
        Group(None, Fraction(10), (Column("A", Fraction(10)),), (standing,))


def test_equal_ends_of_a_ranking_are_all_named() -> None:
    standings = tuple(Standing(f"Sở {n}", 1, Fraction(5), (Fraction(5),)) for n in "AB")
    shown = summary(Group(None, Fraction(10), (Column("A", None),), standings), 2)
    assert (shown.first, shown.last, shown.pillars[0].max_points) == ("Sở A, Sở B",) * 2 + ("–",)


def test_points_are_published_half_up_by_the_rounds_digits(context: RoundContext) -> None:
    value = Fraction(1005, 1000)
    standing = Standing("Sở A", 1, value, (value,), rows=(RowValue(value),))
    row = RowColumn("1.1", "A", Fraction(10), 0)
    group = Group(None, Fraction(10), (Column("A", Fraction(10)),), (standing,), rows=(row,))
    given = replace(decision_paper(context), groups=(group,))
    assert ["1", "Sở A", "1,01"] in rows_of(decision.render(given))
    one_digit = RoundingRule(digits=1, total="sum_of_published")
    content = decision.render(replace(given, rounding=one_digit))
    assert ["1", "Sở A", "1"] in rows_of(content)
    assert "Điểm được làm tròn đến 01 chữ số thập phân." in text_of(content)


def test_wording(context: RoundContext) -> None:
    assert day(date(2024, 2, 1)) == "ngày 01 tháng 02 năm 2024"
    assert day(date(2024, 3, 15)) == "ngày 15 tháng 3 năm 2024"
    assert (whole(5), whole(12), whole(1200)) == ("05", "12", "1.200")
    assert points(None, 2) == "–"
    assert within("Đánh giá") == "đánh giá"
    decree = context.frameworks["so"].decree
    assert cite(decree) == (
        "Quyết định số 2074/QĐ-UBND ngày 09 tháng 11 năm 2022 của UBND tỉnh Vĩnh Phúc ban hành"
        " Bộ chỉ số đánh giá chuyển đổi số tỉnh Vĩnh Phúc"
    )
    with pytest.raises(UnknownType, match="12/ABC"):
        cite(decree.model_copy(update={"number": "12/ABC"}))
