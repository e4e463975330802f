"""The bundled sample of vinh-phuc/2023-so: what the generator writes, its faults and no other."""

import unicodedata
from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from dti_core.framework.rules import SumOfChildren, metrics
from dti_core.intake.layout import CHANGED
from dti_core.intake.sample import (
    MARK,
    Answer,
    PlantedFault,
    load_answers,
    load_appraisals,
    load_arrivals,
    load_faults,
    load_replies,
    load_self_points,
    prior_figures,
    reply_to,
    value_of,
)
from dti_core.program.load import load_round
from dti_core.program.requests import requests
from dti_core.rational import round_half_up
from dti_core.scoring.score import FigureMap, score
from dti_core.strict_yaml import DataError
from tests.sample.vinh_phuc import FOLDER, ROUND, write
from tests.sample.years import two_years

CONTEXT = load_round(ROUND)
FRAMEWORK = CONTEXT.frameworks["so"]
ASKED = requests(CONTEXT)
UNITS = [unit.id for unit in CONTEXT.units]
Key = tuple[str, str, str]


@pytest.fixture(scope="module")
def given() -> FigureMap:
    return prior_figures(FOLDER / "answers-2023.csv", CONTEXT)


@pytest.fixture(scope="module")
def prior() -> FigureMap:
    return prior_figures(FOLDER / "prior-2022.csv", CONTEXT)


@pytest.fixture(scope="module")
def faults() -> dict[str, list[PlantedFault]]:
    found: dict[str, list[PlantedFault]] = {}
    for fault in load_faults(FOLDER / "faults-2023.yaml"):
        found.setdefault(fault.kind, []).append(fault)
    return found


def only(faults: dict[str, list[PlantedFault]], kind: str) -> PlantedFault:
    (fault,) = faults[kind]
    return fault


def own_keys(unit: str) -> list[Key]:
    (request,) = [each for each in ASKED if each.provider == unit]
    return [(item.unit, item.criterion, item.variable) for item in request.own]


def asked_keys() -> set[tuple[str, str, Key]]:
    return {
        (request.provider, kind, (item.unit, item.criterion, item.variable))
        for request in ASKED
        for kind, items in (("own", request.own), ("about_units", request.about_units))
        for item in items
    }


def part_above_whole(figures: FigureMap) -> set[tuple[str, str]]:
    """(unit, row) where a quotient of the row is above 1."""
    return {
        (unit, row.code)
        for unit in UNITS
        for row in FRAMEWORK.rows
        for metric in metrics(row.rule)
        if metric.is_quotient
        and all((unit, row.code, name) in figures for name in metric.variables)
        and number(figures, (unit, row.code, "a"))
        > sum(
            (number(figures, (unit, row.code, name)) for name in metric.variables if name != "a"),
            Fraction(0),
        )
    }


def number(figures: FigureMap, key: Key) -> Fraction:
    value = figures[key].value
    assert value is not None
    assert not isinstance(value, str)
    return Fraction(value)


def odd_moves(figures: FigureMap, prior: FigureMap) -> set[Key]:
    """Numbers that moved by more than 15 % and by more than 1."""
    return {
        key
        for key, figure in figures.items()
        if isinstance(figure.value, Fraction)
        and abs(figure.value - number(prior, key)) > max(1, number(prior, key) * Fraction(15, 100))
    }


def quantities(figures: FigureMap) -> dict[tuple[str, str], set[Fraction]]:
    """(unit, quantity) → the values it has wherever it is asked."""
    found: dict[tuple[str, str], set[Fraction]] = {}
    for unit, code, name in figures:
        quantity = FRAMEWORK.by_code[code].variables[name].quantity
        if quantity:
            found.setdefault((unit, quantity), set()).add(number(figures, (unit, code, name)))
    return found


def test_the_bundled_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    written = write(tmp_path)
    assert {file.name for file in written} == {file.name for file in FOLDER.iterdir()}
    for file in written:
        assert file.read_bytes() == (FOLDER / file.name).read_bytes(), file.name


