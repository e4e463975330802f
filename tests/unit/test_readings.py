"""What the choice of reading does: by hand, by property, and through `dti readings`."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dti_core.rational import round_half_up
from dti_core.records.analysing import analysed
from dti_core.records.database import session
from dti_core.records.official import official_totals
from dti_core.records.ranking import ranks
from dti_core.records.rounds import open_round
from dti_core.scoring.readings import readings
from dti_core.scoring.told import amendment
from flows.cli import app
from flows.commands.terminal import out
from tests.conftest import JUNE
from tests.unit.scored_unit_round import ROUND, appraise_sample, score_june, score_sample
from tests.unit.small_round import FIGURES, GROUP, POLICIES, UNITS, figures, policies, scored

RATIOS = st.fractions(0, 1, max_denominator=200)


def test_each_reading_gives_its_points_totals_and_places() -> None:
    found = readings([GROUP], scored(FIGURES), POLICIES, {})
    assert [(d.unit, d.row.code, d.difference) for d in found.differences] == [
        ("A", "1.1", 3),  # 60/100 × 20 = 12; 60/80 × 20 = 15
        ("C", "1.1", Fraction(3, 2)),  # 30/100 × 20 = 6; 30/80 × 20 = 7,5
    ]
    assert {u.unit: (u.as_written.points, u.corrected.points) for u in found.units} == {
        "A": (57, 60),
        "B": (60, 60),
        "C": (59, Fraction(121, 2)),
    }
    places = {u.unit: (u.as_written.rank, u.corrected.rank, u.gained) for u in found.units}
    assert places == {"A": (3, 2, 1), "B": (1, 2, -1), "C": (2, 1, 1)}
    assert [u.official for u in found.units] == [u.as_written for u in found.units]


def test_an_override_makes_the_official_reading_a_third_way() -> None:
    decided = policies(reading="as_written", overrides={"1.1": "corrected"})
    found = readings([GROUP], scored(FIGURES), decided, {})
    assert [u.official for u in found.units] == [u.corrected for u in found.units]


def test_without_a_decided_reading_nothing_is_official() -> None:
    found = readings([GROUP], scored(FIGURES), policies(reading=None), {})
    assert [u.official for u in found.units] == [None, None, None]


@pytest.mark.parametrize("unset", ["ties", "rank_on", "rounding"])
def test_nobody_has_a_place_while_a_policy_of_ranking_is_unset(unset: str) -> None:
    found = readings([GROUP], scored(FIGURES), policies(**{unset: None}), {})
    assert {u.as_written.rank for u in found.units} == {None}
    assert [u.gained for u in found.units] == [None, None, None]


def test_points_that_people_awarded_stand_under_either_reading() -> None:
    found = readings([GROUP], scored(FIGURES), POLICIES, {("A", "1.1"): Fraction(20)})
    a = next(u for u in found.units if u.unit == "A")
    assert (a.as_written.points, a.corrected.points) == (65, 65)  # 20 instead of 12 or 15
    marked = next(d for d in found.differences if d.unit == "A")
    assert (marked.awarded, marked.difference) == (20, 3)


def test_an_unknown_figure_leaves_difference_total_and_place_open() -> None:
    unknown = {key: f for key, f in FIGURES.items() if key != ("A", "1.1", "a")}
    partly = figures({"A": {"1.1": {"b": 100}}})
    found = readings([GROUP], scored({**unknown, **partly}), POLICIES, {})
    assert "A" not in {d.unit for d in found.differences}  # from 0 to 20 under both readings
    a = next(u for u in found.units if u.unit == "A")
    assert (a.as_written.points, a.as_written.rank, a.gained) == (None, None, None)
    assert (a.as_written.total.low, a.as_written.total.high) == (45, 65)
    # the others are still ranked among themselves
    assert {u.unit: u.corrected.rank for u in found.units} == {"A": None, "B": 2, "C": 1}


def test_the_clauses_to_amend_name_whom_they_move() -> None:
    found = readings([GROUP], scored(FIGURES), POLICIES, {})
    assert [(c.code, str(c.citation), c.moved) for c in found.clauses] == [
        ("1.1", "1/QĐ, Phụ lục I, mục 1.1", ("A", "C"))
    ]
    unmoved = figures({unit: {"1.1": {"a": 90, "b": 100}} for unit in UNITS})
    quiet = readings([GROUP], scored({**FIGURES, **unmoved}), POLICIES, {})
    assert quiet.differences == ()
    assert [c.moved for c in quiet.clauses] == [()]
    assert amendment(found, "Sở X", "UBND tỉnh Y") == [
        "Nếu Sở X trình UBND tỉnh Y điều chỉnh bộ chỉ số: các điều khoản cần sửa vì đã làm lệch"
        " điểm ở đợt này là 1/QĐ, Phụ lục I, mục 1.1."
    ]
    assert amendment(quiet, "Sở X", "UBND tỉnh Y") == [
        "Nếu Sở X trình UBND tỉnh Y điều chỉnh bộ chỉ số: chưa có điều khoản nào làm lệch điểm ở"
        " đợt này.",
        "1 điều khoản được ghi là sai về cách tính nhưng đợt này không làm lệch điểm: 1/QĐ, Phụ lục"
        " I, mục 1.1.",
    ]


@given(st.lists(RATIOS, min_size=3, max_size=3))
def test_totals_differ_by_exactly_the_rows_that_differ(ratios: list[Fraction]) -> None:
    changed = figures(
        {
            unit: {"1.1": {"a": share.numerator, "b": share.denominator}}
            for unit, share in zip(UNITS, ratios, strict=True)
        }
    )
    found = readings([GROUP], scored({**FIGURES, **changed}), POLICIES, {})
    for unit in found.units:
        mine = [d.difference for d in found.differences if d.unit == unit.unit]
        assert None not in mine
        assert unit.corrected.points is not None
        assert unit.as_written.points is not None
        assert unit.corrected.points - unit.as_written.points == sum(mine)  # type: ignore[arg-type]
    if not found.differences:
        assert [unit.gained for unit in found.units] == [0, 0, 0]


# Through the command


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


@pytest.mark.usefixtures("empty_home")
def test_the_bundled_unit_round_tells_who_gains_and_which_clause_to_amend(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(out, "width", 100)
    context = score_sample()
    appraise_sample(context)
    found = json.loads(told("readings", ROUND, "--json"))
    rows = {row["unit"]: row for row in found["rows"]}
    assert set(rows) == {"so-nnptnt", "so-vhttdl"}
    assert {row["criterion"] for row in rows.values()} == {"6.9"}
    for row in rows.values():
        # 40 × ratio, and 40 × ratio / 80 %
        written, corrected = (Fraction(row[r]["points"]) for r in ("as_written", "corrected"))
        assert corrected == written / Fraction(4, 5)
        assert Fraction(row["difference"]) == corrected - written
    with session() as records:
        recorded = {r.unit: r.rank for r in ranks(records, ROUND)}
        wholes, _ = official_totals(records, context)
    official = {unit["unit"]: unit["official"] for unit in found["units"]}
    assert {unit: each["rank"] for unit, each in official.items()} == recorded
    totals = {unit: Fraction(each["points"]) for unit, each in official.items()}
    assert totals == {unit: total.low for unit, total in wholes.items()}
    text = told("readings", ROUND)
    assert max(map(len, text.splitlines())) <= 100
    assert "…" not in text
    flat = " ".join(text.split())
    assert "(chính thức)" in flat
    assert "Sở Nông nghiệp và Phát triển nông thôn (7 → 6)" in flat
    assert (
        "Nếu Sở Thông tin và Truyền thông trình Ủy ban nhân dân tỉnh Vĩnh Phúc điều chỉnh bộ chỉ"
        " số: các điều khoản cần sửa vì đã làm lệch điểm ở đợt này là 2074/QĐ-UBND, Phụ lục 1, mục"
        " 6.9."
    ) in flat
    assert f"dti why {ROUND} so-nnptnt 6.9" in flat


@pytest.mark.usefixtures("empty_home")
def test_a_round_of_one_unit_has_totals_and_no_places() -> None:
    score_june()
    found = json.loads(told("readings", JUNE, "--json"))
    assert {row["criterion"]: row["difference"] for row in found["rows"]} == {
        "7.1": "4",
        "7.4": "81/10",
        "7.5": "19/10",
    }
    (unit,) = found["units"]
    computed = {r: Fraction(unit[r]["computed"]) for r in ("as_written", "corrected")}
    assert round_half_up(computed["as_written"], 2) == Decimal("366.25")  # as the June report says
    assert computed["corrected"] - computed["as_written"] == 14  # the three differences above
    assert (unit["as_written"]["rank"], unit["gained"]) == (None, None)
    text = " ".join(told("readings", JUNE).split())
    assert "Hạng" not in text
    assert "2554/QĐ-UBND, Phụ lục I, mục 7.1, 7.4, 7.5." in text
    assert "điều khoản khác cũng được ghi là sai về cách tính" in text
    assert "không phải kết quả chính thức" in text


@pytest.mark.parametrize("command", ["readings", "robustness"])
def test_a_round_that_is_not_scored_is_refused_with_the_command_to_run(
    command: str, empty_home: Path
) -> None:
    assert empty_home.exists()
    from dti_core.program.load import load_round

    refused = CliRunner().invoke(app, [command, ROUND])
    assert f"dti rounds open {ROUND}" in str(refused.exception)
    with session() as records:
        open_round(records, load_round(ROUND), "test")
    refused = CliRunner().invoke(app, [command, ROUND])
    assert refused.exit_code == 1
    assert f"dti score {ROUND}" in str(refused.exception)


@pytest.mark.usefixtures("empty_home")
def test_reading_a_round_for_analysis_keeps_only_the_appraisers_own_points() -> None:
    context = score_sample()
    with session() as records:
        assert (analysed(records, context).awarded, analysed(records, context).appraised) == (
            {},
            False,
        )
    appraise_sample(context)
    with session() as records:
        read = analysed(records, context)
    assert read.appraised
    assert read.awarded["vp-ubnd", "4.4"] == Fraction("14.75")
    assert ("vp-ubnd", "1.1") not in read.awarded
