"""The decision that establishes the appraisal council (Quyết định thành lập Hội đồng thẩm định)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from dti_core.errors import Refused
from dti_core.program.routing import DUTIES
from dti_core.rational import percent
from reports.docx import fill
from reports.letters.issued import require_authority
from reports.letters.paper import Paper, template
from reports.letters.wording import day, whole, within


class NoSeats(Refused):
    """A council without members, or one whose members nobody chairs."""


@dataclass(frozen=True)
class Seat:
    """A place in the council.

    position  office held, never a person's name
    duty      as `Member.duty`
    """

    position: str
    duty: str

    @property
    def part(self) -> str:
        return DUTIES[self.duty]


@dataclass(frozen=True)
class Assigned:
    """A field of work and who appraises it.

    rows  which rows it holds, in words
    by    who appraises it, by position
    """

    field: str
    rows: str
    by: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class Quorum:
    """How many members must be present; `share` of them, by the policy and its basis."""

    share: Fraction
    members: int
    basis: str

    @property
    def needed(self) -> int:
        """The least number that is the share of the members or more, and never nobody."""
        return max(1, ceil(self.share * self.members))

    @property
    def text(self) -> str:
        """The share as a sentence writes it: "60 %", and "2/3" where percents are not whole."""
        return percent(self.share) if (self.share * 100).denominator == 1 else str(self.share)


@dataclass(frozen=True)
class Aside:
    """Rows of one unit that only one person appraises (the organiser's own)."""

    unit: str
    by: str
    basis: str
    supplied: bool = False


@dataclass(frozen=True)
class Council:
    """What the decision says.

    paper       of the body that decides: its own name, number and signature
    competence  the authority that decides, as it stands over the grounds
    grounds     the bases, each without its closing mark
    proposer    on whose proposal; `proposal` is what stands behind the number of that proposal
    name        the council's, in full
    basis       the decree by which it appraises, in full
    standing    the agency that serves the council
    publisher   to whom the council reports
    report_by   until when; None where the round sets no day
    aside       who appraises the organiser's own rows, where it is assessed
    executors   who carries the decision out, as the last article lists them
    """

    paper: Paper
    competence: str
    grounds: tuple[str, ...]
    proposer: str
    proposal: str
    name: str
    basis: str
    title: str
    standing: str
    publisher: str
    seats: tuple[Seat, ...]
    fields: tuple[Assigned, ...]
    quorum: Quorum
    executors: str
    report_by: date | None = None
    aside: Aside | None = None


def render(values: Council) -> bytes:
    """The draft as a .docx. Raises NoSeats without a chair, BrokenAuthority where the signature is
    not that of who decides, BrokenTemplate."""
    require_authority(values.paper, values.competence)
    if sum(seat.duty == "chair" for seat in values.seats) != 1:
        raise NoSeats(
            f"{values.name}: danh sách thành viên phải có đúng một Chủ tịch. Hãy sửa"
            " appraisal.council.members trong program.yaml."
        )
    return fill(
        template("council.docx"),
        {
            "paper": values.paper,
            "competence": values.competence,
            "grounds": [ground.rstrip(" ;.") for ground in values.grounds],
            "proposer": values.proposer,
            "proposal": values.proposal,
            "council": values.name,
            "basis": values.basis,
            "title": within(values.title),
            "standing": values.standing,
            "publisher": values.publisher,
            "report_by": values.report_by and day(values.report_by),
            "executors": values.executors.rstrip(" ;."),
            "count": whole(len(values.seats)),
            "seats": [
                {"number": number, "position": seat.position, "part": seat.part}
                for number, seat in enumerate(values.seats, 1)
            ],
            "fields": [
                {
                    "number": number,
                    "field": one.field,
                    "rows": one.rows,
                    "by": "; ".join(one.by),
                    "basis": one.basis,
                }
                for number, one in enumerate(values.fields, 1)
            ],
            "needed": whole(values.quorum.needed),
            "share": values.quorum.text,
            "quorum_basis": values.quorum.basis.rstrip(" .;"),
            "aside": values.aside
            and {
                "unit": values.aside.unit,
                "by": values.aside.by,
                "basis": values.aside.basis.rstrip(" .;"),
                "supplied": values.aside.supplied,
            },
        },
    )
