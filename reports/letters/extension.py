"""The letter that grants a provider a later deadline (công văn gia hạn)."""

from dataclasses import dataclass
from datetime import date

from dti_core.errors import Refused
from reports.docx import fill
from reports.letters.deadline import About, Late, after
from reports.letters.paper import Paper, template
from reports.letters.wording import day, within


class NothingGranted(Refused):
    """A letter that would give nobody more time."""


@dataclass(frozen=True)
class ExtendedFile:
    """A workbook and the deadline that it had before."""

    file: str
    about: About
    before: date


@dataclass(frozen=True)
class ExtensionLetter:
    """What the letter says.

    basis     the decree in full, as `wording.cite` writes it
    until     the new last day
    reason    why, as it was recorded
    document  the paper by which the extension was approved, number and date as recorded
    late      what the round does with files that come after that day; None where nobody decided
    send_to   where the filled workbooks go, an address or a place; None leaves it out
    """

    paper: Paper
    recipient: str
    basis: str
    title: str
    evaluation_year: int
    until: date
    reason: str
    document: str
    files: tuple[ExtendedFile, ...]
    late: Late | None = None
    send_to: str | None = None


def render(values: ExtensionLetter) -> bytes:
    """The letter as a .docx. Raises NothingGranted where no file gets more time, BrokenTemplate."""
    _refuse_nothing(values)
    return fill(
        template("extension.docx"),
        {
            "paper": values.paper,
            "recipient": values.recipient,
            "basis": values.basis,
            "title": within(values.title),
            "evaluation_year": values.evaluation_year,
            "until": day(values.until),
            "reason": values.reason.strip().rstrip("."),
            "document": values.document.strip().rstrip("."),
            "files": [
                {
                    "number": number,
                    "about": each.about,
                    "file": each.file,
                    "before": f"{each.before:%d/%m/%Y}",
                    "until": f"{values.until:%d/%m/%Y}",
                }
                for number, each in enumerate(values.files, 1)
            ],
            "send_to": values.send_to,
            **after(values.late),
        },
    )


def _refuse_nothing(values: ExtensionLetter) -> None:
    if not values.files:
        raise NothingGranted(f"Công văn gia hạn cho {values.recipient} không nêu tệp nào.")
    for each in values.files:
        if values.until <= each.before:
            raise NothingGranted(
                f"{values.recipient}, tệp {each.file}: hạn mới {values.until:%d/%m/%Y} phải sau hạn"
                f" cũ {each.before:%d/%m/%Y}."
            )
    if not values.reason.strip() or not values.document.strip():
        raise NothingGranted(
            f"Công văn gia hạn cho {values.recipient} phải nêu lý do và số văn bản chấp thuận."
        )
