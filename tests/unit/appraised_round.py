"""A scored round of four departments that a council of four appraises; without Prefect.

Row 1.3 of the one unit that sent figures earns 25 points by rule, row 2.1 none, though the unit
gave itself 10; 2.2 has no figure, and the unit gave itself 15. Finance and interior judge pillar 2
together, the chair the rest.
"""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from dti_core.intake.layout import APPRAISED, REASON, SELF_POINTS, SELF_ROW, figure_key
from dti_core.program.load import RoundContext, load_round
from dti_core.records.appraising import official_rows, write_appraised
from dti_core.records.collecting import Asked, record_requests
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.opinions import Appraised, write_opinions
from dti_core.records.rounds import open_round
from dti_core.records.scoring import score_round
from tasks.appraising import workbook_of
from tasks.collecting import collect
from tests.unit.collected_round import lies, sends
from tests.unit.reminded_round import DUE, ROUND, asked_of, write_program

UNIT, OTHER = "so-y-te", "so-noi-vu"
CHAIR_ID, INTERIOR, FINANCE, ABSENT = "ct", "uv-noi-vu", "uv-tai-chinh", "uv-vang"
BY = date(2024, 3, 15)

MEMBERS = (
    {"id": CHAIR_ID, "position": "Phó Chủ tịch UBND tỉnh", "duty": "chair", "address": "ct@x.vn"},
    {"id": INTERIOR, "position": "Phó Giám đốc Sở Nội vụ", "unit": OTHER, "address": "nv@x.vn"},
    {"id": FINANCE, "position": "Phó Giám đốc Sở Tài chính", "unit": "so-tai-chinh"},
    {"id": ABSENT, "position": "Chánh Thanh tra tỉnh", "duty": "vice"},
)
FIELDS = ({"field": "Thể chế số", "pillars": ["2"], "verifiers": [FINANCE, INTERIOR]},)


def program(policies: Mapping[str, Any] | None = None) -> RoundContext:
    """The program with a council, and policies by bare value."""
    file = write_program(policies or {}).program.folder / "program.yaml"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["appraisal"] = {
        "council": {"name": "Hội đồng mẫu", "symbol": "HĐTĐ", "basis": "ví dụ", "members": MEMBERS},
        "fields": [{"basis": "ví dụ", **field} for field in FIELDS],
    }
    content["rounds"][0] |= {
        "units": [UNIT, OTHER, "so-tai-chinh", "so-tttt"],
        "appraise_by": {"on": BY.isoformat(), "basis": "ví dụ"},
    }
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return load_round(ROUND)


def scored(policies: Mapping[str, Any] | None = None) -> RoundContext:
    """The round, opened, its one workbook read and scored."""
    context = program(policies)
    with session() as records:
        open_round(records, context, "test")
        asked = [Asked(p, k, DUE, 45, "x.xlsx", "a" * 64) for p, k in asked_of(context)]
        record_requests(records, ROUND, asked, "test")
    figures(context, a=20)
    return context


def figures(context: RoundContext, a: int, b: int = 20, name: str = "so-lieu.xlsx") -> None:
    """The unit sends its workbook, with `a` of `b` papers signed (row 1.3)."""
    typed = {
        ("1.3|a", "value"): a,
        ("1.3|b", "value"): b,
        ("1.3|a", "evidence"): "Báo cáo số 12/BC-SYT",
        ("2.1|x", "value"): False,
        (figure_key("2.1", SELF_ROW), SELF_POINTS): 10,
        (figure_key("2.2", SELF_ROW), SELF_POINTS): 15,
    }
    sends(context, UNIT, typed, name)
    collect(context, "test")
    with session() as records:
        score_round(records, context, "test")


def gives(
    context: RoundContext,
    verifier: str,
    code: str,
    points: object,
    why: str | None = None,
    unit: str = UNIT,
) -> int:
    """One opinion; returns how many that changes."""
    with session() as records:
        one = Appraised(unit, code, Fraction(str(points)), why)
        return write_opinions(records, context, verifier, [one], "test")


def official(context: RoundContext, code: str, unit: str = UNIT) -> Fraction | None:
    """The official points of a row as the opinions stand; None while it is open."""
    with session() as records:
        found = official_rows(records, context).get((unit, code))
        write_appraised(records, context, "test")
    return None if found is None else found.points


def fills(verifier: str, name: str, rows: Mapping[str, tuple[object, str | None]]) -> Path:
    """A verifier's workbook in the inbox with points and reasons for rows of the unit."""
    typed: dict[tuple[str, str], object] = {}
    for code, (points, why) in rows.items():
        typed[figure_key(UNIT, code), APPRAISED] = points
        if why:
            typed[figure_key(UNIT, code), REASON] = why
    content = (round_folder(ROUND) / workbook_of(verifier)).read_bytes()
    return lies(content, name, typed, BY)
