"""What lies in the inbox: figures, explanations, points in every format; and what is told back."""

import io
import subprocess
import zipfile
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from dti_core.intake.layout import CORRECTED, DECISION, REASON
from dti_core.plausibility.flag import Flag
from dti_core.program.load import RoundContext
from dti_core.records import evidence
from dti_core.records.collecting import Remark, quarantined, remarks, write_remarks
from dti_core.records.confirmations import newest
from dti_core.records.database import session
from dti_core.records.figures import current_figures
from dti_core.records.files import round_folder
from dti_core.records.flags import ANSWERED, OPEN, all_flags, write_flags
from dti_core.records.outbox import notifications
from dti_core.records.scoring import score_round
from dti_core.records.tables import AuditRecord, FindingRecord
from reports.receipt.marked import GRAVE, RECEIPT, WRONG
from reports.workbooks.appraisal import AppraisalRow, appraisal_workbook
from reports.workbooks.earlier import earlier_workbook
from reports.workbooks.explanation import explanation_workbook
from tasks.appraising import appraise
from tasks.collecting import Collected, collect
from tasks.explaining import explain
from tasks.receipts import give_receipts
from tests.unit.collected_round import approves, lies, scribbles, sends
from tests.unit.reminded_round import DUE, ROUND, opened

UNIT = "so-y-te"
FLAG = Flag(UNIT, "1.2.2", "a", "prior_year", "Tăng gấp mười lần.", Fraction(80), Fraction(8))
PDF = b"%PDF-1.7 scan"
NO_RESULT = '=COUNTIF(A1:A9,"x")'


@pytest.fixture
def context(empty_home: Path) -> RoundContext:
    assert empty_home.is_dir()
    return opened({})


@pytest.fixture
def doubted(context: RoundContext) -> RoundContext:
    """The unit has sent its figures, and one of them is doubted."""
    sends(context, UNIT, {("1.2.2|a", "value"): 80, ("1.2.2|b", "value"): 90})
    collect(context, "test")
    with session() as records:
        write_flags(records, ROUND, [FLAG], {}, "test")
    return context


def aside() -> list[str]:
    with session() as records:
        return [each.reason for each in quarantined(records, ROUND)]


def flag_status() -> str:
    with session() as records:
        (flag,) = all_flags(records, ROUND)
    return flag.status


def explanation(context: RoundContext, name: str = "giai-trinh.xlsx", **typed: object) -> Path:
    answers = {(FLAG.id, column): value for column, value in typed.items()}
    return lies(explanation_workbook(context, UNIT, [FLAG]), name, answers, DUE)


def zipped(path: Path, **files: bytes) -> Path:
    """The workbook and what lies beside it, in one ZIP; the workbook itself is gone."""
    target = path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w") as package:
        package.writestr(path.name, path.read_bytes())
        for name, content in files.items():
            package.writestr(name.replace("_", "."), content)
    path.unlink()
    return target


CHANGED = {DECISION: "Điều chỉnh", CORRECTED: 8, REASON: "Gõ thừa một số 0, theo QD12.pdf"}


def test_an_explanation_in_a_zip_is_read_and_its_evidence_kept(doubted: RoundContext) -> None:
    zipped(explanation(doubted, **CHANGED), QD12_pdf=PDF, la_pdf=b"<html>")
    assert explain(doubted, "test") == 1
    assert explain(doubted, "test") == 0
    with session() as records:
        figure = current_figures(records, ROUND)[UNIT, "1.2.2", "a"]
        links = [(each.criterion, each.variable) for each in evidence.links(records, ROUND)]
        told = [each.text for each in remarks(records, ROUND)[2]]
    assert (figure.value, flag_status(), links) == (8, ANSWERED, [("1.2.2", "a")])
    assert any("la.pdf" in text for text in told)
    assert aside() == []