def test_every_file_says_that_it_is_a_sample_and_is_in_nfc() -> None:
    for file in FOLDER.iterdir():
        text = file.read_text(encoding="utf-8")
        assert text.splitlines()[0] == (
            "# MẪU: số liệu do chương trình sinh ra, hạt giống 2074, "
            "không phải số liệu của cơ quan nào"
        )
        assert unicodedata.is_normalized("NFC", text)


def test_every_item_has_one_answer_but_those_of_the_missing_workbook(
    faults: dict[str, list[PlantedFault]],
) -> None:
    missing = only(faults, "missing").unit
    for name, expected in (
        ("prior-2022.csv", asked_keys()),
        (
            "answers-2023.csv",
            {each for each in asked_keys() if each[:2] != (missing, "own")},
        ),
    ):
        answers = load_answers(FOLDER / name)
        found = Counter((a.provider, a.kind, (a.unit, a.criterion, a.variable)) for a in answers)
        assert set(found) == expected
        assert set(found.values()) == {1}


def test_every_text_reads_back_to_the_value_behind_it(
    given: FigureMap, prior: FigureMap, faults: dict[str, list[PlantedFault]]
) -> None:
    before, true = two_years()
    assert {key: figure.value for key, figure in prior.items()} == before
    untrue = {
        (fault.unit, fault.criterion or "", name)
        for group in faults.values()
        for fault in group
        for name in fault.variables
    }
    copied = only(faults, "copied").unit
    wrong = {key for key, figure in given.items() if figure.value != true[key]}
    assert {key for key in wrong if key[0] != copied} == untrue
    assert {key for key in wrong if key[0] == copied} <= set(own_keys(copied))
    assert all(type(figure.value) is type(true[key]) for key, figure in given.items())


def test_the_faults_are_those_that_were_ordered_each_in_a_unit_of_its_own(
    faults: dict[str, list[PlantedFault]],
) -> None:
    assert {kind: len(group) for kind, group in faults.items()} == {
        "late": 2,
        "missing": 1,
        "part_above_whole": 1,
        "wrong_unit": 1,
        "jump": 1,
        "copied": 1,
        "unsupported_self": 1,
    }
    units = [fault.unit for group in faults.values() for fault in group]
    assert len(set(units)) == len(units)
    assert only(faults, "copied").source not in units
    stages = {kind: {fault.stage for fault in group} for kind, group in faults.items()}
    assert stages["late"] == stages["missing"] == {"remind"}
    assert stages.pop("part_above_whole") == {"validate"}


def test_workbooks_arrive_in_time_but_for_the_late_and_the_missing(
    faults: dict[str, list[PlantedFault]],
) -> None:
    arrivals = load_arrivals(FOLDER / "arrivals-2023.csv")
    assert {(a.provider, a.kind) for a in arrivals} == {each[:2] for each in asked_keys()}
    opens, closes = CONTEXT.round.opens.on, CONTEXT.round.closes.on
    late = {(a.provider, a.kind): str(a.date) for a in arrivals if a.date and a.date > closes}
    days = dict(zip((f.unit for f in faults["late"]), ("2024-02-02", "2024-02-05"), strict=True))
    assert late == {(unit, "own"): day for unit, day in days.items()}
    assert [(a.provider, a.kind) for a in arrivals if a.date is None] == [
        (only(faults, "missing").unit, "own")
    ]
    assert all(a.date is None or a.date > opens for a in arrivals)


def test_one_part_is_above_its_whole_and_no_other(
    given: FigureMap, prior: FigureMap, faults: dict[str, list[PlantedFault]]
) -> None:
    fault = only(faults, "part_above_whole")
    assert part_above_whole(given) == {(fault.unit, fault.criterion)}
    assert part_above_whole(prior) == set()


