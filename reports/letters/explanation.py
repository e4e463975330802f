"""The letter that asks a unit to explain its figures (công văn yêu cầu giải trình)."""

from dataclasses import dataclass
from datetime import date

from dti_core.errors import Refused
from dti_core.intake.layout import CHANGED, KEPT
from reports.letters.paper import Paper, template
from reports.letters.wording import day, whole, within
from reports.series import fill_again


class NothingToExplain(Refused):
    """A letter without a doubt in it."""


@dataclass(frozen=True)
class Doubt:
    """One flag.

    figure  the figure as given, with its letter and unit of measure
            (`dti_core.scoring.explain.shown_value`)
    reason  the flag's message, with its arithmetic
    """

    code: str
    criterion: str
    figure: str
    reason: str


@dataclass(frozen=True)
class ExplanationLetter:
    """What the letter says.

    basis          the decree in full, as `wording.cite` writes it
    due            the last day for answers
    workbook       the workbook in which the unit answers
    if_unanswered  what the province decided to do then; None leaves the sentence out
    """

    paper: Paper
    recipient: str
    basis: str
    title: str
    evaluation_year: int
    due: date
    workbook: str
    doubts: tuple[Doubt, ...]
    if_unanswered: str | None = None


def render(values: ExplanationLetter) -> bytes:
    """The letter as a .docx. Raises NothingToExplain without doubts, BrokenTemplate."""
    if not values.doubts:
        raise NothingToExplain(
            f"{values.recipient} không có nội dung nào phải giải trình nên không cần công văn."
        )
    return fill_again(
        template("explanation.docx"),
        {
            "paper": values.paper,
            "recipient": values.recipient,
            "basis": values.basis,
            "title": within(values.title),
            "evaluation_year": values.evaluation_year,
            "due": day(values.due),
            "workbook": values.workbook,
            "doubts": values.doubts,
            "count": whole(len(values.doubts)),
            "kept": KEPT,
            "changed": CHANGED,
            "if_unanswered": values.if_unanswered,
        },
    )
