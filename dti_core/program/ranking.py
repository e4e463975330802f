"""How units are compared, as a program binds it: groups, grades, exempted rows, places kept out."""

from typing import Literal

from pydantic import Field

from dti_core.framework.model import Code, Slug
from dti_core.framework.rules import Strict
from dti_core.rational import Exact

Effect = Literal["best_of_group", "full", "not_assessed"]
Place = Literal["ranked", "not_ranked", "not_evaluated", "voluntary"]


class RankGroup(Strict):
    """Units that are ranked together.

    levels  whose units belong to it
    units   these only, where not all of the levels
    by      points, or percent of the unit's own maximum
    """

    id: Slug
    name: str
    levels: tuple[Literal["tinh", "so", "huyen", "xa"], ...] = Field(min_length=1)
    units: tuple[Slug, ...] = ()
    by: Literal["points", "percent"] = "points"
    basis: str


class Exemption(Strict):
    """A ground on which rows of a unit are not scored as the others' are.

    effect    `best_of_group`: the best points that a unit of its group was awarded on the row;
              `full`: the maximum; `not_assessed`: the row leaves the unit's maximum
    levels    where it exists
    trait     units that carry this trait are proposed for it
    criteria  the rows that it touches; where it names none, each unit's own rows are proposed
              (`Unit.exempt`)
    """

    id: Slug
    name: str
    effect: Effect
    levels: tuple[Literal["tinh", "so", "huyen", "xa"], ...] = Field(min_length=1)
    trait: Slug | None = None
    criteria: tuple[Code, ...] = ()
    basis: str


class Grade(Strict):
    """A grade (xếp loại): from this share of the unit's maximum on, up to the next better one."""

    name: str
    at_least: Exact = Field(ge=0, le=1)


class KeptOut(Strict):
    """A unit that has no place in the ranking of a round, and why."""

    place: Place
    reason: str
    basis: str
