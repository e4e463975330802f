"""The texts that go out: an office rewords them, and a broken one is refused before it is used."""

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dti_core.program.load import RoundContext
from dti_core.records.database import session
from dti_core.records.outbox import notifications
from reports.messages import (
    PLACEHOLDERS,
    SHIPPED,
    SUBJECT,
    BrokenText,
    check_texts,
    letter,
    message,
)
from tasks.queueing import queue_reminders
from tests.unit.reminded_round import DUE, ROUND, opened, write_program

TODAY = date(2024, 2, 3)
VALUES: dict[str, Any] = {"today": TODAY, "what": "số liệu của đơn vị", "days": 3}


@pytest.fixture
def context(empty_home: Path) -> RoundContext:
    assert empty_home.is_dir()
    return write_program({})


@pytest.fixture
def own(empty_home: Path) -> Path:
    """The office's own text of a reminder, to be written."""
    file = empty_home / "templates" / "messages" / "remind.txt"
    file.parent.mkdir(parents=True)
    return file


def test_every_shipped_text_can_be_filled_in_and_is_precomposed_vietnamese() -> None:
    check_texts()
    assert {file.stem for file in SHIPPED.glob("*.txt")} == set(PLACEHOLDERS)
    for file in SHIPPED.glob("*.txt"):
        text = file.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), file.name


def test_a_letter_has_its_subject_and_its_words(context: RoundContext) -> None:
    text = letter("remind", context, "so-y-te", **VALUES)
    assert text.title == f"Đôn đốc gửi số liệu của đơn vị: {context.round.title}"
    assert text.body.startswith("Kính gửi: Sở Y tế\n\nĐến ngày 03/02/2024, ")
    assert "Hạn gửi là 31/01/2024, đã quá 3 ngày." in text.body
    assert SUBJECT not in text.body


def test_on_the_last_day_the_reminder_says_so(context: RoundContext) -> None:
    text = letter("remind_before", context, "so-y-te", **{**VALUES, "days": 0})
    assert "hết ngày 31/01/2024, tức hôm nay." in text.body


@pytest.mark.usefixtures("empty_home")
def test_the_request_names_the_day_that_the_deadline_moved_to() -> None:
    context = write_program({"deadline_on_day_off": "next_working_day"}, closes=date(2024, 2, 3))
    text = message("request", context, "so-y-te", files=["a.xlsx"], wish="cung cấp số liệu")
    assert "- Hạn gửi: 05/02/2024." in text


def test_the_offices_own_text_wins_and_an_edit_counts_at_once(
    context: RoundContext, own: Path
) -> None:
    own.write_text("Tiêu đề: {{ recipient | upper }}\n\nChậm {{ days }} ngày.\n", encoding="utf-8")
    assert letter("remind", context, "so-y-te", **VALUES).title == "SỞ Y TẾ"
    assert letter("remind", context, "so-y-te", **VALUES).body == "Chậm 3 ngày."
    own.write_text("\ufeffTiêu đề: Khác\nMới\n", encoding="utf-8")
    assert letter("remind", context, "so-y-te", **VALUES).body == "Mới"
    own.unlink()
    assert letter("remind", context, "so-y-te", **VALUES).title.startswith("Đôn đốc")


BROKEN = {
    "syntax": ("Tiêu đề: a\n\n{% if days %}\n", 3, "sai cú pháp"),
    "filter": ("Tiêu đề: a\n{{ days | nope }}\n", 2, "nope"),
    "unknown": ("Tiêu đề: a\n\n\n{{ nguoi_nhan }}\n", 4, "không có từ thay thế 'nguoi_nhan'"),
    "not taken": (
        "Tiêu đề: a\n{% if false %}\n{{ sai }}\n{% endif %}",
        3,
        "không có từ thay thế 'sai'",
    ),
    "attribute": ("Tiêu đề: a\n\n{{ recipient.address }}\n", 3, "address"),
    "arithmetic": ("Tiêu đề: a\n{{ days / 0 }}\n", 2, "không điền được"),
    "subject": ("Kính gửi: {{ recipient }}\n", 1, "tiêu đề"),
    "include": ("Tiêu đề: a\n{% include '/etc/passwd' %}\n", 2, "tệp khác"),
    "escape": ("Tiêu đề: a\n{{ days.__class__.__mro__ }}\n", 2, "không điền được"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_text_is_refused_with_file_line_and_the_words_it_may_use(
    own: Path, case: str
) -> None:
    text, line, told = BROKEN[case]
    own.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenText) as refused:
        check_texts()
    said = str(refused.value)
    assert f"{own}, dòng {line}: " in said
    assert told in said
    for word in ("recipient", "issuer", "due", "today", "what", "days"):
        assert f"{{{{ {word} }}}}: " in said
    assert f"xóa tệp {own}" in said


def test_a_text_in_another_encoding_is_refused(own: Path) -> None:
    own.write_bytes("Tiêu đề: Đôn đốc\n".encode("utf-16"))
    with pytest.raises(BrokenText, match="UTF-8"):
        check_texts()


def test_a_list_is_tried_with_a_line_in_it(empty_home: Path) -> None:
    file = empty_home / "templates" / "messages" / "digest.txt"
    file.parent.mkdir(parents=True)
    file.write_text("Tiêu đề: a\n{% for each in late %}\n{{ each.so_ngay }}\n{% endfor %}", "utf-8")
    with pytest.raises(BrokenText, match=r"dòng 3: .*so_ngay") as refused:
        check_texts()
    assert "unit, what, due, days, missing, head_told" in str(refused.value)


@pytest.mark.usefixtures("database")
def test_nothing_is_queued_while_any_text_is_broken(tmp_path: Path) -> None:
    opened({})
    own = tmp_path / "templates" / "messages" / "remind_head.txt"
    own.parent.mkdir(parents=True)
    own.write_text("Tiêu đề: {{ ai }}", encoding="utf-8")
    day = DUE.replace(month=2, day=1)
    with pytest.raises(BrokenText, match=r"remind_head\.txt, dòng 1"):
        queue_reminders(ROUND, day, "test")
    with session() as records:
        assert notifications(records, ROUND) == []
    own.unlink()
    queue_reminders(ROUND, day, "test")
    with session() as records:
        assert len(notifications(records, ROUND)) > 15
