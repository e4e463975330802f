"""The data-quality report as pages and workbook: complete, escaped, self-contained, the same."""

import dataclasses
import io
import posixpath
import re
from datetime import datetime

import openpyxl
import pytest
from markupsafe import escape

from reports.quality.charts import COLOURS, Bar, chart, percentage, shortened
from reports.quality.data import QualityReport
from reports.quality.page import FOLDER, INDEX, WORKBOOK, render_quality
from reports.quality.stages import PARTS, STAGES, Counts
from reports.quality.workbook import render_workbook
from tests.pages import crowded_report, filled, quality_report, texts

EMPTY = dataclasses.replace(
    filled(QualityReport),
    counts=Counts(),
    groups=(),
    pillars=(),
    pages=(),
    criteria=(),
    not_run=(),
    aside=(),
    years=(),
    year_before=2022,
)


def test_every_value_is_on_a_page_and_every_value_of_a_unit_on_its_own() -> None:
    report = quality_report()
    pages = render_quality(report)
    together = "".join(pages.values())
    wanted = {*texts(report, "id", "tone")}
    assert not {text for text in wanted if str(escape(text)) not in together}
    (unit,) = report.pages
    own = pages[f"{FOLDER}/so-thu.html"]
    assert not {text for text in texts(unit, "id", "tone") if str(escape(text)) not in own}


def test_nothing_comes_from_outside_and_every_link_leads_somewhere() -> None:
    pages = render_quality(crowded_report())
    for name, page in pages.items():
        assert not re.search(r"url\(|@import|http|<link|<img|<iframe|<script|\ssrc\s*=", page), name
        for target in re.findall(r'href="([^"]*)"', page):
            if target.startswith("#"):
                assert f'id="{target[1:]}"' in page, (name, target)
            else:
                path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
                assert path in {*pages, WORKBOOK}, (name, target)


def test_every_chart_is_named_and_its_ids_are_its_own() -> None:
    for page in render_quality(crowded_report()).values():
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        charts = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
        assert charts
        for svg in charts:
            named = re.search(r'aria-labelledby="(\S+) (\S+)"', svg)
            assert named
            assert f'<title id="{named[1]}">' in svg
            assert f'<desc id="{named[2]}">' in svg


def test_every_table_has_a_caption_and_every_head_a_scope() -> None:
    for page in render_quality(crowded_report()).values():
        assert page.count("<caption>") == page.count("<table ") > 0
        assert all("scope=" in head for head in re.findall(r"<th\b[^>]*>", page))


def test_without_anything_every_part_says_so_in_words() -> None:
    page = render_quality(EMPTY)[INDEX]
    for sentence in (
        "Chưa hỏi số liệu nào.",
        "Chưa hỏi đơn vị nào.",
        "Chưa thấy tiêu chí nào có đơn vị sai.",
        "Không có tệp nào phải để riêng.",
        f"Chưa có số liệu năm {EMPTY.year_before} để so sánh",
    ):
        assert sentence in page
    assert "<table" not in page


def test_an_official_round_carries_no_notice_of_a_sample() -> None:
    report = dataclasses.replace(quality_report(), illustration=None)
    assert all('class="notice"' not in page for page in render_quality(report).values())


def test_the_same_report_is_the_same_bytes() -> None:
    assert render_quality(crowded_report()) == render_quality(crowded_report())
    assert render_workbook(crowded_report()) == render_workbook(crowded_report())


def test_ten_criteria_stand_in_the_chart_and_the_rest_in_a_folded_table() -> None:
    report = crowded_report()
    lines = tuple(
        dataclasses.replace(report.criteria[0], code=f"7.{n}", wrong=n, units=20) for n in range(15)
    )
    page = render_quality(dataclasses.replace(report, criteria=lines))[INDEX]
    before, folded = page.split('<div class="folded">')
    shown = re.findall(r'<td class="code"><b>([\d.]+)</b>', before)
    assert shown == [f"7.{n}" for n in range(14, 4, -1)]
    rest = re.findall(r'<td class="code"><b>([\d.]+)</b>', folded)
    assert rest == ["7.4", "7.3", "7.2", "7.1"], "nobody has 7.0 wrong"
    (drawn,) = re.findall(r'<svg[^>]*aria-labelledby="sai-ten.*?</svg>', page, re.DOTALL)
    assert drawn.count("<rect") == 2 * 10


