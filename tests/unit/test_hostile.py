"""Files made to do harm: each is set aside with a reason, and nothing else changes."""

import io
import re
import signal
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from dti_core.errors import Refused
from dti_core.intake import limits
from dti_core.intake.guard import Guard
from dti_core.intake.layout import NOTE
from dti_core.intake.package import open_package
from dti_core.intake.received import open_received
from dti_core.intake.submission import figures_of
from dti_core.intake.untrusted.fault import TOO_MUCH_MEMORY, TOO_SLOW, Fault
from dti_core.intake.workbook import read_workbook
from dti_core.program.load import RoundContext
from reports.receipt.marked import set_text
from tests.sample.compound import macro
from tests.sample.hostile import HOSTILE, Hostile
from tests.sample.hostile_parts import changed, inserted
from tests.sample.hostile_workbooks import SHEET, farthest_cell_in_disguise, locked
from tests.sample.spoilt import Case, filled, sent_out

_MORE_MEMORY = 64 * 2**20
"""Bytes by which the serving process may grow over all hostile files."""


@pytest.fixture(scope="module")
def good() -> bytes:
    return sent_out("own")[2]


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return sent_out("own")[0]


@pytest.fixture
def answered(tmp_path: Path) -> Case:
    return filled("own", tmp_path, seed=1)


def test_there_are_hostile_files_of_every_kind() -> None:
    assert len(HOSTILE) >= 15
    assert {each.suffix for each in HOSTILE.values()} == {
        ".xlsx",
        ".xlsm",
        ".xls",
        ".ods",
        ".zip",
        ".csv",
    }


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_set_aside_with_its_reason(
    hostile: Hostile, good: bytes, context: RoundContext, tmp_path: Path, answered: Case
) -> None:
    path = tmp_path / f"{hostile.name}{hostile.suffix}"
    path.write_bytes(hostile.make(good))
    before = _tree(tmp_path)
    memory = _memory()
    with pytest.raises(Refused) as refused:
        open_received(path, context)
    reason = str(refused.value)
    assert re.search(hostile.says, reason)
    assert path.name in reason
    assert reason.endswith(".")
    assert "Traceback" not in reason
    assert _memory() - memory < _MORE_MEMORY
    assert _tree(tmp_path) == before
    # the next file is read as if nothing had happened
    read = figures_of(read_workbook(answered.path), context, "x")
    assert len(read.figures) >= len(answered.figures)


def test_a_file_that_takes_too_long_is_given_up(good: bytes) -> None:
    guard = Guard(seconds=30)
    guard.read(good)
    assert guard._process is not None
    guard._process.send_signal(signal.SIGSTOP)  # a file on which the reader hangs
    guard._seconds = 0.2
    with pytest.raises(Fault, match=re.escape(TOO_SLOW)):
        guard.read(good)
    guard._seconds = 30
    assert guard.read(good)["meta"]["provider"] == "so-tu-phap"
    guard.close()


def test_a_file_that_asks_for_too_much_memory_is_given_up(good: bytes) -> None:
    """What passes every check still meets the limits of the reading process."""
    guard = Guard()
    with pytest.raises(Fault, match=re.escape(TOO_MUCH_MEMORY)):
        guard.read(farthest_cell_in_disguise(good))
    assert guard.read(good)["pages"]
    guard.close()


def test_no_reading_process_lives_for_ever(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dti_core.intake.guard._RESTART_AFTER", 2)
    guard = Guard()
    processes = []
    for _ in range(5):
        guard.read(good)
        assert guard._process is not None
        processes.append(guard._process.pid)
    guard.close()
    assert len(set(processes)) == 3


def test_threads_share_one_reading_process(good: bytes) -> None:
    guard = Guard()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(guard.read, [good] * 12))
    guard.close()
    assert all(each == found[0] for each in found)


