"""A small program with two years of four departments: the first is ranked, plans follow, the second
shows what became of them. Points are given row by row; a row that is not named earns everything.

so-y-te came in the second year from so-dan-so, as a whole.
"""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from dti_core.figures import Figure, Value
from dti_core.framework.load import home
from dti_core.program.load import RoundContext, load_round
from dti_core.rational import exact_text, parse_exact
from dti_core.records.appraising import APPRAISED
from dti_core.records.database import session
from dti_core.records.figures import receive, write_figures
from dti_core.records.official import EXEMPTED
from dti_core.records.ranking import write_ranks
from dti_core.records.rounds import open_round
from dti_core.records.scoring import score_round
from dti_core.records.tables import AwardRecord
from dti_core.scoring.total import scored_rows
from tests.unit.shipped_departments import departments

PROGRAM = "khac-phuc"
LAST, NOW = f"{PROGRAM}/2022", f"{PROGRAM}/2023"
UNITS = ("vp-ubnd", "so-tttt", "so-noi-vu", "so-y-te")

Points = Mapping[tuple[str, str], str | int]
"""(unit, row) → official points."""
Figures = Mapping[tuple[str, str, str], str | int | bool]
"""(unit, row, variable) → value."""


def write_program(came_from: Sequence[str] = ("so-dan-so",), **more: Any) -> None:
    """Write the program into the current home; `more` are further keys.

    came_from  the units that so-y-te was before
    """
    content = departments()
    units = [unit for unit in content["units"] if unit["id"] in UNITS]
    for unit in units:
        if unit["id"] == "so-y-te":
            unit |= {"since": "2023-01-01", "predecessors": list(came_from)}
    units.append({"id": "so-dan-so", "name": "Sở Dân số", "level": "so", "until": "2022-12-31"})
    (now,) = content["rounds"]
    now = {key: value for key, value in now.items() if key not in ("prior", "through", "kept_out")}
    days = [key for key, value in now.items() if isinstance(value, dict) and "on" in value]
    then = {
        **now,
        "id": "2022",
        "evaluation_year": 2022,
        "title": "Đánh giá, xếp hạng chuyển đổi số năm 2022",
        **{day: {**now[day], "on": _year_before(str(now[day]["on"]))} for day in days},
    }
    kept = ("name", "decree", "organiser", "publisher", "letterhead", "decision", "policies")
    content = {
        **{key: content[key] for key in kept},
        "id": PROGRAM,
        "frameworks": content["frameworks"],
        "units": units,
        "rounds": [then, now],
        **more,
    }
    file = home() / "programs" / PROGRAM / "program.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML


def ranked(round_id: str, figures: Figures, points: Points) -> RoundContext:
    """Open, fill, appraise and rank a round of the program in the current home."""
    context = scored(round_id, figures)
    with session() as records:
        for unit in context.units:
            for criterion in context.framework_of(unit.id).criteria:
                for row in scored_rows(criterion):
                    assert row.max_points is not None
                    given = points.get((unit.id, row.code), exact_text(row.max_points))
                    records.add(_award(context, unit.id, row.code, row.max_points, given))
        records.flush()
        write_ranks(records, context, "test")
    return context


def scored(round_id: str, figures: Figures) -> RoundContext:
    """Open, fill and score a round of the program in the current home."""
    context = load_round(round_id)
    rows = [Figure(*key, "given", _exact(value)) for key, value in figures.items()]
    with session() as records:
        open_round(records, context, "test")
        file, _ = receive(records, round_id, "x", "figures", round_id[-1] * 64, "x.xlsx", "test")
        write_figures(records, round_id, file, rows, "test")
        score_round(records, context, "test")
    return context


def exempt(context: RoundContext, unit: str, code: str) -> None:
    """Leave a row out of a unit's maximum, as a granted exemption does."""
    award = _award(context, unit, code, Fraction(0), 0)
    award.kind, award.status, award.points = EXEMPTED, "not_assessed", None
    with session() as records:
        records.add(award)


def _award(
    context: RoundContext, unit: str, code: str, most: Fraction, given: str | int
) -> AwardRecord:
    points = exact_text(Fraction(parse_exact(given)))
    return AwardRecord(
        round_id=context.id,
        unit=unit,
        criterion=code,
        reading=context.program.policies.reading_of(code) or "",
        kind=APPRAISED,
        max_points=exact_text(most),
        points=points,
        published=points,
        low=points,
        high=points,
        status="computed",
        reasons=[],
    )


def _exact(value: str | int | bool) -> Value:
    return value if isinstance(value, bool) else Fraction(parse_exact(value))


def _year_before(day: str) -> str:
    year, rest = day.split("-", 1)
    return f"{int(year) - 1}-{rest}"
