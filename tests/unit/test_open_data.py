"""Open data: what was recorded, exactly; documented; nothing private."""

import csv
import io
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlmodel import Session

from dti_core.records.database import session
from dti_core.records.official import official_awards, official_totals
from dti_core.records.ranking import ranks
from dti_core.records.tables import FlagRecord, RankRecord
from reports.open_data.fields import TABLES
from reports.open_data.files import (
    ABOUT,
    DICTIONARY,
    JSON,
    READ_ME,
    SCHEMA,
    NothingToOpen,
    open_data,
)
from tests.unit.published_program import ROUND, context
from tests.unit.published_round import ADJUSTED, EXEMPT_REASON, issue, write_round

PRIVATE = "Đơn vị giải trình riêng, MẪU"


@pytest.fixture
def records(empty_home: Path) -> Iterator[Session]:
    write_round()
    assert (empty_home / "dti.sqlite").is_file()
    with session() as opened:
        yield opened


def table(made: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made[name].decode("utf-8"), newline="")))


def test_the_csv_read_back_is_the_recorded_ranking(records: Session) -> None:
    found = table(open_data(records, context()), "ranking.csv")
    recorded = ranks(records, ROUND)
    assert len(found) == len(recorded) == 9
    for row, entry in zip(found, recorded, strict=True):
        read = RankRecord(
            round_id=row["round"],
            group=row["group"],
            unit=row["unit"],
            points=row["exact"] or None,
            published=row["points"] or None,
            rank=int(row["rank"]) if row["rank"] else None,
            reason=row["reason"] or None,
            status=row["status"],
            max_points=str(Fraction(row["max_points"])),
            percent=row["percent_exact"],
            percent_published=row["percent"],
            grade=row["grade"],
            previous_rank=int(row["previous_rank"]) if row["previous_rank"] else None,
            previous_of=int(row["previous_of"]) if row["previous_of"] else None,
            previous_points=entry.previous_points,  # not told
        )
        assert read.model_dump(exclude={"id"}) == entry.model_dump(exclude={"id"})
        assert row["unit_name"] == context().program.unit[entry.unit].name
    within = {row["unit"]: row["within"] for row in found}
    assert (within["dao-tu"], within["so-y-te"]) == ("Huyện Tam Dương", "")


def test_points_of_pillars_and_criteria_are_the_official_ones(records: Session) -> None:
    made = open_data(records, context())
    _, pillars = official_totals(records, context())
    read = {
        (row["unit"], row["pillar"]): (Fraction(row["exact"]), Fraction(row["max_points"]))
        for row in table(made, "pillars.csv")
    }
    assert read == {key: (total.low, total.max_points) for key, total in pillars.items()}
    criteria = {(row["unit"], row["criterion"]): row for row in table(made, "criteria.csv")}
    official = official_awards(records, context())
    assert criteria.keys() == official.keys()
    for key, row in criteria.items():
        assert (row["exact"] or None, row["points"] or None) == (
            official[key].points,
            official[key].published,
        )
    status = {key: row["status"] for key, row in criteria.items()}
    assert status["so-tu-phap", "2.1"] == "adjusted"
    assert status["so-y-te", "2.1"] == "exempt"
    assert status["ban-dan-toc", "1.2"] == "not_assessed"
    assert status["so-noi-vu", "2.2"] == "awarded"
    assert status["so-noi-vu", "1.1"] == "as_computed"
    assert criteria["so-noi-vu", "2.2"]["points"] == "13.33"
    assert criteria["so-noi-vu", "2.2"]["exact"] == "40/3"
    assert criteria["so-noi-vu", "2.2"]["citation"] == "1/QĐ-UBND, Phụ lục I, mục 2.2"


def read_json(made: dict[str, bytes]) -> tuple[dict[str, Any], dict[str, Any]]:
    return json.loads(made[JSON]), json.loads(made[SCHEMA])


