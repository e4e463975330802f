"""What a unit gets back, what is kept beside its figures, and the paper its head signs."""

import hashlib
import io
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dti_core.figures import Figure
from dti_core.intake.evidence import EvidenceFile, UnusableEvidence, checked, files_named
from dti_core.intake.fill import fill
from dti_core.intake.parts import combined
from dti_core.intake.submission import figures_of
from dti_core.intake.workbook import read_workbook
from dti_core.program.load import RoundContext, load_round
from dti_core.program.ranking import Exemption
from dti_core.program.requests import Request, Shared, requests
from dti_core.records import evidence
from dti_core.records.awards import write_findings
from dti_core.records.collecting import source_of
from dti_core.records.confirmations import NothingToConfirm, confirm, confirmed
from dti_core.records.database import session
from dti_core.records.exemptions import decide
from dti_core.records.figures import receive, write_figures
from dti_core.records.files import round_folder, write_whole
from dti_core.records.information import information, write_information
from dti_core.records.rounds import open_round
from dti_core.records.tables import FindingRecord, SubmissionRecord
from reports.receipt.data import Problem
from reports.receipt.marked import DOUBT, GRAVE, RECEIPT, WRONG, receipt_workbook
from reports.receipt.records import known, receipt_values
from reports.workbooks.own import own_workbook

ROUND, UNIT = "vinh-phuc/2023-so", "so-tu-phap"
PDF = b"%PDF-1.7 scan"


@pytest.fixture
def context() -> RoundContext:
    return load_round(ROUND)


@pytest.fixture
def request_(context: RoundContext) -> Request:
    return next(one for one in requests(context) if one.provider == UNIT)


def sent(
    context: RoundContext,
    request: Request,
    folder: Path,
    values: dict[tuple[str, str], object],
    name: str = "so-tu-phap.xlsx",
) -> tuple[SubmissionRecord, bytes]:
    """A filled workbook, received and read into figures."""
    path = folder / name
    path.write_bytes(own_workbook(context, request, {}))
    fill(path, values)
    content = path.read_bytes()
    submitted = figures_of(read_workbook(path), context, path.name)
    with session() as records:
        open_round(records, context, "test")
        digest = hashlib.sha256(content).hexdigest()
        kept = f"{digest[:12]}-{name}"
        submission, _ = receive(
            records,
            ROUND,
            UNIT,
            source_of(UNIT, "own"),
            digest,
            kept,
            "test",
            "2024-02-02T09:30:00+00:00",
        )
        write_whole(round_folder(ROUND) / "in" / "received" / kept, content)
        write_figures(records, ROUND, submission, submitted.figures, "test")
        framework = context.framework_of(UNIT)
        write_information(records, submission, framework, submitted.information, "test")
        evidence.link(records, submission, submitted.evidence, [EvidenceFile("QD-12.pdf", PDF, "")])
    return submission, content


