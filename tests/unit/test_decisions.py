"""The decisions: publication with its appendices, correction; number and day once issued."""

import io
import itertools
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from docx.table import Table

from dti_core.framework.load import load_framework
from dti_core.program.load import RoundContext, load_round
from reports.docx import TEMPLATES, BrokenTemplate
from reports.letters import correction, decision
from reports.letters.correction import NothingCorrected
from reports.letters.issued import BrokenAuthority, BrokenNumber, Issued
from reports.letters.standings import BrokenStandings, Group, RowValue
from reports.letters.wording import points
from tests.unit.official_papers import (
    blocks_of,
    faces_of,
    rows_of,
    tables_of,
    text_of,
    the_page_is_set,
)
from tests.unit.published_results import (
    ISSUED,
    correction_of,
    decision_of,
    group_of,
    publishers_paper,
)

TEMPLATES_HERE = ("decision", "correction")
CHAIR = "Chủ tịch Ủy ban nhân dân tỉnh Vĩnh Phúc"


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return load_round("vinh-phuc/2023-so")


@pytest.fixture(scope="module")
def departments() -> Group:
    return group_of(load_framework("vinh-phuc-2074/so"), 6, of="Sở")


@pytest.fixture(scope="module")
def communes() -> Group:
    return group_of(load_framework("vinh-phuc-2074/xa"), 136, "Cấp xã")


def papers(context: RoundContext, *groups: Group) -> dict[str, tuple[object, Callable[..., bytes]]]:
    return {
        "decision": (decision_of(context, *groups), decision.render),
        "correction": (correction_of(context, *groups), correction.render),
    }


def ruled(content: bytes) -> list[Table]:
    return [table for table in tables_of(content) if table.style.name == "Table Grid"]


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


# Who decides, and when


@pytest.mark.parametrize("name", TEMPLATES_HERE)
def test_the_body_decides_together_or_its_chairman_does(
    name: str, context: RoundContext, departments: Group
) -> None:
    given, render = papers(context, departments)[name]
    together = render(given)
    issuer, _, _, _, _, signer = blocks_of(together)
    assert [line for line in issuer if line] == ["ỦY BAN NHÂN DÂN", "TỈNH VĨNH PHÚC"]
    assert signer == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    assert "\nỦY BAN NHÂN DÂN TỈNH VĨNH PHÚC\nCăn cứ" in text_of(together)
    alone = render(
        replace(given, competence=CHAIR, paper=publishers_paper(context, "Chủ tịch"))  # type: ignore[type-var]
    )
    issuer, _, _, _, _, signer = blocks_of(alone)
    assert [line for line in issuer if line] == ["ỦY BAN NHÂN DÂN", "TỈNH VĨNH PHÚC"]
    assert signer == ["CHỦ TỊCH"]
    text = text_of(alone)
    assert "\nCHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH VĨNH PHÚC\nCăn cứ" in text
    assert f"của {CHAIR})" in text, "an appendix says whose decision it goes with"


@pytest.mark.parametrize("name", TEMPLATES_HERE)
def test_another_signature_than_the_authoritys_is_refused(
    name: str, context: RoundContext, departments: Group
) -> None:
    given, render = papers(context, departments)[name]
    with pytest.raises(BrokenAuthority, match=r"cá nhân.*không có “TM\. …”.*program\.yaml"):
        render(replace(given, competence=CHAIR))  # type: ignore[type-var]
    with pytest.raises(BrokenAuthority, match=r"tập thể nên dòng đầu chữ ký phải là “TM\. …”"):
        render(replace(given, paper=publishers_paper(context, "Chủ tịch")))  # type: ignore[type-var]
    shortened = replace(given, competence="UBND tỉnh Vĩnh Phúc")  # type: ignore[type-var]
    assert "\nUBND TỈNH VĨNH PHÚC\n" in text_of(render(shortened))


