"""The extract for the agency in charge of personnel: only of an issued result; offices, no
names."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from dti_core.program.load import RoundContext
from dti_core.records import audit
from dti_core.records.collecting import Asked, record_requests
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.figures import receive
from dti_core.records.official import official_awards
from dti_core.records.rounds import DRAFT
from dti_core.records.tables import FlagRecord, IssueRecord
from reports.personnel import NoExtract, personnel_workbook
from tests.unit.improved_program import LAST, NOW, ranked, write_program
from tests.unit.tampered import change_award

pytestmark = pytest.mark.usefixtures("empty_home")

LOST = {("so-tttt", "2.1"): 0, ("so-noi-vu", "2.1"): 10}
GRADES = {
    "value": [{"name": "Tốt", "at_least": "99%"}, {"name": "Khá", "at_least": "50%"}],
    "basis": "ví dụ",
    "decided_on": "2023-01-02",
}


def this_year(**more: Any) -> RoundContext:
    """Two ranked years; in the second so-tttt fell behind and so-noi-vu climbed."""
    write_program(**{"personnel": "so-noi-vu", **more})
    ranked(LAST, {}, {("so-noi-vu", "2.1"): 0})
    return ranked(NOW, {}, LOST)


def issue(context: RoundContext, number: str = "15/QĐ-UBND") -> None:
    """Record that the result was signed and issued as it stands."""
    with session() as records:
        records.add(
            IssueRecord(
                round_id=context.id,
                kind="decision",
                number=number,
                issued_on="2024-03-29",
                digest=digest_of(records, context.id, DRAFT),
                document="documents/quyet-dinh.docx",
                content="0" * 64,
                actor="test",
                at=audit.now(),
            )
        )


def extract(context: RoundContext) -> tuple[list[str], dict[str, dict[str, Any]]]:
    """What stands above the table, and its rows by unit and heading."""
    with session() as records:
        content = personnel_workbook(records, context)
    page = load_workbook(io.BytesIO(content))["Trích kết quả"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    top = next(place for place, row in enumerate(rows) if row[0] == "TT")
    about = [str(row[0]) for row in rows[:top] if row[0]]
    return about, {row[1]: dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]}


def test_nothing_is_handed_over_before_the_issue() -> None:
    context = this_year()
    with session() as records, pytest.raises(NoExtract, match=f"dti publish {NOW} --issued"):
        personnel_workbook(records, context)


def test_the_program_must_name_who_takes_it() -> None:
    context = this_year(personnel=None)
    with session() as records, pytest.raises(NoExtract, match="khóa personnel"):
        personnel_workbook(records, context)


def test_a_result_that_changed_since_is_not_handed_over() -> None:
    context = this_year()
    issue(context)
    with session() as records:
        kind = official_awards(records, context)["so-tttt", "2.1"].kind
        now = dict.fromkeys(("points", "low", "high", "published"), "20")
        change_award(records, context.id, "so-tttt", "2.1", kind, **now)
    with session() as records, pytest.raises(NoExtract, match=r"15/QĐ-UBND.*--correct"):
        personnel_workbook(records, context)


def test_each_unit_stands_with_its_place_and_its_change() -> None:
    content = this_year()
    issue(content)
    about, rows = extract(content)
    assert any("Nơi nhận: Sở Nội vụ" in line for line in about)
    assert any("15/QĐ-UBND ngày 29/03/2024" in line for line in about)
    assert content.round.illustration in about
    assert list(rows) == [
        "Văn phòng UBND tỉnh",
        "Sở Y tế",
        "Sở Nội vụ",
        "Sở Thông tin và Truyền thông",
    ]
    one = rows["Sở Nội vụ"]
    # last year 980 points and place 4 of 4
    assert (one["Điểm"], one["Điểm tối đa"], one["Tỷ lệ (%)"]) == (990, 1000, 99)
    assert (one["Hạng"], one["Số đơn vị xếp hạng"]) == (3, 4)
    assert (one["Hạng năm trước"], one["Tăng, giảm hạng"], one["Tăng, giảm điểm"]) == (4, 1, 10)
    # so-y-te is so-dan-so of last year, which shared the first place
    assert rows["Sở Y tế"]["Hạng năm trước"] == 1


def test_offices_stand_instead_of_names() -> None:
    context = this_year()
    issue(context)
    _, rows = extract(context)
    assert rows["Sở Thông tin và Truyền thông"]["Chức vụ người đứng đầu"] == "Giám đốc"
    assert rows["Sở Y tế"]["Chức vụ người đứng đầu"] == "Người đứng đầu"


def test_late_files_and_unanswered_doubts_are_counted() -> None:
    context = this_year()
    due = context.round.closes.on
    with session() as records:
        asked = [
            Asked(unit, kind, due, 10, f"out/{unit}.xlsx", "0" * 64)
            for unit in ("so-y-te", "so-noi-vu")
            for kind in ("own", "about_units")
        ]
        record_requests(records, NOW, asked, "test")
        for unit, days in (("so-y-te", 3), ("so-noi-vu", -1)):
            arrived = datetime.combine(due, datetime.min.time(), UTC) + timedelta(days=days)
            receive(
                records,
                NOW,
                unit,
                f"{unit}:own",
                unit[-1] * 64,
                "a.xlsx",
                "test",
                arrived.isoformat(),
            )
        for number, status in enumerate(("unanswered", "open", "accepted", "listed"), 1):
            answered = "kept" if status == "accepted" else None
            records.add(
                FlagRecord(
                    round_id=NOW,
                    flag_id=f"n{number}",
                    unit="so-y-te",
                    criterion="2.1",
                    criteria=["2.1"],
                    detector="x",
                    message="x",
                    status=status,
                    decision=answered,
                    explanation=answered,
                )
            )
    issue(context)
    _, rows = extract(context)
    told = ("Tệp gửi muộn", "Tệp chưa gửi", "Nghi vấn không giải trình")
    assert [rows["Sở Y tế"][name] for name in told] == [1, 1, 2]
    assert [rows["Sở Nội vụ"][name] for name in told] == [0, 1, 0]
    assert [rows["Văn phòng UBND tỉnh"][name] for name in told] == [0, 0, 0]


def test_the_same_records_are_the_same_bytes() -> None:
    context = this_year()
    issue(context)
    with session() as records:
        assert personnel_workbook(records, context) == personnel_workbook(records, context)


def test_grades_stand_where_the_program_has_them() -> None:
    write_program(personnel="so-noi-vu")
    from dti_core.program.load import load_program

    policies = load_program("khac-phuc").policies.model_dump(mode="json", exclude_none=True)
    context = this_year(policies={**policies, "grades": GRADES})
    issue(context)
    _, rows = extract(context)
    grades = {name: row["Xếp loại"] for name, row in rows.items()}
    assert grades["Sở Nội vụ"] == "Tốt"
    assert grades["Sở Thông tin và Truyền thông"] == "Khá"
