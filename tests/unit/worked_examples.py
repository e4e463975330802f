"""The worked examples of tests/cases, read and laid out as both ways of scoring take them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from dti_core.figures import Figure
from dti_core.framework.load import framework_ids, load_framework, ships
from dti_core.framework.model import READINGS, Criterion, Framework, Reading
from dti_core.program.policies import Policies, Scoring
from dti_core.rational import parse_exact
from dti_core.scoring import engine
from dti_core.scoring.columns import Figures
from dti_core.scoring.compare import columns
from dti_core.scoring.exact import Peers
from dti_core.scoring.score import Score, score
from dti_core.strict_yaml import Document

CASES = Path(__file__).parent.parent / "cases"


@dataclass(frozen=True)
class Example:
    """One worked example: what it gives, laid out as both ways of scoring take it.

    framework  cut down to the criterion, or the pillar, that the example is about
    """

    framework: Framework
    case: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.case["criterion"])

    @property
    def row(self) -> Criterion:
        return self.framework.by_code[self.code]

    @property
    def reading(self) -> Reading:
        reading: Reading = self.case.get("reading", "as_written")
        assert reading in READINGS
        return reading

    @property
    def rows_given(self) -> dict[str, Any]:
        """Row code → its figures; several rows where they are added up."""
        if "children" in self.case:
            return dict(self.case["children"])
        return {self.code: self.case["figures"]}

    @property
    def units(self) -> tuple[str, ...]:
        """The unit that is asked about, "u", and the others of its group where rows compare."""
        return ("u", *(f"o{number}" for number, _ in enumerate(self.case.get("others", ()))))

    @property
    def figures(self) -> dict[tuple[str, str, str], Figure]:
        each = [self.rows_given, *({self.code: given} for given in self.case.get("others", ()))]
        return {
            (unit, code, name): _figure(unit, self.framework.by_code[code], name, value)
            for unit, rows in zip(self.units, each, strict=True)
            for code, given in rows.items()
            for name, value in given.items()
        }

    @property
    def policies(self) -> Policies:
        return Policies.model_validate(
            {
                name: {"value": value, "basis": "ví dụ", "decided_on": "2024-01-01"}
                for name, value in self.case.get("policies", {}).items()
            }
        )

    @property
    def peers(self) -> dict[str, Peers]:
        """What the example says of other provinces."""
        if "peers" not in self.case:
            return {}
        return {self.code: Peers(**{end: parse_exact(v) for end, v in self.case["peers"].items()})}

    @property
    def columns(self) -> Figures:
        policies = Scoring.of(self.policies)
        laid_out = columns(self.framework, self.units, self.figures, policies, self.reading)
        peers = {row: (each.best, each.worst) for row, each in self.peers.items()}
        return replace(laid_out, peers=peers)

    @property
    def scores(self) -> dict[tuple[str, str], Score]:
        """What the referee says, by unit and row."""
        return score(
            self.framework, self.units, self.figures, self.policies, self.reading, self.peers
        )

    @property
    def points(self) -> dict[str, engine.Points]:
        """What the engine says, by row; "u" is the first of every column."""
        return engine.points(self.framework, self.reading, self.columns, Scoring.of(self.policies))

    def expected(self, result: object) -> tuple[Fraction, Fraction]:
        """The bounds that an example states: a single number twice, or the two of a range."""
        low, high = result if isinstance(result, list) else (result, result)
        return parse_exact(low), parse_exact(high)


@cache
def examples(framework_id: str) -> tuple[Example, ...]:
    """The examples of one framework, in the order of its file."""
    file = CASES / f"{framework_id.replace('/', '-')}.yaml"
    assert file.is_file(), f"chưa có ví dụ tính tay cho {framework_id}: {file.name}"
    content = Document(file).content
    assert content["framework"] == framework_id
    framework = load_framework(framework_id)
    return tuple(Example(_about(framework, case), case) for case in content["cases"])


def _about(framework: Framework, case: dict[str, Any]) -> Framework:
    if "pillar" in case:
        pillar = next(each for each in framework.pillars if each.code == case["pillar"])
    else:
        code = case["criterion"]
        pillar = framework.pillar_of(code)
        while code in framework.parents:
            code = framework.parents[code]
        pillar = pillar.model_copy(update={"criteria": (framework.by_code[code],)})
    return framework.model_copy(update={"pillars": (pillar,)})


def scored_frameworks() -> list[str]:
    """Every shipped framework whose criteria are known."""
    return [each for each in framework_ids() if ships(each) and load_framework(each).criteria]


def every_example() -> Iterator[tuple[str, Example]]:
    """Every example of every file, named for a report: what it is about and what happens."""
    for file in sorted(CASES.glob("*.yaml")):
        for example in examples(Document(file).content["framework"]):
            yield f"{file.stem}: {example.case['name']}", example


def _figure(unit: str, row: Criterion, name: str, value: Any) -> Figure:
    if name == "ratio":
        return Figure(unit, row.code, name, "given_as_ratio", parse_exact(value))
    variable = row.variables[name]
    assert isinstance(value, bool) == (variable.kind == "flag"), (row.code, name)
    if variable.kind == "choice":
        assert value in variable.choices, (row.code, value)
    if variable.kind in ("flag", "choice"):
        return Figure(unit, row.code, name, "given", value)
    return Figure(unit, row.code, name, "given", parse_exact(value))
