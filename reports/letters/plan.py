"""The plan of a round with its guidance (kế hoạch, kèm hướng dẫn cung cấp số liệu)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from dti_core.errors import Refused
from dti_core.intake.layout import ACCOUNT, EVIDENCE, HEADINGS, NOTE, SELF_POINTS
from dti_core.rational import vietnamese
from reports.docx import fill
from reports.letters.paper import Paper, template
from reports.letters.wording import day, whole, within

# the marks of points in Vietnamese papers: đ is a letter, f is none (Nghị định 30/2020/NĐ-CP)
_MARKS = "abcdđeghiklmnopqrstuvxy"


class NobodyAsked(Refused):
    """A plan that asks nobody for anything."""


@dataclass(frozen=True)
class Scope:
    """Units assessed by one framework.

    citation    where it is set ("2074/QĐ-UBND, Phụ lục 1")
    max_points  what they can reach; None where the text gives no total
    """

    title: str
    citation: str
    units: int
    pillars: int
    criteria: int
    max_points: Fraction | None


@dataclass(frozen=True)
class Share:
    """How many figures a unit gives about itself, its own points among them, and about others.

    spared  rows that it is not asked about, since an exemption is proposed for them
    """

    unit: str
    own: int
    about_units: int
    spared: int = 0


@dataclass(frozen=True)
class Roster:
    """Units of one framework; `name` is None where there is only one table."""

    name: str | None
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Applied:
    """A question that the decree leaves open, and how the round answers it."""

    question: str
    answer: str
    basis: str
    decided_on: date


@dataclass(frozen=True)
class Limit:
    """On what the time of some steps rests; `steps` names them ("bước 1")."""

    steps: str
    basis: str


@dataclass(frozen=True)
class Plan:
    """What the plan says.

    basis            the decrees in full, as `wording.cite` writes them
    title            the round's title
    publisher        to whom the result is submitted
    data_basis       what sets the window of the figures
    opens, closes    from when and until when figures are given; `closes` is the day that holds
    explain_by       the last day for explanations; None where the letter about them will set it
    appraise_by, publish_by  the last days for points and for publication; None where none is set
    limits           on what those days rest
    reminders        when providers are reminded, in words; None where nobody decided
    reminded_before  whether they are reminded ahead of the deadline too
    only_providers   how many units give figures without being assessed
    policies         what the decree leaves open and somebody decided
    undecided        what the round still needs a decision on
    send_to          where filled workbooks go, an address or a place; None: to the issuer
    figures          whether any figure is asked, or self-assessed points only
    council          the council that appraises, where there is one
    """

    paper: Paper
    basis: str
    title: str
    publisher: str
    evaluation_year: int
    data_from: date
    data_to: date
    data_basis: str
    opens: date
    closes: date
    explain_by: date | None
    appraise_by: date | None
    publish_by: date | None
    limits: tuple[Limit, ...]
    scopes: tuple[Scope, ...]
    rosters: tuple[Roster, ...]
    only_providers: int = 0
    reminders: str | None = None
    reminded_before: bool = False
    policies: tuple[Applied, ...] = ()
    undecided: tuple[str, ...] = ()
    send_to: str | None = None
    figures: bool = True
    council: str | None = None


def render(values: Plan) -> bytes:
    """The plan as a .docx. Raises NobodyAsked without a unit, BrokenTemplate."""
    if not any(roster.shares for roster in values.rosters):
        raise NobodyAsked(
            f"Kế hoạch {within(values.title)} không có cơ quan, đơn vị nào. Hãy khai đơn vị (units)"
            " trong program.yaml."
        )
    marks = _marks(len(values.scopes) + bool(values.only_providers))
    return fill(
        template("plan.docx"),
        {
            "paper": values.paper,
            "basis": values.basis,
            "heading": values.title,
            "title": within(values.title),
            "publisher": values.publisher,
            "evaluation_year": values.evaluation_year,
            "data_from": day(values.data_from),
            "data_to": day(values.data_to),
            "data_basis": values.data_basis,
            "closes": day(values.closes),
            "days": {
                "opens": _short(values.opens),
                "closes": _short(values.closes),
                "explain_by": values.explain_by and _short(values.explain_by),
                "appraise_by": values.appraise_by and _short(values.appraise_by),
                "publish_by": values.publish_by and _short(values.publish_by),
            },
            "limits": [
                {"steps": each.steps, "basis": each.basis.rstrip(" .;")} for each in values.limits
            ],
            "scopes": [
                {
                    "mark": mark,
                    "title": one.title,
                    "citation": one.citation,
                    "units": whole(one.units),
                    "pillars": whole(one.pillars),
                    "criteria": whole(one.criteria),
                    "points": None if one.max_points is None else vietnamese(one.max_points),
                }
                for one, mark in zip(values.scopes, marks, strict=False)
            ],
            "others": values.only_providers
            and {"mark": marks[-1], "units": whole(values.only_providers)},
            "reminders": values.reminders,
            "reminded_before": values.reminded_before,
            "policies": [
                {
                    "question": one.question,
                    "answer": one.answer,
                    "basis": one.basis,
                    "decided_on": _short(one.decided_on),
                }
                for one in values.policies
            ],
            "undecided": values.undecided,
            "send_to": values.send_to,
            "columns": {
                "note": HEADINGS[NOTE],
                "evidence": HEADINGS[EVIDENCE],
                "self": HEADINGS[SELF_POINTS],
                "account": ACCOUNT,
            },
            "figures": values.figures,
            "council": values.council,
            "groups": [_shown(roster) for roster in values.rosters if roster.shares],
        },
    )


def _short(value: date) -> str:
    """A date as a table shows it."""
    return f"{value:%d/%m/%Y}"


def _marks(count: int) -> Sequence[str]:
    """ "a) ", "b) " … for points; nothing for one alone."""
    return [""] if count == 1 else [f"{_MARKS[place]}) " for place in range(count)]


def _shown(roster: Roster) -> dict[str, Any]:
    """A table of units with its numbers as text."""
    return {
        "name": roster.name,
        "units": [
            {
                "number": number,
                "name": share.unit,
                "own": _count(share.own),
                "about_units": _count(share.about_units),
                "spared": _count(share.spared),
            }
            for number, share in enumerate(roster.shares, 1)
        ],
        "own": _count(sum(share.own for share in roster.shares)),
        "about_units": _count(sum(share.about_units for share in roster.shares)),
        "spared": _count(sum(share.spared for share in roster.shares)),
    }


def _count(figures: int) -> str:
    """A number of figures; a dash for none."""
    return whole(figures) if figures else "–"
