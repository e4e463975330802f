"""What is told after the ranking: provisional results once, reminders to whoever hands over late,
PDFs beside the documents."""

import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from dti_core.program.load import RoundContext, load_round
from dti_core.records.approvals import approve
from dti_core.records.collecting import Asked, record_requests
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.files import round_folder
from dti_core.records.outbox import notifications
from dti_core.records.petition_period import announced_on, deadline_of
from dti_core.records.rounds import open_round, reopen
from dti_core.records.tables import NotificationRecord
from tasks.announcing import NOTICE, tell_provisional
from tasks.look_again import Dropped
from tasks.look_again import again as again_by_records
from tasks.papers import write_paper
from tasks.pdf import NoPdf, write_pdfs
from tasks.sub_rounds import again, hand_overs
from tests.unit.official_papers import text_of
from tests.unit.scored_unit_round import ROUND, appraise_sample, score_sample

PROVINCE = "vinh-phuc/2023"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    monkeypatch.delenv("DTI_DATABASE_URL", raising=False)
    return tmp_path


@pytest.mark.usefixtures("home")
def test_every_unit_is_told_its_provisional_result_once_with_the_last_day_to_object() -> None:
    context = score_sample()
    appraise_sample(context)
    day = date(2024, 3, 4)
    assert tell_provisional(context, day, "test") == 20
    with session() as records:
        assert announced_on(records, ROUND) == day
        until = deadline_of(records, context)
        told = [n for n in notifications(records, ROUND) if n.key.startswith("provisional:")]
    assert until == day + timedelta(days=5)
    assert len(told) == 20
    letter = round_folder(ROUND) / NOTICE.format(unit="so-y-te")
    before = letter.read_bytes()
    words = text_of(before)
    assert "Sở Y tế" in words
    assert "09 tháng 3 năm 2024" in words
    assert all("09/03/2024" in each.body for each in told)
    assert tell_provisional(context, day + timedelta(days=1), "test") == 0, "once"
    assert letter.read_bytes() == before
    with session() as records:
        assert announced_on(records, ROUND) == day


def approved_then_reopened(context: RoundContext, provider: str | None = None) -> None:
    with session() as records:
        approve(records, ROUND, "thu-thap", "Trưởng phòng", digest_of(records, ROUND, "thu-thap"))
        if provider is not None:
            asked = [Asked(provider, "own", date(2024, 1, 31), 45, "x.xlsx", "a" * 64)]
            record_requests(records, ROUND, asked, "test")
        assert reopen(records, context, "số liệu sai", "Trưởng phòng", provider)


def told_results() -> list[NotificationRecord]:
    with session() as records:
        found = notifications(records, ROUND)
    return [each for each in found if each.key.startswith("provisional:")]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("provider", [None, "so-y-te"])
def test_after_a_reopening_every_unit_is_told_anew_once_and_the_older_message_does_not_go(
    provider: str | None,
) -> None:
    context = score_sample()
    appraise_sample(context)
    day, later = date(2024, 3, 4), date(2024, 3, 20)
    assert tell_provisional(context, day, "test") == 20
    old = told_results()[0]
    with session() as records:
        assert again_by_records(records, context, old) is None
    approved_then_reopened(context, provider)
    with session() as records:
        assert announced_on(records, ROUND) is None
        assert again_by_records(records, context, old) == Dropped(
            "đợt đã mở lại, kết quả dự kiến sẽ được thông báo lại"
        )
    assert tell_provisional(context, later, "test") == 20
    assert tell_provisional(context, later, "test") == 0
    assert tell_provisional(context, later + timedelta(days=1), "test") == 0
    told = told_results()
    assert len(told) == 40
    assert {each.recipient for each in told[20:]} == {each.recipient for each in told[:20]}
    assert all("25/03/2024" in each.body for each in told[20:])
    with session() as records:
        assert again_by_records(records, context, told[-1]) is None
        assert again_by_records(records, context, told[0]) == Dropped(
            "kết quả dự kiến đã được thông báo lại"
        )


@pytest.mark.usefixtures("home")
def test_reopened_and_told_again_on_the_same_day_is_still_told() -> None:
    context = score_sample()
    appraise_sample(context)
    day = date(2024, 3, 4)
    assert tell_provisional(context, day, "test") == 20
    approved_then_reopened(context)
    assert tell_provisional(context, day, "test") == 20
    assert tell_provisional(context, day, "test") == 0
    told = told_results()
    assert len(told) == 40
    with session() as records:
        stale = [again_by_records(records, context, each) is not None for each in told]
    assert stale == [True] * 20 + [False] * 20


