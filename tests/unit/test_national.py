"""The made nation (mẫu): its size, its files, how it is cut into runs, and what is refused."""

import json
import os
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from dti_core.intake.sample import prior_figures
from dti_core.program.load import load_round
from dti_core.records.files import round_folder, write_whole
from flows.cli import app
from flows.national import dask_runner
from flows.national.batches import batches
from flows.national.programs import NotASample, answers_file, made_rounds, write_program
from flows.national.provinces import Size, provinces
from flows.national.table import NotAlike, write_table
from tasks.national_group import NoFigures, evaluate_group, path_of

SMALL = Size(code="98", size_of="thử", so=3, huyen=2, xa=5)


def test_the_nation_has_the_size_that_the_list_of_administrative_units_gives() -> None:
    """Danh mục hành chính Việt Nam, 01/02/2024: 63 tỉnh, 705 huyện, 10.598 xã."""
    sizes = provinces()
    assert len({each.code for each in sizes}) == len(sizes) == 63
    assert sum(each.huyen for each in sizes) == 705
    assert sum(each.xa for each in sizes) == 10_598
    assert sum(each.units for each in sizes) == 12_567


def test_a_made_province_says_that_it_is_and_is_the_same_for_the_same_seed(
    empty_home: Path,
) -> None:
    round_id = write_program(SMALL, seed=1)
    first = _files(empty_home)
    assert made_rounds() == [round_id]
    assert all("mẫu" in text.splitlines()[0].casefold() for text in first.values())
    context = load_round(round_id)
    assert [unit.level for unit in context.units].count("xa") == 5
    assert context.round.illustration is not None
    write_program(SMALL, seed=1)
    assert _files(empty_home) == first
    write_program(SMALL, seed=2)
    assert _files(empty_home) != first


def test_a_district_has_the_people_of_its_communes(empty_home: Path) -> None:
    assert empty_home.is_dir()
    context = load_round(write_program(SMALL, seed=7))
    people: dict[str, dict[str, int]] = {"huyen": {}, "xa": {}}
    for level in people:
        figures = prior_figures(answers_file(context.program.folder, level), context)
        for (unit, code, name), figure in figures.items():
            variable = context.frameworks[level].by_code[code].variables[name]
            if variable.quantity == "dan-so" and isinstance(figure.value, Fraction):
                people[level][unit] = int(figure.value)
    assert sum(people["huyen"].values()) == sum(people["xa"].values()) > 10_000


def test_somebodys_own_program_is_not_written_over(empty_home: Path) -> None:
    own = empty_home / "programs" / "tinh-mau-98" / "program.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("id: tinh-mau-98\n", encoding="utf-8")
    with pytest.raises(NotASample, match="không phải chương trình mẫu"):
        write_program(SMALL, seed=1)
    assert _files(empty_home) == {
        "programs/tinh-mau-98/program.yaml": "id: tinh-mau-98\n",
    }


def test_provinces_are_cut_into_few_runs_and_none_is_lost() -> None:
    rounds = [str(number) for number in range(63)]
    assert [len(run) for run in batches(rounds, workers=2)] == [8] * 7 + [7]
    assert [each for run in batches(rounds, workers=3) for each in run] == rounds
    assert batches(["a", "b", "c"], workers=16) == [["a"], ["b"], ["c"]]
    assert batches(["a", "b", "c"], 2, size=2) == [["a", "b"], ["c"]]


def test_dask_that_is_not_installed_is_said_before_anything_starts(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_program(SMALL, seed=1)
    monkeypatch.setattr(dask_runner, "find_spec", lambda _: None)
    told = CliRunner().invoke(app, ["national", "run", "--runner", "dask"])
    assert isinstance(told.exception, dask_runner.NoDask)
    assert "make setup" in str(told.exception)
    assert not (empty_home / "prefect").exists()


def test_provinces_by_different_law_are_not_ranked_together(empty_home: Path) -> None:
    assert empty_home.is_dir()
    rounds = [write_program(SMALL.model_copy(update={"code": code}), 1) for code in ("96", "97")]
    for each in rounds:
        for level in ("so", "huyen", "xa"):
            write_whole(round_folder(each) / path_of(level), _result(each, level))
    assert write_table(rounds).units == 20
    file = load_round(rounds[1]).program.folder / "program.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["policies"]["missing_figure"]["value"] = "ask"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(NotAlike, match="tinh-mau-97/2023 và đợt tinh-mau-96/2023"):
        write_table(rounds)


def test_equal_points_share_a_place_in_the_nation(empty_home: Path) -> None:
    rounds = [write_program(SMALL.model_copy(update={"code": code}), 1) for code in ("96", "97")]
    for each in rounds:
        for level in ("so", "huyen", "xa"):
            write_whole(round_folder(each) / path_of(level), _result(each, level))
    write_table(rounds)
    table = json.loads((empty_home / "national" / "toan-quoc.json").read_bytes())
    # three departments a province with 3, 2 and no points: 3 3 2 2, and two without a place
    assert [line[0] for line in table["levels"]["so"]] == [1, 1, 3, 3, None, None]
    assert [line[5] for line in table["levels"]["so"]] == [
        "3.00",
        "3.00",
        "2.00",
        "2.00",
        None,
        None,
    ]
    assert table["provinces"][0]["levels"]["so"]["mean"] == "5/2"


def test_a_round_without_figures_is_refused_with_what_to_do(empty_home: Path) -> None:
    context = load_round(write_program(SMALL, seed=1))
    for level in ("so", "huyen", "xa"):
        file = answers_file(context.program.folder, level)
        lines = file.read_text(encoding="utf-8").splitlines()[:2]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(NoFigures, match="dti intake tinh-mau-98/2023"):
        evaluate_group(context.id, "so")
    assert os.environ["DTI_HOME"] == str(empty_home)


def _result(round_id: str, level: str) -> bytes:
    """A result by hand: the last unit open, the others with as many points as units behind them."""
    context = load_round(round_id)
    units = [unit.id for unit in context.units if unit.level == level]
    framework = context.frameworks[level]
    worth: list[int | None] = [*range(len(units), 1, -1), None]
    totals = {
        "exact": [None if each is None else str(each) for each in worth],
        "published": [None if each is None else f"{each}.00" for each in worth],
        "rank": [*range(1, len(units)), None],
    }
    result = {
        "units": units,
        "framework": framework.id,
        "pins": {framework.id: framework.sha256},
        "points": {},
        "totals": totals,
        "findings": [],
    }
    return json.dumps(result).encode()


def _files(home: Path) -> dict[str, str]:
    return {
        str(file.relative_to(home)): file.read_text(encoding="utf-8")
        for file in home.rglob("*")
        if file.is_file()
    }
