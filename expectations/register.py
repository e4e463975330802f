"""The register of checks: `rules.yaml`, read. Which rule looks at which figure, and on what it
rests, is data; how a kind of check is carried out is in `columns` and `suite`."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints

from dti_core.framework.model import Kind, Slug
from dti_core.framework.rules import Strict
from dti_core.rational import Exact
from dti_core.strict_yaml import Document

FILE = Path(__file__).with_name("rules.yaml")

Severity = Literal["fatal", "warning"]
Aspect = Literal["presence", "kind", "range", "agreement", "evidence", "points"]
Check = Literal[
    "given",
    "kind",
    "between",
    "whole",
    "listed",
    "money",
    "part_of_whole",
    "ratio_agrees",
    "same_quantity",
    "communes_sum",
    "evidence",
    "self_score",
]


class Rule(Strict):
    """One check of the register; what its fields say stands at the head of `rules.yaml`.

    Limits are in the figure's own unit; of `money` in đồng, of percentages as shares.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]
    name: str
    aspect: Aspect
    severity: Severity
    check: Check
    kinds: tuple[Kind, ...] = ()
    ratios: StrictBool = False
    at_least: Exact | None = None
    at_most: Exact | None = None
    quantities: tuple[Slug, ...] = ()
    source: Literal["decree", "ours"]
    basis: str
    message: str


class _Register(Strict):
    rules: tuple[Rule, ...] = Field(min_length=1)


@cache
def register() -> tuple[Rule, ...]:
    """Every rule, in the order of the file. Raises DataError with the line of a mistake."""
    document = Document(FILE)
    rules = document.parse(_Register).rules
    seen: set[str] = set()
    for place, rule in enumerate(rules):
        if rule.id in seen:
            raise document.error(("rules", place, "id"), f"id {rule.id!r} có hai lần")
        seen.add(rule.id)
    return rules


def aspects(kind: Kind) -> set[Aspect]:
    """What the register checks of every figure of a kind."""
    return {rule.aspect for rule in register() if kind in rule.kinds}
