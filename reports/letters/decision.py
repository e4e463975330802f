"""The draft of the decision that publishes the result (dự thảo Quyết định công bố kết quả)."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from dti_core.program.policies import RoundingRule
from reports.docx import fill, steady
from reports.letters.paper import Paper, template
from reports.letters.standings import Group, ranked_count
from reports.letters.wording import day, points, whole, within
from reports.templates.layout import BY_PILLAR, TEXT_WIDTH, widths

RANK_WIDTH, TOTAL_WIDTH = 1.2, 1.6
# narrower than this a pillar's "412,35" would break over two lines
PILLAR_WIDTH, PILLAR_WIDEST, UNIT_WIDTH = 1.15, 2.5, 4.4


@dataclass(frozen=True)
class Decision:
    """What the decision says.

    paper       of the body that publishes: its own name, number and signature
    competence  the authority that decides, as it stands over the grounds; it may be the body or
                its head
    grounds     the bases, each without its closing mark
    proposer    on whose proposal ("Giám đốc Sở …")
    proposal    what stands behind the number of that proposal ("TTr-STTTT")
    organiser   the agency that makes the result known
    executors   who carries the decision out, as the last article lists them
    groups      the result; points are exact
    rounding    the round's policy: how points are published
    """

    paper: Paper
    competence: str
    grounds: tuple[str, ...]
    proposer: str
    proposal: str
    organiser: str
    executors: str
    basis: str
    title: str
    evaluation_year: int
    data_from: date
    data_to: date
    groups: tuple[Group, ...]
    rounding: RoundingRule


def render(values: Decision) -> bytes:
    """The draft as a .docx. Raises BrokenStandings where nobody is ranked, BrokenTemplate."""
    count = ranked_count(values.groups)
    filled = fill(
        template("decision.docx"),
        {
            "paper": values.paper,
            "competence": values.competence,
            "grounds": [ground.rstrip(" ;.") for ground in values.grounds],
            "proposer": values.proposer,
            "proposal": values.proposal,
            "organiser": values.organiser,
            "executors": values.executors,
            "basis": values.basis,
            "title": within(values.title),
            "evaluation_year": values.evaluation_year,
            "data_from": day(values.data_from),
            "data_to": day(values.data_to),
            "count": whole(count),
            "groups": [_shown(group, values.rounding.digits) for group in values.groups],
            "digits": whole(values.rounding.digits),
            "rounded_sum": values.rounding.total == "sum_of_exact",
        },
    )
    return _fitted(filled)


def _shown(group: Group, digits: int) -> dict[str, Any]:
    """A group with its points as text."""
    return {
        "name": group.name,
        "max_points": points(group.max_points, digits),
        "columns": [
            {"name": column.name, "max_points": points(column.max_points, digits)}
            for column in group.columns
        ],
        "lines": [
            {
                "rank": one.rank,
                "unit": one.unit,
                "points": points(one.points, digits),
                "pillars": [points(value, digits) for value in one.pillars],
            }
            for one in group.ranked
        ],
        "unranked": group.unranked,
    }


def _fitted(content: bytes) -> bytes:
    """The same document, its tables by pillar as wide as the page whatever their columns."""
    document = Document(io.BytesIO(content))
    for table in document.tables:
        caption = table._tbl.tblPr.find(qn("w:tblCaption"))
        if caption is None or caption.get(qn("w:val")) != BY_PILLAR:
            continue
        pillars = len(table.columns) - 3
        free = TEXT_WIDTH - RANK_WIDTH - TOTAL_WIDTH
        each = min(max(PILLAR_WIDTH, (free - UNIT_WIDTH) / pillars), PILLAR_WIDEST)
        widths(table, [RANK_WIDTH, free - pillars * each, *[each] * pillars, TOTAL_WIDTH])
    buffer = io.BytesIO()
    document.save(buffer)
    return steady(buffer.getvalue())
