"""The plan to improve as a paper (Kế hoạch khắc phục): 2554/QĐ-UBND, IX.3; the columns of
419/KH-UBND, Phụ lục 2; the layout of Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.4."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.docx import fill
from reports.letters.paper import Paper, template

TEMPLATE = "improvement.docx"


@dataclass(frozen=True)
class PlanRow:
    """A line of the plan, as the text that is shown."""

    number: str
    title: str
    result: str
    target: str
    deadline: str
    lead: str
    partners: str


@dataclass(frozen=True)
class PlanPaper:
    """What the plan says.

    basis      the decrees in full
    result_of  the round's title, as it reads within a sentence
    result     the unit's points, percent and place, in one sentence without its stop
    weak       how many criteria lost points, and how many points: "12 tiêu chí (mất 34,5 điểm)"
    proposed   whether the lines are still our proposals
    organiser  who follows the plans up
    """

    paper: Paper
    unit: str
    year: int
    basis: str
    result_of: str
    result: str
    weak: str
    proposed: bool
    organiser: str
    rows: Sequence[PlanRow]


def render(values: PlanPaper) -> bytes:
    """The plan as a .docx. Raises BrokenTemplate."""
    return fill(
        template(TEMPLATE),
        {
            "paper": values.paper,
            "unit": values.unit,
            "year": values.year,
            "next_year": values.year + 1,
            "basis": values.basis,
            "result_of": values.result_of,
            "result": values.result,
            "weak": values.weak,
            "proposed": values.proposed,
            "organiser": values.organiser,
            "rows": values.rows,
        },
    )