@pytest.mark.usefixtures("database")
def test_the_receipt_counts_marks_and_says_what_is_missing(
    tmp_path: Path,
    context: RoundContext,
    request_: Request,
) -> None:
    first, _ = sent(context, request_, tmp_path, {("1.2.2|a", "value"): 7})
    second, content = sent(
        context,
        request_,
        tmp_path,
        {("1.2.2|a", "value"): 6, ("1.2.2|b", "value"): "1.2O4", ("2.1|x", "value"): True},
        "lan-hai.xlsx",
    )
    assert (first.version, second.version) == (1, 2)
    with session() as records:
        facts = known(records, context)
        receipt = receipt_values(
            records, facts, request_, second, context.round.closes.on, own=True
        )
    assert (receipt.version, receipt.late, receipt.complete) == (2, 2, False)
    asked = request_.asked(own=True)
    assert sum(part.asked for part in receipt.parts) == len(asked)
    assert sum(part.given for part in receipt.parts) == 2
    assert sum(part.unclear for part in receipt.parts) == 1
    assert sum(part.missing for part in receipt.parts) == len(asked) - 3
    (problem,) = receipt.problems
    assert "1.2O4" in problem.text
    assert receipt.changes == [
        "mục 1.2.2, a: Số cuộc họp chuyển đổi số của Sở/Ban/Ngành có Người "
        "đứng đầu Sở/Ban/Ngành chủ trì: trước 7 cuộc họp, nay 6 cuộc họp"
    ]
    made = receipt_workbook(receipt, content)
    assert made == receipt_workbook(receipt, content)
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames[:2] == [RECEIPT, WRONG]
    cell = book[problem.sheet][problem.cell]
    assert cell.fill.fgColor.rgb.endswith(GRAVE)
    assert "1.2O4" in cell.comment.text
    assert cell.value == "1.2O4"
    words = [str(c.value) for row in book[RECEIPT].iter_rows() for c in row if c.value]
    assert second.sha256 in words
    assert any("1 chỗ phải sửa" in each for each in words)
    # what comes back filled into the marked workbook is read as the form that it still is
    back = tmp_path / "tra-lai.xlsx"
    back.write_bytes(made)
    fill(back, {("1.2.2|b", "value"): 9})
    again = figures_of(read_workbook(back), context, back.name)
    assert {f.key[1:]: f.value for f in again.figures if f.criterion == "1.2.2"} == {
        ("1.2.2", "a"): 6,
        ("1.2.2", "b"): 9,
    }


@pytest.mark.usefixtures("database")
def test_a_doubt_is_coloured_otherwise_and_another_format_gets_the_list_alone(
    context: RoundContext,
    request_: Request,
    tmp_path: Path,
) -> None:
    submission, content = sent(context, request_, tmp_path, {("2.1|x", "value"): True})
    with session() as records:
        facts = known(records, context)
        receipt = receipt_values(records, facts, request_, submission, date(2024, 2, 5), own=True)
    assert receipt.late == 0
    page = "2. Thể chế số"
    doubt = Problem("Hãy xem lại.", page, "F5", grave=False)
    doubted = type(receipt)(**{**vars(receipt), "problems": [doubt]})
    book = load_workbook(io.BytesIO(receipt_workbook(doubted, content)))
    assert book[page]["F5"].fill.fgColor.rgb.endswith(DOUBT)
    alone = load_workbook(io.BytesIO(receipt_workbook(doubted, None)))
    assert alone.sheetnames == [RECEIPT, WRONG]
    assert [alone[WRONG].cell(2, column).value for column in (2, 3, 4)] == [
        page,
        "F5",
        "Hãy xem lại.",
    ]


@pytest.mark.usefixtures("empty_home")
def test_evidence_that_was_not_named_is_listed_and_marks_no_figure(
    context: RoundContext, request_: Request, tmp_path: Path
) -> None:
    submission, content = sent(context, request_, tmp_path, {("1.2.2|a", "value"): 7})
    place = {"sheet": "1. Nhận thức số", "cell": "F9", "severity": "warning", "message": "…"}
    lacking = FindingRecord(
        round_id=ROUND, unit=UNIT, criterion="1.2.2", variable="a", rule="evidence", **place
    )
    with session() as records:
        write_findings(records, ROUND, [lacking], "test")
        facts = known(records, context)
        receipt = receipt_values(records, facts, request_, submission, date(2024, 2, 5), own=True)
    assert receipt.problems == []
    (line,) = receipt.evidence
    assert line.startswith("mục 1.2.2: Công văn, giấy mời")
    book = load_workbook(io.BytesIO(receipt_workbook(receipt, content)))
    assert book.sheetnames == [RECEIPT]  # nothing to mark: the workbook is not sent back
    shown = [str(c.value) for row in book[RECEIPT].iter_rows() for c in row if c.value]
    assert f"• {line}" in shown