@pytest.mark.usefixtures("home")
def test_killed_before_the_messages_are_recorded_nothing_counts_as_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = score_sample()
    appraise_sample(context)

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tasks.announcing.enqueue", killed)
        with pytest.raises(KeyboardInterrupt):
            tell_provisional(context, date(2024, 3, 4), "test")
    with session() as records:
        assert announced_on(records, ROUND) is None
    assert tell_provisional(context, date(2024, 3, 5), "test") == 20
    assert len(told_results()) == 20


@pytest.mark.usefixtures("home")
def test_whoever_hands_over_late_is_reminded_and_no_longer_once_it_has() -> None:
    context = load_round(PROVINCE)
    with session() as records:
        open_round(records, context, "test")
    due = context.round.through["xa"].due.on
    assert all(not each.late(due) for each in hand_overs(context, due, "test"))
    found = hand_overs(context, due + timedelta(days=1), "test")
    assert all(each.late(due + timedelta(days=1)) for each in found)
    hand_overs(context, due + timedelta(days=1), "test")
    with session() as records:
        late = [n for n in notifications(records, PROVINCE) if n.key.startswith("sub_round_remind")]
        assert {each.recipient for each in late} == {each.parent for each in found}
        assert len(late) == 9, "once a day"
        assert all("đã quá 1 ngày" in each.body for each in late)
        assert again(records, context, late[0]) is None, "still owed"


@pytest.fixture
def pdfs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DTI_PDF")


def test_an_office_that_wants_no_pdfs_gets_none(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"x")
    assert write_pdfs([tmp_path / "x.docx"]) == [], "DTI_PDF=off, as the tests have it"


@pytest.mark.usefixtures("pdfs")
def test_a_pdf_lies_beside_each_document_and_is_written_again_only_when_it_is_older(
    tmp_path: Path,
) -> None:
    if shutil.which("soffice") is None and shutil.which("libreoffice") is None:
        pytest.skip("LibreOffice không có trên máy này")
    from docx import Document

    for name in ("một.docx", "hai.docx"):
        document = Document()
        document.add_paragraph("Ủy ban nhân dân")
        document.save(str(tmp_path / name))
    documents = sorted(tmp_path.glob("*.docx"))
    made = write_pdfs(documents)
    assert [each.suffix for each in made] == [".pdf", ".pdf"]
    assert all(each.read_bytes().startswith(b"%PDF") for each in made)
    stamps = [each.stat().st_mtime_ns for each in made]
    assert write_pdfs(documents) == made
    assert [each.stat().st_mtime_ns for each in made] == stamps


@pytest.mark.usefixtures("home")
def test_the_pdf_of_a_document_that_is_written_again_with_other_content_goes() -> None:
    context = load_round(ROUND)
    folder = round_folder(ROUND)
    draft, other, letter = (
        "documents/du-thao.docx",
        "documents/to-trinh.docx",
        "out/so-y-te/thu.docx",
    )

    def written(name: str, content: bytes) -> bool:
        """Whether a PDF still lies beside a document after it was written."""
        with session() as records:
            open_round(records, context, "test")
            write_paper(records, ROUND, "draft", name, content, "test")
        assert (folder / name).read_bytes() == content
        return (folder / name).with_suffix(".pdf").exists()

    for name in (draft, other, letter):
        assert not written(name, b"one")
        (folder / name).with_suffix(".pdf").write_bytes(b"%PDF of one")
    assert written(draft, b"one"), "the same content"
    assert not written(draft, b"two")
    assert (folder / other).with_suffix(".pdf").exists(), "another document's"
    assert written(letter, b"two"), "not of ours: what somebody printed or signed"


@pytest.mark.usefixtures("pdfs")
def test_a_document_that_changes_while_it_is_converted_gets_no_pdf_of_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, still = tmp_path / "dự thảo.docx", tmp_path / "tờ trình.docx"
    for each in (document, still):
        each.write_bytes(b"old")

    def converts(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        out = Path(command[command.index("--outdir") + 1])
        out.mkdir()
        for each in (document, still):
            (out / f"{each.stem}.pdf").write_bytes(b"%PDF of " + each.read_bytes())
        document.write_bytes(b"new")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/soffice")
    monkeypatch.setattr(subprocess, "run", converts)
    assert write_pdfs([document, still]) == [still.with_suffix(".pdf")]
    assert still.with_suffix(".pdf").read_bytes() == b"%PDF of old"


@pytest.mark.usefixtures("pdfs")
def test_without_libreoffice_there_is_no_pdf_and_no_complaint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert write_pdfs([tmp_path / "x.docx"]) == []


@pytest.mark.usefixtures("pdfs")
def test_a_document_that_cannot_be_converted_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: "/bin/true")
    broken = tmp_path / "hỏng.docx"
    broken.write_bytes(b"x")
    with pytest.raises(NoPdf, match=r"hỏng\.docx"):
        write_pdfs([broken])
