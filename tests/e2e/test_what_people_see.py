"""The report as a browser and an office program show it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dti_core.program.load import load_round
from dti_core.records.awards import findings
from dti_core.records.database import session
from dti_core.records.scoring import scored_round
from reports.provincial import data, document, page
from tests.conftest import JUNE

pytestmark = [pytest.mark.tools, pytest.mark.usefixtures("june")]

CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=2000",
]


def need(*names: str) -> str:
    """The first of these programs that is installed, or a skipped test."""
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.skip(f"cần cài {names[0]}")


@pytest.fixture
def report() -> data.Report:
    context = load_round(JUNE)
    with session() as records:
        return data.gather(context, scored_round(records, context), findings(records, JUNE))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_the_window_and_shows_every_row(
    report: data.Report, tmp_path: Path, width: int
) -> None:
    browser = need("chromium", "chromium-browser", "google-chrome")
    html = page.render(report).replace(
        "</body>",
        "<script>document.title = document.documentElement.scrollWidth + '/' + innerWidth"
        " + '/' + document.querySelectorAll('#tieu-chi tbody td.code').length</script></body>",
    )
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    dom = subprocess.run(
        [
            browser,
            *CHROMIUM,
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--window-size={width},900",
            "--dump-dom",
            (tmp_path / "page.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout
    match = re.search(r"<title>(\d+)/(\d+)/(\d+)</title>", dom)
    assert match, dom[:300]
    content, window, rows = map(int, match.groups())
    assert content <= window, "the page itself must not scroll sideways"
    assert rows == 104


def test_the_document_opens_as_pages_in_times_new_roman(
    report: data.Report, tmp_path: Path
) -> None:
    office, pdftotext = need("soffice", "libreoffice"), need("pdftotext")
    (tmp_path / "bao-cao.docx").write_bytes(document.render(report))
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "bao-cao.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    text = subprocess.run(
        [pdftotext, "-layout", str(tmp_path / "bao-cao.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "SỞ THÔNG TIN VÀ TRUYỀN THÔNG" in text
    assert text.count("\f") <= 20
    fonts = subprocess.run(
        [need("pdffonts"), str(tmp_path / "bao-cao.pdf")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    named = {line.split()[0].split("+")[-1] for line in fonts.splitlines()[2:]}
    # Times New Roman, or its metric twin where the machine lacks it
    assert all(name.startswith(("TimesNewRoman", "LiberationSerif")) for name in named), named