@pytest.mark.tools
def test_an_explanation_saved_as_ods_is_read(doubted: RoundContext, tmp_path: Path) -> None:
    path = explanation(doubted, **CHANGED)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/office",
            "--headless",
            "--convert-to",
            "ods",
            "--outdir",
            str(path.parent),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    path.unlink()
    assert explain(doubted, "test") == 1
    assert flag_status() == ANSWERED


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        (CORRECTED, NO_RESULT, "chưa có kết quả trong tệp"),
        (CORRECTED, "60-70", "60-70"),
        (CORRECTED, "nhiều", "“nhiều”"),
        (REASON, NO_RESULT, "chưa có kết quả trong tệp"),
    ],
)
def test_a_doubtful_cell_of_an_explanation_is_asked_about_and_nothing_is_taken(
    doubted: RoundContext, column: str, value: str, says: str
) -> None:
    path = explanation(doubted, **{**CHANGED, column: value})
    cell = next(
        each
        for row in load_workbook(path)["Giải trình"].iter_rows()
        for each in row
        if each.value == value
    )
    assert explain(doubted, "test") == 0
    (reason,) = aside()
    assert reason.startswith(f"Tệp giai-trinh.xlsx, trang “Giải trình”, ô {cell.coordinate}: ")
    assert says in reason
    assert flag_status() == OPEN
    with session() as records:
        assert current_figures(records, ROUND)[UNIT, "1.2.2", "a"].value == 80


def test_a_figure_may_be_corrected_to_not_available(doubted: RoundContext) -> None:
    explanation(doubted, **{**CHANGED, CORRECTED: "chưa thống kê"})
    assert explain(doubted, "test") == 1
    with session() as records:
        figure = current_figures(records, ROUND)[UNIT, "1.2.2", "a"]
    assert (figure.status, figure.value) == ("not_available", None)


def test_an_explanation_after_the_draft_is_approved_is_set_aside(doubted: RoundContext) -> None:
    explanation(doubted, **CHANGED)
    approves("du-thao", "Giám đốc")
    assert explain(doubted, "test") == 0
    (reason,) = aside()
    assert "đến sau khi dự thảo kết quả" in reason
    assert f"dti rounds reopen {ROUND} {UNIT} --reason" in reason


def test_an_unreadable_file_is_set_aside_by_every_stage_that_reads(context: RoundContext) -> None:
    lies(b"PK\x03\x04 cut off", "giai-trinh.zip")
    assert explain(context, "test") == 0
    (reason,) = aside()
    assert "giai-trinh.zip" in reason
    assert collect(context, "test") == Collected()


def test_points_in_doubt_are_refused_with_their_cell(doubted: RoundContext) -> None:
    whole = Fraction(10)
    row = AppraisalRow(UNIT, "1.2.2", "a = 80", None, whole, whole, whole)
    path = lies(appraisal_workbook(doubted, "so-tttt", [row]), "tham-dinh.xlsx")
    scribbles(path, "Thẩm định", "M5", NO_RESULT)
    with session() as records:
        score_round(records, doubted, "test")
    appraise(doubted, "test")
    (reason,) = aside()
    assert "Tệp tham-dinh.xlsx, trang “Thẩm định”, ô M5: công thức" in reason


def test_a_workbook_of_an_earlier_year_is_set_aside_with_the_command_that_takes_it(
    context: RoundContext,
) -> None:
    lies(earlier_workbook(context, 2022), "nam-truoc.xlsx")
    assert collect(context, "test") == Collected(set_aside=1)
    (reason,) = aside()
    assert f"dti earlier import {ROUND} nam-truoc.xlsx" in reason


def receipt_of(unit: str) -> bytes:
    return (round_folder(ROUND) / "out" / unit / "phieu-tiep-nhan.xlsx").read_bytes()


def words(content: bytes, page: str) -> list[str]:
    sheet = load_workbook(io.BytesIO(content))[page]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]


def test_stray_words_and_notices_are_recorded_and_stand_in_the_receipt(
    context: RoundContext,
) -> None:
    path = sends(context, UNIT, {("2.1|x", "value"): True})
    scribbles(path, "2. Thể chế số", "F40", "xem lại số này")
    zipped(path, la_pdf=b"<html>")
    assert collect(context, "test") == Collected(new=1)
    with session() as records:
        told = remarks(records, ROUND)[1]
        (event,) = records.exec(select(AuditRecord).where(AuditRecord.action == "remarks_made"))
    assert [each.kind for each in told] == ["question", "evidence"]
    assert event.detail["questions"] == [told[0].text]
    assert "la.pdf" in event.detail["evidence"][0]
    ((_, receipt),) = give_receipts(context, "test")
    assert [(each.text, each.grave) for each in receipt.problems] == [
        (told[0].text, True),
        (told[1].text, False),
    ]
    listed = words(receipt_of(UNIT), WRONG)
    assert told[0].text in listed
    assert told[1].text in listed
    marked = load_workbook(io.BytesIO(receipt_of(UNIT)))["2. Thể chế số"]["F40"]
    assert marked.fill.fgColor.rgb.endswith(GRAVE), "marked in the workbook out of the ZIP"


