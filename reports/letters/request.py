"""The letter that asks a provider for figures (công văn yêu cầu cung cấp số liệu)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dti_core.errors import Refused
from reports.letters.paper import Paper, template
from reports.letters.wording import day, whole, within
from reports.series import fill_again


class NothingAsked(Refused):
    """A letter that would ask for nothing."""


@dataclass(frozen=True)
class Workbook:
    """A workbook that goes with the letter.

    about     `own`: figures about the provider itself; `about_units`: about assessed units;
              `points`: the provider's own points for itself, and no figures
    criteria  how many rows of the framework it asks about
    rows      how many figures, or points, it asks for; about units, those of every unit
    units     how many units they are about
    spared    how many rows are not asked about, since an exemption is proposed for them
    """

    file: str
    about: Literal["own", "about_units", "points"]
    criteria: int
    rows: int
    units: int = 1
    spared: int = 0


@dataclass(frozen=True)
class RequestLetter:
    """What the letter says.

    basis    the decree in full, as `wording.cite` writes it
    title    the round's title
    opens    from when figures are taken; closes: the last day
    send_to  where the filled workbooks go, an address or a place; None leaves the line out
    """

    paper: Paper
    recipient: str
    basis: str
    title: str
    evaluation_year: int
    data_from: date
    data_to: date
    opens: date
    closes: date
    workbooks: tuple[Workbook, ...]
    send_to: str | None = None


def render(values: RequestLetter) -> bytes:
    """The letter as a .docx. Raises NothingAsked without workbooks, BrokenTemplate."""
    if not values.workbooks:
        raise NothingAsked(
            f"Công văn gửi {values.recipient} không kèm tệp nào để điền. Hãy tạo tệp số liệu của"
            " đợt trước."
        )
    points_only = all(each.about == "points" for each in values.workbooks)
    return fill_again(
        template("self_assessment.docx" if points_only else "request.docx"),
        {
            "paper": values.paper,
            "recipient": values.recipient,
            "basis": values.basis,
            "title": within(values.title),
            "evaluation_year": values.evaluation_year,
            "data_from": day(values.data_from),
            "data_to": day(values.data_to),
            "opens": day(values.opens),
            "closes": day(values.closes),
            "workbooks": [
                {
                    "number": number,
                    "file": each.file,
                    "about": each.about,
                    "criteria": whole(each.criteria),
                    "rows": whole(each.rows),
                    "units": whole(each.units),
                    "spared": whole(each.spared) if each.spared else None,
                }
                for number, each in enumerate(values.workbooks, 1)
            ],
            "rows": whole(sum(each.rows for each in values.workbooks)),
            "send_to": values.send_to,
        },
    )