def test_figures_move_modestly_but_where_a_fault_is(
    given: FigureMap, prior: FigureMap, faults: dict[str, list[PlantedFault]]
) -> None:
    mix_up, jump, copied = (only(faults, each) for each in ("wrong_unit", "jump", "copied"))
    planted = {(f.unit, f.criterion or "", name) for f in (mix_up, jump) for name in f.variables}
    odd = odd_moves(given, prior)
    assert {key for key in odd if key[0] != copied.unit} == planted
    assert {key for key in odd if key[0] == copied.unit} <= set(own_keys(copied.unit))

    a, b = (
        number(given, (mix_up.unit, mix_up.criterion or "", name))
        / number(prior, (mix_up.unit, mix_up.criterion or "", name))
        for name in ("a", "b")
    )
    assert Fraction(85, 100) < a * 1000 < Fraction(115, 100)
    assert Fraction(85, 100) < b < Fraction(115, 100)
    for name in jump.variables:
        key = (jump.unit, jump.criterion or "", name)
        assert 200 <= number(prior, key) < 1000
        assert Fraction(34, 10) < number(given, key) / number(prior, key) < Fraction(46, 10)


def test_a_thing_that_is_asked_twice_has_one_value(
    given: FigureMap, prior: FigureMap, faults: dict[str, list[PlantedFault]]
) -> None:
    copied = only(faults, "copied").unit
    assert all(len(values) == 1 for values in quantities(prior).values())
    assert {unit for (unit, _), values in quantities(given).items() if len(values) > 1} <= {copied}
    staff = {
        value
        for (_, quantity), values in (*quantities(prior).items(), *quantities(given).items())
        if quantity == "can-bo-cong-chuc-vien-chuc"
        for value in values
    }
    assert all(30 <= value <= 400 for value in staff)


def test_one_workbook_is_its_neighbours_and_no_two_others_are_alike(
    given: FigureMap, faults: dict[str, list[PlantedFault]]
) -> None:
    fault = only(faults, "copied")
    missing = only(faults, "missing").unit
    texts = {
        unit: {key[1:]: given[key].raw for key in own_keys(unit)}
        for unit in UNITS
        if unit != missing
    }
    assert texts[fault.unit] == texts[fault.source or ""]
    # figures of ten and more: a yes, or two servers, many have
    sized = {
        unit: {
            key[1:]: value
            for key in own_keys(unit)
            if isinstance(value := given[key].value, Fraction) and value >= 10
        }
        for unit in texts
    }
    alike = {
        (one, other)
        for one, other in combinations(sized, 2)
        if 5 * sum(sized[other].get(place) == value for place, value in sized[one].items())
        > len(sized[one])
    }
    assert alike == {(fault.source, fault.unit)}
    about = {key for key in given if key[0] == fault.unit} - set(own_keys(fault.unit))
    assert any(given[key].value != given[(fault.source or "", *key[1:])].value for key in about)


def test_self_assessed_points_are_what_the_figures_earn_but_one(
    given: FigureMap, faults: dict[str, list[PlantedFault]]
) -> None:
    scores = score(FRAMEWORK, UNITS, given, CONTEXT.program.policies, "as_written")
    points = load_self_points(FOLDER / "self-2023.csv")
    missing, fault = only(faults, "missing").unit, only(faults, "unsupported_self")
    own = {key[:2] for unit in UNITS if unit != missing for key in own_keys(unit)}
    assert {(each.unit, each.criterion) for each in points} == own
    wrong = []
    for each in points:
        computed = scores[each.unit, each.criterion].points
        assert computed is not None
        if each.points != Fraction(round_half_up(computed, 2)):
            wrong.append((each.unit, each.criterion))
            assert each.points > computed + 1
    assert wrong == [(fault.unit, fault.criterion)]