def test_the_reading_process_gets_nobodys_passwords(
    good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DTI_DATABASE_URL", "postgresql://u:bi-mat@localhost/x")
    guard = Guard()
    guard.read(good)
    assert guard._process is not None
    environment = Path(f"/proc/{guard._process.pid}/environ")
    if not environment.exists():
        guard.close()
        pytest.skip("máy này không có /proc")
    assert b"bi-mat" not in environment.read_bytes()
    guard.close()


def test_a_file_too_large_is_not_even_opened(tmp_path: Path, context: RoundContext) -> None:
    path = tmp_path / "lon.xlsx"
    with path.open("wb") as file:
        file.truncate(limits.FILE + 1)
    with pytest.raises(Refused, match="quá lớn so với biểu mẫu"):
        open_received(path, context)


def test_macros_that_wait_to_be_called_are_told_and_never_run(
    good: bytes, tmp_path: Path, context: RoundContext
) -> None:
    project = macro("Sub DinhDang()\r\nActiveSheet.Columns.AutoFit\r\nEnd Sub\r\n")
    path = tmp_path / "bieu-mau.xlsm"
    path.write_bytes(changed(good, {"xl/vbaProject.bin": project}))
    (notice,) = figures_of(open_received(path, context).workbook, context, path.name).notices
    assert notice == "Tệp bieu-mau.xlsm có macro; phần mềm không chạy macro, chỉ đọc các ô."


def test_pictures_and_links_are_not_unpacked_at_all(
    good: bytes, tmp_path: Path, context: RoundContext
) -> None:
    """A picture does not count against the size of what is read."""
    path = tmp_path / "co-anh.xlsx"
    path.write_bytes(changed(good, {"xl/media/image1.png": b"\x89PNG" + bytes(1_000_000)}))
    assert open_received(path, context).workbook.cells


def test_control_characters_are_not_kept(answered: Case, context: RoundContext) -> None:
    key = next(iter(answered.figures))
    cell = answered.cell(key, NOTE)
    cell.value = "_x0007_chuông_x000D_ và _x0000_không"
    answered.save()
    read = figures_of(read_workbook(answered.path), context, "x")
    assert read.notes[key] == "chuông và không"


INJECTIONS = [
    '=HYPERLINK("http://mau.example","bấm vào đây")',
    "=cmd|' /C calc'!A0",
    "+84 210 000 (gọi =SUM(A1))",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "  =1+1",
    "＝1+1",
    "%0A=1+1",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_text_that_a_spreadsheet_would_run_is_written_as_text(text: str) -> None:
    book = Book()
    set_text(book.active["A1"], text)
    book.save(out := io.BytesIO())
    back = load_workbook(out).active["A1"]
    assert (back.data_type, back.value) == ("s", text)


@pytest.mark.parametrize("text", INJECTIONS)
def test_an_injection_in_an_answer_is_only_quoted_in_the_question(
    text: str, answered: Case, context: RoundContext
) -> None:
    key = next(key for key in answered.figures if answered.variable(key).kind == "count")
    cell = answered.cell(key)
    cell.value, cell.data_type = text, "s"
    answered.save()
    read = figures_of(read_workbook(answered.path), context, "x")
    figure = next(figure for figure in read.figures if figure.key == key)
    assert (figure.status, figure.value) == ("to_ask", None)


def test_a_package_gives_its_evidence_with_names_as_they_were_typed(good: bytes) -> None:
    """Windows in Vietnam writes names in its own code page and says nothing about it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("bieu-mau.xlsx", good)
        archive.writestr("__MACOSX/._bieu-mau.xlsx", b"\0")
        archive.writestr("Thumbs.db", b"\0")
        archive.writestr("MINH-CHUNG-XX.pdf", b"%PDF-1.7")
    # ế in cp1258 is ê and a combining acute
    name, packed = b"MINH-CHUNG-XX.pdf", "MINH-CHUNG-\xea\xec.pdf".encode("latin-1")
    content = out.getvalue().replace(name, packed)
    found = open_package(content, "goi.zip")
    assert [each.name for each in found.evidence] == ["MINH-CHUNG-ế.pdf"]
    assert found.evidence[0].content == b"%PDF-1.7"
    assert len(found.evidence[0].sha256) == 64
    assert found.name == "bieu-mau.xlsx"
    assert found.workbook.provider == "so-tu-phap"


def test_somebodys_own_spreadsheet_in_a_package_is_evidence(good: bytes) -> None:
    own = Book()
    own.active["A1"] = date(2024, 1, 1)
    own.save(sheet := io.BytesIO())
    content = _zip({"bieu-mau.xlsx": good, "bang-ke.xlsx": sheet.getvalue()})
    assert [each.name for each in open_package(content, "goi.zip").evidence] == ["bang-ke.xlsx"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("bieu-mau-2.xlsx", r"có 2 biểu mẫu \(“bieu-mau.xlsx”, “bieu-mau-2.xlsx”\)"),
        ("khoa.xlsx", r"goi\.zip/khoa\.xlsx có mật khẩu"),
    ],
)
def test_a_package_with_a_doubtful_workbook_is_refused(good: bytes, more: str, says: str) -> None:
    other = good if more == "bieu-mau-2.xlsx" else locked(good)
    with pytest.raises(Refused, match=says):
        open_package(_zip({"bieu-mau.xlsx": good, more: other}), "goi.zip")


def test_formulas_among_hostile_ones_do_not_stop_the_reader(
    good: bytes, tmp_path: Path, context: RoundContext
) -> None:
    """A chain of formulas that points at itself, and one as long as a page."""
    cells = b'<row r="900"><c r="A900" t="inlineStr"><is><t>la|x</t></is></c>'
    cells += b'<c r="E900"><f>E900+1</f></c><c r="F900"><f>' + b"1+" * 5000 + b"1</f></c></row>"
    path = tmp_path / "vong.xlsx"
    path.write_bytes(inserted(good, SHEET, b"", b"", cells + b"</sheetData>", b"</sheetData>"))
    with pytest.raises(Refused, match="ô mà đợt"):
        figures_of(open_received(path, context).workbook, context, path.name)


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _tree(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_size) for path in folder.rglob("*"))


def _memory() -> int:
    """Bytes that this process holds; 0 where the system does not tell."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 if status.exists() else 0