@pytest.mark.parametrize("name", TEMPLATES_HERE)
def test_number_and_day_are_blank_until_it_is_issued(
    name: str, context: RoundContext, departments: Group
) -> None:
    given, render = papers(context, departments)[name]
    appendices = {"decision": 3, "correction": 2}[name]
    text = text_of(render(given))
    assert text.count("DỰ THẢO") == 1 + appendices
    assert re.search(r"^Số: +/QĐ-UBND$", text, re.M)
    assert re.search(r"^Vĩnh Phúc, ngày +tháng +năm +$", text, re.M)
    blank = "(Kèm theo Quyết định số …/QĐ-UBND ngày … tháng … năm …\ncủa Ủy ban nhân dân tỉnh"
    assert text.count(blank) == appendices
    sent = Issued.of("12/TTr-STTTT", date(2024, 3, 10), "TTr-STTTT")
    text = text_of(render(replace(given, issued=ISSUED, proposed=sent)))  # type: ignore[type-var]
    assert "DỰ THẢO" not in text
    assert re.search(r"^Số: 05/QĐ-UBND$", text, re.M)
    assert re.search(r"^Vĩnh Phúc, ngày 15 tháng 3 năm 2024$", text, re.M)
    assert text.count("(Kèm theo Quyết định số 05/QĐ-UBND ngày 15 tháng 3 năm 2024\n") == appendices
    assert "tại Tờ trình số 12/TTr-STTTT ngày 10 tháng 3 năm 2024 của Giám đốc" in text
    assert "…" not in text.replace("…)", "")


@pytest.mark.parametrize(
    ("number", "read"), [("5", "05"), ("05", "05"), ("123/QĐ-UBND", "123"), (" 1234 ", "1234")]
)
def test_a_number_is_taken_with_and_without_its_symbol(number: str, read: str) -> None:
    assert Issued.of(number, date(2024, 3, 1), "QĐ-UBND").number == read


@pytest.mark.parametrize("number", ["", "0", "5/QĐ-STTTT", "năm", "5-UBND", "-3"])
def test_a_number_of_another_symbol_is_refused(number: str) -> None:
    with pytest.raises(BrokenNumber, match="123/QĐ-UBND"):
        Issued.of(number, date(2024, 3, 1), "QĐ-UBND")


# The appendices


def test_ranks_say_percent_grade_and_change(context: RoundContext, departments: Group) -> None:
    before = (3, 2, None, 4, 1, 6)
    graded = tuple(
        replace(
            one,
            percent=one.points / 10 if one.points else None,
            grade="Tốt" if at < 2 else "Khá",
            previous_rank=before[at],
            max_points=Fraction(950 if at == 2 else 1000),
        )
        for at, one in enumerate(departments.standings)
    )
    group = replace(departments, standings=graded, by="percent")
    content = decision.render(decision_of(context, group))
    rows = texts(ruled(content)[0])
    assert rows[0] == [
        "Hạng",
        "Cơ quan, đơn vị",
        "Điểm",
        "Điểm tối đa",
        "Tỷ lệ (%)",
        "Xếp loại",
        "Tăng, giảm hạng",
    ]
    assert [row[-1] for row in rows[1:]] == ["▲2", "–", "mới", "–", "▼4", "–"]
    assert rows[1][2:6] == ["1.000", "1.000", "100", "Tốt"]
    assert rows[3][2:6] == ["990,52", "950", "99,05", "Khá"]  # 1000 × 209/211 = 990,521…
    assert "mới: lần trước chưa xếp hạng" in text_of(content)
    by_row = texts(ruled(content)[-1])
    assert by_row[-2] == ["", "Điểm tối đa của đơn vị", "", *["1.000"] * 2, "950", *["1.000"] * 3]
    assert by_row[-1][:4] == ["", "Tỷ lệ (%)", "", "100"]


def test_a_result_of_points_alone_has_no_other_column(
    context: RoundContext, departments: Group
) -> None:
    content = decision.render(decision_of(context, departments))
    assert texts(ruled(content)[0])[0] == ["Hạng", "Cơ quan, đơn vị", "Điểm"]
    text = text_of(content)
    assert "Tăng, giảm hạng" not in text
    assert "không xếp hạng" not in text
    assert "Sở Nội vụ" not in text
    personnel = replace(decision_of(context, departments), personnel="Sở Nội vụ")
    assert "Sở Nội vụ sử dụng kết quả này khi xác định" in text_of(decision.render(personnel))


