"""The papers around the collection: plan and guidance, reminder, extension (Nghị định 30/2020)."""

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document

from dti_core.program.load import RoundContext, load_round
from dti_core.program.needed import SCORING
from dti_core.program.policies import Policy
from dti_core.program.requests import NobodyToAsk
from dti_core.records.collecting import Standing, standings
from dti_core.records.database import session
from dti_core.records.extensions import extend, granted
from reports.docx import TEMPLATES
from reports.letters import extension, plan, reminder
from reports.letters.extension import NothingGranted
from reports.letters.plan import NobodyAsked, Plan, Roster, Scope, Share
from reports.letters.reminder import NothingLate
from reports.unit_round.letters import extension_values, files_of, reminder_values
from reports.unit_round.plan import plan_values
from tests.unit.official_papers import (
    blocks_of,
    faces_of,
    rows_of,
    tables_of,
    text_of,
    the_page_is_set,
)
from tests.unit.papers_of_the_round import (
    DUE,
    FILES,
    PAPERS,
    decided,
    extension_letter,
    late,
    reminder_letter,
    values,
)
from tests.unit.reminded_round import LADDER, ROUND, opened, write_program

PAGES = {"plan": 5, "reminder": 1, "extension": 1}


@pytest.fixture(scope="module")
def context() -> RoundContext:
    """The departments' round, with what to do about figures not given still open."""
    whole = load_round("vinh-phuc/2023-so")
    open_ = dict.fromkeys(("missing_figure", "not_available_figure", "not_applicable_figure"))
    policies = whole.program.policies.model_copy(update=open_)
    return replace(whole, program=whole.program.model_copy(update={"policies": policies}))


@pytest.fixture(scope="module")
def rendered(context: RoundContext) -> dict[str, bytes]:
    return {name: render(given) for name, (given, render) in values(context).items()}


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_is_a_draft_of_its_round(
    name: str, context: RoundContext, rendered: dict[str, bytes]
) -> None:
    text = text_of(rendered[name])
    for left_over in ("{{", "{%", "None", "()", "“”", " ,", " . ", " ;", ".."):
        assert left_over not in text, left_over
    assert unicodedata.is_normalized("NFC", text)
    assert context.round.illustration
    assert context.round.illustration in text
    assert re.search(r"^Vĩnh Phúc, ngày +tháng +năm +$", text, re.M), "the date is left blank"
    assert text.count("./.") == 1, "the end of a paper is marked once"
    assert "Quyết định số 2074/QĐ-UBND ngày 09 tháng 11 năm 2022 của UBND tỉnh Vĩnh Phúc" in text


