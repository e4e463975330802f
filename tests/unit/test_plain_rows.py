"""Rows written as plain values end as the records, and the seals, of rows written one by one."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, select

from dti_core.program.load import load_round
from dti_core.records import plain_rows as module
from dti_core.records.database import session
from dti_core.records.plain_rows import plain_rows, replace_rows, table_of
from dti_core.records.rounds import open_round
from dti_core.records.seals import broken
from dti_core.records.tables import FindingRecord, SealRecord
from dti_core.records.trouble import told, written_between

ROUND = "vinh-long/2024-06"
OF = [col(FindingRecord.round_id) == ROUND]
KEY = ("unit", "criterion", "variable", "rule")


def finding(unit: str, message: str, cell: str | None) -> dict[str, Any]:
    """The columns of a finding."""
    return {
        "round_id": ROUND,
        "unit": unit,
        "criterion": "1.1",
        "variable": "a",
        "rule": "required",
        "severity": "fatal",
        "message": message,
        "file": None,
        "sheet": None,
        "cell": cell,
    }


findings = st.dictionaries(
    st.sampled_from(["so-a", "so-b", "so-c", "so-d"]),
    st.tuples(st.sampled_from(["thiếu", "sai đơn vị"]), st.sampled_from([None, "C7"])),
).map(lambda found: [finding(unit, *told) for unit, told in found.items()])


def seals(records: Session) -> dict[tuple[str, str, str], int]:
    """How many rows each seal of the table counts."""
    wanted = select(SealRecord).where(SealRecord.name == "finding")
    return {(each.scope, each.name, each.part): each.rows for each in records.exec(wanted)}


def as_they_are() -> dict[tuple[str, ...], tuple[int, dict[str, Any]]]:
    """Key → number and columns of every row."""
    found = {}
    with session() as records:
        for row in plain_rows(records, FindingRecord, OF):
            values = dict(row._mapping)
            number = values.pop("id")
            found[tuple(values[name] for name in KEY)] = number, values
    return found


@pytest.mark.usefixtures("database")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(findings, min_size=1, max_size=4))
def test_the_rows_are_the_newest_and_their_seals_fit(writings: list[list[dict[str, Any]]]) -> None:
    with session() as records:
        open_round(records, load_round(ROUND), "test")
    for new in writings:
        before = as_they_are()
        with session() as records:
            changed = replace_rows(records, FindingRecord, OF, new, KEY)
        after = as_they_are()
        old, now = ({key: row for key, (_, row) in each.items()} for each in (before, after))
        assert now == {tuple(row[name] for name in KEY): row for row in new}
        assert changed == sum(old.get(key) != now.get(key) for key in old | now)
        for key in old.keys() & now.keys():
            assert before[key][0] == after[key][0], "a row that stays keeps its number"
        with session() as records:
            assert broken(records) == []
            sealed = {part: rows for (_, _, part), rows in seals(records).items() if rows}
            assert sealed == dict.fromkeys((row["unit"] for row in new), 1)


@pytest.mark.usefixtures("database")
def test_an_object_that_was_read_before_says_what_the_row_says_now() -> None:
    with session() as records:
        open_round(records, load_round(ROUND), "test")
        replace_rows(records, FindingRecord, OF, [finding("so-a", "thiếu", None)], KEY)
        (read,) = records.exec(select(FindingRecord)).all()
        assert read.message == "thiếu"
        replace_rows(records, FindingRecord, OF, [finding("so-a", "sai đơn vị", "C7")], KEY)
        assert (read.message, read.cell) == ("sai đơn vị", "C7")


@pytest.mark.usefixtures("database")
def test_a_row_that_somebody_takes_away_meanwhile_stops_the_writer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with session() as records:
        open_round(records, load_round(ROUND), "test")
        replace_rows(records, FindingRecord, OF, [finding("so-a", "thiếu", None)], KEY)
    read = plain_rows

    def read_and_be_late(*given: Any) -> Any:
        rows = read(*given)
        records.rollback()  # nothing is held while the other one writes
        monkeypatch.setattr(module, "plain_rows", read)
        with session() as other:
            replace_rows(other, FindingRecord, OF, [], KEY)
        return rows

    monkeypatch.setattr(module, "plain_rows", read_and_be_late)
    with pytest.raises(StaleDataError) as error, session() as records:
        replace_rows(records, FindingRecord, OF, [finding("so-a", "sai đơn vị", "C7")], KEY)
    assert written_between(error.value), "the stage tries again"
    assert "Người khác vừa ghi" in str(told(error.value))
    with session() as records:
        assert plain_rows(records, FindingRecord, OF) == []
        assert broken(records) == []


@pytest.mark.usefixtures("database")
def test_an_object_of_another_row_stays_readable() -> None:
    with session() as records:
        open_round(records, load_round(ROUND), "test")
        both = [finding(unit, "thiếu", None) for unit in ("so-a", "so-b")]
        replace_rows(records, FindingRecord, OF, both, KEY)
        by_unit = {each.unit: each for each in records.exec(select(FindingRecord))}
        replace_rows(records, FindingRecord, OF, [*both[:1], finding("so-c", "x", None)], KEY)
    assert by_unit["so-a"].message == "thiếu"


@pytest.mark.usefixtures("database")
def test_what_the_session_still_has_to_write_counts_as_written() -> None:
    with session() as records:
        open_round(records, load_round(ROUND), "test")
        records.add(FindingRecord(**finding("so-a", "thiếu", None)))
        assert replace_rows(records, FindingRecord, OF, [finding("so-a", "thiếu", None)], KEY) == 0
        assert replace_rows(records, FindingRecord, OF, [], KEY) == 1
    with session() as records:
        assert broken(records) == []


@pytest.mark.usefixtures("database")
def test_rows_by_the_thousand_are_all_sealed() -> None:
    many = [finding(f"xa-{number}", "thiếu", None) for number in range(3000)]
    with session() as records:
        open_round(records, load_round(ROUND), "test")
        assert replace_rows(records, FindingRecord, OF, many, KEY) == 3000
    with session() as records:
        assert broken(records) == []
        rows = plain_rows(records, FindingRecord, OF)
        assert [row.unit for row in rows] == [each["unit"] for each in many], "in their order"
        assert set(table_of(FindingRecord).columns.keys()) == set(rows[0]._mapping)
