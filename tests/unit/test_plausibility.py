"""Detectors of implausible figures: each fires on its planted fault and on nothing else."""

import random
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dti_core.figures import Figure, Value
from dti_core.framework.model import Criterion, Framework
from dti_core.framework.rules import metrics, variables_used
from dti_core.plausibility.copied import copied
from dti_core.plausibility.detect import DETECTORS, detect
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.impossible import part_above_whole
from dti_core.plausibility.limits import Limits
from dti_core.plausibility.panel import Panel
from dti_core.plausibility.prior_year import prior_year
from dti_core.plausibility.self_score import self_score
from dti_core.plausibility.unit_mixup import unit_mixup
from dti_core.program.load import load_round
from dti_core.rational import percent, vietnamese
from dti_core.scoring.score import Score, score

CONTEXT = load_round("vinh-phuc/2023-so")
FRAMEWORK = CONTEXT.frameworks["so"]
UNITS = tuple(unit.id for unit in CONTEXT.units)
POLICIES = CONTEXT.program.policies
ONE, TWO = UNITS[3], UNITS[8]

Figures = dict[tuple[str, str, str], Figure]


# A made-up clean round: offices of 15 to 300 people, parts at most their wholes


def clean_round(seed: int, units: tuple[str, ...] = UNITS) -> Figures:
    chance = random.Random(seed)
    figures: Figures = {}
    for unit in units:
        staff = round(15 * 20 ** chance.random())
        quantities = {"can-bo-cong-chuc-vien-chuc": Fraction(staff)}
        for row in FRAMEWORK.rows:
            for name, value in _values(row, staff, chance, quantities).items():
                figures[unit, row.code, name] = Figure(unit, row.code, name, "given", value)
    return figures


def _values(
    row: Criterion, staff: int, chance: random.Random, quantities: dict[str, Fraction]
) -> dict[str, Value]:
    """One row; what several rows ask for is the same in each of them (`quantities`)."""
    values: dict[str, Value] = {}
    for name in reversed(variables_used(row.rule)):  # wholes before their parts
        variable = row.variables[name]
        match variable.kind:
            case "flag":
                values[name] = chance.random() < 0.8
            case "choice":
                values[name] = chance.choice(list(variable.choices))
            case "percent":
                values[name] = Fraction(chance.randint(600, 1000), 1000)
            case "money":
                values[name] = Fraction(round(staff * chance.uniform(150, 300)))
            case "mean":
                values[name] = Fraction(chance.randint(80, 500), 10)
            case _ if variable.quantity in quantities:
                values[name] = quantities[variable.quantity]
            case _:
                values[name] = Fraction(round(staff * chance.uniform(0.2, 4)))
    for metric in metrics(row.rule):
        if metric.quotient:
            part, whole = metric.quotient
            total = sum(Fraction(values[each]) for each in whole.variables)
            share = Fraction(chance.randint(60, 100), 100)
            if row.variables[part.text].kind == "money":
                share /= 50
            values[part.text] = Fraction(int(total * share))
    for name, variable in row.variables.items():
        if variable.quantity is not None and name in values:
            quantities.setdefault(variable.quantity, Fraction(values[name]))
    return values


def year_before(figures: Figures, seed: int, noise: float = 0.03) -> Figures:
    """The same figures, each moved by up to `noise`, parts kept within their wholes."""
    chance = random.Random(seed)
    before = dict(figures)
    for key, figure in figures.items():
        if not isinstance(figure.value, Fraction):
            continue
        variable = FRAMEWORK.by_code[key[1]].variables[key[2]]
        kind, same = variable.kind, random.Random(f"{seed} {key[0]} {variable.quantity}")
        shift = (same if variable.quantity else chance).uniform(-noise, noise)
        moved = figure.value * Fraction(round(1000 * (1 + shift)), 1000)
        if kind == "percent":
            moved = min(moved, Fraction(1))
        if kind == "count":
            moved = Fraction(round(moved))
        before[key] = replace(figure, value=moved)
    return before


def panel(
    figures: Figures,
    prior: Figures,
    units: Sequence[str] = UNITS,
    submitters: Mapping[tuple[str, str], str] | None = None,
) -> Panel:
    return Panel.of(FRAMEWORK, units, figures, prior, submitters)


