"""The tasks of a province's yearly plan: the shipped table of 833/QĐ-UBND, and tables that offices
type in their own way."""

import json
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from dti_core.intake.task_plan import UnreadableTable, read_tasks
from dti_core.program.load import load_program
from dti_core.records import audit
from dti_core.records.database import session
from dti_core.records.follow_up import follow_up
from dti_core.records.improvement import WHOLE_PROVINCE, plans, write_tasks
from dti_core.scoring.improvement import Line
from flows.cli import app
from tests.unit.improved_program import NOW, PROGRAM, ranked, write_program

pytestmark = pytest.mark.usefixtures("empty_home")

SHIPPED = load_program("vinh-long").folder / "data" / "833-phu-luc-1.csv"

HEAD = ["TT", "Nhiệm vụ", "Mục tiêu", "Cơ quan chủ trì", "Cơ quan phối hợp", "Căn cứ pháp lý"]
ROW = ["1", "Duy trì dịch vụ công", "100%", "Văn phòng UBND tỉnh", "Sở A; Sở B", "Nghị quyết 7"]


def csv_file(folder: Path, *rows: list[str], name: str = "nhiem-vu.csv", sign: str = ";") -> Path:
    file = folder / name
    quoted = [sign.join(f'"{cell}"' for cell in row) for row in rows]
    file.write_text("\n".join(quoted), encoding="utf-8")
    return file


def shipped() -> dict[int, Line]:
    return {line.number: line for line in read_tasks(SHIPPED).lines}


def test_the_shipped_table_has_every_task_of_the_decree() -> None:
    lines = shipped()
    assert list(lines) == list(range(1, 149))
    assert all(line.title and line.target and line.lead for line in lines.values())
    leads = Counter(line.lead for line in lines.values())
    assert leads["Văn phòng UBND tỉnh"] == 10
    assert leads["Sở Y tế"] == 6
    assert sum(not line.partners for line in lines.values()) == 6
    assert sum(not line.basis for line in lines.values()) == 2


@pytest.mark.parametrize(
    ("number", "target", "lead", "basis"),
    [
        (1, "100%", "Văn phòng UBND tỉnh", "Nghị quyết số 07-NQ/TU ngày 16/11/2022"),
        (21, ">50%", "Các sở, ban, ngành tỉnh, UBND cấp huyện, UBND cấp xã", None),
        # the published copy lost a letter: kept as it stands
        (27, "50%", "Các ở, ban, ngành tỉnh, UBND cấp huyện, UBND cấp xã", None),
        (37, None, "Sở Khoa học và Công nghệ", ""),
        # its second figure stands on a row of its own in the published copy
        (
            96,
            "20%\n40%",
            "Ngân hàng Nhà nước VN CN Vĩnh Long; các ngân hàng thương mại trên địa bàn",
            "Quyết định số 2620/QĐ-UBND ngày 30/9/2020",
        ),
        (100, "300 cá nhân, cơ sở, doanh nghiệp\n600 sản phẩm\n100 giao dịch", None, None),
        (
            148,
            "Hoàn thành các mục tiêu của Kế hoạch",
            "Sở Xây dựng",
            "Quyết định số 950/QĐ-TTg ngày 01/8/2018",
        ),
    ],
)
def test_shipped_tasks_are_as_written(
    number: int, target: str | None, lead: str | None, basis: str | None
) -> None:
    line = shipped()[number]
    for found, wanted in ((line.target, target), (line.lead, lead), (line.basis, basis)):
        assert wanted is None or found == wanted


def test_damaged_places_are_named_beside_the_text() -> None:
    import csv

    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    notes = {row[0]: row[7] for row in rows[3:] if row[7]}
    assert "833/QĐ-UBND" in rows[1][0]
    assert "Các ở, ban, ngành" in notes["27"]
    assert "40%" in notes["96"]
    assert {row[1] for row in rows[3:]} == {
        "I. CHÍNH QUYỀN SỐ",
        "II. KINH TẾ SỐ",
        "III. XÃ HỘI SỐ",
    }


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_columns_are_known_by_their_words_in_any_order(tmp_path: Path, sign: str) -> None:
    order = [3, 5, 1, 4, 2, 0]
    head = [HEAD[place].upper() for place in order]
    rows = [["Kế hoạch năm 2023", *[""] * 5], head, [ROW[place] for place in order]]
    (line,) = read_tasks(csv_file(tmp_path, *rows, sign=sign)).lines
    assert line == Line(
        1,
        None,
        ROW[1],
        target="100%",
        lead=ROW[3],
        partners=("Sở A", "Sở B"),
        basis=ROW[5],
    )


