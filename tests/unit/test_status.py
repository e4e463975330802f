"""`dti status` of a round of units: who is behind, how many got how far, and what comes next."""

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from dti_core.framework.load import home
from dti_core.program.load import RoundContext, load_round
from dti_core.records.collecting import Asked, record_requests, source_of
from dti_core.records.database import session
from dti_core.records.figures import receive
from dti_core.records.rounds import open_round
from flows.cli import app
from tests.unit.collected_round import approves
from tests.unit.reminded_round import DUE, ROUND, all_but, asked_of, opened, write_program

pytestmark = pytest.mark.usefixtures("database")
UNIT = "so-y-te"
FIVE = DUE + timedelta(days=5)


def late_units() -> RoundContext:
    context = opened({})
    all_but(context, {UNIT, "so-xay-dung"})
    return context


def shown(*options: str, day: date = FIVE) -> str:
    result = CliRunner().invoke(app, ["status", ROUND, "--on", str(day), *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_it_lists_who_is_late_and_leaves_out_who_is_not() -> None:
    late_units()
    text = shown()
    assert "so-y-te" in text
    assert "quá 5 ngày" in text
    assert "90 %" in text, "18 of 20 in time"
    assert "dti remind nhac/2023" in text
    everybody = shown("--all")
    assert "ban-dan-toc" in everybody


def test_before_the_deadline_nobody_who_has_time_left_is_listed() -> None:
    opened({})
    text = shown(day=DUE)
    assert "so-y-te" not in text
    assert "20 nơi còn hạn, chưa gửi" in text
    assert "dti intake nhac/2023" in text


def test_its_json_has_every_unit_and_the_rates() -> None:
    late_units()
    state = json.loads(shown("--json"))
    collection = state["collection"]
    (group,) = collection["groups"]
    assert (group["on_time"], group["overdue"], group["rate"]) == (18, 2, "9/10")
    assert (group["received"], group["confirmed"]) == (18, 0)
    unit = next(each for each in collection["units"] if each["provider"] == UNIT)
    assert (unit["late"], unit["received"], unit["due"]) == (True, False, "2024-01-31")
    assert state["next"].startswith("dti remind nhac/2023")


def test_the_next_step_follows_the_round() -> None:
    context = opened({})
    assert "dti intake" in json.loads(shown("--json", day=DUE))["next"]
    all_but(context, set())
    assert json.loads(shown("--json"))["next"].startswith("khép việc thu thập: dti approve")
    approves("thu-thap")
    assert json.loads(shown("--json"))["next"] == f"dti cycle {ROUND}"


def test_the_rates_of_earlier_years_stand_beside_those_of_this_one() -> None:
    write_program({})
    file = home() / "programs" / "nhac" / "program.yaml"
    content = json.loads(file.read_text(encoding="utf-8"))
    before = {**content["rounds"][0], "id": "2022", "evaluation_year": 2022}
    before |= {
        "data_from": {"on": "2022-01-01", "basis": "ví dụ"},
        "data_to": {"on": "2022-12-31", "basis": "ví dụ"},
        "opens": {"on": "2023-01-03", "basis": "ví dụ"},
        "closes": {"on": "2023-02-01", "basis": "ví dụ"},
    }
    before.pop("explain_by", None)
    content["rounds"].append(before)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    due = date(2023, 2, 1)
    for name, day in (("2022", due), ("2023", DUE)):
        context = load_round(f"nhac/{name}")
        with session() as records:
            open_round(records, context, "test")
            asked = [
                Asked(who, kind, day, 45, "x.xlsx", "a" * 64) for who, kind in asked_of(context)
            ]
            record_requests(records, context.id, asked, "test")
    with session() as records:
        for unit, day in ((UNIT, due), ("so-xay-dung", due + timedelta(days=1))):
            source, came = source_of(unit, "own"), f"{day}T05:00:00+00:00"
            receive(records, "nhac/2022", unit, source, "b" * 64, "x.xlsx", "test", came)
    (year,) = json.loads(shown("--json"))["collection"]["earlier"]
    assert (year["round"], year["evaluation_year"]) == ("nhac/2022", 2022)
    (group,) = year["groups"]
    assert (group["on_time"], group["came_late"], group["overdue"]) == (1, 1, 18)
    assert group["rate"] == "1/20"
    line = next(each for each in shown().splitlines() if "2022" in each)
    assert "5 %" in line