def put(figures: Figures, unit: str, criterion: str, **values: Value | str) -> Figures:
    """A copy of the figures with some of one row replaced. Text is an exact number."""
    changed = dict(figures)
    for name, value in values.items():
        exact = Fraction(value) if isinstance(value, str | int) else value
        changed[unit, criterion, name] = Figure(unit, criterion, name, "given", exact)
    return changed


def scores_of(figures: Figures) -> dict[tuple[str, str], Score]:
    return score(FRAMEWORK, UNITS, figures, POLICIES, "as_written")


def everything(figures: Figures, prior: Figures) -> list[Flag]:
    scores = scores_of(figures)
    points = {key: each.points for key, each in scores.items() if each.points is not None}
    return detect(FRAMEWORK, UNITS, figures, prior, points, scores)


CLEAN = clean_round(1)
BEFORE = year_before(CLEAN, 2)


def shown(flag: Flag) -> str:
    """The reported number as the message must show it."""
    assert flag.reported is not None
    row = FRAMEWORK.by_code[flag.criterion]
    is_percent = flag.variable in row.variables and row.variables[flag.variable].kind == "percent"
    return percent(flag.reported, 4) if is_percent else vietnamese(flag.reported, 6)


# One planted fault for each detector


def faulty_rounds() -> Iterator[tuple[str, str, Figures, Figures, dict[tuple[str, str], Fraction]]]:
    """(detector, row, figures, prior, self-assessed points)."""
    seven = put(BEFORE, ONE, "1.2.1", a="7", b="7")
    yield "part_above_whole", "1.2.1", put(CLEAN, ONE, "1.2.1", a="8", b="7"), seven, {}
    above = put(CLEAN, ONE, "6.9", a="1250", b="1000", c="200")
    yield "part_above_whole", "6.9", above, above, {}
    grown = put(CLEAN, ONE, "6.8", x="90"), put(BEFORE, ONE, "6.8", x="20")
    yield "prior_year", "6.8", *grown, {}
    fallen = put(CLEAN, ONE, "6.10", x="0.45"), put(BEFORE, ONE, "6.10", x="0.98")
    yield "prior_year", "6.10", *fallen, {}
    thousand = put(CLEAN, ONE, "6.14", a="2438"), put(BEFORE, ONE, "6.14", a="2.4")
    thousand = put(thousand[0], ONE, "6.14", b="90000"), put(thousand[1], ONE, "6.14", b="90000")
    yield "unit_mixup", "6.14", *thousand, {}
    yield "copied", "1.2.2", _with_copy(CLEAN, ONE, TWO), BEFORE, {}
    own = {(ONE, "1.3"): Fraction(25)}
    yield "self_score", "1.3", put(CLEAN, ONE, "1.3", a="10", b="20"), _same_row("1.3"), own


def _same_row(code: str) -> Figures:
    return put(BEFORE, ONE, code, a="10", b="20")


def _with_copy(figures: Figures, to: str, source: str) -> Figures:
    """`to` hands in what `source` has in the rows that a unit gives about itself."""
    return {
        key: replace(figures[source, *key[1:]], unit=to)
        if key[0] == to and _is_own(*key[1:])
        else figure
        for key, figure in figures.items()
    }


def _is_own(criterion: str, variable: str) -> bool:
    provider = FRAMEWORK.by_code[criterion].provider_of(variable)
    return provider is not None and provider.relative == "self"