def test_who_has_no_rank_is_named_with_the_reason(
    context: RoundContext, departments: Group
) -> None:
    first, *middle, fifth, last = departments.standings
    fifth = replace(
        fifth,
        rank=None,
        status="not_evaluated",
        reason="thành lập tháng 10/2023",
        points=None,
        pillars=(None,) * len(departments.columns),
        rows=(),
    )
    last = replace(last, rank=None, status="voluntary", reason="tham gia tự nguyện")
    second = replace(middle[0], rank=None, status="not_ranked", reason="đang sắp xếp bộ máy")
    standings = (first, second, *middle[1:], fifth, last)
    content = decision.render(decision_of(context, replace(departments, standings=standings)))
    shown = points(last.points, 2)
    assert texts(ruled(content)[1]) == [
        ["STT", "Cơ quan, đơn vị", "Tình trạng", "Điểm", "Lý do"],
        [
            "1",
            "Sở 2",
            "Được đánh giá, không xếp hạng",
            points(second.points, 2),
            "đang sắp xếp bộ máy",
        ],
        ["2", "Sở 5", "Không đánh giá", "–", "thành lập tháng 10/2023"],
        ["3", "Sở 6", "Tự nguyện tham gia, không xếp hạng", shown, "tham gia tự nguyện"],
    ]
    by_pillar = texts(ruled(content)[2])
    assert [row[:2] for row in by_pillar[4:6]] == [["–", "Sở 2"], ["–", "Sở 6"]]
    heads = texts(ruled(content)[3])[0]
    assert heads[3:] == ["1. Sở 1", "3. Sở 3", "4. Sở 4", "Sở 2", "Sở 6"]
    assert "đối với 03 cơ quan, đơn vị" in text_of(content)
    assert "Có 03 cơ quan, đơn vị không xếp hạng" in text_of(content)


def test_exempted_rows_are_marked(context: RoundContext, departments: Group) -> None:
    first = departments.standings[0]
    rows = (RowValue(None, True, assessed=False), RowValue(Fraction(7, 2), True), *first.rows[2:])
    group = replace(departments, standings=(replace(first, rows=rows), *departments.standings[1:]))
    content = decision.render(decision_of(context, group))
    table = {row[0]: row for row in texts(ruled(content)[-1])}
    codes = [row.code for row in group.rows[:2]]
    assert [table[code][3] for code in codes] == ["KĐG", "3,5*"]
    assert "KĐG: không đánh giá, mục được trừ khỏi điểm tối đa của đơn vị; dấu *" in text_of(
        content
    )
    assert "KĐG" not in text_of(decision.render(decision_of(context, departments)))