def test_what_validation_found_is_marked_in_the_receipt_until_a_new_version_comes(
    context: RoundContext,
) -> None:
    sends(context, UNIT, {("1.2.2|a", "value"): 9, ("1.2.2|b", "value"): 8})
    collect(context, "test")
    give_receipts(context, "test")
    with session() as records:
        place = current_figures(records, ROUND)[UNIT, "1.2.2", "a"]
        records.add(
            FindingRecord(
                round_id=ROUND,
                unit=UNIT,
                criterion="1.2.2",
                variable="a",
                rule="part_of_whole",
                severity="fatal",
                message="9 lớn hơn 8.",
                file=place.file,
                sheet=place.sheet,
                cell=place.cells[0],
            )
        )
    ((_, receipt),) = give_receipts(context, "test")
    assert [each.text for each in receipt.problems] == ["9 lớn hơn 8."]
    first = receipt_of(UNIT)
    assert "9 lớn hơn 8." in words(first, WRONG)
    cell = load_workbook(io.BytesIO(first))[place.sheet][place.cells[0]]
    assert cell.fill.fgColor.rgb.endswith(GRAVE)
    give_receipts(context, "test")
    assert receipt_of(UNIT) == first, "the same records give the same bytes"
    sends(context, UNIT, {("1.2.2|a", "value"): 7, ("1.2.2|b", "value"): 8}, "lan-hai.xlsx")
    collect(context, "test")
    ((_, receipt),) = give_receipts(context, "test")
    assert (receipt.version, receipt.problems) == (2, [])


def test_a_receipt_of_a_closed_round_does_not_ask_for_another_file(context: RoundContext) -> None:
    sends(context, UNIT, {("1.2.2|a", "value"): "1.2O4"}, day=DUE + timedelta(days=1))
    collect(context, "test")
    ((_, receipt),) = give_receipts(context, "test")
    assert receipt.late == 1
    assert any("Hãy sửa rồi gửi lại tệp này" in each for each in words(receipt_of(UNIT), RECEIPT))
    approves("thu-thap")
    give_receipts(context, "test")
    said = words(receipt_of(UNIT), RECEIPT)
    assert any("có văn bản đề nghị mở lại" in each for each in said)
    assert "12:00 ngày 01/02/2024; hạn 31/01/2024, quá hạn 1 ngày" in said


def test_a_notice_is_told_in_receipt_and_mail_and_leaves_the_workbook_complete(
    context: RoundContext,
) -> None:
    sends(context, UNIT, {("2.1|x", "value"): True})
    collect(context, "test")
    text = "Tệp so-y-te.xlsx có macro; macro không được chạy."
    with session() as records:
        submission = newest(records, ROUND)[f"{UNIT}:own"]
        write_remarks(records, submission, [Remark("notice", text)], "test")
    ((_, receipt),) = give_receipts(context, "test")
    assert (receipt.notices, receipt.problems) == ([text], [])
    assert f"• {text}" in words(receipt_of(UNIT), RECEIPT)
    with session() as records:
        (mail,) = notifications(records, ROUND)
    assert f"Lưu ý: {text}" in mail.body


def test_a_receipt_that_was_altered_where_it_lies_is_made_again(context: RoundContext) -> None:
    sends(context, UNIT, {("2.1|x", "value"): True})
    collect(context, "test")
    give_receipts(context, "test")
    whole = receipt_of(UNIT)
    path = round_folder(ROUND) / "out" / UNIT / "phieu-tiep-nhan.xlsx"
    for spoilt in (whole[:-1], b""):
        path.write_bytes(spoilt)
        give_receipts(context, "test")
        assert receipt_of(UNIT) == whole
    path.unlink()
    give_receipts(context, "test")
    assert receipt_of(UNIT) == whole