@pytest.mark.parametrize(
    ("detector", "row", "figures", "prior", "own"),
    faulty_rounds(),
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_planted_fault_raises_its_flag_and_no_other(
    detector: str,
    row: str,
    figures: Figures,
    prior: Figures,
    own: Mapping[tuple[str, str], Fraction],
) -> None:
    flags = detect(FRAMEWORK, UNITS, figures, prior, own, scores_of(figures))
    assert [(f.unit, f.criterion, f.detector) for f in flags] == [(ONE, row, detector)]
    (flag,) = flags
    assert flag.criteria[0] == row
    assert flag.message.endswith(".")
    assert unicodedata.is_normalized("NFC", flag.message)
    if flag.reported is not None:
        assert shown(flag) in flag.message
    again = detect(FRAMEWORK, UNITS, figures, prior, own, scores_of(figures))
    assert [f.id for f in again] == [flag.id]


def test_a_clean_round_raises_nothing() -> None:
    assert everything(CLEAN, BEFORE) == []


def test_last_year_repeated_raises_nothing() -> None:
    assert everything(CLEAN, CLEAN) == []


@pytest.mark.parametrize("seed", range(20))
def test_three_per_cent_of_noise_raises_nothing(seed: int) -> None:
    figures = clean_round(seed)
    assert everything(figures, year_before(figures, seed + 100)) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_unit_in_its_first_year_raises_nothing(seed: int) -> None:
    figures = clean_round(seed)
    prior = {key: figure for key, figure in year_before(figures, 7).items() if key[0] != ONE}
    assert everything(figures, prior) == []


@pytest.mark.parametrize("seed", range(5))
def test_the_first_round_of_all_raises_nothing(seed: int) -> None:
    assert everything(clean_round(seed), {}) == []


def test_equal_small_counts_across_units_raise_nothing() -> None:
    small = {
        key: replace(figure, value=Fraction(7)) if isinstance(figure.value, Fraction) else figure
        for key, figure in CLEAN.items()
        if FRAMEWORK.by_code[key[1]].variables[key[2]].kind in ("count", "flag", "choice")
    }
    one_less = put(small, ONE, "6.8", x="1")
    assert everything(small, small) == []
    assert everything(one_less, small) == []
    assert everything(small, {}) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9), size=st.integers(1, 20))
def test_no_clean_round_has_impossible_or_copied_figures(seed: int, size: int) -> None:
    units = UNITS[:size]
    figures = clean_round(seed, units)
    assert list(part_above_whole(panel(figures, {}, units))) == []
    assert copied(panel(figures, {}, units)) == []


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_every_message_states_the_number_and_ids_do_not_depend_on_order(
    data: st.DataObject,
) -> None:
    """Figures thrown about at random: whatever is flagged is flagged alike in any order."""
    factors = st.sampled_from([0, Fraction(1, 1000), Fraction(1, 10), 1, 1, 1, 4, 10, 100, 1000])
    figures = {
        key: replace(figure, value=figure.value * data.draw(factors))
        if key[0] in (ONE, TWO) and isinstance(figure.value, Fraction)
        else figure
        for key, figure in CLEAN.items()
    }
    own = {(ONE, row.code): Fraction(data.draw(st.integers(0, 30))) for row in FRAMEWORK.rows}
    scores = scores_of(figures)
    flags = detect(FRAMEWORK, UNITS, figures, BEFORE, own, scores)
    for flag in flags:
        assert flag.detector in DETECTORS
        assert flag.criteria
        if flag.reported is not None:
            assert shown(flag) in flag.message
    assert len({flag.id for flag in flags}) == len(flags)
    backwards = detect(FRAMEWORK, UNITS[::-1], dict(reversed(figures.items())), BEFORE, own, scores)
    assert {flag.id for flag in flags} == {flag.id for flag in backwards}
    place = {row.code: number for number, row in enumerate(FRAMEWORK.rows)}
    order = [(UNITS.index(flag.unit), place[flag.criterion]) for flag in flags]
    assert order == sorted(order)


# Part above whole


def test_a_part_above_its_whole_says_by_how_much() -> None:
    figures = put({}, ONE, "6.9", a="1250", b="1000", c="200")
    (flag,) = part_above_whole(panel(figures, {}, [ONE]))
    assert flag.message == (
        "Mục 6.9: số liệu a = 1.250 lớn hơn tổng b + c = 1.000 + 200 = 1.200 (hồ sơ), vượt 50;"
        " phần không thể lớn hơn tổng thể chứa nó. Đề nghị kiểm tra lại các số liệu a, b, c."
    )
    assert (flag.variable, flag.reported, flag.expected) == ("a", 1250, 1200)


def test_equal_parts_and_unknown_figures_are_possible() -> None:
    assert not list(part_above_whole(panel(put({}, ONE, "1.3", a="5", b="5"), {}, [ONE])))
    assert not list(part_above_whole(panel(put({}, ONE, "1.3", a="5"), {}, [ONE])))


def test_something_out_of_nothing_is_impossible() -> None:
    assert len(list(part_above_whole(panel(put({}, ONE, "1.3", a="5", b="0"), {}, [ONE])))) == 1