def test_a_hundred_communes_and_nine_groups_stay_readable(
    context: RoundContext, communes: Group
) -> None:
    districts = tuple(
        group_of(load_framework("vinh-phuc-2074/xa"), 15, f"Huyện {n}", f"Xã {n}.")
        for n in range(1, 10)
    )
    content = decision.render(decision_of(context, communes, *districts))
    tables = [texts(table) for table in ruled(content)]
    ranked = [row[1] for table in tables[:10] for row in table[1:-1]]
    assert len(ranked) == len(set(ranked)) == 136 + 9 * 15
    wide = [table for table in tables if table[0][:2] == ["Mục", "Tiêu chí"]]
    assert len(wide) == 14 + 9 * 2
    assert max(len(table[0]) for table in wide) == 13, "no more than ten units a table"
    shown = [head.partition(". ")[2] for table in wide for head in table[0][3:]]
    assert shown == ranked, "every unit once, in the order of its rank"
    lines = text_of(content).splitlines()
    assert "Cấp xã. Bảng 14 trong 14" in lines
    assert "Huyện 9. Bảng 2 trong 2" in lines
    # every value is the recorded one, and the pillars add up to the total
    for at, one in enumerate(communes.standings):
        table, column = wide[at // 10], 3 + at % 10
        values = {row[0]: row[column] for row in table[1:] if row[0]}
        expected = [points(value.points, 2) for value in one.rows]
        assert [values[row.code] for row in communes.rows] == expected
        assert table[-1][column] == points(sum(p for p in one.pillars if p is not None), 2)


def test_the_last_appendix_lies_on_its_side(context: RoundContext, communes: Group) -> None:
    content = decision.render(decision_of(context, communes))
    document = Document(io.BytesIO(content))
    assert [s.page_width > s.page_height for s in document.sections] == [False, False, False, True]
    for table in ruled(content):
        grid = [column.width.cm for column in table.columns]
        wide = table.cell(0, 0).text == "Mục"
        assert sum(grid) == pytest.approx(25.2 if wide else 16.5, abs=0.02)
        for row in table.rows[:3]:
            assert [cell.width.cm for cell in row.cells] == pytest.approx(grid, abs=0.01)
            assert "w:cantSplit" in row._tr.xml
        assert "w:tblHeader" in table.rows[0]._tr.xml, "each page repeats the heading"
        assert ("btLr" in table.rows[0]._tr.xml) is wide, "names stand upright"


def test_points_by_row_cannot_be_missing(context: RoundContext, departments: Group) -> None:
    bare = replace(
        departments, rows=(), standings=tuple(replace(s, rows=()) for s in departments.standings)
    )
    with pytest.raises(BrokenStandings, match="thiếu điểm theo tiêu chí"):
        decision.render(decision_of(context, bare))
    first = replace(departments.standings[0], rows=departments.standings[0].rows[:1])
    with pytest.raises(BrokenStandings, match="Sở 1: có điểm của 1 mục"):
        replace(departments, standings=(first,))
    with pytest.raises(BrokenStandings, match="xếp hạng theo tỷ lệ mà không có tỷ lệ"):
        replace(departments, by="percent")


# The correction


def test_a_correction_says_what_was_and_what_is(context: RoundContext, departments: Group) -> None:
    text, rows = (
        read(correction.render(correction_of(context, departments))) for read in (text_of, rows_of)
    )
    for words in (
        "Về việc đính chính, sửa đổi kết quả đánh giá, xếp hạng",
        "Đính chính, sửa đổi 02 nội dung tại Quyết định số 05/QĐ-UBND ngày 15 tháng 3 năm 2024 của"
        " Ủy ban nhân dân tỉnh Vĩnh Phúc công bố kết quả",
        "Lý do: nhập sai số hồ sơ trực tuyến khi tổng hợp.",
        "nội dung khác của Quyết định số 05/QĐ-UBND ngày 15 tháng 3 năm 2024 không thay đổi",
        "THỨ HẠNG VÀ TỔNG ĐIỂM SAU KHI ĐÍNH CHÍNH",
    ):
        assert words in text, words
    assert ["STT", "Cơ quan, đơn vị", "Nội dung", "Đã công bố", "Nay là"] in rows
    assert ["1", "Sở A & B", "Thứ hạng", "5", "3"] in rows
    assert ["2", "Sở A & B", "Mục 1.2. Tỷ lệ <thử>", "7,5", "12"] in rows
    assert ["1", "Sở 1", "1.000"] in rows
    assert text.count("./.") == 1
    again = replace(correction_of(context, departments), amended=(ISSUED, ISSUED))
    assert (
        "(đã được đính chính tại Quyết định số 05/QĐ-UBND ngày 15 tháng 3 năm 2024; số 05/QĐ-UBND"
    ) in text_of(correction.render(again))


def test_a_reason_of_its_own_stands_in_its_line(context: RoundContext, departments: Group) -> None:
    given = correction_of(context, departments)
    changes = (replace(given.changes[0], reason="Chấp nhận kiến nghị số 3"), given.changes[1])
    rows = rows_of(correction.render(replace(given, changes=changes)))
    assert ["1", "Sở A & B", "Thứ hạng", "5", "3", "Chấp nhận kiến nghị số 3"] in rows


def test_a_correction_of_nothing_is_refused(context: RoundContext, departments: Group) -> None:
    given = correction_of(context, departments)
    with pytest.raises(NothingCorrected, match="không có nội dung nào thay đổi"):
        correction.render(replace(given, changes=()))
    with pytest.raises(NothingCorrected, match="chưa nêu lý do"):
        correction.render(replace(given, reason=" . "))


# The pages and the templates


@pytest.mark.parametrize("name", TEMPLATES_HERE)
def test_the_page_is_as_the_decree_on_papers_sets_it(
    name: str, context: RoundContext, departments: Group
) -> None:
    the_page_is_set(Document(str(TEMPLATES / f"{name}.docx")))
    given, render = papers(context, departments)[name]
    content = render(given)
    the_page_is_set(Document(io.BytesIO(content)))
    seen = faces_of(content)
    for words in ("CỘNG HÒA", "Độc lập", "Số:", "Căn cứ", "Nơi nhận", "TM\\.", "Phụ lục", "Kèm"):
        assert any(words in pattern for pattern in seen), words


@pytest.mark.parametrize("name", TEMPLATES_HERE)
def test_a_filled_paper_leaves_nothing_open_and_is_the_same_twice(
    name: str, context: RoundContext, departments: Group
) -> None:
    given, render = papers(context, replace(departments, name="Nhóm “1” & <2>"))[name]
    content = render(given)
    assert content == render(given)
    text = text_of(content)
    for left_over in ("{{", "{%", "None", "nan", "\ue000", "\ue001", "()", " ,", " ;", ";;"):
        assert left_over not in text, left_over
    assert "Nhóm “1” & <2>" in text.splitlines()


def own_template(home: Path, name: str, *paragraphs: str) -> None:
    file = home / "templates" / f"{name}.docx"
    file.parent.mkdir(exist_ok=True)
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(file))