def test_the_json_is_what_its_schema_says_and_holds_the_same_rows(records: Session) -> None:
    made = open_data(records, context())
    content, schema = read_json(made)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(content, schema, jsonschema.Draft202012Validator)
    for name in TABLES:
        as_text = [
            {key: "" if value is None else str(value) for key, value in row.items()}
            for row in content[name]
        ]
        assert as_text == table(made, f"{name}.csv")


@pytest.mark.parametrize(
    ("name", "value"),
    [("rank", "1"), ("points", 46.67), ("exact", "46,67"), ("status", "thua"), ("unit", None)],
)
def test_the_schema_refuses_what_the_data_never_is(
    records: Session, name: str, value: object
) -> None:
    content, schema = read_json(open_data(records, context()))
    content["ranking"][0][name] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema, jsonschema.Draft202012Validator)


def test_every_field_is_in_the_dictionary_with_an_example_from_the_data(records: Session) -> None:
    made = open_data(records, context())
    lines = table(made, DICTIONARY)
    for name, (_, fields) in TABLES.items():
        rows = table(made, f"{name}.csv")
        mine = [line for line in lines if line["tep"] == f"{name}.csv"]
        assert [line["truong"] for line in mine] == list(rows[0]) == [f.name for f in fields]
        for line in mine:
            assert line["y_nghia"]
            assert line["kieu"]
            assert line["nguon"]
            assert "{" not in line["nguon"]
            assert line["vi_du"] in {row[line["truong"]] for row in rows} - {""}
        for field in fields:  # a cell is empty only where the dictionary says why
            if any(row[field.name] == "" for row in rows):
                assert field.empty, (name, field.name)
    assert read_json(made)[0]["dictionary"] == lines


def test_doubts_explanations_and_reasons_stay_inside(records: Session) -> None:
    records.add(
        FlagRecord(
            round_id=ROUND,
            flag_id="f1",
            unit="so-tu-phap",
            criterion="2.1",
            criteria=["2.1"],
            detector="prior_year",
            message=PRIVATE,
            status="listed",
            explanation=PRIVATE,
            officer_reason=PRIVATE,
        )
    )
    records.flush()
    together = b"".join(open_data(records, context()).values()).decode()
    assert not [text for text in (PRIVATE, ADJUSTED, EXEMPT_REASON) if text in together]
    assert "@" not in together


def test_a_draft_says_so_until_the_decision_is_issued(records: Session) -> None:
    made = open_data(records, context())
    assert read_json(made)[0]["draft"] is True
    assert "DỰ THẢO" in made[READ_ME].decode()
    issue(records, "decision", "15", "2024-03-01")
    made = open_data(records, context())
    content, schema = read_json(made)
    assert content["decision"] == {"number": "15/QĐ-UBND", "issued_on": "2024-03-01"}
    assert content["draft"] is False
    jsonschema.validate(content, schema, jsonschema.Draft202012Validator)
    assert "DỰ THẢO" not in made[READ_ME].decode()
    assert content["corrections"] == []
    issue(records, "correction", "16/QĐ-UBND", "2024-03-09")
    made = open_data(records, context())
    assert read_json(made)[0]["decision"]["number"] == "15/QĐ-UBND"
    assert read_json(made)[0]["corrections"] == [
        {"number": "16/QĐ-UBND", "issued_on": "2024-03-09"}
    ]
    assert "đính chính theo văn bản số 16/QĐ-UBND ngày 2024-03-09" in made[READ_ME].decode()


def test_the_same_records_are_the_same_bytes_without_a_byte_order_mark(records: Session) -> None:
    made = open_data(records, context())
    assert made == open_data(records, context())
    assert made.keys() == ABOUT.keys()
    for name, content in made.items():
        assert not content.startswith(b"\xef\xbb\xbf"), name
        assert content.decode("utf-8")
    assert all(name in made[READ_ME].decode() for name in made if name != READ_ME)


def test_a_round_without_a_ranking_has_nothing_to_open(records: Session) -> None:
    for entry in ranks(records, ROUND):
        records.delete(entry)
    records.flush()
    with pytest.raises(NothingToOpen, match=f"dti rank {ROUND}"):
        open_data(records, context())