@pytest.mark.usefixtures("empty_home")
def test_a_row_from_which_the_unit_was_exempted_is_not_missed(
    context: RoundContext, request_: Request, tmp_path: Path
) -> None:
    ground = Exemption.model_validate(
        {
            "id": "khong-truc-thuoc",
            "name": "Không có đơn vị trực thuộc",
            "effect": "full",
            "levels": ["so"],
            "basis": "ví dụ",
        }
    )
    program = context.program.model_copy(update={"exemptions": (ground,)})
    context = replace(context, program=program)
    submission, _ = sent(context, request_, tmp_path, {("1.2.2|a", "value"): 7})
    with session() as records:
        facts = known(records, context)
        decide(records, context, UNIT, ground.id, True, "đúng", "test", "1.2.2")
        spared = known(records, context)
        before, after = (
            receipt_values(records, each, request_, submission, date(2024, 2, 5), own=True)
            for each in (facts, spared)
        )
    of_row = [item for item in request_.asked(own=True) if item.criterion == "1.2.2"]
    assert len(of_row) > 1
    assert sum(part.asked for part in after.parts) == (
        sum(part.asked for part in before.parts) - len(of_row)
    )
    assert before.missing_answers - after.missing_answers == len(of_row) - 1
    assert any(line.startswith("mục 1.2.2") for line in before.missing)
    assert not any(line.startswith("mục 1.2.2") for line in after.missing)
    assert after.notices == [
        "mục 1.2.2: không phải trả lời, đã được miễn đánh giá (Không có đơn vị trực thuộc)"
    ]


def test_a_quantity_that_another_row_counts_too_is_still_asked() -> None:
    context = load_round("vinh-long-mau/2024-q4")
    request = next(one for one in requests(context) if one.provider == "so-tttt")
    place = ("so-tttt", "3.1", "b")
    others = {key[:2] for key, asked in request.same.items() if asked == place}
    assert others >= {("so-tttt", "4.5"), ("so-tttt", "6.17"), ("so-tttt", "6.20")}
    own = ("so-tttt", "3.1")

    def asked(exempted: set[tuple[str, str]]) -> set[tuple[str, str, str]]:
        return {item.key for item in request.still_due(exempted, own=True)}

    whole = asked(set())
    assert whole == {item.key for item in request.due(own=True)}
    assert asked({own}) == {key for key in whole if key[:2] != own} | {place}
    assert place not in asked({own, *others})


@pytest.mark.usefixtures("database")
def test_general_information_is_kept_and_contacts_stay_private(
    tmp_path: Path,
    context: RoundContext,
    request_: Request,
) -> None:
    sent(
        context,
        request_,
        tmp_path,
        {("info|1.6", "value"): 4, ("info|2.1|Email", "value"): "lien-he@mau.example"},
    )
    with session() as records:
        assert information(records, ROUND, UNIT) == {"1.6": "4"}


@pytest.mark.usefixtures("database")
def test_the_signed_paper_names_the_version_and_a_new_version_needs_a_new_one(
    tmp_path: Path,
    context: RoundContext,
    request_: Request,
) -> None:
    submission, _ = sent(context, request_, tmp_path, {("2.1|x", "value"): True})
    scan = tmp_path / "ban-ky.pdf"
    scan.write_bytes(PDF)
    paper = ("12/BC-STP ngày 01/02/2024", "Giám đốc", date(2024, 2, 1), "test", scan)
    code = submission.sha256[:12].upper()
    with session() as records:
        with pytest.raises(NothingToConfirm, match=code):
            confirm(records, context, UNIT, "own", "0" * 12, *paper)
        assert confirm(records, context, UNIT, "own", code, *paper)
        assert not confirm(records, context, UNIT, "own", code, *paper)
        assert set(confirmed(records, ROUND)) == {(UNIT, "own")}
        assert evidence.verify(records, ROUND) == []
    sent(context, request_, tmp_path, {("2.1|x", "value"): False}, "moi.xlsx")
    with session() as records:
        assert confirmed(records, ROUND) == {}
        with pytest.raises(NothingToConfirm, match="lần gửi thứ 2"):
            confirm(records, context, UNIT, "own", code, *paper)


