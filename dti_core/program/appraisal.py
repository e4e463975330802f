"""Who appraises which rows, as a program binds it: agencies by field, or members of a council."""

from typing import Literal

from pydantic import Field, StrictBool, model_validator

from dti_core.framework.model import Code, Slug
from dti_core.framework.rules import Strict

CHAIR, PETITION = "chu-tri", "kien-nghi"
"""Under whose name an opinion stands that is no verifier's: where verifiers differ, or nobody else
may, the chair's; where a petition was upheld, that decision's."""


class Member(Strict):
    """A member of the appraisal council, as the decision that establishes it names them.

    position  office held, never a person's name ("Phó Giám đốc Sở Tài chính")
    duty      part in the council
    unit      the unit of the program that the member comes from: never appraises its rows
    """

    id: Slug
    position: str
    duty: Literal["chair", "vice", "secretary", "member"] = "member"
    unit: Slug | None = None
    address: str | None = None


class Council(Strict):
    """The council that is established each year (2001/QĐ-UBND, V.3).

    symbol  of the council within the symbol of its papers: "HĐTĐ" in "BB-HĐTĐ"
    """

    name: str
    symbol: str
    members: tuple[Member, ...] = Field(min_length=3)
    place: str | None = None
    basis: str

    @model_validator(mode="after")
    def _one_chair(self) -> "Council":
        if len({member.id for member in self.members}) < len(self.members):
            raise ValueError("hai thành viên Hội đồng trùng id")
        if sum(member.duty == "chair" for member in self.members) != 1:
            raise ValueError("Hội đồng phải có đúng một Chủ tịch (duty: chair)")
        return self

    @property
    def chair(self) -> Member:
        return next(member for member in self.members if member.duty == "chair")


class Verification(Strict):
    """A field of work and who appraises it. Several verifiers of one row each give points.

    verifiers  units of the program, or members of the council, by id
    levels     where it applies; empty: at every level
    pillars, criteria, providers  the rows: of these pillars, these very rows, those whose figures
               these agencies of the decree give; all empty: every row that no other field takes
    """

    field: str
    verifiers: tuple[Slug, ...] = Field(min_length=1)
    levels: tuple[Literal["tinh", "so", "huyen", "xa"], ...] = ()
    pillars: tuple[Code, ...] = ()
    criteria: tuple[Code, ...] = ()
    providers: tuple[Slug, ...] = ()
    basis: str


class Appraisal(Strict):
    """How a program appraises.

    council   where one is established
    fields    a row goes to the first field that names it, then to the first that names its pillar,
              then to the first for all; where none does, to the organiser (or the council's chair)
    """

    council: Council | None = None
    fields: tuple[Verification, ...] = ()


class OrganiserRows(Strict):
    """Who appraises the organiser's own rows, which it may not itself.

    verifier  unit of the program or member of the council
    supplied  whether rows whose figures the organiser gives about others go there too
    """

    verifier: Slug
    supplied: StrictBool = False
