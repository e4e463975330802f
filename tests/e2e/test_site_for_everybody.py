"""The result pages for whoever reads them: with keys only, on a phone, with a screen reader.

axe-core, the rules by which such pages are usually audited, runs inside Chromium; what it cannot
decide (text over a bar's gradient) is reckoned here.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from dti_core.records.database import session
from reports.site.beside import DataFile
from reports.site.pages import render_site
from reports.unit_round.site import site_values
from tests.e2e.browser import Page, browser
from tests.e2e.test_pages_in_browser import crowded
from tests.unit.published_round import write_round

pytestmark = pytest.mark.tools

AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
PAGES = ("index", "don-vi/so-tu-phap", "don-vi/so-y-te", "don-vi/ban-dan-toc", "don-vi/xuan-hoa")
PHONE, DESK = 390, 1280
DRAFTS = ("du-thao/index", "du-thao/don-vi/so-y-te")
EACH = [(name, width) for name in (*PAGES, *DRAFTS) for width in (PHONE, DESK)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site in a folder, as a province would copy it to a disk."""
    made = tmp_path_factory.mktemp("site")
    before = os.environ["DTI_HOME"]
    os.environ["DTI_HOME"] = str(tmp_path_factory.mktemp("home"))
    try:
        context = write_round()
        with session() as records:
            file = DataFile("du-lieu/ranking.csv", "bảng xếp hạng", "2 KB")
            site = site_values(records, context, draft=False, data=(file,))
    finally:
        os.environ["DTI_HOME"] = before
    draft = replace(site, draft=True, illustration="Mẫu: không phải kết quả của cơ quan nào.")
    for name, page in (
        *render_site(site).items(),
        *((f"du-thao/{name}", page) for name, page in render_site(draft).items()),
    ):
        (made / name).parent.mkdir(exist_ok=True, parents=True)
        (made / name).write_text(page, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def address(folder: Path, name: str) -> str:
    return (folder / f"{name}.html").as_uri()


def violations(page: Page) -> list[str]:
    """What axe finds, rule and element; all its rules, best practice too."""
    page.run(AXE)
    found = page.run(
        "const told = await axe.run(document, {resultTypes: ['violations']});"
        "return told.violations.flatMap("
        "(rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 120)}`));"
    )
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(("name", "width"), EACH)
def test_axe_finds_nothing(folder: Path, page: Page, name: str, width: int) -> None:
    page.open(address(folder, name), width)
    assert violations(page) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", ["index", "unit", "quality", "quality of a unit"])
def test_axe_finds_nothing_on_crowded_pages(
    tmp_path: Path, page: Page, name: str, width: int
) -> None:
    file = tmp_path / "page.html"
    file.write_text(crowded()[name], encoding="utf-8")
    page.open(file.as_uri(), width)
    assert violations(page) == []


def test_axe_would_say(folder: Path, page: Page) -> None:
    page.open(address(folder, "index"), DESK)
    page.run(
        "document.documentElement.removeAttribute('lang');"
        "document.querySelector('label').remove();"
        "document.querySelector('h1').style.color = '#aaa';"
    )
    rules = {each.partition(":")[0] for each in violations(page)}
    assert rules >= {"html-has-lang", "color-contrast"}


CONTRAST = """
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = (colour) => {
  const [r, g, b] = parts(colour).slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const colour = getComputedStyle(each).backgroundColor;
    if (!/, 0\\)$/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
const ratios = [];
for (const each of document.querySelectorAll("body *")) {
  const own = [...each.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || ["SCRIPT", "STYLE"].includes(each.tagName)) continue;
  const [a, b] = [light(getComputedStyle(each).color), light(behind(each))].sort((x, y) => y - x);
  ratios.push([(a + 0.05) / (b + 0.05), each.outerHTML.slice(0, 80)]);
}
return [ratios.length, ratios.filter(([ratio]) => ratio < 4.5)];
"""


@pytest.mark.parametrize("name", [*PAGES, *DRAFTS])
def test_every_text_stands_out_from_what_is_behind_it(folder: Path, page: Page, name: str) -> None:
    page.open(address(folder, name), DESK)
    seen, faint = page.run(CONTRAST)
    assert seen > 40
    assert faint == []


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_nothing_scrolls_sideways_but_the_ranking_in_its_frame(
    folder: Path, page: Page, name: str
) -> None:
    page.open(address(folder, name), PHONE)
    window, content, hidden = page.run(
        "return [innerWidth, document.documentElement.scrollWidth,"
        "[...document.querySelectorAll('.scroll')]"
        ".filter((box) => box.scrollWidth > box.clientWidth + 1).length];"
    )
    assert window == PHONE
    assert content <= PHONE
    assert hidden == (2 if name == "index" else 0)


ACTIVE = """
const here = document.activeElement, style = getComputedStyle(here);
return [here.tagName, here.textContent.trim().slice(0, 40), style.outlineStyle, style.outlineWidth];
"""


def test_every_stop_of_the_tab_key_is_seen_and_none_is_a_trap(folder: Path, page: Page) -> None:
    for name in PAGES:
        page.open(address(folder, name), DESK)
        stops: list[tuple[str, str]] = []
        for _ in range(200):
            page.press("Tab")
            tag, text, line, width = page.run(ACTIVE)
            if tag == "BODY" or (tag, text) in stops[:1]:  # round once
                break
            stops.append((tag, text))
            assert line != "none", (name, tag, text)
            assert width != "0px", (name, tag, text)
        else:
            raise AssertionError(f"{name}: no end")
        wanted = page.run(
            "return document.querySelectorAll("
            "'a[href], button, input:not([hidden]), select, [tabindex=\"0\"]').length;"
        )
        assert len(stops) == wanted, name
        assert stops[0] == ("A", "Đến nội dung chính")


def test_the_skip_link_shows_itself_and_leads_past_the_head(folder: Path, page: Page) -> None:
    page.open(address(folder, "index"), DESK)
    page.press("Tab")
    left, top = page.run(
        "const box = document.activeElement.getBoundingClientRect(); return [box.left, box.top];"
    )
    assert left >= 0
    assert top >= 0
    page.press("Enter")
    assert page.run("return document.activeElement.id") == "noi-dung"


ORDER = """
return [...document.querySelectorAll("#nhom-1 tbody tr")].filter((row) => !row.hidden)
  .map((row) => row.querySelector("a").textContent);
"""
SORTED = "return document.querySelectorAll('#nhom-1 thead th')[2].getAttribute('aria-sort');"
FIRST = ["Sở Nội vụ", "Sở Y tế", "Sở Tư pháp", "Ban Dân tộc"]


def to(page: Page, text: str) -> None:
    """Press Tab until the focus is on what says so."""
    for _ in range(60):
        page.press("Tab")
        if page.run(ACTIVE)[1].startswith(text):
            return
    raise AssertionError(f"never came to {text}")


def test_the_ranking_is_sorted_searched_and_followed_with_keys_only(
    folder: Path, page: Page
) -> None:
    page.open(address(folder, "index"), DESK)
    assert page.run(ORDER) == FIRST
    to(page, "Điểm")
    page.press("Enter")
    assert page.run(SORTED) == "descending"
    assert page.run(ORDER) == ["Sở Nội vụ", "Sở Y tế", "Ban Dân tộc", "Sở Tư pháp"]
    page.press(" ")
    assert page.run(SORTED) == "ascending"
    assert page.run(ORDER) == ["Sở Tư pháp", "Ban Dân tộc", "Sở Y tế", "Sở Nội vụ"]
    page.open(address(folder, "index"), DESK)
    for _ in range(20):
        page.press("Tab")
        if page.run(ACTIVE)[0] == "INPUT":
            break
    page.type("so tu phap")
    assert page.run(ORDER) == ["Sở Tư pháp"]
    assert page.run("return document.getElementById('so-don-vi').textContent") == "1 / 9 đơn vị"
    to(page, "Sở Tư pháp")
    page.press("Enter")
    for _ in range(100):
        if page.run("return location.href") == address(folder, "don-vi/so-tu-phap"):
            break
    assert page.run("return document.title") == "Sở Tư pháp"


def test_communes_are_filtered_by_the_unit_above_them(folder: Path, page: Page) -> None:
    page.open(address(folder, "index"), PHONE)
    shown = page.run(
        "const field = document.getElementById('thuoc'), told = [];"
        "for (const option of [...field.options].map((each) => each.value)) {"
        "  field.value = option; field.dispatchEvent(new Event('change'));"
        "  told.push([option, [...document.querySelectorAll('tbody tr')]"
        "    .filter((row) => !row.hidden).length]);"
        "} return told;"
    )
    assert shown == [["", 9], ["Huyện Tam Dương", 3], ["Huyện Lập Thạch", 2]]


def test_units_without_a_place_last_year_come_last_both_ways(folder: Path, page: Page) -> None:
    page.open(address(folder, "index"), DESK)
    press = "document.querySelectorAll('#nhom-1 thead button')[5].click();"
    page.run(press)
    assert page.run(ORDER)[:2] == ["Sở Nội vụ", "Sở Y tế"]  # up one, the same
    page.run(press)
    assert page.run(ORDER)[:2] == ["Sở Y tế", "Sở Nội vụ"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_from_a_folder_asks_for_nothing_else(folder: Path, page: Page, name: str) -> None:
    page.open(address(folder, name), DESK)
    assert page.run("return performance.getEntriesByType('resource').map((e) => e.name)") == []