@pytest.mark.parametrize("name", TEMPLATES_HERE)
def test_an_office_places_the_tables_where_it_wants(
    name: str, context: RoundContext, departments: Group, empty_home: Path
) -> None:
    given, render = papers(context, departments)[name]
    own_template(empty_home, name, "Về {{ title }}", "{{ tables.ranking }}", "Hết.")
    content = render(given)
    assert [p.text for p in Document(io.BytesIO(content)).paragraphs if p.text][-1] == "Hết."
    (table,) = tables_of(content)
    assert texts(table)[1] == ["1", "Sở 1", "1.000"]
    assert "w:tblBorders" in table._tbl.xml, "ruled also where the office's file has no such style"


@pytest.mark.parametrize("name", TEMPLATES_HERE)
@pytest.mark.parametrize(
    ("paragraph", "told"),
    [
        ("Số {{ so_hieu }}", "chỗ “Số {{ so_hieu }}”.*so_hieu"),
        ("{{ tables.bang_la }}", "chỗ “{{ tables.bang_la }}”.*bang_la"),
        ("Bảng: {{ tables.ranking }}", "đứng riêng một đoạn.*“Bảng: {{ tables.ranking }}”"),
        ("{% if issued %} Số", "chỗ “{% if issued %} Số”"),
    ],
)
def test_a_broken_template_is_refused_with_its_place(
    name: str,
    paragraph: str,
    told: str,
    context: RoundContext,
    departments: Group,
    empty_home: Path,
) -> None:
    given, render = papers(context, departments)[name]
    own_template(empty_home, name, "Mở đầu", paragraph)
    with pytest.raises(BrokenTemplate, match=rf"{name}\.docx.*{told}"):
        render(given)


def test_pages_are_numbered_from_the_second_and_anew_in_each_appendix(
    context: RoundContext, tmp_path: Path
) -> None:
    for tool in ("soffice", "pdftotext"):
        if shutil.which(tool) is None:
            pytest.skip(f"không có {tool} trên máy này")
    group = group_of(load_framework("vinh-phuc-2074/so"), 40, of="Sở")
    (tmp_path / "decision.docx").write_bytes(decision.render(decision_of(context, group)))
    office = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    convert = ("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path))
    file = str(tmp_path / "decision.docx")
    subprocess.run(
        ["soffice", office, *convert, file], check=True, capture_output=True, timeout=180
    )
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "decision.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    sheets = [sheet.split("\n") for sheet in text.split("\f")[:-1]]
    firsts = [next(line for line in sheet if line.strip()).strip() for sheet in sheets]
    starts = [at for at, first in enumerate(firsts) if not first.isdigit()]
    titles = [firsts[at] for at in starts[1:]]
    assert titles == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
    assert "./." in "\n".join(sheets[0]), "the decision itself is one page, signature included"
    for start, end in itertools.pairwise([*starts, len(sheets)]):
        numbers = [int(first) for first in firsts[start + 1 : end]]
        assert numbers == list(range(2, 2 + len(numbers)))
    assert len(sheets) > 6, "every appendix has a second page"


GUIDE = Path(__file__).parents[2] / "docs" / "mau-van-ban" / "quyet-dinh-thong-bao.md"


@pytest.mark.parametrize("name", [*TEMPLATES_HERE, "notice"])
def test_the_guide_names_every_placeholder(name: str) -> None:
    document = Document(str(TEMPLATES / f"{name}.docx"))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    paragraphs = [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs)]
    tags = re.findall(r"\{[{%]p? ?(.+?) ?[%}]\}", "\n".join(p.text for p in paragraphs))
    words = {word for tag in tags for word in re.findall(r"[a-z_]+(?:\.[a-z_]+)?", tag)}
    asked = words - {"if", "elif", "else", "endif", "for", "in", "endfor", "not", "upper", "join"}
    told = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", GUIDE.read_text("utf-8")))
    assert {"title", "paper.symbol"} < asked
    assert asked - {"name", "text"} - told == set(), "besides the words of loops"
