"""`dti exemptions`, `dti place`, `dti audit`: what people decide at the command line, and what it
says back."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from dti_core.program.load import load_round
from dti_core.records.database import database_url, engine, session
from dti_core.records.exemptions import granted
from dti_core.records.participation import places
from dti_core.records.rounds import open_round
from flows.cli import app

ROUND = "vinh-long-mau/2024-q4"


@pytest.fixture(autouse=True)
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    monkeypatch.delenv("DTI_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "220")
    with session() as records:
        open_round(records, load_round(ROUND), "test")


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, f"{result.output}{result.exception}"
    return " ".join(f"{result.output} {result.exception or ''}".split())


def test_proposals_are_shown_granted_and_refused_with_their_reason() -> None:
    told = run("exemptions", ROUND)
    assert "--grant" in told, "the next step is to decide the first of them"
    proposed = json.loads(CliRunner().invoke(app, ["exemptions", ROUND, "--json"]).output)
    first = proposed[0]
    assert {each["status"] for each in proposed} == {"proposed"}
    unit, ground = first["unit"], first["ground"]
    refused = run("exemptions", ROUND, unit, "--grant", ground, code=1)
    assert "phải có lý do" in refused
    done = run("exemptions", ROUND, unit, "--grant", ground, "--reason", "đúng", "--as", "Chủ tịch")
    assert "mục vừa được quyết định" in done
    again = run("exemptions", ROUND, unit, "--grant", ground, "--reason", "đúng")
    assert "Không có gì thay đổi" in again
    with session() as records:
        mine = [each for each in granted(records, ROUND).values() if each.unit == unit]
    assert mine
    assert {each.decided_by for each in mine} == {"Chủ tịch"}
    row = first["criterion"]
    run("exemptions", ROUND, unit, "--refuse", ground, "--criterion", row, "--reason", "có phòng")
    with session() as records:
        assert (unit, row) not in granted(records, ROUND)


def test_an_unknown_ground_unit_or_row_is_told_with_those_that_are() -> None:
    assert "Có: " in run("exemptions", ROUND, "so-y-te", "--grant", "khac", "--reason", "x", code=1)
    told = run("exemptions", ROUND, "khong-co", "--grant", "khac", "--reason", "x", code=1)
    assert "không đánh giá đơn vị 'khong-co'" in told
    told = run("exemptions", ROUND, "--grant", "khac", "--reason", "x", code=2)
    assert "hãy nêu đơn vị" in told


def test_a_units_place_is_decided_with_reason_and_basis_and_put_back() -> None:
    assert "tự nguyện" in run("place", ROUND)
    assert "--basis" in run("place", ROUND, "so-y-te", "--not-ranked", "--reason", "x", code=1)
    told = run(
        "place", ROUND, "so-y-te", "--not-ranked", "--reason", "thanh tra", "--basis", "1/TB"
    )
    assert "Đã ghi." in told
    assert "thanh tra" in told
    with session() as records:
        assert places(records, load_round(ROUND))["so-y-te"].place == "not_ranked"
    run("place", ROUND, "so-y-te", "--ranked", "--reason", "xong", "--basis", "2/KL")
    with session() as records:
        assert "so-y-te" not in places(records, load_round(ROUND))


def test_audit_verify_says_all_is_whole_or_what_is_not() -> None:
    told = run("audit", "verify", ROUND)
    assert "nguyên vẹn" in told
    assert "Mã của sự kiện cuối" in told
    with engine(database_url()).begin() as connection:
        connection.execute(text("UPDATE round SET title = 'khác'"))
    told = run("audit", "verify", code=1)
    assert "Bảng round" in told
    assert "bản sao lưu" in told
    found = CliRunner().invoke(app, ["audit", "verify", ROUND, "--json"])
    assert found.exit_code == 1
    assert len(json.loads(found.output)["problems"]) == 1