@pytest.mark.parametrize(
    ("name", "symbol"), [*zip(PAPERS, ("KH-STTTT", "STTTT", "STTTT"), strict=True)]
)
def test_the_head_and_the_signature_stand_in_their_boxes(
    name: str, symbol: str, rendered: dict[str, bytes]
) -> None:
    issuer, state, number, day, recipients, signer = blocks_of(rendered[name])
    names = ["ỦY BAN NHÂN DÂN TỈNH VĨNH PHÚC", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG"]
    assert [each for each in issuer if each] == names
    assert [each for each in state if each] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert re.fullmatch(rf"Số: +/{symbol}", number[0]), "the number is left blank"
    assert "DỰ THẢO" in number
    assert day[0].startswith("Vĩnh Phúc, ngày")
    assert (recipients[0], recipients[-1]) == ("Nơi nhận:", "- Lưu: VT.")
    assert all(each.startswith("- ") and each.endswith(";") for each in recipients[1:-1])
    assert signer == ["GIÁM ĐỐC"]


@pytest.mark.parametrize("name", PAPERS)
def test_same_values_are_the_same_file(name: str, context: RoundContext) -> None:
    first, second = (render(given) for _ in range(2) for given, render in (values(context)[name],))
    assert first == second


@pytest.mark.parametrize("name", PAPERS)
def test_an_official_round_carries_no_notice(name: str, context: RoundContext) -> None:
    given, render = values(context)[name]
    official = replace(given, paper=replace(given.paper, illustration=None))  # type: ignore[type-var,attr-defined]
    text = text_of(render(official))
    assert context.round.illustration not in text
    assert "None" not in text


@pytest.mark.parametrize("name", PAPERS)
def test_names_stay_as_they_are_written(name: str, context: RoundContext) -> None:
    given, render = values(context)[name]
    strange = "Sở Văn hóa, Thể thao & Du lịch <thử> “Ưỡn ẹo”"
    spoilt = f"{strange}\x07\x0b"  # what a pasted name may bring, and no document can hold
    if isinstance(given, Plan):
        given = replace(given, rosters=(Roster(strange, (Share(spoilt, 1, 0),)),))
    else:
        given = replace(given, recipient=spoilt)  # type: ignore[type-var]
    assert strange in text_of(render(given))
    assert "\x07" not in text_of(render(given))


@pytest.mark.parametrize("name", PAPERS)
def test_the_page_is_as_the_decree_on_papers_sets_it(name: str) -> None:
    the_page_is_set(Document(str(TEMPLATES / f"{name}.docx")))


@pytest.mark.parametrize("name", PAPERS)
def test_fonts_and_sizes_are_in_the_ranges_of_the_decree_on_papers(
    name: str, rendered: dict[str, bytes]
) -> None:
    assert len(faces_of(rendered[name])) >= 8


@pytest.mark.parametrize("name", PAPERS)
def test_tables_are_as_wide_as_the_text(name: str, rendered: dict[str, bytes]) -> None:
    ruled = [table for table in tables_of(rendered[name]) if table.style.name == "Table Grid"]
    assert ruled
    for table in ruled:
        grid = [column.width.cm for column in table.columns]
        assert sum(grid) == pytest.approx(16.5, abs=0.02)
        for row in table.rows:
            assert [cell.width.cm for cell in row.cells] == pytest.approx(grid, abs=0.01)
            assert "w:cantSplit" in row._tr.xml
        assert "w:tblHeader" in table.rows[0]._tr.xml, "each page repeats the heading"


# The plan


def test_the_plan_says_who_does_what_by_when(rendered: dict[str, bytes]) -> None:
    text = text_of(rendered["plan"]).replace("\u00a0", " ")
    for words in (
        "KẾ HOẠCH\nĐánh giá, xếp hạng chuyển đổi số các sở, ban, ngành năm 2023\n",
        "Có 20 cơ quan, đơn vị được đánh giá theo Bộ chỉ số đánh giá chuyển đổi số các sở, ban,"
        " ngành trên địa bàn tỉnh Vĩnh Phúc (2074/QĐ-UBND, Phụ lục 1): 07 chỉ số chính, 42 tiêu"
        " chí, tối đa 1.000 điểm.",
        "Năm đánh giá là 2023. Số liệu tính từ ngày 01 tháng 01 năm 2023 đến hết ngày 31 tháng 12"
        " năm 2023 (2074/QĐ-UBND, mục III.1).",
        "Căn cứ của thời hạn ở bước 1 và 2: Chính sách của bản mẫu: 2074/QĐ-UBND không nêu ngày"
        " nộp. Ở bước 6: Chính sách của bản mẫu: 2074/QĐ-UBND không nêu hạn giải trình. Ở bước 7:"
        " Chính sách của bản mẫu: 2074/QĐ-UBND không nêu hạn thẩm tra.\n",
        "Gửi về so-tttt@mau.example chính tệp biểu mẫu đã điền",
        "chậm nhất là hết ngày 31 tháng 01 năm 2024.",
        "cột “Ghi chú”",
        "Cột “Tài liệu kiểm chứng”",
        "Cột “Điểm tự đánh giá”",
        "ghi mã của tệp trên phiếu tiếp nhận của lần gửi mới nhất",
        "- Ủy ban nhân dân tỉnh Vĩnh Phúc (để báo cáo);\n- Các cơ quan, đơn vị tại Phụ lục III;",
    ):
        assert words in text, words
    rows = [[cell.replace("\u00a0", " ") for cell in row] for row in rows_of(rendered["plan"])]
    steps = {row[0]: (row[2], row[3]) for row in rows if row[0].isdigit() and "S" in row[2]}
    assert steps["1"] == ("Sở Thông tin và Truyền thông", "Từ ngày 02/01/2024")
    by_step = {row[0]: row[2:] for row in rows if len(row) == 4 and len(row[1]) > 30}
    assert by_step["2"] == ["Các cơ quan, đơn vị tại Phụ lục III", "Đến hết ngày 31/01/2024"]
    assert by_step["6"] == ["Cơ quan, đơn vị được yêu cầu", "Đến hết ngày 20/02/2024"]
    assert steps["7"][1] == "Đến hết ngày 12/03/2024"


def test_the_plan_names_the_last_day_of_publication() -> None:
    text = text_of(plan.render(plan_values(load_round("dien-bien/2023")))).replace("\u00a0", " ")
    assert "Chậm nhất ngày 31/03/2024" in text
    assert "Ở bước 8: 2001/QĐ-UBND, mục IV.1: trong Quý I của năm tiếp theo." in text


def test_the_plan_has_three_appendices_that_travel_alone(
    context: RoundContext, rendered: dict[str, bytes]
) -> None:
    text = text_of(rendered["plan"])
    assert re.findall(r"^Phụ lục (I+)\n(.*)\n", text, re.M) == [
        ("I", "HƯỚNG DẪN CUNG CẤP VÀ XÁC NHẬN SỐ LIỆU"),
        ("II", "CHÍNH SÁCH ÁP DỤNG"),
        ("III", "CÁC CƠ QUAN, ĐƠN VỊ VÀ SỐ LIỆU PHẢI CUNG CẤP"),
    ]
    whose = (
        "(Kèm theo Kế hoạch số …/KH-STTTT ngày … tháng … năm …\ncủa Sở Thông tin và Truyền thông)"
    )
    assert text.count(whose) == 3
    assert text.count(context.round.illustration or "") == 4


def test_the_plan_lists_every_provider_with_its_share(rendered: dict[str, bytes]) -> None:
    rows = rows_of(rendered["plan"])
    assert ["1", "Văn phòng UBND tỉnh", "37", "140"] in rows
    assert ["13", "Sở Thông tin và Truyền thông", "37", "420"] in rows
    assert ["20", "Ban Quản lý các Khu công nghiệp", "37", "–"] in rows
    assert ["", "Cộng", "738", "560"] in rows


def test_the_plan_gives_each_policy_with_its_basis(
    context: RoundContext, rendered: dict[str, bytes]
) -> None:
    rows, policies = rows_of(rendered["plan"]), context.program.policies
    assert [
        "Bằng điểm",
        "đồng hạng, hạng kế tiếp để trống",
        policies.ties.basis,
        "02/01/2024",
    ] in rows
    for name in SCORING:
        decided = getattr(policies, name)
        assert decided is None or any(row[2:] == [decided.basis, "02/01/2024"] for row in rows)
    assert (
        "Chưa có chính sách về: số liệu không được gửi; số liệu nguồn chưa thống kê được; số liệu"
        " không liên quan đến cơ quan, đơn vị. Sở Thông tin và Truyền thông thông báo cách xử lý"
        " trước khi công bố kết quả."
    ) in text_of(rendered["plan"])


@pytest.mark.usefixtures("empty_home")
def test_the_plan_goes_by_the_day_that_holds() -> None:
    policies = {"deadline_on_day_off": "next_working_day", "reminders": LADDER}
    given = plan_values(write_program(policies, closes=date(2024, 2, 9)))
    assert given.closes == date(2024, 2, 15)
    content = plan.render(given)
    rows, text = rows_of(content), text_of(content).replace("\u00a0", " ")
    assert any(row[-1] == "Đến hết ngày 15/02/2024" for row in rows)
    assert "chậm nhất là hết ngày 15 tháng 02 năm 2024" in text
    assert "Ở bước 2: ví dụ; hạn thứ Sáu 09/02/2024 là ngày nghỉ (Tết Âm lịch" in text
    assert "nên chuyển sang thứ Năm 15/02/2024 (ví dụ)." in text
    assert "Đôn đốc nơi chưa gửi (trước hạn 7 và 2 ngày; quá hạn 1, 3 và 5 ngày;" in text
    assert "Trước và sau hạn của bước 2" in text


def test_a_plan_of_several_sets_has_a_point_and_a_table_each(context: RoundContext) -> None:
    given = plan_values(context)
    second = Scope("Bộ chỉ số cấp huyện", "2074/QĐ-UBND, Phụ lục 2", 9, 8, 66, None)
    content = plan.render(
        replace(
            given,
            scopes=(replace(given.scopes[0], max_points=Fraction(1001, 2)), second),
            only_providers=3,
            rosters=(
                replace(given.rosters[0], name="Các sở"),
                Roster("Các huyện", (Share("Huyện A", 66, 0),)),
                Roster("Cơ quan khác", ()),
            ),
            explain_by=None,
            appraise_by=None,
            publish_by=None,
            policies=(),
            send_to=None,
        )
    )
    text = text_of(content)
    assert "a) Có 20 cơ quan, đơn vị" in text
    assert "tối đa 500,5 điểm." in text
    assert "b) Có 09 cơ quan, đơn vị được đánh giá theo Bộ chỉ số cấp huyện" in text
    assert "08 chỉ số chính, 66 tiêu chí." in text
    assert "c) Có 03 cơ quan, đơn vị không được đánh giá trong đợt này" in text
    assert "Các sở" in text.splitlines()
    assert "Cơ quan khác" not in text, "an empty table is no table"
    assert ["1", "Huyện A", "66", "–"] in rows_of(content)
    assert "Theo công văn yêu cầu giải trình" in text
    assert "Sau bước 6" in text
    assert "Sau bước 7" in text
    assert "Gửi về Sở Thông tin và Truyền thông chính tệp" in text
    assert "Những điều văn bản không quy định được xử lý như sau" not in text


@pytest.mark.usefixtures("empty_home")
def test_a_plan_that_asks_nobody_is_refused(context: RoundContext) -> None:
    with pytest.raises(NobodyAsked, match=r"units.*program\.yaml"):
        plan.render(replace(plan_values(context), rosters=()))
    lost = write_program({}, {"vp-ubnd": {"agency": "buu-dien"}})
    with pytest.raises(NobodyToAsk, match="Văn phòng UBND tỉnh"):
        plan_values(lost)


# The reminder


def test_the_reminder_says_what_is_missing_since_when(rendered: dict[str, bytes]) -> None:
    text, rows = text_of(rendered["reminder"]), rows_of(rendered["reminder"])
    for words in (
        "V/v đôn đốc gửi số liệu đánh giá chuyển đổi số năm 2023",
        "Kính gửi: Sở Thông tin và Truyền thông",
        "(Công văn số …/STTTT ngày … tháng … năm …)",
        "Đến ngày 05 tháng 02 năm 2024, Sở Thông tin và Truyền thông chưa nhận được 02 tệp",
        "1. Thời hạn gửi và căn cứ: hết ngày 31 tháng 01 năm 2024, căn cứ: Chính sách của bản mẫu:"
        " 2074/QĐ-UBND không nêu ngày nộp.\n",
        "điền và gửi ngay các tệp nêu trên về so-tttt@mau.example",
        "nêu lý do ở cột “Ghi chú”",
        "có văn bản đề nghị gia hạn",
        "3. Tệp gửi sau hạn vẫn được nhận và được ghi là gửi muộn (Bản mẫu: vẫn nhận",
        "- Như trên;",
    ):
        assert words in text, words
    due = ["31/01/2024", "05 ngày"]
    assert rows[-3:-1] == [
        ["1", "Số liệu về chính Sở Thông tin và Truyền thông", "so-tttt.xlsx", "42", *due],
        ["2", "Số liệu về các cơ quan, đơn vị được đánh giá", "so-tttt-cung-cap.xlsx", "440", *due],
    ]


def test_a_late_file_is_dealt_with_as_the_round_decided(context: RoundContext) -> None:
    given = reminder_letter(context)
    one = replace(given, files=given.files[:1], send_to=None)
    refused = Policy[str].model_validate(decided("refuse", "Kế hoạch 5/KH"))
    text = text_of(reminder.render(replace(one, late=refused)))
    assert "có ngay văn bản đề nghị gia hạn" in text
    assert "không được nhận nếu không được gia hạn (Kế hoạch 5/KH)" in text
    assert "điền và gửi ngay" not in text
    assert "3. Tệp gửi sau hạn" not in text
    text = text_of(reminder.render(replace(one, late=None)))
    assert "điền và gửi ngay tệp nêu trên, kèm tài liệu kiểm chứng" in text
    assert "3. Tệp gửi sau hạn" not in text


def test_nobody_is_reminded_of_what_is_not_late(context: RoundContext) -> None:
    given = reminder_letter(context)
    for files, day in (((), given.day), (given.files, DUE)):
        with pytest.raises(NothingLate, match="Sở Thông tin và Truyền thông không có tệp nào"):
            reminder.render(replace(given, files=files, day=day))
    came = replace(late(), received_on=date(2024, 2, 2))
    other = Standing("so-y-te", "own", DUE, None, 42)
    for wrong in ([], [came], [late(), other]):
        with pytest.raises(NothingLate, match="quá hạn"):
            reminder_values(context, wrong, date(2024, 2, 5), FILES, {})


# The extension


def test_the_extension_gives_both_deadlines_and_why(rendered: dict[str, bytes]) -> None:
    text, rows = text_of(rendered["extension"]), rows_of(rendered["extension"])
    for words in (
        "V/v gia hạn gửi số liệu đánh giá chuyển đổi số năm 2023",
        "Kính gửi: Sở Thông tin và Truyền thông",
        "đồng ý gia hạn thời gian gửi số liệu để đánh giá, xếp hạng chuyển đổi số các sở, ban,"
        " ngành năm 2023 cho Sở Thông tin và Truyền thông như sau:",
        "1. Lý do gia hạn: Phần mềm một cửa ngừng hoạt động từ ngày 22/01 đến ngày 29/01/2024.\n",
        "2. Văn bản chấp thuận: 7/STTTT ngày 30/01/2024.\n",
        "3. Thời hạn mới: hết ngày 20 tháng 02 năm 2024, gửi về so-tttt@mau.example. Tệp gửi sau"
        " ngày này vẫn được nhận và được ghi là gửi muộn (Bản mẫu: vẫn nhận",
        "Các thời hạn khác của đợt đánh giá không thay đổi.",
    ):
        assert words in text, words
    assert [row[2:] for row in rows if row[0] in ("1", "2")] == [
        ["so-tttt.xlsx", "31/01/2024", "20/02/2024"],
        ["so-tttt-cung-cap.xlsx", "31/01/2024", "20/02/2024"],
    ]


def test_an_extension_that_extends_nothing_is_refused(context: RoundContext) -> None:
    given = extension_letter(context)
    for wrong, why in (
        ({"files": ()}, "không nêu tệp nào"),
        ({"until": DUE}, r"so-tttt\.xlsx: hạn mới 31/01/2024 phải sau hạn cũ 31/01/2024"),
        ({"reason": " "}, "phải nêu lý do"),
        ({"document": ""}, "số văn bản chấp thuận"),
    ):
        with pytest.raises(NothingGranted, match=why):
            extension.render(replace(given, **wrong))  # type: ignore[arg-type]


@pytest.mark.usefixtures("empty_home")
def test_the_letters_of_recorded_requests() -> None:
    context = opened({"late_submission": "refuse"})
    until, day = date(2024, 2, 6), date(2024, 2, 8)
    with session() as records:
        before = extend(records, context, "vp-ubnd", until, "bão", "12/STTTT", "test", "own")
        files = files_of(records, ROUND, "vp-ubnd")
        given = extension_values(context, "vp-ubnd", before, until, "bão", "12/STTTT", files)
        mine = [
            each
            for each in standings(records, ROUND)
            if each.provider == "vp-ubnd" and each.late(day)
        ]
        asked = reminder_values(context, mine, day, files, granted(records, ROUND))
    content = extension.render(given)
    assert ["1", "Số liệu về chính Văn phòng UBND tỉnh", "x.xlsx", "31/01/2024", "06/02/2024"] in (
        rows_of(content)
    )
    assert "Tệp gửi sau ngày này không được nhận (ví dụ)." in text_of(content)
    content = reminder.render(asked)
    assert [row[3:] for row in rows_of(content) if row[0] in ("1", "2")] == [
        ["45", "06/02/2024", "02 ngày"],
        ["45", "31/01/2024", "08 ngày"],
    ]
    assert (
        "hết ngày 06 tháng 02 năm 2024, căn cứ: văn bản gia hạn 12/STTTT. Hết ngày 31 tháng 01 năm"
        " 2024, căn cứ: ví dụ."
    ) in text_of(content)


# The pages


@pytest.mark.tools
def test_the_papers_fill_the_pages_that_they_should(
    rendered: dict[str, bytes], tmp_path: Path
) -> None:
    for tool in ("soffice", "pdftotext"):
        if shutil.which(tool) is None:
            pytest.skip(f"không có {tool} trên máy này")
    for name, content in rendered.items():
        (tmp_path / f"{name}.docx").write_bytes(content)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)),
            *(str(tmp_path / f"{name}.docx") for name in rendered),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    for name, pages in PAGES.items():
        text = subprocess.run(
            ["pdftotext", "-layout", str(tmp_path / f"{name}.pdf"), "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        sheets = text.split("\f")[:-1]
        assert len(sheets) == pages, name
        signed = next(sheet for sheet in sheets if "GIÁM ĐỐC" in sheet)
        assert "./." in signed, "a signature stands with the end of the text"
