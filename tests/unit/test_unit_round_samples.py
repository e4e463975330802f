"""The bundled rounds of districts, communes and the fourth quarter: complete, and with the faults
that were planted and no other."""

from collections import Counter
from pathlib import Path

import pytest

from dti_core.framework.model import Criterion
from dti_core.framework.rules import SumOfChildren
from dti_core.intake import sample_round
from dti_core.intake.sample import MARK, PlantedFault, load_faults, load_self_points, value_of
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import plan, requests
from dti_core.records.database import session
from dti_core.records.exemptions import proposals
from dti_core.records.scoring import score_round
from dti_core.strict_yaml import DataError
from reports.letters import request as letter
from reports.unit_round.letters import request_values
from reports.unit_round.policies import undecided
from tasks.validation import validate_round
from tests.sample.vinh_long_mau import FOLDER, SLIPS, write
from tests.sample.vinh_phuc_levels import SLIPS as LEVEL_SLIPS
from tests.unit.official_papers import text_of
from tests.unit.people_send import collected

WHOLE, DEPARTMENTS = "vinh-phuc/2023", "vinh-phuc/2023-so"
BELOW, QUARTER = "vinh-phuc/2023@tam-duong", "vinh-long-mau/2024-q4"
ROUNDS = (WHOLE, DEPARTMENTS, BELOW, QUARTER)
COMMUNES = {
    "vinh-yen": 9,
    "phuc-yen": 10,
    "binh-xuyen": 13,
    "lap-thach": 20,
    "song-lo": 17,
    "tam-duong": 13,
    "tam-dao": 9,
    "vinh-tuong": 28,
    "yen-lac": 17,
}
Asked = tuple[str, str, str, str, str]
"""(provider, kind, unit, row, variable)"""


def asked_of(context: RoundContext) -> set[Asked]:
    return {
        (request.provider, kind, *item.key)
        for request in requests(context)
        for kind, items in (("own", request.own), ("about_units", request.about_units))
        for item in items
    }


def faults_of(context: RoundContext) -> list[PlantedFault]:
    units = {unit.id for unit in context.own_units}
    files = sample_round.files(context, "faults", "yaml")
    return [fault for file in files for fault in load_faults(file) if fault.unit in units]


def test_the_bundled_files_of_the_quarter_are_what_the_generator_writes(tmp_path: Path) -> None:
    written = write(tmp_path)
    assert {file.name for file in written} == {file.name for file in FOLDER.iterdir()}
    for file in written:
        assert file.read_bytes() == (FOLDER / file.name).read_bytes(), file.name


@pytest.mark.parametrize("round_id", ROUNDS)
def test_everybody_is_known_and_every_policy_is_decided(round_id: str) -> None:
    context = load_round(round_id)
    assert plan(context).gaps == ()
    assert undecided(context) == ()


def test_the_province_has_its_departments_districts_and_communes() -> None:
    context = load_round(WHOLE)
    assert Counter(unit.level for unit in context.units) == {"so": 20, "huyen": 9, "xa": 136}
    parents = Counter(unit.parent for unit in context.units if unit.level == "xa")
    assert parents == COMMUNES
    for unit in COMMUNES:
        district = context.program.unit[unit]
        assert district.letterhead is not None
        assert district.letterhead.parent is None
        assert district.decision is not None
        assert district.decision.issuer[-1] in district.letterhead.issuer
    assert [unit.id for unit in load_round(DEPARTMENTS).units] == [
        unit.id for unit in context.units if unit.level == "so"
    ]


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_figure_that_is_asked_has_an_answer_that_reads(round_id: str) -> None:
    context = load_round(round_id)
    missing = {fault.unit for fault in faults_of(context) if fault.kind == "missing"}
    exempt = proposals(context)
    expected = {
        each
        for each in asked_of(context)
        if (each[2], each[3]) not in exempt and not (each[0] in missing and each[1] == "own")
    }
    answers = [one for given in sample_round.answers(context).values() for one in given]
    found = [(a.provider, a.kind, a.unit, a.criterion, a.variable) for a in answers]
    assert set(found) == expected
    assert len(found) == len(expected)
    for answer in answers:
        row = context.framework_of(answer.unit).by_code[answer.criterion]
        assert value_of(answer.text, row.variables[answer.variable]) is not None, answer


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_workbook_has_a_day_and_only_the_missing_never_comes(round_id: str) -> None:
    context = load_round(round_id)
    faults, arrivals = faults_of(context), sample_round.arrivals(context)
    assert {(a.provider, a.kind) for a in arrivals} == {each[:2] for each in asked_of(context)}
    assert {a.provider for a in arrivals if a.date is None} == {
        fault.unit for fault in faults if fault.kind == "missing"
    }
    closes = context.round.closes.on
    assert {a.provider for a in arrivals if a.date and a.date > closes} == {
        fault.unit for fault in faults if fault.kind == "late"
    }


