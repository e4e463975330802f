"""Result pages and data-quality report as Chromium shows, sorts, searches and prints them.

A window of Chromium cannot be narrower than 500 px, so each page stands in a frame of the width
that is tried.
"""

import json
import re
import subprocess
from html import escape, unescape
from pathlib import Path

import pytest

from reports.quality.page import FOLDER, INDEX, render_quality
from reports.site.pages import render_site
from tests.e2e.test_what_people_see import CHROMIUM, need
from tests.pages import UNITS, crowded_report, crowded_site, ranking

pytestmark = pytest.mark.tools

A4_LANDSCAPE = 841.89, 595.28
MARGIN = 14 / 25.4 * 72
"""Points of paper that the pages keep free on each side (14 mm)."""


def chromium(folder: Path, *arguments: str) -> str:
    """Run the browser with a profile of its own; what it prints."""
    return subprocess.run(
        [
            need("chromium", "chromium-browser", "google-chrome"),
            *CHROMIUM,
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=1400,900",
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout


def in_frame(folder: Path, page: str, width: int, script: str) -> object:
    """What a script returns that sees the page's `document` and `window` in a frame."""
    harness = f"""<!doctype html><meta charset="utf-8"><pre id="answer"></pre>
<iframe style="width:{width}px;height:900px;border:0" srcdoc="{escape(page)}"></iframe>
<script>
document.querySelector("iframe").addEventListener("load", (event) => {{
  const window = event.target.contentWindow, document = window.document;
  const answer = (() => {{ {script} }})();
  top.document.getElementById("answer").textContent = JSON.stringify(answer);
}});
</script>"""
    (folder / "harness.html").write_text(harness, encoding="utf-8")
    dom = chromium(folder, "--dump-dom", (folder / "harness.html").as_uri())
    found = re.search(r'<pre id="answer">(.+?)</pre>', dom, re.DOTALL)
    assert found, dom[:300]
    return json.loads(unescape(found[1]))


def crowded() -> dict[str, str]:
    pages = render_site(crowded_site())
    quality = render_quality(crowded_report())
    return {
        "index": pages["index.html"],
        "unit": pages["don-vi/don-vi-1.html"],
        "quality": quality[INDEX],
        "quality of a unit": quality[f"{FOLDER}/don-vi-1.html"],
    }


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["index", "unit", "quality", "quality of a unit"])
def test_no_page_scrolls_sideways(tmp_path: Path, name: str, width: int) -> None:
    content, window = in_frame(  # type: ignore[misc]
        tmp_path,
        crowded()[name],
        width,
        "return [document.documentElement.scrollWidth, window.innerWidth];",
    )
    assert window == width
    assert content <= window


@pytest.mark.parametrize("name", ["unit", "quality", "quality of a unit"])
def test_on_a_phone_no_table_hides_columns(tmp_path: Path, name: str) -> None:
    hidden = in_frame(
        tmp_path,
        crowded()[name],
        390,
        "return [...document.querySelectorAll('.scroll')]"
        ".filter((box) => box.scrollWidth > box.clientWidth).length;",
    )
    assert hidden == 0


ORDER = """
const ranks = () => [...document.querySelectorAll(".sortable tbody tr")]
  .filter((row) => !row.hidden).map((row) => row.cells[0].textContent);
const heads = [...document.querySelectorAll(".sortable thead th")];
const press = (column) => {
  const button = heads[column].querySelector("button");
  button.focus();
  if (document.activeElement !== button) throw new Error("no focus");
  button.click();
  return [ranks().join(""), heads.map((head) => head.getAttribute("aria-sort")).join()];
};
"""


def test_a_click_on_a_head_sorts_and_says_how(tmp_path: Path) -> None:
    last = 6  # rank, unit, points, percent, grade, since last year, pillar
    told = in_frame(
        tmp_path,
        render_site(ranking())["index.html"],
        1280,
        ORDER
        + f"return {{first: ranks().join(''), unit: press(1), points: press(2), again: press(2),"
        f" pillar: press({last}), pillar_again: press({last}), rank: press(0)}};",
    )
    assert [row[1] for row in UNITS] == ["1", "2", "3"]
    assert told == {
        "first": "123",
        "unit": ["312", ",ascending,,,,,"],  # Đ before Y, as Vietnamese has it
        "points": ["123", ",,descending,,,,"],  # 1.000,5 is more than 980
        "again": ["321", ",,ascending,,,,"],
        "pillar": ["213", ",,,,,,descending"],  # no value comes last
        "pillar_again": ["123", ",,,,,,ascending"],  # both ways
        "rank": ["123", "ascending,,,,,,"],
    }


def test_the_search_finds_names_with_and_without_marks(tmp_path: Path) -> None:
    told = in_frame(
        tmp_path,
        render_site(ranking())["index.html"],
        390,
        ORDER
        + """
const field = document.getElementById("tim");
const type = (text) => {
  field.value = text;
  field.dispatchEvent(new window.Event("input"));
  return [ranks().join(""), document.getElementById("so-don-vi").textContent];
};
return [!field.parentElement.hidden, type("do dac"), type("Y TẾ"), type("sở"), type("huyện"),
  type("")];""",
    )
    assert told == [
        True,
        ["1", "1 / 3 đơn vị"],
        ["2", "1 / 3 đơn vị"],
        ["123", "3 / 3 đơn vị"],
        ["", "Không có đơn vị nào khớp."],
        ["123", "3 / 3 đơn vị"],
    ]


def test_the_site_works_from_a_folder(tmp_path: Path) -> None:
    for name, page in render_site(ranking()).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(page, encoding="utf-8")
    dom = chromium(tmp_path, "--dump-dom", (tmp_path / "index.html").as_uri())
    assert dom.count("<button") == 7, "the script ran"
    assert "3 / 3 đơn vị" in dom


@pytest.mark.parametrize("name", ["index", "unit", "quality", "quality of a unit"])
def test_print_on_a4_cuts_no_column(tmp_path: Path, name: str) -> None:
    pdftotext = need("pdftotext")
    (tmp_path / "page.html").write_text(crowded()[name], encoding="utf-8")
    chromium(
        tmp_path,
        "--no-pdf-header-footer",
        f"--print-to-pdf={tmp_path / 'page.pdf'}",
        (tmp_path / "page.html").as_uri(),
    )
    boxes = subprocess.run(
        [pdftotext, "-bbox", str(tmp_path / "page.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    size = re.search(r'<page width="([\d.]+)" height="([\d.]+)"', boxes)
    assert size
    assert (float(size[1]), float(size[2])) == pytest.approx(A4_LANDSCAPE, abs=1)
    spans = re.findall(r'<word xMin="(-?[\d.]+)" yMin="[^"]+" xMax="([\d.]+)"', boxes)
    assert len(spans) > 200
    assert min(float(left) for left, _ in spans) >= MARGIN - 1
    assert max(float(right) for _, right in spans) <= A4_LANDSCAPE[0] - MARGIN + 1


@pytest.mark.parametrize("name", ["quality", "quality of a unit"])
def test_the_report_asks_the_network_for_nothing(tmp_path: Path, name: str) -> None:
    asked = in_frame(
        tmp_path,
        crowded()[name],
        1280,
        "return window.performance.getEntriesByType('resource').map((each) => each.name);",
    )
    assert asked == []


def test_the_other_criteria_are_folded_on_a_screen_and_printed_all_the_same(tmp_path: Path) -> None:
    page = crowded()["quality"]
    shown = "document.querySelector('.folded').getBoundingClientRect().height > 0"
    told = in_frame(
        tmp_path,
        page,
        1280,
        f"const before = {shown}; document.querySelector('details').open = true;"
        f" return [before, {shown}];",
    )
    assert told == [False, True]
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    print_to = tmp_path / "page.pdf"
    chromium(tmp_path, f"--print-to-pdf={print_to}", (tmp_path / "page.html").as_uri())
    text = subprocess.run(
        [need("pdftotext"), "-layout", str(print_to), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Các tiêu chí còn lại." in text