def test_an_excel_table_is_read_as_it_is_shown(tmp_path: Path) -> None:
    import datetime

    book = Workbook()
    page = book.active
    page.append(["Phụ lục"])
    page.append(["STT", "Nội dung nhiệm vụ", "Chỉ tiêu", "Chủ trì", "Thời hạn"])
    page.append([None, "I. Chính quyền số"])
    page.append([1, "Dịch vụ công", 0.85, "Văn phòng", datetime.date(2023, 12, 31)])
    page["C4"].number_format = "0%"
    page.append([2, "Tin, bài", 20, "Sở A", "Hằng năm"])
    page.append([])
    page.append([3, "Chưa rõ mức", None, "Sở B"])
    file = tmp_path / "b.xlsx"
    book.save(file)
    found = read_tasks(file)
    assert [(e.number, e.target, e.deadline) for e in found.lines] == [
        (1, "85%", "31/12/2023"),
        (2, "20", "Hằng năm"),
        (3, "", ""),
    ]
    (notice,) = found.notices
    assert "dòng 7 (Chưa rõ mức): chưa có mục tiêu" in notice


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["TT", "Nhiệm vụ", "Cơ quan chủ trì"], ["1", "a", "b"]], "không có cột “Mục tiêu”"),
        ([HEAD, ["1", "", "100%", "Sở A", "", ""]], "dòng 2: không có tên nhiệm vụ"),
        ([HEAD, ["1", "Việc", "100%", "", "", ""]], "dòng 2 (Việc): chưa có cơ quan chủ trì"),
        ([HEAD, ROW, ROW], "dòng 3: số thứ tự 1 đã có ở dòng 2"),
        ([HEAD, ["1a", *ROW[1:]]], "số thứ tự “1a” không phải số"),
        ([[*HEAD, "Mục tiêu 2025"], [*ROW, "x"]], "hai cột cùng nghĩa với “Mục tiêu 2025”"),
        ([HEAD, [""] * 6], "không có nhiệm vụ nào"),
    ],
)
def test_a_table_in_doubt_is_refused_with_its_lines(
    tmp_path: Path, rows: list[list[str]], told: str
) -> None:
    with pytest.raises(UnreadableTable) as refused:
        read_tasks(csv_file(tmp_path, *rows))
    assert told in str(refused.value)
    assert "nhiem-vu.csv" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"%PDF-1.7", "không phải .csv hay .xlsx"),
        ("a.xlsx", b"khong phai", "không phải bảng tính"),
    ],
)
def test_another_kind_of_file_is_refused(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableTable, match=told):
        read_tasks(tmp_path / name)


def test_an_import_replaces_the_one_before_and_changes_nothing_twice() -> None:
    with session() as records:
        assert write_tasks(records, "vinh-long", 2022, read_tasks(SHIPPED).lines, "a", "x") == 148
        assert write_tasks(records, "vinh-long", 2022, read_tasks(SHIPPED).lines, "a", "x") == 0
        fewer = read_tasks(SHIPPED).lines[:100]
        assert write_tasks(records, "vinh-long", 2022, fewer, "b", "x") == 48
    with session() as records:
        kept = plans(records, "vinh-long", 2022)
        assert [each.number for each in kept] == list(range(1, 101))
        assert {(each.unit, each.criterion) for each in kept} == {(WHOLE_PROVINCE, None)}
        assert audit.verify(records, "vinh-long") == []


def test_the_command_finds_the_table_that_ships() -> None:
    run = CliRunner()
    command = ["improve", "import", "vinh-long", "data/833-phu-luc-1.csv", "--year", "2023"]
    done = run.invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "148 nhiệm vụ, 148 mới" in done.output
    assert "dti improve follow-up vinh-long/2024-06" in done.output
    again = run.invoke(app, command)
    assert "148 nhiệm vụ, 0 mới" in again.output


def test_tasks_stand_beside_the_rounds_plans() -> None:
    write_program()
    with session() as records:
        lines = [Line(1, None, "Việc chung", target="80%", lead="Sở A")]
        write_tasks(records, PROGRAM, 2022, lines, "x.csv", "test")
    now = ranked(NOW, {}, {})
    with session() as records:
        (found,) = follow_up(records, now).lines
    assert (found.unit, found.verdict) == (None, "unknown")
    assert "cơ quan chủ trì báo cáo" in found.why
    shown = json.loads(CliRunner().invoke(app, ["improve", "follow-up", NOW, "--json"]).output)
    assert shown["lines"][0]["title"] == "Việc chung"