@pytest.mark.usefixtures("database")
def test_a_kept_file_that_is_lost_or_altered_is_told(
    tmp_path: Path,
    context: RoundContext,
    request_: Request,
) -> None:
    submission, _ = sent(context, request_, tmp_path, {("2.1|x", "value"): True})
    with session() as records:
        assert evidence.keep(records, ROUND, [EvidenceFile("a.pdf", PDF, "application/pdf")], "t")
        assert not evidence.keep(records, ROUND, [EvidenceFile("b.pdf", PDF, "")], "t")
        (kept,) = evidence.kept(records, ROUND).values()
        path = round_folder(ROUND) / "evidence" / kept.stored_as
        path.write_bytes(PDF + b"!")
        (round_folder(ROUND) / "in" / "received" / submission.stored_as).unlink()
        found = {fault.path.name: fault.what for fault in evidence.verify(records, ROUND)}
    assert found == {
        path.name: "nội dung đã bị đổi so với lúc nhận",
        submission.stored_as: "mất tệp",
    }


@pytest.mark.usefixtures("database")
def test_evidence_is_linked_to_the_file_that_it_names(
    tmp_path: Path,
    context: RoundContext,
    request_: Request,
) -> None:
    sent(
        context,
        request_,
        tmp_path,
        {
            ("2.1|x", "value"): True,
            ("2.1|x", "evidence"): "Nghị quyết, tệp QD-12.pdf",
            ("2.2|x", "evidence"): "Kế hoạch số 12",
        },
    )
    with session() as records:
        found = {link.criterion: link.sha256 for link in evidence.links(records, ROUND)}
    assert found == {"2.1": EvidenceFile("", PDF, "").sha256, "2.2": None}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.exe", b"MZ", "không thuộc loại"),
        ("a.pdf", b"", "rỗng"),
        ("a.pdf", b"<html>", "không phải loại .pdf"),
        ("a.pdf", b"%PDF-" + b"0" * (20 * 2**20), "quá 20 MB"),
    ],
)
def test_evidence_that_is_not_what_it_says_is_not_taken(
    name: str, content: bytes, told: str
) -> None:
    with pytest.raises(UnusableEvidence, match=told):
        checked(name, content)


def test_a_path_in_a_name_is_cut_off() -> None:
    assert checked("..\\..\\tai-lieu/QĐ 12.pdf", PDF).name == "QĐ 12.pdf"


def test_a_shorter_name_inside_a_longer_one_is_not_named() -> None:
    files = [EvidenceFile(name, PDF, "") for name in ("QD-1.pdf", "QD-12.pdf", "12.pdf")]
    assert [f.name for f in files_named("theo QD-12.pdf và phụ lục 12", files)] == ["QD-12.pdf"]
    assert [f.name for f in files_named("qd-12", files)] == ["QD-12.pdf"]


# figures that several give together

NAMES = {"a": "Sở A", "b": "Sở B"}


def part(value: object, who: str, raw: str = "x") -> dict[tuple[str, str, str], Figure]:
    figure = Figure("u", "1.1", f"n@{who}", "given", value, raw=raw, file=f"{who}.xlsx")  # type: ignore[arg-type]
    return {figure.key: figure}


def test_parts_are_added_once_all_have_come() -> None:
    shared = Shared("u", "1.1", "n", ("a", "b"), "sum")
    assert combined(shared, {}, NAMES) is None
    half = combined(shared, part(Fraction(3), "a"), NAMES)
    assert half is not None
    assert (half.status, half.value) == ("partial", None)
    assert "Còn thiếu: Sở B" in (half.note or "")
    whole = combined(shared, part(Fraction(3), "a") | part(Fraction(4), "b"), NAMES)
    assert whole is not None
    assert (whole.status, whole.value, whole.variable) == ("derived", 7, "n")


def test_answers_that_differ_are_a_question() -> None:
    shared = Shared("u", "1.1", "n", ("a", "b"), "none")
    same = combined(shared, part(True, "a", "Có") | part(True, "b", "Có"), NAMES)
    assert same is not None
    assert (same.status, same.value) == ("derived", True)
    differ = combined(shared, part(True, "a", "Có") | part(False, "b", "Không"), NAMES)
    assert differ is not None
    assert (differ.status, differ.value) == ("to_ask", None)
    assert "“Có”: Sở A; “Không”: Sở B" in (differ.question or "")
