"""The submission of the result to the publisher (Tờ trình)."""

from dataclasses import dataclass
from datetime import date

from dti_core.program.policies import RoundingRule
from reports.docx import fill
from reports.letters.paper import Paper, template
from reports.letters.standings import Group, ranked_count, summary
from reports.letters.wording import day, whole, within


@dataclass(frozen=True)
class Settled:
    """A question that the decree leaves open, and how the round answered it."""

    question: str
    answer: str
    basis: str


@dataclass(frozen=True)
class Submission:
    """What the paper says.

    recipient            the publisher, as it is addressed
    basis                the decree in full, as `wording.cite` writes it
    asked, answered      how many providers were asked for figures, and how many gave them
    doubts, explained    how many figures were doubted, and how many of those were explained
    up, down, adjusted   how many rows were appraised higher, lower, and otherwise in all
    exempted             how many rows of units were exempted
    petitions, upheld    how many were decided, and how many of them for the unit
    groups               the result; points are exact
    rounding             the round's policy: how points are published
    settled              the policies on which the result rests
    attachments          what goes with the paper
    """

    paper: Paper
    recipient: str
    basis: str
    title: str
    evaluation_year: int
    data_from: date
    data_to: date
    asked: int
    answered: int
    doubts: int
    explained: int
    groups: tuple[Group, ...]
    rounding: RoundingRule
    adjusted: int = 0
    up: int = 0
    down: int = 0
    exempted: int = 0
    petitions: int = 0
    upheld: int = 0
    settled: tuple[Settled, ...] = ()
    attachments: tuple[str, ...] = ()


def render(values: Submission) -> bytes:
    """The paper as a .docx. Raises BrokenStandings where nobody is ranked, BrokenTemplate."""
    digits = values.rounding.digits
    count = ranked_count(values.groups)
    return fill(
        template("submission.docx"),
        {
            "paper": values.paper,
            "recipient": values.recipient,
            "basis": values.basis,
            "title": within(values.title),
            "evaluation_year": values.evaluation_year,
            "data_from": day(values.data_from),
            "data_to": day(values.data_to),
            "asked": whole(values.asked),
            "answered": whole(values.answered),
            "doubts": whole(values.doubts) if values.doubts else "",
            "explained": whole(values.explained),
            "adjusted": whole(values.adjusted),
            "up": whole(values.up),
            "down": whole(values.down),
            "exempted": whole(values.exempted) if values.exempted else "",
            "petitions": whole(values.petitions) if values.petitions else "",
            "upheld": whole(values.upheld),
            "count": whole(count),
            "unranked": [one for group in values.groups for one in group.unranked],
            "groups": [
                (summary(group, digits), whole(len(group.ranked)))
                for group in values.groups
                if group.ranked
            ],
            "settled": values.settled,
            "attachments": values.attachments,
        },
    )
