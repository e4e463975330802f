"""The papers of the appraisal council: who is on it, what it decided, what it reports."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from docxtpl import DocxTemplate

from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.ranking import PolicyMissing
from dti_core.records.rounds import open_round
from reports.docx import TEMPLATES, BrokenTemplate
from reports.letters import appraisal_report, council, invitation, minutes
from reports.letters.appraisal_report import AppraisalReport, NothingAppraised
from reports.letters.council import Council, NoSeats, Quorum
from reports.letters.invitation import Invitation, NobodyInvited
from reports.letters.issued import BrokenAuthority
from reports.letters.minutes import Minutes, NoQuorum, told_apart
from reports.templates import make_appraisal_report, make_council, make_minutes
from reports.unit_round.appraisal_report import report_values
from reports.unit_round.council import (
    NoCouncil,
    NoSitting,
    council_values,
    invitation_values,
    minutes_values,
)
from tests.unit import council_round, official_papers
from tests.unit.council_round import COUNCIL, FIRST, LAST, MEMBERS, NAMES, ROUND
from tests.unit.official_papers import blocks_of, rows_of, text_of, the_page_is_set

PAPERS = ("council", "invitation", "minutes", "appraisal_report")
MAKERS = {
    "council": make_council.council,
    "invitation": make_council.invitation,
    "minutes": make_minutes.minutes,
    "appraisal_report": make_appraisal_report.appraisal_report,
}
PARTS = {
    "chu-tich": "Chủ tịch Hội đồng",
    "pho": "Phó Chủ tịch Hội đồng",
    "thu-ky": "Thư ký Hội đồng",
}
GUIDE = Path(__file__).parents[2] / "docs" / "mau-van-ban" / "hoi-dong-tham-dinh.md"
# what a template asks of the parts of a value
FIELDS = re.compile(r"\b(?:each|scope|scope\.whole|paper|aside)\.[a-z_]+(?:\.[a-z]+)?\b")
Rendering = tuple[object, Callable[..., bytes]]


def part(member: str) -> str:
    return PARTS.get(member, "Ủy viên Hội đồng")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with the appraised round. Read only."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("council")
        patch.setenv("DTI_HOME", str(folder))
        council_round.appraise(council_round.program())
        yield folder


@pytest.fixture(scope="module")
def context(home: Path) -> RoundContext:
    assert (home / "programs").is_dir()
    return load_round(ROUND)


def call(context: RoundContext) -> Invitation:
    return invitation_values(
        context,
        datetime(2024, 3, 5, 8, 5),
        ["Xem xét điểm thẩm định;", "Quyết định những tiêu chí còn khác nhau"],
        others=["Đại diện Sở Y tế"],
    )


@pytest.fixture(scope="module")
def values(context: RoundContext) -> dict[str, Rendering]:
    with session() as records:
        return {
            "council": (council_values(context), council.render),
            "invitation": (call(context), invitation.render),
            "minutes": (minutes_values(records, context, FIRST), minutes.render),
            "appraisal_report": (report_values(records, context), appraisal_report.render),
        }


@pytest.fixture(scope="module")
def rendered(values: dict[str, Rendering]) -> dict[str, bytes]:
    return {name: render(given) for name, (given, render) in values.items()}


@pytest.fixture(scope="module")
def decided(values: dict[str, Rendering]) -> Minutes:
    given = values["minutes"][0]
    assert isinstance(given, Minutes)
    return given


@pytest.fixture(scope="module")
def report(values: dict[str, Rendering]) -> AppraisalReport:
    given = values["appraisal_report"][0]
    assert isinstance(given, AppraisalReport)
    return given


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_is_a_blank_draft_of_its_round(
    name: str, context: RoundContext, rendered: dict[str, bytes]
) -> None:
    text = text_of(rendered[name])
    assert "{{" not in text
    assert "{%" not in text
    assert "None" not in text
    assert "DỰ THẢO" in text
    assert context.round.illustration
    assert context.round.illustration in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert re.search(r"^Số: +/", text, re.M), "the number is left blank"
    assert text.count("./.") == 1, "the end of a paper is marked once"
    assert re.search(r"^- Lưu: VT(, Hồ sơ)?\.$", text, re.M)


@pytest.mark.parametrize("name", PAPERS)
def test_an_official_round_carries_no_notice(
    name: str, context: RoundContext, values: dict[str, Rendering]
) -> None:
    given, render = values[name]
    paper = replace(given.paper, illustration=None)  # type: ignore[attr-defined]
    text = text_of(render(replace(given, paper=paper)))  # type: ignore[type-var]
    assert context.round.illustration not in text
    assert "None" not in text


@pytest.mark.parametrize("name", PAPERS)
def test_same_values_are_the_same_file(name: str, values: dict[str, Rendering]) -> None:
    given, render = values[name]
    assert render(given) == render(given)


@pytest.mark.parametrize("name", PAPERS)
def test_the_templates_are_those_that_their_makers_make(name: str) -> None:
    made, shipped = MAKERS[name](), Document(str(TEMPLATES / f"{name}.docx"))
    assert made.element.xml == shipped.element.xml
    the_page_is_set(shipped)


@pytest.mark.parametrize("name", PAPERS)
def test_a_broken_template_is_refused_with_its_place_and_what_to_do(
    name: str, home: Path, values: dict[str, Rendering]
) -> None:
    given, render = values[name]
    file = home / "templates" / f"{name}.docx"
    file.parent.mkdir(exist_ok=True)
    own = Document()
    own.add_paragraph("Về {{ title }}")
    own.save(str(file))
    try:
        assert text_of(render(given)).strip() == "Về xác định chỉ số chuyển đổi số năm 2023"
        own.add_paragraph("Ký thay {{ nguoi_ky }}")
        own.save(str(file))
        with pytest.raises(
            BrokenTemplate, match=rf"{name}\.docx.*“Ký thay {{{{ nguoi_ky }}}}”.*nguoi_ky.*Xóa tệp"
        ):
            render(given)
    finally:
        file.unlink()


# words of these papers → (smallest size, largest size, bold, italic), by Nghị định 30/2020/NĐ-CP,
# Phụ lục I, as nd30_layout.json has them; beside those that all papers have
OWN_FACES = {
    r"ỦY BAN NHÂN DÂN TỈNH MẪU": (12, 14, None, False),  # box 2: not bold; competence: bold
    r"ỦY BAN NHÂN DÂN|TỈNH MẪU|SỞ THÔNG TIN VÀ TRUYỀN THÔNG|HỘI ĐỒNG THẨM ĐỊNH .*": (
        12,
        13,
        True,
        False,
    ),
    r"Mẫu, ngày .*": (13, 14, False, True),
    r"GIẤY MỜI|BIÊN BẢN|BÁO CÁO|Thành lập Hội .*|Họp .*|Kết quả thẩm định .*": (
        13,
        14,
        True,
        False,
    ),
    r"THƯ KÝ|CHỦ TỌA|TM\. HỘI ĐỒNG|PHÓ CHỦ TỊCH .*": (13, 14, True, False),
    r"- Như trên;|- Như Điều 4;|- Các thành viên Hội đồng;|- Chủ tịch, .*": (11, 11, False, False),
    r"Phụ lục": (14, 14, True, False),
    r"PHÂN CÔNG THẨM ĐỊNH .*|CÁC TIÊU CHÍ ĐƯỢC ĐIỀU CHỈNH .*": (13, 14, True, False),
}
COMMON = {
    r"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    r"Độc lập - Tự do - Hạnh phúc",
    r"Số: +/.+",
    r"Nơi nhận:",
    r"- Lưu: .*\.",
}


@pytest.mark.parametrize("name", PAPERS)
def test_faces_and_sizes_are_those_of_the_decree_on_papers(
    name: str, rendered: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {p: face for p, face in official_papers.FACES.items() if not p.startswith("- ")}
    recipients = {r"- Lưu: .*\.": (11, 11, False, False)}
    monkeypatch.setattr(official_papers, "FACES", {**OWN_FACES, **recipients, **listed})
    seen = official_papers.faces_of(rendered[name])
    assert seen >= COMMON
    least = {"council": 7, "invitation": 5, "minutes": 5, "appraisal_report": 7}
    assert len(seen & set(OWN_FACES)) >= least[name]


@pytest.mark.parametrize("name", PAPERS)
def test_every_placeholder_is_explained_to_those_who_edit_the_template(name: str) -> None:
    template = DocxTemplate(TEMPLATES / f"{name}.docx")
    asked = template.get_undeclared_template_variables() - {"paper"}
    template.init_docx()
    asked |= set(FIELDS.findall(template.patch_xml(template.get_xml())))
    common, *sections = GUIDE.read_text(encoding="utf-8").split("\n## ")[1:]
    (mine,) = [each for each in sections if f"`{name}.docx`" in each.partition("\n")[0]]
    told = set(re.findall(r"`([a-z_.]+)`", common + mine))
    if name == "appraisal_report":  # its two tables are those of the minutes
        (minutes_,) = [each for each in sections if "`minutes.docx`" in each.partition("\n")[0]]
        told |= set(re.findall(r"`(each\.[a-z_]+)`", minutes_))
    assert asked <= told, asked - told


def test_the_decision_names_seven_members_by_office_and_part(rendered: dict[str, bytes]) -> None:
    rows = rows_of(rendered["council"])
    seats = [row for row in rows if len(row) == 3]
    assert seats[0] == ["STT", "Chức vụ, đơn vị công tác", "Nhiệm vụ trong Hội đồng"]
    assert seats[1:] == [
        [str(number), office, part(who)] for number, (who, office, *_) in enumerate(MEMBERS, 1)
    ]
    text = text_of(rendered["council"])
    assert f"Thành lập {COUNCIL} (sau đây gọi tắt là Hội đồng)" in text
    assert "gồm 07 thành viên" in text
    assert "ít nhất 05 trong 07 thành viên có mặt (2/3 tổng số thành viên; Quy chế quorum)" in text
    assert "với Ủy ban nhân dân tỉnh Mẫu chậm nhất ngày 20 tháng 3 năm 2024" in text
    assert "giao cho Phó Chánh Văn phòng Ủy ban nhân dân tỉnh – Ủy viên Hội đồng" in text
    assert [line for line in text.splitlines() if line.startswith("Căn cứ ")] == [
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
        "Căn cứ Quyết định số 2001/QĐ-UBND ngày 31 tháng 10 năm 2022;",
    ]


def test_the_decision_is_headed_and_signed_by_the_body_that_decides(
    rendered: dict[str, bytes],
) -> None:
    head, _, number, _, _, signature = blocks_of(rendered["council"])
    assert head[:2] == ["ỦY BAN NHÂN DÂN", "TỈNH MẪU"]
    assert number[0].endswith("/QĐ-UBND")
    assert signature == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


def test_the_decision_says_who_appraises_which_rows(rendered: dict[str, bytes]) -> None:
    fields = {row[1]: row[2:] for row in rows_of(rendered["council"]) if len(row) == 5}
    both = (
        "Phó Giám đốc Sở Nội vụ – Ủy viên Hội đồng;"
        " Phó Chánh Văn phòng Ủy ban nhân dân tỉnh – Ủy viên Hội đồng"
    )
    assert fields["Thể chế số"] == ["Chỉ số chính 2 (Thể chế số)", both, "2001/QĐ-UBND, mục V.2"]
    assert fields["Chi ngân sách"][0] == "Tiêu chí 5.7, 6.13"
    assert len(fields) == 1 + 5


@pytest.mark.usefixtures("empty_home")
def test_rows_of_a_field_are_told_by_framework_where_they_differ() -> None:
    basis = {"verifiers": ["noi-vu"], "basis": "mục V.2"}
    more = [
        {"field": "Hoạt động", "pillars": ["6"], **basis},
        {"field": "Khác", **basis},
        {"field": "Cấp khác", "levels": ["xa"], "pillars": ["6"], **basis},
    ]
    appraisal = council_round.program().program.appraisal.model_dump(mode="json")
    appraisal["fields"] += more
    context = council_round.program(
        appraisal=appraisal,
        frameworks={"so": "dien-bien-2001/so", "huyen": "dien-bien-2001/huyen"},
        rounds=[{**_round(), "levels": ["so", "huyen"]}],
    )
    by_field = {each.field: each.rows for each in council_values(context).fields}
    so, huyen = (framework.title for framework in context.frameworks.values())
    assert by_field["Thể chế số"] == "Chỉ số chính 2 (Thể chế số)"
    # pillar 1 of the departments is pillar "I" of the districts, by the letter of the decree
    assert by_field["Nhận thức số"] == "Chỉ số chính 1 (Nhận thức số)"
    assert by_field["Hoạt động"] == (
        f"{so}: Chỉ số chính 6 (Hoạt động chuyển đổi số);"
        f" {huyen}: Chỉ số chính 6 (Hoạt động chính quyền số)"
    )
    assert by_field["Khác"] == "Các tiêu chí không thuộc lĩnh vực nào khác"
    assert "Cấp khác" not in by_field


def _round() -> dict[str, object]:
    on = {"basis": "2001/QĐ-UBND, mục IV.1"}
    return {
        "id": "2023",
        "title": "Đợt năm 2023",
        "evaluation_year": 2023,
        "data_from": {"on": "2023-01-01", **on},
        "data_to": {"on": "2023-12-31", **on},
        "opens": {"on": "2024-01-02", **on},
        "closes": {"on": "2024-01-30", **on},
    }


@pytest.mark.parametrize(
    ("share", "members", "needed", "text"),
    [
        (Fraction(2, 3), 7, 5, "2/3"),  # 14/3: five are the first to reach it
        (Fraction(2, 3), 9, 6, "2/3"),  # exactly two thirds are enough
        (Fraction(1, 2), 7, 4, "50 %"),
        (Fraction(0), 7, 1, "0 %"),  # nobody at all is no sitting
    ],
)
def test_the_quorum_is_the_least_number_that_reaches_the_share(
    share: Fraction, members: int, needed: int, text: str
) -> None:
    quorum = Quorum(share, members, "Quy chế")
    assert (quorum.needed, quorum.text) == (needed, text)


def test_the_invitation_says_who_comes_where_when_and_for_what(
    rendered: dict[str, bytes],
) -> None:
    text = text_of(rendered["invitation"])
    for words in (
        f"Họp {COUNCIL}",
        "Sở Thông tin và Truyền thông trân trọng kính mời:",
        "- Phó Chủ tịch Ủy ban nhân dân tỉnh, Chủ tịch Hội đồng;",
        "- Phó Giám đốc Công an tỉnh, Ủy viên Hội đồng;",
        "- Đại diện Sở Y tế.",
        "- Xem xét điểm thẩm định;",
        "- Quyết định những tiêu chí còn khác nhau.",
        "Thời gian: 08 giờ 05 phút, ngày 05 tháng 3 năm 2024.",
        "Địa điểm: Phòng họp số 2, trụ sở Ủy ban nhân dân tỉnh.",
    ):
        assert words in text
    assert re.search(r"^Số: +/GM-STTTT$", text, re.M)


def test_the_minutes_say_who_was_there_and_that_they_were_enough(
    rendered: dict[str, bytes],
) -> None:
    text = text_of(rendered["minutes"])
    assert "có mặt 05 trong 07 thành viên Hội đồng" in text
    before, _, after = text.partition("Vắng mặt:")
    for who, office, *_ in MEMBERS:
        absent = who in ("thu-ky", "cong-an")
        assert f"- {office}, {part(who)}" in (after if absent else before)
    assert "ít nhất 05 (2/3 tổng số thành viên; Quy chế quorum). Phiên họp hợp lệ." in text
    assert "Chủ trì: Phó Chủ tịch Ủy ban nhân dân tỉnh, Chủ tịch Hội đồng." in text
    assert "… giờ … phút, ngày 05 tháng 3 năm 2024" in text
    head, motto, number, place, secretary, chair, recipients, _ = blocks_of(rendered["minutes"])
    assert head[:2] == ["ỦY BAN NHÂN DÂN TỈNH MẪU", COUNCIL.upper()]
    assert motto[1] == "Độc lập - Tự do - Hạnh phúc"
    assert number[0].endswith("/BB-HĐTĐ")
    assert place == [""], "minutes name place and day in their text (mẫu 1.9)"
    assert (secretary, chair) == (["THƯ KÝ"], ["CHỦ TỌA"])
    assert recipients[-1] == "- Lưu: VT, Hồ sơ."


def test_the_minutes_list_every_adjustment_with_its_reason(
    context: RoundContext, rendered: dict[str, bytes]
) -> None:
    rows = [row for row in rows_of(rendered["minutes"]) if len(row) == 7]
    names = context.frameworks["so"].by_code
    told = [(row[1], row[2], row[3], row[4], row[5]) for row in rows[1:]]
    assert told == [
        (NAMES["so-tttt"], f"3.1. {names['3.1'].name}", "5", "0,33", "Một phần ba số máy"),
        (NAMES["so-y-te"], f"1.1. {names['1.1'].name}", "5", "3", "Chưa kiện toàn Tổ triển khai"),
        (
            NAMES["so-y-te"],
            f"1.2. {names['1.2'].name}",
            "5",
            "7,5",
            "Có 3 cuộc họp <theo biên bản>",
        ),
        (NAMES["so-tu-phap"], f"2.1. {names['2.1'].name}", "5", "4", "Đủ nội dung, muộn 02 tháng"),
    ]
    assert rows[1][6] == "Phó Chánh Văn phòng Ủy ban nhân dân tỉnh – Ủy viên Hội đồng"
    text = text_of(rendered["minutes"])
    assert "điều chỉnh 04 lượt tiêu chí của 03 cơ quan, đơn vị: tăng 01, giảm 03." in text


def test_the_minutes_say_how_verifiers_differed_and_what_the_chair_decided(
    rendered: dict[str, bytes],
) -> None:
    (row,) = [row for row in rows_of(rendered["minutes"]) if len(row) == 6 and row[0] == "1"]
    assert row[3] == (
        "Phó Giám đốc Sở Nội vụ – Ủy viên Hội đồng: 2;"
        " Phó Chánh Văn phòng Ủy ban nhân dân tỉnh – Ủy viên Hội đồng: 6"
    )
    assert row[4:] == ["4", "Đủ nội dung, muộn 02 tháng"]


def test_each_sitting_has_what_was_decided_since_the_one_before(context: RoundContext) -> None:
    with session() as records:
        last = minutes_values(records, context)
    assert last.held_on == LAST
    assert not last.absent
    assert [(each.unit, each.criterion, each.after) for each in last.adjusted] == [
        (NAMES["so-tu-phap"], "5.1", 8)
    ]
    assert last.differing == ()
    assert [each.criteria for each in last.exempted] == [("6.4",)]
    text = text_of(minutes.render(replace(last, begins=time(8), ends=time(11, 30))))
    assert "08 giờ 00 phút" in text
    assert "kết thúc vào 11 giờ 30 phút, ngày 12 tháng 3 năm 2024" in text
    assert "4. Nội dung khác" in text
    assert "Không có chức năng" in text
    assert "Thư ký: Trưởng phòng Chuyển đổi số, Thư ký Hội đồng." in text


def test_a_sitting_with_too_few_members_has_no_minutes(decided: Minutes) -> None:
    few = replace(decided, present=decided.present[:4])
    with pytest.raises(NoQuorum, match=r"05/03/2024 có 4 trong 7 .*ít nhất 5"):
        minutes.render(few)


def test_minutes_without_decisions_say_so(decided: Minutes) -> None:
    text = text_of(minutes.render(replace(decided, adjusted=(), differing=())))
    assert "Không có tiêu chí nào được điều chỉnh điểm." in text
    assert text.count("\nKhông có.\n") == 2


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Fraction(5), Fraction(1, 3), ("5", "0,33")),
        (Fraction(1, 3), Fraction(33, 100), ("0,333", "0,33")),
        (Fraction(3), Fraction(3), ("3", "3")),
        (None, Fraction(3), ("–", "3")),
    ],
)
def test_points_that_differ_never_read_the_same(
    before: Fraction | None, after: Fraction, told: tuple[str, str]
) -> None:
    assert told_apart(before, after, 2) == told


def test_the_report_counts_every_row_once(
    report: AppraisalReport, rendered: dict[str, bytes]
) -> None:
    (scope,) = report.scopes
    by_pillar = {each.name: each for each in scope.tallies}
    assert sum(each.appraised for each in scope.tallies) + scope.left + scope.open == 3 * 35
    assert (scope.left, scope.open) == (1, 0)
    first = by_pillar["Nhận thức số"]
    assert (first.kept, first.up, first.down, first.change) == (10, 1, 1, Fraction(1, 2))
    assert by_pillar["Hạ tầng số"].change == Fraction(-14, 3)
    rows = rows_of(rendered["appraisal_report"])
    # + 1/2 − 1 − 14/3 + 3 = −13/6
    assert ["Cộng", "104", "99", "02", "03", "–", "-2,17"] in rows
    assert ["An toàn thông tin mạng", "21", "20", "01", "–", "–", "+3"] in rows
    assert "Có 03 cơ quan, đơn vị được thẩm định" in text_of(rendered["appraisal_report"])
    assert len(report.adjusted) == 5


def test_the_report_says_who_appraised_what(
    report: AppraisalReport, rendered: dict[str, bytes]
) -> None:
    told = {each.name: each for each in report.verifiers}
    one = told["Phó Giám đốc Sở Nội vụ – Ủy viên Hội đồng"]
    # 1.1 to 1.4 and 2.1 to 2.4 of three units
    assert (one.fields, one.asked, one.rows, one.closed) == (
        ("Nhận thức số", "Thể chế số"),
        24,
        3,
        True,
    )
    assert told[f"Chủ tịch {COUNCIL}"].rows == 1
    assert told["Kết quả xem xét kiến nghị"].rows == 1
    text = text_of(rendered["appraisal_report"])
    assert "họp 02 phiên, vào ngày 05 tháng 3 năm 2024; ngày 12 tháng 3 năm 2024." in text


def test_the_report_tells_exemptions_places_petitions_and_policies(
    rendered: dict[str, bytes],
) -> None:
    text, rows = text_of(rendered["appraisal_report"]), rows_of(rendered["appraisal_report"])
    assert "Đã chấp nhận 01 lượt tiêu chí của 01 cơ quan, đơn vị:" in text
    effect = "không đánh giá, trừ khỏi điểm tối đa"
    unit = NAMES["so-tu-phap"]
    assert ["1", unit, "6.4", "Không có chức năng", effect, "Không có thủ tục"] in rows
    assert f"- {NAMES['so-tttt']}: được đánh giá, không xếp hạng" in text
    assert "Đã nhận 02 kiến nghị (chấp nhận: 01; không chấp nhận: 01)." in text
    about = "Đề nghị xem lại & tính đủ"
    received = "08/03/2024"
    assert ["1", unit, "mục 5.1", about, received, "chấp nhận, 8 điểm", "Có hồ sơ"] in rows
    assert "Không có nội dung nghi vấn." in text
    assert "Bộ chỉ số không cần số liệu để tính điểm" in text
    who = "Phó Chánh Văn phòng Ủy ban nhân dân tỉnh – Ủy viên Hội đồng"
    own = ["Người thẩm định mục của cơ quan chủ trì đánh giá", who, "Quy chế organiser_rows"]
    assert own in rows
    *_, recipients, signature = blocks_of(rendered["appraisal_report"])
    assert recipients[1:] == ["- Như trên;", "- Các thành viên Hội đồng;", "- Lưu: VT."]
    assert [each for each in signature if each] == [
        "TM. HỘI ĐỒNG",
        "CHỦ TỊCH",
        "PHÓ CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH",
    ]


def test_the_report_tells_how_far_figures_came(report: AppraisalReport) -> None:
    stages = (("Đã hỏi", "số liệu", 40), ("Đã nhận", "đã trả lời", 30))
    quality = replace(report.quality, stages=stages, providers=3, answered=2, late=1)
    doubts = (("chờ giải trình", 2), ("không còn nghi vấn", 11))
    content = appraisal_report.render(replace(report, quality=quality, doubts=doubts, pending=3))
    assert ["Đã nhận", "đã trả lời", "30", "75 %"] in rows_of(content)
    text = text_of(content)
    assert "Có 02 trong 03 nơi được yêu cầu đã cung cấp số liệu, trong đó 01 nơi gửi muộn." in text
    assert "Có 13 nội dung nghi vấn (chờ giải trình: 02; không còn nghi vấn: 11)." in text
    assert "Còn 03 lượt tiêu chí được đề nghị mà chưa quyết định." in text


def test_papers_that_would_say_nothing_are_refused(
    context: RoundContext, values: dict[str, Rendering], report: AppraisalReport
) -> None:
    decision = values["council"][0]
    assert isinstance(decision, Council)
    with pytest.raises(NoSeats, match="đúng một Chủ tịch"):
        council.render(replace(decision, seats=decision.seats[1:]))
    with pytest.raises(BrokenAuthority, match="TM"):
        council.render(replace(decision, competence="Chủ tịch Ủy ban nhân dân tỉnh Mẫu"))
    with pytest.raises(NobodyInvited, match="địa điểm"):
        invitation.render(replace(call(context), place=" "))
    with pytest.raises(NothingAppraised, match="dti appraise"):
        appraisal_report.render(replace(report, scopes=()))
    with (
        session() as records,
        pytest.raises(NoSitting, match=r"06/03/2024.*05/03/2024.*dti council"),
    ):
        minutes_values(records, context, date(2024, 3, 6))


@pytest.mark.usefixtures("empty_home")
def test_a_program_without_council_or_quorum_is_told_what_to_set() -> None:
    context = council_round.program(appraisal=None)
    with pytest.raises(NoCouncil, match=r"appraisal\.council"):
        council_values(context)
    content = {"reading": {"value": "as_written", "basis": "x", "decided_on": "2024-01-02"}}
    with pytest.raises(PolicyMissing, match="quorum: "):
        council_values(council_round.program(policies=content))


@pytest.mark.usefixtures("empty_home")
def test_without_a_council_the_organiser_reports() -> None:
    units = [{"id": unit, "name": name, "level": "so"} for unit, name in NAMES.items()]
    units[1]["agency"] = "hoi-dong-tham-dinh"  # the decree gives every row to the council
    bare = {"appraisal": None, "units": units}
    context = council_round.program(**bare)
    with session() as records:
        open_round(records, context, "test")
        report = report_values(records, context)
    assert report.paper.issuer == (NAMES["so-tttt"],)
    assert report.paper.symbol == "BC-STTTT"
    assert report.office is None
    assert report.appraiser == NAMES["so-tttt"]
    # nobody judges rows of its own: the organiser does
    assert [(each.name, each.asked) for each in report.verifiers] == [
        (NAMES["so-y-te"], 70),
        (NAMES["so-tttt"], 35),
    ]
    with session() as records, pytest.raises(PolicyMissing, match="rounding"):
        report_values(records, council_round.program(**bare, policies={}))