@pytest.mark.parametrize(
    ("round_id", "units"),
    [
        (WHOLE, LEVEL_SLIPS["huyen"].last_hour),
        (BELOW, ("tam-duong-xa-03",)),
        (QUARTER, SLIPS.last_hour),
    ],
)
def test_some_workbooks_come_in_the_last_hour(round_id: str, units: tuple[str, ...]) -> None:
    context = load_round(round_id)
    found = {a.provider: a for a in sample_round.arrivals(context) if a.at}
    assert set(found) == set(units)
    assert {a.date for a in found.values()} == {context.round.closes.on}
    assert {a.at.hour for a in found.values() if a.at} == {23}


def test_people_households_and_enterprises_of_a_district_are_its_communes_together() -> None:
    """What communes give in all nine sub-rounds, added up, is what their district gives."""
    whole = load_round(WHOLE)
    quantities = ("dan-so", "ho-gia-dinh", "doanh-nghiep")
    below = {
        (unit, name): value
        for part in whole.sub_rounds
        for (unit, name), value in _quantities(load_round(part), quantities).items()
    }
    silent = {
        whole.program.unit[unit].parent for unit in (*LEVEL_SLIPS["xa"].missing, "tam-duong-xa-08")
    }
    above = _quantities(whole, quantities)
    for district in COMMUNES.keys() - silent:
        mine = [unit.id for unit in whole.units if unit.parent == district]
        for name in quantities:
            assert above[district, name] == sum(below[unit, name] for unit in mine)


def _quantities(context: RoundContext, names: tuple[str, ...]) -> dict[tuple[str, str], int]:
    """(unit, quantity) → what the unit says of itself."""
    found: dict[tuple[str, str], int] = {}
    for (_, kind), given in sample_round.answers(context).items():
        for answer in given:
            row = context.framework_of(answer.unit).by_code[answer.criterion]
            variable = row.variables[answer.variable]
            if kind == "own" and variable.quantity in names:
                value = value_of(answer.text, variable)
                assert value is not None
                found[answer.unit, variable.quantity or ""] = int(value)
    return found


def test_the_quarter_has_each_exemption_a_volunteer_and_a_unit_out_of_the_ranking() -> None:
    context = load_round(QUARTER)
    framework = context.frameworks["so"]
    rows: dict[str, set[str]] = {}
    for (_, code), ground in proposals(context).items():
        rows.setdefault(ground.id, set()).add(code)
    below = {
        row.code
        for row in framework.rows
        for variable in row.variables.values()
        if variable.quantity == "don-vi-truc-thuoc"
    }
    online = {row.code for row in framework.rows if "dịch vụ công trực tuyến" in _words(row)}
    assert rows == {
        "khong-don-vi-truc-thuoc": below,
        "khong-dich-vu-cong": online,
        "dac-thu": {"6.15", "6.16"},
    }
    effects = {ground.id: ground.effect for ground in context.program.exemptions}
    assert effects == {
        "khong-don-vi-truc-thuoc": "best_of_group",
        "khong-dich-vu-cong": "best_of_group",
        "dac-thu": "full",
    }
    assert [unit.id for unit in context.units if unit.voluntary] == ["to-chuc-mau"]
    assert {unit: why.place for unit, why in context.round.kept_out.items()} == {
        "so-gtvt": "not_ranked"
    }
    assert context.program.personnel == "so-noi-vu"


