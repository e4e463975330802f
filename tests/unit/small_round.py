"""A round small enough to mark by hand: three units, two pillars, five rows.

row    most  rule
1.1    20    a / b; from 80 % on everything, under it a / b (as written) or a / b / 80 % (corrected)
1.2    20    1.2.1 + 1.2.2
1.2.1  10    yes or no
1.2.2  10    a percentage
1.3    20    x against the best of the group
2.1    40    a / b
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from dti_core.figures import Figure, Value
from dti_core.framework.model import READINGS, Decree, Framework, Reading
from dti_core.program.policies import Policies
from dti_core.rational import parse_exact
from dti_core.scoring.score import Score, score
from dti_core.scoring.standings import Group

UNITS = ("A", "B", "C")

Figures = dict[tuple[str, str, str], Figure]


def row(code: str, most: int | None, rule: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A criterion as YAML would give it; its figures are named by their kinds."""
    kinds = more.pop("figures", {})
    return {
        "code": code,
        "name": more.pop("name", f"Tiêu chí {code}"),
        "max_points": most,
        "rule": rule,
        "variables": {name: {"label": f"Số {name}", "kind": kind} for name, kind in kinds.items()},
        "citation": {"decree": "1/QĐ", "appendix": "I", "row": code},
        **more,
    }


def framework_of(pillars: Mapping[str, tuple[int | None, list[dict[str, Any]]]]) -> Framework:
    """A framework from pillar code → (maximum, rows)."""
    decree = Decree(
        id="d", number="1/QĐ", issued="2024-01-01", issuer="x", title="x", source="x", agencies={}
    )
    return Framework.model_validate(
        {
            "id": "d/so",
            "decree": decree,
            "level": "so",
            "title": "Bộ chỉ số",
            "citation": {"decree": "1/QĐ"},
            "total_stated": None,
            "sha256": "x",
            "pillars": [
                {
                    "code": code,
                    "name": f"Chỉ số chính {code}",
                    "max_points": most,
                    "citation": {"decree": "1/QĐ"},
                    "criteria": rows,
                }
                for code, (most, rows) in pillars.items()
            ],
        }
    )


TWO = {"a": "count", "b": "count"}
AS_WRITTEN = {"type": "ratio", "of": "a / b", "full_at": "80%", "below": "proportional"}
CORRECTED = {**AS_WRITTEN, "below": "scaled"}
FRAMEWORK = framework_of(
    {
        "1": (
            60,
            [
                row(
                    "1.1",
                    20,
                    AS_WRITTEN,
                    figures=TWO,
                    erratum={
                        "kind": "substantive",
                        "corrected": CORRECTED,
                        "note": "Không chia cho 80 %.",
                    },
                ),
                row(
                    "1.2",
                    20,
                    {"type": "sum_of_children"},
                    children=[
                        row("1.2.1", 10, {"type": "flag", "of": "x"}, figures={"x": "flag"}),
                        row("1.2.2", 10, {"type": "percent", "of": "p"}, figures={"p": "percent"}),
                    ],
                ),
                row(
                    "1.3",
                    20,
                    {"type": "relative_to_best", "of": "x", "peers": "group"},
                    figures={"x": "count"},
                ),
            ],
        ),
        "2": (40, [row("2.1", 40, {"type": "ratio", "of": "a / b"}, figures=TWO)]),
    }
)
GROUP = Group("so", FRAMEWORK, UNITS)


def figures(units: Mapping[str, Mapping[str, Mapping[str, Value | str | int]]]) -> Figures:
    """Unit → row → variable → value; numbers as text or whole."""
    found: Figures = {}
    for unit, rows in units.items():
        for code, values in rows.items():
            for name, value in values.items():
                exact = value if isinstance(value, bool) else Fraction(parse_exact(value))
                found[unit, code, name] = Figure(unit, code, name, "given", exact)
    return found


# as written: A 12 + 10 + 5 + 20 + 10 = 57, B 20 + 0 + 10 + 10 + 20 = 60,
#             C 6 + 10 + 10 + 5 + 28 = 59
# corrected:  A 15 + 45 = 60, B 60, C 15/2 + 53 = 121/2
FIGURES = figures(
    {
        "A": {
            "1.1": {"a": 60, "b": 100},
            "1.2.1": {"x": True},
            "1.2.2": {"p": "50%"},
            "1.3": {"x": 40},
            "2.1": {"a": 1, "b": 4},
        },
        "B": {
            "1.1": {"a": 90, "b": 100},
            "1.2.1": {"x": False},
            "1.2.2": {"p": "100%"},
            "1.3": {"x": 20},
            "2.1": {"a": 2, "b": 4},
        },
        "C": {
            "1.1": {"a": 30, "b": 100},
            "1.2.1": {"x": True},
            "1.2.2": {"p": "100%"},
            "1.3": {"x": 10},
            "2.1": {"a": 7, "b": 10},
        },
    }
)


def policies(**values: Any) -> Policies:
    """Policies by bare values, the usual ones where none is named; None leaves one unset."""
    usual = {
        "reading": "as_written",
        "rounding": {"digits": 2, "total": "sum_of_exact"},
        "ties": "same_rank",
        "rank_on": "exact",
        "zero_denominator": "zero",
    }
    overrides = values.pop("overrides", {})
    decided = {"basis": "ví dụ", "decided_on": "2024-01-01"}
    return Policies.model_validate(
        {
            **{
                name: {"value": value, **decided}
                for name, value in {**usual, **values}.items()
                if value is not None
            },
            "reading_overrides": {code: {"value": r, **decided} for code, r in overrides.items()},
        }
    )


POLICIES = policies()


def scored(
    found: Figures, decided: Policies = POLICIES, group: Group = GROUP
) -> dict[Reading, dict[tuple[str, str], Score]]:
    return {
        reading: score(group.framework, group.units, found, decided, reading)
        for reading in READINGS
    }
