"""The minutes of a sitting of the appraisal council (Biên bản)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from typing import Any

from dti_core.errors import Refused
from reports.docx import fill
from reports.letters.council import Quorum, Seat
from reports.letters.paper import Paper, template
from reports.letters.wording import clock, day, points, whole, within

_MORE_DIGITS = 6
"""How many decimals beyond the published ones may tell two points apart."""


class NoQuorum(Refused):
    """Too few members were present: what they decided cannot be minuted as the council's."""


@dataclass(frozen=True)
class Adjusted:
    """A row whose official points are not those from before the appraisal.

    unit, name     names of the unit and of the criterion
    criterion      the criterion's code
    before, after  exact points; no `before` where the row had none
    by             who decided, by position
    """

    unit: str
    criterion: str
    name: str
    before: Fraction | None
    after: Fraction
    by: str
    reason: str


@dataclass(frozen=True)
class Given:
    """The points that one verifier gave, by position."""

    by: str
    points: Fraction


@dataclass(frozen=True)
class Differing:
    """A row on which verifiers differed, and what the chair decided."""

    unit: str
    criterion: str
    name: str
    given: tuple[Given, ...]
    decided: Fraction
    reason: str


@dataclass(frozen=True)
class Exempted:
    """Rows of one unit that are not scored as the others' are, or not granted so.

    criteria  their codes
    effect    what they count for instead, in words
    reason    why it was decided so; None where the records give none
    """

    unit: str
    criteria: tuple[str, ...]
    ground: str
    effect: str
    granted: bool
    reason: str | None = None


@dataclass(frozen=True)
class Minutes:
    """What the minutes say.

    paper          of the council
    basis          the decree by which it appraises, in full
    held_on        the day; `begins` and `ends` are left to the secretary's hand where None
    chaired_by     who presided, by position
    secretary      who took the minutes, by position; None is left to the secretary's hand
    present, absent  members by position and duty
    quorum         how many had to be present
    adjusted, differing, exempted  what was decided
    note           what else was noted
    digits         decimals of published points
    """

    paper: Paper
    council: str
    basis: str
    title: str
    held_on: date
    place: str
    chaired_by: str
    secretary: str | None
    present: tuple[Seat, ...]
    absent: tuple[Seat, ...]
    quorum: Quorum
    digits: int
    adjusted: tuple[Adjusted, ...] = ()
    differing: tuple[Differing, ...] = ()
    exempted: tuple[Exempted, ...] = ()
    note: str | None = None
    begins: time | None = None
    ends: time | None = None


def render(values: Minutes) -> bytes:
    """The minutes as a .docx. Raises NoQuorum, BrokenTemplate."""
    present, needed = len(values.present), values.quorum.needed
    if present < needed:
        raise NoQuorum(
            f"{values.council}: phiên họp ngày {values.held_on:%d/%m/%Y} có {present} trong"
            f" {values.quorum.members} thành viên có mặt, cần ít nhất {needed}"
            f" ({values.quorum.text}; {values.quorum.basis}). Không lập được biên bản thẩm định;"
            " hãy họp lại và ghi lại phiên họp."
        )
    return fill(
        template("minutes.docx"),
        {
            "paper": values.paper,
            "council": values.council,
            "basis": values.basis,
            "title": within(values.title),
            "day": day(values.held_on),
            "begins": clock(values.begins),
            "ends": clock(values.ends),
            "place": values.place,
            "chair": values.chaired_by,
            "secretary": values.secretary,
            "present": values.present,
            "absent": values.absent,
            "present_count": whole(present),
            "count": whole(values.quorum.members),
            "needed": whole(needed),
            "share": values.quorum.text,
            "quorum_basis": values.quorum.basis.rstrip(" .;"),
            "adjusted": adjusted_rows(values.adjusted, values.digits),
            **tallied(values.adjusted),
            "differing": [
                _differing(number, one, values.digits)
                for number, one in enumerate(values.differing, 1)
            ],
            "differing_count": whole(len(values.differing)),
            "exempted": exempted_rows(values.exempted),
            "note": values.note and values.note.strip().rstrip("."),
        },
    )


def adjusted_rows(adjusted: Sequence[Adjusted], digits: int) -> list[dict[str, Any]]:
    """Adjustments as a table shows them."""
    rows = []
    for number, one in enumerate(adjusted, 1):
        before, after = told_apart(one.before, one.after, digits)
        rows.append(
            {
                "number": number,
                "unit": one.unit,
                "criterion": f"{one.criterion}. {one.name}",
                "before": before,
                "after": after,
                "by": one.by,
                "reason": one.reason.strip().rstrip("."),
            }
        )
    return rows


def tallied(adjusted: Sequence[Adjusted]) -> dict[str, str | None]:
    """How many adjustments there are: up, down, where there were no points before."""
    outright = sum(one.before is None for one in adjusted)
    return {
        "adjusted_count": whole(len(adjusted)),
        "adjusted_units": whole(len({one.unit for one in adjusted})),
        "up": whole(sum(one.before is not None and one.after > one.before for one in adjusted)),
        "down": whole(sum(one.before is not None and one.after < one.before for one in adjusted)),
        "outright": whole(outright) if outright else None,
    }


def told_apart(before: Fraction | None, after: Fraction, digits: int) -> tuple[str, str]:
    """Two points as published; with more decimals where they would read the same and differ."""
    shown = points(before, digits), points(after, digits)
    for more in range(1, _MORE_DIGITS + 1):
        if before == after or shown[0] != shown[1]:
            break
        shown = points(before, digits + more), points(after, digits + more)
    return shown


def exempted_rows(exempted: Sequence[Exempted]) -> list[dict[str, Any]]:
    """Exempted rows as a table shows them."""
    return [
        {
            "number": number,
            "unit": one.unit,
            "criteria": ", ".join(one.criteria),
            "ground": one.ground,
            "decided": one.effect if one.granted else "không chấp nhận",
            "reason": (one.reason or "").strip().rstrip("."),
        }
        for number, one in enumerate(exempted, 1)
    ]


def _differing(number: int, one: Differing, digits: int) -> dict[str, Any]:
    return {
        "number": number,
        "unit": one.unit,
        "criterion": f"{one.criterion}. {one.name}",
        "given": "; ".join(f"{each.by}: {points(each.points, digits)}" for each in one.given),
        "decided": points(one.decided, digits),
        "reason": one.reason.strip().rstrip("."),
    }
