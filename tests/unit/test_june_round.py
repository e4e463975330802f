"""The June round on Kon Tum's published figures: points, readings, commands, report."""

import io
import json
import re
import subprocess
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from typer.testing import CliRunner

from dti_core.program.load import load_round
from dti_core.records.awards import findings
from dti_core.records.database import session
from dti_core.records.scoring import scored_round
from flows.cli import app
from reports.docx import BrokenTemplate, fill
from reports.provincial import data, document, page
from tests.conftest import JUNE

pytestmark = pytest.mark.usefixtures("june")

SCORE_KEYS = {"unit", "criterion", "max_points", "points", "exact", "status", "reading"}


def dti(*arguments: str) -> str:
    """Run a command in this process; its output. It must succeed."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def scores(reading: str) -> dict[str, dict[str, str]]:
    rows = json.loads(dti("score", JUNE, "--json", "--reading", reading))
    assert all(set(row) == SCORE_KEYS for row in rows)
    return {row["criterion"]: row for row in rows}


@pytest.mark.parametrize(
    ("criterion", "exact", "published"),
    [
        ("3.1", "151/20", "7.55"),  # 75,5 % × 10
        ("3.3", "5297/1000", "5.30"),  # 52,97 % × 10
        ("5.7", "240/31", "7.74"),  # 24/31 × 10
        ("6.7", "130/21", "6.19"),  # 13/21 × 10
        ("6.8", "0", "0.00"),  # 59 %, dưới 100 % không có điểm
        ("5.8", "0", "0.00"),  # “Chưa có”
        ("5.11", "5", "5.00"),  # 04/04 sự cố
        ("6.12", "1429/200", "7.15"),  # 28,58 %/80 % × 20 = 7,145
        ("8.5", "53/140", "0.38"),  # 2,65 %/70 % × 10
    ],
)
def test_points_are_exact_and_published_half_up(criterion: str, exact: str, published: str) -> None:
    row = scores("as_written")[criterion]
    assert (row["exact"], row["points"], row["status"]) == (exact, published, "computed")


def test_readings_differ_exactly_at_substantive_errata_below_their_threshold() -> None:
    written, corrected = scores("as_written"), scores("corrected")
    differing = {c for c, row in written.items() if row["exact"] != corrected[c]["exact"]}
    framework = load_round(JUNE).frameworks["tinh"]
    below = set()
    with session() as records:
        scored = scored_round(records, load_round(JUNE))
    for row in framework.rows:
        if row.erratum and row.erratum.kind == "substantive":
            metric = scored.scores["as_written"]["kon-tum", row.code].metric
            if metric is not None and metric < row.rule.full_at:  # type: ignore[union-attr]
                below.add(row.code)
    assert differing == below == {"7.1", "7.4", "7.5"}


def test_open_points_are_null_and_say_why() -> None:
    rows = scores("as_written")
    for criterion, status in (
        ("7.10", "external"),
        ("1.3", "missing"),
        ("1.5", "partial"),
        ("6.4", "question"),
        ("6.14", "question"),
        ("8.8", "question"),
    ):
        row = rows[criterion]
        assert (row["points"], row["exact"], row["status"]) == (None, None, status), criterion


def test_criteria_against_other_provinces_are_never_computed() -> None:
    rows = scores("as_written")
    external = {code for code, row in rows.items() if row["status"] == "external"}
    assert external == {"4.5", "4.6", "4.11", "5.1", "5.9", "5.10", "7.10", "8.6", "8.7"}


def test_why_explains_a_stated_percentage() -> None:
    text = dti("why", JUNE, "kon-tum", "4.7")
    for words in (
        "Nguồn viết “Đã đạt 68%”",
        "2554/QĐ-UBND, Phụ lục I, mục 4.7",
        "Điểm = 17/25 × 10 = 6,8",
        "Cơ quan chủ trì: Sở Thông tin và Truyền thông",
        "không phải kết quả chính thức",
    ):
        assert words in " ".join(text.split()), words


def test_why_shows_both_readings_of_a_substantive_erratum() -> None:
    told = json.loads(dti("why", JUNE, "kon-tum", "7.4", "--json"))
    assert [r["exact"] for r in told["readings"]] == ["9/10", "9"]
    assert told["erratum"]["kind"] == "substantive"
    assert "9 điểm" not in told["readings"][0]["steps"]


def test_why_cites_every_cell_of_a_derived_figure() -> None:
    told = json.loads(dti("why", JUNE, "kon-tum", "5.7", "--json"))
    whole = next(figure for figure in told["figures"] if figure["variable"] == "b")
    assert whole["status"] == "derived"
    assert whole["raw"] == "100% (31/31)"
    assert [cell.split(", mục ")[1].split(",")[0] for cell in whole["cells"]] == ["5.7", "5.6"]


def test_frameworks_contracts() -> None:
    shown = json.loads(dti("frameworks", "show", "vinh-phuc-2074/so", "--json"))
    assert {"id", "decree", "level", "total_stated", "total", "pillars"} <= set(shown)
    rows = [row for pillar in shown["pillars"] for row in pillar["criteria"]]
    assert len(rows) == 44
    wanted = {
        "code",
        "parent",
        "name",
        "max_points",
        "rule",
        "erratum",
        "variables",
        "provider",
        "evidence",
        "citation",
    }
    assert all(set(row) == wanted for row in rows)
    assert next(row for row in rows if row["code"] == "1.2.1")["parent"] == "1.2"
    checked = json.loads(dti("frameworks", "check", "--json"))
    keys = {"framework", "code", "kind", "severity", "numbers", "message", "citation", "erratum"}
    assert all(set(finding) == keys for finding in checked)
    assert [f for f in checked if f["severity"] == "error" and not f["erratum"]] == []


def test_validate_json_names_the_cell_of_each_finding() -> None:
    found = json.loads(dti("validate", JUNE, "--json"))
    keys = {"unit", "criterion", "variable", "file", "sheet", "cell", "rule", "severity", "message"}
    assert all(set(each) == keys for each in found)
    assert {each["rule"] for each in found} == {"required"}


def test_status_tells_the_next_step() -> None:
    assert "dti report" in dti("status", JUNE)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["why", JUNE, "kon-tum", "99.9"], "không có mục '99.9'"),
        (["why", JUNE, "ha-noi", "1.1"], "không có đơn vị 'ha-noi'"),
        (["score", "vinh-long/2031", "--json"], "Không có đợt 'vinh-long/2031'"),
        (["frameworks", "show", "x/y"], "Không có bộ chỉ số 'x/y'"),
        (["frameworks", "shwo"], "Không có lệnh 'shwo'"),
        (["why", JUNE], "Thiếu tham số"),
        (["score", JUNE, "--jsn"], "Không có tùy chọn --jsn"),
    ],
)
def test_a_wrong_command_is_answered_in_vietnamese_without_a_traceback(
    arguments: list[str], told: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments], capture_output=True, text=True, check=False
    )
    assert run.returncode in (1, 2)
    assert told in run.stderr
    assert "Traceback" not in run.stderr + run.stdout


def test_light_commands_import_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['dti', *{0!r}]\n"
        "from flows.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {{'prefect', 'great_expectations', 'pandas', 'docx'}} & set(sys.modules)\n"
        "print('HEAVY', sorted(heavy))"
    )
    for arguments in (
        ["--help"],
        ["frameworks", "list"],
        ["why", JUNE, "kon-tum", "4.7"],
        ["status", JUNE],
        ["score", JUNE, "--json"],
        ["validate", JUNE, "--json"],
    ):
        run = subprocess.run(
            [sys.executable, "-c", code.format(arguments)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.endswith("HEAVY []\n"), (arguments, run.stdout[-200:], run.stderr)


@pytest.fixture(scope="module")
def report(june_home: Path) -> data.Report:
    import os

    os.environ["DTI_HOME"] = str(june_home)
    context = load_round(JUNE)
    with session() as records:
        return data.gather(context, scored_round(records, context), findings(records, JUNE))


def test_the_page_loads_nothing_from_outside(report: data.Report) -> None:
    html = page.render(report)
    assert not re.search(r"(?:src|href)=[\"'](?!#)", html)
    assert not re.search(r"url\(|@import|<script|https?://", html)


def test_every_output_says_that_it_is_an_illustration(report: data.Report) -> None:
    assert report.illustration
    assert report.illustration in page.render(report)
    assert report.illustration in _text(document.render(report))
    for command in (["why", JUNE, "kon-tum", "4.7"],):
        assert "Minh họa" in dti(*command)


def test_the_report_adds_up(report: data.Report) -> None:
    unit = report.units[0]
    with session() as records:
        scored = scored_round(records, load_round(JUNE)).scores["as_written"]
    framework = load_round(JUNE).frameworks["tinh"]
    exact = sum(
        (scored["kon-tum", row.code].points or Fraction(0) for row in framework.criteria),
        Fraction(0),
    )
    assert unit.total.computed == "366,25"
    assert round(float(exact), 2) == 366.25
    assert sum(count for _, count in unit.counts) == unit.criteria == 98
    assert sum(len(rows) for _, rows in unit.rows) == 104
    changed = {
        line.code: line.difference for line in unit.errata if line.difference not in ("", "0")
    }
    assert changed == {"7.1": "+4", "7.4": "+8,1", "7.5": "+1,9"}


def test_missing_figures_name_the_agency_that_leads_them(report: data.Report) -> None:
    missing = {line.code: line for line in report.units[0].missing}
    assert missing["7.11"].asks == "Sở Kế hoạch và Đầu tư"
    assert missing["7.6"].asks == "Cục Thống kê"
    assert "Tổng số Doanh nghiệp trên địa bàn" in missing["7.6"].figures
    assert all(line.asks for line in missing.values())


def test_the_document_has_the_same_figures_and_no_placeholder(report: data.Report) -> None:
    content = document.render(report)
    text = _text(content)
    assert "{{" not in text
    assert "{%" not in text
    for words in ("366,25", "408,46", "771,96", "DỰ THẢO", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"):
        assert words in text
    rows = [
        [cell.text for cell in row.cells]
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
    ]
    assert ["Tổng", "1.000", "366,25", "408,46", "771,96"] in rows
    assert document.render(report) == content, "the same report must be the same file"


def test_a_broken_template_is_refused_with_its_place(tmp_path: Path) -> None:
    broken = Document()
    broken.add_paragraph("{{ khong_co }}")
    broken.save(tmp_path / "hong.docx")
    with pytest.raises(BrokenTemplate, match=r"hong\.docx.*khong_co"):
        fill(tmp_path / "hong.docx", {})


def _text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("word/document.xml").decode()
    return re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", xml))
