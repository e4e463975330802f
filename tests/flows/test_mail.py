"""Mails as a mail program gets them: real SMTP on loopback, read back with Python's parser.

What the channel's address holds (a password) and what the units file holds (people's addresses)
must be nowhere but in the mail itself: every file, log, database row and artifact is searched.
"""

import asyncio
import email
import email.message
import email.policy
import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from docx import Document
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from dti_core.records import audit, outbox
from dti_core.records.collecting import quarantined, standings
from dti_core.records.database import database_url, engine, session
from dti_core.records.extensions import deadline, extend
from dti_core.records.files import round_folder
from dti_core.records.outbox import Message, enqueue, notifications
from dti_core.records.tables import Record
from flows.cli import app
from flows.mailbox import Mailbox, mail_server
from flows.runtime import free_port
from tasks import sending
from tasks.channels import from_environment
from tasks.inbox import inbox
from tasks.queueing import queue_reminders
from tasks.sending import Delivery, send_pending
from tests.conftest import POSTGRES
from tests.unit.reminded_round import (
    DUE,
    LADDER,
    ROUND,
    all_but,
    arrives,
    every_text,
    opened,
    write_program,
)

SECRET = "m4t-kh4u-b1-m4t"
SENDER = "he-thong@mau.example"
HEAD = "giam-doc-y-te@mau.example"
UNITS: dict[str, dict[str, Any]] = {"so-y-te": {"head_address": HEAD}}
LATE = {"so-y-te", "so-xay-dung"}
Mail = email.message.EmailMessage


def mails(folder: Path) -> list[Mail]:
    """Every mail that came in, in order, as a mail program reads it."""
    found = []
    for file in sorted(folder.glob("*.eml")):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(message, Mail)
        found.append(message)
    return found


