"""The letter to a provider whose workbook has not come (công văn đôn đốc)."""

from dataclasses import dataclass
from datetime import date

from dti_core.errors import Refused
from dti_core.intake.layout import HEADINGS, NOTE
from reports.letters.deadline import About, Late, after
from reports.letters.paper import Paper, template
from reports.letters.wording import day, whole, within
from reports.series import fill_again


class NothingLate(Refused):
    """A letter about a deadline that nobody has missed."""


@dataclass(frozen=True)
class MissingFile:
    """A workbook that has not come.

    rows   how many figures it asks for
    due    the last day on which it was in time
    basis  what sets that day
    """

    file: str
    about: About
    rows: int
    due: date
    basis: str


@dataclass(frozen=True)
class ReminderLetter:
    """What the letter says.

    basis    the decree in full, as `wording.cite` writes it
    day      by the records of which day the files are missing
    late     what the round does with files that come late; None where nobody decided
    send_to  where the filled workbooks go, an address or a place; None leaves it out
    """

    paper: Paper
    recipient: str
    basis: str
    title: str
    evaluation_year: int
    day: date
    files: tuple[MissingFile, ...]
    late: Late | None = None
    send_to: str | None = None


def render(values: ReminderLetter) -> bytes:
    """The letter as a .docx. Raises NothingLate without a file past its day, BrokenTemplate."""
    in_time = [each for each in values.files if values.day <= each.due]
    if not values.files or in_time:
        raise NothingLate(
            f"{values.recipient} không có tệp nào quá hạn vào ngày {values.day:%d/%m/%Y}"
            f"{''.join(f'; {each.file}: hạn {each.due:%d/%m/%Y}' for each in in_time)}."
            " Không cần công văn đôn đốc."
        )
    return fill_again(
        template("reminder.docx"),
        {
            "paper": values.paper,
            "recipient": values.recipient,
            "basis": values.basis,
            "title": within(values.title),
            "evaluation_year": values.evaluation_year,
            "day": day(values.day),
            "count": whole(len(values.files)),
            "several": len(values.files) > 1,
            "files": [
                {
                    "number": number,
                    "about": each.about,
                    "file": each.file,
                    "rows": whole(each.rows),
                    "due": f"{each.due:%d/%m/%Y}",
                    "days": whole((values.day - each.due).days),
                }
                for number, each in enumerate(values.files, 1)
            ],
            "deadlines": [
                {"due": day(due), "basis": basis.rstrip(" .;")}
                for due, basis in dict.fromkeys((each.due, each.basis) for each in values.files)
            ],
            "note": HEADINGS[NOTE],
            "send_to": values.send_to,
            **after(values.late),
        },
    )