def test_different_things_may_exceed_each_other() -> None:
    """7.10 of 2554/QĐ-UBND divides domain names by enterprises: there may be more of them."""
    tinh: Framework = load_round("vinh-long/2024-06").frameworks["tinh"]

    def above(row: str, **values: str) -> list[Flag]:
        return list(part_above_whole(Panel.of(tinh, ["x"], put({}, "x", row, **values), {})))

    assert not above("7.10", a="900", b="100")
    assert len(above("3.1", a="900", b="100")) == 1
    sums = above("6.12", a="10", b="7", c="4")
    assert [(flag.variable, flag.reported) for flag in sums] == [(None, 11)]


def test_a_percentage_above_the_whole_is_impossible() -> None:
    (flag,) = part_above_whole(panel(put({}, ONE, "6.10", x="1.2"), {}, [ONE]))
    assert "120 % lớn hơn 100 %" in flag.message


# Prior year


def jump(before: str, now: str, row: str = "6.8", name: str = "x") -> list[Flag]:
    figures, prior = put(CLEAN, ONE, row, **{name: now}), put(CLEAN, ONE, row, **{name: before})
    return list(prior_year(panel(figures, prior)))


@pytest.mark.parametrize(
    ("before", "now"), [("20", "90"), ("90", "20"), ("40", "0"), ("10", "0"), ("9", "31")]
)
def test_a_jump_of_a_count_is_asked_about(before: str, now: str) -> None:
    (flag,) = jump(before, now)
    assert (flag.reported, flag.expected) == (Fraction(now), Fraction(before))


@pytest.mark.parametrize(
    ("before", "now"),
    [("1", "9"), ("9", "1"), ("0", "9"), ("9", "0"), ("2", "8"), ("20", "60"), ("3", "10")],
)
def test_small_counts_and_threefold_growth_are_ordinary(before: str, now: str) -> None:
    assert jump(before, now) == []