def body_of(mail: Mail) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def after(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A mail server that is the default channel; the folder of its mails."""
    with mail_server(tmp_path / "mail", SENDER) as channel:
        monkeypatch.setenv("DTI_CHANNEL", channel)
        yield tmp_path / "mail"


@contextmanager
def strict_server(
    folder: Path, password: str, refuses: Callable[[str], bool] = lambda _: False
) -> Iterator[str]:
    """A server that wants a login and refuses some recipients; its channel, password and all."""

    class Strict(Mailbox):
        async def handle_RCPT(
            self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
        ) -> str:
            if refuses(address):
                return "550 no such person"
            envelope.rcpt_tos.append(address)
            return "250 OK"

    def login(_server: Any, _session: Any, _envelope: Any, _mechanism: Any, data: Any) -> Any:
        return AuthResult(success=data.password == password.encode(), handled=False)

    port = free_port()
    controller = Controller(
        Strict(folder),
        hostname="127.0.0.1",
        port=port,
        authenticator=login,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield (
            f"mailto://dti:{SECRET}@127.0.0.1:{port}/?from={SENDER}&to={{address}}&mode=insecure"
        )
    finally:
        controller.stop()


@pytest.mark.usefixtures("database")
class TestWhatArrives:
    """On SQLite and on PostgreSQL."""

    def test_contact_head_and_organiser_each_get_theirs_once(self, box: Path) -> None:
        context = opened({"reminders": LADDER}, UNITS)
        all_but(context, LATE)
        queue_reminders(ROUND, after(5), "test")
        assert send_pending(ROUND, "test") == Delivery(sent=4)
        queue_reminders(ROUND, after(5), "test")
        assert send_pending(ROUND, "test") == Delivery()
        found = {str(mail["to"]): mail for mail in mails(box)}
        assert sorted(found) == [
            HEAD,
            "so-tttt@mau.example",
            "so-xay-dung@mau.example",
            "so-y-te@mau.example",
        ]
        assert len(mails(box)) == 4
        title = context.round.title
        contact = found["so-y-te@mau.example"]
        assert str(contact["subject"]) == f"Đôn đốc gửi số liệu của đơn vị: {title}"
        assert str(contact["from"]) == SENDER
        assert body_of(contact).strip().startswith("Kính gửi: Sở Y tế\n\nĐến ngày 05/02/2024, ")
        assert "Hạn gửi là 31/01/2024, đã quá 5 ngày." in body_of(contact)
        assert "Kính gửi: Lãnh đạo Sở Y tế" in body_of(found[HEAD])
        digest = found["so-tttt@mau.example"]
        assert str(digest["subject"]) == f"Tổng hợp nơi quá hạn đến ngày 05/02/2024: {title}"
        assert (
            "- Sở Y tế: số liệu của đơn vị, 45 số liệu; hạn 31/01/2024, quá 5 ngày; đã báo lãnh đạo"
            in body_of(digest)
        )
        assert contact.get_content_type() == "text/plain"
        (paper,) = found[HEAD].iter_attachments()
        assert paper.get_filename() == "cong-van-don-doc-2024-02-05.docx"
        content = paper.get_payload(decode=True)
        assert isinstance(content, bytes)
        _opens("cong-van-don-doc.docx", content)
        assert contact.get_content_charset() == "utf-8"
        assert "\N{NO-BREAK SPACE}" not in body_of(contact)

    def test_a_unit_that_sends_or_is_given_time_before_the_mail_goes_gets_none(
        self, box: Path
    ) -> None:
        context = opened({"reminders": LADDER}, UNITS)
        all_but(context, {*LATE, "so-tu-phap"})
        queue_reminders(ROUND, after(1), "test")
        arrives("so-y-te", "own", after(1))
        result = CliRunner().invoke(
            app,
            f"extend {ROUND} so-tu-phap --until 2024-02-20 --document 7/STTTT --reason bão".split(),
        )
        assert result.exit_code == 0, result.output
        assert "Đã gia hạn cho Sở Tư pháp đến hết ngày 20/02/2024" in result.output
        assert send_pending(ROUND, "test") == Delivery(sent=3, dropped=2)
        found = {str(mail["to"]): mail for mail in mails(box)}
        assert sorted(found) == [
            "so-tttt@mau.example",
            "so-tu-phap@mau.example",
            "so-xay-dung@mau.example",
        ]
        granted = found["so-tu-phap@mau.example"]
        assert str(granted["subject"]).startswith("Gia hạn gửi số liệu đến ngày 20/02/2024")
        assert [part.get_filename() for part in granted.iter_attachments()] == [
            "cong-van-gia-han-2024-02-20.docx"
        ]
        with session() as records:
            assert audit.verify(records, ROUND) == []

    def test_without_a_channel_everything_waits_and_goes_later(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("DTI_CHANNEL", raising=False)
        context = opened({"reminders": LADDER}, UNITS)
        all_but(context, LATE)
        queue_reminders(ROUND, after(5), "test")
        assert send_pending(ROUND, "test") == Delivery(waiting=4)
        with session() as records:
            assert {each.attempts for each in notifications(records, ROUND)} == {0}
        with mail_server(tmp_path / "mail", SENDER) as channel:
            monkeypatch.setenv("DTI_CHANNEL", channel)
            assert send_pending(ROUND, "test") == Delivery(sent=4)

    def test_a_channel_that_fails_gives_way_to_the_next(
        self, box: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbox, "DELAYS", (timedelta(0),) * 5)
        monkeypatch.setenv("DTI_CHANNEL_ZALO", f"json://127.0.0.1:{free_port()}/{{address}}")
        context = opened({}, {"so-y-te": {"channels": {"sms": "0900", "zalo": "0911"}}})
        all_but(context, {"so-y-te"})
        queue_reminders(ROUND, after(1), "test")
        assert send_pending(ROUND, "test") == Delivery(failed=1)
        with session() as records:
            (record,) = notifications(records, ROUND)
            assert (record.status, record.channel, record.attempts) == ("failed", "zalo", 1)
            assert record.error == "kênh zalo: máy chủ từ chối kết nối"
        assert send_pending(ROUND, "test") == Delivery(sent=1)
        with session() as records:
            (record,) = notifications(records, ROUND)
            assert (record.status, record.channel, record.attempts) == ("sent", "default", 2)
        assert [str(mail["to"]) for mail in mails(box)] == ["so-y-te@mau.example"]

    def test_what_cannot_be_delivered_is_given_up_and_the_organiser_told_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbox, "DELAYS", (timedelta(0),) * 2)
        context = opened({}, {"so-cong-thuong": {"address": None}})
        all_but(context, {*LATE, "so-cong-thuong"})
        queue_reminders(ROUND, after(1), "test")
        folder = tmp_path / "mail"
        with strict_server(folder, SECRET, lambda to: to.startswith("so-y-te")) as channel:
            monkeypatch.setenv("DTI_CHANNEL", channel)
            first = send_pending(ROUND, "test")
            # no address: given up at once, and the note goes in the same run
            assert first == Delivery(sent=2, failed=1, given_up=1)
            assert send_pending(ROUND, "test") == Delivery(failed=1)
            assert send_pending(ROUND, "test") == Delivery(given_up=1, sent=1)
            assert send_pending(ROUND, "test") == Delivery()
            first_note, second_note = [
                mail for mail in mails(folder) if str(mail["to"]) == "so-tttt@mau.example"
            ]
            assert str(first_note["subject"]) == f"Thư không gửi được: {context.round.title}"
            assert "- Sở Công Thương: Đôn đốc gửi" in body_of(first_note)
            assert "đơn vị chưa có địa chỉ của đầu mối" in body_of(first_note)
            assert "- Sở Y tế: Đôn đốc gửi" in body_of(second_note)
            assert "(thử 3 lần; kênh default: máy chủ từ chối nơi nhận)" in body_of(second_note)
            assert "so-y-te@" not in body_of(second_note)
            again = CliRunner().invoke(app, ["outbox", ROUND, "--json"])
            rows = json.loads(again.output)
            assert {row["recipient"] for row in rows if row["status"] == "given_up"} == {
                "so-y-te",
                "so-cong-thuong",
            }
        assert SECRET.encode() not in every_text(tmp_path)
        with session() as records:
            assert outbox.retry(records, ROUND, "test") == 2
            assert audit.verify(records, ROUND) == []


def _everything_recorded() -> str:
    """Every row of every table, as text."""
    with engine(database_url()).connect() as connection:
        return "\n".join(
            str(tuple(row))
            for table in Record.metadata.sorted_tables
            for row in connection.execute(table.select())
        )


ADDRESSES = re.compile(rb"[a-z-]+@mau\.example")


@pytest.mark.usefixtures("database")
class TestNoSecretGetsOut:
    """The channel's password and people's addresses, with channels that fail in every way."""

    @pytest.mark.parametrize(
        "url",
        [
            f"mailto://dti:{SECRET}@127.0.0.1:{{port}}/?from={SENDER}&to={{address}}&mode=insecure",
            f"json://dti:{SECRET}@127.0.0.1:{{port}}/{SECRET}/{{address}}",
            f"tgram://123456789:{SECRET}abcdefghijklmnopqrstuvw/{{address}}/?port={{port}}",
            f"khong-co://{SECRET}/{{address}}",
            f"mailto://{SECRET}",
            f"{SECRET}",
        ],
    )
    def test_a_channel_that_is_down_or_misspelt(
        self,
        url: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        # nothing leaves this machine: whatever is not loopback goes to a proxy that is not there
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
        monkeypatch.setenv("DTI_CHANNEL", url.replace("{port}", str(free_port())))
        context = opened({"reminders": LADDER}, UNITS)
        all_but(context, LATE)
        queue_reminders(ROUND, after(5), "test")
        done = send_pending(ROUND, "test")
        assert (done.sent, done.failed) == (0, 4)
        shown = CliRunner().invoke(app, ["outbox", ROUND]).output
        listed = CliRunner().invoke(app, ["outbox", ROUND, "--json"]).output
        assert {row["status"] for row in json.loads(listed)} == {"failed"}
        self._assert_clean(tmp_path, caplog, capfd, shown + listed)

    def test_a_channel_that_raises_with_its_url(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        import apprise

        def fails(_self: object, **_: object) -> bool:
            logging.getLogger("urllib3.connectionpool").warning("Retrying /bot%s/", SECRET)
            raise ConnectionError(f"https://x/{SECRET} so-y-te@mau.example")

        caplog.set_level(logging.DEBUG)
        monkeypatch.setattr(apprise.Apprise, "notify", fails)
        monkeypatch.setenv(
            "DTI_CHANNEL", f"mailto://{SECRET}@127.0.0.1:1/?from={SENDER}&to={{address}}"
        )
        context = opened({}, UNITS)
        all_but(context, LATE)
        queue_reminders(ROUND, after(1), "test")
        assert send_pending(ROUND, "test") == Delivery(failed=2)
        with session() as records:
            errors = {each.error for each in notifications(records, ROUND)}
        assert errors == {"kênh default gặp lỗi ConnectionError"}
        self._assert_clean(tmp_path, caplog, capfd, "")

    def test_a_channel_that_works_and_one_with_a_wrong_password(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        monkeypatch.setattr(outbox, "DELAYS", (timedelta(0),) * 5)
        context = opened({"reminders": LADDER}, UNITS)
        all_but(context, LATE)
        queue_reminders(ROUND, after(5), "test")
        with strict_server(tmp_path / "mail", "another") as channel:
            monkeypatch.setenv("DTI_CHANNEL", channel)
            assert send_pending(ROUND, "test") == Delivery(failed=4)
        with session() as records:
            errors = {each.error for each in notifications(records, ROUND)}
        assert errors == {"kênh default: sai tên đăng nhập hoặc mật khẩu"}
        with strict_server(tmp_path / "mail", SECRET) as channel:
            monkeypatch.setenv("DTI_CHANNEL", channel)
            assert send_pending(ROUND, "test") == Delivery(sent=4)
        assert len(mails(tmp_path / "mail")) == 4
        self._assert_clean(tmp_path, caplog, capfd, "")

    def _assert_clean(
        self,
        home: Path,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
        shown: str,
    ) -> None:
        said = capfd.readouterr()
        # aiosmtpd logs as "mail.log": that is the mail server, somebody else's machine
        logged = [each.getMessage() for each in caplog.records if each.name != "mail.log"]
        told = "\n".join([_everything_recorded(), *logged, said.out, said.err, shown])
        assert SECRET not in told
        assert "@mau.example" not in told
        assert SECRET.encode() not in every_text(home)
        for file in home.rglob("*"):
            # people's addresses stand in the units file and on the mail itself, nowhere else
            if file.is_file() and file.suffix != ".eml" and file.name != "program.yaml":
                assert not ADDRESSES.search(file.read_bytes()), file


@pytest.mark.usefixtures("empty_home")
class TestCommands:
    """What the commands print; no address in any of it."""

    def test_a_dry_run_says_who_would_get_what_and_queues_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DTI_CHANNEL", f"mailto://x:{SECRET}@127.0.0.1:1/?to={{address}}")
        context = opened({"reminders": LADDER}, UNITS | {"so-xay-dung": {"address": None}})
        all_but(context, LATE)
        result = CliRunner().invoke(app, ["remind", ROUND, "--on", "2024-02-05", "--dry-run"])
        assert result.exit_code == 0, result.output
        lines = [line for line in result.output.splitlines() if line.startswith("- ")]
        title = context.round.title
        assert lines == [
            f"- Sở Xây dựng (mới; kênh: chưa có địa chỉ): Đôn đốc gửi số liệu của đơn vị: {title}",
            f"- Sở Y tế (mới; kênh: default): Đôn đốc gửi số liệu của đơn vị: {title}",
            "- Lãnh đạo Sở Y tế (mới; kênh: default):"
            f" Báo cáo việc chậm gửi số liệu của đơn vị: {title};"
            " kèm cong-van-don-doc-2024-02-05.docx",
            "- Sở Thông tin và Truyền thông (mới; kênh: default):"
            f" Tổng hợp nơi quá hạn đến ngày 05/02/2024: {title}",
        ]
        assert "@" not in result.output
        assert SECRET not in result.output
        with session() as records:
            assert notifications(records, ROUND) == []

    def test_remind_json_lists_who_is_late_by_the_deadline_as_it_is_now(self) -> None:
        context = opened({})
        all_but(context, LATE)
        extended = f"extend {ROUND} so-y-te --until 2024-02-20 --document 7/CV --reason bão"
        assert CliRunner().invoke(app, extended.split()).exit_code == 0
        result = CliRunner().invoke(app, ["remind", ROUND, "--on", "2024-02-05", "--json"])
        assert json.loads(result.output) == [
            {"provider": "so-xay-dung", "kind": "own", "due": "2024-01-31"}
        ]
        with session() as records:
            assert deadline(records, ROUND, "so-y-te", "own") == date(2024, 2, 20)

    def test_the_delivery_log_shows_the_status_of_each_message(self, box: Path) -> None:
        context = opened({"reminders": LADDER}, UNITS)
        all_but(context, LATE)
        queue_reminders(ROUND, after(1), "test")
        send_pending(ROUND, "test")
        rows = json.loads(CliRunner().invoke(app, ["outbox", ROUND, "--json"]).output)
        assert [(r["key"], r["status"], r["attempts"], r["channel"]) for r in rows] == [
            (f"remind:so-xay-dung:own:{after(1)}", "sent", 1, "default"),
            (f"remind:so-y-te:own:{after(1)}", "sent", 1, "default"),
            (f"digest:{after(1)}", "sent", 1, "default"),
        ]
        assert all(row["sent_at"] and row["error"] is None for row in rows)
        shown = CliRunner().invoke(app, ["outbox", ROUND])
        assert shown.output.count("đã gửi") == 3
        assert "@" not in shown.output
        assert len(mails(box)) == 3


@pytest.mark.prefect
def test_requests_go_out_with_attachments_that_open_and_leave_no_secret_in_prefect(
    server: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The dispatch as a flow, its channel in a Prefect block, the files opened as people do."""
    from prefect.blocks.system import Secret
    from prefect.client.orchestration import get_client

    from flows.stages import open_round
    from flows.unit_stages import dispatch, remind

    monkeypatch.delenv("DTI_CHANNEL", raising=False)
    assert from_environment("default") is None
    context = write_program({"reminders": LADDER}, UNITS)
    open_round(ROUND)
    folder = tmp_path / "mail"
    with strict_server(folder, SECRET) as channel:
        Secret(value=channel).save("dti-channel", overwrite=True, _sync=True)
        try:
            delivery = dispatch(ROUND)
            assert delivery == Delivery(sent=20)
            late, reminded = remind(ROUND, after(5))
        finally:
            asyncio.run(_delete_block("dti-channel"))
    assert len(late) == reminded.sent - 2, "every request, a head, and the organiser's list"
    requests_ = [mail for mail in mails(folder) if str(mail["subject"]).startswith("Đề nghị")]
    assert {str(mail["to"]) for mail in requests_} == {
        unit.address for unit in context.program.units
    }
    for mail in requests_:
        names = [str(part.get_filename()) for part in mail.iter_attachments()]
        assert names[-2:] == ["cong-van-yeu-cau.docx", "ke-hoach-huong-dan.docx"]
        provider = str(mail["to"]).partition("@")[0]
        assert f"{provider}.xlsx" in names
        for part in mail.iter_attachments():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            name = str(part.get_filename())
            folder_of = "" if name == "ke-hoach-huong-dan.docx" else provider
            assert content == (round_folder(ROUND) / "out" / folder_of / name).read_bytes()
            _opens(name, content)
    assert "@mau.example" not in _everything_recorded()
    assert SECRET not in _everything_recorded()
    said = capfd.readouterr()
    assert SECRET not in said.out + said.err

    async def artifacts() -> str:
        async with get_client() as client:
            found = await client.read_artifacts(limit=200)
            return json.dumps([each.model_dump(mode="json") for each in found])

    kept = asyncio.run(artifacts())
    assert "don-doc" in kept
    assert SECRET not in kept
    assert "@mau.example" not in kept
    assert SECRET.encode() not in every_text(server)
    logs = Path(os.environ["PREFECT_LOGGING_HANDLERS_FILE_FILENAME"]).parent
    for folder in (Path(os.environ["PREFECT_HOME"]), logs):
        assert SECRET.encode() not in every_text(folder)
        assert HEAD.encode() not in every_text(folder)


@pytest.mark.prefect
@pytest.mark.usefixtures("server")
def test_a_late_file_is_refused_by_the_deadline_that_its_unit_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`late_submission: refuse` goes by the extension, and by the day that it is in Viet Nam."""
    from flows.stages import intake, open_round
    from flows.unit_stages import dispatch

    monkeypatch.delenv("DTI_CHANNEL", raising=False)
    context = write_program({"late_submission": "refuse"}, UNITS)
    open_round(ROUND)
    dispatch(ROUND)
    lying = inbox(ROUND) / "so-y-te.xlsx"
    lying.parent.mkdir(parents=True)
    lying.write_bytes((round_folder(ROUND) / "out" / "so-y-te" / "so-y-te.xlsx").read_bytes())
    evening = datetime(DUE.year, DUE.month, DUE.day, 17, 30, tzinfo=UTC).timestamp()
    os.utime(lying, (evening, evening))  # half past midnight in Viet Nam
    intake(ROUND)
    with session() as records:
        (aside,) = quarantined(records, ROUND)
        assert aside.reason.endswith("đến ngày 01/02/2024, sau hạn 31/01/2024.")
        extend(records, context, "so-y-te", after(1), "mất điện", "3/CV", "test")
    intake(ROUND)
    with session() as records:
        stand = next(s for s in standings(records, ROUND) if s.provider == "so-y-te")
    assert (stand.received_on, stand.due, stand.came_late) == (after(1), after(1), False)


async def _delete_block(name: str) -> None:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        document = await client.read_block_document_by_name(name, "secret")
        assert document.id is not None
        await client.delete_block_document(document.id)


def _opens(name: str, content: bytes) -> None:
    """The programs' own readers open it and find something in it."""
    if name.endswith(".xlsx"):
        assert load_workbook(io.BytesIO(content)).sheetnames
        sheets = CalamineWorkbook.from_filelike(io.BytesIO(content))
        assert any(sheets.get_sheet_by_index(0).to_python())
    else:
        text = "\n".join(each.text for each in Document(io.BytesIO(content)).paragraphs)
        assert "Kính gửi" in text or "KẾ HOẠCH" in text.upper()


def test_an_attachment_that_is_gone_is_a_failure_and_not_a_mail_without_it(
    empty_home: Path, box: Path
) -> None:
    opened({})
    file = empty_home / "rounds" / ROUND / "out" / "so-y-te" / "Biểu mẫu số 1.xlsx"
    message = Message("x:1", "so-y-te", "Thư", "Thân", ("out/so-y-te/Biểu mẫu số 1.xlsx",))
    with session() as records:
        enqueue(records, ROUND, [message], "test")
    assert send_pending(ROUND, "test") == Delivery(failed=1)
    assert mails(box) == []
    with session() as records:
        (record,) = notifications(records, ROUND)
        assert record.error == "thiếu tệp kèm Biểu mẫu số 1.xlsx"
        outbox.retry(records, ROUND, "test")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * 3000)
    assert send_pending(ROUND, "test") == Delivery(sent=1)
    (mail,) = mails(box)
    (part,) = mail.iter_attachments()
    assert part.get_filename() == "Biểu mẫu số 1.xlsx"
    assert part.get_payload(decode=True) == b"x" * 3000


