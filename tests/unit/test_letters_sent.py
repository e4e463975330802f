"""Letters that go out with mails: written and attached once, the same bytes a second time."""

import hashlib
import io
import json
from datetime import date, timedelta

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import select
from typer.testing import CliRunner

from dti_core.framework.load import home
from dti_core.program.load import RoundContext, load_round
from dti_core.records import audit
from dti_core.records.database import session
from dti_core.records.extensions import deadline, granted
from dti_core.records.files import round_folder
from dti_core.records.outbox import notifications
from dti_core.records.rounds import documents, open_round
from dti_core.records.tables import AuditRecord, NotificationRecord
from flows.cli import app
from tasks.dispatching import messages, send_requests
from tasks.extending import extend_deadline
from tasks.queueing import queue_reminders
from tests.unit.collected_round import approves
from tests.unit.reminded_round import DUE, LADDER, ROUND, all_but, opened, write_program

pytestmark = pytest.mark.usefixtures("database")
UNIT = "so-y-te"
FIVE = DUE + timedelta(days=5)
UNTIL = date(2024, 2, 20)
EXTEND = ["extend", ROUND, UNIT, "--until", "2024-02-20", "--reason", "bão số 3"]
EXTEND += ["--document", "7/STTTT ngày 30/01/2024"]


def queued(word: str) -> list[NotificationRecord]:
    with session() as records:
        return [each for each in notifications(records, ROUND) if each.key.startswith(f"{word}:")]


def written(kind: str) -> dict[str, bytes]:
    """Path → content of the documents of a kind; what is recorded of them is true."""
    with session() as records:
        made = [each for each in documents(records, ROUND) if each.kind == kind]
    found = {each.path: (round_folder(ROUND) / each.path).read_bytes() for each in made}
    for each in made:
        assert each.sha256 == hashlib.sha256(found[each.path]).hexdigest()
    return found


def text_of(content: bytes) -> str:
    paper = Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells])


def late_unit() -> RoundContext:
    context = opened({"reminders": LADDER}, {UNIT: {"head_address": "giam-doc@mau.example"}})
    all_but(context, {UNIT, "so-xay-dung"})
    return context


def test_the_head_gets_the_reminder_on_paper_and_the_contact_does_not() -> None:
    late_unit()
    queue_reminders(ROUND, FIVE, "test")
    ((path, content),) = written("reminder_letter").items()
    assert path == f"out/{UNIT}/cong-van-don-doc-2024-02-05.docx"
    (head,) = queued("escalate")
    assert head.attachments == [path]
    assert {tuple(each.attachments) for each in queued("remind")} == {()}
    text = text_of(content)
    assert "Sở Y tế" in text
    assert "31/01/2024" in text
    assert "Sở Xây dựng" not in text
    queue_reminders(ROUND, FIVE, "test")
    assert written("reminder_letter") == {path: content}
    assert len(queued("escalate")) == 1
    with session() as records:
        assert audit.verify(records, ROUND) == []


def test_a_reminder_after_an_extension_names_the_units_own_deadline() -> None:
    context = late_unit()
    extend_deadline(context, UNIT, UNTIL, "bão số 3", "7/STTTT", "test")
    day = UNTIL + timedelta(days=5)
    queue_reminders(ROUND, day, "test")
    content = written("reminder_letter")[f"out/{UNIT}/cong-van-don-doc-{day}.docx"]
    assert "20/02/2024" in text_of(content)
    assert "7/STTTT" in text_of(content)
    (head,) = queued("escalate")
    assert "Hạn gửi là 20/02/2024, đã quá 5 ngày" in head.body