def test_from_nothing_is_asked_about_only_above_what_half_of_the_others_have() -> None:
    others = sorted(
        Fraction(figure.value)
        for key, figure in CLEAN.items()
        if key[1:] == ("6.8", "x") and key[0] != ONE and isinstance(figure.value, Fraction)
    )
    typical = others[len(others) // 2]
    assert jump("0", str(typical)) == []
    (flag,) = jump("0", str(typical + 1))
    assert "tăng từ không có gì" in flag.message


def test_percentages_are_compared_by_points() -> None:
    assert jump("0.7", "1", "6.10") == []
    (flag,) = jump("0.98", "0.45", "6.10")
    assert "năm nay 45 %, năm trước 98 %; giảm 53 điểm phần trăm" in flag.message


def test_a_trifle_of_money_is_not_a_jump() -> None:
    assert jump("1", "8", "6.14", "b") == []
    assert len(jump("1000", "8000", "6.14", "b")) == 1


def test_a_single_unit_has_no_peers_and_is_still_compared_with_itself() -> None:
    figures, prior = put({}, ONE, "6.14", b="800"), put({}, ONE, "6.14", b="100")
    assert len(list(prior_year(panel(figures, prior, [ONE])))) == 1


# Unit mix-ups


def mixup(before: str | None, now: str, row: str = "6.14", name: str = "a") -> list[Flag]:
    figures, prior = put(CLEAN, ONE, row, **{name: now}), dict(CLEAN)
    if before is None:
        prior = {key: figure for key, figure in prior.items() if key[0] != ONE}
    else:
        prior = put(prior, ONE, row, **{name: before})
    flags = unit_mixup(panel(figures, prior))
    return [flag for flag in flags if (flag.criterion, flag.variable) == (row, name)]


def test_a_mix_up_of_units_names_both_years_and_both_units() -> None:
    (flag,) = mixup("2.4", "2438")
    assert flag.message == (
        "Mục 6.14, số liệu a: năm nay 2.438, năm trước 2,4 (triệu đồng); gấp 1.015,8 lần năm"
        " trước: có thể nhập theo đơn vị khác (năm nay theo nghìn đồng, hoặc năm trước theo tỷ"
        " đồng); 2.438 : 1.000 = 2,438 thì gần năm trước. Đề nghị kiểm tra lại đơn vị tính."
    )
    assert flag.expected == Fraction(2438, 1000)


@pytest.mark.parametrize(
    ("row", "name", "before", "now", "expected"),
    [
        ("6.14", "a", "2438", "2.5", "2500"),
        ("6.14", "a", "2438", "2500000000", "2500"),
        ("6.14", "b", "4000", "400", "4000"),
        ("3.2", "b", "45", "450", "45"),
        ("3.2", "b", "450", "46", "460"),
        ("6.4", "b", "1204", "120400", "1204"),
        ("6.4", "b", "1204", "1.204", "1204"),
        ("6.10", "x", "0.85", "0.0085", "0.85"),
        ("6.10", "x", "0.85", "87", "0.87"),
        ("6.1", "x", "30", "372", "31"),
    ],
)
def test_each_factor_is_recognised(
    row: str, name: str, before: str, now: str, expected: str
) -> None:
    (flag,) = mixup(before, now, row, name)
    assert flag.expected == Fraction(expected)
    assert shown(flag) in flag.message


@pytest.mark.parametrize(
    ("row", "name", "before", "now"),
    [
        ("6.14", "a", "2438", "9800"),
        ("6.14", "a", "2438", "61000"),
        ("6.8", "x", "1", "12"),
        ("6.8", "x", "2", "20"),
        ("6.10", "x", "0.3", "0.9"),
        ("6.8", "x", "40", "0"),
    ],
)
def test_what_no_factor_explains_is_left_to_the_prior_year(
    row: str, name: str, before: str, now: str
) -> None:
    assert mixup(before, now, row, name) == []


def test_without_a_prior_year_the_peers_stand_in() -> None:
    values = [
        figure.value for key, figure in CLEAN.items() if key[1:] == ("6.14", "b") and key[0] != ONE
    ]
    typical = sorted(value for value in values if isinstance(value, Fraction))[len(values) // 2]
    (flag,) = mixup(None, str(typical / 1000), "6.14", "b")
    assert flag.expected == typical
    assert "của 19 đơn vị khác" in flag.message
    assert "năm nay theo tỷ đồng" in flag.message
    (flag,) = mixup(None, "85", "6.10", "x")
    assert flag.expected == Fraction(85, 100)


def test_a_smaller_office_in_its_first_year_is_no_mix_up() -> None:
    assert mixup(None, "5", "3.2", "b") == []
    assert mixup(None, "900", "6.14", "b") == []


def test_peers_that_differ_a_thousandfold_prove_no_mix_up() -> None:
    """Nine offices from 100 to 10⁸: a tenth of 100 is nothing unusual among them."""
    figures: Figures = {}
    for number, unit in enumerate(UNITS[:9]):
        figures = put(figures, unit, "6.14", b=str(10 ** (2 + 3 * number // 4)))
    figures = put(figures, ONE, "6.14", b="10")
    assert list(unit_mixup(panel(figures, {}, UNITS[:9]))) == []
    for unit in UNITS[:9]:
        figures = put(figures, unit, "6.14", b="9000" if unit != ONE else "9")
    assert len(list(unit_mixup(panel(figures, {}, UNITS[:9])))) == 1
    still_far = put(figures, ONE, "6.14", b="0.67")  # 670 is not what the others have either
    assert list(unit_mixup(panel(still_far, {}, UNITS[:9]))) == []


def test_a_mix_up_silences_the_jump_it_explains() -> None:
    figures, prior = put(CLEAN, ONE, "6.1", x="300"), put(CLEAN, ONE, "6.1", x="30")
    assert len(list(prior_year(panel(figures, prior)))) == 1
    flags = detect(FRAMEWORK, UNITS, figures, prior, {}, {})
    assert [flag.detector for flag in flags] == ["unit_mixup"]


# Copies


def test_the_unit_that_left_its_own_past_is_the_one_that_copied() -> None:
    for to, source in ((ONE, TWO), (TWO, ONE)):
        names = {ONE: "Sở Thứ nhất", TWO: "Sở Thứ hai"}
        (copy,) = copied(panel(_with_copy(CLEAN, to, source), BEFORE), names)
        assert copy.flag.unit == to
        assert copy.flag.message.startswith(f"Tệp của {names[to]} có ")
        assert f"giống hệt số liệu của {names[source]}" in copy.flag.message
        assert len(copy.flag.criteria) > 6
        assert all(_is_own(*figure) for figure in copy.figures)


def test_a_newcomer_that_equals_an_established_unit_copied_it() -> None:
    prior = {key: figure for key, figure in BEFORE.items() if key[0] != TWO}
    (copy,) = copied(panel(_with_copy(CLEAN, TWO, ONE), prior))
    assert copy.flag.unit == TWO


def test_two_newcomers_alike_are_both_asked() -> None:
    copies = copied(panel(_with_copy(CLEAN, TWO, ONE), {}))
    assert [copy.flag.unit for copy in copies] == [ONE, TWO]


def test_two_copies_of_one_workbook_both_name_the_original() -> None:
    third = UNITS[12]
    figures = _with_copy(_with_copy(CLEAN, TWO, ONE), third, ONE)
    copies = copied(panel(figures, BEFORE))
    assert [copy.flag.unit for copy in copies] == [TWO, third]
    assert all(f"giống hệt số liệu của {ONE} " in copy.flag.message for copy in copies)


def test_figures_that_others_give_about_units_are_nobodys_copy() -> None:
    figures = {
        key: replace(CLEAN[ONE, *key[1:]], unit=TWO) if key[0] == TWO else figure
        for key, figure in CLEAN.items()
    }
    given_by_one = {(unit, row.code): "so-tttt" for unit in (ONE, TWO) for row in FRAMEWORK.rows}
    assert copied(panel(figures, BEFORE, submitters=given_by_one)) == []
    themselves = {(unit, row.code): unit for unit in UNITS for row in FRAMEWORK.rows}
    assert len(copied(panel(figures, BEFORE, submitters=themselves))) == 1


def test_the_same_staff_number_in_many_rows_is_one_coincidence() -> None:
    figures: Figures = {}
    for unit, money in ((ONE, "5100"), (TWO, "7300")):
        for row in ("3.2", "4.4", "7.1", "7.2", "7.3"):
            figures = put(figures, unit, row, a="45", b="45")
        figures = put(figures, unit, "6.14", a=money[:2], b=money)
    assert copied(panel(figures, {})) == []


def test_what_most_units_share_makes_no_two_of_them_alike() -> None:
    asked = [
        (row.code, name)
        for row in FRAMEWORK.rows
        for name in variables_used(row.rule)
        if _is_own(row.code, name) and row.variables[name].kind == "count"
    ]
    figures: Figures = {}
    for place, (row, name) in enumerate(asked):
        for number, unit in enumerate(UNITS):
            rare = 100 + 50 * place + (0 if place < 6 and unit in (ONE, TWO) else number)
            value = rare if place < 8 else 100 + 50 * place
            figures = put(figures, unit, row, **{name: Fraction(value)})
    assert len(asked) > 26
    assert copied(panel(figures, {})) == []


# Self-assessed points


def test_self_assessed_points_may_differ_by_the_tolerance() -> None:
    figures = put(CLEAN, ONE, "1.3", a="10", b="20")  # 12,5 of 25 points; 5 % of 25 is 1,25
    scores = scores_of(figures)
    for own, flagged in (("13.75", False), ("13.76", True), ("11.25", False), ("11.24", True)):
        flags = list(self_score(FRAMEWORK, UNITS, {(ONE, "1.3"): Fraction(own)}, scores))
        assert bool(flags) is flagged
    (flag,) = self_score(FRAMEWORK, UNITS, {(ONE, "1.3"): Fraction(25)}, scores)
    assert flag.message == (
        "Mục 1.3: đơn vị tự đánh giá 25 điểm, tính theo số liệu được 12,5 điểm (tối đa 25);"
        " cao hơn 12,5 điểm, quá mức chênh cho phép 1,25 điểm (5 % của 25)."
        " Đề nghị xem lại điểm tự đánh giá hoặc số liệu của mục này."
    )
    assert (flag.reported, flag.expected) == (25, Fraction(25, 2))


def test_open_points_are_held_against_their_bounds() -> None:
    scores = scores_of({})
    inside = self_score(FRAMEWORK, UNITS, {(ONE, "1.3"): Fraction(20)}, scores)
    assert list(inside) == []
    (flag,) = self_score(FRAMEWORK, UNITS, {(ONE, "1.3"): Fraction(27)}, scores)
    assert flag.expected is None
    assert "chỉ có thể từ 0 đến 25 điểm" in flag.message


def test_limits_are_settings_of_the_caller() -> None:
    figures, prior = put(CLEAN, ONE, "6.8", x="90"), put(CLEAN, ONE, "6.8", x="20")
    assert list(prior_year(panel(figures, prior), Limits(jump=Fraction(5)))) == []