@pytest.mark.postgres
def test_killed_at_random_moments_nobody_is_left_out_and_a_double_has_its_reason() -> None:
    """A few runs of the kill test; `python -m tests.flows.kill_reminders --runs 50` for more."""
    psycopg = pytest.importorskip("psycopg")
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        pytest.skip(f"PostgreSQL không có ở {POSTGRES}: {error}")
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.kill_reminders", "--runs", "4", "--first", "1"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["runs"] == 4
    assert counts["kills"] > 0
    assert (counts["left_out"], counts["after_sending"], counts["unsettled"]) == (0, 0, 0)
    assert counts["doubles"] == counts["explained"]


@pytest.mark.usefixtures("database")
def test_a_worker_that_dies_right_after_the_server_took_a_mail_sends_that_one_twice(
    box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one window there is, and what it costs: the message in hand, no other."""
    context = opened({}, UNITS)
    all_but(context, LATE)
    queue_reminders(ROUND, after(1), "test")

    class Died(BaseException):
        pass

    def dies(*_: object) -> str:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_settle", dies)
        with pytest.raises(Died):
            send_pending(ROUND, "test")
    # the worker's lock file went with it, as a process that exits in good order removes it: its
    # claim is nobody's known, and runs out
    assert send_pending(ROUND, "test") == Delivery(sent=1, busy=1)
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=-5))
    assert send_pending(ROUND, "test") == Delivery(sent=1)
    assert sorted(str(mail["to"]) for mail in mails(box)) == [
        "so-xay-dung@mau.example",
        "so-xay-dung@mau.example",
        "so-y-te@mau.example",
    ]