def test_an_extension_is_granted_written_and_mailed_once() -> None:
    opened({})
    first = CliRunner().invoke(app, EXTEND)
    assert first.exit_code == 0, first.output
    assert "đến hết ngày 20/02/2024 (trước đó: 31/01/2024)" in first.output
    assert f"dti outbox {ROUND} --send" in first.output
    ((path, content),) = written("extension_letter").items()
    text = text_of(content)
    for words in ("Sở Y tế", "20 tháng 02 năm 2024", "bão số 3", "7/STTTT ngày 30/01/2024"):
        assert words in text
    (mail,) = queued("extension")
    assert (mail.recipient, mail.attachments) == (UNIT, [path])
    assert mail.title.startswith("Gia hạn gửi số liệu đến ngày 20/02/2024: ")
    assert "(hạn trước đó: 31/01/2024). Lý do: bão số 3. Văn bản chấp thuận: 7/STTTT" in mail.body
    again = CliRunner().invoke(app, EXTEND)
    assert again.output == first.output
    assert written("extension_letter") == {path: content}
    assert len(queued("extension")) == 1
    with session() as records:
        assert len(granted(records, ROUND)) == 1
        assert deadline(records, ROUND, UNIT, "own") == UNTIL
    assert audit_events().count("deadline_extended") == 1


def test_an_extension_of_one_workbook_names_that_one() -> None:
    context = opened({})
    before, path = extend_deadline(
        context, "vp-ubnd", UNTIL, "bão", "7/STTTT", "test", "about_units"
    )
    assert before == {"about_units": DUE}
    assert path == "out/vp-ubnd/cong-van-gia-han-cung-cap-2024-02-20.docx"
    extend_deadline(context, "vp-ubnd", UNTIL, "bão", "8/STTTT", "test", "own")
    assert len(written("extension_letter")) == len(queued("extension")) == 2


def test_an_extension_of_a_closed_round_says_that_it_is_not_enough() -> None:
    opened({})
    approves("thu-thap")
    result = CliRunner().invoke(app, EXTEND)
    assert f"dti rounds reopen {ROUND} {UNIT} --reason LÝ_DO" in result.output


def test_every_request_goes_with_its_letter_and_the_plan() -> None:
    context = opened({})
    for each in messages(context):
        *workbooks, letter, plan = each.attachments
        assert all(name.endswith(".xlsx") for name in workbooks)
        assert letter == f"out/{each.recipient}/cong-van-yeu-cau.docx"
        assert plan == "out/ke-hoach-huong-dan.docx"
        assert "ke-hoach-huong-dan.docx" in each.body


def test_who_was_given_time_gets_workbook_and_letter_with_its_own_deadline() -> None:
    context = round_of_two()
    before = sent_out(context)
    assert "out/ke-hoach-huong-dan.docx" in before
    assert sent_out(context) == before
    extend_deadline(context, UNIT, UNTIL, "bão số 3", "7/STTTT", "test")
    after = sent_out(context)
    letter, workbook = f"out/{UNIT}/cong-van-yeu-cau.docx", f"out/{UNIT}/{UNIT}.xlsx"
    assert {path for path in after if after[path] != before[path]} == {letter, workbook}
    assert "20 tháng 02 năm 2024" in text_of(after[letter])
    cover = load_workbook(io.BytesIO(after[workbook])).worksheets[0]
    said = " ".join(str(cell.value) for row in cover.iter_rows() for cell in row if cell.value)
    assert "20/02/2024" in said
    recipients = [each.recipient for each in queued("request")]
    assert len(recipients) == len(set(recipients)), "nobody is asked a second time"


def round_of_two() -> RoundContext:
    """Two units, and those who know figures about them; open, nobody asked yet."""
    write_program({})
    file = home() / "programs" / "nhac" / "program.yaml"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["rounds"][0]["units"] = [UNIT, "so-xay-dung"]
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    context = load_round(ROUND)
    with session() as records:
        open_round(records, context, "test")
    return context


def sent_out(context: RoundContext) -> dict[str, bytes]:
    """Everything that a dispatch writes."""
    send_requests(context, "test")
    return {**written("workbook"), **written("request_letter"), **written("plan")}


def audit_events() -> list[str]:
    with session() as records:
        return list(records.exec(select(AuditRecord.action)))
