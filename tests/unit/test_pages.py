"""Result pages: complete, escaped, self-contained, always the same."""

import dataclasses
import posixpath
import re
from fractions import Fraction

import pytest
from markupsafe import escape

from reports.shown import change, points, share, spread
from reports.site.data import Group, Site, UnitPage, differences
from reports.site.pages import UnusableName, render_site
from tests.pages import NASTY, UNITS, filled, ranking, texts

DRAFT = "DỰ THẢO, chưa công bố"
NO_SITE = dataclasses.replace(filled(Site), groups=(), notes=())


def lacking(page: str, wanted: set[str]) -> set[str]:
    """The texts that a page does not show, or does not show escaped."""
    return {text for text in wanted if str(escape(text)) not in page}


def test_nothing_comes_from_outside_and_every_link_leads_to_a_page() -> None:
    site = ranking()
    file = dataclasses.replace(site.data[0], path="data/")
    pages = render_site(dataclasses.replace(site, data=(file,)))
    for name, page in pages.items():
        assert not re.search(r"url\(|@import|http|<link|<img|<iframe|\ssrc\s*=", page), name
        for target in re.findall(r"href\s*=\s*[\"']?([^\"'>\s]*)", page):
            if target.startswith("#"):
                assert f'id="{target[1:]}"' in page, (name, target)
            elif target != file.path:  # a file that stands beside the pages
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) in pages


def test_every_value_of_a_unit_is_on_its_page() -> None:
    site = filled(Site)
    page = render_site(site)["don-vi/so-thu.html"]
    (group,) = site.groups
    (unit,) = group.units
    # the total has no row head; a figure's name is shown where the decree letters it
    shown = {*texts(unit, "id", "tone", "total", "place")} - {
        row.figures[0].name for section in unit.sections for row in section.criteria
    }
    total = {*texts(unit.total, "code", "name")}
    about = {site.title, site.decree, site.evaluation_year, site.data_window, site.decision}
    assert not lacking(page, shown | total | about | {site.illustration or "", group.framework})


def test_every_value_of_the_ranking_is_on_the_index() -> None:
    site = filled(Site)
    index = render_site(site)["index.html"]
    (group,) = site.groups
    (unit,) = group.units
    cells = {unit.name, unit.rank, unit.percent, unit.grade, unit.total.points}
    cells |= {unit.within, unit.previous}
    cells |= {cell.points for cell in unit.pillars}
    about = {*texts(site, "groups", "pins"), *texts(group, "units"), site.pins[0][0]}
    assert not lacking(index, cells | about)


def test_a_name_with_markup_is_text_everywhere() -> None:
    for name, page in render_site(ranking()).items():
        assert "<b>Thử</b>" not in page, name
    assert str(escape(NASTY)) in render_site(ranking())["don-vi/don-vi-3.html"]


def test_a_draft_says_so_on_every_page_and_in_print_and_a_published_result_does_not() -> None:
    draft = ranking()
    for page in render_site(draft).values():
        assert f'<p class="draft" role="note">{DRAFT}</p>' in page
        assert f'content: "{DRAFT}"' in page
        assert "<title>[Dự thảo] " in page
    published = dataclasses.replace(draft, draft=False)
    assert all("thảo" not in page.lower() for page in render_site(published).values())


def test_an_official_result_carries_no_notice() -> None:
    site = dataclasses.replace(filled(Site), illustration=None)
    assert all('class="notice"' not in page for page in render_site(site).values())


def test_a_unit_without_a_rank_says_why() -> None:
    site = filled(Site)
    (group,) = site.groups
    why = "Tự nguyện tham gia: không thuộc phạm vi"
    place, _, reason = why.partition(": ")
    unit = dataclasses.replace(group.units[0], rank="", place=place, reason=reason)
    group = dataclasses.replace(group, units=(unit,))
    pages = render_site(dataclasses.replace(site, groups=(group,)))
    assert all(why in page for page in pages.values())
    assert group.ranked == 0


