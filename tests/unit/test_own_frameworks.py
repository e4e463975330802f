"""`dti frameworks export` and `import`: a province's own framework, and what keeps it safe."""

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from dti_core.framework.check import require_openable
from dti_core.framework.check.ready import NotReady
from dti_core.framework.load import load_framework
from dti_core.framework.model import Criterion, Provider
from dti_core.intake.framework_workbook import BrokenFrameworkWorkbook
from dti_core.intake.own_frameworks import NotKept
from flows.cli import app
from flows.commands.framework_files import NotExported
from flows.commands.terminal import out
from reports.framework_workbook import framework_workbook
from tests.unit.framework_workbooks import SAMPLE, Edited, same

OWN = "tinh-a-2025/so"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DTI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(out, "width", 1000)
    return tmp_path / "home"


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "decrees" / "tinh-a-2025"


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path / "bo-chi-so.xlsx")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["frameworks", *map(str, arguments)])


def done(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exception is None, result.exception
    return result.output


def refused(kind: type[Exception], *arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, kind), (result.exception, result.output)
    return str(result.exception)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_a_province_makes_its_own_copy_of_what_ships(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "xuat" / "bo-chi-so.xlsx"
    told = done("export", SAMPLE, path)
    assert f"Đã ghi {path}: 6 chỉ số chính, 51 tiêu chí, 600 điểm." in told
    told = done("import", path, "--as", OWN)
    assert f"Đã ghi {OWN} vào {folder}. So với {SAMPLE}: không khác." in told
    assert "phần mềm dùng tệp ở đó trước bộ cùng mã đi kèm" in told
    assert f"Bước tiếp theo: dti frameworks check {OWN}" in told.replace(".venv/bin/", "")
    assert [*files(folder)] == ["decree.yaml", "so.yaml"]
    own, shipped = load_framework(OWN), load_framework(SAMPLE)
    decree = shipped.decree.model_copy(update={"id": "tinh-a-2025"})
    assert same(own, shipped.model_copy(update={"id": OWN, "decree": decree}))


def test_what_ships_is_never_written_over(edited: Edited, home: Path) -> None:
    told = refused(NotKept, "import", edited.path)
    assert told.startswith(f"Bộ chỉ số {SAMPLE} đi kèm phần mềm nên không ghi đè: một tệp cùng mã")
    assert "--as vinh-long-mau-rieng/so" in told
    assert refused(NotKept, "import", edited.path, "--replace") == told
    assert refused(NotKept, "import", edited.path, "--as", SAMPLE) == told
    assert not home.exists()


def test_the_same_workbook_again_changes_nothing(edited: Edited, folder: Path) -> None:
    done("import", edited.path, "--as", OWN)
    before = files(folder)
    told = done("import", edited.path, "--as", OWN)
    assert f"Bộ chỉ số {OWN} không có gì thay đổi." in told
    done("export", OWN, edited.path, "--replace")
    told = done("import", edited.path, "--replace")
    assert f"Bộ chỉ số {OWN} không có gì thay đổi." in told
    assert files(folder) == before


def test_an_own_framework_is_replaced_when_asked_and_the_earlier_files_stay(
    edited: Edited, folder: Path
) -> None:
    done("import", edited.path, "--as", OWN)
    first = files(folder)
    edited.put("Tiêu chí", "2.1", "Điểm tối đa", 10)
    edited.put("Tiêu chí", "2.2", "Điểm tối đa", 20)
    edited.book.save(edited.path)
    told = refused(NotKept, "import", edited.path, "--as", OWN)
    assert "đã có so.yaml với nội dung khác. Thêm --replace để thay" in told
    assert "so.yaml.bak-1" in told
    assert files(folder) == first
    told = done("import", edited.path, "--as", OWN, "--replace")
    assert f"So với {OWN}: sửa 2 mục (2.1, 2.2)." in told
    second = files(folder)
    assert [*second] == ["decree.yaml", "so.yaml", "so.yaml.bak-1"]
    assert second["so.yaml.bak-1"] == first["so.yaml"] != second["so.yaml"]
    assert load_framework(OWN).by_code["2.1"].max_points == 10
    edited.put("Cơ quan", "so-noi-vu", "Tên cơ quan", "Sở Nội vụ và Lao động")
    edited.put("Tiêu chí", "2.1", "Điểm tối đa", 15)
    edited.put("Tiêu chí", "2.2", "Điểm tối đa", 15)
    edited.book.save(edited.path)
    told = done("import", edited.path, "--as", OWN, "--replace")
    assert "sửa 2 mục (2.1, 2.2); sửa cơ quan." in told
    third = files(folder)
    assert third["so.yaml.bak-2"] == second["so.yaml"]
    assert third["decree.yaml.bak-2"] == first["decree.yaml"]
    assert third["so.yaml.bak-1"] == first["so.yaml"]


def test_rows_that_come_and_go_are_told_in_one_line(edited: Edited) -> None:
    edited.put("Tiêu chí", "6.20", "Mã mục", "6.21")
    for nth in (1, 0):
        edited.put("Số liệu", "6.20", "Mục", "6.21", nth)
    edited.book.save(edited.path)
    told = done("import", edited.path, "--as", OWN)
    assert f"So với {SAMPLE}: thêm 1 mục (6.21); bỏ 1 mục (6.20)." in told


def test_a_broken_workbook_writes_nothing(edited: Edited, home: Path) -> None:
    edited.put("Tiêu chí", "2.1", "Loại quy tắc", "Gì đó")
    edited.put("Tiêu chí", "2.2", "Điểm tối đa", "1.000")
    edited.book.save(edited.path)
    told = refused(BrokenFrameworkWorkbook, "import", edited.path, "--as", OWN)
    assert told.startswith("Tệp bo-chi-so.xlsx có 2 chỗ phải sửa; chưa ghi gì cả:")
    assert "1. trang “Tiêu chí”, ô G9, mục 2.1" in told
    assert "2. trang “Tiêu chí”, ô E10, mục 2.2" in told
    assert not home.exists()


def test_another_level_of_the_same_decree_stays_readable(edited: Edited, folder: Path) -> None:
    done("import", edited.path, "--as", OWN)
    villages = Edited(edited.path.with_name("xa.xlsx"))
    for row in villages.book["Văn bản"].iter_rows():
        if row[0].value == "Cấp được đánh giá":
            row[1].value = "Cấp xã"
    villages.book.save(villages.path)
    done("import", villages.path, "--as", "tinh-a-2025/xa")
    before = files(folder)
    for row in edited.book["Văn bản"].iter_rows():
        if row[0].value == "Số, ký hiệu":
            row[1].value = "1/QĐ-UBND"
    edited.book.save(edited.path)
    told = refused(NotKept, "import", edited.path, "--as", OWN, "--replace")
    assert "Bộ chỉ số tinh-a-2025/xa dùng chung văn bản này và sẽ không đọc được nữa" in told
    assert files(folder) == before


@pytest.mark.parametrize(
    ("framework_id", "told"),
    [
        ("Tỉnh A/so", "Mã “Tỉnh A/so” viết sai dạng."),
        ("tinh-a", "Mã “tinh-a” viết sai dạng."),
        ("tinh-a/phuong", "cấp là một trong tinh, so, huyen, xa"),
        ("tinh-a/xa", "Bảng tính ghi cấp “so” nhưng mã “tinh-a/xa” là cấp “xa”."),
        ("../../so", "viết sai dạng"),
    ],
)
def test_an_id_that_cannot_be_is_refused(
    edited: Edited, framework_id: str, told: str, home: Path
) -> None:
    assert told in refused(NotKept, "import", edited.path, "--as", framework_id)
    assert not home.exists()


def test_an_exported_workbook_is_not_lost_to_another_export(tmp_path: Path) -> None:
    path = tmp_path / "bo-chi-so.xlsx"
    done("export", SAMPLE, path)
    book = load_workbook(path)
    book["Tiêu chí"]["B4"] = "đang sửa"
    book.save(path)
    assert f"Đã có tệp {path}." in refused(NotExported, "export", SAMPLE, path)
    assert load_workbook(path)["Tiêu chí"]["B4"].value == "đang sửa"
    done("export", SAMPLE, path, "--replace")
    assert load_workbook(path)["Tiêu chí"]["B4"].value != "đang sửa"
    assert "phải kết thúc bằng .xlsx" in refused(NotExported, "export", SAMPLE, tmp_path / "a.csv")


def test_what_a_workbook_cannot_keep_is_not_exported(
    edited: Edited, folder: Path, tmp_path: Path
) -> None:
    done("import", edited.path, "--as", OWN)
    file = folder / "so.yaml"
    text = file.read_text(encoding="utf-8")
    name = "Kế hoạch chuyển đổi số 5 năm của cơ quan (MẪU)"
    file.write_text(text.replace(f"name: {name}", f'name: " {name}"'), encoding="utf-8")
    told = refused(NotExported, "export", OWN, tmp_path / "khac.xlsx")
    assert "bảng tính không giữ được nguyên vẹn" in told
    assert "sửa 1 mục (2.2)" in told
    assert [*tmp_path.glob("*.xlsx")] == [edited.path]


def test_the_other_commands_do_not_wait_for_spreadsheets() -> None:
    heavy = (
        "import sys, flows.cli;"
        "print([name for name in ('openpyxl', 'xlsxwriter', 'docxtpl') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_frame_that_ships_is_completed_under_its_own_name(tmp_path: Path, home: Path) -> None:
    """2554's Phụ lục II–V are not in the text: a province adds the criteria to the frame."""
    frame = load_framework("vinh-long-2554/so")
    sample = load_framework(SAMPLE)
    number = frame.decree.number

    def cited(row: Criterion) -> Criterion:
        return row.model_copy(
            update={
                "citation": row.citation.model_copy(update={"decree": number}),
                "provider": Provider(relative="self"),
                "verifier": None,
                "children": tuple(cited(child) for child in row.children),
                "variables": {
                    name: variable.model_copy(update={"provider": None})
                    for name, variable in row.variables.items()
                },
            }
        )

    pillars = [
        empty.model_copy(update={"criteria": tuple(cited(row) for row in full.criteria)})
        for empty, full in zip(frame.pillars, sample.pillars, strict=True)
    ]
    path = tmp_path / "so.xlsx"
    path.write_bytes(framework_workbook(frame.model_copy(update={"pillars": tuple(pillars)})))
    with pytest.raises(NotReady):
        require_openable(frame)
    done("import", path)
    completed = load_framework("vinh-long-2554/so")
    assert len(completed.criteria) == completed.criteria_stated == 51
    require_openable(completed)
    assert sorted(file.name for file in (home / "decrees" / "vinh-long-2554").iterdir()) == [
        "decree.yaml",
        "so.yaml",
    ]


def test_the_list_tells_how_many_criteria_a_frame_still_lacks() -> None:
    told = done("list")
    assert [f"0 trên {stated}" in told for stated in (51, 79, 63)] == [True] * 3