def _words(row: Criterion) -> str:
    return " ".join([row.name, *(variable.label for variable in row.variables.values())])


@pytest.mark.parametrize("round_id", [QUARTER, BELOW])
def test_what_people_send_holds_the_planted_faults_and_no_other(
    round_id: str, empty_home: Path
) -> None:
    """Sent out, filled in, read and checked: figures are lacking where nobody gave them, one
    quantity differs where a workbook was copied, and the fatal findings are the planted ones."""
    assert empty_home.is_dir()
    context, done = collected(round_id)
    never = [arrival for arrival in sample_round.arrivals(context) if arrival.date is None]
    assert done.new == len(sample_round.arrivals(context)) - len(never)
    assert done.set_aside == 0
    with session() as records:
        found, not_run = validate_round(records, context, "test")
    assert not not_run
    faults = faults_of(context)
    assert {(each.unit, each.criterion) for each in found if each.severity == "fatal"} == {
        (fault.unit, fault.criterion) for fault in faults if fault.kind == "part_above_whole"
    }
    lacking = {arrival.provider for arrival in never}
    exempt = proposals(context)
    for each in found:
        if each.rule == "required":
            assert each.unit in lacking or (each.unit, each.criterion) in exempt
    copied = {fault.unit for fault in faults if fault.kind == "copied"}
    assert {each.unit for each in found if each.rule == "same_quantity"} == copied
    assert {each.rule for each in found} == {
        "evidence",
        "required",
        "same_quantity",
        "part_of_whole",
    }
    _every_open_row_is_awarded(context)


def _every_open_row_is_awarded(context: RoundContext) -> None:
    """Where the figures give no points the sample's appraisers do, but for rows to be exempt."""
    with session() as records:
        scored, _ = score_round(records, context, "test")
    open_ = {
        (unit, code)
        for (unit, code), each in scored.scores["as_written"].items()
        if each.points is None
        and not isinstance(context.framework_of(unit).by_code[code].rule, SumOfChildren)
    }
    awarded = {(each.unit, each.criterion): each for each in sample_round.appraisals(context)}
    assert open_
    assert open_ <= awarded.keys() | proposals(context).keys()
    for each in awarded.values():
        assert (
            0
            <= each.points
            <= (context.framework_of(each.unit).by_code[each.criterion].max_points or 0)
        )
        assert each.reason


def test_a_district_signs_its_letters_on_behalf_of_its_committee(empty_home: Path) -> None:
    assert empty_home.is_dir()
    context = load_round(BELOW)
    commune = next(each for each in requests(context) if each.provider == "tam-duong-xa-01")
    text = text_of(letter.render(request_values(context, commune, ["tam-duong-xa-01.xlsx"])))
    assert "ỦY BAN NHÂN DÂN\nHUYỆN TAM DƯƠNG" in text
    assert "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH" in text
    assert "Tam Dương, ngày" in text
    assert "SỞ THÔNG TIN VÀ TRUYỀN THÔNG" not in text


def test_a_wide_file_names_its_figures_in_the_header(tmp_path: Path) -> None:
    file = tmp_path / "self.csv"
    file.write_text(f"{MARK} x\nunit,1.1,1.2\na,5,\nb,,1/2\n", encoding="utf-8")
    found = [(each.unit, each.criterion, each.points) for each in load_self_points(file)]
    assert found == [("a", "1.1", 5), ("b", "1.2", pytest.approx(0.5))]
    file.write_text(f"{MARK} x\nunit,1.1,1.2\na,5,\na,,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="dòng 4: a có hai lần"):
        load_self_points(file)
