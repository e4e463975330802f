"""prefect.yaml is what the shipped programs' calendars give."""

import json
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from flows.cli import app
from flows.deployments import NoServer
from flows.prefect_file import written
from flows.schedules import BEGIN, DAILY, MILESTONE, YEARLY, schedules

FILE = Path(__file__).parents[2] / "prefect.yaml"
SHIPPED = ("dien-bien", "vinh-long", "vinh-long-mau", "vinh-phuc")


def content() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def test_the_file_is_what_the_programs_give() -> None:
    given = written(schedules(SHIPPED))
    assert FILE.read_text(encoding="utf-8") == given, "hãy chạy: dti deploy --write"


def test_every_schedule_of_the_calendar_stands_in_it_once() -> None:
    found = {
        each["slug"]: (deployment["name"], each["rrule"], each["parameters"])
        for deployment in content()["deployments"]
        for each in deployment["schedules"]
    }
    wanted = {
        each.slug: (each.deployment.name, each.rule, each.parameters) for each in schedules(SHIPPED)
    }
    assert found == wanted
    assert {each[0] for each in found.values()} == {
        each.name for each in (BEGIN, DAILY, MILESTONE, YEARLY)
    }


def test_it_is_fit_for_any_machine() -> None:
    # without an explicit pull, Prefect bakes in the folder of the machine that deploys
    assert content()["pull"] == []
    for deployment in content()["deployments"]:
        for each in deployment["schedules"]:
            assert each["timezone"] == "Asia/Ho_Chi_Minh"
            assert "active" not in each  # which would wake what somebody paused


def test_the_command_writes_it_anew(empty_home: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(empty_home)
    done = CliRunner().invoke(app, ["deploy", *SHIPPED, "--write"])
    assert done.exit_code == 0, done.output
    assert (empty_home / "prefect.yaml").read_text(encoding="utf-8") == FILE.read_text(
        encoding="utf-8"
    )


def test_without_a_server_the_command_says_what_to_do(empty_home: Path, monkeypatch: Any) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    monkeypatch.setenv("PREFECT_HOME", str(empty_home / "prefect"))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    refused = CliRunner().invoke(app, ["deploy", "vinh-long"]).exception
    assert isinstance(refused, NoServer)
    assert "http://127.0.0.1:9/api không trả lời" in str(refused)
    monkeypatch.delenv("PREFECT_API_URL")
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        refused = CliRunner().invoke(app, ["deploy", "vinh-long"]).exception
    assert isinstance(refused, NoServer)
    assert "dti up" in str(refused)


def test_the_list_is_shown_without_a_server(empty_home: Path) -> None:  # noqa: ARG001
    shown = CliRunner().invoke(app, ["deploy", "vinh-long", "--show", "--json"])
    assert shown.exit_code == 0, shown.output
    listed = {each["slug"]: each for each in json.loads(shown.output)["schedules"]}
    assert listed["vinh-long-2024-06-gui-yeu-cau"]["next"] is None  # past
    yearly = listed["vinh-long-nhac-khai-dot-thang-6-20"]
    assert yearly["next"].endswith("-05-31T07:30:00+07:00")
    assert "mục VI.2" in yearly["basis"]
