"""The invitation to a sitting of the appraisal council (Giấy mời)."""

from dataclasses import dataclass
from datetime import datetime

from dti_core.errors import Refused
from reports.docx import fill
from reports.letters.paper import Paper, template
from reports.letters.wording import clock, day, within


class NobodyInvited(Refused):
    """An invitation to nobody, or to nothing."""


@dataclass(frozen=True)
class Invitation:
    """What the invitation says.

    council   the council's name
    chair     who presides, by position
    starts    day and hour of the sitting, in Viet Nam
    place     where it is held
    content   what it deals with, a point each
    members   who of the council is invited, by position
    others    who else is: units whose rows are discussed, the agencies that prepare them
    note      what those invited have to bear in mind; None leaves it out
    """

    paper: Paper
    council: str
    title: str
    chair: str
    starts: datetime
    place: str
    content: tuple[str, ...]
    members: tuple[str, ...]
    others: tuple[str, ...] = ()
    note: str | None = None


def render(values: Invitation) -> bytes:
    """The invitation as a .docx. Raises NobodyInvited, BrokenTemplate."""
    if not values.members or not values.content or not values.place.strip():
        raise NobodyInvited(
            f"Giấy mời họp {values.council} phải nêu thành phần, nội dung và địa điểm."
        )
    return fill(
        template("invitation.docx"),
        {
            "paper": values.paper,
            "council": values.council,
            "title": within(values.title),
            "chair": values.chair,
            "starts": f"{clock(values.starts.time())}, {day(values.starts.date())}",
            "place": values.place.strip().rstrip("."),
            "content": [text.strip().rstrip(" .;") for text in values.content],
            "invited": (*values.members, *values.others),
            "note": values.note and values.note.strip().rstrip("."),
        },
    )
