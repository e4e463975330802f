"""How firm ranks are: trials marked by hand, properties, and `dti robustness`."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dti_core.figures import Figure
from dti_core.records.analysing import analysed, doubts
from dti_core.records.database import session
from dti_core.records.flags import Answer, all_flags, answer, decide
from dti_core.records.ranking import ranks
from dti_core.scoring.robustness import Doubt, RankInterval, Trial, robustness, without
from dti_core.scoring.standings import Group
from flows.cli import app
from flows.commands.terminal import out
from tests.conftest import JUNE
from tests.unit.scored_unit_round import ROUND, appraise_sample, score_june, score_sample
from tests.unit.small_round import (
    FIGURES,
    FRAMEWORK,
    GROUP,
    POLICIES,
    UNITS,
    Figures,
    figures,
    framework_of,
    policies,
    row,
    scored,
)

# Two units and two pillars of a percentage each: A 50 + 10 of 60 + 40, B 25 + 34
PLAIN = framework_of(
    {
        "1": (60, [row("1.1", 60, {"type": "percent", "of": "p"}, figures={"p": "percent"})]),
        "2": (40, [row("2.1", 40, {"type": "percent", "of": "p"}, figures={"p": "percent"})]),
    }
)
PAIR = Group("so", PLAIN, ("A", "B"))


def plain(a1: str, a2: str, b1: str, b2: str) -> Figures:
    return figures(
        {"A": {"1.1": {"p": a1}, "2.1": {"p": a2}}, "B": {"1.1": {"p": b1}, "2.1": {"p": b2}}}
    )


CLOSE = plain("5/6", "1/4", "5/12", "17/20")


def tried(
    found: Figures, *doubted: Doubt, group: Group = PAIR, **decided: object
) -> dict[str, RankInterval]:
    chosen = policies(**decided)
    result = robustness([group], scored(found, chosen, group), chosen, {}, doubted)
    return {each.unit: each for each in result.intervals}


def test_a_tenth_of_a_weight_turns_a_close_ranking() -> None:
    # 60 against 59. Pillar 1 heavier: 65 against 61,5 of 106. Pillar 1 lighter: 55 against 56,5
    # of 94. Pillar 2 heavier: 61 against 62,4 of 104. Pillar 2 lighter: 59 against 55,6 of 96.
    found = tried(CLOSE)
    turned = (Trial("lighter", "1", "so"), Trial("heavier", "2", "so"))
    a, b = found["A"], found["B"]
    assert (a.official, a.best, a.worst, a.best_in, a.worst_in) == (1, 1, 2, (), turned)
    assert (b.official, b.best, b.worst, b.best_in, b.worst_in) == (2, 1, 2, turned, ())
    assert a.shaken
    assert b.shaken


def test_weights_are_brought_back_to_the_same_total() -> None:
    # published to one decimal 80 and 80,049 are equal; of a total of 106 they would not be:
    # 84,8 and 84,852
    level = plain("80%", "80%", "80.049%", "80.049%")
    found = tried(level, rank_on="published", rounding={"digits": 1, "total": "sum_of_exact"})
    assert {(each.best, each.worst) for each in found.values()} == {(1, 1)}


def test_a_clear_lead_is_firm() -> None:
    found = tried(plain("100%", "100%", "50%", "50%"))
    assert [(e.official, e.best, e.worst, e.shaken) for e in found.values()] == [
        (1, 1, 1, False),
        (2, 2, 2, False),
    ]


def test_a_doubted_row_leaves_points_and_maximum() -> None:
    # A without 2.1: 45/60 = 75 % of what is left, carried to 100: 75 over B's 70. With it: 65.
    far = plain("3/4", "1/2", "3/4", "5/8")
    assert tried(far)["A"].best == 2
    doubt = Doubt("f1", "A", ("2.1",))
    a = tried(far, doubt)["A"]
    assert (a.official, a.best, a.best_in) == (2, 1, (Trial("left_out", "f1", "so"),))
    assert a.shaken


def test_a_unit_of_which_nothing_is_left_is_not_compared_in_that_trial() -> None:
    everything = Doubt("f1", "A", ("1.1", "2.1"))
    found = tried(plain("100%", "100%", "50%", "50%"), everything)
    assert (found["A"].best, found["A"].worst) == (1, 1)
    # … and the other unit is alone there
    assert (found["B"].best, found["B"].best_in) == (1, (Trial("left_out", "f1", "so"),))


def test_the_other_reading_is_a_trial() -> None:
    # 57, 60, 59 as written; 60, 60, 60,5 corrected; by hand in small_round
    found = tried(FIGURES, group=GROUP)
    assert Trial("reading", "corrected") in found["C"].best_in
    assert found["C"].best == 1


def test_points_that_people_awarded_are_the_official_ones() -> None:
    # B's appraiser leaves 20 of the 34: 60 against 45, out of reach of a tenth of a weight
    result = robustness(
        [PAIR], scored(CLOSE, POLICIES, PAIR), POLICIES, {("B", "2.1"): Fraction(20)}, ()
    )
    assert {(e.unit, e.best, e.worst) for e in result.intervals} == {("A", 1, 1), ("B", 2, 2)}


def test_who_has_open_points_has_no_interval() -> None:
    open_ = {key: figure for key, figure in CLOSE.items() if key != ("A", "1.1", "p")}
    result = robustness([PAIR], scored(open_, POLICIES, PAIR), POLICIES, {}, ())
    assert result.unranked == ("A",)
    assert [each.unit for each in result.intervals] == ["B"]


def test_a_tie_is_within_the_noise() -> None:
    found = tried(plain("50%", "50%", "50%", "50%"))
    assert [(e.best, e.worst, e.shaken) for e in found.values()] == [(1, 1, True), (1, 1, True)]


def test_points_outside_the_maximum_have_no_weight_and_no_maximum_to_leave() -> None:
    rule = {"type": "percent", "of": "p"}
    bonus = framework_of(
        {
            "1": (100, [row("1.1", 100, rule, figures={"p": "percent"})]),
            "2": (10, [row("2.1", 10, rule, figures={"p": "percent"})]),
        }
    )
    pillars = (bonus.pillars[0], bonus.pillars[1].model_copy(update={"outside_maximum": True}))
    group = Group("so", bonus.model_copy(update={"pillars": pillars}), ("A", "B"))
    # 80 + 10 against 85; without the bonus 80 of the same 100
    found = plain("80%", "100%", "85%", "0%")
    a = tried(found, Doubt("f1", "A", ("2.1",)), group=group)["A"]
    assert (a.official, a.worst, a.worst_in) == (1, 2, (Trial("left_out", "f1", "so"),))


def test_a_framework_without_some_rows_loses_their_maxima() -> None:
    less = without(FRAMEWORK, frozenset({"1.2.1", "2.1"}))
    assert [row.code for row in less.rows] == ["1.1", "1.2", "1.2.2", "1.3"]
    assert less.by_code["1.2"].max_points == 10
    assert [pillar.max_points for pillar in less.pillars] == [50, 0]
    # a parent of whose children nothing is left goes with them
    assert "1.2" not in without(FRAMEWORK, frozenset({"1.2.1", "1.2.2"})).by_code
    assert without(FRAMEWORK, frozenset()).rows == FRAMEWORK.rows


def test_a_row_only_shown_under_another_takes_nothing_with_it() -> None:
    shown = framework_of(
        {
            "1": (
                10,
                [
                    row(
                        "1.1",
                        10,
                        {"type": "sum_of_children"},
                        children=[row("1.1.1", 10, {"type": "untabled"})],
                    )
                ],
            )
        }
    )
    parent = shown.by_code["1.1"]
    own = row("1.1", 10, {"type": "percent", "of": "p"}, figures={"p": "percent"})
    told = type(parent).model_construct(
        **{**dict(type(parent).model_validate(own)), "children": parent.children}
    )
    pillar = shown.pillars[0].model_copy(update={"criteria": (told,)})
    framework = shown.model_copy(update={"pillars": (pillar,)})
    less = without(framework, frozenset({"1.1.1"}))
    assert less.pillars[0].max_points == 10


SHARES = st.sampled_from([Fraction(n, 20) for n in range(21)])


@st.composite
def rounds(draw: st.DrawFn) -> Figures:
    found: Figures = {}
    for unit, code, name in FIGURES:
        share = draw(SHARES)
        value: Fraction | bool = share
        if name == "x" and code == "1.2.1":
            value = share > Fraction(1, 2)
        elif name != "p":
            value = share * 20 if name != "b" else Fraction(20)
        found[unit, code, name] = Figure(unit, code, name, "given", value)
    return found


@settings(max_examples=60, deadline=None)
@given(
    rounds(),
    st.lists(
        st.builds(
            lambda number, unit, codes: Doubt(str(number), unit, tuple(codes)),
            st.integers(0, 99),
            st.sampled_from(UNITS),
            st.lists(st.sampled_from(sorted(FRAMEWORK.by_code)), min_size=1, max_size=3),
        ),
        max_size=3,
        unique_by=lambda doubt: doubt.id,
    ),
    st.sampled_from(["exact", "published"]),
    st.sampled_from(["same_rank", "dense"]),
)
def test_every_interval_holds_the_official_place(
    found: Figures, doubted: list[Doubt], rank_on: str, ties: str
) -> None:
    chosen = policies(rank_on=rank_on, ties=ties)
    result = robustness([GROUP], scored(found, chosen), chosen, {}, doubted)
    for each in result.intervals:
        assert 1 <= each.best <= each.official <= each.worst <= len(UNITS)
        assert bool(each.best_in) == (each.best < each.official)
        assert bool(each.worst_in) == (each.worst > each.official)
        assert each.shaken or each.best == each.worst
    # two pillars up and down, both readings, and each doubt about a ranked unit
    assert len(result.trials) == 4 + 2 + len(doubted)
    fewer = robustness([GROUP], scored(found, chosen), chosen, {}, ())
    for narrow, wide in zip(
        sorted(fewer.intervals, key=lambda e: e.unit),
        sorted(result.intervals, key=lambda e: e.unit),
        strict=True,
    ):
        assert wide.best <= narrow.best
        assert narrow.worst <= wide.worst


# Through the command


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["robustness", *arguments])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


@pytest.mark.usefixtures("empty_home")
def test_the_bundled_unit_round_names_the_ranks_within_the_noise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(out, "width", 100)
    context = score_sample()
    appraise_sample(context)
    found = json.loads(told(ROUND, "--json"))
    with session() as records:
        recorded = {r.unit: r.rank for r in ranks(records, ROUND)}
        doubted = {doubt.id for doubt in doubts(records, ROUND)}
    assert {unit["unit"]: unit["rank"] for unit in found["units"]} == recorded
    left_out = {t["subject"] for t in found["trials"] if t["kind"] == "left_out"}
    assert left_out == doubted != set()
    kinds = [t["kind"] for t in found["trials"]]
    assert (kinds.count("heavier"), kinds.count("lighter"), kinds.count("reading")) == (7, 7, 2)
    text = told(ROUND)
    assert max(map(len, text.splitlines())) <= 100
    flat = " ".join(text.split())
    shaken = [context.program.unit[u["unit"]].name for u in found["units"] if u["shaken"]]
    assert 0 < len(shaken) < len(found["units"])
    assert f"Thứ hạng của {len(shaken)} đơn vị nằm trong vùng dao động" in flat
    assert "; ".join(shaken) in flat
    assert "Handbook on Constructing Composite Indicators (2008), bước 7" in flat
    assert "so bằng tỷ lệ đạt được trên điểm tối đa còn lại" in flat
    assert f"dti what-if {ROUND}" in flat


@pytest.mark.usefixtures("empty_home")
def test_before_appraisal_units_with_open_points_are_named() -> None:
    context = score_sample()
    with session() as records:
        open_ = analysed(records, context).robustness().unranked
    assert open_ == ("bql-kcn",)  # sent nothing of its own
    flat = " ".join(told(ROUND).split())
    assert "điểm tính được, chưa thẩm định" in flat
    assert "Chưa đủ điểm nên chưa xếp hạng: Ban Quản lý các Khu công nghiệp." in flat


@pytest.mark.usefixtures("empty_home")
def test_a_round_of_one_unit_has_no_ranks_to_try() -> None:
    score_june()
    refused = CliRunner().invoke(app, ["robustness", JUNE])
    assert refused.exit_code == 1
    assert f"dti readings {JUNE}" in str(refused.exception)


@pytest.mark.usefixtures("empty_home")
def test_a_figure_that_was_replaced_and_accepted_is_no_longer_in_doubt() -> None:
    score_sample()
    with session() as records:
        first, second, *_ = all_flags(records, ROUND)
        before = {doubt.id for doubt in doubts(records, ROUND)}
        assert {first.flag_id, second.flag_id} <= before
        for flag, decision in ((first, "changed"), (second, "kept")):
            answer(records, ROUND, [Answer(flag.flag_id, decision, "1", "vì")], flag.unit)
            decide(records, ROUND, flag.flag_id, True, "đã xem", "test")
        assert {doubt.id for doubt in doubts(records, ROUND)} == before - {first.flag_id}