def test_each_stage_is_a_part_of_the_one_before() -> None:
    counts = Counts(100, 90, 80, 70, 60, 50, 40, doubted=5)
    assert counts.parts() == (50, 10, 10, 10, 10, 10)
    assert sum(counts.parts()) == counts.asked
    assert len(counts.parts()) == len(PARTS) == len(COLOURS)
    assert counts + counts == Counts(200, 180, 160, 140, 120, 100, 80, doubted=10)
    with pytest.raises(ValueError, match="bước trước"):
        Counts(10, 11)
    with pytest.raises(ValueError, match="bước trước"):
        Counts(1, 1, 1, 1, 1, 1, 0, doubted=2)


def test_a_unit_whose_counts_do_not_fit_the_columns_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="số cột"):
        dataclasses.replace(quality_report(), flag_states=("một", "hai"))


@pytest.mark.parametrize(
    ("count", "whole", "told"),
    [
        (0, 0, "–"),
        (0, 3, "0 %"),
        (3, 3, "100 %"),
        (1, 3, "33,3 %"),
        (99_999, 100_000, "99,9 %"),  # not everything
        (1, 100_000, "0,1 %"),  # not nothing
    ],
)
def test_percentages_do_not_hide_the_last_one(count: int, whole: int, told: str) -> None:
    assert percentage(count, whole) == told


def test_a_bar_is_as_wide_as_its_share_and_its_name_is_escaped() -> None:
    svg = chart("x", "Tên", [Bar("<b> & c", "3/4", ((0.5, "#111"), (0.25, "#222")))])
    assert '<rect x="0.00%" y="22" width="50.00%" height="14" fill="#111"/>' in svg
    assert '<rect x="50.00%" y="22" width="25.00%" height="14" fill="#222"/>' in svg
    assert "&lt;b&gt; &amp; c: 3/4." in svg
    assert shortened("Tỷ lệ hồ sơ công việc của đơn vị được xử lý trên mạng").endswith("được …")


def test_the_workbook_holds_the_tables_with_numbers_as_numbers() -> None:
    report = crowded_report()
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(report)))
    assert book.sheetnames == [
        "Từng bước",
        "Nhóm, chỉ số",
        f"So với năm {report.year_before}",
        "Tiêu chí",
        "Đơn vị",
        "Phát hiện",
        "Nghi vấn",
        "Chưa kiểm tra được",
        "Tệp để riêng",
    ]
    assert book.properties.created == datetime(report.year_before + 1, 12, 31)
    stages = list(book["Từng bước"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(stages) if row[0] == "Bước")
    told = [(row[0], row[2], row[4]) for row in stages[head + 1 :]]
    counts = [getattr(report.counts, stage.field) for stage in STAGES]
    assert [row[1] for row in told] == counts
    assert [row[2] for row in told] == [0, 1, 64, 1700, 2000, 1000, 4000]
    units = list(book["Đơn vị"].iter_rows(values_only=True))
    assert [row[6] for row in units[-20:]] == [1204] * 20
    assert units[-1][7] == pytest.approx(1204 / 1482)
    findings = list(book["Phát hiện"].iter_rows(values_only=True))
    assert len([row for row in findings if row[2] == "Lỗi phải sửa"]) == 20 * 20


def test_each_page_of_the_workbook_keeps_its_head_in_sight_and_fits_a4() -> None:
    for report in (crowded_report(), EMPTY):
        for page in openpyxl.load_workbook(io.BytesIO(render_workbook(report))):
            top = int(re.sub(r"\D", "", page.freeze_panes)) - 1
            assert page.print_title_rows == f"${top}:${top}"
            assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
            assert page.page_setup.fitToWidth in (None, 1), "one page wide is the default"
            assert page.page_setup.fitToHeight == 0, "and as many high as it takes"
            assert page.sheet_properties.pageSetUpPr.fitToPage
