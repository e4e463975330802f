"""The draft of the decision that publishes the result (dự thảo Quyết định công bố kết quả)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dti_core.program.policies import RoundingRule
from reports.built_tables import marker
from reports.docx import fill
from reports.letters import by_criterion, result_tables
from reports.letters.issued import Issued, blank, require_authority
from reports.letters.paper import Paper, template
from reports.letters.standings import BrokenStandings, Group, ranked_count
from reports.letters.wording import day, points, whole, within
from reports.series import with_tables

TABLES = {name: marker(name) for name in ("ranking", "pillars", "criteria")}


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
    personnel   who takes the result into the yearly rating of heads; None where nobody does
    proposed    the proposal as it was sent; None leaves its number and day blank
    issued      the decision as it was issued; None: a draft, number and day left blank
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
    personnel: str | None = None
    proposed: Issued | None = None
    issued: Issued | None = None


def render(values: Decision) -> bytes:
    """The decision as a .docx.

    Raises BrokenStandings where nobody is ranked or points by row are missing, BrokenAuthority
    where another one signs than decides, BrokenTemplate.
    """
    count = ranked_count(values.groups)
    require_authority(values.paper, values.competence)
    _require_rows(values.groups)
    digits, file = values.rounding.digits, template("decision.docx")
    filled = fill(
        file,
        {
            **authority(values.paper, values.competence, values.grounds, values.issued),
            **proposal(values.proposer, values.proposal, values.proposed),
            "organiser": values.organiser,
            "executors": values.executors,
            "basis": values.basis,
            "title": within(values.title),
            "evaluation_year": values.evaluation_year,
            "data_from": day(values.data_from),
            "data_to": day(values.data_to),
            "count": whole(count),
            "unranked": whole(unranked) if (unranked := _unranked(values.groups)) else "",
            "personnel": values.personnel,
            "groups": [_shown(group, digits) for group in values.groups],
            "compared": any(group.compared for group in values.groups),
            "marks": by_criterion.marks(values.groups),
            "digits": whole(digits),
            "rounded_sum": values.rounding.total == "sum_of_exact",
            "tables": TABLES,
        },
    )
    tables = {
        "ranking": result_tables.ranking(values.groups, digits),
        "pillars": result_tables.pillars(values.groups, digits),
        "criteria": by_criterion.tables(values.groups, digits),
    }
    return with_tables(filled, tables, file)


def authority(
    paper: Paper, competence: str, grounds: tuple[str, ...], issued: Issued | None
) -> dict[str, Any]:
    """Head, grounds and number, as the templates of decisions ask for them."""
    return {
        "paper": paper,
        "competence": competence,
        "grounds": [ground.rstrip(" ;.") for ground in grounds],
        "issued": dated(issued),
        "cited": issued.cited if issued else blank(paper.symbol),
    }


def proposal(proposer: str, symbol: str, sent: Issued | None) -> dict[str, str]:
    """On whose proposal, likewise."""
    return {
        "proposer": proposer,
        "proposal": symbol,
        "proposal_cited": sent.cited if sent else blank(symbol),
    }


def dated(issued: Issued | None) -> Mapping[str, str] | None:
    """Number and day of an issued paper; None leaves both blank and keeps the draft's mark."""
    return {"number": issued.number, "day": day(issued.on)} if issued else None


def _unranked(groups: tuple[Group, ...]) -> int:
    return sum(len(group.unranked) for group in groups)


def _require_rows(groups: tuple[Group, ...]) -> None:
    for group in groups:
        if group.ranked and not group.rows:
            raise BrokenStandings(
                f"{group.name or 'Kết quả'}: thiếu điểm theo tiêu chí cho Phụ lục III. Hãy tính"
                " điểm và xếp hạng lại."
            )


def _shown(group: Group, digits: int) -> dict[str, Any]:
    """A group with its points as text, for an office that makes a table of its own."""
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
                "percent": points(one.percent, digits),
                "grade": one.grade or "–",
                "change": result_tables.change(one),
                "pillars": [points(value, digits) for value in one.pillars],
            }
            for one in group.ranked
        ],
        "unranked": group.unranked,
    }