def test_every_doubt_has_its_reply_and_corrections_are_the_true_figures(
    given: FigureMap, faults: dict[str, list[PlantedFault]]
) -> None:
    replies = load_replies(FOLDER / "replies-2023.csv")
    doubted = [fault for group in faults.values() for fault in group if fault.stage != "remind"]
    assert {reply.unit for reply in replies} == {fault.unit for fault in doubted}
    for fault in doubted:
        for name in fault.variables or (fault.variable,):
            assert reply_to(replies, fault.unit, fault.criterion or "1.1", name)
    whole = reply_to(replies, only(faults, "copied").unit, "1.2.2", None)
    assert whole is not None
    assert whole.criterion is None
    _, true = two_years()
    corrected = {key: figure.value for key, figure in given.items()}
    for reply in replies:
        if reply.decision == CHANGED and reply.criterion and reply.variable:
            variable = FRAMEWORK.by_code[reply.criterion].variables[reply.variable]
            value = value_of(reply.corrected or "", variable)
            assert value == true[reply.unit, reply.criterion, reply.variable]
            corrected[reply.unit, reply.criterion, reply.variable] = value
    copied = only(faults, "copied").unit
    assert all(corrected[key] == true[key] for key in own_keys(copied))
    assert {reply.officer_decision for reply in replies} == {"accepted", "refused"}


def test_the_appraiser_adjusts_a_twentieth_and_decides_every_open_row(
    given: FigureMap, faults: dict[str, list[PlantedFault]]
) -> None:
    appraisals = load_appraisals(FOLDER / "appraisals-2023.csv")
    scores = score(FRAMEWORK, UNITS, given, CONTEXT.program.policies, "as_written")
    leaves = {
        key: each
        for key, each in scores.items()
        if not isinstance(FRAMEWORK.by_code[key[1]].rule, SumOfChildren)
    }
    open_ = {key for key, each in leaves.items() if each.points is None}
    missing = only(faults, "missing").unit
    assert open_ == {key[:2] for key in own_keys(missing)}
    awarded = {(each.unit, each.criterion): each for each in appraisals}
    assert all(awarded[key].points == 0 and awarded[key].reason for key in open_)
    adjusted = [each for key, each in awarded.items() if key not in open_]
    assert round(len(adjusted) / (len(leaves) - len(open_)), 2) == 0.05
    for each in adjusted:
        one = leaves[each.unit, each.criterion]
        assert one.points is not None
        assert 0 <= each.points <= (one.max_points or 0)
        assert each.points != Fraction(round_half_up(one.points, 2))
    above = only(faults, "part_above_whole")
    assert (above.unit, above.criterion) in awarded


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("provider,kind,unit,criterion,variable,text\n", "đây không phải tệp mẫu"),
        (f"{MARK} x\nprovider,unit\n", "dòng 2: dòng tiêu đề phải là"),
        (f"{MARK} x\nprovider,kind,unit,criterion,variable,text\na,b,c,d,e,f\n", "dòng 3: kind"),
        (f"{MARK} x\nprovider,kind,unit,criterion,variable,text\na,own\n", "dòng 3: có 2 cột"),
        (
            f"{MARK} x\nprovider,kind,unit,criterion,variable,text\n" + 2 * "a,own,c,d,e,f\n",
            "dòng 4: a, own, c, d, e có hai lần",
        ),
    ],
)
def test_a_file_that_is_no_good_sample_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_answers(file)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,own,sao-hoa,1.1,x,Có", "không có đơn vị 'sao-hoa'"),
        ("a,own,so-y-te,9.9,x,Có", "không có mục 9.9, biến x"),
        ("a,own,so-y-te,1.3,a,mười", "“mười” không đọc được thành count"),
        ("a,own,so-y-te,6.14,a,1.850", "“1.850” không đọc được thành money"),
        ("a,own,so-y-te,6.10,x,98", "“98” không đọc được thành percent"),
        ('a,own,so-y-te,1.3,a,"1,5"', "không đọc được thành count"),
    ],
)
def test_a_figure_that_is_unknown_or_unreadable_is_refused(
    tmp_path: Path, row: str, message: str
) -> None:
    file = tmp_path / "prior.csv"
    header = "provider,kind,unit,criterion,variable,text"
    file.write_text(f"{MARK} x\n{header}\n{row}\n", encoding="utf-8")
    assert load_answers(file) == [
        Answer(*row.replace('"', "").split(",", 5))  # type: ignore[arg-type]
    ]
    with pytest.raises(DataError, match=message):
        prior_figures(file, CONTEXT)
