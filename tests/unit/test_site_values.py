"""What the result pages say of a recorded round: by hand."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from dti_core.records.database import session
from dti_core.records.tables import FlagRecord, RankRecord, RoundRecord
from reports.open_data.files import data_files, open_data
from reports.site.data import Site, UnitPage
from reports.site.pages import render_site
from reports.unit_round.site import site_values
from tests.pages import filled
from tests.unit.published_program import PROGRAM, ROUND, context, with_units
from tests.unit.published_round import ADJUSTED, EXEMPT_REASON, LEFT_OUT_REASON, issue, write_round


@pytest.fixture
def records(empty_home: Path) -> Iterator[Session]:
    write_round()
    assert (empty_home / "dti.sqlite").is_file()
    with session() as opened:
        yield opened


def unit(records: Session, name: str) -> UnitPage:
    site = site_values(records, context(), draft=False)
    return next(page for group in site.groups for page in group.units if page.id == name)


def test_groups_are_those_of_the_ranking_and_communes_tell_their_district(records: Session) -> None:
    site = site_values(records, context(), draft=False)
    assert [(g.name, [(u.id, u.rank) for u in g.units]) for g in site.groups] == [
        (
            "Bộ chỉ số so MẪU",
            [("so-noi-vu", "1"), ("so-y-te", "2"), ("so-tu-phap", "3"), ("ban-dan-toc", "")],
        ),
        (
            "Bộ chỉ số xa MẪU",
            [
                ("hop-hoa", "1"),
                ("hoang-lau", "2"),
                ("dao-tu", "3"),
                ("lien-hoa", "4"),
                ("xuan-hoa", ""),
            ],
        ),
    ]
    assert site.within == ("Huyện Tam Dương", "Huyện Lập Thạch")
    assert [pillar.max_points for pillar in site.groups[0].pillars] == ["40", "60"]


def test_percent_grade_and_the_change_since_last_year(records: Session) -> None:
    first, second, third = (unit(records, u) for u in ("so-noi-vu", "so-y-te", "so-tu-phap"))
    assert (first.percent, first.grade, first.previous, first.moved) == (
        "63,33 %",
        "Trung bình",
        "2 / 7",
        1,
    )
    assert (second.moved, third.moved, third.previous) == (0, None, "")


def test_a_unit_without_a_rank_says_how_it_takes_part_and_why(records: Session) -> None:
    page = unit(records, "ban-dan-toc")
    assert (page.rank, page.place) == ("", "Tự nguyện tham gia, không xếp hạng")
    assert page.reason == "tham gia tự nguyện"


def test_a_pillar_stands_beside_the_median_and_the_best_of_the_ranked(records: Session) -> None:
    # pillar 1: 20, 0 + 5, 20 + 10; pillar 2: 40/3 + 40/3, 40 + 40/3, 20 + 40/3
    page = unit(records, "so-tu-phap")
    assert [(p.points, p.median, p.best) for p in page.pillars] == [
        ("20", "20", "30"),
        ("26,67", "33,33", "53,33"),
    ]
    assert (page.total.points, page.total.median, page.total.best) == ("46,67", "58,33", "63,33")
    # whoever has another maximum is compared by shares of it
    other = unit(records, "ban-dan-toc")
    assert [(p.max_points, p.points, p.median, p.best) for p in other.pillars] == [
        ("20", "20", "50 %", "75 %"),
        ("60", "35,67", "33,33", "53,33"),
    ]
    assert (other.total.max_points, other.total.computed) == ("80", "42,33 … 62,33")


def test_a_strength_is_near_the_best_and_above_the_median(records: Session) -> None:
    # 1.1: 20, 0, 20: the best is the median; 1.2: 0, 5, 10; 2.1: two units are too few
    assert [(s.code, s.points, s.best, s.median) for s in unit(records, "so-noi-vu").strengths] == [
        ("1.2", "10", "10", "5")
    ]
    assert unit(records, "so-y-te").strengths == ()


def lines(page: UnitPage) -> dict[str, tuple[str, ...]]:
    return {
        row.code: (row.status, row.max_points, row.computed, row.appraised, row.ground)
        for section in page.sections
        for row in section.criteria
    }


def test_exempted_rows_say_on_what_ground_and_adjusted_ones_why(records: Session) -> None:
    assert lines(unit(records, "so-y-te"))["2.1"] == ("được miễn", "40", "–", "40", EXEMPT_REASON)
    assert lines(unit(records, "ban-dan-toc"))["1.2"] == (
        "không đánh giá",
        "–",
        "–",
        "–",
        LEFT_OUT_REASON,
    )
    adjusted = next(
        row for s in unit(records, "so-tu-phap").sections for row in s.criteria if row.code == "2.1"
    )
    assert (adjusted.status, adjusted.ground) == ("đã điều chỉnh", "")
    assert [(d.change, d.reason) for d in adjusted.differences] == [("-2", ADJUSTED)]
    given = lines(unit(records, "so-noi-vu"))["2.2"]
    assert given == ("do người thẩm định cho", "20", "0 … 20", "13,33", "")
    pages = render_site(site_values(records, context(), draft=False))
    assert EXEMPT_REASON in pages["don-vi/so-y-te.html"]
    assert LEFT_OUT_REASON in pages["don-vi/ban-dan-toc.html"]


def test_lost_points_are_told_with_what_wins_them_back(records: Session) -> None:
    chances = unit(records, "so-y-te").chances
    assert chances is not None
    assert chances.lost == "41,67"  # 20 + 15 + 20/3; nothing on the exempted row
    assert [(line.code, line.lost, line.steps) for line in chances.lines] == [
        (
            "1.1",
            "20",
            ("“Đã ban hành kế hoạch”: từ “không” thành “có”: +20 điểm, đủ điểm tối đa.",),
        ),
        (
            "1.2",
            "15",
            (
                "Thêm 1 hội nghị ở “Số hội nghị” (từ 1 thành 2): +5 điểm.",
                "Thêm 3 hội nghị ở “Số hội nghị” (từ 1 thành 4): +15 điểm, đủ điểm tối đa.",
            ),
        ),
        ("2.2", "6,67", chances.lines[2].steps),
    ]
    assert "người thẩm định cho" in chances.lines[2].steps[0]
    # what the appraiser changed is not told by figures that no longer give the points
    adjusted = unit(records, "so-tu-phap").chances
    assert adjusted is not None
    assert (
        next(line for line in adjusted.lines if line.code == "2.1").steps[0].startswith("Điểm do")
    )


def held(records: Session, round_id: str, year: int, group: str, rank: int) -> None:
    records.add(
        RoundRecord(
            id=round_id,
            title=f"Đợt {round_id}",
            evaluation_year=year,
            opens="x",
            closes="x",
            pins={},
            state="open",
            opened_at=round_id,
        )
    )
    records.flush()
    for name, place in (("so-tu-phap", rank), ("so-y-te", 1)):
        records.add(
            RankRecord(round_id=round_id, group=group, unit=name, published="61.50", rank=place)
        )
    records.flush()


def test_years_are_told_newest_first_and_a_round_held_counts_before_an_import(
    records: Session,
) -> None:
    def told() -> list[tuple[str, str, str]]:
        return [(y.year, y.rank, y.points) for y in unit(records, "so-tu-phap").years]

    # one unit alone was imported: how many were ranked is not known
    imported = [("2023", "3 / 3", "46,67"), ("2022", "2", "50,5"), ("2021", "3", "45")]
    assert told() == imported
    held(records, f"{PROGRAM}/2022@tam-duong", 2022, "so", 9)  # a sub-round
    held(records, f"{PROGRAM}/2022-khac", 2022, "huyen", 8)  # another group
    held(records, "khac/2022", 2022, "so", 7)  # another program
    held(records, f"{PROGRAM}/2024", 2024, "so", 6)  # a later year
    assert told() == imported
    held(records, f"{PROGRAM}/2022", 2022, "so", 2)
    assert told() == [imported[0], ("2022", "2 / 2", "61,5"), imported[2]]


def test_a_published_result_names_the_decision_and_what_corrected_it(records: Session) -> None:
    assert site_values(records, context(), draft=False).decision == ""
    issue(records, "decision", "15", "2024-03-01")
    issue(records, "correction", "16/QĐ-UBND", "2024-03-09")
    assert site_values(records, context(), draft=True).decision == ""
    assert site_values(records, context(), draft=False).decision == (
        "Công bố theo Quyết định số 15/QĐ-UBND ngày 01 tháng 3 năm 2024;"
        " đính chính theo Quyết định số 16/QĐ-UBND ngày 09 tháng 3 năm 2024."
    )


def test_a_draft_shows_the_doubts_that_a_unit_was_asked_about_a_published_page_none(
    records: Session,
) -> None:
    for status in ("listed", "accepted"):
        records.add(
            FlagRecord(
                round_id=ROUND,
                flag_id=status,
                unit="so-y-te",
                criterion="1.2",
                criteria=["1.2"],
                detector="prior_year",
                message=f"Nghi vấn {status}",
                status=status,
            )
        )
    records.flush()
    draft = render_site(site_values(records, context(), draft=True))["don-vi/so-y-te.html"]
    assert "Nghi vấn accepted" in draft
    assert "Nghi vấn listed" not in draft
    page = render_site(site_values(records, context(), draft=False))["don-vi/so-y-te.html"]
    assert "Nghi vấn" not in page


def test_the_index_links_the_open_data_with_its_sizes(records: Session) -> None:
    made = open_data(records, context())
    beside = data_files(made, "du-lieu")
    index = render_site(site_values(records, context(), draft=False, data=beside))["index.html"]
    for name in made:
        assert f'href="du-lieu/{name}" download' in index
    assert beside[0].size == f"{len(made['ranking.csv']) / 1000:.1f} KB".replace(".", ",")


def test_a_province_of_communes_is_a_light_index(empty_home: Path) -> None:
    here = write_round(with_units(context(), 156))
    assert (empty_home / "dti.sqlite").is_file()
    with session() as opened:
        site = site_values(opened, here, draft=False)
    assert sum(len(group.units) for group in site.groups) == 165
    assert len(render_site(site)["index.html"].encode()) < 100_000


def test_an_index_of_165_units_and_eight_pillars_stays_below_200_kilobytes() -> None:
    site = filled(Site)
    (group,) = site.groups
    (page,) = group.units
    pillars = tuple(
        dataclasses.replace(page.pillars[0], code=str(n), points="123,45") for n in range(8)
    )
    units = tuple(
        dataclasses.replace(
            page,
            id=f"don-vi-{n}",
            name="Ủy ban nhân dân thị trấn Nguyễn Thái Học",
            within="Huyện Vĩnh Tường",
            rank=str(n),
            percent="63,33 %",
            grade="Trung bình",
            pillars=pillars,
        )
        for n in range(165)
    )
    heads = tuple(
        dataclasses.replace(group.pillars[0], code=cell.code, name="Hoạt động chính quyền số")
        for cell in pillars
    )
    site = dataclasses.replace(
        site, groups=(dataclasses.replace(group, pillars=heads, units=units),)
    )
    index = render_site(site)["index.html"]
    assert len(index.encode()) < 200_000
    assert index.count("<tr>") == 166