def test_a_difference_without_a_reason_is_shown_as_lacking_one() -> None:
    site = filled(Site)
    page = render_site(site)["don-vi/so-thu.html"]
    assert "Chưa ghi lý do." not in page
    (group,) = site.groups
    (unit,) = group.units
    (section,) = unit.sections
    row = dataclasses.replace(
        section.criteria[0],
        differences=(dataclasses.replace(section.criteria[0].differences[0], reason=""),),
    )
    unit = dataclasses.replace(unit, sections=(dataclasses.replace(section, criteria=(row,)),))
    group = dataclasses.replace(group, units=(unit,))
    page = render_site(dataclasses.replace(site, groups=(group,)))["don-vi/so-thu.html"]
    assert "Chưa ghi lý do." in page


def test_empty_lists_are_said_in_words() -> None:
    assert "Đợt này chưa có nhóm xếp hạng nào." in render_site(NO_SITE)["index.html"]
    assert "Chưa ghi chính sách nào" in render_site(NO_SITE)["index.html"]
    group = Group("Nhóm", "Bộ chỉ số", "1.000", (), ())
    empty = render_site(dataclasses.replace(NO_SITE, groups=(group,)))
    assert list(empty) == ["index.html"]
    assert "Nhóm này chưa có đơn vị nào." in empty["index.html"]
    unit = UnitPage("so-thu", "Sở", "", "", filled(Site).groups[0].units[0].total, (), ())
    group = dataclasses.replace(group, units=(unit,))
    page = render_site(dataclasses.replace(NO_SITE, groups=(group,)))["don-vi/so-thu.html"]
    assert "Chưa có chỉ số chính nào." in page
    assert "Chưa có tiêu chí nào." in page


def test_the_same_values_are_the_same_pages() -> None:
    assert render_site(ranking()) == render_site(ranking())


def test_the_ranking_stands_in_its_order_without_the_script() -> None:
    index = render_site(ranking())["index.html"].split("<script>")[0]
    places = [index.index(str(escape(name))) for name, *_ in UNITS]
    assert places == sorted(places)
    assert "<button" not in index, "a button that does nothing without the script"
    assert '<p class="search" role="search" hidden>' in index


@pytest.mark.parametrize("unit_id", ["../x", "", "Sở", "a/b", "a--b"])
def test_an_id_that_cannot_name_a_page_is_refused(unit_id: str) -> None:
    site = filled(Site)
    (group,) = site.groups
    unit = dataclasses.replace(group.units[0], id=unit_id)
    site = dataclasses.replace(site, groups=(dataclasses.replace(group, units=(unit,)),))
    with pytest.raises(UnusableName, match=re.escape(repr(unit_id))):
        render_site(site)


def test_two_units_never_share_a_page() -> None:
    site = filled(Site)
    with pytest.raises(UnusableName, match="'so-thu'"):
        render_site(dataclasses.replace(site, groups=site.groups * 2))


def test_values_that_do_not_fit_their_columns_are_a_mistake_of_the_caller() -> None:
    group = filled(Site).groups[0]
    with pytest.raises(ValueError, match="so-thu"):
        dataclasses.replace(group, pillars=group.pillars * 2)


def test_differences_are_those_of_published_points() -> None:
    def found(*values: Fraction | None) -> list[tuple[str, str, str]]:
        lines = differences(*values, why_computed="một", why_appraised="hai", digits=2)
        return [(line.between, line.change, line.reason) for line in lines]

    five, published = Fraction(5), Fraction("7.74")
    assert found(five, five, five) == []
    assert found(published, Fraction(240, 31), published) == [], "24/31 × 10 is published as 7,74"
    assert found(Fraction(15), Fraction(45, 4), Fraction(10)) == [
        ("Tự đánh giá → Tính theo quy tắc", "-3,75", "một"),
        ("Tính theo quy tắc → Thẩm định", "-1,25", "hai"),
    ]
    assert found(five, None, Fraction(6)) == [("Tự đánh giá → Thẩm định", "+1", "hai")]
    assert found(None, None, five) == []


def test_shown_numbers() -> None:
    assert points(None, 2) == "–"
    assert points(Fraction(240, 31), 2) == "7,74"
    assert spread(Fraction(1), Fraction(1), 2) == "1"
    assert spread(Fraction(15, 4), Fraction(15), 2) == "3,75 … 15"
    assert change(Fraction(1), None, 2) == ""
    assert (share(3, 4), share(5, 4), share(None, 4), share(1, 0)) == (0.75, 1.0, 0.0, 0.0)
